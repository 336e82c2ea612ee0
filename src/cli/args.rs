//! Arguments: one flag a setting, from the settings' own table.

use std::{collections::BTreeMap, ffi::OsString, path::PathBuf};

use clap::{Arg, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::settings::SETTINGS;

/// A portal for the people side of a company's cloud phone system.
#[derive(Debug, Parser)]
#[command(name = "rollcall", version, subcommand_required = false)]
struct Cli {
    /// A toml file of settings.
    #[arg(long, global = true, value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What the program is asked to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Serve the portal (what happens without a command)
    Serve {
        /// Refuse an outdated database instead of bringing it up to date
        #[arg(long)]
        no_migrate: bool,
    },
    /// Fill an empty database with a sample company, print its sign-ins, and serve
    Demo(Demo),
    /// Bring the database's schema up to date
    Migrate {
        /// Only say whether there is something to do; exit 1 when there is
        #[arg(long)]
        check: bool,
    },
    /// Open an account with its Owner, whatever ROLLCALL_SIGNUP says
    CreateOwner(CreateOwner),
    /// Print a link that sets a new password
    ResetPassword(OneMember),
    /// Hand an account over to another Owner, whose former Owner is gone
    TransferOwnership(TransferOwnership),
    /// Remove the lost second factor of a member, such as the Owner
    ResetTwoFactor(OneMember),
    /// Work on sessions
    #[command(subcommand)]
    Sessions(Sessions),
    /// Say which invoices were paid
    #[command(subcommand)]
    Invoices(Invoices),
    /// Send a mail to see whether the settings work
    SendTestEmail {
        /// Where to send it
        address: String,
    },
    /// Ask a running server whether it is ready
    Healthcheck,
    /// Look for what is wrong with settings and data
    Doctor,
    /// Print the effective settings and where they come from
    Config {
        /// Print the content of .env.example instead
        #[arg(long)]
        env_example: bool,
    },
    /// Print a completion script
    Completions {
        /// bash, zsh, fish, elvish or powershell
        shell: clap_complete::Shell,
    },
}

/// A member whose sign-in is put in order.
#[derive(Debug, Args)]
pub(super) struct OneMember {
    /// The member's address, or account/username
    pub email: String,
    /// The account's short name, like acme; needed where the address is in several accounts
    #[arg(long, value_name = "SHORT-NAME")]
    pub account: Option<String>,
}

/// Whose account goes to whom.
#[derive(Debug, Args)]
pub(super) struct TransferOwnership {
    /// The account's short name, like acme
    #[arg(long)]
    pub account: String,
    /// The address of the new Owner: an active member of the account
    #[arg(long)]
    pub to: String,
}

/// Work on sessions.
#[derive(Debug, Subcommand)]
pub(super) enum Sessions {
    /// End every session of everybody
    Flush,
}

/// What to do with invoices.
#[derive(Debug, Subcommand)]
pub(super) enum Invoices {
    /// An invoice was paid
    MarkPaid {
        #[command(flatten)]
        which: OneInvoice,
        /// What was paid, like 58.00: an invoice with another total is left alone
        #[arg(long, value_name = "AMOUNT")]
        total: Option<String>,
    },
    /// The payment of an invoice failed, or was taken back
    MarkFailed(OneInvoice),
    /// Print invoices as tab-separated lines
    List {
        /// The account's short name, like acme; every account when left out
        #[arg(long, value_name = "SHORT-NAME")]
        account: Option<String>,
        /// Only those that are not paid
        #[arg(long)]
        open: bool,
    },
}

/// An invoice of an account.
#[derive(Debug, Args)]
pub(super) struct OneInvoice {
    /// Its number, like INV-0042 or 42
    pub number: String,
    /// The account's short name, like acme; needed where the server has several accounts
    #[arg(long, value_name = "SHORT-NAME")]
    pub account: Option<String>,
}

/// What the sample company is like.
#[derive(Debug, Args)]
pub(super) struct Demo {
    /// How many members
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(6..=5_000_000))]
    pub members: u32,
    /// Another number makes another company; the same one the same
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// End after filling
    #[arg(long)]
    pub no_serve: bool,
}

/// An account to open.
#[derive(Debug, Args)]
pub(super) struct CreateOwner {
    /// The company
    #[arg(long)]
    pub company: String,
    /// The Owner's name
    #[arg(long)]
    pub name: String,
    /// The Owner's address
    #[arg(long)]
    pub email: String,
    /// The plan
    #[arg(long, default_value = "free")]
    pub plan: String,
    /// The account's time zone
    #[arg(long, default_value = "UTC")]
    pub time_zone: String,
    /// Read the password from the first line of standard input
    #[arg(long, required = true)]
    pub password_stdin: bool,
}

type Parsed = (Command, BTreeMap<String, String>, Option<PathBuf>);

fn command() -> clap::Command {
    SETTINGS.iter().fold(Cli::command(), |command, setting| {
        let help = match setting.default {
            Some(default) if !default.is_empty() => format!("{} [default: {default}]", setting.help),
            _ => setting.help.to_owned(),
        };
        command.arg(Arg::new(setting.name).long(setting.flag()).global(true).value_name("VALUE").help(help).help_heading("Settings"))
    })
}

pub(super) fn parse(argv: impl IntoIterator<Item = OsString>) -> Result<Parsed, clap::Error> {
    let matches = command().try_get_matches_from(argv)?;
    let cli = Cli::from_arg_matches(&matches)?;
    let flags = SETTINGS.iter().filter_map(|setting| Some((setting.name.to_owned(), matches.get_one::<String>(setting.name)?.clone()))).collect();
    Ok((cli.command.unwrap_or(Command::Serve { no_migrate: false }), flags, cli.config))
}

pub(super) fn completions(shell: clap_complete::Shell) -> Result<(), String> {
    clap_complete::generate(shell, &mut command(), "rollcall", &mut std::io::stdout());
    Ok(())
}
