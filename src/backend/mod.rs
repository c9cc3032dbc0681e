//! The browser's side of any backend: requests out, answers kept, bodies parsed.

mod cache;
mod dom;
mod fetch;
mod loader;
mod translate;
mod trusted;

pub use cache::Mode;
pub use dom::parse_html;
pub use fetch::{document_base, early_requests, fetch_text, send_text};
pub use loader::{Loader, Memory, now, warn};
pub use translate::learn_offers;
pub use trusted::worker as worker_address;
