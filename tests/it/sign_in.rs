//! Signing up, in and out, and what members do about themselves.

mod logout;
