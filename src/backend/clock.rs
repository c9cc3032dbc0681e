//! The reader's clock.

use haidang_engine::time::Timestamp;

/// The moment it is, by the reader's clock.
pub fn now() -> Timestamp {
    instant(milliseconds())
}

/// Milliseconds since 1970.
#[cfg(target_arch = "wasm32")]
pub fn milliseconds() -> f64 {
    js_sys::Date::now()
}

/// Milliseconds since 1970.
#[cfg(not(target_arch = "wasm32"))]
pub fn milliseconds() -> f64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.unwrap_or_default().as_secs_f64() * 1000.0
}

/// A moment, by milliseconds since 1970.
pub fn instant(milliseconds: f64) -> Timestamp {
    #[expect(clippy::as_conversions, reason = "a clock's milliseconds; saturates")]
    Timestamp(milliseconds as i64)
}
