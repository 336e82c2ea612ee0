//! `/settings/team/members`: the list of everybody, and its export.

use actix_web::HttpResponse;
use askama::Template;

use super::{
    ending::Acts,
    ownership,
    standing::{self, MailNote},
};
use crate::{
    authz::{Can, ExportData, ManageMembers, Role},
    billing::{self, Banner, Standing},
    clock::At,
    failure::Failure,
    members::{self, Filters, Row, Shown, Sort, StatusWord, forms::ActWord, list},
    web::{
        Choice, FlashLink, Frame, Visit, export,
        listing::{self, Cursor, Query},
        parts::{Badge, Pager, SortLink, When},
        words,
        zone::iso,
    },
};

const PATH: &str = super::LIST;
const KEPT: &[&str] = &["q", "role", "status", "group", "sort"];
/// What leads back to this very page.
const WHERE: &[&str] = &["q", "role", "status", "group", "sort", "after"];

#[derive(Template)]
#[template(path = "members/index.html")]
struct IndexPage {
    frame: Frame,
    summary: String,
    export_href: String,
    seats: Seats,
    banners: Vec<Banner>,
    /// Coming back costs nothing now; where it costs, the menus lead to the page that says how much (R35).
    returns_free: bool,
    q: String,
    roles: Vec<Choice>,
    statuses: Vec<Choice>,
    groups: Vec<Choice>,
    sort: String,
    filtered: bool,
    rows: Vec<RowView>,
    caption: String,
    sorts: Sorts,
    pager: Pager,
    alone: bool,
    acts: Vec<Choice>,
    here: String,
}

/// The seat meter: of a plan with a maximum its places, of any other the seats that are paid.
struct Seats {
    active: i64,
    invited: i64,
    max: Option<i64>,
    free: Option<i64>,
    /// The paid seats; for the Owner with their price and the next renewal.
    note: String,
    /// Where the Owner reads more; nothing for everybody else.
    more: Option<FlashLink>,
}

impl Seats {
    fn of(standing: &Standing, frame: &Frame) -> Self {
        let (subscription, pending) = (&standing.subscription, standing.pending);
        let seats = subscription.seats;
        let max = subscription.plan.seats_max.map_or(seats.paid.max(seats.active + pending), i64::from);
        let renewal = if frame.may.manage_billing { billing::words::renewal(subscription) } else { String::new() };
        let note = [billing::words::paid_seats(subscription), renewal].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Seats {
            active: seats.active,
            invited: pending,
            max: Some(max).filter(|max| *max > 0),
            free: standing.free(),
            note,
            more: frame.may.manage_billing.then(|| FlashLink { label: "Billing".into(), href: billing::address::HOME.into() }),
        }
    }
}

struct Sorts {
    name: SortLink,
    role: SortLink,
    status: SortLink,
    last_active: SortLink,
    joined: SortLink,
}

struct RowView {
    id: String,
    href: String,
    name: String,
    you: bool,
    under: String,
    role: &'static str,
    badge: Badge,
    mail: Option<MailNote>,
    number: String,
    more_numbers: usize,
    groups: String,
    more_groups: usize,
    last_active: When,
    joined: When,
    invited: bool,
    can_own: bool,
    acts: Acts,
}

/// The list's address, parsed: what no list can be is ignored.
struct Wish {
    filters: Filters,
    sort: Sort,
    after: Option<Cursor>,
}

impl Wish {
    fn of(query: &Query) -> Self {
        let sort = Sort::from_word(query.get("sort")).unwrap_or(Sort::Name);
        let filters = Filters {
            q: query.get("q").chars().take(200).collect(),
            role: Role::from_word(query.get("role")),
            status: StatusWord::from_word(query.get("status")),
            group: query.get("group").parse().ok(),
        };
        Wish { filters, sort, after: Cursor::decode(query.get("after"), list::key_parts(sort)) }
    }
}

/// `GET /settings/team/members`
pub async fn index(by: Can<ManageMembers>, visit: Visit) -> Result<HttpResponse, Failure> {
    let query = Query::of(visit.request());
    let Wish { filters, sort, after } = Wish::of(&query);
    let (account, now, tally) = (by.account(), visit.now, by.actor().tally);
    let (asked, cursor, plans) = (filters.clone(), after.clone(), visit.app.plans.clone());
    let (shown, (standing, groups)) = visit
        .app
        .db
        .read(move |conn| {
            let shown = members::page(conn, account, &asked, sort, cursor.as_ref(), tally.listed(), now)?;
            let (mut standing, groups) = list::beside(conn, account, tally.invited, &plans, now)?;
            standing.subscription = standing.subscription.foreseen(conn, now)?;
            Ok::<_, Failure>((shown, (standing, groups)))
        })
        .await?;
    let frame = visit.frame(&by, "members");
    let page = IndexPage {
        summary: format!("{} · {} plan", words::people(tally.listed()), standing.subscription.plan.name),
        export_href: query.href("/settings/team/members.csv", KEPT, &[]),
        seats: Seats::of(&standing, &frame),
        banners: billing::banners(&standing, by.actor().role),
        returns_free: standing.subscription.returns_free(now),
        q: filters.q.clone(),
        roles: choices("Any role", Role::ALL.iter().map(|role| (role.word(), role.name())), query.get("role")),
        statuses: choices("Any status", StatusWord::ALL.iter().map(|word| (word.word(), standing::filter_name(*word))), query.get("status")),
        groups: choices("Any group", groups.iter().map(|(id, name)| (id.as_str(), name.as_str())), query.get("group")),
        sort: query.get("sort").to_owned(),
        filtered: !filters.is_empty(),
        caption: caption(&shown, after.as_ref(), sort, &filters),
        sorts: Sorts {
            name: sort_link(&query, sort, Sort::Name, Sort::NameDown),
            role: sort_link(&query, sort, Sort::Role, Sort::RoleDown),
            status: sort_link(&query, sort, Sort::Status, Sort::StatusDown),
            last_active: sort_link(&query, sort, Sort::ActiveDown, Sort::Active),
            joined: sort_link(&query, sort, Sort::JoinedDown, Sort::Joined),
        },
        pager: Pager {
            first: after.as_ref().map(|_| query.href(PATH, KEPT, &[])),
            next: shown.next.as_ref().map(|cursor| query.href(PATH, KEPT, &[("after", &cursor.encode())])),
        },
        acts: choices("Choose…", ActWord::ALL.iter().map(|word| (word.word(), word.name())), ""),
        here: query.href(PATH, WHERE, &[]),
        alone: tally.listed() == 1 && filters.is_empty(),
        rows: shown.rows.iter().map(|row| view(row, &by, now)).collect(),
        frame,
    };
    visit.show(&page)
}

