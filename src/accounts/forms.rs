//! The sign-up form.

use super::{AccountDetails, CompanyName, Shown, TwoFactorPolicy};
use crate::{
    billing::{self, Plan, Plans},
    clock::At,
    members::{EmailAddress, PersonName},
    sign_in::passwords::{self, Password},
    web::{Choice, Posted, zone::Zone},
};

/// A sign-up as typed, parsed; the password is not hashed yet.
pub struct SignupForm {
    /// The company.
    pub company: CompanyName,
    /// The Owner's name.
    pub name: PersonName,
    /// The Owner's address.
    pub email: EmailAddress,
    /// The Owner's password.
    pub password: Password,
    /// The plan.
    pub plan: Plan,
    /// The account's zone.
    pub zone: Zone,
}

impl SignupForm {
    /// Reads the form; what is wrong with it stays beside the fields.
    pub fn read(form: &mut Posted, plans: &Plans, least: usize) -> Option<Self> {
        let company = form.take("company", CompanyName::parse);
        let name = form.take("name", PersonName::parse_whole);
        let email = form.take("email", EmailAddress::parse);
        let known: Vec<&str> = ["name", "email", "company"].map(|field| form.value(field)).into();
        let password = Password::parse(form.value("password"), least, &known);
        let password = form.take("password", |_| password);
        let plan = form.take("plan", |word| plans.find(word).cloned().ok_or("Choose a plan."));
        let zone = form.take("time_zone", |name| name.parse::<Zone>());
        Some(SignupForm { company: company?, name: name?, email: email?, password: password?, plan: plan?, zone: zone? })
    }
}

/// An account's settings as typed.
pub fn read_details(form: &mut Posted) -> Option<AccountDetails> {
    let company = form.take("company", CompanyName::parse);
    let zone = form.take("time_zone", |name| name.parse::<Zone>());
    let policy = form.take("require_two_factor", |word| TwoFactorPolicy::from_word(word).ok_or("Choose of whom it is asked."));
    Some(AccountDetails { company: company?, zone: zone?, require_two_factor: policy? })
}

/// What the account's form showed, as it came back with it.
pub fn read_shown(form: &Posted) -> Shown {
    let said = |name: &str| form.has(name).then(|| form.value(name).to_owned());
    Shown { company: said("shown_company"), zone: said("shown_time_zone"), require_two_factor: said("shown_require_two_factor") }
}

/// The plans to choose from, each with what opening an account on it charges at once (R35).
pub fn plan_choices(form: &Posted, plans: &Plans, now: At) -> Vec<Choice> {
    let chosen = form.value("plan");
    let choice = |plan: &Plan| {
        let charge = billing::first_charge(plan, Zone::UTC, now);
        let today = if charge.amount.is_zero() { "Nothing is charged.".into() } else { format!("Today: {} = {}.", charge.formula(), charge.amount) };
        Choice { description: format!("{}. {today}", plan.summary()), ..Choice::new(&plan.word, &plan.name, plan.word == chosen) }
    };
    plans.all().iter().map(choice).collect()
}

/// The zones to choose from. One that was chosen under another name, like `US/Eastern`, stays chosen.
pub fn zone_choices(chosen: &str) -> Vec<Choice> {
    let other = chosen.parse::<Zone>().ok().map(|zone| zone.name()).filter(|name| Zone::names().all(|listed| listed != *name));
    Zone::names().chain(other).map(|name| Choice::new(name, name.replace('_', " "), name == chosen)).collect()
}

/// The hint under a new password.
pub fn password_hint(least: usize) -> String {
    passwords::hint(least)
}
