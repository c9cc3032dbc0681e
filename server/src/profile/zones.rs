//! The rules of time zones, which the system has, lent to the profile engine.

use haidang_engine::time::Timestamp;

/// Minutes east of UTC in the zone of an IANA name at an instant; `None` if there is no such zone.
pub fn offset(name: &str, at: Timestamp) -> Option<i32> {
    let zone = jiff::tz::TimeZone::get(name).ok()?;
    let instant = jiff::Timestamp::from_millisecond(at.0).ok()?;
    Some(zone.to_offset(instant).seconds() / 60)
}
