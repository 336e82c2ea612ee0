//! Users by username (R2): made inside the account, active at once, with a password that they must change.

use super::{Member, NewMember, PersonName, Status, Username, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::{Can, ManageMembers, Role},
    billing::{self, Bought, Money, Plans, SeatRefusal, Step},
    clock::At,
    db::{GroupId, MemberId, NumberId, Tx},
    failure::Failure,
    groups,
    numbers::{self, AssignRefusal, Party, Present},
    sign_in::{self, Fresh},
};

/// A user by username about to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they sign in with, behind the account's short name.
    pub username: Username,
    /// Their name.
    pub name: PersonName,
    /// What they will be.
    pub role: Role,
    /// The hash of the password that they are given.
    pub password_hash: String,
    /// The number that they are given.
    pub number: Option<NumberId>,
    /// The groups they will be in.
    pub groups: Vec<GroupId>,
}

/// Why nobody was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateRefusal {
    /// There is one Owner (R13).
    #[error("another Owner")]
    Owner,
    /// The plan has no Supervisors (R12).
    #[error("the plan has no Supervisors")]
    NoSupervisors,
    /// No place is left under the plan's maximum (R36).
    #[error("no place is left")]
    NoPlace,
    /// Somebody in the account has the username (R2).
    #[error("the username is {}'s", .0.display_name())]
    UsernameTaken(Box<Member>),
    /// The number cannot be given to them.
    #[error(transparent)]
    Number(AssignRefusal),
    /// A group was deleted meanwhile.
    #[error("a group is gone")]
    GroupGone,
    /// The seat is not to be had, or for another amount than was shown (R33).
    #[error(transparent)]
    Seat(SeatRefusal),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl From<SeatRefusal> for CreateRefusal {
    fn from(refusal: SeatRefusal) -> Self {
        match refusal {
            SeatRefusal::Failure(failure) => CreateRefusal::Failure(failure),
            other => CreateRefusal::Seat(other),
        }
    }
}

/// Makes a user by username: a seat from this moment on (R32), for the amount that was `shown`, where one was;
/// in their groups, with their number.
///
/// # Errors
/// Why not; nothing is written then.
pub fn create_user(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    what: &NewUser,
    shown: Option<Money>,
    plans: &Plans,
    now: At,
) -> Result<(MemberId, Bought), CreateRefusal> {
    let mut subscription = billing::hold(tx, by, plans, now)?;
    let account = by.account();
    match what.role {
        Role::Owner => return Err(CreateRefusal::Owner),
        Role::Supervisor if !subscription.plan.supervisor => return Err(CreateRefusal::NoSupervisors),
        _ => {}
    }
    if let Some(holder) = rows::find_live_username(tx, account, &what.username)? {
        return Err(CreateRefusal::UsernameTaken(Box::new(holder)));
    }
    if super::places(tx, account, &subscription.plan, now)?.is_some_and(|(_, free)| free == 0) {
        return Err(CreateRefusal::NoPlace);
    }
    let new = NewMember {
        username: Some(what.username.clone()),
        name: what.name.clone(),
        password_hash: Some(what.password_hash.clone()),
        must_change_password: true,
        ..NewMember::new(account, what.role, Status::Active, now)
    };
    let bought = billing::take(tx, &mut subscription, Step::Created, new.id, shown, now)?;
    rows::insert(tx, &new, now)?;
    let said = [format!("as {}", what.role.name()), format!("username {}", what.username.as_str()), bought.note()];
    let details = said.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let target = Target::new(new.id, what.name.full());
    audit::record(tx, &Author::of(by), Event::MemberCreated, Some(&target), &details, now)?;
    if let Some(number) = what.number {
        numbers::assign(tx, by, number, Some(Party::Member(new.id)), &Present::Unknown, now).map_err(CreateRefusal::Number)?;
    }
    if !groups::enroll(tx, &Author::of(by), new.id, &what.groups, now)? {
        return Err(CreateRefusal::GroupGone);
    }
    Ok((new.id, bought))
}

/// Why no password was given.
#[derive(Debug, thiserror::Error)]
pub enum GiveRefusal {
    /// Users by email set their own by a mailed link (T9).
    #[error("a user by email")]
    ByEmail,
    /// Nobody gives the Owner a password (R14).
    #[error("the Owner's password")]
    OfOwner,
    /// One's own password is changed with the present one.
    #[error("one's own password")]
    Oneself,
    /// Who was removed signs in with nothing.
    #[error("removed")]
    Removed,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// May `actor` give `person` a password? What the page asks beforehand and the write asks again.
///
/// # Errors
/// Why not.
pub fn may_give_password(actor: MemberId, person: &Member) -> Result<(), GiveRefusal> {
    if person.status == Status::Removed {
        return Err(GiveRefusal::Removed);
    }
    if person.id == actor {
        return Err(GiveRefusal::Oneself);
    }
    if person.role == Role::Owner {
        return Err(GiveRefusal::OfOwner);
    }
    if person.username.is_none() { Err(GiveRefusal::ByEmail) } else { Ok(()) }
}

/// Gives a user by username another password: their sessions and mailed links end (T6, T9), they must change it at the
/// next sign-in, and their address is told where they have one. The member as they were before.
///
/// Takes proof that the actor's own password is fresh (T8).
///
/// # Errors
/// Why not; nothing is written then.
pub fn give_password(
    tx: &mut Tx<'_>,
    by: &Can<ManageMembers>,
    member: MemberId,
    password_hash: &str,
    _: &Fresh,
    now: At,
) -> Result<Member, GiveRefusal> {
    by.hold(tx)?;
    let person = rows::get(tx, by.account(), member)?;
    may_give_password(by.actor().member, &person)?;
    rows::give_credentials(tx, by.account(), person.id, password_hash)?;
    if person.status == Status::Active {
        sign_in::tell(tx, &person, now)?;
    }
    audit::record(tx, &Author::of(by), Event::PasswordGiven, Some(&Target::new(person.id, person.display_name())), "", now)?;
    Ok(person)
}
