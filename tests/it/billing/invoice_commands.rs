//! The seam for payments: an operator, or a program of theirs, says which invoices were paid.

use crate::{cli::program::Site, support::PASSWORD};

const HEADER: &str = "account\tnumber\tdate\ttotal\tstatus";

fn second_account(site: &Site) {
    let arguments = ["create-owner", "--company", "Globex", "--name", "Gus Hart", "--email", "gus@globex.test", "--plan", "pro", "--password-stdin"];
    site.run_with(&arguments, &format!("{PASSWORD}\n")).well();
}

#[test]
fn an_invoice_is_marked_as_paid_or_failed_and_the_audit_log_says_by_whom() {
    let site = Site::new();
    site.create_owner("team").well();
    assert_eq!(site.run(&["invoices", "mark-paid", "INV-0001"]).well().trim(), "INV-0001 of acme, $58.00, is paid now.");
    let again = site.run(&["invoices", "mark-paid", "1"]);
    assert_eq!(again.well().trim(), "INV-0001 of acme, $58.00, is paid already; nothing was changed.", "a second time does no harm");
    assert_eq!(site.run(&["invoices", "mark-failed", "inv-1"]).well().trim(), "INV-0001 of acme, $58.00, is failed now.");
    let _served = site.serve();
    let log = site.ada().get("/settings/audit-log.csv").body;
    let settled: Vec<&str> = log.lines().filter(|line| line.contains("invoice.settled")).collect();
    assert_eq!(settled.len(), 2, "{log}");
    for said in ["INV-0001, $58.00: paid, was open", "INV-0001, $58.00: failed, was paid"] {
        assert!(settled.iter().any(|line| line.contains("the server's operator") && line.contains(said)), "{said}: {log}");
    }
    site.run(&["doctor"]).well();
}

#[test]
fn invoices_are_listed_for_programs() {
    let site = Site::new();
    site.create_owner("team").well();
    second_account(&site);
    let rows = |arguments: &[&str]| -> Vec<String> {
        let ended = site.run(arguments);
        let mut lines = ended.well().lines();
        assert_eq!(lines.next(), Some(HEADER));
        let kept = |line: &str| line.split('\t').enumerate().filter(|(column, _)| *column != 2).map(|(_, cell)| cell.to_owned()).collect::<Vec<_>>();
        lines.map(|line| kept(line).join(" ")).collect()
    };
    let mut all = rows(&["invoices", "list"]);
    all.sort();
    assert_eq!(all, ["acme INV-0001 58.00 open", "globex INV-0001 98.00 open"]);
    assert_eq!(rows(&["invoices", "list", "--account", "globex"]), ["globex INV-0001 98.00 open"]);
    site.run(&["invoices", "mark-paid", "1", "--account", "globex"]).well();
    assert_eq!(rows(&["invoices", "list", "--open"]), ["acme INV-0001 58.00 open"]);
}

#[test]
fn an_invoice_that_is_not_clear_is_not_settled() {
    let site = Site::new();
    assert!(site.run(&["invoices", "mark-paid", "1"]).sentence().contains("There is no account yet."));
    site.create_owner("team").well();
    for (number, said) in [
        ("forty-two", "\"forty-two\" is no invoice number; write it like INV-0042."),
        ("INV-0000", "\"INV-0000\" is no invoice number"),
        ("7", "Acme has no invoice INV-0007; `rollcall invoices list --account acme` lists them."),
    ] {
        assert!(site.run(&["invoices", "mark-paid", number]).sentence().contains(said), "{number}");
    }
    second_account(&site);
    let several = site.run(&["invoices", "mark-paid", "INV-0001"]);
    let said = several.sentence();
    assert!(said.contains("nothing was changed. Name one with --account: acme, globex."), "{said}");
    let nobody = site.run(&["invoices", "mark-failed", "1", "--account", "initech"]);
    assert!(nobody.sentence().contains("no account has the short name initech"), "{nobody:?}");
    assert_eq!(site.run(&["invoices", "mark-paid"]).code, Some(2), "wrong usage");
    assert!(!site.run(&["invoices", "list"]).well().contains("paid"));
    assert!(site.run(&["completions", "bash"]).well().contains("mark-paid"));
}

#[test]
fn a_payment_settles_no_more_than_was_paid() {
    let site = Site::new();
    site.create_owner("team").well();
    let refused = site.run(&["invoices", "mark-paid", "1", "--total", "43.50"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.sentence().contains("INV-0001 of acme is $58.00 and not $43.50, so nothing was changed"), "{refused:?}");
    assert!(site.run(&["invoices", "mark-paid", "1", "--total", "a lot"]).sentence().contains("\"a lot\" is no amount of US dollars"));
    assert!(site.run(&["invoices", "list"]).well().contains("\t58.00\topen"), "it is open as before");
    assert_eq!(site.run(&["invoices", "mark-paid", "1", "--total", "58.00"]).well().trim(), "INV-0001 of acme, $58.00, is paid now.");
}