/// Groups that a row names; of more it says how many.
const NAMED: usize = 2;

fn view(row: &Row, by: &Can<ManageMembers>, now: At) -> RowView {
    let (zone, numbers) = (by.actor().zone, row.numbers(now));
    let name = row.name();
    let under = [row.email.as_deref(), row.username.as_deref()].into_iter().flatten().find(|under| *under != name).unwrap_or("").to_owned();
    RowView {
        id: row.id.to_string(),
        href: format!("{PATH}/{}", row.id),
        you: row.id == by.actor().member,
        under,
        name,
        role: row.role.name(),
        badge: standing::badge(row, now, zone),
        mail: standing::mail(row, now, zone),
        number: numbers.first().map_or_else(|| "—".to_owned(), |held| held.international.clone()),
        more_numbers: numbers.len().saturating_sub(1),
        groups: if row.groups.is_empty() { "—".into() } else { row.groups[..row.groups.len().min(NAMED)].join(", ") },
        more_groups: row.groups.len().saturating_sub(NAMED),
        last_active: When::ago(row.last_active_at, now, zone),
        joined: When::day(row.joined_at, zone),
        invited: row.status == members::Status::Invited,
        can_own: ownership::is_offered(by, row.id, row.role, row.status, row.email.is_some() && row.username.is_none()),
        acts: Acts::of(by.actor(), row.id, row.role, row.status, !row.joined_at.is_never()),
    }
}

fn choices<'a>(any: &str, words: impl Iterator<Item = (&'a str, &'a str)>, chosen: &str) -> Vec<Choice> {
    std::iter::once(Choice::new("", any, false)).chain(words.map(|(word, name)| Choice::new(word, name, word == chosen))).collect()
}

/// A column's head leads to its first order, and from there to the opposite.
fn sort_link(query: &Query, now: Sort, first: Sort, opposite: Sort) -> SortLink {
    let to = if now == first { opposite } else { first };
    let aria = match now {
        _ if now != first && now != opposite => "",
        _ if now.word().starts_with('-') => "descending",
        _ => "ascending",
    };
    SortLink { href: query.href(PATH, KEPT, &[("sort", if to == Sort::Name { "" } else { to.word() })]), aria }
}

fn caption(shown: &Shown, after: Option<&Cursor>, sort: Sort, filters: &Filters) -> String {
    let many = if shown.matching > list::COUNTED && !filters.is_empty() {
        format!("more than {}", words::thousands(list::COUNTED))
    } else {
        words::thousands(shown.matching)
    };
    let what = if filters.is_empty() { "members" } else { "matching members" };
    listing::caption(after.map_or(0, |cursor| cursor.position), shown.rows.len(), &many, what, sort.in_words())
}

const HEADERS: &[&str] =
    &["email", "username", "first_name", "last_name", "role", "status", "phone_number", "groups", "invited_by", "joined_at", "last_active_at"];

/// `GET /settings/team/members.csv`: the list with the same filters, streamed.
pub async fn csv(by: Can<ExportData>, visit: Visit) -> Result<HttpResponse, Failure> {
    let Wish { filters, sort, .. } = Wish::of(&Query::of(visit.request()));
    let (account, now) = (by.account(), visit.now);
    let write = move |conn: &mut crate::db::Conn, rows: &mut export::Rows| {
        let instant = |at: At| if at.is_never() { String::new() } else { iso(at) };
        let inviters = members::list_inviters(conn, account)?;
        members::export(conn, account, &filters, sort, now, |row| {
            let inviter = row.invited_by.and_then(|id| inviters.get(&id)).map_or("", String::as_str);
            rows.push([
                row.email.as_deref().unwrap_or(""),
                row.username.as_deref().unwrap_or(""),
                &row.first_name,
                &row.last_name,
                row.role.word(),
                row.status_word(now).word(),
                &row.numbers(now).iter().map(|held| held.e164.as_str()).collect::<Vec<_>>().join("; "),
                &row.groups.join("; "),
                inviter,
                &instant(row.joined_at),
                &instant(row.last_active_at),
            ])
        })
    };
    Ok(export::csv(&visit.app, "members.csv", HEADERS, write))
}
