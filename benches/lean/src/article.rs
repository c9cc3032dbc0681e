//! What the page reads of the API's answer.

use serde::Deserialize;

/// An article.
#[derive(Deserialize)]
pub struct Article {
    /// What stands above the text.
    pub headline: Headline,
    /// The place the news comes from.
    pub dateline: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Author>,
    /// The text.
    pub body: Body,
}

/// What stands above the text.
#[derive(Deserialize)]
pub struct Headline {
    /// The language of the text.
    pub lang: String,
    /// A word or two above the title.
    pub kicker: Option<String>,
    /// The title.
    pub title: String,
    /// One or two sentences below the title.
    pub standfirst: Option<String>,
    /// First publication, RFC 3339.
    pub published: String,
    /// The lead picture.
    pub image: Option<Image>,
}

/// Who wrote it.
#[derive(Deserialize)]
pub struct Author {
    /// As printed.
    pub name: String,
}

/// The text.
#[derive(Deserialize)]
pub struct Body {
    /// An HTML fragment, untrusted.
    pub value: String,
}

/// A picture with its words.
#[derive(Deserialize)]
pub struct Image {
    /// The rendition for a browser that knows no `srcset`, relative to the portal.
    pub url: String,
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Renditions by width.
    pub sizes: Vec<Size>,
    /// What the picture shows.
    pub alt: String,
    /// Printed under the picture.
    pub caption: Option<String>,
    /// Who made it.
    pub credit: Option<String>,
}

/// One rendition of a picture.
#[derive(Deserialize)]
pub struct Size {
    /// Relative to the portal.
    pub url: String,
    /// Pixels.
    pub width: u32,
}
