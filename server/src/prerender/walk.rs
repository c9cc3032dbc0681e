//! Goes through the lists of all sources, in every language: which articles and documents there are.
//!
//! Of each article is kept what its place in feeds and sitemaps needs, and no text.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    mem::take,
    sync::Arc,
};

use haidang::{backend::Loader, pages::notices};
use haidang_engine::{
    lang::Lang,
    model::{DocumentEntry, Headline, Key, Page as Slice, Term},
    profile::{Failure, Headlines, Operation, Paging},
    publish::{Listed, NEWS_MOST, NEWS_WINDOW},
    read::Read,
    route::{DocumentFilter, Page, Route},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{
    lists::{Changes, List, Lists},
    patient::{Asking, Trouble},
    printer::Printer,
};

/// Articles asked for at once.
const SLICE: u32 = 100;
/// As many of the newest show what is new.
const BEGINNING: u32 = 20;
/// How many articles a feed holds.
pub const ENTRIES: usize = 50;

/// How far lists are gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// To their ends.
    Whole,
    /// To their ends; where a source says what was changed last, only that is asked for.
    Changes,
    /// The newest of each alone, and no documents.
    Beginning,
}

/// Articles by what their headlines say.
pub type Seen = HashMap<Key, Said>;

/// What a headline says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Another digest is that of another text.
    text: u64,
    /// Who comments below an article does not edit it.
    comments: Option<u32>,
}

/// A document of the register.
pub struct Registered {
    pub key: Key,
    /// Whether it has a title in the language.
    pub is_titled: bool,
    /// Of what the register says of it.
    pub digest: u64,
}

/// What there is in one language.
pub struct Edition {
    /// Whether no list was taken to be as it was but for what has changed.
    pub is_gone_through: bool,
    /// Every version, the newest first.
    pub listed: Vec<Listed>,
    /// Those published lately.
    pub recent: Vec<Headline>,
    /// The newest of all.
    pub newest: Vec<Headline>,
    /// The newest of each section.
    pub sections: BTreeMap<Key, (Term, Vec<Headline>)>,
    /// The documents.
    pub documents: Vec<Registered>,
    /// Every article that lists show.
    pub seen: Seen,
    /// The sources whose lists say of any article when it was changed.
    pub dated: HashSet<String>,
    /// A digest of the notices in force, which stand on every page; `None` where they could not be had.
    pub notices: Option<u64>,
    /// The addresses of what lists show, in whatever language: they take less room than routes.
    pub routes: Vec<Box<str>>,
    /// Lists whose end was not reached, and why.
    pub failed: Vec<(String, Trouble)>,
}

