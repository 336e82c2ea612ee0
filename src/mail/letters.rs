//! What mails say. A queued letter keeps the facts; the words are made when it is sent.

use askama::Template;
use serde::{Deserialize, Serialize};

use crate::{
    authz::Role,
    clock::At,
    failure::Failure,
    keys::Token,
    members::{Traces, is_hidden},
    web::origin::PublicUrl,
    web::zone::Zone,
};

/// A mail's facts. It is kept sealed, since it may carry a token.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are the words of the templates")]
pub enum Letter {
    /// Somebody is invited (R4).
    Invitation { company: String, inviter: String, role: Role, token: Token, expires_at: At },
    /// Somebody asked for a new password (T9).
    PasswordReset { company: String, name: String, token: Token },
    /// Somebody signed up with this address (T1).
    EmailConfirmation { company: String, name: String, token: Token },
    /// Somebody wants this as their new address (R24).
    EmailChange { company: String, name: String, token: Token },
    /// The address was changed to another (R24).
    EmailChanged {
        company: String,
        name: String,
        new_email: String,
        #[serde(default)]
        by: String,
    },
    /// This address was made theirs by somebody else (R24).
    EmailGiven { company: String, name: String, by: String, token: Option<Token> },
    /// The password was changed.
    PasswordChanged { company: String, name: String },
    /// Somebody's role was changed (R17).
    RoleChanged { company: String, name: String, by: String, was: Role, role: Role },
    /// The account was theirs, and is `owner`'s now (R20).
    OwnershipGiven { company: String, name: String, owner: String },
    /// The account was `owner`'s, and is theirs now (R20).
    OwnershipTaken { company: String, name: String, owner: String },
    /// The membership was deactivated (R21).
    Deactivated { company: String, name: String },
    /// The membership works again (R21, R23).
    Reactivated { company: String, name: String },
    /// The membership was removed; when the personal data goes, unless at once (R22, R23).
    Removed { company: String, name: String, erase_at: Option<At> },
    /// Two-factor sign-in was set up, changed or removed (T7).
    TwoFactorChanged { company: String, name: String, what: TwoFactorChange },
    /// An invoice that came by itself, to the Owner: what is on it, each line with its amount (R34).
    Invoice { company: String, name: String, number: String, date: String, lines: Vec<(String, String)>, total: String, invoice: String },
    /// Their account closes when its cycle ends (R38).
    AccountCancelled { company: String, name: String, closes_on: String },
    /// Their account is closed (R38).
    AccountClosed { company: String, name: String },
    /// The plan that was chosen for the next cycle has no room for everybody (R37).
    PlanChangeDropped { company: String, name: String, plan: String, kept: String, why: String },
    /// The operator tries the mail settings.
    Test,
}

/// What became of somebody's two-factor sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TwoFactorChange {
    /// It is on, or in another app.
    SetUp,
    /// New recovery codes took the place of the old.
    NewCodes,
    /// They turned it off.
    Removed,
    /// Somebody else turned it off, since they lost it.
    Reset,
}

impl TwoFactorChange {
    /// The sentence of the mail; the account's name follows.
    const fn sentence(self) -> &'static str {
        match self {
            TwoFactorChange::SetUp => "Two-factor sign-in was just set up for your account at",
            TwoFactorChange::NewCodes => "New recovery codes were just made for your account at",
            TwoFactorChange::Removed => "Two-factor sign-in was just turned off for your account at",
            TwoFactorChange::Reset => "Two-factor sign-in was just reset, by somebody who manages it, for your account at",
        }
    }
}

/// A name is somebody else's text in our mail: mail readers must make no link of it (T19).
fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    let name = name.replace("://", " ");
    let mut letters = name.chars().filter(|c| !is_hidden(*c)).peekable();
    while let Some(letter) = letters.next() {
        text.push(letter);
        if letter == '.' && letters.peek().is_some_and(|next| next.is_alphanumeric()) {
            text.push(' ');
        }
    }
    text
}

/// A letter in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What templates may say.
#[derive(Clone, Debug, Default)]
struct Words {
    company: String,
    name: String,
    inviter: String,
    role: &'static str,
    was: &'static str,
    means: &'static str,
    url: String,
    expires: String,
    new_email: String,
    happened: &'static str,
    number: String,
    lines: Vec<(String, String)>,
    total: String,
    plan: String,
    kept: String,
    why: String,
}

/// Declares the three templates of a letter.
macro_rules! templates {
    ($($module:ident: $subject:literal, $text:literal, $html:literal);+ $(;)?) => {$(
        mod $module {
            use super::*;
            #[derive(Template)]
            #[template(path = $subject)]
            #[allow(dead_code, reason = "not every subject says something particular")]
            struct Subject<'a> { words: &'a Words }
            #[derive(Template)]
            #[template(path = $text)]
            struct Text<'a> { words: &'a Words }
            #[derive(Template)]
            #[template(path = $html)]
            struct Html<'a> { words: &'a Words }
            pub(super) fn render(words: &Words) -> Result<Rendered, askama::Error> {
                let subject = Subject { words }.render()?.trim().to_owned();
                Ok(Rendered { subject, text: Text { words }.render()?, html: Html { words }.render()? })
            }
        }
    )+};
}

