//! What ends with a member: the one list that the confirmation pages show (R22). Whatever the product learns to keep for
//! members (calls, recordings, conversations, campaigns, integrations) joins it here, and in `removal.rs` or `erasure.rs`
//! where it has to be moved or forgotten.

use crate::{
    billing::{self, Subscription},
    clock::At,
    db::{AccountId, Conn, MemberId},
    failure::Failure,
    groups,
    members::{self, Status, rows},
    numbers::{self, Party},
    sign_in,
    web::{words::counted, zone::Zone},
};

/// One thing, and what happens to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The thing, in the documents' words.
    pub item: &'static str,
    /// What happens to it, with this person's real counts.
    pub happens: String,
}

/// A number whose calls reach the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ringing {
    /// As people write it.
    pub international: String,
    /// Is it assigned to them too?
    pub is_theirs: bool,
}

/// What would end with a member, counted now.
#[derive(Clone, Debug)]
pub struct Consequences {
    /// Numbers that are assigned to them.
    pub numbers: Vec<String>,
    /// Numbers whose incoming calls go to them.
    pub ringing: Vec<Ringing>,
    /// The names of their groups.
    pub groups: Vec<String>,
    /// Where they are signed in.
    pub sessions: usize,
    /// Running invitations that they sent.
    pub invitations: usize,
    /// Do they hold a seat now (R32)?
    pub has_seat: bool,
}

impl Consequences {
    /// Counts them.
    pub fn of(conn: &mut Conn, account: AccountId, member: MemberId, now: At) -> Result<Self, Failure> {
        let person = members::get(conn, account, member)?;
        let (mut held, mut ringing) = (Vec::new(), Vec::new());
        for row in numbers::list_pointing_at(conn, account, Party::Member(member), now)? {
            let (international, is_theirs) = (row.number.international.clone(), row.number.assignee() == Some(Party::Member(member)));
            if is_theirs {
                held.push(international.clone());
            }
            if row.number.reaches(Party::Member(member)) {
                ringing.push(Ringing { international, is_theirs });
            }
        }
        Ok(Consequences {
            numbers: held,
            ringing,
            groups: groups::list_of_member(conn, account, member)?.into_iter().map(|(_, name)| name).collect(),
            sessions: sign_in::list_of(conn, account, member)?.len(),
            invitations: rows::list_sent(conn, account, member)?.len(),
            has_seat: person.status == Status::Active,
        })
    }

    /// What a removal does, in the documents' order. `erase_at` is when the personal data goes, `None` for at once.
    pub fn of_removal(&self, subscription: &Subscription, erase_at: Option<At>, zone: Zone) -> Vec<Line> {
        let mut lines = vec![line("Phone numbers", unassigned(&self.numbers))];
        if !self.ringing.is_empty() {
            let ring = self.ringing.iter().map(|number| number.international.as_str()).collect::<Vec<_>>();
            let now = if self.has_seat { "ring them now" } else { "go to voicemail now, since they are deactivated" };
            lines.push(line("Incoming calls", format!("Calls to {} {now}. They go where you choose below.", listed(&ring))));
        }
        lines.extend([
            line("Call recordings", "Preserved, under the number and in the call log. There are none yet: this Rollcall records no calls."),
            line("SMS conversations", "Remain in the shared inbox, owned by the team. There are none yet."),
            line("Active dialer campaigns", "Continue with the remaining agents. There are none yet."),
            line("Integrations", "Personal ones are removed, team-level ones are not affected. There are none yet."),
            line("Billing", self.seat_freed(subscription, "removed users")),
            line("User groups", if self.groups.is_empty() { "They are in none.".into() } else { format!("They leave {}.", listed(&self.groups)) }),
            line("Sign-in", format!("{} They cannot sign in any more.", self.sessions_end())),
        ]);
        lines.extend(self.void_invitations());
        lines.push(match erase_at {
            Some(at) => line("Personal data", format!("Data deleted on {}. Until then they can be restored.", zone.day(at))),
            None => line("Personal data", "Deleted at once, since the plan is free. This cannot be undone."),
        });
        lines
    }

    /// What a deactivation does.
    pub fn of_deactivation(&self, subscription: &Subscription) -> Vec<Line> {
        let numbers = match self.ringing.len() {
            0 if self.numbers.is_empty() => "They have none.".to_owned(),
            0 => format!("{} stay assigned to them.", listed(&self.numbers)),
            _ => {
                let ring = self.ringing.iter().map(|number| number.international.as_str()).collect::<Vec<_>>();
                format!("Stay as they are. Calls to {} go to voicemail while they are deactivated.", listed(&ring))
            }
        };
        let groups = if self.groups.is_empty() {
            "They are in none.".to_owned()
        } else {
            format!("They stay in {}, where calls ring the others.", listed(&self.groups))
        };
        let mut lines = vec![
            line("Phone numbers", numbers),
            line("User groups", groups),
            line("Sign-in", format!("{} They cannot sign in or receive calls.", self.sessions_end())),
        ];
        lines.extend(self.void_invitations());
        lines.push(line("Billing", self.seat_freed(subscription, "deactivated users")));
        lines.push(line("Their data", "Preserved. Reactivate at any time, with role, groups and numbers back."));
        lines
    }

    /// What a removal takes from them, in one line.
    pub fn in_short(&self) -> String {
        let counts = [(self.numbers.len(), "number"), (self.groups.len(), "group"), (self.sessions, "session"), (self.invitations, "invitation")];
        let named: Vec<String> = counts.iter().filter(|(n, _)| *n > 0).map(|(n, what)| counted(*n as i64, what)).collect();
        if named.is_empty() { "nothing else with them".into() } else { listed(&named) }
    }

    fn seat_freed(&self, subscription: &Subscription, whom: &str) -> String {
        if self.has_seat || subscription.is_free() {
            return billing::words::seats_freed(subscription, 1, whom);
        }
        "No change: a deactivated seat is not charged.".into()
    }

    fn sessions_end(&self) -> String {
        match self.sessions {
            0 => "They are signed in nowhere.".into(),
            1 => "1 session ends at once.".into(),
            n => format!("{n} sessions end at once."),
        }
    }

    fn void_invitations(&self) -> Option<Line> {
        let happens = match self.invitations {
            0 => return None,
            1 => "1 invitation that they sent stops working and is listed as “Send again”.".into(),
            n => format!("{n} invitations that they sent stop working and are listed as “Send again”."),
        };
        Some(line("Invitations", happens))
    }
}

fn line(item: &'static str, happens: impl Into<String>) -> Line {
    Line { item, happens: happens.into() }
}

fn unassigned(numbers: &[String]) -> String {
    match numbers {
        [] => "They have none.".into(),
        [one] => format!("{one} becomes unassigned and remains on your account."),
        many => format!("{} become unassigned and remain on your account.", listed(many)),
    }
}

/// "a", "a and b", "a, b and c"; of more than five the first four and how many others.
fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] if first.len() < 5 => format!("{} and {last}", first.join(", ")),
        [a, b, c, d, others @ ..] => format!("{a}, {b}, {c}, {d} and {} others", others.len()),
        _ => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r22_many_names_are_counted() {
        assert_eq!(listed::<&str>(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c", "d", "e"]), "a, b, c, d and e");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f"]), "a, b, c, d and 2 others");
    }
}
