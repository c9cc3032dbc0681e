//! What lists said when every page was as they say, and which pages what they say now concerns.
//!
//! A run that finds it looks at those pages alone. What no list tells, as a neighbour's new title, waits for a run
//! that looks at everything: the first one after [`WHOLE`]. Articles of a source that never says when one was changed
//! are looked at each time.

use std::collections::HashMap;

use haidang_engine::{
    lang::Lang,
    model::Key,
    route::{Page, Route},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    walk::{Said, Seen},
    watch::{Touched, missing},
    work::Editions,
};

/// Milliseconds after which everything is looked at once more.
const WHOLE: i64 = 24 * 3_600_000;

/// What lists said, and when.
#[derive(Debug, Serialize, Deserialize)]
pub struct Known {
    /// Of which app and portal.json the pages are.
    by: String,
    /// When everything was looked at last: milliseconds since 1970.
    whole: i64,
    /// By the codes of the languages.
    languages: HashMap<String, Told>,
    /// The addresses of pages that are not as lists say, for they have failed.
    failed: Vec<String>,
}

/// What lists say in a language. Keys are no names that JSON could have.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    articles: Vec<(Key, Said)>,
    documents: Vec<(Key, u64)>,
    /// They stand on every page.
    notices: Option<u64>,
}

impl Known {
    /// What `editions` say of pages made `by` an app and a portal, all but those that have `failed`; everything was
    /// looked at last at `whole`.
    pub fn new(by: &str, whole: Timestamp, editions: &Editions, failed: &[Route]) -> Self {
        let languages = editions.iter().map(|(lang, edition)| {
            let articles = edition.seen.iter().map(|(key, said)| (key.clone(), *said)).collect();
            let documents = edition.documents.iter();
            let documents = documents.map(|one| (one.key.clone(), one.digest)).collect();
            (lang.to_string(), Told { articles, documents, notices: edition.notices })
        });
        let failed = failed.iter().map(Route::href).collect();
        Self { by: by.to_owned(), whole: whole.0, languages: languages.collect(), failed }
    }

    /// Whether pages made `by` these may be left alone at `now` if no list says otherwise.
    pub fn is_good(&self, by: &str, now: Timestamp) -> bool {
        self.by == by && (0..WHOLE).contains(&now.0.saturating_sub(self.whole))
    }

    /// When everything was looked at last.
    pub fn whole(&self) -> Timestamp {
        Timestamp(self.whole)
    }

    /// The addresses of pages to be asked for again, whatever lists say.
    pub fn failed(&self) -> impl Iterator<Item = &str> {
        self.failed.iter().map(String::as_str)
    }

    /// What differs in `editions`, of whose pages `listed` gives the addresses; `None` if that may be on every
    /// page.
    pub fn touched<R: Iterator<Item = Route>>(
        &self,
        editions: &Editions,
        listed: impl Fn(&Lang) -> R,
    ) -> Option<Touched> {
        let mut touched = Touched::default();
        for (lang, edition) in editions {
            let told = self.languages.get(lang.as_str())?;
            if told.notices != edition.notices {
                return None;
            }
            let articles: Seen = told.articles.iter().cloned().collect();
            let documents: HashMap<&Key, u64> =
                told.documents.iter().map(|(key, digest)| (key, *digest)).collect();
            let edited = edition.seen.iter();
            let edited = edited.filter(|(key, said)| said.is_edit_of(articles.get(*key)));
            touched.add(edited.map(|(key, _)| key.clone()));
            touched.add(missing(&articles, &edition.seen));
            let now: HashMap<&Key, u64> =
                edition.documents.iter().map(|one| (&one.key, one.digest)).collect();
            let is_other = |page: &Page| match page {
                // Comments change the page alone.
                Page::Article { key, .. } => {
                    let is_told = edition.dated.contains(&key.source);
                    !is_told || articles.get(key) != edition.seen.get(key)
                }
                Page::Document(key) => documents.get(key) != now.get(key),
                _ => false,
            };
            touched.open(listed(lang).filter(|route| is_other(&route.page)));
            if documents != now {
                let register = Page::Documents(Default::default());
                touched.open([Route { lang: lang.clone(), page: register }]);
            }
            let gone = documents.keys().filter(|key| !now.contains_key(*key));
            let page = |key: &&Key| Page::Document((*key).clone());
            touched.open(gone.map(|key| Route { lang: lang.clone(), page: page(key) }));
        }
        Some(touched)
    }
}
