//! Who may do what: the whole policy, and the proofs that carry it.

mod errand;

pub use errand::Errand;

use std::{
    future::{Ready, ready},
    marker::PhantomData,
};

use actix_session::SessionExt;
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    clock::At,
    db::{
        AccountId, MemberId, SessionId, Tx,
        schema::{accounts, members},
        sql,
    },
    failure::Failure,
    members::Theme,
    web::zone::Zone,
    words,
};

words! {
    /// What a member is to the account (R13–R16).
    Role {
        /// Everything; exactly one an account.
        Owner = "owner",
        /// Members, groups, numbers, settings; not billing.
        Admin = "admin",
        /// An agent who also monitors calls and reads the analytics of the own groups.
        Supervisor = "supervisor",
        /// Own calls and profile.
        Agent = "agent",
    }
}

impl Role {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Owner => "Owner",
            Role::Admin => "Admin",
            Role::Supervisor => "Supervisor",
            Role::Agent => "Agent",
        }
    }
    /// Stands this role above `other`?
    pub fn is_above(self, other: Role) -> bool {
        let rank = |role: Role| Role::ALL.iter().position(|at| *at == role);
        rank(self) < rank(other)
    }
    /// With the article that it takes: "an Admin".
    pub const fn with_article(self) -> &'static str {
        match self {
            Role::Owner => "the Owner",
            Role::Admin => "an Admin",
            Role::Supervisor => "a Supervisor",
            Role::Agent => "an Agent",
        }
    }
    /// What the role may do, in the documents' words.
    pub const fn description(self) -> &'static str {
        match self {
            Role::Owner => "Full access. Billing, plan changes, SSO, and all admin actions. One per account.",
            Role::Admin => "Manage users, numbers, integrations, and settings. Cannot change billing or cancel the account.",
            Role::Supervisor => "Agent permissions plus call monitoring (Listen/Whisper/Barge) and team analytics.",
            Role::Agent => "Make and receive calls, send SMS, view assigned contacts. Cannot access admin settings.",
        }
    }
}

/// Declares the permissions: a word each, and a type each for [`Can`].
macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Every permission of the product.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PermissionWord { $($(#[$doc])* $name),+ }

        impl PermissionWord {
            /// Every permission.
            pub const ALL: &'static [PermissionWord] = &[$(PermissionWord::$name),+];
        }

        $($(#[$doc])* #[derive(Debug)] pub struct $name; impl Permission for $name { const WORD: PermissionWord = PermissionWord::$name; })+
    };
}

/// A permission as a type: the parameter of a handler that demands it.
pub trait Permission: 'static {
    /// The same permission as a value.
    const WORD: PermissionWord;
}

/// Permissions that put members into groups and take them out: from the group's page, or from the member's (R40).
pub trait FillsGroups: Permission {}
impl FillsGroups for ManageGroups {}
impl FillsGroups for ManageMembers {}

permissions! {
    /// Being signed in.
    SignedIn,
    /// Choosing one's own password: open while any errand stands.
    OwnPassword,
    /// Setting up one's own second factor, and giving the password for it: open while that is the errand.
    OwnSecondFactor,
    /// Invite, edit, deactivate and remove members.
    ManageMembers,
    /// Create, edit and delete user groups.
    ManageGroups,
    /// Add, assign and release numbers.
    ManageNumbers,
    /// Edit call flows.
    ManageCallFlows,
    /// Connect integrations and make API tokens.
    ManageIntegrations,
    /// Edit the account's settings.
    ManageAccount,
    /// Read and export the audit log.
    ReadAuditLog,
    /// Edit dialer campaigns.
    ManageCampaigns,
    /// Export members, numbers and the audit log: open to the Owner while the account is closed (R38).
    ExportData,
    /// Read analytics: all of it, or the own groups' as a Supervisor.
    ReadAnalytics,
    /// Listen, whisper and barge: everywhere, or in the own groups as a Supervisor.
    MonitorCalls,
    /// Billing and plan.
    ManageBilling,
    /// Hand the account over.
    TransferOwnership,
    /// Cancel and reopen the account.
    CancelAccount,
}

/// A permission with which numbers are assigned: from the numbers' own pages, or from a member's profile (R48).
pub trait AssignsNumbers: Permission {}
impl AssignsNumbers for ManageNumbers {}
impl AssignsNumbers for ManageMembers {}

impl PermissionWord {
    /// The policy (R13–R16): does `role` hold this permission?
    pub const fn held_by(self, role: Role) -> bool {
        use PermissionWord::*;
        match self {
            SignedIn | OwnPassword | OwnSecondFactor => true,
            ManageMembers | ManageGroups | ManageNumbers | ManageCallFlows | ManageIntegrations | ManageAccount | ReadAuditLog | ManageCampaigns
            | ExportData => {
                matches!(role, Role::Owner | Role::Admin)
            }
            ReadAnalytics | MonitorCalls => matches!(role, Role::Owner | Role::Admin | Role::Supervisor),
            ManageBilling | TransferOwnership | CancelAccount => matches!(role, Role::Owner),
        }
    }

    /// Is it proved while `errand` stands? What the errand asks for must be. A password that somebody else gave opens nothing
    /// but its own change (R2): not the second factor, which would be set up by whoever else knows that password.
    pub const fn survives(self, errand: Errand) -> bool {
        match errand {
            Errand::ChangePassword => matches!(self, PermissionWord::OwnPassword),
            Errand::SetUpSecondFactor => matches!(self, PermissionWord::OwnPassword | PermissionWord::OwnSecondFactor),
            Errand::Reopen => {
                use PermissionWord::*;
                matches!(self, OwnPassword | OwnSecondFactor | ExportData | ManageBilling | CancelAccount)
            }
        }
    }

    /// Who holds it, for a sentence: "Only … can open this page."
    pub const fn holders(self) -> &'static str {
        match (self.held_by(Role::Agent), self.held_by(Role::Supervisor), self.held_by(Role::Admin)) {
            (true, ..) => "a signed-in member",
            (_, true, _) => "the Owner, an Admin or a Supervisor",
            (_, _, true) => "the Owner or an Admin",
            _ => "the Owner",
        }
    }

    /// What to do about lacking it.
    pub const fn whom_to_ask(self) -> &'static str {
        if self.held_by(Role::Admin) { "Ask one of them." } else { "Ask them." }
    }
}

