//! The feeds, sitemaps and robots.txt of what was found.

use haidang_engine::{
    lang::Lang,
    model::{Headline, Key, Term},
    publish::{
        Entry, Feed, FeedFormat, Home, Listed, Location, index, locations, news, robots, sitemaps,
    },
    route::{Page, Route},
    time::Timestamp,
};

use super::{walk::Edition, work};

/// Gives all such files to `put`, one after the other; of pages only those that `is_there` knows.
pub fn files(
    home: &Home<'_>,
    editions: &[(Lang, Edition)],
    now: Timestamp,
    is_there: impl Fn(&Route) -> bool,
    mut put: impl FnMut(&str, &str),
) {
    put("robots.txt", &robots(home));
    for (lang, edition) in editions {
        feeds(home, lang, None, &edition.newest, &mut put);
        for (key, (term, newest)) in &edition.sections {
            feeds(home, lang, Some((key, term)), newest, &mut put);
        }
    }
    let portal = home.portal();
    let listed = editions.iter().flat_map(|(_, edition)| &edition.listed);
    let mut pages = locations(portal, listed.filter(|listed| is_there(&route(listed))));
    if portal.features.documents {
        pages.push(Location::new(portal.codes(), Page::Documents(Default::default())));
        pages.extend(documents(editions));
    }
    if portal.features.press {
        pages.push(Location::new(portal.codes(), Page::Press));
    }
    let recent: Vec<Headline> =
        editions.iter().flat_map(|(_, edition)| &edition.recent).cloned().collect();
    let maps = sitemaps(home, &pages).chain(std::iter::once_with(|| news(home, &recent, now)));
    let written: Vec<_> = maps
        .filter_map(|map| {
            put(&format!("sitemaps/{}.xml", map.name), &map.xml);
            map.has_pages().then_some((map.name, map.updated))
        })
        .collect();
    let named = written.iter().map(|(name, updated)| (name.as_str(), *updated));
    put("sitemap.xml", &index(home, named));
}

fn route(listed: &Listed) -> Route {
    let page = Page::Article { key: listed.key.clone(), slug: listed.slug.clone() };
    Route { lang: listed.lang.clone(), page }
}

/// Each document in the languages that it has a title in.
fn documents(editions: &[(Lang, Edition)]) -> Vec<Location<'static>> {
    let mut all: std::collections::BTreeMap<&Key, Vec<Lang>> = Default::default();
    for (lang, edition) in editions {
        let titled = edition.documents.iter().filter(|document| document.is_titled);
        titled.for_each(|document| all.entry(&document.key).or_default().push(lang.clone()));
    }
    all.into_iter().map(|(key, langs)| Location::new(langs, Page::Document(key.clone()))).collect()
}

/// The feeds of an edition, or of a section of it.
fn feeds(
    home: &Home<'_>,
    lang: &Lang,
    section: Option<(&Key, &Term)>,
    newest: &[Headline],
    put: &mut impl FnMut(&str, &str),
) {
    let front = || Route { lang: lang.clone(), page: Page::Front };
    let list = section.map_or_else(front, |(key, _)| work::section(lang, key)).href();
    let entries = newest.iter().map(|headline| Entry { headline, authors: &[] });
    let feed = Feed::new(home, lang, section, entries);
    for format in FeedFormat::ALL {
        put(&format!("{}/{}", list.trim_end_matches('/'), format.file()), &feed.write(*format));
    }
}
