//! Which pages there are, and in which languages.

use std::collections::{BTreeMap, HashMap};

use super::home::section_page;
use crate::{
    lang::Lang,
    model::{Headline, Key},
    profile::Portal,
    route::{Page, Route},
    time::Timestamp,
};

/// A version of an article, as little of it as its place in a sitemap needs: there may be very many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Names this version.
    pub key: Key,
    /// Names the work across its versions, within its source.
    pub work: String,
    /// The language of the text.
    pub lang: Lang,
    /// Decoration of the address.
    pub slug: String,
    /// The section it belongs to.
    pub section: Option<Key>,
    /// Last change, if that is known.
    pub updated: Option<Timestamp>,
}

impl Listed {
    /// The version that a headline is of; `None` if it is withdrawn.
    pub fn of(headline: &Headline) -> Option<Self> {
        (!headline.withdrawn).then(|| Self {
            key: headline.key.clone(),
            work: headline.work.clone(),
            lang: headline.lang.clone(),
            slug: headline.slug.clone(),
            section: headline
                .section
                .as_ref()
                .map(|section| Key { source: headline.key.source.clone(), id: section.id.clone() }),
            updated: headline.updated.or(headline.published),
        })
    }
}

/// A page in one of its languages.
#[derive(Clone, PartialEq, Eq)]
pub struct Variant {
    /// Where it is.
    pub route: Route,
    /// Last change, if that is known.
    pub updated: Option<Timestamp>,
}

/// A page in all the languages that it is there in: in others, readers get one of these instead.
#[derive(Clone, PartialEq, Eq)]
pub struct Location(Vec<Variant>);

impl Location {
    /// A page that is in each of `languages` at the same place, e.g. a document.
    pub fn new(languages: impl IntoIterator<Item = Lang>, page: &Page) -> Self {
        let variant = |lang| Variant { route: Route { lang, page: page.clone() }, updated: None };
        Self(languages.into_iter().map(variant).collect())
    }

    /// In each language once.
    pub fn variants(&self) -> &[Variant] {
        &self.0
    }

    /// Adds what is in a language that is not there yet.
    fn add(&mut self, variant: Variant) {
        if !self.0.iter().any(|there| there.route.lang == variant.route.lang) {
            self.0.push(variant);
        }
    }
}

/// The pages that `listed` makes: front pages, sections, and the articles in their order. An edition
/// without articles has no front page to be found, and none of its sections that are empty.
pub fn locations(portal: &Portal, listed: &[Listed]) -> Vec<Location> {
    let mut lists = Lists::default();
    let mut works: HashMap<(&str, &str), usize> = HashMap::new();
    let mut articles: Vec<Location> = Vec::new();
    for version in listed.iter().filter(|version| portal.language(&version.lang).is_some()) {
        lists.see(version);
        let of_work = (version.key.source.as_str(), version.work.as_str());
        let index = *works.entry(of_work).or_insert(articles.len());
        if index == articles.len() {
            articles.push(Location(Vec::new()));
        }
        if let Some(location) = articles.get_mut(index) {
            let page = Page::Article { key: version.key.clone(), slug: version.slug.clone() };
            let route = Route { lang: version.lang.clone(), page };
            location.add(Variant { route, updated: version.updated });
        }
    }
    lists.locations().chain(articles).collect()
}

/// The lists that articles stand in, each edition of them with its newest article's date: the front page is
/// that of no section.
#[derive(Default)]
struct Lists<'a>(BTreeMap<Option<&'a Key>, BTreeMap<&'a Lang, Option<Timestamp>>>);

impl<'a> Lists<'a> {
    fn see(&mut self, version: &'a Listed) {
        let section = version.section.as_ref().map(Some);
        for list in [None].into_iter().chain(section) {
            let newest = self.0.entry(list).or_default().entry(&version.lang).or_default();
            *newest = (*newest).max(version.updated);
        }
    }

    fn locations(self) -> impl Iterator<Item = Location> {
        self.0.into_iter().map(|(section, editions)| {
            let page = section.map_or(Page::Front, section_page);
            let variant = |(lang, updated): (&Lang, _)| {
                let route = Route { lang: lang.clone(), page: page.clone() };
                Variant { route, updated }
            };
            Location(editions.into_iter().map(variant).collect())
        })
    }
}
