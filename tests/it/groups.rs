//! User groups, from Create Group to Delete Group.

use rollcall::{
    authz::{ManageGroups, ManageNumbers},
    db::{GroupId, NumberId},
    groups,
    numbers::{self, Incoming, Label, NewNumber, Party, PhoneNumber, Present},
    routing::Destination,
};
use scraper::{ElementRef, Html, Selector};

use crate::support::*;

mod adding;
mod creation;
mod deletion;
mod events;
mod fallback;
mod hours;
mod list;
mod loops;
mod opening;
mod random;
mod references;
mod ring;
mod ringing;
mod stale;

pub const GROUPS: &str = "/settings/user-groups";

/// The page of a group.
pub fn home(id: GroupId) -> String {
    format!("{GROUPS}/{id}")
}

/// The page of its settings.
pub fn settings(id: GroupId) -> String {
    format!("{GROUPS}/{id}/settings")
}

/// Posts one section of a group's settings, as whoever has the present page open.
pub fn save(world: &World, browser: &Browser, id: GroupId, section: &str, fields: &[(&str, &str)]) -> Page {
    let version = world.group_row(&world.ada, id).version.to_string();
    let all = [&[("section", section), ("version", version.as_str())], fields].concat();
    browser.post(&settings(id), &all)
}

/// Chooses a fallback.
pub fn fall(world: &World, browser: &Browser, id: GroupId, to: &Destination) -> Page {
    save(world, browser, id, "fallback", &[("fallback", &to.word())])
}

/// Groups of Acme with these names and nobody in them.
pub fn groups_of<const N: usize>(world: &World, names: [&str; N]) -> [GroupId; N] {
    names.map(|name| world.group(&world.ada, name, &[]))
}

/// A group of Acme whose members joined in this order.
pub fn crew(world: &World, name: &str, people: &[&Person]) -> GroupId {
    let group = world.group(&world.ada, name, &[]);
    for person in people {
        let (by, now) = (world.proof::<ManageGroups>(&world.ada), world.now());
        world.app.db.write_now(|tx| groups::add(tx, &by, group, &[person.id], now)).unwrap();
    }
    group
}

/// A number of the account of `owner` that nobody holds.
pub fn number(world: &World, owner: &Person, digits: &str) -> NumberId {
    let (by, now) = (world.proof::<ManageNumbers>(owner), world.now());
    let new = NewNumber::new(PhoneNumber::parse(digits).unwrap(), Label::default(), now);
    world.app.db.write_now(|tx| numbers::add(tx, &by, &new, now)).unwrap();
    new.id
}

/// Assigns a number of Acme, as the number's own form would.
pub fn assign(world: &World, id: NumberId, to: Option<Party>) -> Result<(), numbers::AssignRefusal> {
    let (by, now) = (world.proof::<ManageNumbers>(&world.ada), world.now());
    world.app.db.write_now(|tx| {
        let present = Present::Was(numbers::row_of(tx, by.account(), id, now)?.holder_word());
        numbers::assign(tx, &by, id, to, &present, now).map(drop)
    })
}

/// Sends the calls of a number of Acme elsewhere, as the number's own form would.
pub fn direct(world: &World, id: NumberId, to: Incoming) -> Result<(), numbers::AssignRefusal> {
    let (by, now) = (world.proof::<ManageNumbers>(&world.ada), world.now());
    world.app.db.write_now(|tx| numbers::direct(tx, &by, id, to, &Present::Unknown, now).map(drop))
}

/// The number as the database has it.
pub fn number_row(world: &World, id: NumberId) -> numbers::Number {
    world.app.db.read_now(|conn| numbers::get(conn, world.ada.account, id)).unwrap()
}

/// Whose members joined in which order, by name.
pub fn crew_of(world: &World, id: GroupId) -> Vec<String> {
    let crew = world.app.db.read_now(|conn| groups::crew(conn, world.ada.account, id, None)).unwrap();
    crew.rows.into_iter().map(|row| row.name).collect()
}

fn css(text: &str) -> Selector {
    Selector::parse(text).unwrap()
}

/// The people that a page offers, ticked or not: name, and whether ticked.
pub fn offered(page: &Page) -> Vec<(String, bool)> {
    let (choice, input, label) = (css(".choices label"), css("input[name=member_ids]"), css(".choice-label"));
    let document = Html::parse_document(&page.body);
    let read = |choice: ElementRef<'_>| {
        let input = choice.select(&input).next()?;
        Some((choice.select(&label).next()?.text().collect(), input.attr("checked").is_some()))
    };
    document.select(&choice).filter_map(read).collect()
}

/// The names that are ticked.
pub fn ticked(page: &Page) -> Vec<String> {
    offered(page).into_iter().filter(|(_, ticked)| *ticked).map(|(name, _)| name).collect()
}

/// What a browser would send of the form of a section, without any button.
pub fn form_of(page: &Page, section: &str) -> Vec<(String, String)> {
    let (forms, inputs) = (css("form"), css("input, select, textarea"));
    let (mark, options) = (css(&format!("input[name=section][value={section}]")), css("option"));
    let document = Html::parse_document(&page.body);
    let form = document.select(&forms).find(|form| form.select(&mark).next().is_some()).expect("the form of that section");
    let value = |input: ElementRef<'_>| -> Option<String> {
        match (input.value().name(), input.attr("type").unwrap_or_default()) {
            ("textarea", _) => Some(input.text().collect::<String>().trim_start_matches('\n').to_owned()),
            ("select", _) => {
                let options: Vec<ElementRef<'_>> = input.select(&options).collect();
                let chosen = options.iter().find(|option| option.attr("selected").is_some()).or(options.first());
                chosen.map(|option| option.attr("value").unwrap_or_default().to_owned())
            }
            (_, "radio" | "checkbox") if input.attr("checked").is_none() => None,
            _ => Some(input.attr("value").unwrap_or_default().to_owned()),
        }
    };
    form.select(&inputs).filter_map(|input| Some((input.attr("name")?.to_owned(), value(input)?))).collect()
}

/// Posts a form as it is, with more fields behind it.
pub fn send(browser: &Browser, path: &str, form: &[(String, String)], more: &[(&str, &str)]) -> Page {
    let own = form.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    browser.post(path, &own.chain(more.iter().copied()).collect::<Vec<_>>())
}

/// Types over the first field of this name.
#[track_caller]
pub fn type_in(form: &mut [(String, String)], name: &str, value: &str) {
    let field = form.iter_mut().find(|(field, _)| field == name).unwrap_or_else(|| panic!("no field {name}"));
    field.1 = value.to_owned();
}
