//! The blocks a body is made of: all that a view can show, and nothing it must distrust.

use super::{inlines::Inline, url::Href};
use crate::{lang::Lang, model::Image};

/// A piece of an article that stands on its own: a paragraph, a picture, a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// The `id` to give the element, if something in the body links to it.
    pub id: Option<String>,
    /// The language, where it is not that of what the block stands in.
    pub lang: Option<Lang>,
    /// The direction, where it is not that of what the block stands in.
    pub dir: Option<Dir>,
}

impl From<BlockKind> for Block {
    fn from(kind: BlockKind) -> Self {
        Self { kind, id: None, lang: None, dir: None }
    }
}

/// What a block is.
#[derive(Debug, Clone, PartialEq)]
pub enum BlockKind {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading; its block always has an `id`.
    Heading {
        /// 2 to 6: the title of the article is the only 1.
        level: u8,
        /// Its words.
        inlines: Vec<Inline>,
    },
    /// A picture.
    Figure(Box<Figure>),
    /// A list.
    List {
        /// What stands before each item.
        marker: Marker,
        /// The number of the first item.
        start: i32,
        /// The items; see [`only_line`] for those that are one line.
        items: Vec<Vec<Block>>,
    },
    /// Somebody else's words.
    Quote {
        /// The words.
        blocks: Vec<Block>,
        /// Whose they are; empty if not said.
        cite: Vec<Inline>,
    },
    /// Rows and columns.
    Table(Table),
    /// Text in which every space counts.
    Code {
        /// The programming language, e.g. `rust`.
        lang: Option<String>,
        /// The text, lines ended by `\n`.
        text: String,
    },
    /// A turn of subject.
    Rule,
    /// Somebody else's page inside this one; to be loaded only when the reader asks for it.
    Embed(Embed),
    /// Sound or moving pictures.
    Media(Media),
    /// Text that the reader can unfold.
    Details {
        /// What is seen when folded.
        summary: Vec<Inline>,
        /// What is folded.
        blocks: Vec<Block>,
    },
    /// The notes that [`Inline::FootnoteRef`]s lead to, in order.
    Footnotes(Vec<Note>),
    /// The body went on, and is too long or too tangled to show whole.
    Truncated,
}

/// A direction of writing: the `dir` of HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dir {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
    /// As the first letter says.
    Auto,
}

impl Dir {
    /// The value of the attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Dir::Ltr => "ltr",
            Dir::Rtl => "rtl",
            Dir::Auto => "auto",
        }
    }

    pub(super) fn parse(value: &str) -> Option<Self> {
        [Dir::Ltr, Dir::Rtl, Dir::Auto]
            .into_iter()
            .find(|dir| value.eq_ignore_ascii_case(dir.as_str()))
    }
}

/// What stands before the items of a list. Laws are cited by it ("point b"), so it is content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// The same for every item.
    Bullet,
    /// 1, 2, 3.
    Decimal,
    /// a, b, c.
    LowerAlpha,
    /// A, B, C.
    UpperAlpha,
    /// i, ii, iii.
    LowerRoman,
    /// I, II, III.
    UpperRoman,
}

impl Marker {
    /// The `type` of an `ol`; `None` for a list without order.
    pub fn ordered_type(self) -> Option<&'static str> {
        match self {
            Marker::Bullet => None,
            Marker::Decimal => Some("1"),
            Marker::LowerAlpha => Some("a"),
            Marker::UpperAlpha => Some("A"),
            Marker::LowerRoman => Some("i"),
            Marker::UpperRoman => Some("I"),
        }
    }

    pub(super) fn ordered(value: Option<&str>) -> Self {
        use Marker::{LowerAlpha, LowerRoman, UpperAlpha, UpperRoman};
        [LowerAlpha, UpperAlpha, LowerRoman, UpperRoman]
            .into_iter()
            .find(|marker| value.is_some() && marker.ordered_type() == value)
            .unwrap_or(Marker::Decimal)
    }
}

