//! Where a page lies in the site.
//!
//! The addresses of the app have no slash at their end, but for front pages. `vi/article/7/storm` is the file
//! `vi/article/7/storm.html`, which static hosts send for the address as it is; for `…/storm/index.html` most
//! would first send readers on to `…/storm/`.

use haidang_engine::route::{Page, Route};

/// What static hosts send for addresses that there is no file for.
pub const MISSING: &str = "404.html";
/// What the files of pages end with.
const ENDING: &str = ".html";
/// The file of a page whose address ends with a slash.
const INDEX: &str = "index.html";

/// The file of a page, below the site's folder; `None` for a page that only a query can name, since a static
/// host has one file for all queries.
pub fn file(route: &Route) -> Option<String> {
    let href = route.href();
    if href.contains('?') || matches!(route.page, Page::NotFound(_)) {
        return None;
    }
    // Routes write ids so that none of this comes; a site is worth a second look.
    let leads_elsewhere =
        |part: &str| matches!(part, "" | "." | "..") || part.contains(['\\', '\0']);
    let path = href.strip_suffix('/').unwrap_or(&href);
    if path.split('/').any(leads_elsewhere) {
        return None;
    }
    Some(if href.ends_with('/') { href + INDEX } else { href + ENDING })
}

/// The file of an article's page at the address that has no words at its end: where a backend gives no more of
/// other versions than their ids, links lead there.
pub fn without_words(route: &Route) -> Option<String> {
    let Page::Article { key, .. } = &route.page else { return None };
    let page = Page::Article { key: key.clone(), slug: String::new() };
    file(&Route { lang: route.lang.clone(), page })
}

/// The file of the card of the article whose page is in `file`.
pub fn card(file: &str) -> String {
    [file.strip_suffix(ENDING).unwrap_or(file), ".oembed.json"].concat()
}

/// The address of the page in a file, as routes write it.
pub fn address(file: &str) -> &str {
    match file.strip_suffix(INDEX) {
        Some(edition) if edition.matches('/').count() == 1 => edition,
        _ => file.strip_suffix(ENDING).unwrap_or(file),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use haidang_engine::{
        lang::Lang,
        model::Key,
        route::{List, ListKind},
    };
    use proptest::prelude::*;

    use super::*;

    fn route(page: Page) -> Route {
        Route { lang: Lang::ENGLISH, page }
    }

    fn article(id: &str, slug: &str) -> Route {
        route(Page::Article { key: Key::of(id), slug: slug.to_owned() })
    }

    #[test]
    fn a_file_is_called_as_static_hosts_look_for_it() {
        assert_eq!(file(&route(Page::Front)).unwrap(), "en/index.html");
        assert_eq!(file(&article("7", "storm")).unwrap(), "en/article/7/storm.html");
        assert_eq!(file(&article("7", "")).unwrap(), "en/article/7.html");
        assert_eq!(file(&route(Page::Documents(Default::default()))).unwrap(), "en/documents.html");
    }

    #[test]
    fn what_a_query_names_has_no_file() {
        let (key, cursor) = (Key::of("news"), Some("2".to_owned()));
        let list = List { kind: ListKind::Section, key, organisation: None, cursor };
        assert_eq!(file(&route(Page::List(list))), None);
    }

    proptest! {
        #[test]
        fn no_id_leads_out_of_the_site(
            id in prop_oneof![".{1,12}", "[./\\\\~%:]{1,6}", Just("../../etc/passwd".to_owned())],
            slug in prop_oneof!["\\PC{0,12}", "[./\\\\]{0,4}"],
            source in prop_oneof![Just(String::new()), Just("port".to_owned())],
            kind in 0..3,
        ) {
            let key = Key { source, id };
            let route = route(match kind {
                0 => Page::Article { key, slug },
                1 => Page::Document(key),
                _ => Page::List(List { kind: ListKind::Tag, key, organisation: None, cursor: None }),
            });
            let file = file(&route).unwrap();
            let parts: Vec<_> = Path::new(&file).components().collect();
            prop_assert!(parts.iter().all(|part| matches!(part, Component::Normal(_))), "{}", file);
            prop_assert!(parts.len() >= 3 && file.starts_with("en/"), "{}", file);
            prop_assert_eq!(address(&file), route.href());
        }
    }
}
