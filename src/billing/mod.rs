//! Plans and what they allow.

mod plans;

pub use plans::{Plan, Plans};