/// A picture with its words.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The picture; `caption` and `credit` in it are empty, the words are here.
    pub image: Image,
    /// Where the picture leads.
    pub link: Option<Href>,
    /// What is printed under it.
    pub caption: Vec<Inline>,
    /// Who made it.
    pub credit: Vec<Inline>,
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// What it shows; empty if not said.
    pub caption: Vec<Inline>,
    /// Rows of headers.
    pub head: Vec<Vec<Cell>>,
    /// The other rows.
    pub body: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Whether it heads others.
    pub kind: CellKind,
    /// Columns it spans, at least 1.
    pub colspan: u16,
    /// Rows it spans, at least 1.
    pub rowspan: u16,
    /// What it holds; see [`only_line`] for one line.
    pub blocks: Vec<Block>,
}

/// Whether a cell heads others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// It does not.
    Data,
    /// It heads its column: `th scope="col"`.
    ColumnHeader,
    /// It heads its row: `th scope="row"`.
    RowHeader,
}

/// Somebody else's page inside this one.
#[derive(Debug, Clone, PartialEq)]
pub struct Embed {
    /// The address, `http` or `https`.
    pub url: String,
    /// Who is asked when it is loaded, e.g. `www.youtube.com`.
    pub host: String,
    /// What it is; empty if not said.
    pub title: String,
    /// What is printed under it.
    pub caption: Vec<Inline>,
}

/// Sound or moving pictures.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Media {
    /// Moving pictures, not sound alone.
    pub video: bool,
    /// The same in several formats, best first: address and media type.
    pub sources: Vec<(String, Option<String>)>,
    /// What is seen before it plays.
    pub poster: Option<String>,
    /// Captions and subtitles.
    pub tracks: Vec<Track>,
    /// What is printed under it.
    pub caption: Vec<Inline>,
}

/// The words of a [`Media`], timed (WebVTT).
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    /// Its address.
    pub url: String,
    /// For those who do not hear (`captions`), not only those who do not understand (`subtitles`).
    pub captions: bool,
    /// The language.
    pub lang: Option<Lang>,
    /// What a menu calls it.
    pub label: String,
}

/// A footnote.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// The `id` to give the item.
    pub id: String,
    /// The `id`s of the [`Inline::FootnoteRef`]s that lead here, to link back to; at least one.
    pub back: Vec<String>,
    /// Its text, without the links back.
    pub blocks: Vec<Block>,
}

/// The line of an item, cell or note that holds one paragraph and nothing else, to show it without
/// a `p`.
pub fn only_line(blocks: &[Block]) -> Option<&[Inline]> {
    match blocks {
        [Block { kind: BlockKind::Paragraph(inlines), id: None, lang: None, dir: None }] => {
            Some(inlines)
        }
        _ => None,
    }
}

/// Hands over every line of `blocks` in order, to be changed.
pub(super) fn each_line(blocks: &mut [Block], change: &mut dyn FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Paragraph(inlines) | BlockKind::Heading { inlines, .. } => change(inlines),
            BlockKind::Figure(figure) => {
                change(&mut figure.caption);
                change(&mut figure.credit);
            }
            BlockKind::List { items, .. } => {
                items.iter_mut().for_each(|item| each_line(item, change));
            }
            BlockKind::Quote { blocks, cite } => {
                each_line(blocks, change);
                change(cite);
            }
            BlockKind::Table(table) => {
                change(&mut table.caption);
                for cell in table.head.iter_mut().chain(&mut table.body).flatten() {
                    each_line(&mut cell.blocks, change);
                }
            }
            BlockKind::Embed(embed) => change(&mut embed.caption),
            BlockKind::Media(media) => change(&mut media.caption),
            BlockKind::Details { summary, blocks } => {
                change(summary);
                each_line(blocks, change);
            }
            BlockKind::Footnotes(notes) => {
                notes.iter_mut().for_each(|note| each_line(&mut note.blocks, change));
            }
            BlockKind::Code { .. } | BlockKind::Rule | BlockKind::Truncated => {}
        }
    }
}
