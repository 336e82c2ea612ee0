//! What the ledger and the invoices say, line by line, for pages and files.

use super::{Day, Entry, Invoice, Step, Subscription, rows};
use crate::{
    db::{AccountId, Conn, InvoiceId, MemberId},
    failure::Failure,
    members::display_name,
    web::listing::PAGE_SIZE,
};

/// Whoever a line is about.
#[derive(Clone, Debug)]
pub struct Who {
    /// Their name; of somebody erased "Former member".
    pub name: String,
    /// Whose page to open; of somebody erased there is none.
    pub id: Option<MemberId>,
}

/// A line of the ledger with the names in it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The line.
    pub entry: Entry,
    /// Whoever it is about.
    pub who: Option<Who>,
    /// The name of its invoice; none where nothing was charged.
    pub invoice: Option<String>,
}

/// A line without a name, for mails, which are kept elsewhere.
impl From<Entry> for Line {
    fn from(entry: Entry) -> Self {
        Line { entry, who: None, invoice: None }
    }
}

impl Line {
    fn of((entry, person, invoice): rows::Named) -> Self {
        let named = |(first, last, email, username, erased_at): rows::Person| match erased_at {
            Some(_) => Who { name: "Former member".into(), id: None },
            None => Who { name: display_name(&first, &last, email.as_deref(), username.as_deref()), id: entry.member_id },
        };
        Line { who: person.map(named), invoice: invoice.map(Invoice::name_of), entry }
    }

    /// What happened, behind the name of whoever it is about where there is one.
    pub fn what(&self) -> String {
        let plan = &self.entry.plan;
        match self.entry.step {
            Step::Opened => format!("Account opened on {plan}"),
            Step::Renewed => format!("{plan} renewed"),
            Step::Reopened => format!("Account reopened on {plan}"),
            Step::Accepted if self.entry.member_id.is_none() => "People joined".into(),
            Step::Accepted => "accepted".into(),
            Step::Created => "was created".into(),
            Step::Reactivated => "was reactivated".into(),
            Step::Restored => "was restored".into(),
            Step::Deactivated => "was deactivated".into(),
            Step::Removed => "was removed".into(),
            Step::Upgraded => format!("Plan changed to {plan}"),
            Step::MinimumRaised => format!("{plan} has at least {} seats", self.entry.paid_seats),
            Step::Closed => "Account closed".into(),
        }
    }

    /// The whole of it in one sentence, for files and mails.
    pub fn sentence(&self) -> String {
        match &self.who {
            Some(who) => format!("{} {}", who.name, self.what()),
            None if self.entry.member_id.is_some() => format!("A member {}", self.what()),
            None => self.what(),
        }
    }

    /// The cycle that the line belongs to, up to the day on which the next begins: "2 Apr 2026 to 2 May 2026".
    pub fn period(&self) -> String {
        let first = self.entry.cycle_starts_on;
        format!("{first} to {}", Day::from_number(first.as_number_ref() + self.entry.days_in_cycle))
    }

    /// The formula of what was charged, or why nothing was (R33, R34).
    pub fn why(&self) -> String {
        let charge = self.entry.charge();
        match self.entry.step {
            Step::Closed => String::new(),
            Step::Deactivated | Step::Removed => "Their seat stays paid until the cycle ends".into(),
            Step::Upgraded if charge.price.is_zero() => "The price is the same".into(),
            _ if charge.seats == 0 => "A paid seat was free".into(),
            _ if charge.price.is_zero() => format!("{} has no charge", self.entry.plan),
            _ => charge.formula(),
        }
    }
}

/// A page of the running cycle's ledger.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The lines, newest first, each with how many more active members there were after it.
    pub lines: Vec<(Line, i64)>,
    /// Lines of the cycle that are newer than the page's.
    pub before: i64,
    /// Lines of the cycle.
    pub count: i64,
    /// The `before` of the next page, where there is one.
    pub next: Option<i64>,
    /// Has the cycle its first line? Not while its renewal is due: that writes it.
    pub has_begun: bool,
}

