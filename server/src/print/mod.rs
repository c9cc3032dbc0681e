//! Pages of the portal as HTML, printed by the app's own views: read before the app is there, and without it.
//!
//! `backend` answers what a page asks, `words` are what it says, `document` puts a printed page into index.html,
//! `press` prints on demand. A page that cannot be printed is no failure there: the app's page goes out, which
//! shows what can be shown. `crate::prerender` prints all of them.

mod backend;
mod document;
mod press;
mod words;

pub use backend::{Network, Sources};
pub use document::{document, shell};
pub use press::{Material, Press, Print, Sheet};
pub use words::words;

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};

/// Marks the answer to a write that changed nothing, though it was not refused.
#[derive(Clone)]
pub struct Unchanged;

/// Once something has been written here, or may have been, pages are printed anew.
pub async fn follow(State(press): State<Arc<Press>>, request: Request, next: Next) -> Response {
    let is_reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let response = next.run(request).await;
    // What was refused has changed nothing.
    let is_unchanged =
        response.status().is_client_error() || response.extensions().get::<Unchanged>().is_some();
    if !is_reading && !is_unchanged {
        press.invalidate();
    }
    response
}
