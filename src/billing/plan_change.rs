//! Another plan, or another length of the cycle (R37).

use super::{Ahead, Charge, Day, Interval, Misfit, Money, Plan, Plans, Seats, Step, Subscription, hold, misfit, rows};
use crate::{
    audit::{self, Author, Event},
    authz::{Can, ManageBilling},
    clock::At,
    db::{Conn, Tx},
    failure::Failure,
};

/// What somebody chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word of the plan.
    pub plan: String,
    /// How long cycles are.
    pub interval: Interval,
}

/// When a change acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// At once: the plan is dearer a seat, or costs the same. Another length of the cycle comes at renewal.
    Now,
    /// When the cycle ends: the plan is cheaper, or only the length is another.
    AtRenewal,
    /// At once: what was chosen for the renewal is withdrawn.
    Withdrawal,
    /// Never: it is so already.
    Nothing,
}

/// What a change does, line by line.
#[derive(Clone, Debug)]
pub struct Change {
    /// When it acts.
    pub effect: Effect,
    /// The subscription before.
    pub before: Subscription,
    /// The subscription after.
    pub after: Subscription,
    /// What is charged at once: the price difference for the paid seats, and the seats that the plan asks for beside them.
    pub lines: Vec<ChangeLine>,
}

/// A line of a change: what is charged at once, and why.
#[derive(Clone, Copy, Debug)]
pub struct ChangeLine {
    /// Why.
    pub step: Step,
    /// What.
    pub charge: Charge,
    seats: Seats,
}

impl Change {
    /// The plan and the length that were chosen for the renewal and are given up with this change; none where the change keeps
    /// what was chosen, or is the withdrawal itself.
    pub fn withdrawn(&self) -> Option<(&Plan, Interval)> {
        let Ahead::Change { plan, interval } = &self.before.ahead else { return None };
        let (next, length) = self.after.next_terms();
        let keeps_plan = plan.word == self.before.plan.word || plan.word == next.word;
        let keeps_length = *interval == self.before.seats.interval || *interval == length;
        let is_given_up = matches!(self.effect, Effect::Now | Effect::AtRenewal) && !(keeps_plan && keeps_length);
        is_given_up.then_some((plan, *interval))
    }
    /// What is charged at once, in all.
    pub fn today(&self) -> Money {
        self.lines.iter().map(|line| line.charge.amount).sum()
    }
}

impl Subscription {
    /// What choosing `plan` with cycles of `interval` does at `now`: upgrades act at once, all else at renewal (R37).
    pub fn change_to(&self, plan: &Plan, interval: Interval, now: At) -> Change {
        // What stands in the way of the plan that was chosen before says nothing of this one.
        let (mut after, today) = (Subscription { obstacle: None, ..self.clone() }, self.day(now));
        let mut lines = Vec::new();
        let is_other = plan.word != self.plan.word;
        let price = plan.price_of(self.seats.interval);
        let ahead = Ahead::Change { plan: plan.clone(), interval };
        let effect = if is_other && price >= self.seats.price {
            after.plan = plan.clone();
            after.ahead = if interval == self.seats.interval { Ahead::Renewal } else { ahead };
            let charge = after.seats.upgrade(price, today);
            lines.push(ChangeLine { step: Step::Upgraded, charge, seats: after.seats });
            let minimum = i64::from(plan.seats_min);
            if minimum > after.seats.paid {
                let charge = after.seats.reach(minimum, today);
                lines.push(ChangeLine { step: Step::MinimumRaised, charge, seats: after.seats });
            }
            Effect::Now
        } else if is_other || interval != self.seats.interval {
            let effect = if self.ahead == ahead { Effect::Nothing } else { Effect::AtRenewal };
            after.ahead = ahead;
            effect
        } else if self.ahead == Ahead::Renewal {
            Effect::Nothing
        } else {
            after.ahead = Ahead::Renewal;
            Effect::Withdrawal
        };
        Change { effect, before: self.clone(), after, lines }
    }
}

/// Why a plan was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeRefusal {
    /// There is no such plan to be had (any more).
    #[error("no such plan")]
    NotSold,
    /// The account is cancelled: it must be kept first.
    #[error("the account is cancelled")]
    Cancelled,
    /// The account is closed: it must be reopened first.
    #[error("the account is closed")]
    Closed,
    /// Not everybody fits on the plan.
    #[error("not everybody fits")]
    Misfit(Box<Plan>, Misfit),
    /// The page showed another amount than would be charged now: a day has passed, or somebody joined.
    #[error("the amount changed from {shown} to {}", .now.today())]
    AmountChanged {
        /// What the page showed.
        shown: Money,
        /// What would happen now.
        now: Box<Change>,
    },
    /// The cycle that the page showed is over, and the change would act in another.
    #[error("another cycle")]
    OtherCycle(Box<Change>),
    /// The write failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// What a choice would do now, for the page before the button (R35).
