//! The pieces of a line.

use super::{blocks::Dir, url::Href};
use crate::{lang::Lang, model::Image};

/// A piece of a line.
#[derive(Debug, Clone, PartialEq)]
pub enum Inline {
    /// Characters; runs of spaces are one space.
    Text(String),
    /// The line ends here and the paragraph goes on.
    Break,
    /// A line in a style that means something.
    Styled(Style, Vec<Inline>),
    /// A link.
    Link {
        /// Where to.
        href: Href,
        /// The language of what it leads to, if said.
        hreflang: Option<Lang>,
        /// What to click.
        inlines: Vec<Inline>,
    },
    /// In another language or direction.
    Lang {
        /// The language.
        lang: Option<Lang>,
        /// The direction.
        dir: Option<Dir>,
        /// The words.
        inlines: Vec<Inline>,
    },
    /// Ideographs with their reading, in order.
    Ruby(Vec<RubyPair>),
    /// A short form.
    Abbr {
        /// What it is short for.
        title: String,
        /// The short form.
        inlines: Vec<Inline>,
    },
    /// A date or time.
    Time {
        /// For machines (HTML's "valid date or time string", not checked).
        datetime: String,
        /// For people.
        inlines: Vec<Inline>,
    },
    /// A small picture in the line.
    Image(Box<Image>),
    /// Where a link can lead to: the `id` to give an empty element.
    Anchor(String),
    /// Leads to a [`Note`](super::Note).
    FootnoteRef {
        /// The `id` to give the element, for the way back.
        id: Option<String>,
        /// The `id` of the note.
        note: String,
        /// What to click, e.g. `1`.
        label: String,
    },
}

/// A style that means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Stressed, or a title or term: `em`.
    Emphasis,
    /// Important: `strong`.
    Strong,
    /// For machines: `code`.
    Code,
    /// `sub`.
    Sub,
    /// `sup`.
    Sup,
    /// Pointed out: `mark`.
    Mark,
    /// No longer so: `del`.
    Deleted,
    /// Somebody's words: `q`, which adds the language's own quotation marks.
    Quote,
    /// Of a direction that shall not touch its surroundings: `bdi`.
    Isolate,
}

/// Ideographs and how they are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubyPair {
    /// What is read.
    pub base: String,
    /// How; empty where nothing is said.
    pub reading: String,
}

impl Inline {
    /// What it holds, if it holds inlines.
    pub fn children(&self) -> &[Inline] {
        match self {
            Inline::Styled(_, inlines)
            | Inline::Link { inlines, .. }
            | Inline::Lang { inlines, .. }
            | Inline::Abbr { inlines, .. }
            | Inline::Time { inlines, .. } => inlines,
            _ => &[],
        }
    }

    /// As [`Inline::children`], to be changed.
    pub(super) fn children_mut(&mut self) -> Option<&mut Vec<Inline>> {
        match self {
            Inline::Styled(_, inlines)
            | Inline::Link { inlines, .. }
            | Inline::Lang { inlines, .. }
            | Inline::Abbr { inlines, .. }
            | Inline::Time { inlines, .. } => Some(inlines),
            _ => None,
        }
    }
}
