//! A company opens an account.

use super::{CompanyName, rows};
use crate::{
    audit::{self, Author, Event, Target},
    authz::Role,
    billing::{self, Charge, Plan},
    clock::{At, Span},
    db::{AccountId, MemberId, Tx},
    failure::Failure,
    mail::{self, Letter},
    members::{self, EmailAddress, NewMember, PersonName, Status},
    settings::SignupPolicy,
    sign_in::links::{self, Purpose},
    web::zone::Zone,
};

/// Who opens an account, and for whom.
#[derive(Clone, Debug)]
pub struct Founder {
    /// The company.
    pub company: CompanyName,
    /// The Owner's name.
    pub name: PersonName,
    /// The Owner's address.
    pub email: EmailAddress,
    /// The hash of the Owner's password.
    pub password_hash: String,
    /// The plan.
    pub plan: Plan,
    /// The account's zone.
    pub zone: Zone,
}

/// A fresh account.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    /// The account.
    pub account: AccountId,
    /// Its Owner.
    pub owner: MemberId,
    /// What its first invoice charges.
    pub charge: Charge,
}

/// Why no account was opened.
#[derive(Debug, thiserror::Error)]
pub enum SignupRefusal {
    /// `ROLLCALL_SIGNUP` does not allow it (any more).
    #[error("sign-up is closed")]
    Closed,
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// How long the link that confirms the address works.
const CONFIRMATION: Span = Span::days(7);

/// Opens an account with its Owner and its first cycle (R35), and mails the link that confirms the Owner's address (T1).
///
/// The policy is read again inside the transaction: of two that found the server empty, one opens it.
pub fn open(tx: &mut Tx<'_>, founder: &Founder, policy: SignupPolicy, author: Option<&str>, address: &str, now: At) -> Result<Opened, SignupRefusal> {
    hold_all_accounts(tx)?;
    let allowed = match policy {
        SignupPolicy::Open => true,
        SignupPolicy::First => rows::count(tx)? == 0,
        SignupPolicy::Closed => false,
    };
    if !allowed {
        return Err(SignupRefusal::Closed);
    }
    let account = AccountId::fresh(now);
    let slug = free_slug(tx, &founder.company)?;
    rows::insert(tx, account, &slug, founder.company.as_str(), &founder.plan.word, founder.zone.name(), now)?;
    audit::begin(tx, account)?;
    let owner = NewMember {
        email: Some(founder.email.clone()),
        name: founder.name.clone(),
        password_hash: Some(founder.password_hash.clone()),
        ..NewMember::new(account, Role::Owner, Status::Active, now)
    };
    billing::open(tx, account, &founder.plan, founder.zone, 1, now)?;
    members::insert(tx, &owner, now)?;
    let id = owner.id;
    let author = match author {
        Some(program) => Author::program(account, program),
        None => Author::member(account, id, founder.name.full(), address),
    };
    let target = Target::new(id, founder.name.full());
    audit::record(tx, &author, Event::AccountOpened, Some(&target), &format!("{}, plan {}", founder.company.as_str(), founder.plan.name), now)?;
    let token = links::make(tx, account, id, Purpose::EmailConfirmation, &founder.email, now + CONFIRMATION, now)?;
    let letter = Letter::EmailConfirmation { company: founder.company.as_str().to_owned(), name: founder.name.full(), token };
    mail::queue(tx, account, Some(id), &founder.email, &letter, now + CONFIRMATION, now)?;
    Ok(Opened { account, owner: id, charge: billing::first_charge(&founder.plan, founder.zone, now) })
}

/// Two sign-ups at once must not both find the server empty, or the same slug free.
fn hold_all_accounts(tx: &mut Tx<'_>) -> Result<(), Failure> {
    if let crate::db::Conn::Postgres(conn) = &mut **tx {
        use diesel::connection::SimpleConnection;
        conn.batch_execute("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE")?;
    }
    Ok(())
}

fn free_slug(tx: &mut Tx<'_>, company: &CompanyName) -> Result<String, Failure> {
    let wish = company.slug();
    let mut slug = wish.clone();
    let mut n = 1;
    while rows::find_by_slug(tx, &slug)?.is_some() {
        n += 1;
        slug = format!("{wish}-{n}");
    }
    Ok(slug)
}
