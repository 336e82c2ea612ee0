//! `/profile` and `/profile/email`: one's own details.

use actix_web::HttpResponse;
use askama::Template;

use crate::{
    accounts::{self, forms::zone_choices},
    authz::{Can, SignedIn},
    failure::Failure,
    groups,
    members::{
        self, Availability, Member, Theme,
        forms::{EmailForm, read_availability, read_own},
    },
    numbers::{self, Number},
    sign_in::{self, confirms},
    web::{Choice, Flash, Frame, Posted, Visit, redirect},
};

#[derive(Template)]
#[template(path = "profile/edit.html")]
struct ProfilePage {
    frame: Frame,
    form: Posted,
    zones: Vec<Choice>,
    themes: Vec<Choice>,
    availabilities: Vec<Choice>,
    numbers: Vec<String>,
    groups: Vec<String>,
    email: String,
    username: String,
    login: String,
    role: &'static str,
    role_means: &'static str,
    password_note: String,
    two_factor_note: String,
    sessions_note: String,
}

#[derive(Template)]
#[template(path = "profile/email.html")]
struct EmailPage {
    frame: Frame,
    form: Posted,
    email: String,
    pending: String,
}

async fn own(by: &Can<SignedIn>, visit: &Visit) -> Result<Member, Failure> {
    let (account, member) = (by.account(), by.actor().member);
    visit.app.db.read(move |conn| members::get(conn, account, member)).await
}

fn themes(chosen: &str) -> Vec<Choice> {
    let name = |theme: Theme| match theme {
        Theme::System => "System",
        Theme::Light => "Light",
        Theme::Dark => "Dark",
    };
    Theme::ALL.iter().map(|theme| Choice::new(theme.word(), name(*theme), theme.word() == chosen)).collect()
}

fn availabilities(chosen: &str) -> Vec<Choice> {
    let choice = |word: Availability| {
        let (name, description) = match word {
            Availability::Available => ("Available", "Your groups ring you, and so do calls to your numbers."),
            Availability::Away => ("Away", "While you are away, your groups do not ring you."),
        };
        Choice { description: description.to_owned(), ..Choice::new(word.word(), name, word.word() == chosen) }
    };
    Availability::ALL.iter().map(|word| choice(*word)).collect()
}

fn titled(number: Number) -> String {
    if number.label.is_empty() { number.international } else { format!("{} · {}", number.international, number.label) }
}

fn filled(person: &Member) -> Posted {
    Posted::filled([
        ("first_name", person.first_name.clone()),
        ("last_name", person.last_name.clone()),
        ("job_title", person.job_title.clone()),
        ("time_zone", person.time_zone.clone().unwrap_or_default()),
        ("theme", person.theme.word().to_owned()),
        ("device", person.device.clone()),
    ])
}

async fn page(by: &Can<SignedIn>, visit: &Visit, person: &Member, form: Posted) -> Result<ProfilePage, Failure> {
    let (account, member) = (by.account(), by.actor().member);
    let (own_account, sessions, numbers, groups) = visit
        .app
        .db
        .read(move |conn| {
            let sessions = sign_in::list_of(conn, account, member)?.len();
            let numbers = numbers::list_of_member(conn, account, member)?;
            Ok::<_, Failure>((accounts::get(conn, account)?, sessions, numbers, groups::list_of_member(conn, account, member)?))
        })
        .await?;
    let mut zones = vec![Choice::new("", format!("As the company: {}", own_account.time_zone), form.value("time_zone").is_empty())];
    zones.extend(zone_choices(form.value("time_zone")));
    Ok(ProfilePage {
        frame: visit.frame(by, "profile"),
        themes: themes(form.value("theme")),
        availabilities: availabilities(person.availability.word()),
        numbers: numbers.into_iter().map(titled).collect(),
        groups: groups.into_iter().map(|(_, name)| name).collect(),
        form,
        zones,
        email: person.email.clone().unwrap_or_default(),
        login: person.username.as_ref().map_or_else(String::new, |username| format!("{}/{username}", own_account.slug)),
        username: person.username.clone().unwrap_or_default(),
        role: person.role.name(),
        role_means: person.role.description(),
        password_note: "Set".into(),
        two_factor_note: match person.has_second_factor() {
            true => format!("On since {}", by.actor().zone.day(person.second_factor_at)),
            false => String::new(),
        },
        sessions_note: if sessions == 1 { "Signed in here only".into() } else { format!("Signed in at {sessions} places") },
    })
}

/// `GET /profile`
pub async fn edit(by: Can<SignedIn>, visit: Visit) -> Result<HttpResponse, Failure> {
    let person = own(&by, &visit).await?;
    visit.show(&page(&by, &visit, &person, filled(&person)).await?)
}

/// `POST /profile`
pub async fn update(by: Can<SignedIn>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(details) = read_own(&mut form) else {
        let person = own(&by, &visit).await?;
        return visit.refuse(&page(&by, &visit, &person, form).await?);
    };
    let (acting, now) = (by.clone(), visit.now);
    visit.app.db.write(move |tx| members::edit_own(tx, &acting, &details, now)).await?;
    visit.flash(Flash::ok("Your changes are saved."));
    Ok(redirect("/profile"))
}

/// `POST /profile/availability` (R42).
pub async fn update_availability(by: Can<SignedIn>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let Some(word) = read_availability(&mut form) else {
        let person = own(&by, &visit).await?;
        let mut whole = filled(&person);
        whole.refuse("availability", form.error("availability").unwrap_or_default());
        return visit.refuse(&page(&by, &visit, &person, whole).await?);
    };
    let (acting, now) = (by.clone(), visit.now);
    visit.app.db.write(move |tx| members::set_availability(tx, &acting, word, now)).await?;
    visit.flash(Flash::ok(match word {
        Availability::Available => "You are available: calls ring you.",
        Availability::Away => "You are away: your groups do not ring you.",
    }));
    Ok(redirect("/profile"))
}

fn email_page(by: &Can<SignedIn>, visit: &Visit, person: &Member, form: Posted) -> EmailPage {
    let email = person.email.clone().unwrap_or_else(|| "none yet".into());
    EmailPage { frame: visit.frame(by, "profile"), form: form.without_secrets(), email, pending: String::new() }
}

/// `GET /profile/email`
pub async fn email(by: Can<SignedIn>, visit: Visit) -> Result<HttpResponse, Failure> {
    let person = own(&by, &visit).await?;
    visit.show(&email_page(&by, &visit, &person, Posted::default()))
}

/// `POST /profile/email`: mails the 60-minute link (R24).
pub async fn update_email(by: Can<SignedIn>, visit: Visit, mut form: Posted) -> Result<HttpResponse, Failure> {
    let person = own(&by, &visit).await?;
    let Some(typed) = EmailForm::read(&mut form, person.email.as_deref()) else {
        return visit.refuse(&email_page(&by, &visit, &person, form));
    };
    if !confirms(&visit, &by, &person, &typed.current).await? {
        form.refuse("current_password", "This is not your current password.");
        return visit.refuse(&email_page(&by, &visit, &person, form));
    }
    let (acting, now, email) = (by.clone(), visit.now, typed.email.clone());
    visit.app.db.write(move |tx| members::ask_for_change(tx, &acting, &email, now)).await?;
    visit.flash(Flash::ok(format!("If {} is free, a link is on its way to it. It works for 60 minutes.", typed.email.as_str())));
    Ok(redirect("/profile"))
}
