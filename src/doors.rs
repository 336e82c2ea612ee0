//! Every way in: one table builds the application and drives the test that tries each door as everybody (T21).

use actix_web::{
    Route, guard,
    http::Method,
    web::{self, ServiceConfig},
};

use crate::{
    accounts::pages as accounts, audit::pages as audit, authz::PermissionWord, billing::pages as billing, failure::Failure, groups::pages as groups,
    members::pages as members, numbers::pages as numbers, sign_in::pages as sign_in,
};

/// One way in.
pub struct Door {
    /// GET (which HEAD shares) or POST.
    pub method: Method,
    /// The path, with `{id}` or `{token}` where it varies.
    pub path: &'static str,
    /// The least permission; `None` for anybody.
    pub least: Option<PermissionWord>,
    /// The fields of a form or the parameters of a list.
    pub fields: &'static [&'static str],
    route: fn(Route) -> Route,
}

/// Declares the table: `METHOD "path" permission [fields] => handler`.
macro_rules! doors {
    ($($method:ident $path:literal $least:expr, [$($field:literal),*] => $handler:path;)+) => {
        &[$(Door { method: Method::$method, path: $path, least: $least, fields: &[$($field),*], route: |route| route.to($handler) }),+]
    };
}

const ANYONE: Option<PermissionWord> = None;
const SIGNED_IN: Option<PermissionWord> = Some(PermissionWord::SignedIn);
const OWN_PASSWORD: Option<PermissionWord> = Some(PermissionWord::OwnPassword);
const OWN_SECOND_FACTOR: Option<PermissionWord> = Some(PermissionWord::OwnSecondFactor);
const ACCOUNT: Option<PermissionWord> = Some(PermissionWord::ManageAccount);
const MEMBERS: Option<PermissionWord> = Some(PermissionWord::ManageMembers);
const OWNERSHIP: Option<PermissionWord> = Some(PermissionWord::TransferOwnership);
const GROUPS: Option<PermissionWord> = Some(PermissionWord::ManageGroups);
const NUMBERS: Option<PermissionWord> = Some(PermissionWord::ManageNumbers);
const BILLING: Option<PermissionWord> = Some(PermissionWord::ManageBilling);
const EXPORTS: Option<PermissionWord> = Some(PermissionWord::ExportData);
const CANCELLATION: Option<PermissionWord> = Some(PermissionWord::CancelAccount);
const AUDIT: Option<PermissionWord> = Some(PermissionWord::ReadAuditLog);

