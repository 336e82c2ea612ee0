//! `rollcall demo`.
use crate::settings::Settings;
pub(super) fn run(_settings: Settings, _wish: &super::args::Demo) -> Result<(), String> { Ok(()) }
