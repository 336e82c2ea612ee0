//! The audit log (R57): one event a change, written in the change's own transaction, never changed afterwards (T34).

mod chain;
mod forms;
pub mod pages;
mod rows;

pub use chain::{Break, verify};
pub(crate) use rows::begin;
pub use rows::{Entry, Filter, list_of_target};

use crate::{
    authz::{Can, Permission},
    clock::At,
    db::{AccountId, Conn, Digest32, EventId, MemberId, SubjectId, Tx},
    failure::Failure,
    words,
};

words! {
    /// What happened.
    Event {
        /// A company signed up.
        AccountOpened = "account.opened",
        /// Somebody was invited.
        MemberInvited = "member.invited",
        /// A file of people to invite was uploaded.
        BulkInviteUploaded = "bulk_invite.uploaded",
        /// The sending of such a file began.
        BulkInviteStarted = "bulk_invite.started",
        /// It stopped before its end.
        BulkInviteStopped = "bulk_invite.stopped",
        /// An invitation was mailed again, with a new link.
        InvitationResent = "invitation.resent",
        /// A new link was made to be handed over by hand (R9).
        InvitationLinkShown = "invitation.link_shown",
        /// An invitation was taken back.
        InvitationCancelled = "invitation.cancelled",
        /// An invitation was accepted.
        MemberJoined = "member.joined",
        /// A user by username was made (R2).
        MemberCreated = "member.created",
        /// Somebody else wrote a member's details.
        DetailsChanged = "member.details_changed",
        /// A member got another role.
        RoleChanged = "member.role_changed",
        /// The account became somebody else's.
        OwnershipTransferred = "account.ownership_transferred",
        /// A member was deactivated (R21).
        MemberDeactivated = "member.deactivated",
        /// A deactivated member was let in again (R21).
        MemberReactivated = "member.reactivated",
        /// A member was removed (R22).
        MemberRemoved = "member.removed",
        /// A removed member was taken back (R23).
        MemberRestored = "member.restored",
        /// The personal data of a removed member was erased (R23).
        MemberErased = "member.erased",
        /// Somebody edited their own details.
        ProfileChanged = "profile.changed",
        /// Somebody signed in.
        SignedIn = "session.started",
        /// Somebody signed out.
        SignedOut = "session.ended",
        /// Somebody ended sessions of their own.
        SessionsEnded = "session.others_ended",
        /// Somebody asked for a link to set a new password.
        PasswordResetAsked = "password.reset_asked",
        /// A password was set through a mailed link.
        PasswordReset = "password.reset",
        /// A user by username was given a password, which they must change.
        PasswordGiven = "password.given",
        /// Somebody changed their own password.
        PasswordChanged = "password.changed",
        /// Somebody asked to change their own address.
        EmailChangeAsked = "email.change_asked",
        /// An address was changed.
        EmailChanged = "email.changed",
        /// An address was proved through a mailed link.
        EmailConfirmed = "email.confirmed",
        /// Somebody said whether they take calls.
        AvailabilityChanged = "availability.changed",
        /// A number was added.
        NumberAdded = "number.added",
        /// Numbers were added from a file.
        NumbersImported = "numbers.imported",
        /// A number got another label.
        NumberLabelled = "number.labelled",
        /// A number was assigned to a member or a group.
        NumberAssigned = "number.assigned",
        /// A number was taken from whoever held it.
        NumberUnassigned = "number.unassigned",
        /// The incoming calls of a number go elsewhere.
        NumberDirected = "number.incoming_changed",
        /// A number was released.
        NumberReleased = "number.released",
        /// A user group was created.
        GroupCreated = "group.created",
        /// A user group got another name.
        GroupRenamed = "group.renamed",
        /// A user group's settings were changed.
        GroupChanged = "group.changed",
        /// A member was added to a user group.
        GroupJoined = "group.member_added",
        /// A member was removed from a user group.
        GroupLeft = "group.member_removed",
        /// A user group's greeting was uploaded or deleted.
        GreetingChanged = "group.greeting_changed",
        /// A user group was deleted.
        GroupDeleted = "group.deleted",
        /// Somebody set up their second factor.
        TwoFactorSetUp = "two_factor.set_up",
        /// Somebody removed their own second factor.
        TwoFactorRemoved = "two_factor.removed",
        /// Somebody's lost second factor was removed for them.
        TwoFactorReset = "two_factor.reset",
        /// Somebody made new recovery codes.
        RecoveryCodesMade = "two_factor.recovery_codes_made",
        /// The account's settings were changed.
        AccountChanged = "account.changed",
        /// Another plan or another length of its cycles (R37).
        PlanChanged = "plan.changed",
        /// Such a change was chosen for the end of the cycle.
        PlanChangeChosen = "plan.change_chosen",
        /// It was taken back.
        PlanChangeWithdrawn = "plan.change_withdrawn",
        /// It could not be made: the plan has no room for everybody.
        PlanChangeDropped = "plan.change_dropped",
        /// A billing cycle began (R34).
        CycleRenewed = "billing.cycle_renewed",
        /// An invoice was paid, or failed to be.
        InvoiceSettled = "invoice.settled",
        /// The Owner cancelled the account, for the end of its cycle (R38).
        AccountCancelled = "account.cancelled",
        /// The cycle ended, and the account closed.
        AccountClosed = "account.closed",
        /// The Owner kept the account, or opened it again.
        AccountReopened = "account.reopened",
    }
}

