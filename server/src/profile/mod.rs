//! What a web team asks before its portal runs: whether a profile reads its backend (`check`), and what
//! stands at an address (`detect`).
//!
//! `check` walks through what a profile maps: an operation is planned, `answers` sends it or finds what was
//! recorded, the engine maps it, `report` says what came of it. `detect` follows `marks` and writes a
//! first portal.json, `draft`.

mod answers;
mod check;
mod detect;
mod draft;
mod marks;
mod recorded;
mod report;
pub mod zones;

pub use answers::response;
pub use check::check;
pub use detect::{Detected, detect};
pub use report::Report;