templates! {
    invitation: "mail/invitation/subject.txt", "mail/invitation/body.txt", "mail/invitation/body.html";
    password_reset: "mail/password_reset/subject.txt", "mail/password_reset/body.txt", "mail/password_reset/body.html";
    email_confirmation: "mail/email_confirmation/subject.txt", "mail/email_confirmation/body.txt", "mail/email_confirmation/body.html";
    email_change: "mail/email_change/subject.txt", "mail/email_change/body.txt", "mail/email_change/body.html";
    email_changed: "mail/email_changed/subject.txt", "mail/email_changed/body.txt", "mail/email_changed/body.html";
    email_given: "mail/email_given/subject.txt", "mail/email_given/body.txt", "mail/email_given/body.html";
    password_changed: "mail/password_changed/subject.txt", "mail/password_changed/body.txt", "mail/password_changed/body.html";
    role_changed: "mail/role_changed/subject.txt", "mail/role_changed/body.txt", "mail/role_changed/body.html";
    ownership_given: "mail/ownership_given/subject.txt", "mail/ownership_given/body.txt", "mail/ownership_given/body.html";
    ownership_taken: "mail/ownership_taken/subject.txt", "mail/ownership_taken/body.txt", "mail/ownership_taken/body.html";
    deactivated: "mail/deactivated/subject.txt", "mail/deactivated/body.txt", "mail/deactivated/body.html";
    reactivated: "mail/reactivated/subject.txt", "mail/reactivated/body.txt", "mail/reactivated/body.html";
    removed: "mail/removed/subject.txt", "mail/removed/body.txt", "mail/removed/body.html";
    two_factor_changed: "mail/two_factor_changed/subject.txt", "mail/two_factor_changed/body.txt", "mail/two_factor_changed/body.html";
    invoice: "mail/invoice/subject.txt", "mail/invoice/body.txt", "mail/invoice/body.html";
    account_cancelled: "mail/account_cancelled/subject.txt", "mail/account_cancelled/body.txt", "mail/account_cancelled/body.html";
    account_closed: "mail/account_closed/subject.txt", "mail/account_closed/body.txt", "mail/account_closed/body.html";
    plan_change_dropped: "mail/plan_change_dropped/subject.txt", "mail/plan_change_dropped/body.txt", "mail/plan_change_dropped/body.html";
    test: "mail/test/subject.txt", "mail/test/body.txt", "mail/test/body.html";
}

