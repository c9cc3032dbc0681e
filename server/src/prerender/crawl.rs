//! Prints page after page and writes what has changed: those that lists name, those that pages lead to, and in
//! the end those that are there from before, to see whether they still should be.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher, RandomState},
    io,
    sync::Arc,
};

use haidang_engine::route::{Page as Address, Route};
use tokio::task::JoinSet;

use super::{
    links::{links, route},
    patient::Trouble,
    place,
    printer::{Page, Printer},
    report::{Progress, Report},
    site::{Put, Site},
    watch::Touched,
};

/// Other addresses of pages that are gone on with at once: between them it is seen whether to stop.
const SOME: usize = 500;
/// After so many pages in a row that nobody answered, nobody is asked any more.
const AWAY: usize = 10;

/// Which pages are printed beside those it begins with.
#[derive(Clone, Copy)]
pub enum Follow<'t> {
    /// All that links lead to, and those from before. What is gone goes only if it is known what there is: a
    /// backend that says of everything that it is not there says it of its lists, too.
    All { is_known: bool },
    /// Those of what was touched, the lists that it is or was on, and what is new.
    Touched { touched: &'t Touched, is_known: bool },
}

impl Follow<'_> {
    fn is_known(&self) -> bool {
        let (Self::All { is_known } | Self::Touched { is_known, .. }) = self;
        *is_known
    }
}

/// Pages to be printed, and what came of those that were.
pub struct Crawl<'c> {
    printer: Arc<Printer>,
    site: &'c mut Site,
    report: &'c mut Report,
    progress: &'c mut Progress,
    follow: Follow<'c>,
    /// Their addresses, which take less room than routes.
    queue: VecDeque<Box<str>>,
    /// Addresses of articles that have no words at their end: last, when most are known to be those of pages that
    /// have been printed.
    others: VecDeque<Box<str>>,
    /// The files of articles' pages that have been printed, by the digests of those at such addresses.
    printed: HashMap<u64, Box<str>>,
    /// Digests of the files of those that are in the queue or have been.
    seen: HashSet<u64>,
    digests: RandomState,
    /// Pages in a row that nobody answered.
    away: usize,
}

