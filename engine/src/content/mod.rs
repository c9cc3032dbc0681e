//! Bodies of backends into typed blocks: what a view shows is made here, and nothing else passes.
//!
//! Untrusted HTML is parsed by somebody else (in the browser `DOMParser`, natively html5ever in
//! `native`) into an inert [`tree::Tree`]. [`tree::blocks`] walks it once, whoever parsed it:
//!
//! ```text
//! tree ── policy: what an element is ── builder, line: put together ── shape, tidy: make sense
//! ```
//!
//! - `blocks`, `inlines`: what comes out. There is no HTML in it: a view prints text and checked addresses.
//! - `url`: which addresses pass.
//! - `plain`, `markdown`: blocks from plain text and from small Markdown.
//! - `people`: who is addressed in a comment.
//! - `text`, `outline`, `citation`, `links`, `images`: what is made from blocks, and of them.
//!
//! A body may be as large, deep and broken as it likes: [`MAX_NODES`], [`MAX_TEXT`] and
//! [`MAX_DEPTH`] bound the work.

mod attributes;
mod blocks;
mod builder;
mod citation;
mod footnotes;
mod frame;
mod images;
mod inlines;
mod line;
mod links;
mod markdown;
#[cfg(not(target_arch = "wasm32"))]
mod native;
mod outline;
mod people;
mod plain;
mod policy;
mod shape;
mod text;
mod tidy;
pub mod tree;
mod url;

pub use blocks::{
    Block, BlockKind, Cell, CellKind, Dir, Embed, Figure, Marker, Media, Note, Table, Track,
    only_line,
};
pub use builder::{MAX_DEPTH, MAX_NODES, MAX_TEXT};
pub use citation::{Mention, link_citations, mentions, mentions_in};
pub use images::images;
pub use inlines::{Inline, RubyPair, Style};
pub use links::{Addresses, place_links};
pub use markdown::from_markdown;
#[cfg(not(target_arch = "wasm32"))]
pub use native::{from_html, from_html_at};
pub use outline::{Entry, outline};
pub use people::link_people;
pub use plain::from_text;
pub use text::{Line, excerpt, line_text, lines, text, words};
pub use url::{Href, ID_PREFIX, resource};

/// A body, ready to be shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Content {
    /// The blocks in order.
    pub blocks: Vec<Block>,
    /// What was left out, for the developer, e.g. `refused address "javascript:alert(1)"`.
    pub problems: Vec<String>,
}
