//! The command line. Errors are one sentence with the fix, exit 1; bad usage exits 2.

mod args;
mod check;
mod demo;
mod invoices;
mod print;
mod serve;
mod work;

use std::{ffi::OsString, io::IsTerminal, process::ExitCode};

use crate::settings::{LogFormat, Settings, Source};

/// Runs the program with these arguments.
pub fn run(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    let (command, flags, config) = match args::parse(argv) {
        Ok(parsed) => parsed,
        Err(usage) => {
            // Help and version are answers, not mistakes; clap knows which.
            let _ = usage.print();
            return ExitCode::from(u8::try_from(usage.exit_code()).unwrap_or(2));
        }
    };
    let outcome = Source::gather(&flags, config.as_deref()).and_then(|source| dispatch(command, &source));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("rollcall: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: args::Command, source: &Source) -> Result<(), String> {
    use args::Command;
    if let Command::Completions { shell } = command {
        return args::completions(shell);
    }
    let settings = Settings::read(source)?;
    start_log(&settings);
    match command {
        Command::Serve { no_migrate } => serve::run(settings, no_migrate),
        Command::Demo(wish) => demo::run(settings, &wish),
        Command::Migrate { check } => work::migrate(&settings, check),
        Command::CreateOwner(wish) => work::create_owner(&settings, &wish),
        Command::ResetPassword(wish) => work::reset_password(&settings, &wish),
        Command::TransferOwnership(wish) => work::transfer_ownership(&settings, &wish),
        Command::ResetTwoFactor(wish) => work::reset_two_factor(&settings, &wish),
        Command::Sessions(args::Sessions::Flush) => work::flush_sessions(&settings),
        Command::Invoices(wish) => invoices::run(&settings, &wish),
        Command::SendTestEmail { address } => check::send_test_email(&settings, &address),
        Command::Healthcheck => check::healthcheck(&settings),
        Command::Doctor => check::doctor(&settings),
        Command::Config { env_example } => print::config(source, env_example),
        Command::Completions { .. } => Ok(()),
    }
}

fn start_log(settings: &Settings) {
    use tracing_subscriber::{EnvFilter, fmt};
    let filter = EnvFilter::new(&settings.log);
    let log = fmt().with_env_filter(filter).with_ansi(std::io::stderr().is_terminal()).with_writer(std::io::stderr);
    // A second start in one process, as tests do, keeps the first log.
    let _ = match settings.log_format {
        LogFormat::Text => log.try_init(),
        LogFormat::Json => log.json().try_init(),
    };
}
