//! The list of members, and an invitation from the form to the first sign-in.

use diesel::prelude::*;
use rollcall::{
    authz::{ManageNumbers, Role},
    clock::At,
    db::{AccountId, MemberId, NumberId, schema},
    members::{EmailAddress, NewMember, PersonName, Status},
    numbers::{self, Label, NewNumber, Party, PhoneNumber, Present},
};

use crate::support::*;

mod accept;
mod availability;
mod by_role;
mod cancel;
mod captions;
mod details;
mod door_and_write;
mod errands;
mod export;
mod filters;
mod group_filter;
mod groups;
mod holdings;
mod hostile;
mod invite;
mod invite_groups;
mod link;
mod links_gone;
mod mail_state;
mod order;
mod ownership;
mod places;
mod queries;
mod races;
mod refusals;
mod resend;
mod roles;
mod search;
mod selection;
mod username_members;
mod void;

pub const LIST: &str = "/settings/team/members";

/// Posts the invite form.
pub fn invite(browser: &Browser, emails: &str, role: &str) -> Page {
    browser.post(LIST, &[("emails", emails), ("role", role)])
}

/// The newest member of an account with an address.
#[track_caller]
pub fn find(world: &World, account: AccountId, email: &str) -> (MemberId, Status) {
    use schema::members::dsl as m;
    let newest = m::members.filter(m::account_id.eq(account)).filter(m::email.eq(email)).order(m::seq.desc());
    world.read(|conn| newest.select((m::id, m::status)).first(conn))
}

/// The page of a member of Acme, by address.
#[track_caller]
pub fn profile(world: &World, email: &str) -> String {
    format!("{LIST}/{}", find(world, world.ada.account, email).0)
}

/// Invites one person to Acme as Ada, and returns the path in the mail.
#[track_caller]
pub fn invited(world: &World, email: &str, role: &str) -> String {
    let ada = world.sign_in(&world.ada);
    let answer = invite(&ada, email, role);
    assert_eq!(answer.status, 303, "{}", answer.text());
    world.mailed_path(email)
}

/// Accepts the invitation behind a path.
pub fn accept(browser: &Browser, path: &str) -> Page {
    browser.post(path, &[("first_name", "Ana"), ("last_name", "Ruiz"), ("password", PASSWORD)])
}

/// A number of the account of `by`, held by `holder` where there is one.
pub fn number(world: &World, by: &Person, e164: &str, label: &str, holder: Option<&Person>) -> NumberId {
    let (by, now) = (world.proof::<ManageNumbers>(by), world.now());
    let new = NewNumber::new(PhoneNumber::parse(e164).unwrap(), Label::parse(label).unwrap(), now);
    world.app.db.write_now(|tx| numbers::add(tx, &by, &new, now)).expect("a number that nobody has");
    if let Some(holder) = holder {
        let party = Some(Party::Member(holder.id));
        world.app.db.write_now(|tx| numbers::assign(tx, &by, new.id, party, &Present::Unknown, now)).expect("a holder");
    }
    new.id
}

/// The table's rows with a space between what stands apart, whatever the template writes between the tags.
pub fn rows(page: &Page) -> Vec<Vec<String>> {
    use scraper::{Html, Selector};
    let (row, cell) = (Selector::parse("tbody tr").unwrap(), Selector::parse("th, td:not(.tick)").unwrap());
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let document = Html::parse_document(&page.body);
    let text = |cell: scraper::ElementRef<'_>| words(&cell.text().collect::<Vec<_>>().join(" "));
    document.select(&row).map(|row| row.select(&cell).map(text).collect()).collect()
}

/// The first cell of every row.
pub fn shown(page: &Page) -> Vec<String> {
    rows(page).into_iter().map(|mut row| row.swap_remove(0)).collect()
}

/// The ids of every row, in order.
pub fn ids(page: &Page) -> Vec<String> {
    let head = format!("<th scope=\"row\"><a href=\"{LIST}/");
    page.body.split(&head).skip(1).map(|row| row[..26].to_owned()).collect()
}

/// The row that begins with this text.
#[track_caller]
pub fn row(page: &Page, begin: &str) -> Vec<String> {
    rows(page).into_iter().find(|row| row[0].starts_with(begin)).unwrap_or_else(|| panic!("{begin} is not on {:?}", rows(page)))
}

/// Many more members of an account in one go, active agents named by `name`.
pub fn crowd(world: &World, account: AccountId, n: usize, name: impl Fn(usize) -> String) -> Vec<MemberId> {
    let person = |i: usize| NewMember {
        email: Some(EmailAddress::parse(&format!("crowd{i}@many.test")).unwrap()),
        name: PersonName::parse_whole(&name(i)).unwrap(),
        password_hash: Some(world.hash()),
        // Some are seen at the same instant, and some never.
        last_active_at: if i.is_multiple_of(9) { At::NEVER } else { At::from_micros(world.now().micros() - (i as i64 % 40) * 86_400_000_000) },
        ..NewMember::new(account, if i.is_multiple_of(7) { Role::Admin } else { Role::Agent }, Status::Active, world.now())
    };
    let people: Vec<NewMember> = (0..n).map(person).collect();
    world.join(&people);
    people.iter().map(|new| new.id).collect()
}
