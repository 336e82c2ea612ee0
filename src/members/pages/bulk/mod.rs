//! `/settings/team/bulk-invites`: Bulk Invite.

pub mod index;
pub mod new;
pub mod show;

use crate::{
    members::bulk::{Outcome, State, Upload},
    web::{parts::Badge, words},
};

const PATH: &str = "/settings/team/bulk-invites";

fn standing(upload: &Upload) -> Badge {
    match upload.state {
        State::Checked => Badge::new("", "Not sent"),
        State::Sending => Badge::new("info", "Sending"),
        State::Done if upload.failed > 0 => Badge::new("warn", "Sent, with errors"),
        State::Done => Badge::new("ok", "Sent"),
        State::Stopped => Badge::new("bad", "Stopped"),
    }
}

fn badge(outcome: Outcome) -> Badge {
    match outcome {
        Outcome::Invite => Badge::new("ok", "Invite"),
        Outcome::Resend => Badge::new("ok", "Send again"),
        Outcome::Skip => Badge::new("", "Skip"),
        Outcome::Error => Badge::new("bad", "Error"),
        Outcome::Invited => Badge::new("ok", "Invited"),
        Outcome::Resent => Badge::new("ok", "Sent again"),
    }
}

fn rows(n: i64) -> String {
    if n == 1 { "1 row".into() } else { format!("{} rows", words::thousands(n)) }
}
