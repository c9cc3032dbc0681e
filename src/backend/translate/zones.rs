//! The rules of time zones, which the browser has, lent to the profile engine.

use std::{cell::RefCell, collections::HashMap};

use haidang_engine::time::Timestamp;

use crate::i18n::Zone;

const DAY: i64 = 86_400_000;

/// A zone, and what is known of its days.
struct Known {
    zone: Zone,
    /// The offset of a whole day; `None` where the clocks change on it. `Intl` is slow, and lists have many
    /// dates of few days.
    days: HashMap<i64, Option<i32>>,
}

thread_local! {
    /// By name; `None` is not known here.
    static ZONES: RefCell<HashMap<String, Option<Known>>> = RefCell::default();
}

/// Minutes east of UTC in the zone of an IANA name at an instant; `None` if the browser knows no such zone.
pub fn offset(name: &str, at: Timestamp) -> Option<i32> {
    ZONES.with_borrow_mut(|zones| {
        let known = zones
            .entry(name.to_owned())
            .or_insert_with(|| Zone::known(name).map(|zone| Known { zone, days: HashMap::new() }));
        let Known { zone, days } = known.as_mut()?;
        let day = at.0.div_euclid(DAY);
        let whole = days.entry(day).or_insert_with(|| {
            let [begins, ends] =
                [day, day + 1].map(|day| zone.offset(Timestamp(day.saturating_mul(DAY))));
            (begins == ends).then_some(begins)
        });
        Some(whole.unwrap_or_else(|| zone.offset(at)))
    })
}
