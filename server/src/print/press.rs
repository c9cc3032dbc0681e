//! The press: prints pages on threads of its own and keeps what it has printed.
//!
//! Views are not made to go from thread to thread, so each thread of the press has a small runtime for itself.
//! What was printed is good until somebody writes; after a minute it is still given out, and printed
//! anew meanwhile, for backends elsewhere do not say when somebody has written there.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use haidang::{
    elements::{self, Asked},
    i18n::Messages,
    printed,
};
use haidang_engine::{lang::Lang, profile::Portal, route::Route};
use tokio::time::timeout;
use tokio_util::task::LocalPoolHandle;

use super::{
    backend::{Network, Sources},
    document::document,
    words::words,
};

/// Threads that print.
const THREADS: usize = 2;
/// Pages kept; the one asked for longest ago goes first.
const MOST: usize = 500;
/// For so long a page is as good as new, if nobody writes.
const FRESH: Duration = Duration::from_secs(60);
/// For so long it is better than waiting.
const STALE: Duration = Duration::from_secs(3_600);
/// For so long a reader waits for a page; then the app's own page is the quicker way.
const PATIENCE: Duration = Duration::from_secs(3);

/// What pages are printed from.
pub struct Material {
    /// Counts the changes of portal.json and of the site.
    pub edition: u64,
    /// The portal in force.
    pub portal: Portal,
    /// index.html, below the portal's base.
    pub index: String,
    /// The folder of the site: words and profiles.
    pub folder: PathBuf,
}

/// What is to be printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Sheet {
    /// The page at a route.
    Page(Route),
    /// What an element shows.
    Element(Asked),
}

/// What was printed.
pub struct Print {
    /// Whether there is such a page.
    pub is_found: bool,
    /// The document; of an element what it shows.
    pub html: String,
}

/// Prints pages.
pub struct Press {
    /// Views stay on the thread they are made on.
    threads: LocalPoolHandle,
    network: Arc<Network>,
    /// Counts what was written here.
    writes: AtomicU64,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// Of which edition the rest is.
    edition: u64,
    sources: Option<Arc<Sources>>,
    words: HashMap<Lang, Arc<Messages>>,
    pages: HashMap<Address, Entry>,
}

/// What is printed, and where the portal lies for who asks.
type Address = (Sheet, String);

struct Entry {
    page: Arc<Print>,
    printed: Instant,
    /// What had been written by then.
    writes: u64,
    asked: Instant,
    is_renewed: bool,
}

/// How a page stands that was printed before.
enum Known {
    Fresh(Arc<Print>),
    /// To be given out once more, and printed anew meanwhile.
    Stale(Arc<Print>),
    Gone,
}

impl Press {
    /// Prints what `network` answers.
    pub fn new(network: Network) -> Self {
        Self {
            threads: LocalPoolHandle::new(THREADS),
            network: Arc::new(network),
            writes: AtomicU64::new(0),
            kept: Mutex::default(),
        }
    }

