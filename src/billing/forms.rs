//! The forms of a plan change, and the amount that a form promises.

use super::{Choice, Day, Interval, Money, Subscription};
use crate::web::Posted;

/// The plan and the interval. Which plans there are is not looked at here.
pub fn read_choice(form: &mut Posted) -> Option<Choice> {
    let plan = form.take("plan", |text| match text.trim() {
        "" => Err("Choose a plan."),
        word => Ok(word.chars().take(40).collect::<String>()),
    });
    let interval = form.take("interval", |text| Interval::from_word(text.trim()).ok_or("Choose monthly or yearly."));
    Some(Choice { plan: plan?, interval: interval? })
}

/// Longest amount that is read: more money than there is.
const LONGEST_AMOUNT: usize = 14;

/// Reads the amount that the page promised, the same on every door; `Some(None)` where it promised none.
pub fn read_shown(form: &mut Posted) -> Option<Option<Money>> {
    let typed = form.value("shown").trim();
    if typed.is_empty() {
        return Some(None);
    }
    let shown = (typed.len() <= LONGEST_AMOUNT).then(|| typed.parse().ok()).flatten();
    if shown.is_none() {
        // No page has a field of this name to lead to.
        form.refuse("", "The amount that the page showed cannot be read. Nothing was done; look at it again below.");
    }
    shown.map(Some)
}

/// The end of the cycle that the page showed, where it showed one.
pub fn read_ends_on(form: &mut Posted) -> Option<Option<Day>> {
    let typed = form.value("ends_on").trim().to_owned();
    if typed.is_empty() {
        return Some(None);
    }
    let read = Day::parse(&typed);
    if read.is_none() {
        form.refuse("", "The day that the page showed cannot be read. Look at it again.");
    }
    read.map(Some)
}

/// The choice as it stands: what was chosen for the renewal, or what is.
pub fn present(of: &Subscription) -> Posted {
    let (plan, interval) = of.next_terms();
    Posted::filled([("plan", plan.word.as_str()), ("interval", interval.word())])
}
