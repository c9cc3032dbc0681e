//! What the reader knows without a browser.
//!
//! Everything here is pure: no I/O, no Leptos, no clock. The app, the elements and the server link it;
//! `cargo test -p haidang-engine` checks it on the host.
//!
//! - [`route`]: the addresses of the portal, parsed and printed.
//! - [`model`]: articles, comments, documents … as plain data.
//! - [`json`]: text into values and back.
//! - [`read`]: JSON into the model, saying what it could not read and where.
//! - [`profile`]: the portal's configuration, and requests out to its backends.
//! - [`content`]: untrusted bodies into typed blocks.
//! - [`thread`]: the order of a comment thread.
//! - [`outbox`]: what a reader has written and no server has taken yet.
//! - `publish`: what search engines, feed readers and previews are told; natively alone.
//! - [`kept`]: what is kept for reading without a network, and how it is found.
//! - [`time`], [`lang`], [`fold`]: instants, languages, comparison of text.

pub mod content;
pub mod fold;
pub mod json;
pub mod kept;
pub mod lang;
pub mod model;
pub mod outbox;
pub mod profile;
#[cfg(not(target_arch = "wasm32"))]
pub mod publish;
pub mod read;
pub mod route;
pub mod thread;
pub mod time;
