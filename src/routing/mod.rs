//! Who should ring: where calls can be sent, and whom a group rings.

mod destination;
mod rows;
mod way;

pub use destination::Destination;
pub use way::{Stop, find_loop, in_words};
