//! The user groups' pages.

pub mod greeting;