/// Goes through the lists in `lang`; `lists` are kept of those that say what was changed.
pub async fn walk(
    printer: Arc<Printer>,
    lists: Lists,
    lang: Lang,
    now: Timestamp,
    depth: Depth,
) -> Edition {
    let mut edition = Edition::new();
    let portal = printer.portal().clone();
    let sources = portal.sources.iter().enumerate().filter(|(_, source)| source.offers.list);
    for (index, source) in sources {
        let asked = if index == 0 { "" } else { &*source.id };
        let list = lists.of(source, asked, &lang);
        // Of several languages in one list nobody says how many are in each.
        let is_kept =
            source.offers.changed && !source.filters_language() && depth != Depth::Beginning;
        let changes = match is_kept && depth == Depth::Changes {
            true => changes(&printer, asked, &lang, &list).await,
            false => None,
        };
        let taken = match changes {
            Some(changes) => {
                edition.is_gone_through = false;
                list.renew(changes, |headline| edition.take_articles([headline], &lang, now))
                    .map_err(|error| Trouble { cause: error.to_string(), is_away: false })
            }
            None => {
                let ask = |cursor| {
                    let limit = if depth == Depth::Beginning { BEGINNING } else { SLICE };
                    let list = Headlines { limit: Some(limit), cursor, ..Headlines::default() };
                    Operation::Headlines(list)
                };
                let (mut keeping, mut is_first) = (is_kept.then(|| list.keep()), true);
                let take_slice = |slice: Slice<Headline>| {
                    if let Some(keeping) = &mut keeping {
                        keeping.add_slice(&slice, take(&mut is_first));
                    }
                    edition.take_articles(slice.items, &lang, now);
                };
                let followed = follow(&printer, asked, (&lang, depth), ask, take_slice).await;
                if let (Ok(()), Some(keeping)) = (&followed, keeping) {
                    keeping.end();
                }
                followed
            }
        };
        if let Err(trouble) = taken {
            edition.failed.push((format!("the articles of {} in {lang}", source.id), trouble));
        }
    }
    edition.newest.sort_by_key(|headline| std::cmp::Reverse(headline.published));
    edition.newest.truncate(ENTRIES);
    edition.newest.shrink_to_fit();
    edition.listed.shrink_to_fit();
    edition.routes.shrink_to_fit();
    if portal.features.documents && depth != Depth::Beginning {
        let ask = |cursor| Operation::Documents(DocumentFilter { cursor, ..Default::default() });
        let source = portal.answering(&ask(None));
        let take = |Slice { items, .. }: Slice<DocumentEntry>| {
            let page = |entry: &DocumentEntry| Page::Document(entry.key.clone());
            let routes = items.iter().map(|entry| Route { lang: lang.clone(), page: page(entry) });
            edition.routes.extend(routes.map(|route| route.href().into()));
            edition.documents.extend(items.into_iter().map(|entry| {
                let digest = digest(&entry);
                Registered { is_titled: entry.lang == lang, key: entry.key, digest }
            }));
        };
        if let Err(trouble) = follow(&printer, source, (&lang, depth), ask, take).await {
            edition.failed.push((format!("the documents in {lang}"), trouble));
        }
    }
    if depth != Depth::Beginning {
        let asking = Arc::new(Asking::new(printer.patient.clone()));
        let notices = notices(&Loader::native(portal, lang, asking)).await;
        edition.notices = notices.map(|notices| digest(&notices));
    }
    edition
}

/// What has changed of a list since it was kept; `None` if that cannot be told: nothing is kept, the source does not
/// say how many there are, or some are no more.
async fn changes(printer: &Printer, source: &str, lang: &Lang, list: &List<'_>) -> Option<Changes> {
    let known = list.known()?;
    let (mut edited, mut keys) = (Vec::new(), HashSet::new());
    let (mut cursor, mut pages) = (None, Paging::default());
    let total = loop {
        let changed =
            Headlines { changed: true, limit: Some(SLICE), cursor, ..Headlines::default() };
        let slice = slice(printer, source, lang, &Operation::Headlines(changed)).await;
        let slice: Slice<Headline> = slice.ok()??;
        let mut is_end = true;
        for mut headline in slice.items {
            let is_as_known = known.said.get(&headline.key) == Some(&Said::of(&mut headline));
            is_end &= is_as_known;
            // What is edited while they are read is on two slices.
            if !is_as_known && keys.insert(headline.key.clone()) {
                edited.push(headline);
            }
        }
        match slice.next {
            Some(next) if !is_end => {
                pages.follow(&next).ok()?;
                cursor = Some(next);
            }
            _ => break slice.total?,
        }
    };
    // What was to come out at its time may be dated back in both.
    let newest = Headlines { limit: Some(BEGINNING), ..Headlines::default() };
    let newest = slice(printer, source, lang, &Operation::Headlines(newest)).await;
    let newest: Slice<Headline> = newest.ok()??;
    let is_known = |key: &Key| known.said.contains_key(key) || keys.contains(key);
    if !newest.items.iter().all(|headline| is_known(&headline.key)) {
        return None;
    }
    let new = keys.iter().filter(|key| !known.said.contains_key(*key)).count();
    let is_all = known.total.checked_add(u32::try_from(new).ok()?) == Some(total);
    is_all.then_some(Changes { edited, total })
}

