//! A feed: a list of headlines of one edition, or of one section of it.

use super::{Home, byline::Credit, byline::byline};
use crate::{
    lang::Lang,
    model::{Author, Headline, Key, Term},
    time::Timestamp,
};

/// How a feed is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFormat {
    /// RFC 4287.
    Atom,
    /// <https://www.jsonfeed.org/version/1.1/>
    Json,
}

impl FeedFormat {
    /// Every format, the best known first.
    pub const ALL: &[Self] = &[Self::Atom, Self::Json];

    /// The last segment of a feed's address.
    pub fn file(self) -> &'static str {
        match self {
            Self::Atom => "feed.atom",
            Self::Json => "feed.json",
        }
    }

    /// The media type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Atom => "application/atom+xml",
            Self::Json => "application/feed+json",
        }
    }
}

/// An article of a feed.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// What lists show of it.
    pub headline: &'a Headline,
    /// Who wrote it, as far as is known.
    pub authors: &'a [Author],
}

impl Entry<'_> {
    /// When it last changed.
    pub(super) fn updated(&self) -> Option<Timestamp> {
        self.headline.updated.or(self.headline.published)
    }

    pub(super) fn byline(&self, home: &Home<'_>) -> Vec<Credit<'_>> {
        byline(home, self.headline, self.authors)
    }
}

/// What a feed is of, and what is in it.
pub struct Feed<'a> {
    pub(super) home: &'a Home<'a>,
    pub(super) lang: &'a Lang,
    pub(super) section: Option<(&'a Key, &'a Term)>,
    pub(super) entries: Vec<Entry<'a>>,
}

impl<'a> Feed<'a> {
    /// The edition of `lang`, or a section of it. Of `entries` those are left out that are withdrawn, or
    /// shown in this edition only because it has no version of them.
    pub fn new(
        home: &'a Home<'a>,
        lang: &'a Lang,
        section: Option<(&'a Key, &'a Term)>,
        entries: impl IntoIterator<Item = Entry<'a>>,
    ) -> Self {
        let is_ours =
            |Entry { headline, .. }: &Entry<'_>| !headline.withdrawn && headline.lang == *lang;
        Self { home, lang, section, entries: entries.into_iter().filter(is_ours).collect() }
    }

    /// The feed as text.
    pub fn write(&self, format: FeedFormat) -> String {
        match format {
            FeedFormat::Atom => self.atom(),
            FeedFormat::Json => self.json().to_string(),
        }
    }

    /// As pages are called: what it is of, and whose it is.
    pub(super) fn title(&self) -> String {
        let name = self.home.name(self.lang);
        self.section.map_or(name.to_owned(), |(_, section)| format!("{} – {name}", section.name))
    }

    /// What it is about, in a sentence; empty if nobody says.
    pub(super) fn description(&self) -> &str {
        let portal = self.home.portal();
        match self.section {
            Some((_, section)) => section.summary.as_deref().unwrap_or_default(),
            None => portal.description.get(self.lang, &portal.fallback),
        }
    }

    /// The address of the list it is of.
    pub(super) fn list(&self) -> String {
        self.home.list(self.lang, self.section())
    }

    /// Its own address.
    pub(super) fn address(&self, format: FeedFormat) -> String {
        self.home.feed(self.lang, self.section(), format)
    }

    fn section(&self) -> Option<&'a Key> {
        self.section.map(|(key, _)| key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::publish::test::{headline, lang, parsed, portal};
    use proptest::prelude::*;

    const BASE: &str = "https://p.example/sub/";

    fn entries(headlines: &[Headline]) -> Vec<Entry<'_>> {
        headlines.iter().map(|headline| Entry { headline, authors: &[] }).collect()
    }

    /// The Vietnamese feed of these, in both formats.
    fn written(headlines: &[Headline]) -> (crate::publish::test::Tree, Value) {
        let portal = portal();
        let (home, lang) = (Home::new(&portal, BASE), lang("vi"));
        let feed = Feed::new(&home, &lang, None, entries(headlines));
        (parsed(&feed.write(FeedFormat::Atom)), feed.json())
    }

    fn image() -> crate::model::Image {
        let json = serde_json::json!({ "url": "media/a b.webp", "alt": "Cảng" });
        crate::read::read(&json, "image", "").0.unwrap()
    }

