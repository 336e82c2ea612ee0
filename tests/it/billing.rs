//! Seats and billing (R31–R39).

mod banners;
mod money_first;
mod previews;