/// Takes one slice of a list after the other.
async fn follow<T>(
    printer: &Printer,
    source: &str,
    (lang, depth): (&Lang, Depth),
    ask: impl Fn(Option<String>) -> Operation,
    mut take: impl FnMut(Slice<T>),
) -> Result<(), Trouble>
where
    Slice<T>: Read,
{
    let (mut cursor, mut pages) = (None, Paging::default());
    loop {
        // A source that has nothing in this language.
        let Some(mut slice) = slice(printer, source, lang, &ask(cursor)).await? else {
            return Ok(());
        };
        let next = slice.next.take();
        take(slice);
        let Some(next) = next.filter(|_| depth != Depth::Beginning) else { return Ok(()) };
        pages.follow(&next).map_err(|cause| Trouble { cause, is_away: false })?;
        cursor = Some(next);
    }
}

/// A slice of a list; `None` if the source has none in this language.
async fn slice<T>(
    printer: &Printer,
    source: &str,
    lang: &Lang,
    operation: &Operation,
) -> Result<Option<Slice<T>>, Trouble>
where
    Slice<T>: Read,
{
    // Each with a loader of its own, which remembers what it was answered.
    let asking = Arc::new(Asking::new(printer.patient.clone()));
    let loader = Loader::native(printer.portal().clone(), lang.clone(), asking.clone());
    match loader.ask_in(source, operation, lang).await {
        Ok(slice) => Ok(Some(slice)),
        Err(Failure::NotOffered) => Ok(None),
        Err(failure) => {
            let is_away = failure.is_transient();
            let trouble = Trouble { cause: failure.to_string(), is_away };
            Err(asking.trouble().unwrap_or(trouble))
        }
    }
}

impl Edition {
    /// Nothing.
    pub fn new() -> Self {
        Self {
            is_gone_through: true,
            listed: Vec::new(),
            recent: Vec::new(),
            newest: Vec::new(),
            sections: BTreeMap::new(),
            documents: Vec::new(),
            seen: Seen::new(),
            dated: HashSet::new(),
            notices: None,
            routes: Vec::new(),
            failed: Vec::new(),
        }
    }

    fn take_articles(
        &mut self,
        items: impl IntoIterator<Item = Headline>,
        lang: &Lang,
        now: Timestamp,
    ) {
        for mut headline in items {
            self.seen.insert(headline.key.clone(), Said::of(&mut headline));
            if headline.updated.is_some() && !self.dated.contains(&headline.key.source) {
                self.dated.insert(headline.key.source.clone());
            }
            let page = Page::Article { key: headline.key.clone(), slug: headline.slug.clone() };
            self.routes.push(Route { lang: lang.clone(), page }.href().into());
            // A text in another language is of that edition.
            if headline.lang != *lang {
                continue;
            }
            let Some(listed) = Listed::of(&headline) else { continue };
            if let (Some(key), Some(term)) = (&listed.section, &headline.section) {
                let (_, newest) =
                    self.sections.entry(key.clone()).or_insert_with(|| (term.clone(), Vec::new()));
                if newest.len() < ENTRIES {
                    newest.push(headline.clone());
                }
            }
            let age = headline.published.map(|published| now.0.saturating_sub(published.0));
            let is_recent = age.is_some_and(|age| (0..=NEWS_WINDOW).contains(&age));
            if is_recent && self.recent.len() < NEWS_MOST {
                self.recent.push(headline.clone());
            }
            self.listed.push(listed);
            // Each source gives its newest first; which of them those of all are is seen at the end.
            self.newest.push(headline);
            if self.newest.len() > 20 * ENTRIES {
                self.newest.sort_by_key(|headline| std::cmp::Reverse(headline.published));
                self.newest.truncate(ENTRIES);
            }
        }
    }
}

impl Said {
    /// What this one says.
    pub fn of(headline: &mut Headline) -> Self {
        let comments = headline.comments.take();
        let text = digest(headline);
        headline.comments = comments;
        Self { text, comments }
    }

    /// Whether the article was edited since a headline of it said what was there `before`, or is new.
    pub fn is_edit_of(self, before: Option<&Self>) -> bool {
        before.is_none_or(|before| before.text != self.text)
    }
}

/// Of what `said` says. Another release of the hasher gives others, after which everything is new once.
fn digest(said: &impl Serialize) -> u64 {
    let mut hash = DefaultHasher::new();
    serde_json::to_string(said).unwrap_or_default().hash(&mut hash);
    hash.finish()
}
