//! Writes a portal's site: all of it, or what an edit touches.

use std::{
    cell::RefCell, collections::HashSet, pin::Pin, sync::Arc, thread::available_parallelism,
};

use futures_util::future::join_all;
use haidang_engine::{
    lang::Lang,
    model::Key,
    profile::Source,
    publish::Home,
    route::{List, ListKind, Page, Route},
    time::Timestamp,
};
use tokio_util::task::LocalPoolHandle;

use super::{
    built::Built,
    crawl::{Crawl, Follow},
    gone,
    known::Known,
    links::route,
    lists::Lists,
    patient::{Patient, Trouble},
    place,
    printer::Printer,
    published,
    report::{Progress, Report},
    site::{LISTS, OWN, Put, Site},
    sources::{self, Answering},
    together::CROWD,
    walk::{Depth, Edition, walk},
    watch::Touched,
};
use crate::{app::App, config::Prerender};

/// What there is, by language.
pub type Editions = Vec<(Lang, Edition)>;

/// A site that is being written, and whoever has a part in it.
pub struct Work<'o> {
    options: &'o Prerender,
    built: Built,
    printer: Arc<Printer>,
    site: Site,
    /// This server, if it answers any source.
    app: Option<Arc<App>>,
}

impl<'o> Work<'o> {
    /// Opens the site and its sources.
    pub async fn open(options: &'o Prerender) -> anyhow::Result<Self> {
        let built = Built::read(options)?;
        let portal = built.portal.clone();
        let site = Site::open(&options.site, built.digest())?;
        let Answering { sources, app } = sources::open(options, &built.home, portal).await?;
        let jobs = usize::from(options.jobs);
        let printer = Arc::new(Printer {
            home: built.home.to_string(),
            index: built.index.clone(),
            words: built.words(&options.site)?,
            languages: built.portal.codes(),
            sources: built.portal.sources.iter().map(|source| source.id.clone()).collect(),
            patient: Arc::new(Patient::new(sources, jobs)),
            threads: LocalPoolHandle::new(jobs.min(available_parallelism().map_or(1, Into::into))),
        });
        Ok(Self { options, built, printer, site, app })
    }

    /// Lets go of the database.
    pub async fn close(self) {
        if let Some(app) = self.app {
            app.store.close().await;
        }
    }

    /// Whether it is known what lists said when all pages were as they say, and lately enough.
    pub fn is_known(&self, now: Timestamp) -> bool {
        self.site.known().is_some_and(|known| known.is_good(self.site.by(), now))
    }

    /// Whether the app or portal.json are no longer those that this was opened with.
    pub fn is_outdated(&self) -> bool {
        // While one of them is being written, what was there before is good enough.
        Built::read(self.options).is_ok_and(|now| now.digest() != self.built.digest())
    }

