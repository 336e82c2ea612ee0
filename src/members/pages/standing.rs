//! How a member's standing reads: the badge, and the state of an invitation's mail (R9).

use crate::{
    clock::At,
    mail::MailState,
    members::{Availability, InvitationState, Row, StatusWord},
    web::{parts::Badge, words, zone::Zone},
};

/// The state of an invitation's mail.
pub(super) struct MailNote {
    pub text: String,
    pub failed: bool,
    pub retry: bool,
}

/// The badge of a row.
pub(super) fn badge(row: &Row, now: At, zone: Zone) -> Badge {
    match row.status_word(now) {
        StatusWord::Active => Badge::new("ok", "Active"),
        StatusWord::Invited => {
            let ends = row.invitation.as_ref().map_or(now, |newest| newest.expires_at);
            Badge::new("info", format!("Invited · expires in {}", words::left(ends.since(now))))
        }
        StatusWord::Expired => Badge::new("warn", "Invite expired"),
        StatusWord::SendAgain => Badge::new("warn", "Send again"),
        StatusWord::Deactivated => Badge::new("", "Deactivated"),
        StatusWord::Removed if row.joined_at.is_never() => Badge::new("", "Invite cancelled"),
        StatusWord::Removed => Badge::new(
            "",
            match super::ending::due(row.erase_at, now, zone) {
                unknown if unknown.is_empty() => "Removed".to_owned(),
                due => format!("Removed · {due}"),
            },
        ),
    }
}

/// Whether somebody active takes calls now (R42).
pub(super) fn availability(word: Availability, on_call: bool) -> Badge {
    match (word, on_call) {
        (_, true) => Badge::new("info", "On a call"),
        (Availability::Available, false) => Badge::new("ok", "Available"),
        (Availability::Away, false) => Badge::new("", "Away"),
    }
}

/// What became of the mail of a running invitation.
pub(super) fn mail(row: &Row, now: At, zone: Zone) -> Option<MailNote> {
    let newest = row.invitation.as_ref()?;
    if newest.state != InvitationState::Open || newest.expires_at <= now {
        return None;
    }
    let Some((state, reason, next_at)) = &newest.mail else {
        return Some(MailNote { text: "Link handed over by hand".into(), failed: false, retry: false });
    };
    let note = |text: String, failed, retry| Some(MailNote { text, failed, retry });
    match (state, reason) {
        (MailState::Sent, _) => note("Mail sent".into(), false, false),
        (MailState::Queued, None) => note("Mail queued".into(), false, false),
        (MailState::Queued, Some(reason)) => note(format!("Mail delayed: {reason} Next try {}.", zone.minute(*next_at)), true, true),
        (MailState::Failed | MailState::Dropped, reason) => {
            note(format!("Mail failed: {}", reason.as_deref().unwrap_or("the server would not take it")), true, true)
        }
    }
}

/// The words of a filter.
pub(super) const fn filter_name(word: StatusWord) -> &'static str {
    match word {
        StatusWord::Active => "Active",
        StatusWord::Invited => "Invited",
        StatusWord::Expired => "Invite expired",
        StatusWord::SendAgain => "Send again",
        StatusWord::Deactivated => "Deactivated",
        StatusWord::Removed => "Removed",
    }
}
