//! Where crawlers need not go (RFC 9309).

use super::Home;
use crate::{
    lang::Lang,
    route::{Page, Route},
};

/// What is for programs and moderators.
const OURS: &[&str] = &["api/", "proxy/", "moderate", "hooks/"];
/// Pictures and files that pages show, though they stand below `api/`.
const SHOWN: &[&str] = &["api/v1/media/", "api/v1/files/"];

/// The robots.txt of the portal. Crawlers look for it at the root of the host, wherever on it the portal is.
pub fn robots(home: &Home<'_>) -> String {
    let mut lines = vec!["User-agent: *".to_owned()];
    let path = home.path();
    lines.extend(OURS.iter().map(|ours| format!("Disallow: {path}{ours}")));
    lines.extend(SHOWN.iter().map(|shown| format!("Allow: {path}{shown}")));
    for language in &home.portal().languages {
        lines.extend(readers(&language.code).map(|page| format!("Disallow: {path}{page}")));
    }
    lines.extend([String::new(), format!("Sitemap: {}sitemap.xml", home.base()), String::new()]);
    lines.join("\n")
}

/// The pages that are each reader's own.
fn readers(lang: &Lang) -> impl Iterator<Item = String> {
    let search = Page::Search { query: String::new(), cursor: None };
    let pages = [search, Page::Saved, Page::Settings].into_iter();
    pages.map(|page| Route { lang: lang.clone(), page }.href())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::test::portal;

    #[test]
    fn what_is_ours_or_the_readers_own_is_left_out() {
        let portal = portal();
        assert_eq!(
            robots(&Home::new(&portal, "https://p.example/sub")),
            "User-agent: *\n\
             Disallow: /sub/api/\n\
             Disallow: /sub/proxy/\n\
             Disallow: /sub/moderate\n\
             Disallow: /sub/hooks/\n\
             Allow: /sub/api/v1/media/\n\
             Allow: /sub/api/v1/files/\n\
             Disallow: /sub/vi/search\n\
             Disallow: /sub/vi/saved\n\
             Disallow: /sub/vi/settings\n\
             Disallow: /sub/zh/search\n\
             Disallow: /sub/zh/saved\n\
             Disallow: /sub/zh/settings\n\
             \n\
             Sitemap: https://p.example/sub/sitemap.xml\n"
        );
    }
}
