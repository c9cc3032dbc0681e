//! Where the addresses of a body lead, once it is known whose body it is.

use super::{
    blocks::{Block, BlockKind, each_line},
    inlines::Inline,
    url::Href,
};
use crate::model::Image;

/// Who knows about the addresses of a body.
pub struct Addresses<'a> {
    /// A relative address, seen from where the body stands.
    pub resolve: &'a dyn Fn(&str) -> String,
    /// What of ours the page at an address is.
    pub own: &'a dyn Fn(&str) -> Option<Href>,
}

/// Resolves the relative addresses of `blocks`, and makes links to the source's own pages ours.
pub fn place_links(blocks: &mut [Block], addresses: &Addresses<'_>) {
    each_line(blocks, &mut |line| addresses.line(line));
    addresses.blocks(blocks);
}

impl Addresses<'_> {
    fn line(&self, line: &mut [Inline]) {
        for inline in line {
            match inline {
                Inline::Link { href, .. } => self.href(href),
                Inline::Image(image) => self.image(image),
                _ => {}
            }
            if let Some(children) = inline.children_mut() {
                self.line(children);
            }
        }
    }

    fn href(&self, href: &mut Href) {
        let url = match href {
            Href::External(url) => url.clone(),
            Href::Relative(url) => (self.resolve)(url),
            Href::Anchor(_) | Href::Document(_) | Href::Article(_) => return,
        };
        if let Some(own) = (self.own)(&url) {
            *href = own;
        } else if let Href::Relative(relative) = href {
            match url.starts_with("http://") || url.starts_with("https://") {
                true => *href = Href::External(url),
                false => *relative = url,
            }
        }
    }

    fn url(&self, url: &mut String) {
        *url = (self.resolve)(url);
    }

    fn image(&self, image: &mut Image) {
        self.url(&mut image.url);
        image.sizes.iter_mut().for_each(|size| self.url(&mut size.url));
    }

    /// What stands outside of lines.
    fn blocks(&self, blocks: &mut [Block]) {
        for block in blocks {
            match &mut block.kind {
                BlockKind::Figure(figure) => {
                    self.image(&mut figure.image);
                    figure.link.iter_mut().for_each(|link| self.href(link));
                }
                BlockKind::Media(media) => {
                    media.sources.iter_mut().for_each(|(url, _)| self.url(url));
                    media.poster.iter_mut().for_each(|url| self.url(url));
                    media.tracks.iter_mut().for_each(|track| self.url(&mut track.url));
                }
                BlockKind::List { items, .. } => {
                    items.iter_mut().for_each(|item| self.blocks(item));
                }
                BlockKind::Quote { blocks, .. } | BlockKind::Details { blocks, .. } => {
                    self.blocks(blocks);
                }
                BlockKind::Table(table) => {
                    for cell in table.head.iter_mut().chain(&mut table.body).flatten() {
                        self.blocks(&mut cell.blocks);
                    }
                }
                BlockKind::Footnotes(notes) => {
                    notes.iter_mut().for_each(|note| self.blocks(&mut note.blocks));
                }
                BlockKind::Paragraph(_)
                | BlockKind::Heading { .. }
                | BlockKind::Code { .. }
                | BlockKind::Rule
                | BlockKind::Embed(_)
                | BlockKind::Truncated => {}
            }
        }
    }
}
