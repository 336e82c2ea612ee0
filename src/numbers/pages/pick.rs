//! Choosing a member or a user group: the page behind both, for accounts of any size and without JavaScript.

use askama::Template;

use crate::{
    clock::At,
    db::{AccountId, Conn, GroupId},
    failure::Failure,
    members::{self, Filters, Sort, StatusWord},
    numbers::{self, Party, Who},
    web::{Choice, Frame, Posted},
};

#[derive(Template)]
#[template(path = "numbers/pick.html")]
pub(super) struct PickPage {
    pub frame: Frame,
    pub form: Posted,
    pub title: String,
    pub lead: String,
    pub number: String,
    pub href: String,
    pub action: String,
    pub name: &'static str,
    pub legend: &'static str,
    pub choices: Vec<Choice>,
    pub note: &'static str,
    pub from: String,
    pub q: String,
}

/// Members and groups that fit a search, the first of each.
pub(super) struct Candidates {
    members: Vec<members::Row>,
    groups: Vec<(GroupId, String)>,
    pub note: &'static str,
}

/// So many groups are offered; more are searched for.
const GROUPS: i64 = 50;

impl Candidates {
    pub(super) fn find(conn: &mut Conn, account: AccountId, q: &str, now: At) -> Result<Self, Failure> {
        let filters = Filters { q: q.chars().take(200).collect(), ..Filters::default() };
        let found = members::page(conn, account, &filters, Sort::Name, None, 0, now)?;
        let mut groups = numbers::list_groups(conn, account, q, GROUPS + 1)?;
        let more_groups = groups.len() as i64 > GROUPS;
        groups.truncate(GROUPS as usize);
        let note = match (found.next.is_some() || more_groups, found.rows.is_empty() && groups.is_empty()) {
            (true, _) => "There are more than are shown here. Search by name or email to find the others.",
            (_, true) => "Nobody and no user group fits this search.",
            _ => "",
        };
        Ok(Candidates { members: found.rows, groups, note })
    }

    /// As choices; `chosen` is the word of the one that is chosen, `pinned` stand first although they may not fit.
    pub(super) fn choices(&self, chosen: &str, pinned: &[&Who], now: At) -> Vec<Choice> {
        let choice =
            |party: Party, name: String, description: String| Choice { description, ..Choice::new(party.word(), name, party.word() == chosen) };
        let mut choices: Vec<Choice> = Vec::new();
        for who in pinned {
            choices.push(choice(who.party, who.shown(), if who.status.is_some() { "User" } else { "User group" }.into()));
        }
        for member in &self.members {
            let (party, name) = (Party::Member(member.id), member.name());
            let under = [member.email.as_deref(), member.username.as_deref()].into_iter().flatten().find(|under| *under != name);
            let over = match member.status_word(now) {
                StatusWord::Expired | StatusWord::SendAgain => Some("The invite is over. Send it again first."),
                _ => None,
            };
            let standing = match member.status_word(now) {
                StatusWord::Deactivated => ", deactivated",
                StatusWord::Invited => ", invited",
                _ => "",
            };
            let description = under.map_or_else(|| format!("User{standing}"), |under| format!("User{standing} · {under}"));
            choices.push(Choice { disabled_because: over.map(str::to_owned), ..choice(party, name, description) });
        }
        choices.extend(self.groups.iter().map(|(id, name)| choice(Party::Group(*id), name.clone(), "User group".into())));
        let mut seen: Vec<String> = Vec::new();
        choices.retain(|choice| {
            let is_new = !seen.contains(&choice.value);
            seen.push(choice.value.clone());
            is_new
        });
        choices
    }
}
