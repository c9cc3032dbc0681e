//! A large answer of a backend through its profile, beside the same mapping written by hand.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::{Browser, number},
    figures::{Budget, Sample},
    pages,
};
use crate::{
    build::{self, precompress},
    step::say,
    workspace::Workspace,
};

/// Times what is written by hand.
const RATIO: f64 = 5.0;
/// Milliseconds the page may be held up in one go.
const TASK: f64 = 50.0;
/// Where the page is below the site.
const FOLDER: &str = "bench/mapping";

/// What was measured.
pub struct Mapping {
    bytes: f64,
    script: Sample,
    portal: Sample,
    longest: f64,
}

/// Builds the page, as the portal is built.
pub fn build(workspace: &Workspace) -> Result<()> {
    say("Building the mapping page", "about 2 minutes the first time, then seconds");
    let trunk = build::trunk(workspace)?.dir(&workspace.root.join("benches/mapping"));
    trunk.args(["--release", "--dist"]).args([built(workspace)]).run()
}

/// Puts the page beside a copy of the site.
pub fn assemble(workspace: &Workspace, site: &std::path::Path) -> Result<()> {
    pages::copy(&workspace.dist, site)?;
    let folder = site.join(FOLDER);
    pages::copy(&built(workspace), &folder)?;
    precompress::all(&folder).map(drop)
}

/// Maps in one page, by turns; round 0 warms it.
pub fn measure(browser: &mut Browser, origin: &str, rounds: u32) -> Result<Mapping> {
    let mut tab = browser.tab()?;
    tab.call("Page.enable", json!({}))?;
    tab.call("Page.navigate", json!({ "url": format!("{origin}/{FOLDER}/index.html") }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    let begin = format!(
        "(async () => {{
            while (!globalThis.wasmBindings) await new Promise((go) => setTimeout(go, 20));
            globalThis.bench = await import('/{FOLDER}/measure.js');
            globalThis.asking = await bench.ready();
        }})()"
    );
    tab.evaluate(&begin)?;
    let mut mapping = Mapping {
        bytes: 0.0,
        script: Sample::new("JSON.parse and a mapping by hand"),
        portal: Sample::new("the profile engine"),
        longest: 0.0,
    };
    for round in 0..=rounds {
        let measured = tab.evaluate("bench.measure(asking)")?;
        if round == 0 {
            continue;
        }
        mapping.bytes = number(&measured, "/bytes")?;
        mapping.script.take(number(&measured, "/script")?);
        mapping.portal.take(number(&measured, "/portal")?);
        let long = measured.pointer("/long").and_then(Value::as_array).context("no tasks")?;
        let long = long.iter().filter_map(Value::as_f64);
        mapping.longest = long.fold(mapping.longest, f64::max);
    }
    Ok(mapping)
}

impl Mapping {
    /// Prints the table.
    pub fn print(&self) {
        let megabytes = self.bytes / 1_000_000.0;
        println!(
            "\n10,000 comments of WordPress, {megabytes:.1} MB, from the response to comments"
        );
        println!("{:>9} {:>15}", "median ms", "least to most");
        for sample in [&self.script, &self.portal] {
            let (least, most) = sample.range();
            let range = format!("{least:.0} to {most:.0}");
            println!("{:>9.0} {range:>15}  {}", sample.median(), sample.name);
        }
        println!("\nBudgets");
        self.budgets().iter().for_each(Budget::print);
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        json!({
            "bytes": self.bytes,
            "samples": [self.script.to_json(), self.portal.to_json()],
            "budgets": self.budgets().iter().map(Budget::to_json).collect::<Vec<_>>(),
        })
    }

    fn budgets(&self) -> [Budget; 2] {
        [
            Budget {
                name: "mapping through a profile",
                limit: RATIO,
                found: self.portal.median() / self.script.median(),
                unit: "x by hand",
            },
            Budget {
                name: "longest task (0: none of 50 ms)",
                limit: TASK,
                found: self.longest,
                unit: "ms",
            },
        ]
    }
}

fn built(workspace: &Workspace) -> PathBuf {
    workspace.target.join("bench-mapping")
}
