//! Where files are kept: the setting, the start, and what `doctor` says.

mod doctor;
mod start;
