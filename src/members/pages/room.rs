//! Where more places come from (R36): the Owner is led to the plans, everybody else is told whom to ask.

use crate::{
    authz::{Can, ManageMembers, Role},
    billing::{self, Plan, address::PLAN, words::free_places},
    db::Conn,
    failure::Failure,
    members,
    web::{FlashLink, Visit},
};

/// Who can make room.
#[derive(Clone, Debug)]
pub(super) struct Room {
    /// The Owner's name; nothing where it is the Owner who looks.
    owner: Option<String>,
    /// The plan to go by, with a renewal in it that is due.
    pub plan: Plan,
}

impl Room {
    /// Asked only where something was refused, or is about to be.
    pub async fn of(by: &Can<ManageMembers>, visit: &Visit) -> Result<Self, Failure> {
        let (account, now, plans, is_owner) = (by.account(), visit.now, visit.app.plans.clone(), by.actor().role == Role::Owner);
        let read = move |conn: &mut Conn| {
            let owner = if is_owner { None } else { Some(members::owner_name(conn, account)?) };
            Ok(Room { owner, plan: billing::look(conn, account, &plans, now)?.plan })
        };
        visit.app.db.read(read).await
    }

    /// What to do, in the middle of a sentence.
    pub fn advice(&self) -> String {
        match &self.owner {
            None => "choose a larger plan".into(),
            Some(owner) => format!("ask {owner} for a larger plan"),
        }
    }

    /// The way to the plans, for who may choose one.
    pub fn link(&self) -> Option<FlashLink> {
        self.owner.is_none().then(|| FlashLink { label: "See the plans".into(), href: PLAN.into() })
    }

    /// The sentence for a full plan.
    pub fn no_place(&self, free: i64) -> String {
        let plan = &self.plan;
        let (max, left) = (plan.seats_max.unwrap_or_default(), free_places(free));
        format!("The {} plan has {max} places and {left}. Cancel an invitation, or {}.", plan.name, self.advice())
    }

    /// The sentence for a role that the plan has not; `with_supervisor` names the plans that have.
    pub fn no_supervisors(&self, name: &str, with_supervisor: &str) -> String {
        let advice = match &self.owner {
            None => "Choose a larger plan.".to_owned(),
            Some(owner) => format!("Ask {owner} for a larger plan."),
        };
        format!("{name} is a Supervisor, and the {} plan has none ({with_supervisor}). {advice}", self.plan.name)
    }
}
