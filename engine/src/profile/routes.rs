//! Links in bodies that lead to the source's own pages, made ours.

use percent_encoding::percent_decode_str;

use super::{Profile, Source};
use crate::{
    content::{Addresses, Block, Href, place_links},
    lang::Lang,
    model::Key,
    read::scheme_and_rest,
    route::{List, ListKind, Page, Route},
};

/// What of ours a page of the source is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OwnPage {
    /// An article, by id or slug: the profile's `article` endpoint takes what its pattern gives.
    Article(String),
    /// A section, by the portal's id.
    Section(String),
    /// A tag, by the portal's id.
    Tag(String),
    /// An author.
    Author(String),
}

impl Profile {
    /// What of ours the address of a page of `source` is, if one of the profile's `routes` fits.
    ///
    /// The address is absolute or relative to the source's `site`. Whatever follows `#` is of no account;
    /// parameters of the query that the pattern does not name are neither.
    pub fn route_of(&self, url: &str, source: &Source) -> Option<OwnPage> {
        let site = source.site();
        let path = match crate::read::origin(url) {
            Some(_) => below(url, site)?,
            None if url.starts_with("//") => return None,
            None => url,
        };
        let fits = |patterns: &[String]| patterns.iter().find_map(|pattern| fit(pattern, path));
        let translated = |table, id: String| super::source::translate(table, &id, false).to_owned();
        let routes = &self.routes;
        // Sections before articles: a pattern of articles is often the widest.
        if let Some(id) = fits(&routes.section) {
            return Some(OwnPage::Section(translated(&source.sections, id)));
        }
        if let Some(id) = fits(&routes.tag) {
            return Some(OwnPage::Tag(translated(&source.tags, id)));
        }
        if let Some(id) = fits(&routes.author) {
            return Some(OwnPage::Author(id));
        }
        fits(&routes.article).map(OwnPage::Article)
    }
}

/// A body whose links are to be put right.
#[derive(Clone, Copy)]
pub struct OwnLinks<'a> {
    /// The source's profile.
    pub profile: &'a Profile,
    /// Whose body it is.
    pub source: &'a Source,
    /// The source as keys have it: empty for the first one.
    pub key_source: &'a str,
    /// The language of our pages.
    pub lang: &'a Lang,
    /// Where the body stands at the source; empty if that is not known.
    pub page: &'a str,
}

impl OwnLinks<'_> {
    /// Resolves the relative addresses, and makes links to the source's own pages ours.
    pub fn place(&self, blocks: &mut [Block]) {
        // What is relative to a page is below its folder.
        let folder = crate::read::origin(self.page).and_then(|_| self.page.rsplit_once('/'));
        let base = folder.map_or(self.source.site(), |(folder, _)| folder);
        let resolve = |url: &str| crate::read::resolve(base, url);
        let own = |url: &str| Some(self.href(self.profile.route_of(url, self.source)?));
        place_links(blocks, &Addresses { resolve: &resolve, own: &own });
    }

    fn href(&self, page: OwnPage) -> Href {
        let list = |kind, id| {
            let key = Key { source: self.key_source.to_owned(), id };
            Page::List(List { kind, key, organisation: None, cursor: None })
        };
        let page = match page {
            OwnPage::Article(id) if self.key_source.is_empty() => return Href::Article(id),
            OwnPage::Article(id) => {
                let key = Key { source: self.key_source.to_owned(), id };
                Page::Article { key, slug: String::new() }
            }
            OwnPage::Section(id) => list(ListKind::Section, id),
            OwnPage::Tag(id) => list(ListKind::Tag, id),
            OwnPage::Author(id) => list(ListKind::Author, id),
        };
        // Relative to the portal's base, as all our addresses are.
        Href::Relative(Route { lang: self.lang.clone(), page }.href())
    }
}

/// What of `url` is below `site`; `http` and `https` are the same site.
fn below<'u>(url: &'u str, site: &str) -> Option<&'u str> {
    let site = scheme_and_rest(site).map_or(site, |(_, rest)| rest);
    let rest = scheme_and_rest(url).map_or(url, |(_, rest)| rest).strip_prefix(site)?;
    (rest.is_empty() || rest.starts_with(['/', '?', '#'])).then_some(rest)
}

/// The id (else the slug) that `pattern` finds in a path with its query.
fn fit(pattern: &str, url: &str) -> Option<String> {
    let url = url.split('#').next().unwrap_or_default();
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let (path_pattern, query_pattern) = pattern.split_once('?').unwrap_or((pattern, ""));
    let steps = |path: &str| -> Vec<String> {
        path.split('/').filter(|step| !step.is_empty()).map(str::to_owned).collect()
    };
    let (wanted, found) = (steps(path_pattern), steps(path));
    if wanted.len() != found.len() {
        return None;
    }
    let mut names: Vec<(String, String)> = Vec::new();
    for (wanted, found) in wanted.iter().zip(&found) {
        let found = percent_decode_str(found).decode_utf8().ok()?;
        step(wanted, &found, &mut names)?;
    }
    for (key, wanted) in form_urlencoded::parse(query_pattern.as_bytes()) {
        let (_, found) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| *name == key)?;
        step(&wanted, &found, &mut names)?;
    }
    let named = |wanted: &str| names.iter().find(|(name, _)| name == wanted);
    named("id").or_else(|| named("slug")).map(|(_, value)| value.clone())
}

