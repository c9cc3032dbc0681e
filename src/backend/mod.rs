//! The browser's side of any backend: requests out, answers kept, bodies parsed.

mod cache;
mod dom;
mod fetch;
mod loader;
mod told;
mod translate;
mod trusted;

pub use cache::Mode;
pub use dom::parse_html;
pub use fetch::{ask_early, document_base, early_requests, fetch_text};
pub use loader::{Loader, Memory, now, warn};
pub use told::{tell, told};
pub use translate::learn_offers;
pub use trusted::is_allowed;