impl<'c> Crawl<'c> {
    /// Begins with `routes`.
    pub fn of(
        printer: Arc<Printer>,
        (site, report, progress): (&'c mut Site, &'c mut Report, &'c mut Progress),
        follow: Follow<'c>,
        routes: impl IntoIterator<Item = Route>,
    ) -> Self {
        let mut crawl = Self {
            printer,
            site,
            report,
            progress,
            follow,
            queue: VecDeque::new(),
            others: VecDeque::new(),
            printed: HashMap::new(),
            seen: HashSet::new(),
            digests: RandomState::new(),
            away: 0,
        };
        // No route leads to it.
        crawl.see(place::MISSING);
        crawl.add(routes);
        crawl
    }

    /// Prints `at_once` pages at once until there are no more, or until `stop`.
    pub async fn run(
        &mut self,
        at_once: usize,
        mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
    ) {
        let mut running = JoinSet::new();
        while self.report.ended.is_none() {
            while running.len() < at_once
                && let Some(route) = self.next(running.len())
            {
                let printer = self.printer.clone();
                running.spawn(async move { (route.clone(), printer.print(route).await) });
            }
            self.progress.show(self.report, self.waiting() + running.len());
            tokio::select! {
                biased;
                () = &mut stop => self.end("It was stopped", running.len()),
                printed = running.join_next() => match printed {
                    Some(Ok((route, printed))) => self.take(&route, printed, running.len()),
                    Some(Err(error)) => self.report.fail("a page", error),
                    None if self.look_aside() || self.look_back() => {}
                    None => return,
                },
            }
        }
    }

    /// Notes a file; whether it is new.
    fn see(&mut self, file: &str) -> bool {
        self.seen.insert(self.digests.hash_one(file))
    }

    fn add(&mut self, routes: impl IntoIterator<Item = Route>) {
        for route in routes {
            if let Some(file) = place::file(&route)
                && self.see(&file)
            {
                let has_words = place::without_words(&route).is_none_or(|other| other != file);
                let queue = if has_words { &mut self.queue } else { &mut self.others };
                queue.push_back(route.href().into());
            }
        }
    }

    /// How many are still to be printed.
    fn waiting(&self) -> usize {
        self.queue.len() + self.others.len()
    }

    /// Goes on with other addresses of what was printed; whether there are any.
    fn look_aside(&mut self) -> bool {
        let some = self.others.len().min(SOME);
        self.queue.extend(self.others.drain(..some));
        !self.queue.is_empty()
    }

    /// The next page that an interrupted run has not done.
    fn next(&mut self, running: usize) -> Option<Route> {
        while self.report.ended.is_none() {
            let address = self.queue.pop_front()?;
            let Some(route) = route(&address, &self.printer.scope()) else { continue };
            let Some(file) = place::file(&route) else { continue };
            if let Some(printed) = self.printed.remove(&self.digests.hash_one(&file)) {
                let copied = self.site.copy_page(&printed, &file);
                self.note(&route, copied, running);
                continue;
            }
            if !self.site.is_done(&file) {
                return Some(route);
            }
            let Ok(html) = self.site.read(&file) else { return Some(route) };
            let printer = self.printer.clone();
            self.add(links(&html, &printer.scope()));
            self.report.unchanged += 1;
        }
        None
    }

    /// Adds the pages from before that nothing has led to; whether there are any.
    fn look_back(&mut self) -> bool {
        if matches!(self.follow, Follow::Touched { .. }) {
            return false;
        }
        let printer = self.printer.clone();
        let scope = printer.scope();
        let files: Vec<String> = self
            .site
            .pages()
            .filter(|file| !self.seen.contains(&self.digests.hash_one(*file)))
            .cloned()
            .collect();
        for file in files {
            match route(place::address(&file), &scope) {
                Some(route) => self.add([route]),
                // Of a language or a source that the portal no longer has.
                None => self.remove(&file),
            }
            self.see(&file);
        }
        self.waiting() > 0
    }

    fn take(&mut self, route: &Route, printed: Result<Page, Trouble>, running: usize) {
        let Some(file) = place::file(route) else { return };
        match printed {
            Ok(page) => {
                self.away = 0;
                self.write(route, &file, page, running);
            }
            Err(trouble) => {
                self.away = if trouble.is_away { self.away + 1 } else { 0 };
                self.report.fail(route.href(), trouble.cause);
                if self.away >= AWAY {
                    let why = format!(
                        "{AWAY} pages in a row were not answered, so nobody is asked any more"
                    );
                    self.end(&why, running);
                }
            }
        }
    }

    fn write(&mut self, route: &Route, file: &str, page: Page, running: usize) {
        self.follow(route, file, page.links.clone());
        if !page.is_found {
            if self.site.has(file) {
                if !self.follow.is_known() {
                    // Of an edit the lists will tell, which are gone through after it.
                    if matches!(self.follow, Follow::All { .. }) {
                        let why =
                            "it is said to be gone, but not all lists could be read: it stays";
                        self.report.fail(route.href(), why);
                    }
                    return;
                }
                self.remove(file);
                if matches!(route.page, Address::Article { .. }) {
                    self.site.gone().insert(route.href());
                }
            }
            return;
        }
        self.add([page.shown.clone()]);
        let put = self.site.put_page(file, &page);
        let is_put = put.is_ok();
        self.note(route, put, running);
        let other = place::without_words(route).filter(|other| other != file);
        if let Some(other) = other.filter(|_| is_put && page.shown == *route) {
            if self.site.has(&other) && self.see(&other) {
                let copied = self.site.copy_page(file, &other);
                self.note(route, copied, running);
            } else {
                self.printed.insert(self.digests.hash_one(other), file.into());
            }
        }
    }

    /// Notes what came of writing a page.
    fn note(&mut self, route: &Route, put: io::Result<Put>, running: usize) {
        match put {
            Ok(Put::Written) => self.report.written += 1,
            Ok(Put::Unchanged) => self.report.unchanged += 1,
            Err(error) => {
                self.report.fail(route.href(), &error);
                if is_full(&error) {
                    self.end(&error.to_string(), running);
                }
            }
        }
    }

    /// Goes on from a page, by what it leads to now and, where that matters, by what it led to before.
    fn follow(&mut self, route: &Route, file: &str, links: Vec<Route>) {
        let Follow::Touched { touched, .. } = self.follow else { return self.add(links) };
        if !touched.has(&route.page) {
            // A tag or an author that nobody was led to before.
            let is_new =
                |route: &Route| place::file(route).is_some_and(|file| !self.site.has(&file));
            let new: Vec<_> = links.into_iter().filter(is_new).collect();
            return self.add(new);
        }
        let before =
            self.site.read(file).map(|html| super::links::links(&html, &self.printer.scope()));
        let all = before.unwrap_or_default().into_iter().chain(links);
        // Its other languages, and its lists.
        let is_touched = |to: &Route| match to.page {
            Address::List(_) => true,
            Address::Article { .. } => to.lang != route.lang,
            _ => false,
        };
        let touched: Vec<_> = all.filter(is_touched).collect();
        self.add(touched);
    }

    fn remove(&mut self, file: &str) {
        match self.site.remove_page(file) {
            Ok(()) => self.report.removed += 1,
            Err(error) => self.report.fail(file, error),
        }
    }

    fn end(&mut self, why: &str, running: usize) {
        self.report.ended = Some((why.to_owned(), self.waiting() + running));
    }
}

/// Whether nothing more can be written.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}
