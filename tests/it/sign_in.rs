//! Signing up, in and out, and what members do about themselves.

mod account_policy;
mod email_change;
mod factor_reset;
mod fresh_password;
mod login;
mod logout;
mod password_change;
mod profile;
mod reset;
mod second_step;
mod sessions;
mod several_accounts;
mod signup;
mod stored_sessions;
mod throttle;
mod two_factor;
