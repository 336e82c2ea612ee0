//! `/settings/team/members/{id}/ownership`: Transfer Ownership (R20).

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use askama::Template;

use super::show;
use crate::{
    authz::{Can, Permission, PermissionWord, Role, TransferOwnership},
    db::MemberId,
    failure::Failure,
    members::{self, Member, Status, TransferRefusal, may_own},
    sign_in::{self, Checked, forms::read_current},
    web::{
        Flash, Frame, PathId, Posted, Visit, client,
        parts::Consequence,
        redirect,
        words::{counted, wait},
    },
};

#[derive(Template)]
#[template(path = "members/ownership.html")]
struct OwnershipPage {
    frame: Frame,
    form: Posted,
    name: String,
    href: String,
    /// Why it cannot go to them; empty where it can.
    cannot: String,
    consequences: Vec<Consequence>,
    /// They could be made an Admin instead.
    milder: bool,
}

/// Has the menu of this member "Transfer Ownership" for whoever looks?
pub(super) fn is_offered<P: Permission>(by: &Can<P>, id: MemberId, role: Role, status: Status, is_by_email: bool) -> bool {
    by.actor().may(PermissionWord::TransferOwnership) && id != by.actor().member && may_own(role, status, is_by_email).is_ok()
}

/// What is read for the page: both people, and how many sessions each has.
struct Known {
    me: Member,
    person: Member,
    mine: usize,
    theirs: usize,
}

async fn look(by: &Can<TransferOwnership>, visit: &Visit, id: MemberId) -> Result<Known, Failure> {
    let (account, me) = (by.account(), by.actor().member);
    visit
        .app
        .db
        .read(move |conn| {
            let person = members::get(conn, account, id)?;
            let (mine, theirs) = (sign_in::list_of(conn, account, me)?.len(), sign_in::list_of(conn, account, id)?.len());
            Ok(Known { me: members::get(conn, account, me)?, person, mine, theirs })
        })
        .await
}

fn page(by: &Can<TransferOwnership>, visit: &Visit, known: &Known, form: Posted) -> OwnershipPage {
    let Known { person, mine, theirs, .. } = known;
    let name = person.display_name();
    let cannot = may_own(person.role, person.status, person.is_by_email()).err().map(|refusal| sentence(&refusal, &name)).unwrap_or_default();
    let row = |item: &str, happens: String| Consequence::new(item, happens);
    let consequences = vec![
        row(&name, format!("Becomes the Owner. {}", Role::Owner.description())),
        row("You", format!("Become an Admin. {} Only the new Owner can hand the account back.", Role::Admin.description())),
        row("Sessions", sessions(&name, mine.saturating_sub(1), *theirs)),
        row("Mail", format!("You and {name} get a mail that says so. Links to a new password or address that were mailed to you two stop working.")),
        row("The rest", "Members, numbers, groups and settings stay as they are.".to_owned()),
    ];
    let milder = person.role != Role::Admin;
    OwnershipPage { frame: visit.frame(by, "members"), href: show::href(person.id), form: form.without_secrets(), name, cannot, consequences, milder }
}

fn sessions(name: &str, mine: usize, theirs: usize) -> String {
    let mine = (mine > 0).then(|| format!("your {}", counted(mine as i64, "other session")));
    let theirs = (theirs > 0).then(|| format!("{name}'s {}", counted(theirs as i64, "session")));
    match [mine, theirs].into_iter().flatten().collect::<Vec<_>>().join(" and ") {
        ending if ending.is_empty() => format!("You stay signed in here. You have no other session, and {name} is not signed in."),
        ending => format!("You stay signed in here. Ended at once: {ending}."),
    }
}

fn sentence(refusal: &TransferRefusal, name: &str) -> String {
    match refusal {
        TransferRefusal::IsOwner => format!("{name} is the Owner already."),
        TransferRefusal::NotActive(Status::Invited) => format!("{name} has not joined yet. The account can be theirs once they have."),
        TransferRefusal::NotActive(Status::Deactivated) => format!("{name} is deactivated. Reactivate them first."),
        TransferRefusal::NotActive(_) => format!("{name} was removed. Restore them first."),
        TransferRefusal::ByUsername => {
            format!("{name} is a user by username. The Owner must be a user by email, who can be reached and helped by mail.")
        }
        TransferRefusal::Nobody | TransferRefusal::Failure(_) => "It cannot be theirs.".into(),
    }
}

/// `GET /settings/team/members/{id}/ownership`
pub async fn new(by: Can<TransferOwnership>, visit: Visit, id: PathId<MemberId>) -> Result<HttpResponse, Failure> {
    let known = look(&by, &visit, *id).await?;
    visit.show(&page(&by, &visit, &known, Posted::default()))
}

/// `POST /settings/team/members/{id}/ownership`
pub async fn create(by: Can<TransferOwnership>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let known = look(&by, &visit, *id).await?;
    let person = &known.person;
    if may_own(person.role, person.status, person.is_by_email()).is_err() {
        return visit.refuse(&page(&by, &visit, &known, Posted::default()));
    }
    let Some(typed) = read_current(&mut form) else {
        return visit.refuse(&page(&by, &visit, &known, form));
    };
    let key = visit.app.db.keys().fingerprint(&[b"transfers", by.actor().member.as_str().as_bytes()]);
    match sign_in::check_locking(&visit.app, key, known.me.password_hash.clone(), &typed, visit.now).await? {
        Checked::Right => {}
        Checked::Wrong => {
            form.refuse("current_password", "This is not your current password. Five wrong ones lock the transfer for 15 minutes.");
            return visit.refuse(&page(&by, &visit, &known, form));
        }
        Checked::Locked(left) => {
            let said =
                format!("Five passwords were wrong, so the transfer is locked and this one was not looked at. Wait {} and try again.", wait(left));
            form.refuse("current_password", said);
            let mut answer = visit.page(StatusCode::TOO_MANY_REQUESTS, &page(&by, &visit, &known, form))?;
            answer.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(left.as_secs_up().max(1)));
            return Ok(answer);
        }
    }
    let (acting, now, to) = (by.clone(), visit.now, person.id);
    match visit.app.db.write(move |tx| members::transfer(tx, &acting, to, now)).await {
        Ok(transfer) => {
            sign_in::keep_own(visit.session(), by.actor(), client::agent(visit.request()), transfer.epoch)?;
            let name = transfer.to.display_name();
            visit.flash(Flash::ok(format!("{name} is the Owner now. You are an Admin, and signed out everywhere else.")));
            Ok(redirect(&show::href(to)))
        }
        Err(TransferRefusal::Failure(failure)) => Err(failure),
        // They were deactivated, or the like, between the look and the write: the page says what they are now.
        Err(TransferRefusal::IsOwner | TransferRefusal::NotActive(_) | TransferRefusal::ByUsername | TransferRefusal::Nobody) => {
            let known = look(&by, &visit, to).await?;
            visit.refuse(&page(&by, &visit, &known, Posted::default()))
        }
    }
}
