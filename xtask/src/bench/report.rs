//! What the bench says: tables for a person, bench.json for a program.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    conditions::{CPU, LINE},
    figures::{Budget, Sample},
    pages::Page,
    repeat::Repeats,
    visit::Transfer,
};

/// Bytes of a first visit to an article, without pictures: to read it, and with the app.
const FIRST_VISIT: [f64; 2] = [120_000.0, 160_000.0];
/// Times the hand-written JavaScript page.
const COLD_START: f64 = 1.9;
/// Times the plain page, of one that was printed.
const PRINTED: f64 = 1.1;
/// Times the client-side start, until the thread of a printed page can be typed into.
const TYPABLE: f64 = 1.0;
/// How much may move when the app takes a printed page over.
const MOVED: f64 = 0.0;
/// Times the plain page from the network, with the app at hand, and with the page as it was printed.
const REPEATS: [f64; 2] = [1.5, 1.0];
/// Milliseconds of a change of language or page whose data are at hand.
const CHANGE: f64 = 50.0;

/// All that was measured.
pub struct Report {
    /// The browser, with its version.
    pub browser: String,
    /// Files of a first visit to the portal's article: to read it, and what more comes once the reader calls the app.
    pub transfers: [Vec<Transfer>; 2],
    /// Cold starts of each page.
    pub cold: Vec<(Page, Sample)>,
    /// Until the thread can be typed into, client-side alone and printed; and what has moved on the latter.
    pub typable: ([Sample; 2], f64),
    /// Until the app is there, once called.
    pub called: Sample,
    /// Visits of a reader who comes back.
    pub repeats: Repeats,
    /// Clicks in the portal with data at hand.
    pub changes: Vec<Sample>,
}

impl Report {
    /// Prints the tables.
    pub fn print(&self) {
        self.print_transfers();
        let (megabits, latency) = LINE;
        println!("\nCold start to article text, {CPU}x CPU, {megabits} Mbit/s, {latency} ms");
        println!("{:>9} {:>15} {:>8} {:>8}", "median ms", "least to most", "/ plain", "/ script");
        let [plain, script] = [Page::Plain, Page::Script].map(|page| self.median(page));
        for (page, sample) in &self.cold {
            let median = sample.median();
            let (plain, script) = (median / plain, median / script);
            println!("{} {plain:>8.2} {script:>8.2}  {}", times(sample), page.name());
        }
        println!("\nCold start until the thread can be typed into");
        println!("{:>9} {:>15}", "median ms", "least to most");
        for sample in &self.typable.0 {
            println!("{}  {}", times(sample), sample.name);
        }
        println!("\nCold start, read, until the app is there");
        println!("{:>9} {:>15}", "median ms", "least to most");
        println!("{}  {}", times(&self.called), self.called.name);
        println!("\nComing back to the article, {CPU}x CPU, to its text");
        println!("{:>9} {:>15}", "median ms", "least to most");
        for sample in &self.repeats.0 {
            println!("{}  {}", times(sample), sample.name);
        }
        println!("\nData at hand, {CPU}x CPU, from the click to the frame with the new text");
        println!("{:>9} {:>15}", "median ms", "least to most");
        for sample in &self.changes {
            println!("{}  {}", times(sample), sample.name);
        }
        println!("\nBudgets");
        self.budgets().iter().for_each(Budget::print);
    }

    /// Writes everything to `path`.
    pub fn write(&self, path: &Path) -> Result<()> {
        let files =
            |files: &[Transfer]| -> Vec<Value> { files.iter().map(Transfer::to_json).collect() };
        let [read, called] = &self.transfers;
        let budgets: Vec<Value> = self.budgets().iter().map(Budget::to_json).collect();
        let report = json!({
            "browser": self.browser,
            "server": "dev profile",
            "conditions": { "cpu": CPU, "megabits": LINE.0, "latency_ms": LINE.1 },
            "first_visit": { "body_bytes": bytes(read), "files": files(read) },
            "app_called": { "body_bytes": bytes(called), "files": files(called) },
            "cold_start": samples(self.cold.iter().map(|(_, sample)| sample)),
            "typable": samples(&self.typable.0),
            "moved": self.typable.1,
            "called": self.called.to_json(),
            "repeat": samples(&self.repeats.0),
            "at_hand": samples(&self.changes),
            "budgets": budgets,
        });
        let text = serde_json::to_string_pretty(&report)?;
        fs::write(path, text).with_context(|| format!("writing {}", path.display()))
    }

    fn print_transfers(&self) {
        let headings = ["First visit to an article", "Once the reader goes for something, besides"];
        for (heading, files) in headings.into_iter().zip(&self.transfers) {
            println!("\n{heading}, bytes as transferred, without pictures");
            println!("{:>9} {:>6}", "body", "");
            for file in files {
                println!("{:>9.0} {:>6}  {}", file.body, file.encoding, file.address);
            }
            let headers: f64 = files.iter().map(|file| file.header).sum();
            println!("{:>9.0} {:>6}  together, and {headers:.0} of headers", bytes(files), "");
        }
    }

    fn median(&self, page: Page) -> f64 {
        let found = self.cold.iter().find(|(measured, _)| *measured == page);
        found.map_or(f64::NAN, |(_, sample)| sample.median())
    }

    fn budgets(&self) -> Vec<Budget> {
        let times = |page, other| self.median(page) / self.median(other);
        let ([alone, printed], _) = &self.typable;
        let [read, called] = self.transfers.each_ref().map(|files| bytes(files) / 1000.0);
        let mut budgets = vec![
            Budget {
                name: "first visit to an article, read",
                limit: FIRST_VISIT[0] / 1000.0,
                found: read,
                unit: "KB",
            },
            Budget {
                name: "first visit to an article, with the app",
                limit: FIRST_VISIT[1] / 1000.0,
                found: read + called,
                unit: "KB",
            },
            Budget {
                name: "cold start, printed",
                limit: PRINTED,
                found: times(Page::Portal, Page::Plain),
                unit: "x plain HTML",
            },
            Budget {
                name: "cold start, client-side alone",
                limit: COLD_START,
                found: times(Page::App, Page::Script),
                unit: "x hand-written JavaScript",
            },
            Budget {
                name: "until the thread can be typed into, printed",
                limit: TYPABLE,
                found: printed.median() / alone.median(),
                unit: "x client-side alone",
            },
            Budget {
                name: "moved by the take-over",
                limit: MOVED,
                found: self.typable.1,
                unit: "",
            },
            Budget {
                name: "coming back, client-side alone, the slower of online and offline",
                limit: REPEATS[0],
                found: self.repeats.ratio(Page::App),
                unit: "x plain HTML from the network",
            },
            Budget {
                name: "coming back, printed, the slower of online and offline",
                limit: REPEATS[1],
                found: self.repeats.ratio(Page::Portal),
                unit: "x plain HTML from the network",
            },
        ];
        budgets.extend(self.changes.iter().map(|sample| Budget {
            name: sample.name,
            limit: CHANGE,
            found: sample.median(),
            unit: "ms",
        }));
        budgets
    }
}

fn bytes(files: &[Transfer]) -> f64 {
    files.iter().map(|file| file.body).sum()
}

fn times(sample: &Sample) -> String {
    let (least, most) = sample.range();
    let range = format!("{least:.0} to {most:.0}");
    format!("{:>9.0} {range:>15}", sample.median())
}

fn samples<'a>(samples: impl IntoIterator<Item = &'a Sample>) -> Vec<Value> {
    samples.into_iter().map(Sample::to_json).collect()
}
