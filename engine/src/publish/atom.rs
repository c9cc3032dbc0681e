//! A feed as Atom (RFC 4287).

use super::{Entry, Feed, FeedFormat, xml::Xml};
use crate::{model::Headline, time::Timestamp};

const NAMESPACE: &str = "http://www.w3.org/2005/Atom";

impl Feed<'_> {
    /// The feed as Atom, which wants every entry to have a date: without those that have none.
    pub fn atom(&self) -> String {
        let own = self.address(FeedFormat::Atom);
        let list = self.list();
        let tag = self.home.tag(self.lang);
        let dated = || self.entries.iter().filter_map(|entry| Some((entry, entry.updated()?)));
        // A feed in which nothing ever was has not changed since the beginning.
        let updated = dated().map(|(_, updated)| updated).max().unwrap_or(Timestamp(0));
        Xml::document("feed", &[("xmlns", NAMESPACE), ("xml:lang", tag)], |xml| {
            xml.text("id", &[], &own);
            xml.text("title", &[], &self.title());
            if !self.description().is_empty() {
                xml.text("subtitle", &[], self.description());
            }
            xml.text("updated", &[], &updated.to_string());
            let media_type = FeedFormat::Atom.media_type();
            xml.empty("link", &[("rel", "self"), ("type", media_type), ("href", &own)]);
            xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &list)]);
            xml.element("author", &[], |xml| xml.text("name", &[], self.home.name(self.lang)));
            if let Some(icon) = self.home.file("icons/icon-192.png") {
                xml.text("icon", &[], &icon);
            }
            for (entry, updated) in dated() {
                self.entry(xml, entry, updated);
            }
        })
    }

    fn entry(&self, xml: &mut Xml, entry: &Entry<'_>, updated: Timestamp) {
        let headline = entry.headline;
        let url = self.home.article(headline);
        xml.element("entry", &[], |xml| {
            xml.text("id", &[], &self.home.id(&headline.lang, &headline.key));
            xml.text("title", &[], &headline.title);
            xml.text("updated", &[], &updated.to_string());
            if let Some(published) = headline.published {
                xml.text("published", &[], &published.to_string());
            }
            xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &url)]);
            self.enclosure(xml, headline);
            for credit in entry.byline(self.home) {
                xml.element("author", &[], |xml| {
                    xml.text("name", &[], credit.name);
                    if let Some(url) = &credit.url {
                        xml.text("uri", &[], url);
                    }
                });
            }
            if let Some(section) = &headline.section {
                xml.empty("category", &[("term", &section.id), ("label", &section.name)]);
            }
            if let Some(standfirst) = &headline.standfirst {
                xml.text("summary", &[], standfirst);
            }
        });
    }

    /// The lead picture.
    fn enclosure(&self, xml: &mut Xml, headline: &Headline) {
        let image = headline.image.as_ref();
        let Some(url) = image.and_then(|image| self.home.file(&image.url)) else { return };
        let mut attributes = vec![("rel", "enclosure"), ("href", url.as_str())];
        attributes.extend(picture_type(&url).map(|media_type| ("type", media_type)));
        xml.empty("link", &attributes);
    }
}

/// The media type that the end of a picture's address tells.
fn picture_type(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit_once('.')?;
    match extension.to_ascii_lowercase().as_str() {
        "avif" => Some("image/avif"),
        "gif" => Some("image/gif"),
        "jpeg" | "jpg" => Some("image/jpeg"),
        "png" => Some("image/png"),
        "svg" => Some("image/svg+xml"),
        "webp" => Some("image/webp"),
        _ => None,
    }
}
