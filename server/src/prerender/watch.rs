//! Goes on when all is written: looks what has been edited, and refreshes what that touches.
//!
//! Every few seconds the beginning of each list is asked for: what is new, and what was changed of it. Whoever
//! tells of an edit (`POST /hooks/publish`) need not wait for that, and may tell of what is older. After an edit,
//! and now and then without one, the lists are gone through to their ends: for feeds and sitemaps, and for
//! what was edited far down.

use std::{
    collections::{BTreeSet, HashMap},
    future::pending,
    mem::take,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use futures_util::future::{FusedFuture, FutureExt};
use haidang_engine::{
    lang::Lang,
    model::Key,
    route::{Page, Route},
};
use tokio::{
    net::TcpListener,
    sync::mpsc::{Receiver, Sender, channel},
    time::{Instant, sleep_until},
};

use super::{
    built::Built,
    report::Report,
    walk::{Depth, Seen},
    work::{Editions, Work},
};
use crate::{
    app::Clock,
    config::Prerender,
    connections,
    hooks::{Changed, Told},
    problem::{Problem, Result},
};

/// How often lists are gone through to their ends when nobody has told of anything.
const WALK: Duration = Duration::from_secs(600);
/// So much longer than going through the lists took it is left alone.
const REST: u32 = 9;
/// What is not answered is asked for again later and later, up to so much.
const LATEST: Duration = Duration::from_secs(300);

/// What was edited.
#[derive(Default)]
pub struct Touched {
    keys: BTreeSet<Key>,
    /// Where lists say that they are.
    routes: Vec<Route>,
}

impl Touched {
    /// The articles.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Key> {
        self.keys.iter()
    }

    /// Pages of theirs, which may be new.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// Whether a page is of an article among them.
    pub fn has(&self, page: &Page) -> bool {
        matches!(page, Page::Article { key, .. } if self.keys.contains(key))
    }

    /// Adds articles.
    pub fn add(&mut self, keys: impl IntoIterator<Item = Key>) {
        self.keys.extend(keys);
    }

    /// Adds pages.
    pub fn open(&mut self, routes: impl IntoIterator<Item = Route>) {
        self.routes.extend(routes);
    }

    /// Adds what else was.
    pub fn join(&mut self, other: &Self) {
        self.keys.extend(other.keys.iter().cloned());
        self.routes.extend(other.routes.iter().cloned());
    }

    fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.routes.is_empty()
    }

    /// Adds where lists say that they are.
    fn find(&mut self, listed: impl Iterator<Item = Route>) {
        let found: Vec<_> = listed.filter(|route| self.has(&route.page)).collect();
        self.routes.extend(found);
    }
}

/// Writes the pages of a portal and those that are edited from then on, until told to `stop`; `tell` hears what
/// came of each time that something was written or failed.
pub async fn watch(
    options: &Prerender,
    clock: Clock,
    mut tell: impl FnMut(&Report),
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut stop = pin!(stop.fuse());
    let (told, mut hears) = channel(64);
    let every = Duration::from_secs(options.watch.unwrap_or(1).into());
    // Kept, so that there is always somebody who might tell.
    let _told = told.clone();
    if let Some(address) = options.listen {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("cannot listen on {address}"))?;
        let listens = Router::new()
            .route("/hooks/publish", post(hear))
            .with_state(Arc::new((options.clone(), told)));
        tokio::spawn(connections::serve(listener, listens, connections::HEAD, pending()));
    }
    // Once more from the beginning when there is another app or another portal.json.
    loop {
        let mut work = Work::open(options).await?;
        let (report, editions) = work.catch_up(clock(), stop.as_mut()).await?;
        tell(&report);
        let mut watch = Watch::after(work, clock, every, (&report, editions));
        let is_outdated = watch.run(&mut hears, &mut tell, stop.as_mut()).await?;
        watch.work.close().await;
        if !is_outdated {
            return Ok(());
        }
    }
}

/// Passes on what it is told.
async fn hear(
    State(listening): State<Arc<(Prerender, Sender<Told>)>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let (options, told) = &*listening;
    let changed = Changed::read(options.publish.publish_secret.as_deref(), &headers, &body)?;
    let later = || Problem::of_status(StatusCode::SERVICE_UNAVAILABLE);
    let built = Built::read(options).map_err(|_| later())?;
    told.try_send(changed.of(&built.portal)?).map_err(|_| later())?;
    Ok(StatusCode::ACCEPTED)
}

/// A site all of which has been written.
struct Watch<'o> {
    work: Work<'o>,
    clock: Clock,
    /// How often the beginnings of lists are looked at.
    every: Duration,
    /// What all lists have shown.
    seen: HashMap<Lang, Seen>,
    /// What their beginnings have shown the last time.
    beginnings: HashMap<Lang, Seen>,
    touched: Touched,
    /// Whether everything is to be looked at.
    is_all_due: bool,
    /// Whether the lists are to be gone through.
    is_walk_due: bool,
    /// Whether somebody has said so: then all of them, whatever they say was changed.
    is_told_of_lists: bool,
    /// When that was done, and how long it took.
    walked: (Instant, Duration),
    /// How often in a row something has failed.
    failures: u32,
}

impl<'o> Watch<'o> {
    fn after(
        work: Work<'o>,
        clock: Clock,
        every: Duration,
        (report, editions): (&Report, Editions),
    ) -> Self {
        let seen = seen(editions);
        // A list that has failed shows what is new when it no longer does; a page is to be printed again.
        let touched = Touched { routes: work.failed(report), ..Touched::default() };
        Self {
            work,
            clock,
            every,
            seen,
            beginnings: HashMap::new(),
            touched,
            is_all_due: report.ended.is_some(),
            is_walk_due: !report.is_whole(),
            is_told_of_lists: false,
            walked: (Instant::now(), Duration::ZERO),
            failures: u32::from(!report.is_whole()),
        }
    }

