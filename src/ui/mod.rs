//! Small views used on several pages.

mod blocks;
mod failure;
mod files;
mod footer;
mod header;
mod headline;
mod install;
mod notices;
mod paging;
mod picture;
mod progress;
mod save;
mod share;
mod staleness;
mod time;
mod tray;
mod update;
mod waiting;

pub use blocks::{blocks, first_screen, readers_blocks};
pub use failure::failure_text;
pub use files::files;
pub use footer::footer;
pub use header::{field, header};
pub use headline::{Look, headlines, title};
pub use install::install;
pub use notices::notices;
pub use paging::paging;
pub use picture::{is_veiled, picture, unveiled};
pub use progress::progress;
pub use save::{save, trouble_text};
pub use share::share;
pub use staleness::staleness;
pub use time::{day, instant};
pub use update::watch_updates;
pub use waiting::{prepare_waiting, waiting};
