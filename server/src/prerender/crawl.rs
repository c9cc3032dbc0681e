//! Prints page after page and writes what has changed: those that lists name, those that pages lead to, and in
//! the end those that are there from before, to see whether they still should be.

use std::{
    collections::{HashSet, VecDeque},
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
};

/// After so many pages in a row that nobody answered, nobody is asked any more.
const AWAY: usize = 10;

/// Pages to be printed, and what came of those that were.
pub struct Crawl<'c> {
    printer: Arc<Printer>,
    site: &'c mut Site,
    report: &'c mut Report,
    progress: &'c mut Progress,
    queue: VecDeque<Route>,
    seen: HashSet<String>,
    /// Pages in a row that nobody answered.
    away: usize,
}

impl<'c> Crawl<'c> {
    /// Begins with `routes`.
    pub fn of(
        printer: Arc<Printer>,
        site: &'c mut Site,
        (report, progress): (&'c mut Report, &'c mut Progress),
        routes: impl IntoIterator<Item = Route>,
    ) -> Self {
        let queue = VecDeque::new();
        // No route leads to it.
        let seen = HashSet::from([place::MISSING.to_owned()]);
        let mut crawl = Self { printer, site, report, progress, queue, seen, away: 0 };
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
                && let Some(route) = self.next()
            {
                let printer = self.printer.clone();
                running.spawn(async move { (route.clone(), printer.print(route).await) });
            }
            self.progress.show(self.report, self.queue.len() + running.len());
            tokio::select! {
                biased;
                () = &mut stop => self.end("It was stopped", running.len()),
                printed = running.join_next() => match printed {
                    Some(Ok((route, printed))) => self.take(&route, printed, running.len()),
                    Some(Err(error)) => self.report.fail("a page", error),
                    None if self.look_back() => {}
                    None => return,
                },
            }
        }
    }

    fn add(&mut self, routes: impl IntoIterator<Item = Route>) {
        for route in routes {
            if let Some(file) = place::file(&route)
                && self.seen.insert(file)
            {
                self.queue.push_back(route);
            }
        }
    }

    /// The next page that an interrupted run has not done.
    fn next(&mut self) -> Option<Route> {
        loop {
            let route = self.queue.pop_front()?;
            let file = place::file(&route)?;
            if !self.site.is_done(&file) {
                return Some(route);
            }
            let Ok(html) = self.site.read(&file) else { return Some(route) };
            let printer = self.printer.clone();
            self.add(links(&html, &printer.scope()));
            self.report.unchanged += 1;
        }
    }

    /// Adds the pages from before that nothing has led to; whether there are any.
    fn look_back(&mut self) -> bool {
        let printer = self.printer.clone();
        let scope = printer.scope();
        let files: Vec<String> =
            self.site.pages().filter(|file| !self.seen.contains(*file)).cloned().collect();
        for file in files {
            match route(place::address(&file), &scope) {
                Some(route) => self.add([route]),
                // Of a language or a source that the portal no longer has.
                None => self.remove(&file),
            }
            self.seen.insert(file);
        }
        !self.queue.is_empty()
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
        if !page.is_found {
            if self.site.has(file) {
                self.remove(file);
                if matches!(route.page, Address::Article { .. }) {
                    self.site.gone().insert(route.href());
                }
            }
            return;
        }
        self.add(page.links);
        self.add([page.shown]);
        self.site.gone().remove(&route.href());
        match self.site.put_page(file, &page.html, &page.digest, page.is_withdrawn) {
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

    fn remove(&mut self, file: &str) {
        match self.site.remove_page(file) {
            Ok(()) => self.report.removed += 1,
            Err(error) => self.report.fail(file, error),
        }
    }

    fn end(&mut self, why: &str, running: usize) {
        self.report.ended = Some((why.to_owned(), self.queue.len() + running));
    }
}

/// Whether nothing more can be written.
fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem)
}
