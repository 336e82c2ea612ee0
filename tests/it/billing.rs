//! Seats and billing (R31 to R39).

mod acts;
mod books;
mod model;
mod paths;
mod races;
mod renewal;
