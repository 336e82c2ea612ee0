//! Seats and billing (R31 to R39).

mod invoice_commands;
mod plans_file;
mod renewal_mail;
mod ticker;
mod wrong_ledgers;
