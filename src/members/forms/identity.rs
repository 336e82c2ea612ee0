//! The forms of details, usernames and given passwords.

use super::read_role;
use crate::{
    authz::Role,
    db::{GroupId, NumberId},
    groups::forms::read_groups,
    members::{Details, DeviceAddress, EmailAddress, JobTitle, Member, PersonName, Status, Username},
    sign_in::{forms::read_new_password, passwords::Password},
    web::Posted,
};

/// The fields of a member's details, as they are now.
pub fn details_of(person: &Member) -> [(&'static str, String); 6] {
    [
        ("first_name", person.first_name.clone()),
        ("last_name", person.last_name.clone()),
        ("job_title", person.job_title.clone()),
        ("email", person.email.clone().unwrap_or_default()),
        ("username", person.username.clone().unwrap_or_default()),
        ("device", person.device.clone()),
    ]
}

/// Reads the details of `person`. A field that was not sent stays as it is.
pub fn read_details(form: &mut Posted, person: &Member) -> Option<Details> {
    for (name, present) in details_of(person) {
        form.fill_in(name, &present);
    }
    // Who has not joined yet may have no name: they say it themselves.
    let nameless = person.status == Status::Invited;
    let first = form.take("first_name", |text| if nameless { PersonName::parse_last(text) } else { PersonName::parse_first(text) });
    let last = form.take("last_name", PersonName::parse_last);
    let job_title = form.take("job_title", JobTitle::parse);
    let email = form.take("email", |text| or_none(text, EmailAddress::parse));
    let username = form.take("username", |text| or_none(text, Username::parse));
    let device = form.take("device", DeviceAddress::parse);
    Some(Details { name: PersonName { first: first?, last: last? }, job_title: job_title?, email: email?, username: username?, device: device? })
}

fn or_none<T>(text: &str, parse: impl FnOnce(&str) -> Result<T, &'static str>) -> Result<Option<T>, &'static str> {
    if text.trim().is_empty() { Ok(None) } else { parse(text).map(Some) }
}

/// A user by username as typed.
pub struct NewUserForm {
    /// What they sign in with.
    pub username: Username,
    /// Their name.
    pub name: PersonName,
    /// What they will be.
    pub role: Role,
    /// The password that was typed; `None` for a generated one.
    pub password: Option<Password>,
    /// The number that they are given.
    pub number: Option<NumberId>,
    /// The groups they will be in.
    pub groups: Vec<GroupId>,
}

impl NewUserForm {
    /// Reads the form.
    pub fn read(form: &mut Posted, least: usize, company: &str) -> Option<Self> {
        let username = form.take("username", Username::parse);
        let first = form.take("first_name", PersonName::parse_first);
        let last = form.take("last_name", PersonName::parse_last);
        let role = read_role(form, "There is one Owner: transfer the ownership instead.");
        let about = [form.value("username"), form.value("first_name"), form.value("last_name"), company].map(str::to_owned);
        let password = read_given_password(form, least, &about.each_ref().map(String::as_str));
        let number =
            form.take("number_id", |id| if id.is_empty() { Ok(None) } else { id.parse().map(Some).map_err(|_| "Choose a number from the list.") });
        let groups = read_groups(form);
        let name = PersonName { first: first?, last: last? };
        Some(NewUserForm { username: username?, name, role: role?, password: password?, number: number?, groups: groups? })
    }
}

/// A password for somebody else: what was typed, or `Some(None)` where nothing was and one is to be made.
pub fn read_given_password(form: &mut Posted, least: usize, about: &[&str]) -> Option<Option<Password>> {
    if form.value("password").is_empty() { Some(None) } else { read_new_password(form, least, about).map(Some) }
}
