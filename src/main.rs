//! The `rollcall` program.

fn main() -> std::process::ExitCode {
    rollcall::cli::run(std::env::args_os())
}
