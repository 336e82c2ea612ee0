//! The Members page, with every column and every byte of structure that the product's has.

use askama::Template;
use chrono::{DateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;

use crate::data::{Actor, Row};

#[derive(Template)]
#[template(path = "list.html")]
struct Page {
    company: String,
    me: String,
    role: &'static str,
    total: String,
    active: i64,
    invited: i64,
    q: String,
    range: String,
    groups: Vec<(String, String)>,
    rows: Vec<View>,
    next: Option<String>,
}

struct View {
    id: String,
    name: String,
    you: bool,
    under: String,
    role: &'static str,
    kind: &'static str,
    status: String,
    mail: Option<&'static str>,
    number: String,
    groups: String,
    seen: When,
    joined: When,
    invited: bool,
}

#[derive(Default)]
struct When {
    text: String,
    iso: String,
    full: String,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Year, month, day, hour, minute, second of seconds since 1970.
fn civil(secs: i64) -> (i64, i64, i64, i64, i64, i64) {
    let (days, of_day) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    (yoe + era * 400 + i64::from(month <= 2), month, day, of_day / 3600, of_day / 60 % 60, of_day % 60)
}

impl When {
    fn new(micros: i64, zone: Tz, words: Option<String>) -> Self {
        let secs = micros.div_euclid(1_000_000);
        let (y, m, d, h, min, s) = civil(secs);
        let utc = DateTime::from_timestamp(secs, 0).unwrap_or_default().naive_utc();
        let offset = zone.offset_from_utc_datetime(&utc).fix().local_minus_utc();
        let (ly, lm, ld, lh, lmin, _) = civil(secs + i64::from(offset));
        let month = MONTHS[lm as usize - 1];
        When {
            text: words.unwrap_or_else(|| format!("{ld} {month} {ly}")),
            iso: format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}Z"),
            full: format!("{ld} {month} {ly}, {lh:02}:{lmin:02} ({})", zone.name()),
        }
    }
}

fn ago(secs: i64) -> Option<String> {
    match secs {
        ..120 => Some("just now".into()),
        120..3600 => Some(format!("{} min ago", secs / 60)),
        3600..86_400 => Some(format!("{} h ago", secs / 3600)),
        86_400..172_800 => Some("yesterday".into()),
        _ => None,
    }
}

fn thousands(n: i64) -> String {
    match n {
        ..1000 => n.to_string(),
        1000..1_000_000 => format!("{},{:03}", n / 1000, n % 1000),
        _ => format!("{},{:03},{:03}", n / 1_000_000, n / 1000 % 1000, n % 1000),
    }
}

fn role(word: &str) -> &'static str {
    match word {
        "owner" => "Owner",
        "admin" => "Admin",
        "supervisor" => "Supervisor",
        _ => "Agent",
    }
}

fn name(first: String, last: &str, email: Option<&str>, username: Option<&str>) -> String {
    match (first.is_empty(), last.is_empty()) {
        (false, false) => first + " " + last,
        (false, true) => first,
        (true, false) => last.to_owned(),
        (true, true) => email.or(username).unwrap_or("Former member").to_owned(),
    }
}

fn view(row: Row, me: &str, now: i64, zone: Tz) -> View {
    let name = name(row.first, &row.last, row.email.as_deref(), row.username.as_deref());
    let invited = row.status == "invited";
    let left = (row.expires_at.unwrap_or(now) - now) / 1_000_000;
    let (kind, status) = match row.status.as_str() {
        "active" => ("ok", "Active".to_owned()),
        "deactivated" => ("", "Deactivated".to_owned()),
        _ if row.invitation.as_deref() == Some("void") => ("warn", "Send again".to_owned()),
        _ if left <= 0 => ("warn", "Invite expired".to_owned()),
        _ => ("info", format!("Invited · expires in {} days", left / 86_400)),
    };
    let mail = (invited && kind == "info").then_some(match row.mail.as_deref() {
        None => "Link handed over by hand",
        Some("sent") => "Mail sent",
        Some("queued") => "Mail queued",
        _ => "Mail failed",
    });
    let when = |micros: i64, never: &str, brief: bool| match micros {
        0 => When { text: never.into(), ..When::default() },
        _ => When::new(micros, zone, brief.then(|| ago((now - micros) / 1_000_000)).flatten()),
    };
    View {
        you: row.id == me,
        under: [row.email, row.username].into_iter().flatten().find(|under| *under != name).unwrap_or_default(),
        id: row.id,
        name,
        role: role(&row.role),
        kind,
        status,
        mail,
        number: row.numbers.unwrap_or_else(|| "—".into()),
        groups: row.groups.unwrap_or_else(|| "—".into()),
        seen: when(row.last_active_at, "never", true),
        joined: when(row.joined_at, "—", false),
        invited,
    }
}

pub fn render(actor: &Actor, mut rows: Vec<Row>, groups: Vec<(String, String)>, q: String) -> String {
    let now = Utc::now().timestamp_micros();
    let zone: Tz = actor.zone.as_deref().unwrap_or(&actor.account_zone).parse().unwrap_or(Tz::UTC);
    let total = actor.active + actor.invited + actor.deactivated;
    let more = rows.len() > 50;
    rows.truncate(50);
    let next = rows.last().filter(|_| more).map(|last| {
        let after = format!("50~{}~{}", last.sort_name, last.id);
        url::form_urlencoded::Serializer::new(String::new()).append_pair("after", &after).finish()
    });
    let many = if q.is_empty() { thousands(total) } else { rows.len().to_string() };
    let page = Page {
        company: actor.company.clone(),
        me: name(actor.first.clone(), &actor.last, actor.email.as_deref(), actor.username.as_deref()),
        role: role(&actor.role),
        total: thousands(total),
        active: actor.active,
        invited: actor.invited,
        range: format!("1–{} of {many}", rows.len()),
        q,
        groups,
        rows: rows.into_iter().map(|row| view(row, &actor.member, now, zone)).collect(),
        next,
    };
    let mut html = String::with_capacity(64 * 1024);
    page.render_into(&mut html).expect("memory takes it");
    html
}
