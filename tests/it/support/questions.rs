//! How often a database was asked.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::World;

/// Statements by the database they were sent to: other tests of this process have theirs.
static ASKED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Counts what goes over one connection.
#[derive(Default)]
struct Counter(String);

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.0 = url.to_owned(),
            InstrumentationEvent::StartQuery { .. } => {
                *ASKED.lock().unwrap_or_else(PoisonError::into_inner).entry(self.0.clone()).or_default() += 1;
            }
            _ => {}
        }
    }
}

/// Counts what is asked over connections that are opened from now on: before the world is.
pub fn count() {
    set_default_instrumentation(|| Some(Box::<Counter>::default())).expect("counted connections");
}

impl World {
    /// How many statements this world's database has been sent since [`count`].
    pub fn asked(&self) -> usize {
        let url = self.database.url.trim_start_matches("sqlite://");
        ASKED.lock().unwrap_or_else(PoisonError::into_inner).get(url).copied().unwrap_or_default()
    }
}
