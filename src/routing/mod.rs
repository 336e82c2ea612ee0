//! Who should ring: where calls can be sent, and whom a group rings.

mod destination;
mod rows;
mod said;
mod turn;
#[cfg(test)]
mod turns;
mod way;

pub use destination::Destination;
pub use turn::{Ring, Seat, Snapshot, Turn};
pub use way::{Stop, find_loop, in_words};
