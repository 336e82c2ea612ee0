//! Who should ring: where calls can be sent, and whom a group rings.

mod destination;

pub use destination::Destination;
