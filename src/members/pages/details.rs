//! `POST /settings/team/members/{id}`: a member's details (R24, R59).

use actix_web::{HttpResponse, http::StatusCode};

use super::show::{self, Forms};
use crate::{
    authz::{Can, ManageMembers},
    db::MemberId,
    failure::Failure,
    members::{
        self, EditRefusal, Edited, Member, Status,
        forms::{details_of, read_details},
        may_edit,
    },
    web::{Flash, FlashLink, PathId, Posted, Visit, redirect, with_next},
};

/// The section "Profile" of a member's page.
pub(super) struct DetailsView {
    pub form: Posted,
    /// Why nothing can be edited; empty where it can.
    pub locked: &'static str,
    /// It is the visitor's own page.
    pub is_own: bool,
    pub is_by_username: bool,
    pub is_invited: bool,
    /// The address as it is, where it cannot be edited here.
    pub email: String,
    pub username: String,
    /// Whoever has the address or the username that was typed.
    pub holder: Option<FlashLink>,
}

/// Details that were posted and could not be saved.
pub(super) struct Typed {
    pub form: Posted,
    pub holder: Option<FlashLink>,
}

impl DetailsView {
    /// The section for `person`; `typed` was refused.
    pub(super) fn of(by: &Can<ManageMembers>, person: &Member, typed: Option<Typed>) -> Self {
        let (form, holder) = match typed {
            Some(typed) => (typed.form, typed.holder),
            None => (Posted::filled(details_of(person).into_iter().chain([("version", person.version.to_string())])), None),
        };
        let locked = match may_edit(by.actor().member, person) {
            Err(EditRefusal::OfOwner) => "Only the Owner edits the Owner's details.",
            Err(_) => "Details of somebody removed are kept as they were.",
            Ok(()) => "",
        };
        DetailsView {
            form,
            locked,
            holder,
            is_own: by.actor().member == person.id,
            is_by_username: person.username.is_some(),
            is_invited: person.status == Status::Invited,
            email: person.email.clone().unwrap_or_else(|| "none yet".into()),
            username: person.username.clone().unwrap_or_default(),
        }
    }
}

/// `POST /settings/team/members/{id}`
pub async fn update(by: Can<ManageMembers>, visit: Visit, id: PathId<MemberId>, mut form: Posted) -> Result<HttpResponse, Failure> {
    let (account, member) = (by.account(), *id);
    let person = visit.app.db.read(move |conn| members::get(conn, account, member)).await?;
    let Some(details) = read_details(&mut form, &person) else {
        return answer(&by, &visit, member, StatusCode::UNPROCESSABLE_ENTITY, form, None).await;
    };
    // No version is none that was ever shown.
    let seen = form.value("version").parse().unwrap_or(-1);
    let (acting, now, wanted) = (by.clone(), visit.now, details.clone());
    match visit.app.db.write(move |tx| members::edit(tx, &acting, member, &wanted, seen, now)).await {
        Ok(edited) => {
            visit.flash(flash(&edited, &details));
            Ok(redirect(&show::href(member)))
        }
        Err(EditRefusal::Failure(failure)) => Err(failure),
        Err(EditRefusal::Changed) => {
            let forms = Forms { is_stale: true, ..Forms::default() };
            visit.page(StatusCode::CONFLICT, &show::page(&by, &visit, member, forms).await?)
        }
        Err(refusal) => {
            let status = match refusal {
                EditRefusal::OfOwner => StatusCode::FORBIDDEN,
                EditRefusal::Removed => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let holder = match refusal {
                EditRefusal::StalePassword => {
                    form.refuse("", "You gave your password more than 15 minutes ago. Confirm it, then change what they sign in with.");
                    Some(FlashLink { label: "Confirm your password".into(), href: with_next("/password/confirmation", &show::href(member)) })
                }
                refusal => refuse(&mut form, refusal, &details),
            };
            answer(&by, &visit, member, status, form, holder).await
        }
    }
}

async fn answer(
    by: &Can<ManageMembers>,
    visit: &Visit,
    member: MemberId,
    status: StatusCode,
    form: Posted,
    holder: Option<FlashLink>,
) -> Result<HttpResponse, Failure> {
    let forms = Forms { details: Some(Typed { form, holder }), ..Forms::default() };
    visit.page(status, &show::page(by, visit, member, forms).await?)
}

/// Puts the sentence into the form; the page of whoever has what was wanted, where somebody has.
fn refuse(form: &mut Posted, refusal: EditRefusal, wanted: &members::Details) -> Option<FlashLink> {
    let email = wanted.email.as_ref().map_or("", members::EmailAddress::as_str);
    let username = wanted.username.as_ref().map_or("", members::Username::as_str);
    let (field, sentence, holder) = match refusal {
        EditRefusal::Removed => ("", "They were removed meanwhile, so nothing was saved. Restore them first.".to_owned(), None),
        EditRefusal::OfOwner => ("", "Only the Owner edits the Owner's details, so nothing was saved.".to_owned(), None),
        EditRefusal::OwnEmail => {
            ("", "Change your own email on your profile: it takes your password and a link to the new address.".to_owned(), None)
        }
        EditRefusal::OwnUsername => ("", "Ask the Owner or another Admin to change your own username.".to_owned(), None),
        EditRefusal::EmailNeeded => ("email", "A user by email needs an email address, like ana@example.com.".to_owned(), None),
        EditRefusal::UsernameNeeded => ("username", "A user by username needs a username.".to_owned(), None),
        EditRefusal::ByEmail => ("", "A user by email has no username.".to_owned(), None),
        EditRefusal::EmailTaken(holder) => ("email", taken(email, "address", &holder), Some(holder)),
        EditRefusal::UsernameTaken(holder) => ("username", taken(username, "username", &holder), Some(holder)),
        EditRefusal::Changed | EditRefusal::StalePassword | EditRefusal::Failure(_) => return None,
    };
    form.refuse(field, sentence);
    holder.map(|holder| link_to(&holder))
}

/// The sentence for an address or a username that `holder` has.
pub(super) fn taken(what: &str, kind: &str, holder: &Member) -> String {
    let name = holder.display_name();
    if name == what { format!("{what} is somebody's {kind} already.") } else { format!("{what} is the {kind} of {name} already.") }
}

/// A link to the page of whoever has what was wanted.
pub(super) fn link_to(holder: &Member) -> FlashLink {
    FlashLink { label: format!("Open the profile of {}", holder.display_name()), href: show::href(holder.id) }
}

fn flash(edited: &Edited, what: &members::Details) -> Flash {
    let name = &edited.name;
    if !edited.changed {
        return Flash::ok(format!("The details of {name} are as they were."));
    }
    let login = what.email.as_ref().map(members::EmailAddress::as_str).or(what.username.as_ref().map(members::Username::as_str)).unwrap_or_default();
    let more = match (edited.before.status, edited.sign_in) {
        (_, false) => String::new(),
        (Status::Invited, true) if edited.invited_again => format!(" An invite is on its way to {login}; the earlier link no longer works."),
        (Status::Invited, true) => format!(" The next invite goes to {login}."),
        (Status::Active, true) => format!(" They sign in with {login} now, and are signed out everywhere."),
        (Status::Deactivated | Status::Removed, true) => String::new(),
    };
    Flash::ok(format!("The details of {name} are saved.{more}"))
}
