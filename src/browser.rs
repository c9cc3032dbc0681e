//! The browser around the app. Natively, where pages are printed, there is none, and asking the bindings for
//! it would end the process.

use gloo_timers::future::TimeoutFuture;
use web_sys::{Document, Window};

/// The window; `None` in a worker, and natively.
#[cfg(target_arch = "wasm32")]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The window; `None` in a worker, and natively.
#[cfg(not(target_arch = "wasm32"))]
pub fn window() -> Option<Window> {
    None
}

/// Ends the task: what the reader does is answered, and painted, before the next piece of work.
pub async fn breathe() {
    TimeoutFuture::new(0).await;
}

/// The document in the [`window`].
pub fn document() -> Option<Document> {
    window()?.document()
}
