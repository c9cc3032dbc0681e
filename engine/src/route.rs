//! The addresses of the portal: parsed here, printed here, nowhere else.
//!
//! A path is relative to the portal's base and has no leading slash: `vi/article/bao-so-9/…`. In a
//! path an id is the backend's, every byte outside `[A-Za-z0-9._-]` written `~XX`, preceded by
//! `{source}:` unless it is of the first source. Query strings are form-encoded (WHATWG URL).

use std::borrow::Cow;

use crate::{lang::Lang, model::Key};

/// A page in a language.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Route {
    /// The language of the interface.
    pub lang: Lang,
    /// The page.
    pub page: Page,
}

/// What a route shows.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Page {
    /// The front page of the edition.
    Front,
    /// A list of articles.
    List(List),
    /// An article; the slug is decoration.
    Article {
        /// Any version's key.
        key: Key,
        /// May be empty.
        slug: String,
    },
    /// Search over articles and documents.
    Search {
        /// What the reader typed; empty shows the form alone.
        query: String,
        /// Cursor of the page.
        cursor: Option<String>,
    },
    /// The register of documents.
    Documents(DocumentFilter),
    /// One document.
    Document(Key),
    /// The press office.
    Press,
    /// What the reader has saved and taken along.
    Saved,
    /// The reader's settings.
    Settings,
    /// No such page; the path is kept to say so.
    NotFound(String),
}

/// What a list of articles is of.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum ListKind {
    /// Of a section.
    Section,
    /// Of a tag.
    Tag,
    /// Of an author.
    Author,
}

/// A list of articles and the page of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct List {
    /// What it is of.
    pub kind: ListKind,
    /// Which section, tag or author.
    pub key: Key,
    /// Only articles of this organisation.
    pub organisation: Option<String>,
    /// Cursor of the page; `None` is the first.
    pub cursor: Option<String>,
}

/// What the register shows; every field narrows, `None` and empty do not.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct DocumentFilter {
    /// Words or a number.
    pub query: String,
    /// A [`crate::model::DocumentKind`] by its wire name.
    pub kind: Option<String>,
    /// The issuer's id.
    pub issuer: Option<String>,
    /// The field's id.
    pub field: Option<String>,
    /// The year of issue.
    pub year: Option<String>,
    /// A [`crate::model::DocumentStatus`] by its wire name.
    pub status: Option<String>,
    /// Cursor of the page; `None` is the first.
    pub cursor: Option<String>,
}

/// What an address asks for.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// `/`: the portal chooses the language.
    Root,
    /// A page.
    Route(Route),
    /// Not a language the portal has: no page, and no language to say so in.
    Unknown(String),
}

impl ListKind {
    /// The path segment.
    pub fn segment(self) -> &'static str {
        match self {
            ListKind::Section => "section",
            ListKind::Tag => "tag",
            ListKind::Author => "author",
        }
    }
}

/// What parsing must know of the portal.
pub struct Scope<'a> {
    /// The portal's languages.
    pub languages: &'a [Lang],
    /// Its sources' ids, the first one first.
    pub sources: &'a [String],
}

