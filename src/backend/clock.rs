//! The reader's clock.

use haidang_engine::time::Timestamp;

/// The moment it is, by the reader's clock.
#[cfg(target_arch = "wasm32")]
#[expect(clippy::as_conversions, reason = "a clock's milliseconds; saturates")]
pub fn now() -> Timestamp {
    Timestamp(js_sys::Date::now() as i64)
}

/// The moment it is, by the clock of whoever prints.
#[cfg(not(target_arch = "wasm32"))]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.unwrap_or_default().as_millis().try_into().unwrap_or(i64::MAX))
}