///
/// # Errors
/// Why it cannot be chosen.
pub fn preview(conn: &mut Conn, of: &Subscription, choice: &Choice, plans: &Plans, now: At) -> Result<Change, ChangeRefusal> {
    if of.closed_at.is_some() {
        return Err(ChangeRefusal::Closed);
    }
    if of.ahead == Ahead::Closing {
        return Err(ChangeRefusal::Cancelled);
    }
    let stays = choice.plan == of.plan.word && choice.interval == of.seats.interval;
    // Staying is possible on a plan that is not sold any more.
    let plan = if stays { Some(&of.plan) } else { plans.find(&choice.plan) };
    let plan = plan.ok_or(ChangeRefusal::NotSold)?;
    if plan.word != of.plan.word
        && let Some(misfit) = misfit(conn, of.account, plan, now)?
    {
        return Err(ChangeRefusal::Misfit(Box::new(plan.clone()), misfit));
    }
    Ok(of.change_to(plan, choice.interval, now))
}

/// Changes the plan or the length of the cycle: at once, or from the next renewal on (R37). `shown` is the amount that the
/// page promised and `ends_on` the end of the cycle that it was about. Who fits and what it costs is looked at here, behind the account's lock; of two clicks one charges.
///
/// # Errors
/// A [`ChangeRefusal`]; nothing is charged then.
pub fn change_plan(
    tx: &mut Tx<'_>,
    by: &Can<ManageBilling>,
    choice: &Choice,
    shown: Option<Money>,
    ends_on: Option<Day>,
    plans: &Plans,
    now: At,
) -> Result<Change, ChangeRefusal> {
    let subscription = hold(tx, by, plans, now)?;
    let change = preview(tx, &subscription, choice, plans, now)?;
    if change.effect == Effect::Nothing {
        return Ok(change);
    }
    if ends_on.is_some_and(|ends_on| ends_on != subscription.seats.cycle.ends_on) {
        return Err(ChangeRefusal::OtherCycle(Box::new(change)));
    }
    if let Some(shown) = shown.filter(|shown| *shown != change.today()) {
        return Err(ChangeRefusal::AmountChanged { shown, now: Box::new(change) });
    }
    let today = subscription.day(now);
    let mut written = change.after.clone();
    for line in &change.lines {
        written.seats = line.seats;
        rows::record(tx, &mut written, line.step, None, &line.charge, today, now)?;
    }
    if change.lines.is_empty() {
        rows::update(tx, &change.after)?;
    }
    let (event, details) = describe(&change);
    audit::record(tx, &Author::of(by), event, None, &details, now)?;
    Ok(change)
}

/// The event of a change, and its details.
fn describe(change: &Change) -> (Event, String) {
    let (before, after) = (&change.before, &change.after);
    let ends_on = after.seats.cycle.ends_on;
    let given_up = change.withdrawn().map(|(plan, interval)| format!("; {}, {}, is withdrawn", plan.name, interval.word())).unwrap_or_default();
    match (change.effect, &after.ahead) {
        (Effect::Now, ahead) => {
            let lines: Vec<String> = change.lines.iter().map(|line| format!("{} = {}", line.charge.formula(), line.charge.amount)).collect();
            let later = match ahead {
                Ahead::Change { interval, .. } => format!("; {} from {ends_on}", interval.word()),
                Ahead::Renewal | Ahead::Closing => String::new(),
            };
            let charged = format!("charged {} ({})", change.today(), lines.join(" + "));
            (Event::PlanChanged, format!("from {} to {}, {charged}{later}{given_up}", before.plan.name, after.plan.name))
        }
        (_, Ahead::Change { plan, interval }) => {
            (Event::PlanChangeChosen, format!("to {}, {}, from {ends_on}{given_up}", plan.name, interval.word()))
        }
        (_, Ahead::Renewal | Ahead::Closing) => {
            (Event::PlanChangeWithdrawn, format!("stays on {}, {}", after.plan.name, after.seats.interval.word()))
        }
    }
}
