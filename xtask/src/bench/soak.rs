//! Half an hour with a thread that never rests: five changes a second, none of which may be missed, in memory
//! that does not grow.

use std::{
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    browser::{Browser, number},
    figures::Budget,
    pages::Page,
    thread::process,
};
use crate::step::say;

const STORM: &str = include_str!("soak.js");
/// Changes a second.
const PACE: u32 = 5;
/// How often memory is looked at.
const GLANCE: Duration = Duration::from_secs(60);
/// Until then the page is still warming up.
const WARM: usize = 3;

/// What came of it.
pub struct Soak {
    sent: f64,
    missed: f64,
    /// The first of those that were missed.
    what: Value,
    /// Bytes, a minute apart.
    memory: Vec<f64>,
}

/// Shows a thread at `origin` for so long.
pub fn run(browser: &mut Browser, origin: &str, minutes: u32) -> Result<Soak> {
    let mut tab = browser.tab()?;
    tab.call("Page.enable", json!({}))?;
    let url = format!("{}#comments", Page::Portal.url(origin));
    tab.call("Page.navigate", json!({ "url": url }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    tab.evaluate(STORM)?;
    tab.evaluate(&format!("storm.begin({:?}, {PACE})", Page::ID))?;
    let begun = Instant::now();
    let mut memory = Vec::new();
    while begun.elapsed() < Duration::from_secs(60) * minutes {
        thread::sleep(GLANCE);
        memory.push(process::memory(&mut tab)?);
        let sent = tab.evaluate("storm.sent")?;
        let megabytes = memory.last().copied().unwrap_or_default() / 1_000_000.0;
        say(&format!("Minute {}", memory.len()), &format!("{sent} changes, {megabytes:.0} MB"));
    }
    let outcome = tab.evaluate("storm.end()")?;
    let refused = number(&outcome, "/refused")?;
    ensure!(refused == 0.0, "the server refused {refused} changes: {outcome}");
    let what = outcome.pointer("/what").cloned().unwrap_or_default();
    Ok(Soak {
        sent: number(&outcome, "/sent")?,
        missed: number(&outcome, "/missed")?,
        what,
        memory,
    })
}

impl Soak {
    /// Prints what came of it.
    pub fn print(&self) -> Result<()> {
        let warm = self.memory.get(WARM.min(self.memory.len().saturating_sub(1)));
        let warm = warm.copied().context("nothing was measured")?;
        let last = self.memory.last().copied().unwrap_or(warm);
        println!("\n{} changes in {} minutes", self.sent, self.memory.len());
        let growth = Budget {
            name: "memory at the end",
            limit: 1.1,
            found: last / warm,
            unit: "x that after warming up",
        };
        growth.print();
        let missed =
            Budget { name: "changes the page missed", limit: 0.0, found: self.missed, unit: "" };
        missed.print();
        Ok(())
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        json!({ "sent": self.sent, "missed": self.missed, "what": self.what, "memory_bytes": self.memory })
    }
}
