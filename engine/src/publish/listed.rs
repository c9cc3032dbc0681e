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
///
/// There may be very many, so what their addresses are made of is not held twice.
#[derive(Clone, PartialEq, Eq)]
pub enum Location<'a> {
    /// The versions of an article, one a language.
    Article(Vec<&'a Listed>),
    /// A page that is at the same place in each of its languages, with their last changes.
    Page(Page, Vec<(Lang, Option<Timestamp>)>),
}

impl<'a> Location<'a> {
    /// A page that is in each of `languages`, e.g. a document.
    pub fn new(languages: impl IntoIterator<Item = Lang>, page: Page) -> Self {
        Self::Page(page, languages.into_iter().map(|lang| (lang, None)).collect())
    }

    /// In each language once.
    pub fn variants(&self) -> Vec<Variant> {
        match self {
            Self::Article(versions) => versions.iter().map(|version| version.variant()).collect(),
            Self::Page(page, languages) => {
                let variant = |(lang, updated): &(Lang, Option<Timestamp>)| {
                    let route = Route { lang: lang.clone(), page: page.clone() };
                    Variant { route, updated: *updated }
                };
                languages.iter().map(variant).collect()
            }
        }
    }

    /// Whether it is there in a language.
    pub fn is_in(&self, lang: &Lang) -> bool {
        match self {
            Self::Article(versions) => versions.iter().any(|version| version.lang == *lang),
            Self::Page(_, languages) => languages.iter().any(|(there, _)| there == lang),
        }
    }
}

impl Listed {
    fn variant(&self) -> Variant {
        let page = Page::Article { key: self.key.clone(), slug: self.slug.clone() };
        Variant { route: Route { lang: self.lang.clone(), page }, updated: self.updated }
    }
}

/// The pages that `listed` makes: front pages, sections, and the articles in their order. An edition
/// without articles has no front page to be found, and none of its sections that are empty.
pub fn locations<'a>(
    portal: &Portal,
    listed: impl IntoIterator<Item = &'a Listed>,
) -> Vec<Location<'a>> {
    let mut lists = Lists::default();
    let mut works: HashMap<(&str, &str), usize> = HashMap::new();
    let mut articles: Vec<Vec<&Listed>> = Vec::new();
    for version in listed.into_iter().filter(|version| portal.language(&version.lang).is_some()) {
        lists.see(version);
        let of_work = (version.key.source.as_str(), version.work.as_str());
        let index = *works.entry(of_work).or_insert(articles.len());
        match articles.get_mut(index) {
            None => articles.push(vec![version]),
            Some(versions) if versions.iter().all(|there| there.lang != version.lang) => {
                versions.push(version);
            }
            Some(_) => {}
        }
    }
    lists.locations().chain(articles.into_iter().map(Location::Article)).collect()
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

    fn locations(self) -> impl Iterator<Item = Location<'a>> {
        self.0.into_iter().map(|(section, editions)| {
            let page = section.map_or(Page::Front, section_page);
            let editions = editions.into_iter().map(|(lang, updated)| (lang.clone(), updated));
            Location::Page(page, editions.collect())
        })
    }
}