/// The lines of the subscription's cycle before the number `before` (all, when `None`), newest first: at most a page of them.
pub fn ledger(conn: &mut Conn, of: &Subscription, before: Option<i64>) -> Result<Ledger, Failure> {
    let starts_on = of.seats.cycle.starts_on;
    let Some(first) = rows::find_beginning(conn, of.account, starts_on)? else {
        return Ok(Ledger { lines: Vec::new(), before: 0, count: 0, next: None, has_begun: false });
    };
    // One more than a page: how many are active is compared with the line before.
    let found = rows::list_lines(conn, of.account, before.unwrap_or(i64::MAX), PAGE_SIZE as i64 + 1)?;
    let active: Vec<i64> = found.iter().skip(1).map(|(entry, ..)| entry.active_seats).chain([0]).collect();
    let own = found.into_iter().zip(active).filter(|((entry, ..), _)| entry.number >= first).take(PAGE_SIZE);
    let lines: Vec<(Line, i64)> = own.map(|(named, earlier)| (named.0.active_seats - earlier, Line::of(named))).map(|(n, line)| (line, n)).collect();
    let (newest, oldest) = (lines.first().map(|(line, _)| line.entry.number), lines.last().map(|(line, _)| line.entry.number));
    Ok(Ledger {
        before: newest.map_or(0, |newest| (of.entries - newest).max(0)),
        count: (of.entries - first + 1).max(lines.len() as i64),
        next: oldest.filter(|oldest| *oldest > first),
        lines,
        has_begun: true,
    })
}

/// At most a page of the account's invoices before the number `before` (all, when `None`), newest first, and the `before` of
/// the next page, where there is one.
pub fn invoices(conn: &mut Conn, account: AccountId, before: Option<i64>) -> Result<(Vec<Invoice>, Option<i64>), Failure> {
    let mut found = rows::list_invoices(conn, account, before.unwrap_or(i64::MAX), PAGE_SIZE as i64 + 1)?;
    let more = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let next = found.last().filter(|_| more).map(|last| last.number);
    Ok((found, next))
}

/// Rows that are read at a time, where all are wanted.
const CHUNK: i64 = 500;

/// Hands every invoice of the account to `each`, newest first.
pub fn each_invoice(conn: &mut Conn, account: AccountId, mut each: impl FnMut(&Invoice) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut before = Some(i64::MAX);
    while let Some(number) = before {
        let (found, next) = invoices(conn, account, Some(number))?;
        found.iter().try_for_each(&mut each)?;
        before = next;
    }
    Ok(())
}

/// An invoice with its lines, oldest first.
#[derive(Clone, Debug)]
pub struct Bill {
    /// The invoice.
    pub invoice: Invoice,
    /// Its lines.
    pub lines: Vec<Line>,
    /// The number of the last line, where more follow.
    pub next: Option<i64>,
}

impl Bill {
    /// The cycle of its lines; of a day on which one ended and another began, both.
    pub fn period(&self) -> String {
        let mut periods: Vec<String> = self.lines.iter().map(Line::period).collect();
        periods.dedup();
        periods.join(", ")
    }
    /// The total is what the lines add up to, once all are there: somebody may have joined since the invoice was read.
    fn add_up(mut self) -> Self {
        self.invoice.total = self.lines.iter().map(|line| line.entry.amount).sum();
        self
    }
}

/// The account's invoice of this id, and as many of its lines behind the number `after` as a page shows.
///
/// # Errors
/// [`Failure::NotFound`] for an id of no invoice of the account.
pub fn bill(conn: &mut Conn, account: AccountId, id: InvoiceId, after: i64) -> Result<Bill, Failure> {
    let invoice = rows::find_invoice(conn, account, id)?.ok_or(Failure::NotFound)?;
    let mut found = rows::list_invoiced(conn, account, id, after, CHUNK + 1)?;
    let more = found.len() as i64 > CHUNK;
    found.truncate(CHUNK as usize);
    let lines: Vec<Line> = found.into_iter().map(Line::of).collect();
    let next = lines.last().filter(|_| more).map(|last| last.entry.number);
    let bill = Bill { invoice, lines, next };
    Ok(if after == 0 && !more { bill.add_up() } else { bill })
}

/// The account's invoice of this id with every line.
///
/// # Errors
/// [`Failure::NotFound`] for an id of no invoice of the account.
pub fn whole_bill(conn: &mut Conn, account: AccountId, id: InvoiceId) -> Result<Bill, Failure> {
    let mut whole = bill(conn, account, id, 0)?;
    while let Some(after) = whole.next {
        let more = bill(conn, account, id, after)?;
        whole.lines.extend(more.lines);
        whole.next = more.next;
    }
    Ok(whole.add_up())
}
