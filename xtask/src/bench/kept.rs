//! Search without a network, over as many articles as a reader may have kept.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    conditions::{self, Line},
    figures::{Budget, Sample},
};

/// Articles that are kept.
const ARTICLES: u32 = 2_000;
/// Milliseconds that a search may take.
const LIMIT: f64 = 100.0;

const SCRIPT: &str = include_str!("kept.js");

/// What was measured.
pub struct Kept {
    /// The first search of a page, which reads what it searches.
    first: f64,
    next: Sample,
}

/// Keeps articles, takes the network away, and searches in one page, each time for something else.
pub fn measure(browser: &mut Browser, origin: &str, rounds: u32) -> Result<Kept> {
    let mut tab = browser.tab()?;
    tab.call("Page.enable", json!({}))?;
    tab.call("Page.navigate", json!({ "url": format!("{origin}/vi/saved") }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    tab.evaluate(&format!("globalThis.bench = {SCRIPT}; bench.keep({ARTICLES})"))?;
    conditions::line(&mut tab, Line::None)?;
    let mut search = |round: u32| -> Result<f64> {
        let value = tab.evaluate(&format!("bench.search({round})"))?;
        value.as_f64().with_context(|| format!("no number but {value}"))
    };
    let mut kept = Kept { first: search(0)?, next: Sample::new("search over 2,000 articles") };
    for round in 1..=rounds {
        kept.next.take(search(round)?);
    }
    Ok(kept)
}

impl Kept {
    /// Prints the table.
    pub fn print(&self) {
        let (least, most) = self.next.range();
        println!("\n{ARTICLES} kept articles, no network, from the press to the results");
        println!("{:>9.0} ms  the first search of a page", self.first);
        println!("{:>9.0} ms  the next ones ({least:.0} to {most:.0})", self.next.median());
        println!("\nBudgets");
        self.budget().print();
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        json!({
            "first_ms": self.first,
            "samples": [self.next.to_json()],
            "budgets": [self.budget().to_json()],
        })
    }

    fn budget(&self) -> Budget {
        let found = self.next.median();
        Budget { name: "search over 2,000 kept articles", limit: LIMIT, found, unit: "ms" }
    }
}
