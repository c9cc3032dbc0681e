//! What a run says: how far it is, and what came of it.

use std::{
    fmt,
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

use super::work::Editions;

/// What came of a run.
#[derive(Debug, Default)]
pub struct Report {
    /// Pages that are new or have changed.
    pub written: usize,
    /// Pages that are as they were.
    pub unchanged: usize,
    /// Pages of what is no more.
    pub removed: usize,
    /// Feeds, sitemaps and the like that are new or have changed.
    pub files: usize,
    /// What failed, and why: addresses of pages, names of lists and files. What was there of it stays.
    pub failed: Vec<(String, String)>,
    /// Why the run ended before its end, and how many pages it knew of that are still to be done.
    pub ended: Option<(String, usize)>,
    /// How long it took.
    pub time: Duration,
}

impl Report {
    /// Nothing was done, for it was to stop.
    pub fn stopped() -> Self {
        Self { ended: Some(("It was stopped".to_owned(), 0)), ..Self::default() }
    }

    /// Whether everything was done.
    pub fn is_whole(&self) -> bool {
        self.failed.is_empty() && self.ended.is_none()
    }

    /// Notes a failure.
    pub fn fail(&mut self, what: impl Into<String>, why: impl fmt::Display) {
        self.failed.push((what.into(), why.to_string()));
    }

    /// Notes the lists that were not read to their ends; whether there are none.
    pub fn take_failed(&mut self, editions: &Editions) -> bool {
        for (what, trouble) in editions.iter().flat_map(|(_, edition)| &edition.failed) {
            self.fail(what, &trouble.cause);
        }
        self.is_whole()
    }

    /// Whether anything is other than it was, or should be.
    pub fn has_news(&self) -> bool {
        !self.is_whole() || self.written + self.removed + self.files > 0
    }

    fn done(&self) -> usize {
        self.written + self.unchanged + self.removed
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, unchanged, removed, files, failed, .. } = self;
        let rate = per_second(self.done(), self.time);
        if !failed.is_empty() {
            writeln!(f, "Failed, and left as it was:")?;
            for (what, why) in failed {
                writeln!(f, "  {what}: {why}")?;
            }
        }
        if let Some((why, left)) = &self.ended {
            writeln!(f, "{why}; {left} pages or more are left: run it again to go on")?;
        }
        write!(
            f,
            "{written} pages written, {unchanged} unchanged, {removed} removed, {} failed, {files} other files \
             written; {:.1} seconds, {rate} pages per second",
            failed.len(),
            self.time.as_secs_f64(),
        )
    }
}

fn per_second(pages: usize, time: Duration) -> u128 {
    let millis = time.as_millis().max(1);
    u128::try_from(pages).unwrap_or(u128::MAX).saturating_mul(1000) / millis
}

/// How far a run is: a line that changes on a terminal, else a line every few seconds.
pub struct Progress {
    began: Instant,
    shown: Instant,
    is_terminal: bool,
}

impl Progress {
    /// Nothing is shown yet.
    pub fn begin() -> Self {
        let now = Instant::now();
        Self { began: now, shown: now, is_terminal: stderr().is_terminal() }
    }

    /// The time since the beginning.
    pub fn time(&self) -> Duration {
        self.began.elapsed()
    }

    /// Shows what was done, and that `left` pages are known of that were not.
    pub fn show(&mut self, report: &Report, left: usize) {
        let pause = Duration::from_millis(if self.is_terminal { 100 } else { 5_000 });
        if self.shown.elapsed() < pause {
            return;
        }
        self.shown = Instant::now();
        let (done, failed) = (report.done() + report.failed.len(), report.failed.len());
        let (of, rate) = (done + left, per_second(done, self.time()));
        let line = format!(
            "{done} of {of} pages, {} written, {failed} failed, {rate} per second",
            report.written
        );
        // Nobody may be listening.
        let _ = if self.is_terminal {
            let eighths = (done * 20).checked_div(of).unwrap_or_default();
            let bar = ["#".repeat(eighths), "-".repeat(20_usize.saturating_sub(eighths))].concat();
            write!(stderr(), "\r\x1b[K[{bar}] {line}")
        } else {
            writeln!(stderr(), "{line}")
        };
    }

    /// Clears the line.
    pub fn end(&self) {
        if self.is_terminal {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    }
}
