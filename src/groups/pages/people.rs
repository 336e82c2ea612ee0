//! Choosing people for a group: a search that keeps what was ticked, without JavaScript.

use std::collections::HashSet;

use crate::{
    authz::{Can, ManageGroups},
    db::{GroupId, MemberId},
    failure::Failure,
    groups::rows,
    members::{self, Filters, Sort, Status, display_name},
    web::{Choice, Posted, Visit},
};

/// Who can be ticked, and what the page says about them.
pub(super) struct People {
    pub choices: Vec<Choice>,
    pub more: String,
    pub nobody: String,
}

/// The ticked first, then those who match the search; members of `group` already are shown and cannot be ticked.
pub(super) async fn people(by: &Can<ManageGroups>, visit: &Visit, form: &Posted, group: Option<GroupId>) -> Result<People, Failure> {
    let (account, now, listed) = (by.account(), visit.now, by.actor().tally.listed());
    let q: String = form.value("q").trim().chars().take(200).collect();
    let ticked: Vec<MemberId> = form.values("member_ids").into_iter().filter_map(|id| id.parse().ok()).collect();
    let (asked, chosen) = (Filters { q: q.clone(), ..Filters::default() }, ticked.clone());
    let (known, shown, present) = visit
        .app
        .db
        .read(move |conn| {
            let known = rows::list_live(conn, account, &chosen)?;
            let shown = members::page(conn, account, &asked, Sort::Name, None, listed, now)?;
            let found: Vec<MemberId> = shown.rows.iter().map(|row| row.id).collect();
            let present = match group {
                Some(group) => rows::list_present(conn, account, group, &found)?,
                None => Vec::new(),
            };
            Ok::<_, Failure>((known, shown, present))
        })
        .await?;
    let ticked: HashSet<MemberId> = ticked.into_iter().collect();
    let mut choices: Vec<Choice> = known
        .into_iter()
        .map(|(id, first, last, email, username)| {
            let name = display_name(&first, &last, email.as_deref(), username.as_deref());
            choice(id, name, email.or(username), true)
        })
        .collect();
    for row in shown.rows.iter().filter(|row| !ticked.contains(&row.id)) {
        let mut choice = choice(row.id, row.name(), row.email.clone().or(row.username.clone()), false);
        if row.status != Status::Active {
            let word = row.status.word();
            choice.description = if choice.description.is_empty() { word.into() } else { format!("{} · {word}", choice.description) };
        }
        choice.disabled_because = present.contains(&row.id).then(|| "In this group already".to_owned());
        choices.push(choice);
    }
    let more = if shown.next.is_some() { "These are the first 50. Search to find others.".to_owned() } else { String::new() };
    let nobody = if q.is_empty() { "There is nobody to choose yet.".into() } else { format!("Nobody matches {q}.") };
    Ok(People { choices, more, nobody })
}

fn choice(id: MemberId, name: String, under: Option<String>, chosen: bool) -> Choice {
    let description = under.filter(|under| *under != name).unwrap_or_default();
    Choice { description, ..Choice::new(id.to_string(), name, chosen) }
}
