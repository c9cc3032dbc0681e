//! The press: prints pages on threads of its own and keeps what it has printed.
//!
//! Views are not made to go from thread to thread, so each thread of the press has a small runtime for itself.
//! What was printed is good until somebody writes; after a minute it is printed anew, for backends elsewhere do not
//! say when somebody has written there, and still given out where that takes more than a moment.
//!
//! Anybody can ask for any address: whoever asks for a page that is being printed waits for that print, only
//! so many are printed at once, and what is not found takes no place of what is.

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
use haidang_engine::{
    lang::Lang,
    profile::Portal,
    route::{Page, Route},
};
use tokio::{sync::watch, time::timeout};
use tokio_util::task::LocalPoolHandle;

use super::{
    backend::{Network, Sources},
    document::document,
    words::words,
};

/// Threads that print.
const THREADS: usize = 2;
/// Pages printed at once; each may be waiting for backends. For one more the app goes out.
const AT_ONCE: usize = 64;
/// Pages kept; the one asked for longest ago goes first.
const MOST: usize = 500;
/// For so long a page is as good as new, if nobody writes.
const FRESH: Duration = Duration::from_secs(60);
/// For so long it is better than waiting.
const STALE: Duration = Duration::from_secs(3_600);
/// For so long a reader waits for a newer page than is kept: the app asks anew for all of one that is old
/// (index.html).
const MOMENT: Duration = Duration::from_millis(100);
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
    /// What is being printed, and what had been written when that began.
    printing: HashMap<(Address, u64), Printing>,
}

/// What is printed, and where the portal lies for who asks.
type Address = (Sheet, String);

/// Has the page once it is printed; closed without one if it cannot be.
type Printing = watch::Receiver<Option<Arc<Print>>>;

struct Entry {
    page: Arc<Print>,
    printed: Instant,
    /// What had been written by then.
    writes: u64,
    asked: Instant,
}

