//! What is open while a body is walked, and what each is to become.

use super::{
    blocks::{Block, Cell, CellKind, Dir, Marker, Media},
    inlines::Inline,
    line::Line,
};
use crate::lang::Lang;

/// The language and direction in force.
#[derive(Clone, PartialEq, Default)]
pub(super) struct Context {
    pub lang: Option<Lang>,
    pub dir: Option<Dir>,
}

/// What an open frame will be.
pub(super) enum Kind {
    Root,
    Quote,
    List {
        marker: Marker,
        start: i32,
        items: Vec<Vec<Block>>,
    },
    Item,
    Figure,
    Details,
    Table(Rows),
    Cell {
        kind: Option<CellKind>,
        header: bool,
        colspan: u16,
        rowspan: u16,
    },
    /// One line: a heading of the level as written.
    Heading(u8),
    /// One line: the caption, summary or source of the frame around it.
    Caption,
}

/// The rows of an open table.
#[derive(Default)]
pub(super) struct Rows {
    /// Whether the table only arranges what is in it.
    pub layout: bool,
    /// Whether the rows that come are of the `thead`.
    pub head: bool,
    pub rows: Vec<Row>,
}

#[derive(Default)]
pub(super) struct Row {
    pub head: bool,
    pub cells: Vec<Cell>,
}

/// A block that holds others, or one line, and is not at its end yet.
pub(super) struct Frame {
    pub kind: Kind,
    pub context: Context,
    pub id: Option<String>,
    pub blocks: Vec<Block>,
    pub line: Line,
    pub caption: Vec<Inline>,
    pub credit: Vec<Inline>,
}

impl Frame {
    /// A frame with nothing in it yet.
    pub fn new(kind: Kind, context: Context, line: Line) -> Self {
        let (blocks, caption, credit) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, context, id: None, blocks, line, caption, credit }
    }

    /// Whether it is one line and holds no blocks.
    pub fn is_line(&self) -> bool {
        matches!(self.kind, Kind::Heading(_) | Kind::Caption)
    }
}

/// How text is taken.
pub(super) enum Mode {
    /// Spaces collapse.
    Flow,
    /// Every space counts: the language and the text so far.
    Code(Option<String>, String),
    /// Text is for browsers that cannot play.
    Media(Media),
}

/// An id that stands where nothing is seen yet.
pub(super) struct Id {
    pub id: String,
    /// Of an element of the line, not of a block.
    pub inline: bool,
}

/// What the end of an element ends.
pub(super) enum Close {
    /// So many wraps.
    Wraps(usize),
    /// So many wraps and a paragraph.
    Paragraph(usize),
    Frame,
    Head,
    Code,
    Media,
}
