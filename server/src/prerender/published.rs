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

/// All such files with what goes into them; of pages only those that `is_there` knows.
pub fn files(
    home: &Home<'_>,
    editions: &[(Lang, Edition)],
    now: Timestamp,
    is_there: impl Fn(&Route) -> bool,
) -> Vec<(String, String)> {
    let mut files = vec![("robots.txt".to_owned(), robots(home))];
    for (lang, edition) in editions {
        files.extend(feeds(home, lang, None, &edition.newest));
        for (key, (term, newest)) in &edition.sections {
            files.extend(feeds(home, lang, Some((key, term)), newest));
        }
    }
    let portal = home.portal();
    let listed: Vec<Listed> = editions
        .iter()
        .flat_map(|(_, edition)| &edition.listed)
        .filter(|listed| is_there(&route(listed)))
        .cloned()
        .collect();
    let mut pages = locations(portal, &listed);
    if portal.features.documents {
        pages.push(Location::new(portal.codes(), &Page::Documents(Default::default())));
        pages.extend(documents(editions));
    }
    if portal.features.press {
        pages.push(Location::new(portal.codes(), &Page::Press));
    }
    let recent: Vec<Headline> =
        editions.iter().flat_map(|(_, edition)| &edition.recent).cloned().collect();
    let mut maps = sitemaps(home, &pages);
    maps.push(news(home, &recent, now));
    files.push(("sitemap.xml".to_owned(), index(home, &maps)));
    files.extend(maps.into_iter().map(|map| (format!("sitemaps/{}.xml", map.name), map.xml)));
    files
}

fn route(listed: &Listed) -> Route {
    let page = Page::Article { key: listed.key.clone(), slug: listed.slug.clone() };
    Route { lang: listed.lang.clone(), page }
}

/// Each document in the languages that it has a title in.
fn documents(editions: &[(Lang, Edition)]) -> Vec<Location> {
    let mut all: std::collections::BTreeMap<&Key, Vec<Lang>> = Default::default();
    for (lang, edition) in editions {
        let titled = edition.documents.iter().filter(|(_, has_title)| *has_title);
        titled.for_each(|(key, _)| all.entry(key).or_default().push(lang.clone()));
    }
    all.into_iter().map(|(key, langs)| Location::new(langs, &Page::Document(key.clone()))).collect()
}

/// The feeds of an edition, or of a section of it, by their files.
fn feeds<'f>(
    home: &'f Home<'f>,
    lang: &'f Lang,
    section: Option<(&'f Key, &'f Term)>,
    newest: &'f [Headline],
) -> impl Iterator<Item = (String, String)> + 'f {
    let front = || Route { lang: lang.clone(), page: Page::Front };
    let list = section.map_or_else(front, |(key, _)| work::section(lang, key)).href();
    let entries = newest.iter().map(|headline| Entry { headline, authors: &[] });
    let feed = Feed::new(home, lang, section, entries);
    FeedFormat::ALL.iter().map(move |format| {
        let file = format!("{}/{}", list.trim_end_matches('/'), format.file());
        (file, feed.write(*format))
    })
}
