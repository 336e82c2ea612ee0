//! When the mail server refuses everybody, nobody's mail has failed: the circuit opens and the queue waits (T27).

use super::transport::{Refusal, Whom};
use crate::clock::{At, Span};

/// The first pause, doubled with every further refusal.
const FIRST: Span = Span::secs(10);
/// No pause is longer, so that a mended server is found soon.
const LONGEST: Span = Span::minutes(2);
/// So many refusals in a row, none taken between, are the server's and not the persons'.
const STREAK: u32 = 3;
/// A server that took a mail so lately is well.
const WELL: Span = Span::minutes(5);

/// What a refused mail has coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Another try later; this one counts.
    Later,
    /// Another try later; the server was at fault, so this one does not count.
    Spared,
    /// No further try.
    Failed,
}

/// How the server has answered lately.
#[derive(Debug, Default)]
pub(super) struct Circuit {
    closed_until: Option<At>,
    openings: u32,
    streak: u32,
    last_taken: Option<At>,
}

impl Circuit {
    /// Until when to leave the server alone.
    pub fn open_until(&self, now: At) -> Option<At> {
        self.closed_until.filter(|until| *until > now)
    }

    /// Does one mail go first to see whether the server is back?
    pub fn is_probing(&self) -> bool {
        self.closed_until.is_some()
    }

    /// The server took a mail.
    pub fn taken(&mut self, now: At) {
        *self = Circuit { last_taken: Some(now), ..Circuit::default() };
    }

    /// The server refused a mail at its `attempt`-th try.
    pub fn refused(&mut self, refusal: &Refusal, attempt: i64, now: At) -> Fate {
        self.streak += 1;
        let well = self.last_taken.is_some_and(|at| now.since(at) < WELL);
        let by_server = match refusal.whom {
            Whom::Server => true,
            Whom::Person => false,
            Whom::Unclear => self.streak >= STREAK && !well,
        };
        if by_server {
            self.open(now);
            return Fate::Spared;
        }
        match refusal.whom {
            Whom::Person if refusal.lasting => Fate::Failed,
            // What may be the server's is asked twice: meanwhile other mails show which it is.
            Whom::Unclear if refusal.lasting && (well || attempt >= 2) => Fate::Failed,
            _ => Fate::Later,
        }
    }

    fn open(&mut self, now: At) {
        if self.open_until(now).is_some() {
            return;
        }
        self.closed_until = Some(now + doubled(FIRST, self.openings, LONGEST));
        self.openings += 1;
    }
}

/// `first` · 2ⁿ, at most `longest`.
pub(super) fn doubled(first: Span, n: u32, longest: Span) -> Span {
    let micros = first.micros().checked_shl(n.min(20)).unwrap_or(i64::MAX).min(longest.micros());
    Span::secs(micros / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(whom: Whom, lasting: bool) -> Refusal {
        Refusal { whom, lasting, reason: "no".into() }
    }
    const NOW: At = At::from_micros(1_000_000_000_000_000);

    #[test]
    fn t27_a_refusal_of_everybody_fails_nobody() {
        let mut circuit = Circuit::default();
        assert_eq!(circuit.refused(&refusal(Whom::Server, true), 1, NOW), Fate::Spared);
        assert_eq!(circuit.open_until(NOW), Some(NOW + Span::secs(10)));
        assert!(circuit.open_until(NOW + Span::secs(10)).is_none() && circuit.is_probing());
        circuit.taken(NOW);
        assert!(!circuit.is_probing());

        let mut circuit = Circuit::default();
        for _ in 0..2 {
            assert_eq!(circuit.refused(&refusal(Whom::Unclear, true), 1, NOW), Fate::Later);
        }
        assert_eq!(circuit.refused(&refusal(Whom::Unclear, true), 1, NOW), Fate::Spared);
        assert_eq!(circuit.refused(&refusal(Whom::Unclear, true), 2, NOW), Fate::Spared);
    }

    #[test]
    fn t27_a_refusal_of_one_person_fails_that_person() {
        let mut circuit = Circuit::default();
        assert_eq!(circuit.refused(&refusal(Whom::Person, true), 1, NOW), Fate::Failed);
        assert_eq!(circuit.refused(&refusal(Whom::Person, false), 1, NOW), Fate::Later);
        circuit.taken(NOW);
        assert_eq!(circuit.refused(&refusal(Whom::Unclear, true), 1, NOW), Fate::Failed);
        let mut alone = Circuit::default();
        assert_eq!(alone.refused(&refusal(Whom::Unclear, true), 1, NOW), Fate::Later);
        assert_eq!(alone.refused(&refusal(Whom::Unclear, true), 2, NOW), Fate::Failed);
    }

    #[test]
    fn t27_pauses_double() {
        let pauses: Vec<i64> = (0..9).map(|n| doubled(Span::secs(10), n, Span::minutes(15)).as_secs_up()).collect();
        assert_eq!(pauses, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
    }
}