    /// Looks and listens until told to stop, or until this is another site.
    async fn run(
        &mut self,
        hears: &mut Receiver<Told>,
        tell: &mut impl FnMut(&Report),
        mut stop: Pin<&mut impl FusedFuture<Output = ()>>,
    ) -> anyhow::Result<bool> {
        loop {
            if stop.is_terminated() {
                return Ok(false);
            }
            let pause = self.every.saturating_mul(2_u32.saturating_pow(self.failures));
            let pause = pause.min(LATEST.max(self.every));
            let mut is_answered = true;
            tokio::select! {
                biased;
                () = stop.as_mut() => return Ok(false),
                Some(told) = hears.recv() => {
                    self.take(told);
                    while let Ok(told) = hears.try_recv() {
                        self.take(told);
                    }
                }
                () = sleep_until(Instant::now() + pause) => {
                    if self.work.is_outdated() {
                        return Ok(true);
                    }
                    tokio::select! {
                        () = stop.as_mut() => return Ok(false),
                        looked = self.work.walk((self.clock)(), Depth::Beginning) => {
                            is_answered = self.look(looked);
                        }
                    }
                }
            }
            let is_well = self.act(tell, stop.as_mut()).await? && is_answered;
            self.failures = if is_well { 0 } else { self.failures + 1 };
        }
    }

    fn take(&mut self, told: Told) {
        match told {
            Told::Everything => self.is_all_due = true,
            Told::Source => (self.is_walk_due, self.is_told_of_lists) = (true, true),
            Told::Article(key) => {
                self.touched.keys.insert(key);
            }
        }
    }

    /// Notes what differs in the beginnings of lists; whether all were answered.
    fn look(&mut self, looked: Editions) -> bool {
        let is_answered = looked.iter().all(|(_, edition)| edition.failed.is_empty());
        for (lang, edition) in looked {
            let seen = self.seen.entry(lang.clone()).or_default();
            for (key, said) in &edition.seen {
                if said.is_edit_of(seen.insert(key.clone(), *said).as_ref()) {
                    self.touched.keys.insert(key.clone());
                }
            }
            // Nobody knows where a list begins that was not answered.
            if edition.failed.is_empty() {
                let before = self.beginnings.insert(lang, edition.seen.clone());
                self.touched.keys.extend(missing(&before.unwrap_or_default(), &edition.seen));
            }
            self.touched.find(self.work.listed(&edition));
        }
        is_answered
    }

    /// Refreshes what is to be refreshed; whether all of that could be done.
    async fn act(
        &mut self,
        tell: &mut impl FnMut(&Report),
        mut stop: Pin<&mut impl FusedFuture<Output = ()>>,
    ) -> anyhow::Result<bool> {
        if take(&mut self.is_all_due) {
            let (report, editions) = self.work.whole((self.clock)(), None, stop).await?;
            tell(&report);
            self.is_all_due = report.ended.is_some();
            self.seen = seen(editions);
            self.touched.routes.extend(self.work.failed(&report));
            return Ok(report.is_whole());
        }
        let mut is_well = true;
        if !self.touched.is_empty() {
            let report = self.work.refresh(&self.touched, None, stop.as_mut()).await?;
            tell(&report);
            is_well = report.is_whole();
            if is_well {
                self.touched = Touched::default();
            }
            // One page that fails keeps neither feeds nor other edits waiting.
            self.is_walk_due = true;
        }
        let (walked, took) = self.walked;
        let rest = if self.is_walk_due { Duration::ZERO } else { WALK };
        if walked.elapsed() < rest.max(took.saturating_mul(REST)) {
            return Ok(is_well);
        }
        Ok(self.through(tell, stop).await? && is_well)
    }

    /// Goes through all lists, refreshes what they show to have been edited, and writes feeds and sitemaps.
    async fn through(
        &mut self,
        tell: &mut impl FnMut(&Report),
        mut stop: Pin<&mut impl FusedFuture<Output = ()>>,
    ) -> anyhow::Result<bool> {
        let began = Instant::now();
        let now = (self.clock)();
        let is_due = self.is_told_of_lists || !self.work.is_known(now);
        let depth = if is_due { Depth::Whole } else { Depth::Changes };
        let editions = tokio::select! {
            () = stop.as_mut() => return Ok(false),
            editions = self.work.walk(now, depth) => editions,
        };
        self.walked = (Instant::now(), began.elapsed());
        let mut report = Report::default();
        if !report.take_failed(&editions) {
            tell(&report);
            self.is_walk_due = true;
            return Ok(false);
        }
        for (_, edition) in &editions {
            self.touched.find(self.work.listed(edition));
        }
        let (report, editions) = self.work.follow(now, editions, &self.touched, stop).await?;
        if report.has_news() {
            tell(&report);
        }
        self.is_walk_due = !report.is_whole();
        if report.is_whole() {
            self.is_told_of_lists = false;
            self.touched = Touched::default();
            self.seen = seen(editions);
        }
        Ok(report.is_whole())
    }
}

fn seen(editions: Editions) -> HashMap<Lang, Seen> {
    editions.into_iter().map(|(lang, edition)| (lang, edition.seen)).collect()
}

/// What was there before and is not now.
pub fn missing(before: &Seen, now: &Seen) -> Vec<Key> {
    before.keys().filter(|key| !now.contains_key(*key)).cloned().collect()
}
