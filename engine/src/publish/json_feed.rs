//! A feed as JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use serde_json::{Value, json};

use super::{
    Entry, Feed, FeedFormat,
    byline::Credit,
    json_ld::{filled, present},
};

const VERSION: &str = "https://jsonfeed.org/version/1.1";

impl Feed<'_> {
    /// The feed as JSON Feed.
    pub fn json(&self) -> Value {
        present(json!({
            "version": VERSION,
            "title": self.title(),
            "description": Some(self.description()).filter(|text| !text.is_empty()),
            "home_page_url": self.list(),
            "feed_url": self.address(FeedFormat::Json),
            "language": self.home.tag(self.lang),
            "icon": self.home.file("icons/icon-512.png"),
            "favicon": self.home.file("icons/icon-192.png"),
            "authors": [{ "name": self.home.name(self.lang), "url": self.home.list(self.lang, None) }],
            "items": self.entries.iter().map(|entry| self.item(entry)).collect::<Value>(),
        }))
    }

    fn item(&self, entry: &Entry<'_>) -> Value {
        let headline = entry.headline;
        let image = headline.image.as_ref();
        let authors = entry.byline(self.home).into_iter();
        let section = headline.section.iter().map(|section| section.name.as_str());
        present(json!({
            "id": self.home.id(&headline.lang, &headline.key),
            "url": self.home.article(headline),
            "title": headline.title,
            // There must be one. The text itself is not part of a headline.
            "content_text": headline.standfirst.as_ref().unwrap_or(&headline.title),
            "summary": headline.standfirst,
            "image": image.and_then(|image| self.home.file(&image.url)),
            "date_published": headline.published.map(|at| at.to_string()),
            "date_modified": entry.updated().map(|at| at.to_string()),
            "language": self.home.tag(&headline.lang),
            "authors": filled(authors.map(author)),
            "tags": filled(section),
        }))
    }
}

fn author(credit: Credit<'_>) -> Value {
    present(json!({ "name": credit.name, "url": credit.url }))
}
