//! The policy on one screen (R13–R16). A change of it shows here, and in the documents' table.

use rollcall::authz::{PermissionWord, Role};

#[test]
fn r13_to_r16_who_holds_what() {
    let row = |permission: &PermissionWord| {
        let marks = Role::ALL.iter().map(|role| if permission.held_by(*role) { "x" } else { "." });
        format!("{:<19} {}", format!("{permission:?}"), marks.collect::<Vec<_>>().join(" "))
    };
    let head = format!("{:<19} {}", "", Role::ALL.iter().map(|role| &role.name()[..1]).collect::<Vec<_>>().join(" "));
    let table: Vec<String> = std::iter::once(head).chain(PermissionWord::ALL.iter().map(row)).collect();
    insta::assert_snapshot!(table.join("\n"), @"
                        O A S A
    SignedIn            x x x x
    OwnPassword         x x x x
    OwnSecondFactor     x x x x
    ManageMembers       x x . .
    ManageGroups        x x . .
    ManageNumbers       x x . .
    ManageCallFlows     x x . .
    ManageIntegrations  x x . .
    ManageAccount       x x . .
    ReadAuditLog        x x . .
    ManageCampaigns     x x . .
    ExportData          x x . .
    ReadAnalytics       x x x .
    MonitorCalls        x x x .
    ManageBilling       x . . .
    TransferOwnership   x . . .
    CancelAccount       x . . .
    ");
}

#[test]
fn r14_a_refusal_names_who_can() {
    for permission in PermissionWord::ALL {
        let named = permission.holders();
        for (role, words) in [(Role::Owner, "Owner"), (Role::Admin, "Admin"), (Role::Supervisor, "Supervisor")] {
            let says = named.contains(words) || named == "a signed-in member";
            assert_eq!(says, permission.held_by(role), "{permission:?} is held by {named}");
        }
    }
}
