//! Telephone numbers of an account: who holds them, and where their calls go.

mod phone;

pub use phone::PhoneNumber;