    /// Writes what lists say has changed since everything was written, and the pages that show more than lists do;
    /// everything, if that is not known, was long ago or was of another app or portal, or if it is asked for.
    pub async fn catch_up(
        &mut self,
        now: Timestamp,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> anyhow::Result<(Report, Editions)> {
        if self.options.whole || !self.is_known(now) || !self.site.has_file(place::MISSING) {
            return self.whole(now, None, stop).await;
        }
        let editions = tokio::select! {
            () = &mut stop => return Ok((Report::stopped(), Vec::new())),
            editions = self.walk(now, Depth::Changes) => editions,
        };
        if editions.iter().any(|(_, edition)| !edition.failed.is_empty()) {
            // What the others have is written all the same.
            return self.whole(now, Some(editions), stop).await;
        }
        let mut standing_too = Touched::default();
        standing_too.open(editions.iter().flat_map(|(lang, edition)| standing(lang, edition)));
        self.follow(now, editions, &standing_too, stop).await
    }

    /// Writes what these lists, read to their ends, say has changed, and what else was `touched`; everything, if
    /// that may be on every page.
    pub async fn follow(
        &mut self,
        now: Timestamp,
        editions: Editions,
        touched: &Touched,
        stop: Pin<&mut impl Future<Output = ()>>,
    ) -> anyhow::Result<(Report, Editions)> {
        let listed = |lang: &Lang| {
            let of = editions.iter().filter(move |(of, _)| of == lang);
            of.flat_map(|(_, edition)| self.listed(edition)).collect::<Vec<_>>().into_iter()
        };
        let known = self.site.known().filter(|known| known.is_good(self.site.by(), now));
        let Some(mut changed) = known.and_then(|known| known.touched(&editions, listed)) else {
            // Everything is everything: what lists were taken to be is looked at, too.
            let are_gone_through = editions.iter().all(|(_, edition)| edition.is_gone_through);
            return self.whole(now, are_gone_through.then_some(editions), stop).await;
        };
        changed.join(touched);
        let failed = self.site.known().into_iter().flat_map(Known::failed);
        changed.open(failed.filter_map(|address| route(address, &self.printer.scope())));
        let report = self.refresh(&changed, Some((&editions, now)), stop).await?;
        Ok((report, editions))
    }

    /// Writes everything, until that is done or it is told to `stop`; with it goes what there is, if lists have
    /// said already, by these `editions`.
    pub async fn whole(
        &mut self,
        now: Timestamp,
        editions: Option<Editions>,
        mut stop: Pin<&mut impl Future<Output = ()>>,
    ) -> anyhow::Result<(Report, Editions)> {
        let (mut report, mut progress) = (Report::default(), Progress::begin());
        self.put_shell(&mut report);
        let mut editions = match editions {
            Some(editions) => editions,
            None => tokio::select! {
                () = &mut stop => {
                    report.ended = Report::stopped().ended;
                    Vec::new()
                }
                editions = self.walk(now, Depth::Whole) => editions,
            },
        };
        let is_known = report.take_failed(&editions);
        let at_once = self.at_once();
        let to = (&mut self.site, &mut report, &mut progress);
        let begin = editions.iter().flat_map(|(lang, edition)| begin(&self.printer, lang, edition));
        let mut crawl = Crawl::of(self.printer.clone(), to, Follow::All { is_known }, begin);
        editions.iter_mut().for_each(|(_, edition)| edition.routes = Vec::new());
        crawl.run(at_once, stop).await;
        progress.end();
        if report.ended.is_none() {
            self.missing_page(&mut report).await;
            self.say_what_is_gone(&mut report);
            // Of lists whose end was not reached the last whole files stay.
            if is_known {
                self.publish(&editions, now, &mut report);
            }
            // What an interrupted run has done may have changed since.
            let is_of_now = is_known && report.ended.is_none() && !self.site.was_resumed();
            let failed = self.failed(&report);
            let known = is_of_now.then(|| Known::new(self.site.by(), now, &editions, &failed));
            self.site.know(known);
            self.site.finish()?;
        }
        report.time = progress.time();
        Ok((report, editions))
    }

    /// Writes the pages of what was touched and the lists that it is on; and feeds and sitemaps, if it is known
    /// what there is at a time.
    pub async fn refresh(
        &mut self,
        touched: &Touched,
        known: Option<(&Editions, Timestamp)>,
        stop: Pin<&mut impl Future<Output = ()>>,
    ) -> anyhow::Result<Report> {
        let (mut report, mut progress) = (Report::default(), Progress::begin());
        // It is told what to print, whatever an interrupted run has done.
        self.site.forget_done();
        self.put_shell(&mut report);
        let mut begin = touched.routes().cloned().collect::<Vec<_>>();
        for lang in self.printer.languages.iter().filter(|_| touched.keys().len() > 0) {
            begin.push(Route { lang: lang.clone(), page: Page::Front });
            begin.extend(touched.keys().flat_map(|key| self.of_article(lang, key)));
        }
        let at_once = self.at_once();
        let to = (&mut self.site, &mut report, &mut progress);
        Crawl::of(
            self.printer.clone(),
            to,
            Follow::Touched { touched, is_known: known.is_some() },
            begin,
        )
        .run(at_once, stop)
        .await;
        progress.end();
        self.say_what_is_gone(&mut report);
        if let Some((editions, now)) = known {
            self.publish(editions, now, &mut report);
            let whole = self.site.known().map(Known::whole).filter(|_| report.ended.is_none());
            if let Some(whole) = whole {
                let known = Known::new(self.site.by(), whole, editions, &self.failed(&report));
                self.site.know(Some(known));
            }
        }
        self.site.finish()?;
        report.time = progress.time();
        Ok(report)
    }

    /// Writes the app's own pages, which a build writes too.
    fn put_shell(&mut self, report: &mut Report) {
        let is_ours = self.options.portal.is_some();
        put(&mut self.site, report, "portal.json", &self.built.json, is_ours);
        let (shell, files) = self.built.shell();
        for file in files {
            put(&mut self.site, report, &file, &shell, true);
        }
    }

    /// The pages that a report says failed.
    pub fn failed(&self, report: &Report) -> Vec<Route> {
        let scope = self.printer.scope();
        report.failed.iter().filter_map(|(what, _)| route(what, &scope)).collect()
    }

    /// What lists have named.
    pub fn listed(&self, edition: &Edition) -> impl Iterator<Item = Route> {
        listed(&self.printer, edition)
    }

    /// The pages there are of an article, whatever the words at the end of their addresses.
    fn of_article(&self, lang: &Lang, key: &Key) -> Vec<Route> {
        let page = Page::Article { key: key.clone(), slug: String::new() };
        let address = Route { lang: lang.clone(), page }.href();
        let files = self.site.pages_at(&address);
        files.filter_map(|file| route(place::address(file), &self.printer.scope())).collect()
    }

    /// How many pages are under way at once.
    fn at_once(&self) -> usize {
        let jobs = usize::from(self.options.jobs);
        let come_together = |source: &Source| source.offers.articles;
        if self.printer.portal().sources.iter().any(come_together) { jobs * CROWD } else { jobs }
    }

    /// Goes through the lists.
    pub async fn walk(&self, now: Timestamp, depth: Depth) -> Editions {
        let walks = self.printer.languages.iter().cloned().map(|lang| {
            let (of, printer) = (lang.clone(), self.printer.clone());
            let lists = Lists::new(self.options.site.join(LISTS), self.site.by());
            let walking =
                printer.clone().threads.spawn_pinned(move || walk(printer, lists, of, now, depth));
            async move { (lang, walking.await) }
        });
        let walked = join_all(walks).await.into_iter().map(|(lang, walked)| {
            let edition = walked.unwrap_or_else(|error| {
                let trouble = Trouble { cause: error.to_string(), is_away: false };
                let failed = vec![(format!("the lists in {lang}"), trouble)];
                Edition { failed, ..Edition::new() }
            });
            (lang, edition)
        });
        walked.collect()
    }

    /// Writes feeds, sitemaps and robots.txt, and takes away those that are of nothing any more.
    fn publish(&mut self, editions: &Editions, now: Timestamp, report: &mut Report) {
        let printer = self.printer.clone();
        let home = Home::new(printer.portal(), &printer.home);
        // Known before anything is put: what is there of pages does not change meanwhile.
        let (site, mut published) = (RefCell::new(&mut self.site), HashSet::new());
        let is_there =
            |route: &Route| place::file(route).is_some_and(|file| site.borrow().has(&file));
        published::files(&home, editions, now, is_there, |file, text| {
            let mut site = site.borrow_mut();
            // A site may have its own.
            let is_ours = file != "robots.txt" || !site.is_anothers(file);
            put(&mut site, report, file, text, is_ours);
            published.insert(file.to_owned());
        });
        let is_published = |file: &str| file.starts_with("sitemaps/") || file.contains("/feed.");
        let is_kept = |file: &str| !is_published(file) || published.contains(file);
        if let Err(error) = self.site.keep_files(is_kept) {
            report.fail("feeds and sitemaps of what is no more", error);
        }
    }

    /// Writes the rules for what was taken back.
    fn say_what_is_gone(&mut self, report: &mut Report) {
        let (withdrawn, gone) = (self.site.withdrawn().clone(), self.site.gone().clone());
        let rules = gone::nginx(self.built.home.path(), &withdrawn, &gone);
        put(&mut self.site, report, &format!("{OWN}/withdrawn.conf"), &rules, true);
        let list = gone::list(self.built.home.path(), &withdrawn, &gone);
        put(&mut self.site, report, &format!("{OWN}/withdrawn.txt"), &list, true);
    }

    /// Writes the page of addresses that there is no file for, in the portal's own language.
    async fn missing_page(&mut self, report: &mut Report) {
        let page = Page::NotFound(place::MISSING.to_owned());
        let route = Route { lang: self.printer.portal().default.clone(), page };
        let printed = self.printer.clone().print(route).await.map_err(|trouble| trouble.cause);
        let put = printed.and_then(|page| {
            let put = self.site.put_page(place::MISSING, &page);
            put.map_err(|error| error.to_string())
        });
        match put {
            Ok(Put::Written) => report.written += 1,
            Ok(Put::Unchanged) => report.unchanged += 1,
            Err(cause) => report.fail(place::MISSING, cause),
        }
    }
}

fn put(site: &mut Site, report: &mut Report, file: &str, text: &str, is_wanted: bool) {
    if !is_wanted {
        return;
    }
    match site.put_file(file, text) {
        Ok(Put::Written) => report.files += 1,
        Ok(Put::Unchanged) => {}
        Err(error) => report.fail(file, error),
    }
}

/// Where an edition begins: the pages that are always there, and what lists have named.
fn begin(printer: &Printer, lang: &Lang, edition: &Edition) -> impl Iterator<Item = Route> {
    standing(lang, edition).chain(listed(printer, edition))
}

/// The pages that are always there.
fn standing(lang: &Lang, edition: &Edition) -> impl Iterator<Item = Route> {
    let fixed = [Page::Front, Page::Documents(Default::default()), Page::Press];
    let fixed = fixed.map(|page| Route { lang: lang.clone(), page });
    // The navigation need not name a section for it to be in sitemaps.
    let sections = edition.sections.keys().map(|key| section(lang, key));
    fixed.into_iter().chain(sections)
}

fn listed(printer: &Printer, edition: &Edition) -> impl Iterator<Item = Route> {
    edition.routes.iter().filter_map(|address| route(address, &printer.scope()))
}

/// The page of a section, from its beginning.
pub fn section(lang: &Lang, key: &Key) -> Route {
    let (kind, key) = (ListKind::Section, key.clone());
    let list = List { kind, key, organisation: None, cursor: None };
    Route { lang: lang.clone(), page: Page::List(list) }
}
