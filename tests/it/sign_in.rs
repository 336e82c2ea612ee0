//! Signing up, in and out, and what members do about themselves.

mod email_change;
mod login;
mod logout;
mod password_change;
mod profile;
mod reset;
mod sessions;
mod several_accounts;
mod signup;
mod stored_sessions;
mod throttle;
