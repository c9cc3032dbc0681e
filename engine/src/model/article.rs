//! An article: one text in one language, and the work it is a version of.

use super::{record, wire_enum};
use crate::{
    lang::Lang,
    read::{Node, Read, ReadError},
    time::Timestamp,
};

/// Names one version of an article (or a document, or an author) across several backends.
///
/// On the wire a backend gives `id` alone; whoever asked fills in the `source`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)
)]
pub struct Key {
    /// The source's `id` in portal.json; empty is the first source.
    #[cfg_attr(
        not(target_arch = "wasm32"),
        serde(default, skip_serializing_if = "String::is_empty")
    )]
    pub source: String,
    /// The backend's own id, byte for byte.
    pub id: String,
}

impl Key {
    /// A key of the first source.
    pub fn of(id: impl Into<String>) -> Self {
        Self { source: String::new(), id: id.into() }
    }
}

impl Read for Key {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self { source: node.source().to_owned(), id: object.field("id")? })
    }
}

wire_enum! {
    /// How a version came to be.
    VersionKind {
        /// Written in this language.
        #[default]
        Original = "original",
        /// Translated by a person.
        Translation = "translation",
        /// Translated by a machine.
        Machine = "machine",
    }
}

record! {
    /// A name to link to: a section, tag, author or organisation.
    Term {
        /// The backend's id, used in routes.
        req id: String,
        /// In the language asked for, or the nearest there is.
        req name: String,
        /// What it is about, one or two sentences of plain text.
        opt summary: Option<String>,
    }
}

record! {
    /// Who wrote it.
    Author {
        /// The backend's id; empty if the author has no page.
        or id: String,
        /// As printed. Never split or reordered.
        req name: String,
        /// What the author does, e.g. "Harbour desk".
        opt role: Option<String>,
    }
}

record! {
    /// One rendition of a picture.
    ImageSize {
        /// Absolute, or relative to the source's base.
        url url: String,
        /// Pixels.
        req width: u32,
    }
}

record! {
    /// A picture with its words.
    Image {
        /// The rendition for a browser that knows no `srcset`.
        url url: String,
        /// Pixels of the largest rendition; `None` when the backend does not say.
        opt width: Option<u32>,
        /// Pixels, as `width`.
        opt height: Option<u32>,
        /// Renditions by width, ascending.
        list sizes: Vec<ImageSize>,
        /// What the picture shows, for those who do not see it; empty if decorative.
        or alt: String,
        /// Printed under the picture.
        opt caption: Option<String>,
        /// Who made it.
        opt credit: Option<String>,
    }
}

record! {
    /// A version of the same work in another language (or this one).
    Version {
        /// Its key.
        req key: Key,
        /// Its language.
        req lang: Lang,
        /// How it came to be.
        or kind: VersionKind,
        /// Decoration of the address.
        or slug: String,
        /// Its title.
        or title: String,
        /// Last change.
        opt updated: Option<Timestamp>,
    }
}

record! {
    /// An article as lists show it.
    Headline {
        /// Names this version.
        req key: Key,
        /// Names the work across its versions: the backend's group id, else the original's id.
        req work: String,
        /// The language of the text.
        req lang: Lang,
        /// How this version came to be.
        or kind: VersionKind,
        /// Decoration of the address.
        or slug: String,
        /// Plain text, NFC; empty if the backend has none.
        or title: String,
        /// A word or two above the title.
        opt kicker: Option<String>,
        /// One or two sentences below the title.
        opt standfirst: Option<String>,
        /// Where it belongs.
        opt section: Option<Term>,
        /// Whose it is: the agency that issued or published it.
        opt organisation: Option<Term>,
        /// The lead picture.
        opt image: Option<Image>,
        /// First publication.
        opt published: Option<Timestamp>,
        /// Last change, if later.
        opt updated: Option<Timestamp>,
        /// The editor's order: 1 leads the page, then 2 …; `None` is by date.
        opt rank: Option<u32>,
        /// Taken back by the publisher; the article says why.
        or withdrawn: bool,
        /// How many comments its thread has, if the backend counts.
        opt comments: Option<u32>,
    }
}

wire_enum! {
    /// What a body is written in.
    BodyFormat {
        /// An HTML fragment, untrusted.
        #[default]
        Html = "html",
        /// Paragraphs of plain text between empty lines.
        Text = "text",
        /// Small Markdown: emphasis, links, lists, quotes, code; any HTML in it is text.
        Markdown = "markdown",
    }
}

record! {
    /// The text as the backend sent it, not yet trusted; see [`crate::content`].
    Body {
        /// What `value` is written in.
        or format: BodyFormat,
        /// The text itself.
        or value: String,
    }
}

record! {
    /// What was wrong and has been put right.
    Correction {
        /// When.
        req date: Timestamp,
        /// One or two sentences of plain text.
        req text: String,
    }
}

record! {
    /// Why a published article was taken back.
    Withdrawal {
        /// When.
        req date: Timestamp,
        /// One or two sentences of plain text.
        req text: String,
    }
}

record! {
    /// A version that was taken back, for whoever keeps copies.
    Withdrawn {
        /// The version's.
        req id: String,
        /// Its language.
        req lang: Lang,
        /// When.
        req date: Timestamp,
        /// The ids of all versions of its work: each leads here who asks for this language.
        list versions: Vec<String>,
    }
}

record! {
    /// A file to download.
    File {
        /// Absolute, or relative to the source's base.
        url url: String,
        /// What it is.
        req title: String,
        /// The media type, e.g. `application/pdf`.
        opt media_type: Option<String>,
        /// Bytes.
        opt size: Option<u64>,
    }
}

record! {
    /// A register document that the body cites by number and date; the backend has made sure which.
    Citation {
        /// The number as printed, e.g. `10-NQ/TU`.
        req number: String,
        /// The day of issue, `YYYY-MM-DD`.
        opt date: Option<String>,
        /// The document's id in the register.
        req document: String,
        /// The document's title.
        or title: String,
    }
}

record! {
    /// An article in full.
    Article {
        /// What lists show of it too.
        req headline: Headline,
        /// The place the news comes from.
        opt dateline: Option<String>,
        /// Who wrote it, in the order of the byline.
        list authors: Vec<Author>,
        /// What it is about.
        list tags: Vec<Term>,
        /// The text.
        opt body: Option<Body>,
        /// Every version of the work there is, this one included.
        list versions: Vec<Version>,
        /// What to read next, in this language.
        list related: Vec<Headline>,
        /// Files to download.
        list attachments: Vec<File>,
        /// Newest first.
        list corrections: Vec<Correction>,
        /// Set when it was taken back.
        opt withdrawal: Option<Withdrawal>,
        /// Register documents the body cites.
        list citations: Vec<Citation>,
        /// Its address at the source, where that is a site of its own.
        opt canonical: Option<String>,
        /// Whether new comments are taken.
        or comments_open: bool,
    }
}
