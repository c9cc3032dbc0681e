//! Where the portal is: its routes and files as absolute addresses.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::FeedFormat;
use crate::{
    content::resource,
    lang::Lang,
    model::{Headline, Image, Key},
    profile::Portal,
    read,
    route::{List, ListKind, Page, Route},
};

/// What no address may hold as it is (RFC 3986), beside what is not ASCII; `%` is left as it came.
const UNFIT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A portal, and the address it is at.
pub struct Home<'a> {
    portal: &'a Portal,
    base: String,
}

impl<'a> Home<'a> {
    /// The portal at `base`, an absolute address, e.g. `https://portal.example/`.
    pub fn new(portal: &'a Portal, base: &str) -> Self {
        Self { portal, base: [base.trim_end_matches('/'), "/"].concat() }
    }

    /// The portal.
    pub fn portal(&self) -> &'a Portal {
        self.portal
    }

    /// The address of the portal; ends with `/`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The path of the portal on its host: `/`, or `/…/`.
    pub fn path(&self) -> &str {
        let host = read::origin(&self.base).map_or(0, str::len);
        self.base.get(host..).unwrap_or("/")
    }

    /// The portal's name in a language.
    pub fn name(&self, lang: &Lang) -> &'a str {
        self.portal.name.get(lang, &self.portal.fallback)
    }

    /// What goes into `lang` and `hreflang`.
    pub fn tag<'l>(&self, lang: &'l Lang) -> &'l str
    where
        'a: 'l,
    {
        self.portal.language(lang).map_or(lang.as_str(), |language| language.tag())
    }

    /// The address of a page.
    pub fn page(&self, lang: &Lang, page: Page) -> String {
        [self.base.as_str(), &Route { lang: lang.clone(), page }.href()].concat()
    }

    /// The address of a version of an article, as search engines shall keep it.
    pub fn article(&self, headline: &Headline) -> String {
        let page = Page::Article { key: headline.key.clone(), slug: headline.slug.clone() };
        self.page(&headline.lang, page)
    }

    /// What names a version for ever: its address without the decoration, which may change.
    pub fn id(&self, lang: &Lang, key: &Key) -> String {
        self.page(lang, Page::Article { key: key.clone(), slug: String::new() })
    }

    /// The address of a file, which is absolute or seen from the portal's base; `None` if it is none of the web.
    pub fn file(&self, url: &str) -> Option<String> {
        resource(url, &self.base).map(|url| utf8_percent_encode(&url, UNFIT).to_string())
    }

    /// The address of a picture's largest rendition.
    pub fn picture(&self, image: &Image) -> Option<String> {
        let largest = image.sizes.iter().max_by_key(|size| size.width);
        self.file(largest.map_or(&image.url, |size| &size.url))
    }

    /// The portal's mark.
    pub fn logo(&self) -> Option<String> {
        self.file(self.portal.theme.logo.as_deref().unwrap_or("icons/icon-512.png"))
    }

    /// The address of the list that a feed is of: the front page, or a section.
    pub fn list(&self, lang: &Lang, section: Option<&Key>) -> String {
        self.page(lang, section.map_or(Page::Front, section_page))
    }

    /// The address of the feed of an edition, or of a section of it.
    pub fn feed(&self, lang: &Lang, section: Option<&Key>, format: FeedFormat) -> String {
        let list = self.list(lang, section);
        [list.trim_end_matches('/'), "/", format.file()].concat()
    }
}

/// The page of a section, from its beginning.
pub(super) fn section_page(key: &Key) -> Page {
    let (kind, key) = (ListKind::Section, key.clone());
    Page::List(List { kind, key, organisation: None, cursor: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::test::{headline, lang, portal};

    #[test]
    fn everything_is_below_the_base() {
        let portal = portal();
        for base in ["https://p.example/sub", "https://p.example/sub/"] {
            let home = Home::new(&portal, base);
            assert_eq!((home.base(), home.path()), ("https://p.example/sub/", "/sub/"));
            assert_eq!(home.list(&lang("vi"), None), "https://p.example/sub/vi/");
            assert_eq!(
                home.feed(&lang("vi"), Some(&Key::of("tin tức")), FeedFormat::Atom),
                "https://p.example/sub/vi/section/tin~20t~E1~BB~A9c/feed.atom"
            );
            let headline = headline("vi", "a/b");
            assert_eq!(home.article(&headline), "https://p.example/sub/vi/article/a~2Fb/slug");
            assert_eq!(
                home.id(&headline.lang, &headline.key),
                "https://p.example/sub/vi/article/a~2Fb"
            );
        }
        assert_eq!(Home::new(&portal, "https://p.example").path(), "/");
    }

    #[test]
    fn files_are_of_the_web() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example/sub");
        let file = |url: &str| home.file(url);
        assert_eq!(
            file("media/cảng 1.webp").as_deref(),
            Some("https://p.example/sub/media/c%E1%BA%A3ng%201.webp")
        );
        assert_eq!(file("/a%20b.png").as_deref(), Some("https://p.example/a%20b.png"));
        assert_eq!(file("//m.example/a.png").as_deref(), Some("https://m.example/a.png"));
        assert_eq!(file("javascript:alert(1)"), None);
    }
}
