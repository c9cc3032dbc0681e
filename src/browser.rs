//! The browser around the app. Natively, where pages are printed, there is none, and asking the bindings for
//! it would end the process.

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

/// The document in the [`window`].
pub fn document() -> Option<Document> {
    window()?.document()
}
