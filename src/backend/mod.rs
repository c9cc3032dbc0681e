//! The browser's side of any backend: requests out, answers kept, bodies parsed.

mod bodies;
mod cache;
mod clock;
pub mod disk;
mod dom;
mod fetch;
pub mod kept;
mod loader;
mod told;
mod translate;
mod trusted;

pub use bodies::{Origin, remember, remembered};
pub use cache::{Kept, Mode, News, prime};
pub use clock::now;
pub use dom::{parse_article, parse_beside, parse_body, parse_html};
pub use fetch::{ask_early, document_base, early_requests, fetch_text, send_text};
pub use loader::{Loader, Memory, warn};
pub use told::{tell, told};
pub use translate::learn_offers;
pub use trusted::{is_allowed, worker as worker_address};
#[cfg(not(target_arch = "wasm32"))]
pub use {fetch::Fetched, loader::Backend};
