//! The one clock of a thread: once a minute it says anew how long ago comments were written.

use std::time::Duration;

use leptos::prelude::*;

/// The finest a time is told.
const MINUTE: Duration = Duration::from_secs(60);

/// Calls once a minute until the thread goes.
pub fn run(tick: impl Fn() + 'static) {
    // Fails only where there is no window.
    if let Ok(clock) = set_interval_with_handle(tick, MINUTE) {
        on_cleanup(move || clock.clear());
    }
}
