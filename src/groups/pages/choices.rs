//! What a fallback can be, as a form offers it.

use crate::{
    authz::{Can, ManageGroups},
    db::GroupId,
    failure::Failure,
    groups, numbers,
    routing::Destination,
    web::{Choice, Posted, Visit},
};

/// The choices of a destination.
pub(super) struct Choices {
    pub kinds: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub numbers: Vec<Choice>,
    pub phone: String,
}

/// So many numbers are offered; others are sent as `number:ID`.
const OFFERED: i64 = 500;

/// What `field` of the form can be for the calls of `group`, with what was typed chosen.
pub(super) async fn destinations(
    by: &Can<ManageGroups>,
    visit: &Visit,
    form: &Posted,
    field: &'static str,
    group: GroupId,
) -> Result<Choices, Failure> {
    let account = by.account();
    let (groups, numbers) = visit
        .app
        .db
        .read(move |conn| Ok::<_, Failure>((groups::list_choices(conn, account)?, numbers::list_choices(conn, account, OFFERED)?)))
        .await?;
    let chosen = Destination::parse(form.value(field)).ok();
    let typed = form.value(field);
    let kind = typed.split(':').next().unwrap_or_default().to_owned();
    let beside = |name: &str| form.value(&format!("{field}_{name}")).to_owned();
    let pick = |word: &str, name: &str| typed == word || word.strip_prefix(&format!("{name}:")).is_some_and(|id| id == beside(name));
    let groups: Vec<Choice> = groups
        .into_iter()
        .filter(|(id, _)| *id != group)
        .map(|(id, name)| Choice::new(id.to_string(), name, pick(&Destination::Group(id).word(), "group")))
        .collect();
    let numbers: Vec<Choice> =
        numbers.into_iter().map(|(id, name)| Choice::new(id.to_string(), name, pick(&Destination::Number(id).word(), "number"))).collect();
    let choice = |word: &str, label: &str, description: &str, lacking: Option<&str>| Choice {
        description: description.to_owned(),
        disabled_because: lacking.map(str::to_owned),
        ..Choice::new(word, label, kind == word)
    };
    let kinds = vec![
        choice("voicemail", "Voicemail", "The caller hears the group's greeting and leaves a message.", None),
        choice("group", "Another group", "", groups.is_empty().then_some("There is no other group yet.")),
        choice("number", "A number of this account", "", numbers.is_empty().then_some("There are no numbers yet.")),
        choice("phone", "An outside number", "", None),
    ];
    let phone = match chosen {
        Some(Destination::Phone(number)) => number.as_str().to_owned(),
        _ => typed.strip_prefix("phone:").map_or_else(|| beside("phone"), str::to_owned),
    };
    Ok(Choices { kinds, groups, numbers, phone })
}
