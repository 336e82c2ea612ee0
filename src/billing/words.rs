//! Sentences about money that several pages say.

use super::SeatRefusal;

/// Why no seat was taken, and what to do.
pub fn seat_refused(refusal: &SeatRefusal) -> String {
    match refusal {
        SeatRefusal::AmountChanged { shown, now } if now.charge.amount.is_zero() => {
            format!("The amount changed: the page showed {shown}, and it is nothing now. Nothing was done yet; do it again to go on.")
        }
        SeatRefusal::AmountChanged { shown, now } => format!(
            "The amount changed: the page showed {shown}, and it is {} now ({}). Nothing was done and nothing charged; do it again to go on.",
            now.charge.amount,
            now.charge.formula()
        ),
        SeatRefusal::Closed => "The account is closed. Its Owner can open it again.".into(),
        SeatRefusal::Failure(_) => "It did not work. Try again.".into(),
    }
}
