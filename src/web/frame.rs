//! What every page shows around its content: who is signed in, what they may open, the news of the last click.

use serde::{Deserialize, Serialize};

use crate::{
    authz::{Actor, PermissionWord},
    members::Theme,
};

/// How a flash is coloured, beside its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FlashKind {
    /// It worked.
    Ok,
    /// It worked, but.
    Warn,
    /// It did not work.
    Bad,
}

impl FlashKind {
    /// The word of the style sheet.
    pub const fn word(self) -> &'static str {
        match self {
            FlashKind::Ok => "ok",
            FlashKind::Warn => "warn",
            FlashKind::Bad => "bad",
        }
    }
}

/// Where a flash leads on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlashLink {
    /// The words of the link.
    pub label: String,
    /// A local path.
    pub href: String,
}

/// The news of the last click, shown once on the next page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// Its colour.
    pub kind: FlashKind,
    /// Its sentence.
    pub text: String,
    /// Where it leads on.
    pub link: Option<FlashLink>,
    /// The path to post to, where it can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<String>,
}

impl Flash {
    /// It worked.
    pub fn ok(text: impl Into<String>) -> Self {
        Flash { kind: FlashKind::Ok, text: text.into(), link: None, undo: None }
    }
    /// It worked, but.
    pub fn warn(text: impl Into<String>) -> Self {
        Flash { kind: FlashKind::Warn, text: text.into(), link: None, undo: None }
    }
    /// With a button that undoes it by posting to `path`.
    #[must_use]
    pub fn with_undo(self, path: String) -> Self {
        Flash { undo: Some(path), ..self }
    }
    /// It did not work.
    pub fn bad(text: impl Into<String>) -> Self {
        Flash { kind: FlashKind::Bad, text: text.into(), link: None, undo: None }
    }
}

/// Whoever is signed in.
#[derive(Clone, Debug)]
pub struct Me {
    /// Their name.
    pub name: String,
    /// Their role as pages write it.
    pub role: &'static str,
    /// Their own page.
    pub href: &'static str,
}

/// What they may open: the same policy as the doors' (ARCHITECTURE: a hidden link and a refused request agree).
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "named after the permissions")]
pub struct May {
    pub manage_members: bool,
    pub manage_groups: bool,
    pub manage_numbers: bool,
    pub manage_call_flows: bool,
    pub manage_integrations: bool,
    pub manage_account: bool,
    pub read_audit_log: bool,
    pub manage_campaigns: bool,
    pub read_analytics: bool,
    pub manage_billing: bool,
    pub cancel_account: bool,
}

impl May {
    fn of(actor: &Actor) -> Self {
        use PermissionWord::*;
        May {
            manage_members: actor.may(ManageMembers),
            manage_groups: actor.may(ManageGroups),
            manage_numbers: actor.may(ManageNumbers),
            manage_call_flows: actor.may(ManageCallFlows),
            manage_integrations: actor.may(ManageIntegrations),
            manage_account: actor.may(ManageAccount),
            read_audit_log: actor.may(ReadAuditLog),
            manage_campaigns: actor.may(ManageCampaigns),
            read_analytics: actor.may(ReadAnalytics),
            manage_billing: actor.may(ManageBilling),
            cancel_account: actor.may(CancelAccount),
        }
    }
}

/// Which pages this build has, so that no link leads to nothing.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs, reason = "named after the pages")]
pub struct Has {
    pub groups: bool,
    pub numbers: bool,
    pub call_flows: bool,
    pub account: bool,
    pub billing: bool,
    pub integrations: bool,
    pub calls: bool,
    pub inbox: bool,
    pub campaigns: bool,
    pub analytics: bool,
}

impl Has {
    const NOW: Has = Has {
        groups: true,
        numbers: true,
        call_flows: false,
        account: true,
        billing: true,
        integrations: false,
        calls: false,
        inbox: false,
        campaigns: false,
        analytics: false,
    };
}

/// Everything around a page's content.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Whoever is signed in.
    pub me: Option<Me>,
    /// The account's name; empty where nobody is signed in.
    pub company: String,
    /// What they may open.
    pub may: May,
    /// Which pages there are.
    pub has: Has,
    /// The news of the last click.
    pub flash: Option<Flash>,
    /// Light, dark or as the system.
    pub theme: Theme,
    /// The navigation's key of this page.
    pub here: &'static str,
    /// The request's id, as failure pages and logs name it.
    pub request_id: String,
}

impl Frame {
    /// The frame of a page for `actor`.
    pub fn for_actor(actor: &Actor, here: &'static str, flash: Option<Flash>, request_id: String) -> Self {
        Frame {
            me: Some(Me { name: actor.name.clone(), role: actor.role.name(), href: "/profile" }),
            company: actor.company.clone(),
            may: May::of(actor),
            has: Has::NOW,
            flash,
            theme: actor.theme,
            here,
            request_id,
        }
    }

    /// The frame of a page for anybody.
    pub fn for_anybody(theme: Theme, request_id: String) -> Self {
        Frame { me: None, company: String::new(), may: May::default(), has: Has::default(), flash: None, theme, here: "", request_id }
    }
}