impl Scope<'_> {
    /// Parses `path` (relative to the base, with or without leading slash) and `query` (with or
    /// without `?`).
    pub fn parse(&self, path: &str, query: &str) -> Target {
        let path = path.trim_start_matches('/');
        let mut segments: Vec<Cow<'_, str>> = path.split('/').map(percent_decode).collect();
        // `/vi` and `/vi/` are one page.
        if segments.last().is_some_and(|last| last.is_empty()) {
            segments.pop();
        }
        let mut segments = segments.iter().map(|segment| segment.as_ref());
        let Some(first) = segments.next() else { return Target::Root };
        let Some(lang) = self.languages.iter().find(|lang| lang.as_str() == first) else {
            return Target::Unknown(path.to_owned());
        };
        let rest: Vec<&str> = segments.collect();
        let page = self
            .page(&rest, &Query::parse(query))
            .unwrap_or_else(|| Page::NotFound(path.to_owned()));
        Target::Route(Route { lang: lang.clone(), page })
    }

    fn page(&self, segments: &[&str], query: &Query) -> Option<Page> {
        let list = |kind, id| {
            Some(Page::List(List {
                kind,
                key: self.key(id)?,
                organisation: query.get("organisation"),
                cursor: query.get("page"),
            }))
        };
        match segments {
            [] => Some(Page::Front),
            ["section", id] => list(ListKind::Section, id),
            ["tag", id] => list(ListKind::Tag, id),
            ["author", id] => list(ListKind::Author, id),
            ["article", id] => Some(Page::Article { key: self.key(id)?, slug: String::new() }),
            ["article", id, slug] => {
                Some(Page::Article { key: self.key(id)?, slug: unescape(slug)? })
            }
            ["search"] => Some(Page::Search {
                query: query.get("q").unwrap_or_default(),
                cursor: query.get("page"),
            }),
            ["documents"] => Some(Page::Documents(DocumentFilter {
                query: query.get("q").unwrap_or_default(),
                kind: query.get("kind"),
                issuer: query.get("issuer"),
                field: query.get("field"),
                year: query.get("year"),
                status: query.get("status"),
                cursor: query.get("page"),
            })),
            ["documents", id] => Some(Page::Document(self.key(id)?)),
            ["press"] => Some(Page::Press),
            ["saved"] => Some(Page::Saved),
            ["settings"] => Some(Page::Settings),
            _ => None,
        }
    }

    /// The prefix counts only if it names a source that the portal declares.
    fn key(&self, segment: &str) -> Option<Key> {
        if let Some((prefix, rest)) = segment.split_once(':')
            && let Some(index) = self.sources.iter().position(|source| source == prefix)
        {
            let source = if index == 0 { String::new() } else { prefix.to_owned() };
            return Some(Key { source, id: unescape(rest).filter(|id| !id.is_empty())? });
        }
        Some(Key::of(unescape(segment).filter(|id| !id.is_empty())?))
    }
}

impl Route {
    /// The same page in another language: a list at its start, for a cursor is a place in one language's list.
    pub fn in_language(&self, lang: Lang) -> Self {
        let mut page = self.page.clone();
        if lang != self.lang {
            match &mut page {
                Page::List(List { cursor, .. })
                | Page::Search { cursor, .. }
                | Page::Documents(DocumentFilter { cursor, .. }) => *cursor = None,
                Page::NotFound(path) => {
                    let own = path.strip_prefix(self.lang.as_str());
                    let rest = own.and_then(|rest| rest.strip_prefix('/'));
                    *path = [lang.as_str(), "/", rest.unwrap_or(path)].concat();
                }
                _ => {}
            }
        }
        Self { lang, page }
    }

    /// The address relative to the portal's base, without leading slash; [`Scope::parse`] reads it back.
    pub fn href(&self) -> String {
        let mut href = self.lang.as_str().to_owned();
        let mut query = QueryWriter::default();
        match &self.page {
            Page::Front => href.push('/'),
            Page::List(list) => {
                push(&mut href, &[list.kind.segment(), &segment(&list.key)]);
                query.put("organisation", list.organisation.as_deref());
                query.put("page", list.cursor.as_deref());
            }
            Page::Article { key, slug } if slug.is_empty() => {
                push(&mut href, &["article", &segment(key)]);
            }
            Page::Article { key, slug } => {
                push(&mut href, &["article", &segment(key), &escape(slug)]);
            }
            Page::Search { query: text, cursor } => {
                push(&mut href, &["search"]);
                query.put("q", Some(text));
                query.put("page", cursor.as_deref());
            }
            Page::Documents(filter) => {
                push(&mut href, &["documents"]);
                query.put("q", Some(&filter.query));
                query.put("kind", filter.kind.as_deref());
                query.put("issuer", filter.issuer.as_deref());
                query.put("field", filter.field.as_deref());
                query.put("year", filter.year.as_deref());
                query.put("status", filter.status.as_deref());
                query.put("page", filter.cursor.as_deref());
            }
            Page::Document(key) => push(&mut href, &["documents", &segment(key)]),
            Page::Press => push(&mut href, &["press"]),
            Page::Saved => push(&mut href, &["saved"]),
            Page::Settings => push(&mut href, &["settings"]),
            Page::NotFound(path) => return path.clone(),
        }
        href + &query.0
    }
}

