//! Whether everybody fits on a plan (R36, R37).

use super::Plan;
use crate::{
    clock::At,
    db::{AccountId, Conn},
    failure::Failure,
    members,
    web::words::{counted, people},
};

/// Who stands between an account and a plan.
#[derive(Clone, Debug)]
pub struct Misfit {
    /// How many more people than the plan has places for; 0 where it has enough.
    pub too_many: i64,
    /// How many Supervisors there are, where the plan has none: active ones, and those with a running invitation.
    pub supervisors: i64,
}

impl Misfit {
    /// Why nobody can move, in a sentence or two that name nobody: "Essentials has 5 places, and 2 people would have to go."
    pub fn why(&self, plan: &Plan) -> String {
        let places = (self.too_many > 0).then(|| {
            let max = i64::from(plan.seats_max.unwrap_or_default());
            format!("{} has {}, and {} would have to go.", plan.name, counted(max, "place"), people(self.too_many))
        });
        let n = self.supervisors;
        let role = (n > 0).then(|| format!("{} has no Supervisors, and there {} {}.", plan.name, if n == 1 { "is" } else { "are" }, n));
        [places, role].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// Who would have to go, or change role, before the account can be on `plan`; `None` where everybody fits (R37).
pub fn misfit(conn: &mut Conn, account: AccountId, plan: &Plan, now: At) -> Result<Option<Misfit>, Failure> {
    let too_many = match plan.seats_max {
        Some(max) => (members::count_placed(conn, account, now)? - i64::from(max)).max(0),
        None => 0,
    };
    let supervisors = if plan.supervisor { 0 } else { members::count_supervisors(conn, account, now)? };
    Ok((too_many > 0 || supervisors > 0).then_some(Misfit { too_many, supervisors }))
}