/// Every door, fixed paths before those that vary. `/static`, `/health` and `/metrics` stand beside it in `server.rs`.
pub const DOORS: &[Door] = doors! {
    GET "/" ANYONE, [] => accounts::start;
    GET "/signup" ANYONE, [] => accounts::signup::new;
    POST "/signup" ANYONE, ["company", "name", "email", "password", "plan", "time_zone"] => accounts::signup::create;
    GET "/login" ANYONE, ["next"] => sign_in::login::new;
    POST "/login" ANYONE, ["login", "password", "next"] => sign_in::login::create;
    POST "/login/account" ANYONE, ["account_id"] => sign_in::login::choose;
    POST "/logout" ANYONE, ["next"] => sign_in::login::destroy;
    GET "/email-confirmations/{token}" ANYONE, [] => members::email_links::confirmation;
    POST "/email-confirmations/{token}" ANYONE, [] => members::email_links::confirm;
    GET "/two-factor" ANYONE, [] => sign_in::second_step::new;
    POST "/two-factor" ANYONE, ["code"] => sign_in::second_step::create;
    GET "/password/confirmation" OWN_SECOND_FACTOR, ["next"] => sign_in::confirmation::new;
    POST "/password/confirmation" OWN_SECOND_FACTOR, ["current_password", "next"] => sign_in::confirmation::create;
    GET "/password/new" ANYONE, [] => sign_in::reset::new;
    POST "/password/new" ANYONE, ["login"] => sign_in::reset::create;
    GET "/password/{token}" ANYONE, [] => sign_in::reset::edit;
    POST "/password/{token}" ANYONE, ["password"] => sign_in::reset::update;
    GET "/invitations/{token}" ANYONE, [] => members::acceptance::new;
    POST "/invitations/{token}" ANYONE, ["first_name", "last_name", "password"] => members::acceptance::create;
    GET "/email-changes/{token}" ANYONE, [] => members::email_links::change;
    POST "/email-changes/{token}" ANYONE, [] => members::email_links::confirm_change;

    GET "/profile" SIGNED_IN, [] => members::profile::edit;
    POST "/profile" SIGNED_IN, ["first_name", "last_name", "job_title", "time_zone", "theme", "device"] => members::profile::update;
    POST "/profile/availability" SIGNED_IN, ["availability"] => members::profile::update_availability;
    GET "/profile/password" OWN_PASSWORD, [] => sign_in::password::edit;
    POST "/profile/password" OWN_PASSWORD, ["current_password", "password"] => sign_in::password::update;
    GET "/profile/email" SIGNED_IN, [] => members::profile::email;
    POST "/profile/email" SIGNED_IN, ["email", "current_password"] => members::profile::update_email;
    GET "/profile/two-factor" OWN_SECOND_FACTOR, ["app"] => sign_in::second_factor::edit;
    POST "/profile/two-factor" OWN_SECOND_FACTOR, ["code", "app", "codes"] => sign_in::second_factor::update;
    POST "/profile/two-factor/removal" SIGNED_IN, ["current_password"] => sign_in::second_factor::destroy;
    GET "/profile/sessions" SIGNED_IN, [] => sign_in::sessions::index;
    POST "/profile/sessions/{id}/removal" SIGNED_IN, [] => sign_in::sessions::destroy;

    GET "/settings/team/members" MEMBERS, ["q", "role", "status", "group", "sort", "after"] => members::index::index;
    GET "/settings/team/members.csv" EXPORTS, ["q", "role", "status", "group", "sort"] => members::index::csv;
    GET "/settings/team/members/new" MEMBERS, [] => members::invite::new;
    POST "/settings/team/members" MEMBERS, ["emails", "role", "number_id", "group_ids", "fresh_start"] => members::invite::create;
    GET "/settings/team/members/selection" MEMBERS, ["act", "member_ids", "role", "group_id", "next"] => members::selection::new;
    POST "/settings/team/members/selection" MEMBERS, ["act", "member_ids", "role", "group_id", "shown", "next"] => members::selection::create;
    GET "/settings/team/username-members/new" MEMBERS, [] => members::username_members::new;
    POST "/settings/team/username-members/new" MEMBERS, [
        "username", "first_name", "last_name", "role", "password", "number_id", "group_ids", "shown"
    ] => members::username_members::create;
    POST "/settings/team/username-members" MEMBERS, [
        "username", "first_name", "last_name", "role", "password", "number_id", "group_ids", "shown"
    ] => members::username_members::create;
    GET "/settings/team/members/{id}" MEMBERS, [] => members::show::show;
    POST "/settings/team/members/{id}" MEMBERS, [
        "first_name", "last_name", "job_title", "email", "username", "device", "version"
    ] => members::details::update;
    POST "/settings/team/members/{id}/password" MEMBERS, ["password"] => members::password::update;
    POST "/settings/team/members/{id}/role" MEMBERS, ["role", "version"] => members::role::update;
    GET "/settings/team/members/{id}/ownership" OWNERSHIP, [] => members::ownership::new;
    POST "/settings/team/members/{id}/ownership" OWNERSHIP, ["current_password"] => members::ownership::create;
    POST "/settings/team/members/{id}/groups" MEMBERS, ["group_ids"] => members::groups::update;
    GET "/settings/team/members/{id}/numbers" MEMBERS, ["q"] => members::numbers::index;
    POST "/settings/team/members/{id}/numbers" MEMBERS, ["number_id", "q"] => members::numbers::create;
    POST "/settings/team/members/{id}/numbers/{number_id}/removal" MEMBERS, [] => members::numbers::destroy;
    GET "/settings/team/members/{id}/two-factor/removal" MEMBERS, [] => sign_in::factor_reset::new;
    POST "/settings/team/members/{id}/two-factor/removal" MEMBERS, [] => sign_in::factor_reset::destroy;
    POST "/settings/team/members/{id}/invitation" MEMBERS, [] => members::invitation::create;
    POST "/settings/team/members/{id}/invitation/link" MEMBERS, [] => members::invitation::link;
    POST "/settings/team/members/{id}/invitation/cancellation" MEMBERS, [] => members::invitation::destroy;
    GET "/settings/team/members/{id}/deactivation" MEMBERS, [] => members::deactivation::new;
    POST "/settings/team/members/{id}/deactivation" MEMBERS, [] => members::deactivation::create;
    GET "/settings/team/members/{id}/reactivation" MEMBERS, [] => members::returning::reactivation;
    POST "/settings/team/members/{id}/reactivation" MEMBERS, ["shown"] => members::returning::reactivate;
    GET "/settings/team/members/{id}/removal" MEMBERS, ["from"] => members::removal::new;
    POST "/settings/team/members/{id}/removal" MEMBERS, ["replacement", "from"] => members::removal::create;
    GET "/settings/team/members/{id}/restoration" MEMBERS, [] => members::returning::restoration;
    POST "/settings/team/members/{id}/restoration" MEMBERS, ["shown"] => members::returning::restore;
    GET "/settings/team/members/{id}/erasure" BILLING, [] => members::erasure::new;
    POST "/settings/team/members/{id}/erasure" BILLING, ["current_password"] => members::erasure::create;

    GET "/settings/team/bulk-invites" MEMBERS, ["after"] => members::bulk::index::index;
    POST "/settings/team/bulk-invites" MEMBERS, ["file", "pasted", "resend_pending"] => members::bulk::new::create;
    GET "/settings/team/bulk-invites/new" MEMBERS, [] => members::bulk::new::new;
    POST "/settings/team/bulk-invites/new" MEMBERS, ["file", "pasted", "resend_pending"] => members::bulk::new::create;
    GET "/settings/team/bulk-invites/template.csv" MEMBERS, [] => members::bulk::new::template;
    GET "/settings/team/bulk-invites/{id}" MEMBERS, ["show", "after", "auto"] => members::bulk::show::show;
    POST "/settings/team/bulk-invites/{id}/sending" MEMBERS, [] => members::bulk::show::send;
    GET "/settings/team/bulk-invites/{id}/failed-rows.csv" MEMBERS, [] => members::bulk::show::failed;

    GET "/settings/user-groups" GROUPS, ["q", "after"] => groups::index::index;
    POST "/settings/user-groups" GROUPS, ["name", "member_ids", "q", "searched", "op"] => groups::new::create;
    GET "/settings/user-groups/new" GROUPS, ["name", "member_ids", "q"] => groups::new::new;
    POST "/settings/user-groups/new" GROUPS, ["name", "member_ids", "q", "searched"] => groups::new::search;
    GET "/settings/user-groups/{id}" GROUPS, ["after"] => groups::show::show;
    POST "/settings/user-groups/{id}" GROUPS, ["name", "version"] => groups::show::update;
    GET "/settings/user-groups/{id}/members" GROUPS, ["q", "member_ids"] => groups::members::new;
    POST "/settings/user-groups/{id}/members" GROUPS, ["member_ids", "q"] => groups::members::create;
    POST "/settings/user-groups/{id}/members/{member_id}/removal" GROUPS, [] => groups::members::destroy;
    GET "/settings/user-groups/{id}/settings" GROUPS, [] => groups::settings::edit;
    POST "/settings/user-groups/{id}/settings" GROUPS, [
        "section", "version", "ring_strategy", "ring_seconds", "time_zone", "hours", "day", "opens", "closes", "op", "closed_on",
        "fallback", "fallback_group", "fallback_number", "fallback_phone"
    ] => groups::settings::update;
    GET "/settings/user-groups/{id}/greeting" GROUPS, [] => groups::greeting::show;
    POST "/settings/user-groups/{id}/greeting" GROUPS, ["file"] => groups::greeting::create;
    POST "/settings/user-groups/{id}/greeting/removal" GROUPS, [] => groups::greeting::destroy;
    GET "/settings/user-groups/{id}/removal" GROUPS, [] => groups::removal::new;
    POST "/settings/user-groups/{id}/removal" GROUPS, [
        "replacement", "replacement_group", "replacement_number", "replacement_phone"
    ] => groups::removal::create;

    GET "/settings/numbers" NUMBERS, ["q", "assigned", "incoming", "after"] => numbers::index::index;
    POST "/settings/numbers" NUMBERS, ["number", "label"] => numbers::index::create;
    GET "/settings/numbers.csv" EXPORTS, ["q", "assigned", "incoming"] => numbers::index::csv;
    GET "/settings/numbers/import" NUMBERS, [] => numbers::import::new;
    POST "/settings/numbers/import" NUMBERS, ["file"] => numbers::import::create;
    GET "/settings/numbers/import/{id}" NUMBERS, [] => numbers::import::show;
    POST "/settings/numbers/import/{id}" NUMBERS, [] => numbers::import::update;
    GET "/settings/numbers/import/{id}/failed-rows.csv" NUMBERS, [] => numbers::import::failed;
    GET "/settings/numbers/{id}" NUMBERS, [] => numbers::show::show;
    POST "/settings/numbers/{id}" NUMBERS, ["label", "version"] => numbers::show::update;
    GET "/settings/numbers/{id}/assignment" NUMBERS, ["q"] => numbers::assignment::edit;
    POST "/settings/numbers/{id}/assignment" NUMBERS, ["assignee", "from", "q"] => numbers::assignment::update;
    GET "/settings/numbers/{id}/incoming" NUMBERS, ["q"] => numbers::incoming::edit;
    POST "/settings/numbers/{id}/incoming" NUMBERS, ["incoming", "from", "q"] => numbers::incoming::update;
    GET "/settings/numbers/{id}/removal" NUMBERS, [] => numbers::removal::new;
    POST "/settings/numbers/{id}/removal" NUMBERS, [] => numbers::removal::destroy;

    GET "/settings/billing" BILLING, ["after", "invoices_after"] => billing::overview::show;
    GET "/settings/billing/invoices.csv" BILLING, [] => billing::invoices::csv;
    GET "/settings/billing/invoices/{id}.pdf" BILLING, [] => billing::invoices::pdf;
    GET "/settings/billing/invoices/{id}" BILLING, ["after"] => billing::invoices::show;

    GET "/settings/account" ACCOUNT, [] => accounts::settings::edit;
    POST "/settings/account" ACCOUNT, ["company", "time_zone", "require_two_factor"] => accounts::settings::update;

    GET "/settings/account/cancellation" CANCELLATION, [] => accounts::cancellation::show;
    POST "/settings/account/cancellation" CANCELLATION, ["current_password", "ends_on"] => accounts::cancellation::create;
    POST "/settings/account/reopening" CANCELLATION, ["current_password", "shown"] => accounts::cancellation::destroy;

    GET "/settings/billing/plan" BILLING, ["plan", "interval"] => billing::plan::edit;
    POST "/settings/billing/plan" BILLING, ["plan", "interval", "shown", "ends_on"] => billing::plan::update;

    GET "/settings/audit-log" AUDIT, ["q", "actor", "event", "from", "to", "after"] => audit::index;
    GET "/settings/audit-log.csv" EXPORTS, ["q", "actor", "event", "from", "to"] => audit::csv;
};

/// Builds the application from the table.
pub fn open(config: &mut ServiceConfig) {
    let mut paths: Vec<&'static str> = Vec::new();
    for door in DOORS {
        if !paths.contains(&door.path) {
            paths.push(door.path);
        }
    }
    for path in paths {
        let mut resource = web::resource(path);
        for door in DOORS.iter().filter(|door| door.path == path) {
            let answers = guard::fn_guard(move |request| {
                let asked = &request.head().method;
                *asked == door.method || (*asked == Method::HEAD && door.method == Method::GET)
            });
            resource = resource.route((door.route)(web::route().guard(answers)));
        }
        config.service(resource.default_service(web::route().to(wrong_method)));
    }
}

async fn wrong_method() -> Result<actix_web::HttpResponse, Failure> {
    Err(Failure::WrongMethod)
}