    #[test]
    fn an_article_is_told_in_both_formats_alike() {
        let lang = lang("vi");
        let portal = portal();
        let home = Home::new(&portal, BASE);
        let told = Headline {
            standfirst: Some("Một <câu>.".into()),
            image: Some(image()),
            updated: Timestamp::parse("2026-11-13T03:00:00Z"),
            ..headline("vi", "7")
        };
        let an = Author { id: "an".into(), name: "An".into(), role: None };
        let entry = Entry { headline: &told, authors: std::slice::from_ref(&an) };
        let key = Key::of("news");
        let section = told.section.as_ref().map(|section| (&key, section));
        let feed = Feed::new(&home, &lang, section, [entry]);
        let atom = parsed(&feed.atom());
        assert_eq!(atom.attribute("xml:lang"), "vi");
        assert_eq!(atom.child("title"), Some("Tin tức – Cổng"));
        assert_eq!(atom.child("id"), Some("https://p.example/sub/vi/section/news/feed.atom"));
        assert_eq!(atom.child("updated"), Some("2026-11-13T03:00:00Z"));
        let entry = atom.all("entry")[0];
        let id = "https://p.example/sub/vi/article/7";
        assert_eq!(entry.child("id"), Some(id));
        assert_eq!(entry.child("published"), Some("2026-11-13T02:00:00Z"));
        assert_eq!(entry.child("summary"), Some("Một <câu>."));
        let links = entry.all("link");
        assert_eq!(links[0].attribute("href"), format!("{id}/slug"));
        assert_eq!(links[1].attribute("rel"), "enclosure");
        assert_eq!(links[1].attribute("type"), "image/webp");
        let picture = "https://p.example/sub/media/a%20b.webp";
        assert_eq!(links[1].attribute("href"), picture);
        let json = feed.json();
        let url = format!("{id}/slug");
        let page = "https://p.example/sub/vi/author/an";
        assert_eq!(entry.all("author")[0].child("uri"), Some(page));
        assert_eq!(
            json["items"],
            serde_json::json!([{
                "id": id, "url": url, "title": "Title 7", "content_text": "Một <câu>.", "summary": "Một <câu>.",
                "image": picture, "date_published": "2026-11-13T02:00:00Z", "date_modified": "2026-11-13T03:00:00Z",
                "language": "vi", "authors": [{ "name": "An", "url": page }], "tags": ["Tin tức"],
            }])
        );
        assert_eq!(json["feed_url"], "https://p.example/sub/vi/section/news/feed.json");
        assert_eq!(json["home_page_url"], "https://p.example/sub/vi/section/news");
    }

    #[test]
    fn what_is_withdrawn_or_stands_in_for_a_version_is_left_out() {
        let withdrawn = Headline { withdrawn: true, ..headline("vi", "1") };
        let (atom, json) = written(&[withdrawn, headline("zh", "2"), headline("vi", "3")]);
        assert_eq!(atom.all("entry").len(), 1);
        assert_eq!(json["items"].as_array().unwrap().len(), 1);
        assert_eq!(json["items"][0]["title"], "Title 3");
    }

    #[test]
    fn an_id_stays_when_the_title_changes() {
        let renamed =
            Headline { slug: "other".into(), title: "Other".into(), ..headline("vi", "7") };
        let ids = |headline: Headline| {
            let (atom, json) = written(&[headline]);
            (atom.all("entry")[0].child("id").unwrap().to_owned(), json["items"][0]["id"].clone())
        };
        assert_eq!(ids(renamed), ids(headline("vi", "7")));
    }

    #[test]
    fn the_organisation_stands_for_authors_that_are_not_known() {
        let organisation = Term { id: "port".into(), name: "Cảng vụ".into(), summary: None };
        let (atom, json) =
            written(&[Headline { organisation: Some(organisation), ..headline("vi", "7") }]);
        assert_eq!(atom.all("entry")[0].all("name")[0].text, "Cảng vụ");
        assert_eq!(json["items"][0]["authors"], serde_json::json!([{ "name": "Cảng vụ" }]));
    }

    #[test]
    fn a_feed_without_entries_or_dates_is_one_too() {
        let undated = Headline { published: None, ..headline("vi", "7") };
        let (atom, json) = written(&[undated]);
        assert_eq!(atom.child("updated"), Some("1970-01-01T00:00:00Z"));
        // Atom has no entries without a date, JSON Feed has.
        assert_eq!(atom.all("entry").len(), 0);
        assert_eq!(json["items"][0].get("date_published"), None);
        assert_eq!(written(&[]).1["items"], serde_json::json!([]));
    }

    /// What RFC 4287 (4.1) and JSON Feed 1.1 require of every feed.
    fn is_complete(atom: &crate::publish::test::Tree, json: &Value) {
        for element in std::iter::once(atom).chain(atom.all("entry")) {
            assert!(element.child("id").is_some_and(|id| id.starts_with(BASE)));
            assert!(element.child("title").is_some());
            assert!(element.child("updated").and_then(Timestamp::parse).is_some());
        }
        assert!(!atom.all("author").is_empty());
        assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
        assert!(json["title"].is_string());
        for item in json["items"].as_array().unwrap() {
            assert!(item["id"].is_string());
            assert!(item["content_text"].is_string());
        }
    }

    proptest! {
        #[test]
        fn any_headline_makes_a_feed(
            text in "(\\PC|[\u{0}-\u{20}<>&\"'\u{FFFE}]){0,24}", id in ".{1,9}", url in ".{0,20}"
        ) {
            let told = Headline {
                title: text.clone(),
                standfirst: Some(text.clone()),
                slug: text.clone(),
                section: Some(Term { id: text.clone(), name: text.clone(), summary: None }),
                organisation: Some(Term { id: id.clone(), name: text.clone(), summary: None }),
                image: Some(crate::model::Image { url, ..image() }),
                ..headline("vi", &id)
            };
            let (atom, json) = written(&[told]);
            is_complete(&atom, &json);
            prop_assert_eq!(&json["items"][0]["title"], &text);
            let forbidden = |c: char| c < ' ' && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{FFFE}' | '\u{FFFF}');
            prop_assert_eq!(atom.all("entry")[0].child("title").unwrap(), text.replace(forbidden, ""));
            for link in atom.all("link") {
                let href = link.attribute("href");
                prop_assert!(href.is_ascii() && !href.contains([' ', '<', '>', '"']), "{}", href);
            }
        }
    }
}