/// How many members an account has by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Joined.
    pub active: i64,
    /// Invited, whether or not the invitation still runs.
    pub invited: i64,
    /// Kept, but out.
    pub deactivated: i64,
}

impl Tally {
    /// Everybody on the list: all but the removed.
    pub const fn listed(self) -> i64 {
        self.active + self.invited + self.deactivated
    }
}

/// Who a request comes from, read from the database on every request (R18).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Actor {
    /// Their account.
    pub account: AccountId,
    /// Themselves.
    pub member: MemberId,
    /// The session that the request came with.
    pub session: SessionId,
    /// The number that the session carries (T6).
    pub epoch: i64,
    /// What they are, as of this request.
    pub role: Role,
    /// What they must do before anything else.
    pub errand: Option<Errand>,
    /// Their name, or what stands for it.
    pub name: String,
    /// The account's name.
    pub company: String,
    /// The word of the account's plan.
    pub plan: String,
    /// The account's members by status.
    pub tally: Tally,
    /// The zone their pages speak in.
    pub zone: Zone,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// When the session began.
    pub since: At,
    /// When the password was last given in this session (T8).
    pub password_at: At,
    /// Where the request comes from; filled in by the extractor, for the audit log.
    #[serde(default, skip_serializing)]
    pub address: String,
}

impl Actor {
    /// Whoever the request's session belongs to.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        let json = request.get_session().get::<Actor>(crate::sign_in::ACTOR).ok().flatten()?;
        Some(Actor { address: crate::web::client::address(request), ..json })
    }

    /// The errand that stands between this actor and `permission`, if any.
    fn errand_before(&self, permission: PermissionWord) -> Option<Errand> {
        self.errand.filter(|errand| !permission.survives(*errand))
    }

    /// Does `permission` open anything to this actor now?
    pub fn may(&self, permission: PermissionWord) -> bool {
        permission.held_by(self.role) && self.errand_before(permission).is_none()
    }

    /// Proof of `P`, or the refusal that names it. An errand comes first: until it is done, nobody learns what else
    /// there is.
    pub fn prove<P: Permission>(self) -> Result<Can<P>, Failure> {
        match self.errand_before(P::WORD) {
            Some(errand) => Err(Failure::Errand(errand)),
            None if P::WORD.held_by(self.role) => Ok(Can(self, PhantomData)),
            None => Err(Failure::Denied(P::WORD)),
        }
    }
}

/// Proof that the actor held `P` when the request came in. Only [`Actor::prove`] makes one.
#[derive(Debug)]
pub struct Can<P>(Actor, PhantomData<fn() -> P>);

impl<P> Clone for Can<P> {
    fn clone(&self) -> Self {
        Can(self.0.clone(), PhantomData)
    }
}

impl<P: Permission> Can<P> {
    /// The account, and the only way to name one.
    pub fn account(&self) -> AccountId {
        self.0.account
    }
    /// Who it is.
    pub fn actor(&self) -> &Actor {
        &self.0
    }
    /// First step of every write: the account is locked, and the actor's own row is read again, since the permission may
    /// have gone between the door and the transaction (T23), or the account have closed (R38).
    pub fn hold(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        tx.lock(self.0.account)?;
        let row: Option<(Role, Option<At>)> = members::table
            .inner_join(accounts::table)
            .filter(members::account_id.eq(self.0.account))
            .filter(members::id.eq(self.0.member))
            .filter(sql::ActiveMembers)
            .filter(members::session_epoch.eq(self.0.epoch))
            .filter(sql::OpenToMember)
            .select((members::role, accounts::closed_at))
            .get_result(&mut **tx)
            .optional()?;
        match row {
            Some((_, Some(_))) if !P::WORD.survives(Errand::Reopen) => Err(Failure::Errand(Errand::Reopen)),
            Some((role, _)) if P::WORD.held_by(role) => Ok(()),
            Some(_) => Err(Failure::Denied(P::WORD)),
            None => Err(Failure::SignedOut { next: "/".into() }),
        }
    }
}

impl<P: Permission> FromRequest for Can<P> {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match Actor::of(request) {
            Some(actor) => actor.prove(),
            None => Err(Failure::SignedOut { next: crate::web::way_back(request) }),
        })
    }
}