/// Matches one step, e.g. `{year}`, `{slug}-{id}.html`: a name takes what there is before the text after it.
fn step(pattern: &str, text: &str, names: &mut Vec<(String, String)>) -> Option<()> {
    let Some((literal, rest)) = pattern.split_once('{') else {
        return (pattern == text).then_some(());
    };
    let (name, rest) = rest.split_once('}')?;
    let text = text.strip_prefix(literal)?;
    let after = rest.split('{').next().unwrap_or_default();
    let end = match after {
        "" => text.len(),
        // `{slug}-{id}`: the slug may hold the text as well, the last one parts them.
        _ => text.rfind(after)?,
    };
    let (value, text) = text.split_at_checked(end)?;
    // Dates of addresses are digits; so nothing else passes for one.
    let digits = matches!(name, "year" | "month" | "day");
    if value.is_empty() || (digits && !value.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    names.push((name.to_owned(), value.to_owned()));
    step(rest, text, names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use serde_json::json;

    fn blog() -> (Profile, Source) {
        let (profile, _) = Profile::from_value(&json!({
            "name": "x",
            "routes": {
                "article": ["/{year}/{month}/{slug}/", "/?p={id}", "/{slug}-{id}.html"],
                "section": ["/category/{id}"], "tag": ["/tag/{id}/"], "author": ["/by/{id}"],
            },
        }));
        let source = json!({
            "id": "s", "base": "https://x.test/blog/wp-json", "site": "https://x.test/blog/",
            "sections": { "news": "tin-tuc" },
        });
        (profile.unwrap(), read::<Source>(&source, "source", "").0.unwrap())
    }

    fn page(url: &str) -> Option<OwnPage> {
        let (profile, source) = blog();
        profile.route_of(url, &source)
    }

    #[test]
    fn links_and_pictures_of_a_body_are_put_right() {
        let (profile, source) = blog();
        let html = "<p><b><a href=https://x.test/blog/2026/03/floods/>a</a></b> <a href=/tag/x>b</a> \
                    <a href=https://y.test/>c</a> <a href=/blog/category/tin-tuc>d</a></p>\
                    <figure><img src=/i.jpg srcset='/i-2.jpg 200w'></figure>\
                    <ul><li><p>e</p><figure><img src=j.jpg></figure></li></ul>";
        let placed = |key_source: &str| {
            let mut content = crate::content::from_html(html);
            let lang = Lang::parse("vi").unwrap();
            let page = "https://x.test/blog/2026/03/here.html";
            OwnLinks { profile: &profile, source: &source, key_source, lang: &lang, page }
                .place(&mut content.blocks);
            format!("{:?}", content.blocks)
        };
        let first = placed("");
        for expected in [
            "Article(\"floods\")",
            "External(\"https://x.test/tag/x\")",
            "External(\"https://y.test/\")",
            "Relative(\"vi/section/news\")",
            "\"https://x.test/i.jpg\"",
            "\"https://x.test/i-2.jpg\"",
            "\"https://x.test/blog/2026/03/j.jpg\"",
        ] {
            assert!(first.contains(expected), "{expected} in {first}");
        }
        let other = placed("s");
        assert!(other.contains("Relative(\"vi/article/s:floods\")"), "{other}");
        assert!(other.contains("Relative(\"vi/section/s:news\")"), "{other}");
    }

    #[test]
    fn the_sources_own_pages_are_ours() {
        let article = |id: &str| Some(OwnPage::Article(id.into()));
        assert_eq!(page("https://x.test/blog/2026/03/floods/"), article("floods"));
        assert_eq!(page("http://x.test/blog/2026/03/floods?a=1#c"), article("floods"));
        assert_eq!(page("/2026/03/b%C3%A3o-s%E1%BB%91-9/"), article("bão-số-9"));
        assert_eq!(page("/?p=12&preview=1"), article("12"));
        assert_eq!(page("/a-b-12.html"), article("12"));
        assert_eq!(page("/category/tin-tuc/"), Some(OwnPage::Section("news".into())));
        assert_eq!(page("/tag/a"), Some(OwnPage::Tag("a".into())));
        assert_eq!(page("/by/an"), Some(OwnPage::Author("an".into())));
    }

    #[test]
    fn all_others_stay() {
        for url in [
            "https://y.test/2026/03/floods/",
            "https://x.test/blogger/2026/03/floods/",
            "https://x.test/2026/03/floods/",
            "//x.test/blog/2026/03/floods/",
            "/about/us/team/",
            "/2026/03/",
            "/",
            "",
        ] {
            assert_eq!(page(url), None, "{url}");
        }
    }
}