impl Event {
    /// As pages write it.
    pub const fn name(self) -> &'static str {
        match self {
            Event::AccountOpened => "Account opened",
            Event::MemberInvited => "Member invited",
            Event::BulkInviteUploaded => "Bulk invite uploaded",
            Event::BulkInviteStarted => "Bulk invite sent",
            Event::BulkInviteStopped => "Bulk invite stopped",
            Event::InvitationResent => "Invitation sent again",
            Event::InvitationLinkShown => "Invitation link shown",
            Event::InvitationCancelled => "Invitation cancelled",
            Event::MemberJoined => "Invitation accepted",
            Event::MemberCreated => "User by username created",
            Event::DetailsChanged => "Details changed",
            Event::RoleChanged => "Role changed",
            Event::OwnershipTransferred => "Ownership transferred",
            Event::MemberDeactivated => "Deactivated",
            Event::MemberReactivated => "Reactivated",
            Event::MemberRemoved => "Removed",
            Event::MemberRestored => "Restored",
            Event::MemberErased => "Member erased",
            Event::ProfileChanged => "Profile changed",
            Event::SignedIn => "Signed in",
            Event::SignedOut => "Signed out",
            Event::SessionsEnded => "Other sessions ended",
            Event::PasswordResetAsked => "Password reset asked for",
            Event::PasswordReset => "Password reset",
            Event::PasswordGiven => "Password given",
            Event::PasswordChanged => "Password changed",
            Event::EmailChangeAsked => "Email change asked for",
            Event::EmailChanged => "Email changed",
            Event::EmailConfirmed => "Email confirmed",
            Event::AvailabilityChanged => "Availability changed",
            Event::NumberAdded => "Number added",
            Event::NumbersImported => "Numbers imported",
            Event::NumberLabelled => "Number labelled",
            Event::NumberAssigned => "Number assigned",
            Event::NumberUnassigned => "Number unassigned",
            Event::NumberDirected => "Incoming calls changed",
            Event::NumberReleased => "Number released",
            Event::GroupCreated => "Group created",
            Event::GroupRenamed => "Group renamed",
            Event::GroupChanged => "Group settings changed",
            Event::GroupJoined => "Added to group",
            Event::GroupLeft => "Removed from group",
            Event::GreetingChanged => "Greeting changed",
            Event::GroupDeleted => "Group deleted",
            Event::TwoFactorSetUp => "Two-factor sign-in set up",
            Event::TwoFactorRemoved => "Two-factor sign-in turned off",
            Event::TwoFactorReset => "Two-factor sign-in reset",
            Event::RecoveryCodesMade => "New recovery codes made",
            Event::AccountChanged => "Account settings changed",
            Event::PlanChanged => "Plan changed",
            Event::PlanChangeChosen => "Plan change chosen for renewal",
            Event::PlanChangeWithdrawn => "Plan change withdrawn",
            Event::PlanChangeDropped => "Plan change not possible",
            Event::CycleRenewed => "Billing cycle renewed",
            Event::InvoiceSettled => "Invoice settled",
            Event::AccountCancelled => "Account cancelled",
            Event::AccountClosed => "Account closed",
            Event::AccountReopened => "Account reopened",
        }
    }
}

/// How the log names what happens by itself.
pub(crate) const PROGRAM: &str = "Rollcall";

/// Who did it, and from where.
#[derive(Clone, Debug)]
pub struct Author {
    account: AccountId,
    member: Option<MemberId>,
    name: String,
    address: String,
}

