//! What pages say about plans and their change.

use super::{Ahead, Change, ChangeLine, Effect, Interval, Misfit, Plan, Step, Subscription};
use crate::web::{
    Choice,
    words::{counted, thousands},
};

/// "Team, monthly, 5 paid seats at $29.00. The next cycle begins on 1 Dec 2026."
pub fn standing(of: &Subscription) -> String {
    let seats = counted(of.seats.paid, "paid seat");
    let (plan, interval, ends_on) = (&of.plan.name, of.seats.interval, of.seats.cycle.ends_on);
    format!("You have {plan}, {}: {seats} at {} a {}. The next cycle begins on {ends_on}.", interval.word(), of.seats.price, interval.unit())
}

/// What was chosen for the renewal; nothing where nothing was.
pub fn pending(of: &Subscription) -> String {
    match &of.ahead {
        Ahead::Change { plan, interval } if let Some(why) = &of.obstacle => {
            format!("{}, {}, is chosen from {} on. That is not possible now: {why}", plan.name, interval.word(), of.seats.cycle.ends_on)
        }
        Ahead::Change { plan, interval } => format!("{}, {}, is chosen from {} on.", plan.name, interval.word(), of.seats.cycle.ends_on),
        Ahead::Renewal | Ahead::Closing => String::new(),
    }
}

/// Why a choice of what is already changes nothing.
pub fn nothing(of: &Subscription) -> &'static str {
    match of.ahead {
        Ahead::Change { .. } => "This plan and interval are chosen already. Choose another.",
        Ahead::Renewal | Ahead::Closing => "You have this plan and interval already. Choose another.",
    }
}

/// A plan that is sold, as a choice.
pub fn choice(plan: &Plan, misfit: Option<&Misfit>, own: &Plan, chosen: &str) -> Choice {
    let mut choice = Choice::new(&plan.word, label(plan, own), plan.word == chosen);
    choice.description = terms(plan);
    choice.disabled_because = misfit.map(|misfit| misfit.why(plan));
    choice
}

/// The account's plan, where it is not sold any more.
pub fn kept(plan: &Plan, chosen: &str) -> Choice {
    let mut choice = Choice::new(&plan.word, label(plan, plan), plan.word == chosen);
    choice.description = "Not sold any more; you can stay on it.".into();
    choice
}

fn label(plan: &Plan, own: &Plan) -> String {
    if plan.word == own.word { format!("{} (your plan)", plan.name) } else { plan.name.clone() }
}

/// "2–5 seats, $19.00 per seat and month, or $228.00 per seat and year. With Supervisors."
fn terms(plan: &Plan) -> String {
    let yearly = plan.price_of(Interval::Yearly);
    let yearly = if yearly.is_zero() { String::new() } else { format!(", or {yearly} per seat and year") };
    let supervisor = if plan.supervisor { ". Has the Supervisor role" } else { "" };
    format!("{}{yearly}{supervisor}.", plan.summary())
}

/// How often an invoice comes.
pub const fn of_interval(interval: Interval) -> &'static str {
    match interval {
        Interval::Monthly => "An invoice every month.",
        Interval::Yearly => "An invoice every year, for all of it.",
    }
}

/// The heading of the page before the button.
pub fn question(change: &Change) -> String {
    let (plan, interval) = change.after.next_terms();
    match change.effect {
        Effect::Withdrawal | Effect::Nothing => format!("Stay on {}, {}?", plan.name, interval.word()),
        Effect::Now | Effect::AtRenewal if plan.word == change.before.plan.word => format!("Change to {} invoices?", interval.word()),
        Effect::Now | Effect::AtRenewal => format!("Change to {}, {}?", plan.name, interval.word()),
    }
}

/// When it acts, and what that means.
pub fn effect(change: &Change) -> String {
    format!("{}{}", acts(change), given_up(change, "is"))
}

/// What was chosen before and is given up with the change, behind another sentence; nothing where nothing is.
fn given_up(change: &Change, is: &str) -> String {
    let withdrawn = change.withdrawn();
    withdrawn
        .map(|(plan, interval)| format!(" {}, {}, which was chosen for the renewal, {is} withdrawn.", plan.name, interval.word()))
        .unwrap_or_default()
}

fn acts(change: &Change) -> String {
    let (before, after, ends_on) = (&change.before, &change.after, change.after.seats.cycle.ends_on);
    match (change.effect, &after.ahead) {
        (Effect::Now, Ahead::Change { interval, .. }) => {
            format!("{} from now on; {} invoices from {ends_on} on, when the running cycle ends.", after.plan.name, interval.word())
        }
        (Effect::Now, _) => format!("{} from now on. You pay the difference for the days that are left of the cycle.", after.plan.name),
        (Effect::AtRenewal, _) => {
            let must_fit = match after.next_terms().0.word == before.plan.word {
                true => "",
                false => " Everybody must fit on the plan on that day, or it is not changed.",
            };
            format!(
                "From {ends_on} on, when the running cycle ends. Until then you stay on {}, {}, and nothing is refunded.{must_fit}",
                before.plan.name,
                before.seats.interval.word()
            )
        }
        (Effect::Withdrawal | Effect::Nothing, _) => "What was chosen for the next cycle is withdrawn.".into(),
    }
}

/// Why a line is charged.
pub fn line(line: &ChangeLine, change: &Change) -> String {
    let (before, after) = (&change.before.plan.name, &change.after.plan);
    match line.step {
        Step::MinimumRaised => format!("{} has at least {}: {} more", after.name, counted(i64::from(after.seats_min), "seat"), line.charge.seats),
        _ => format!("{} instead of {before}, for {}", after.name, counted(line.charge.seats, "paid seat")),
    }
}

/// Those of `all` whom a list of `shown` leaves out.
pub fn and_more(all: i64, shown: usize) -> String {
    match all - shown as i64 {
        more if more > 0 => format!("and {} more", thousands(more)),
        _ => String::new(),
    }
}

/// The cycle ended between the page and the click.
pub fn other_cycle(change: &Change) -> String {
    let ends_on = change.before.seats.cycle.ends_on;
    format!(
        "The cycle that the page showed is over, and the present one ends on {ends_on}. Nothing was changed and nothing charged. Look at it again below."
    )
}

/// What was done.
pub fn done(change: &Change) -> String {
    format!("{}{}", became(change), given_up(change, "was"))
}

fn became(change: &Change) -> String {
    let (plan, interval) = change.after.next_terms();
    let ends_on = change.after.seats.cycle.ends_on;
    match change.effect {
        Effect::Now if interval != change.after.seats.interval => {
            format!("You are on {} now, and {} from {ends_on} on. {} was charged.", plan.name, interval.word(), change.today())
        }
        Effect::Now => format!("You are on {} now. {} was charged.", plan.name, change.today()),
        Effect::AtRenewal => format!("{}, {}, from {ends_on} on. Nothing was charged.", plan.name, interval.word()),
        Effect::Withdrawal => format!("You stay on {}, {}. Nothing was charged.", plan.name, interval.word()),
        Effect::Nothing => "It is so already. Nothing was changed and nothing charged.".into(),
    }
}
