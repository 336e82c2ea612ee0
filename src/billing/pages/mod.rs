//! The pages of billing.

pub mod plan;
