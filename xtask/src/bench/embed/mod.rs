//! A thread of 1,000 comments in somebody else's page: our element beside what three comment systems publish for
//! that, from the script tag to the first screen, and until all can be done with it, by turns in one run.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
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
/// The article whose thread it is, as in `benches/embed/haidang.html`.
const ARTICLE: &str = "bao-so-9";
const SIZE: usize = 1_000;
/// Comments that it has in the demo content.
const DEMO: usize = 300;
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
    /// Until the first screen.
    screen: Sample,
    screen_bytes: f64,
    /// Until all can be done with it.
    ready: Sample,
    ready_bytes: f64,
}

/// How long a visit took, and what it fetched: milliseconds and bytes.
struct Visit {
    screen: (f64, f64),
    ready: (f64, f64),
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

/// Fills the thread up, in the folder of a server that has begun before and has ended.
pub fn fill(workspace: &Workspace, server: &Path, data: &Path) -> Result<()> {
    let missing = (SIZE - DEMO).to_string();
    let seed = workspace.step(server).args(["seed", "--comments", &missing, "--article", ARTICLE]);
    seed.args(["--data"]).args([data]).run()
}

/// Measures by turns; round 0 warms the machine.
pub fn measure(browser: &mut Browser, origin: &str, rounds: u32) -> Result<Embeds> {
    let comments = comments(browser, origin)?;
    let (_, latency) = conditions::LINE;
    let source = BACKEND.replace("__COMMENTS__", &comments.to_string());
    let source = source.replace("__LATENCY__", &latency.to_string());
    let mut all = Who::ALL.map(|who| Measured {
        who,
        screen: Sample::new(who.name()),
        screen_bytes: 0.0,
        ready: Sample::new(who.name()),
        ready_bytes: 0.0,
    });
    for round in 0..=rounds {
        for one in &mut all {
            let Visit { screen, ready } = visit(browser, origin, &source, one.who)?;
            if round > 0 {
                one.screen.take(screen.0);
                one.ready.take(ready.0);
                (one.screen_bytes, one.ready_bytes) = (screen.1, ready.1);
            }
        }
    }
    Ok(Embeds(all.into()))
}

/// The thread as the API tells it, page by page.
fn comments(browser: &mut Browser, origin: &str) -> Result<Value> {
    let mut tab = browser.tab()?;
    let url = format!("{origin}/api/v1/articles/{ARTICLE}/comments");
    tab.call("Page.enable", json!({}))?;
    tab.call("Page.navigate", json!({ "url": format!("{origin}/healthz") }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    let comments = tab.evaluate(&format!(
        "(async () => {{
            const all = [];
            let next = '';
            while (next !== null) {{
                const page = await (await fetch('{url}' + (next && `?cursor=${{encodeURIComponent(next)}}`))).json();
                all.push(...page.items);
                next = page.next ?? null;
            }}
            return all;
        }})()"
    ))?;
    let count = comments.as_array().map(Vec::len);
    ensure!(count == Some(SIZE), "expected a thread of {SIZE} comments, found {count:?}");
    Ok(comments)
}

/// From nothing to the first screen, and on.
fn visit(browser: &mut Browser, origin: &str, source: &str, who: Who) -> Result<Visit> {
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
    // What is on its way by then is in no list of the browser's yet.
    let screen = (number("firstScreen")?, number("firstScreen.then(fetched)")?);
    Ok(Visit { screen, ready: (number("ready")?, number("fetched()")?) })
}

impl Embeds {
    /// Prints the table.
    pub fn print(&self) {
        println!("\nA thread of {SIZE} comments in somebody else's page");
        let table = |of: &dyn Fn(&Measured) -> (&Sample, f64)| {
            println!(
                "{:>9} {:>15} {:>7} {:>9} {:>7}",
                "ms", "least to most", "ratio", "bytes", "ratio"
            );
            let own = self.0.iter().find(|one| one.who == Who::Haidang).map(of);
            let own = own.map_or((f64::NAN, f64::NAN), |(sample, bytes)| (sample.median(), bytes));
            for (sample, bytes) in self.0.iter().map(of) {
                let (median, (least, most)) = (sample.median(), sample.range());
                let range = format!("{least:.0} to {most:.0}");
                let (time, size) = (own.0 / median, own.1 / bytes);
                println!(
                    "{median:>9.0} {range:>15} {time:>7.2} {bytes:>9.0} {size:>7.2}  {}",
                    sample.name
                );
            }
        };
        println!("Until the first screen");
        table(&|one| (&one.screen, one.screen_bytes));
        println!("Until all can be done with it");
        table(&|one| (&one.ready, one.ready_bytes));
        println!("Ratios: ours by theirs.\n\nBudgets");
        self.budgets().iter().for_each(Budget::print);
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        let all =
            self.0.iter().map(|Measured { screen, screen_bytes, ready, ready_bytes, .. }| {
                json!({
                    "first_screen": { "sample": screen.to_json(), "bytes": screen_bytes },
                    "ready": { "sample": ready.to_json(), "bytes": ready_bytes },
                })
            });
        json!({
            "elements": all.collect::<Vec<_>>(),
            "budgets": self.budgets().iter().map(Budget::to_json).collect::<Vec<_>>(),
        })
    }

    /// Median and bytes until the first screen.
    fn of(&self, who: Who) -> (f64, f64) {
        let found = self.0.iter().find(|one| one.who == who);
        found.map_or((f64::NAN, f64::NAN), |one| (one.screen.median(), one.screen_bytes))
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
