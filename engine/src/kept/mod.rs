//! What is kept for reading without a network: what is known of it, how much of it stays, how it is found.
//!
//! An answer of a backend is kept with an [`About`], small enough that all of them are read at once. What
//! the reader wants kept is named by a [`Holding`]: a saved article or a section taken along. [`surplus`]
//! says what has to go when it becomes too much; what is held never does. [`Finder`] searches over the
//! articles' cards by the rules of the server.

mod about;
mod find;
mod holding;
mod pack;
mod saved;

pub use about::{About, Limits, SKEW, age, is_due, print, surplus};
pub use find::{Card, Finder};
pub use holding::Holding;
pub use pack::{Pack, Packed, Progress};
pub use saved::{Saved, State};

/// The version of every record here; a newer one is left alone.
const VERSION: u32 = 1;
