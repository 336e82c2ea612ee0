//! The pages of signing in.

mod choice;
pub mod login;
pub mod password;
pub mod reset;
pub mod sessions;