fn push(href: &mut String, segments: &[&str]) {
    for segment in segments {
        href.push('/');
        href.push_str(segment);
    }
}

fn segment(key: &Key) -> String {
    let mut out = String::new();
    if !key.source.is_empty() {
        out.push_str(&key.source);
        out.push(':');
    }
    out + &escape(&key.id)
}

/// An id as a path segment: never empty of meaning to a URL parser (`.` and `..` are).
fn escape(id: &str) -> String {
    let dots = id.bytes().all(|byte| byte == b'.');
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-') || (byte == b'.' && !dots) {
            out.push(char::from(byte));
        } else {
            out.push('~');
            out.push(hex(byte >> 4));
            out.push(hex(byte & 15));
        }
    }
    out
}

fn hex(nibble: u8) -> char {
    char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase()
}

fn unescape(segment: &str) -> Option<String> {
    decode(segment, b'~')
}

fn percent_decode(text: &str) -> Cow<'_, str> {
    if text.contains('%') {
        decode(text, b'%').map_or(Cow::Borrowed(text), Cow::Owned)
    } else {
        Cow::Borrowed(text)
    }
}

/// Every `{marker}XX` as its byte; `None` if that is not UTF-8 or the digits are not there.
fn decode(text: &str, marker: u8) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        if byte == marker {
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let (high, low) = (digit(bytes.next()?)?, digit(bytes.next()?)?);
            out.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The members of a query string that mean something; later ones of the same name are ignored.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Self {
        let query = query.trim_start_matches('?');
        Self(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    fn get(&self, name: &str) -> Option<String> {
        let value = self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

#[derive(Default)]
struct QueryWriter(String);

impl QueryWriter {
    fn put(&mut self, name: &str, value: Option<&str>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else { return };
        self.0.push(if self.0.is_empty() { '?' } else { '&' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.extend(form_urlencoded::byte_serialize(value.as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scope_parse(path: &str, query: &str) -> Target {
        let languages = [Lang::parse("vi").unwrap(), Lang::parse("zh").unwrap()];
        let sources = ["city".to_owned(), "port".to_owned()];
        Scope { languages: &languages, sources: &sources }.parse(path, query)
    }

    fn page(path: &str) -> Page {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match scope_parse(path, query) {
            Target::Route(route) => route.page,
            _ => panic!("{path} is no route"),
        }
    }

    fn key_of(path: &str) -> Key {
        match page(path) {
            Page::Article { key, .. } => key,
            _ => panic!("{path} is no article"),
        }
    }

    #[test]
    fn the_root_and_unknown_languages_have_no_page() {
        assert!(matches!(scope_parse("/", ""), Target::Root));
        assert!(matches!(scope_parse("", ""), Target::Root));
        assert!(matches!(scope_parse("/fr/", ""), Target::Unknown(path) if path == "fr/"));
    }

    #[test]
    fn the_front_page_is_found_with_and_without_the_slash() {
        assert!(matches!(page("/vi/"), Page::Front));
        assert!(matches!(page("vi"), Page::Front));
    }

    #[test]
    fn a_prefix_counts_only_if_it_names_a_source() {
        assert_eq!(key_of("vi/article/12/slug"), Key::of("12"));
        assert_eq!(key_of("vi/article/port:12").source, "port");
        assert_eq!(key_of("vi/article/city:12"), Key::of("12"));
        assert_eq!(key_of("vi/article/urn:12"), Key::of("urn:12"));
    }

    #[test]
    fn other_addresses_are_not_found() {
        for path in ["vi/article", "vi/article/", "vi/nonsense", "vi/article/~Z1", "vi/a/b/c/d"] {
            assert!(matches!(page(path), Page::NotFound(_)), "{path}");
        }
    }

    #[test]
    fn another_language_has_a_list_of_its_own_from_the_start() {
        let zh = Lang::parse("zh").unwrap();
        for (path, other) in [
            ("vi/section/news?organisation=a&page=x", "zh/section/news?organisation=a"),
            ("vi/search?q=a&page=20", "zh/search?q=a"),
            ("vi/documents?q=a&year=2013&page=x", "zh/documents?q=a&year=2013"),
            ("vi/article/12/slug", "zh/article/12/slug"),
        ] {
            let (before, query) = path.split_once('?').unwrap_or((path, ""));
            let Target::Route(route) = scope_parse(before, query) else { panic!("{path}") };
            assert_eq!(route.in_language(zh.clone()).href(), other);
            assert_eq!(route.in_language(route.lang.clone()).href(), path);
        }
    }

    #[test]
    fn a_page_that_is_none_is_none_in_another_language_too() {
        let zh = Lang::parse("zh").unwrap();
        let of = |lang, path: &str| Route { lang, page: Page::NotFound(path.to_owned()) };
        let vi = || Lang::parse("vi").unwrap();
        assert_eq!(of(vi(), "vi/no/page").in_language(zh.clone()).href(), "zh/no/page");
        assert_eq!(of(vi(), "vin/page").in_language(zh.clone()).href(), "zh/vin/page");
        assert_eq!(of(vi(), "fr/x").in_language(zh).href(), "zh/fr/x");
        assert_eq!(of(vi(), "fr/x").in_language(vi()).href(), "fr/x");
    }

    #[test]
    fn escaped_ids_are_read_even_if_somebody_percent_encoded_them() {
        assert_eq!(key_of("vi/article/a~2Fb").id, "a/b");
        assert_eq!(key_of("vi/article/a%7E2Fb").id, "a/b");
    }

    #[test]
    fn the_register_keeps_its_filters_in_the_address() {
        let Page::Documents(filter) = page("vi/documents?q=10-NQ%2FTU&year=2013&kind=") else {
            panic!("not the register")
        };
        assert_eq!(filter.query, "10-NQ/TU");
        assert_eq!(filter.year.as_deref(), Some("2013"));
        assert_eq!(filter.kind, None);
    }

    proptest! {
        #[test]
        fn every_address_reads_back(
            id in ".{1,12}",
            slug in "\\PC{0,12}",
            query in "\\PC{0,12}",
            source in prop_oneof![Just(String::new()), Just("port".to_owned())],
            kind in 0..4,
        ) {
            let key = Key { source, id };
            let cursor = (!query.trim().is_empty()).then(|| query.trim().to_owned());
            let page = match kind {
                0 => Page::Article { key, slug },
                1 => Page::List(List { kind: ListKind::Tag, key, organisation: None, cursor }),
                2 => Page::Document(key),
                _ => Page::Search { query: query.trim().to_owned(), cursor },
            };
            let route = Route { lang: Lang::parse("zh").unwrap(), page };
            let href = route.href();
            prop_assert!(!href.split(['/', '?']).any(|part| part == "." || part == ".."), "{}", href);
            let (path, query) = href.split_once('?').unwrap_or((&href, ""));
            let Target::Route(read) = scope_parse(path, query) else { panic!("{href}") };
            prop_assert!(read == route, "{}", href);
        }

        #[test]
        fn any_address_is_answered(path in ".{0,40}", query in ".{0,20}") {
            scope_parse(&path, &query);
        }
    }
}
