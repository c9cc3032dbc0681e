//! A thread of 1,000 comments in somebody else's page: our element beside what three comment systems publish for
//! that, from the script tag to the first screen, by turns in one run.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{
    browser::Browser,
    conditions,
    figures::{Budget, Sample},
    pages,
};
use crate::{build::precompress, workspace::Workspace};

const BACKEND: &str = include_str!("backend.js");
/// Where the pages are below the site.
const FOLDER: &str = "bench/embed";
const SIZE: u32 = 1_000;
/// Bytes until the first screen, everything compressed.
const BYTES: f64 = 100_000.0;

/// Whose element it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Who {
    Haidang,
    Waline,
    Artalk,
    Isso,
}

impl Who {
    const ALL: [Self; 4] = [Self::Haidang, Self::Waline, Self::Artalk, Self::Isso];

    fn name(self) -> &'static str {
        match self {
            Self::Haidang => "haidang",
            Self::Waline => "waline",
            Self::Artalk => "artalk",
            Self::Isso => "isso",
        }
    }
}

/// What is compared with, as published: the package, what comes out of it, and as what.
const OTHERS: &[(&str, &[(&str, &str)])] = &[
    (
        "@waline/client@3.15.2",
        &[("package/dist/waline.js", "waline.js"), ("package/dist/waline.css", "waline.css")],
    ),
    (
        "artalk@2.9.1",
        &[("package/dist/Artalk.js", "Artalk.js"), ("package/dist/Artalk.css", "Artalk.css")],
    ),
    (
        "isso==0.14.0",
        &[
            ("isso-0.14.0/isso/js/embed.min.js", "isso.js"),
            ("isso-0.14.0/isso/css/isso.css", "isso.css"),
        ],
    ),
];

/// What was measured.
pub struct Embeds(Vec<Measured>);

struct Measured {
    who: Who,
    sample: Sample,
    bytes: f64,
}

/// Puts the pages and the scripts of the others beside a copy of the site.
pub fn assemble(workspace: &Workspace, site: &Path) -> Result<()> {
    pages::copy(&workspace.dist, site)?;
    let folder = site.join(FOLDER);
    pages::copy(&workspace.root.join("benches/embed"), &folder)?;
    for (package, files) in OTHERS {
        let unpacked = unpacked(workspace, package)?;
        for (from, to) in *files {
            let from = unpacked.join(from);
            fs::copy(&from, folder.join(to)).with_context(|| from.display().to_string())?;
        }
    }
    precompress::all(&folder).map(drop)
}

/// The folder a package is unpacked in, in our cache; from npm, or with `==` from PyPI.
fn unpacked(workspace: &Workspace, package: &str) -> Result<std::path::PathBuf> {
    let name = package.replace(['/', '@', '='], "-");
    let folder = workspace.cache.join(&name);
    if folder.is_dir() {
        return Ok(folder);
    }
    let partial = workspace.cache.join(format!("{name}.partial"));
    if partial.exists() {
        fs::remove_dir_all(&partial)?;
    }
    fs::create_dir_all(&partial)?;
    if package.contains("==") {
        let pip = workspace.step("pip").args([
            "download",
            "--quiet",
            "--no-deps",
            "--no-binary",
            ":all:",
        ]);
        pip.args([package]).dir(&partial).run()?;
    } else {
        workspace.step("npm").args(["pack", "--silent", package]).dir(&partial).run()?;
    }
    let archive = fs::read_dir(&partial)?.next().context("nothing was downloaded")??.path();
    workspace.step("tar").args(["xzf"]).args([&archive]).dir(&partial).run()?;
    fs::rename(&partial, &folder)?;
    Ok(folder)
}

/// Measures by turns; round 0 warms the machine.
pub fn measure(browser: &mut Browser, origin: &str, rounds: u32) -> Result<Embeds> {
    let mut all = Who::ALL.map(|who| Measured { who, sample: Sample::new(who.name()), bytes: 0.0 });
    for round in 0..=rounds {
        for one in &mut all {
            let (milliseconds, bytes) = visit(browser, origin, one.who)?;
            if round > 0 {
                one.sample.take(milliseconds);
                one.bytes = bytes;
            }
        }
    }
    Ok(Embeds(all.into()))
}

/// Milliseconds and bytes from nothing to the first screen.
fn visit(browser: &mut Browser, origin: &str, who: Who) -> Result<(f64, f64)> {
    let (_, latency) = conditions::LINE;
    let source = BACKEND.replace("__SIZE__", &SIZE.to_string());
    let source = source.replace("__LATENCY__", &latency.to_string());
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    conditions::slow_line(&mut tab)?;
    conditions::slow_cpu(&mut tab)?;
    tab.call("Page.enable", json!({}))?;
    tab.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))?;
    let url = format!("{origin}/{FOLDER}/{}.html", who.name());
    tab.call("Page.navigate", json!({ "url": url }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    let mut number = |expression: &str| {
        let value = tab.evaluate(expression)?;
        value.as_f64().with_context(|| format!("{}: no number but {value}", who.name()))
    };
    let milliseconds = number("firstScreen")?;
    // All is of one origin, so that the page is told.
    let bytes = number(
        "performance.getEntriesByType('resource').filter((it) => it.initiatorType !== 'img') \
         .reduce((sum, it) => sum + it.encodedBodySize, 0)",
    )?;
    Ok((milliseconds, bytes))
}

impl Embeds {
    /// Prints the table.
    pub fn print(&self) {
        println!("\nA thread of {SIZE} comments in somebody else's page");
        println!(
            "{:>9} {:>15} {:>7} {:>9} {:>7}",
            "ms", "least to most", "ratio", "bytes", "ratio"
        );
        let (own, own_bytes) = self.of(Who::Haidang);
        for Measured { sample, bytes, .. } in &self.0 {
            let (median, (least, most)) = (sample.median(), sample.range());
            let range = format!("{least:.0} to {most:.0}");
            let (time, size) = (own / median, own_bytes / bytes);
            println!(
                "{median:>9.0} {range:>15} {time:>7.2} {bytes:>9.0} {size:>7.2}  {}",
                sample.name
            );
        }
        println!("Ratios: ours by theirs.\n\nBudgets");
        self.budgets().iter().for_each(Budget::print);
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        let all = self.0.iter().map(
            |Measured { sample, bytes, .. }| json!({ "sample": sample.to_json(), "bytes": bytes }),
        );
        json!({
            "elements": all.collect::<Vec<_>>(),
            "budgets": self.budgets().iter().map(Budget::to_json).collect::<Vec<_>>(),
        })
    }

    /// Median and bytes.
    fn of(&self, who: Who) -> (f64, f64) {
        let found = self.0.iter().find(|one| one.who == who);
        found.map_or((f64::NAN, f64::NAN), |one| (one.sample.median(), one.bytes))
    }

    fn budgets(&self) -> Vec<Budget> {
        let (own, bytes) = self.of(Who::Haidang);
        let beside =
            |name, who| Budget { name, limit: 1.0, found: own / self.of(who).0, unit: "x" };
        vec![
            beside("first screen beside Waline", Who::Waline),
            beside("first screen beside Artalk", Who::Artalk),
            beside("first screen beside Isso", Who::Isso),
            Budget { name: "bytes until then", limit: BYTES, found: bytes, unit: "B" },
        ]
    }
}