impl Author {
    /// A member who proved a permission.
    pub fn of<P: Permission>(by: &Can<P>) -> Self {
        let actor = by.actor();
        Author { account: actor.account, member: Some(actor.member), name: actor.name.clone(), address: actor.address.clone() }
    }
    /// A member known by a password or a mailed link, before there is a session.
    pub fn member(account: AccountId, member: MemberId, name: impl Into<String>, address: impl Into<String>) -> Self {
        Author { account, member: Some(member), name: name.into(), address: address.into() }
    }
    /// Somebody who has proved nothing.
    pub fn stranger(account: AccountId, address: impl Into<String>) -> Self {
        Author { account, member: None, name: "Somebody".into(), address: address.into() }
    }
    /// The program itself, or an operator at its command line.
    pub fn program(account: AccountId, name: &str) -> Self {
        Author { account, member: None, name: name.to_owned(), address: String::new() }
    }
    /// The account that the event belongs to.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

/// Whom, or what, it happened to.
#[derive(Clone, Debug)]
pub struct Target {
    id: SubjectId,
    name: String,
}

impl Target {
    /// Somebody whose name is not to be written down any more.
    pub(crate) fn nameless(id: MemberId) -> Self {
        Target { id: id.into(), name: "Former member".into() }
    }
    /// A member, a group or a number, by its name at that moment.
    pub fn new(id: impl Into<SubjectId>, name: impl Into<String>) -> Self {
        Target { id: id.into(), name: name.into() }
    }
}

/// Writes down that `author` did `event` to `target`, with `details` in plain words. Details that name other members go
/// through [`record_naming`].
pub fn record(tx: &mut Tx<'_>, author: &Author, event: Event, target: Option<&Target>, details: &str, now: At) -> Result<(), Failure> {
    record_naming(tx, author, event, target, details, &[], now)
}

/// [`record`] for details that name members beside who did it and whom it happened to: the note is erased with any of them
/// (R23).
pub fn record_naming(
    tx: &mut Tx<'_>,
    author: &Author,
    event: Event,
    target: Option<&Target>,
    details: &str,
    named: &[MemberId],
    now: At,
) -> Result<(), Failure> {
    let (number, chain) = rows::lock_head(tx, author.account)?;
    let entry = entry(author, event, target, details, number + 1, &chain, now);
    rows::append(tx, author.account, &entry)?;
    rows::mention(tx, entry.id, named)
}

/// [`record`] for the same event that happened to many, in a few statements.
pub fn record_each(tx: &mut Tx<'_>, author: &Author, event: Event, happened: &[(Target, String)], now: At) -> Result<(), Failure> {
    if let [(target, details)] = happened {
        return record(tx, author, event, Some(target), details, now);
    }
    let (mut number, mut chain) = rows::lock_head(tx, author.account)?;
    let mut entries = Vec::with_capacity(happened.len());
    for (target, details) in happened {
        number += 1;
        let entry = entry(author, event, Some(target), details, number, &chain, now);
        chain = entry.chain;
        entries.push(entry);
    }
    rows::append_many(tx, author.account, &entries)
}

/// The event that follows `chain` as the account's `number`-th.
fn entry(author: &Author, event: Event, target: Option<&Target>, details: &str, number: i64, chain: &Digest32, now: At) -> rows::New {
    let note = chain::Note {
        actor: author.name.clone(),
        target: target.map_or_else(String::new, |target| target.name.clone()),
        address: author.address.clone(),
        details: details.to_owned(),
    };
    let salt = crate::keys::random::<16>();
    let note_digest = note.digest(&salt);
    let link = chain::Link { number, at: now, event: event.word(), actor: author.member, target: target.map(|target| target.id), note_digest };
    let chain = link.follow(chain);
    rows::New { id: EventId::fresh(now), link, chain, salt, note }
}

/// Everything that the log has called a member, at its time.
pub(crate) fn names_of(conn: &mut Conn, account: AccountId, member: MemberId) -> Result<Vec<String>, Failure> {
    rows::list_called(conn, account, member)
}

/// Erases what events say about a member: the whole note of each event that they did, that happened to them, or that names
/// them (R23). The events stay, and the chain verifies. The member's row must be erased before, or the database refuses.
pub(crate) fn erase_notes(tx: &mut Tx<'_>, account: AccountId, member: MemberId) -> Result<(), Failure> {
    rows::erase_notes(tx, account, member)
}