    /// Something was written: what has been printed may not be so any more.
    pub fn invalidate(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    /// Prints a sheet for readers to whom the portal lies at `home`; `None` if the app itself is to show it.
    pub async fn sheet(
        self: &Arc<Self>,
        material: Material,
        sheet: Sheet,
        home: String,
    ) -> Option<Arc<Print>> {
        let address = (sheet, home);
        match self.known(&address, material.edition) {
            Known::Fresh(page) => Some(page),
            // Of an element there may be nothing that makes up for it.
            Known::Stale(page) if matches!(address.0, Sheet::Page(_)) => {
                let press = self.clone();
                tokio::spawn(async move {
                    if press.clone().print(material, address.clone()).await.is_none() {
                        press.kept().is_still_old(&address);
                    }
                });
                Some(page)
            }
            Known::Stale(_) | Known::Gone => {
                // Who comes next has it, even if nobody waits for it now.
                let printing = tokio::spawn(self.clone().print(material, address));
                timeout(PATIENCE, printing).await.ok()?.ok()?
            }
        }
    }

    fn known(&self, address: &Address, edition: u64) -> Known {
        let mut kept = self.kept();
        if kept.edition != edition {
            *kept = Kept { edition, ..Kept::default() };
        }
        let writes = self.writes.load(Ordering::Relaxed);
        let Some(entry) = kept.pages.get_mut(address) else { return Known::Gone };
        entry.asked = Instant::now();
        let age = entry.printed.elapsed();
        if entry.writes != writes || age > STALE {
            Known::Gone
        } else if age < FRESH || std::mem::replace(&mut entry.is_renewed, true) {
            Known::Fresh(entry.page.clone())
        } else {
            Known::Stale(entry.page.clone())
        }
    }

    async fn print(self: Arc<Self>, material: Material, address: Address) -> Option<Arc<Print>> {
        // What is written while it is printed may not be in it.
        let writes = self.writes.load(Ordering::Relaxed);
        let edition = material.edition;
        let lang = match &address.0 {
            Sheet::Page(route) => route.lang.clone(),
            Sheet::Element(asked) => elements::printed::language(asked, &material.portal),
        };
        let (sources, words) = self.read(&material, &lang)?;
        let portal = sources.portal().clone();
        let (sheet, home) = address.clone();
        let printing = self.threads.spawn_pinned(move || async move {
            match sheet {
                Sheet::Page(route) => {
                    let printed =
                        printed::print(portal, words, &route, &home, sources).await.ok()?;
                    let html = document(&material.index, &printed)?;
                    Some(Print { is_found: printed.is_found, html })
                }
                Sheet::Element(asked) => {
                    let printed = elements::printed::print(portal, words, &asked, sources).await;
                    let html = printed.inspect_err(|error| tracing::debug!("{error}")).ok()?;
                    Some(Print { is_found: true, html })
                }
            }
        });
        // A panic of a view would end up here: the app goes out.
        let page = Arc::new(printing.await.ok()??);
        let now = Instant::now();
        let entry =
            Entry { page: page.clone(), printed: now, writes, asked: now, is_renewed: false };
        self.kept().keep(edition, address, entry);
        Some(page)
    }

    /// The sources and the words of a language, read once an edition.
    fn read(&self, material: &Material, lang: &Lang) -> Option<(Arc<Sources>, Arc<Messages>)> {
        let mut kept = self.kept();
        let sources = kept.sources.get_or_insert_with(|| {
            let (portal, folder) = (material.portal.clone(), &material.folder);
            let (sources, wrong) = Sources::open(portal, folder, self.network.clone());
            for wrong in wrong {
                tracing::warn!("{wrong}: its pages are not printed");
            }
            Arc::new(sources)
        });
        let sources = sources.clone();
        if let Some(words) = kept.words.get(lang) {
            return Some((sources, words.clone()));
        }
        match words(&material.folder, lang) {
            Ok(words) => {
                let words = Arc::new(words);
                kept.words.insert(lang.clone(), words.clone());
                Some((sources, words))
            }
            Err(error) => {
                tracing::warn!("{error}: no pages are printed in it");
                None
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A page could not be printed anew: who asks next tries again.
    fn is_still_old(&mut self, address: &Address) {
        if let Some(entry) = self.pages.get_mut(address) {
            entry.is_renewed = false;
        }
    }

    fn keep(&mut self, edition: u64, address: Address, entry: Entry) {
        if self.edition != edition {
            return;
        }
        if self.pages.len() >= MOST && !self.pages.contains_key(&address) {
            let oldest = self.pages.iter().min_by_key(|(_, entry)| entry.asked);
            if let Some(oldest) = oldest.map(|(address, _)| address.clone()) {
                self.pages.remove(&oldest);
            }
        }
        self.pages.insert(address, entry);
    }
}