impl Letter {
    /// The word of its kind, for the outbox and the log.
    pub const fn kind(&self) -> &'static str {
        match self {
            Letter::Invitation { .. } => "invitation",
            Letter::PasswordReset { .. } => "password_reset",
            Letter::EmailConfirmation { .. } => "email_confirmation",
            Letter::EmailChange { .. } => "email_change",
            Letter::EmailChanged { .. } => "email_changed",
            Letter::EmailGiven { .. } => "email_given",
            Letter::PasswordChanged { .. } => "password_changed",
            Letter::RoleChanged { .. } => "role_changed",
            Letter::OwnershipGiven { .. } => "ownership_given",
            Letter::OwnershipTaken { .. } => "ownership_taken",
            Letter::Deactivated { .. } => "deactivated",
            Letter::Reactivated { .. } => "reactivated",
            Letter::Removed { .. } => "removed",
            Letter::TwoFactorChanged { .. } => "two_factor_changed",
            Letter::Invoice { .. } => "invoice",
            Letter::AccountCancelled { .. } => "account_cancelled",
            Letter::AccountClosed { .. } => "account_closed",
            Letter::PlanChangeDropped { .. } => "plan_change_dropped",
            Letter::Test => "test",
        }
    }

    /// Says "Former member" where it named somebody who is erased, to somebody else (R23); `false` where it did not.
    pub fn forget(&mut self, traces: &Traces) -> bool {
        let who = match self {
            Letter::Invitation { inviter: who, .. }
            | Letter::EmailChanged { by: who, .. }
            | Letter::EmailGiven { by: who, .. }
            | Letter::RoleChanged { by: who, .. }
            | Letter::OwnershipGiven { owner: who, .. }
            | Letter::OwnershipTaken { owner: who, .. } => who,
            Letter::PasswordReset { .. }
            | Letter::EmailConfirmation { .. }
            | Letter::EmailChange { .. }
            | Letter::PasswordChanged { .. }
            | Letter::Deactivated { .. }
            | Letter::Reactivated { .. }
            | Letter::Removed { .. }
            | Letter::TwoFactorChanged { .. }
            | Letter::Invoice { .. }
            | Letter::AccountCancelled { .. }
            | Letter::AccountClosed { .. }
            | Letter::PlanChangeDropped { .. }
            | Letter::Test => return false,
        };
        let names = traces.is_called(who);
        if names {
            "Former member".clone_into(who);
        }
        names
    }

    /// The letter in words, with links into `site`.
    ///
    /// # Errors
    /// When a template fails.
    pub fn render(&self, site: &PublicUrl) -> Result<Rendered, Failure> {
        let link = |folder: &str, token: &Token| site.link(&format!("/{folder}/{}", token.reveal()));
        let rendered = match self {
            Letter::Invitation { company, inviter, role, token, expires_at } => invitation::render(&Words {
                company: plain(company),
                inviter: plain(inviter),
                role: role.name(),
                url: link("invitations", token),
                expires: format!("{} UTC", Zone::UTC.minute(*expires_at)),
                ..Words::default()
            }),
            Letter::PasswordReset { company, name, token } => password_reset::render(&Words {
                company: plain(company),
                name: plain(name),
                url: link("password", token),
                expires: "60 minutes".into(),
                ..Words::default()
            }),
            Letter::EmailConfirmation { company, name, token } => email_confirmation::render(&Words {
                company: plain(company),
                name: plain(name),
                url: link("email-confirmations", token),
                expires: "7 days".into(),
                ..Words::default()
            }),
            Letter::EmailChange { company, name, token } => email_change::render(&Words {
                company: plain(company),
                name: plain(name),
                url: link("email-changes", token),
                expires: "60 minutes".into(),
                ..Words::default()
            }),
            Letter::EmailChanged { company, name, new_email, by } => email_changed::render(&Words {
                company: plain(company),
                name: plain(name),
                new_email: new_email.clone(),
                inviter: plain(by),
                ..Words::default()
            }),
            Letter::EmailGiven { company, name, by, token } => email_given::render(&Words {
                company: plain(company),
                name: plain(name),
                inviter: plain(by),
                url: token.as_ref().map_or_else(String::new, |token| link("email-confirmations", token)),
                expires: "7 days".into(),
                ..Words::default()
            }),
            Letter::PasswordChanged { company, name } => {
                password_changed::render(&Words { company: plain(company), name: plain(name), url: site.link("/password/new"), ..Words::default() })
            }
            Letter::RoleChanged { company, name, by, was, role } => role_changed::render(&Words {
                company: plain(company),
                name: plain(name),
                inviter: plain(by),
                was: was.with_article(),
                role: role.with_article(),
                means: role.description(),
                url: site.link("/"),
                ..Words::default()
            }),
            Letter::OwnershipGiven { company, name, owner } => {
                ownership_given::render(&Words { company: plain(company), name: plain(name), inviter: plain(owner), ..Words::default() })
            }
            Letter::OwnershipTaken { company, name, owner } => ownership_taken::render(&Words {
                company: plain(company),
                name: plain(name),
                inviter: plain(owner),
                means: Role::Owner.description(),
                url: site.link("/"),
                ..Words::default()
            }),
            Letter::Deactivated { company, name } => deactivated::render(&Words { company: plain(company), name: plain(name), ..Words::default() }),
            Letter::Reactivated { company, name } => {
                reactivated::render(&Words { company: plain(company), name: plain(name), url: site.link("/login"), ..Words::default() })
            }
            Letter::Removed { company, name, erase_at } => removed::render(&Words {
                company: plain(company),
                name: plain(name),
                expires: erase_at.map_or_else(|| "at once".into(), |at| format!("on {} (UTC)", Zone::UTC.day(at))),
                ..Words::default()
            }),
            Letter::TwoFactorChanged { company, name, what } => two_factor_changed::render(&Words {
                company: plain(company),
                name: plain(name),
                url: site.link("/password/new"),
                happened: what.sentence(),
                ..Words::default()
            }),
            Letter::Invoice { company, name, number, date, lines, total, invoice } => invoice::render(&Words {
                company: plain(company),
                name: plain(name),
                url: site.link(&format!("/settings/billing/invoices/{invoice}")),
                expires: date.clone(),
                number: number.clone(),
                lines: lines.clone(),
                total: total.clone(),
                ..Words::default()
            }),
            Letter::AccountCancelled { company, name, closes_on } => account_cancelled::render(&Words {
                company: plain(company),
                name: plain(name),
                expires: closes_on.clone(),
                url: site.link("/settings/account/cancellation"),
                ..Words::default()
            }),
            Letter::AccountClosed { company, name } => account_closed::render(&Words {
                company: plain(company),
                name: plain(name),
                url: site.link("/settings/account/cancellation"),
                ..Words::default()
            }),
            Letter::PlanChangeDropped { company, name, plan, kept, why } => plan_change_dropped::render(&Words {
                company: plain(company),
                name: plain(name),
                plan: plan.clone(),
                kept: kept.clone(),
                why: why.clone(),
                url: site.link("/settings/billing/plan"),
                ..Words::default()
            }),
            Letter::Test => test::render(&Words { url: site.origin().to_owned(), ..Words::default() }),
        };
        rendered.map_err(Failure::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t19_no_mail_reader_makes_a_link_of_a_name() {
        assert_eq!(plain("evil.test/prize"), "evil. test/prize");
        assert_eq!(plain("https://www.evil.test"), "https www. evil. test");
        assert_eq!(plain("Ada\r\nBcc: x@y.z"), "AdaBcc: x@y. z");
        assert_eq!(plain("Dr. J. R. Smith & Sons Inc."), "Dr. J. R. Smith & Sons Inc.");
    }
}
