//! The pages of signing in.

mod choice;
pub mod confirmation;
pub mod factor_reset;
pub mod login;
pub mod password;
pub mod reset;
pub mod second_factor;
pub mod second_step;
pub mod sessions;
