//! What stands above the pages about seats: a plan that is nearly full, and what the end of the cycle brings (R36 to R38).

use super::{Ahead, Standing, address::PLAN, words::free_places};
use crate::{accounts::address::CANCELLATION, authz::Role, web::FlashLink};

/// A sentence above a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Banner {
    /// `info` or `warn`.
    pub kind: &'static str,
    /// What is read.
    pub text: String,
    /// Where it leads on; only the Owner gets there.
    pub link: Option<FlashLink>,
}

/// The sentences for a member of this role; everybody but the Owner is told whom to ask.
pub fn banners(standing: &Standing, role: Role) -> Vec<Banner> {
    full(standing, role).into_iter().chain(ahead(standing, role)).collect()
}

/// From this share of its places on, a plan is nearly full: four fifths.
const NEAR: (i64, i64) = (4, 5);

fn full(standing: &Standing, role: Role) -> Option<Banner> {
    let plan = &standing.subscription.plan;
    let (max, free) = (i64::from(plan.seats_max?), standing.free()?);
    if max == 0 || (standing.placed() * NEAR.1 < max * NEAR.0 && free > 1) {
        return None;
    }
    let left = free_places(free);
    let text = format!("{} of {max} places of the {} plan are taken, and {left}.", standing.placed(), plan.name);
    Some(banner("warn", text, "See the plans", PLAN, &format!("Ask {} for a larger plan.", standing.owner), role))
}

fn ahead(standing: &Standing, role: Role) -> Option<Banner> {
    let subscription = &standing.subscription;
    if subscription.closed_at.is_some() {
        return None;
    }
    let (now, on) = (&subscription.plan, subscription.seats.cycle.ends_on);
    let ask = |what: &str| format!("Ask {} to {what}.", standing.owner);
    match &subscription.ahead {
        Ahead::Renewal => None,
        Ahead::Change { plan, interval } if let Some(why) = &subscription.obstacle => {
            let text = format!("The change from {} to {} on {on} is not possible now: {why}", now.name, plan.name);
            let who = format!("{PLAN}?plan={}&interval={}", plan.word, interval.word());
            Some(banner("warn", text, "See who", &who, "", role))
        }
        Ahead::Change { plan, .. } if plan.word != now.word => {
            let text = format!("The plan changes from {} to {} on {on}.", now.name, plan.name);
            let keep = format!("Keep the {} plan", now.name);
            Some(banner("info", text, &keep, PLAN, &ask(&format!("keep the {} plan", now.name)), role))
        }
        Ahead::Change { interval, .. } => {
            let text = format!("Billing becomes {} on {on}.", interval.word());
            Some(banner("info", text, "Change it", PLAN, "", role))
        }
        Ahead::Closing => {
            let text = format!("The account is cancelled and closes on {on}. Until then everything works.");
            Some(banner("warn", text, "Keep the account", CANCELLATION, &ask("keep it"), role))
        }
    }
}

fn banner(kind: &'static str, text: String, label: &str, href: &str, otherwise: &str, role: Role) -> Banner {
    if role == Role::Owner {
        let link = FlashLink { label: label.to_owned(), href: href.to_owned() };
        return Banner { kind, text, link: Some(link) };
    }
    let text = if otherwise.is_empty() { text } else { format!("{text} {otherwise}") };
    Banner { kind, text, link: None }
}
