//! The audit log's filters: strings to types.

use chrono::NaiveDate;

use super::{Event, Filter};
use crate::web::{listing::Query, zone::Zone};

/// The filter of an address; what no filter can be is ignored. Days are days in `zone`, the last one whole.
pub fn read_filter(query: &Query, zone: Zone) -> Filter {
    let day = |name: &str| query.get(name).parse::<NaiveDate>().ok();
    Filter {
        q: query.get("q").to_lowercase().chars().take(200).collect(),
        actor: query.get("actor").parse().ok(),
        event: Event::from_word(query.get("event")),
        from: day("from").map(|day| zone.start_of(day)),
        until: day("to").and_then(|day| day.succ_opt()).map(|day| zone.start_of(day)),
    }
}