/// How a page comes to who asks for it.
enum Way {
    /// As it is kept.
    Kept(Arc<Print>),
    /// As it is kept, unless it is printed anew in a moment.
    Old(Arc<Print>, Printing),
    /// Once it is printed.
    Printing(Printing),
    /// By the app.
    App,
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
        let sheet = match sheet {
            Sheet::Page(route) => Sheet::Page(without_slug(route)),
            element => element,
        };
        match self.way(material, (sheet, home)) {
            Way::Kept(page) => Some(page),
            Way::Old(page, printing) => Some(within(MOMENT, printing).await.unwrap_or(page)),
            Way::Printing(printing) => within(PATIENCE, printing).await,
            Way::App => None,
        }
    }

    fn way(self: &Arc<Self>, material: Material, address: Address) -> Way {
        let mut kept = self.kept();
        if kept.edition != material.edition {
            *kept = Kept { edition: material.edition, ..Kept::default() };
        }
        let writes = self.writes.load(Ordering::Relaxed);
        let mut old = None;
        let entry = kept.pages.get_mut(&address).filter(|entry| entry.writes == writes);
        if let Some(entry) = entry {
            entry.asked = Instant::now();
            let age = entry.printed.elapsed();
            if age < FRESH {
                return Way::Kept(entry.page.clone());
            }
            // Of an element there may be nothing that makes up for it.
            if age <= STALE && matches!(address.0, Sheet::Page(_)) {
                old = Some(entry.page.clone());
            }
        }
        let printing = self.printing(&mut kept, material, (address, writes));
        match (old, printing) {
            (Some(page), Some(printing)) => Way::Old(page, printing),
            (Some(page), None) => Way::Kept(page),
            (None, Some(printing)) => Way::Printing(printing),
            (None, None) => Way::App,
        }
    }

    /// The print that is under way, or begins; `None` if there are too many already.
    fn printing(
        self: &Arc<Self>,
        kept: &mut Kept,
        material: Material,
        what: (Address, u64),
    ) -> Option<Printing> {
        kept.printing.retain(|_, printing| printing.has_changed().is_ok());
        if let Some(printing) = kept.printing.get(&what) {
            return Some(printing.clone());
        }
        if kept.printing.len() >= AT_ONCE {
            return None;
        }
        let (printed, printing) = watch::channel(None);
        kept.printing.insert(what.clone(), printing.clone());
        let (press, (address, writes)) = (self.clone(), what);
        // Who comes next has it, even if nobody waits for it now.
        tokio::spawn(async move {
            let page = press.print(material, address, writes).await;
            printed.send_replace(page);
        });
        Some(printing)
    }

    /// Prints a sheet, and keeps it as one of when so much had been written: what is written meanwhile may not be
    /// in it.
    async fn print(
        self: Arc<Self>,
        material: Material,
        address: Address,
        writes: u64,
    ) -> Option<Arc<Print>> {
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
        let entry = Entry { page: page.clone(), printed: now, writes, asked: now };
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
    fn keep(&mut self, edition: u64, address: Address, entry: Entry) {
        if self.edition != edition {
            return;
        }
        if !entry.page.is_found {
            self.pages.remove(&address);
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

/// What is being printed, if it is there by then and could be printed.
async fn within(limit: Duration, mut printing: Printing) -> Option<Arc<Print>> {
    timeout(limit, printing.wait_for(Option::is_some)).await.ok()?.ok()?.clone()
}

/// The page of an article is the same whatever its address says behind the id.
fn without_slug(mut route: Route) -> Route {
    if let Page::Article { slug, .. } = &mut route.page {
        slug.clear();
    }
    route
}

#[cfg(test)]
mod tests {
    use axum::{
        Json, Router,
        extract::{Path, State},
        http::StatusCode,
        routing::get,
    };
    use futures_util::future::join_all;
    use haidang_engine::model::Key;
    use serde_json::{Value, json};
    use tokio::{runtime::Handle, sync::Semaphore, task::yield_now};

    use super::*;
    use crate::outbound::Outbound;

    /// A backend whose articles are there, but for those that are not yet.
    struct Backend {
        missing: Mutex<Option<&'static str>>,
        /// How often it was asked.
        asked: watch::Sender<usize>,
        /// Who asks waits for it.
        open: Semaphore,
    }

    async fn article(
        State(backend): State<Arc<Backend>>,
        Path(id): Path<String>,
    ) -> (StatusCode, Json<Value>) {
        backend.asked.send_modify(|asked| *asked += 1);
        drop(backend.open.acquire().await.unwrap());
        if *backend.missing.lock().unwrap() == Some(id.as_str()) {
            return (StatusCode::NOT_FOUND, Json(json!({ "title": "none" })));
        }
        let headline = json!({ "key": { "id": id }, "work": id, "lang": "en", "slug": "slug", "title": "Of it",
            "published": "2026-11-12T08:00:00Z" });
        let body = json!({ "format": "html", "value": "<p>x</p>" });
        (StatusCode::OK, Json(json!({ "headline": headline, "body": body })))
    }

    fn press() -> (Arc<Press>, Arc<Backend>) {
        let backend = Arc::new(Backend {
            missing: Mutex::default(),
            asked: watch::Sender::default(),
            open: Semaphore::new(1),
        });
        let articles = Router::new().route("/api/v1/articles/{id}", get(article));
        let press = Press::new(Network {
            own: articles.with_state(backend.clone()),
            base: "/".to_owned(),
            others: Outbound::new(true).unwrap(),
            kept: None,
            runtime: Handle::current(),
        });
        (Arc::new(press), backend)
    }

    async fn ask(press: &Arc<Press>, id: &str, slug: &str) -> Option<Arc<Print>> {
        let off = json!({ "comments": false, "search": false, "documents": false, "press": false, "notices": false });
        let portal = json!({
            "version": 1, "id": "p", "name": { "en": "Portal" }, "timezone": "UTC", "features": off,
            "languages": [{ "code": "en", "name": "E" }], "default": "en",
            "sources": [{ "id": "own", "base": "api/v1" }],
        });
        let index = "<!doctype html><html><head><base href=\"/\"><title>x</title></head><body></body></html>";
        let material = Material {
            edition: 1,
            portal: Portal::parse(&portal.to_string()).0.unwrap(),
            index: index.to_owned(),
            folder: "..".into(),
        };
        let page = Page::Article { key: Key::of(id), slug: slug.to_owned() };
        let route = Route { lang: Lang::ENGLISH, page };
        press.sheet(material, Sheet::Page(route), "http://p.example/".to_owned()).await
    }

    /// The page, once it could be printed.
    async fn page(press: &Arc<Press>, id: &str, slug: &str) -> Arc<Print> {
        loop {
            if let Some(page) = ask(press, id, slug).await {
                return page;
            }
            yield_now().await;
        }
    }

    #[tokio::test]
    async fn many_who_ask_at_once_wait_for_one_print() {
        let (press, backend) = press();
        join_all((0..5).map(|_| ask(&press, "1", "slug"))).await;
        assert!(page(&press, "1", "slug").await.is_found);
        assert_eq!(*backend.asked.borrow(), 1);
    }

    #[tokio::test]
    async fn what_is_written_while_a_page_is_printed_is_on_the_next_one() {
        let (press, backend) = press();
        let before = ask(&press, "1", "slug");
        let after = async {
            backend.asked.subscribe().wait_for(|asked| *asked == 1).await.unwrap();
            press.invalidate();
            page(&press, "1", "slug").await
        };
        tokio::join!(before, after);
        assert_eq!(*backend.asked.borrow(), 2);
    }

    #[tokio::test]
    async fn where_too_many_pages_are_being_printed_the_app_goes_out() {
        let (press, backend) = press();
        let closed = backend.open.acquire().await.unwrap();
        let ids: Vec<String> = (0..AT_ONCE).map(|id| id.to_string()).collect();
        let waiting = join_all(ids.iter().map(|id| ask(&press, id, "slug")));
        tokio::select! {
            biased;
            _ = waiting => panic!("printed without an answer"),
            page = ask(&press, "one-more", "slug") => assert!(page.is_none()),
        }
        backend.asked.subscribe().wait_for(|asked| *asked == AT_ONCE).await.unwrap();
        drop(closed);
        assert!(page(&press, "one-more", "slug").await.is_found);
    }

    #[tokio::test]
    async fn an_article_is_one_page_whatever_stands_behind_its_id() {
        let (press, backend) = press();
        let one = page(&press, "1", "slug").await;
        let other = page(&press, "1", "x1").await;
        assert!(one.html == other.html && one.html.contains("/en/article/1/slug"), "{}", one.html);
        assert_eq!(*backend.asked.borrow(), 1);
    }

    #[tokio::test]
    async fn what_is_not_found_is_not_kept() {
        let (press, backend) = press();
        *backend.missing.lock().unwrap() = Some("1");
        assert!(!page(&press, "1", "slug").await.is_found);
        *backend.missing.lock().unwrap() = None;
        assert!(page(&press, "1", "slug").await.is_found);
    }
    /// Makes the page that is kept older than it is, once nothing is being printed.
    async fn aged(press: &Press) -> Arc<Print> {
        while press.kept().printing.values().any(|printing| printing.has_changed().is_ok()) {
            yield_now().await;
        }
        let mut kept = press.kept();
        let entry = kept.pages.values_mut().next().unwrap();
        entry.printed = Instant::now().checked_sub(FRESH).unwrap();
        entry.page.clone()
    }

    #[tokio::test]
    async fn an_old_page_is_given_out_where_a_newer_one_takes_more_than_a_moment() {
        let (press, backend) = press();
        page(&press, "1", "slug").await;
        let old = aged(&press).await;
        let closed = backend.open.acquire().await.unwrap();
        assert!(Arc::ptr_eq(&page(&press, "1", "slug").await, &old));
        drop(closed);
        // A machine with much else to do may take longer than that a few times.
        for _ in 0..50 {
            let old = aged(&press).await;
            if !Arc::ptr_eq(&page(&press, "1", "slug").await, &old) {
                return;
            }
        }
        panic!("a new page is never waited for");
    }
}
