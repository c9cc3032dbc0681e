//! The rules of time zones, which the browser has, lent to the profile engine.

use std::{cell::RefCell, collections::HashMap};

use haidang_engine::time::Timestamp;

use crate::i18n::Zone;

thread_local! {
    /// By name; `None` is not known here.
    static ZONES: RefCell<HashMap<String, Option<Zone>>> = RefCell::default();
}

/// Minutes east of UTC in the zone of an IANA name at an instant; `None` if the browser knows no such zone.
pub fn offset(name: &str, at: Timestamp) -> Option<i32> {
    ZONES.with_borrow_mut(|zones| {
        let zone = zones.entry(name.to_owned()).or_insert_with(|| Zone::known_as(name));
        zone.as_ref().map(|zone| zone.offset(at))
    })
}
