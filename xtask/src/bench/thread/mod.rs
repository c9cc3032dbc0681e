//! Threads of 100 to 10,000 comments in the portal, beside a page written by hand that makes all nodes at
//! once. Both get the same answers from `backend.js`, which stands in for the server.

pub mod process;

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    browser::{Browser, Tab},
    figures::{Budget, Sample},
    pages,
};
use crate::{build::precompress, workspace::Workspace};

const BACKEND: &str = include_str!("backend.js");
/// Comments a page of the paged threads has, as on the reference server.
const PAGE: u32 = 100;
/// Where the page written by hand is below the site.
const FOLDER: &str = "bench/thread";
/// How long an idle page is watched.
const IDLE: Duration = Duration::from_secs(10);
const SIZES: [u32; 3] = [100, 1_000, 10_000];

/// Who shows the thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Who {
    Script,
    Portal,
}

/// What is done to a thread that is there, and how each page does it: a step of JavaScript, and one that
/// says that it is done.
struct Deed {
    name: &'static str,
    /// What is pressed has to be on the screen.
    pressed: Option<&'static str>,
    script: (&'static str, &'static str),
    portal: (&'static str, &'static str),
}

const DEEDS: [Deed; 5] = [
    Deed {
        name: "a comment arrives",
        pressed: None,
        script: ("threadBench.arrive()", "document.getElementById('comment-new-1')"),
        portal: ("threadBench.arrive()", "document.querySelector('.thread-arrived button')"),
    },
    Deed {
        name: "what arrived is shown",
        pressed: None,
        script: ("threadBench.arrive()", "document.getElementById('comment-new-2')"),
        portal: (
            "document.querySelector('.thread-arrived button').click()",
            "document.getElementById('comment-new-1')",
        ),
    },
    Deed {
        name: "a vote",
        pressed: Some("#comments .vote"),
        script: ("document.querySelector('.vote').click()", "true"),
        portal: ("document.querySelector('#comments .vote').click()", "true"),
    },
    Deed {
        name: "a branch of half the thread is folded",
        pressed: Some("#comment-1"),
        script: (
            "document.querySelector('#comment-1 [aria-expanded]').click()",
            "document.querySelector('#comment-1 [aria-expanded=false]')",
        ),
        portal: (
            "document.querySelector('#comment-1 [data-do=fold]').click()",
            "document.querySelector('#comment-1 [aria-expanded=false]')",
        ),
    },
    Deed {
        name: "another order",
        pressed: None,
        script: (SORT, "document.querySelector('#comments article').id !== 'comment-1'"),
        portal: (SORT, "document.querySelector('#comments article').id !== 'comment-1'"),
    },
];
const SORT: &str = "(() => { const order = document.querySelector('#comments select[name=order]'); \
    order.value = 'newest'; order.dispatchEvent(new Event('change', { bubbles: true })); })()";

/// One size of thread, in one answer or by cursor.
struct Case {
    size: u32,
    is_paged: bool,
    /// By [`Who`]: the first screen; all of it; each deed.
    first: [Sample; 2],
    all: [Sample; 2],
    deeds: Vec<[Sample; 2]>,
}

/// What was measured.
pub struct Threads {
    cases: Vec<Case>,
    /// Bytes the largest thread takes, by [`Who`].
    memory: [f64; 2],
    /// Of one processor, while nothing happens, by [`Who`].
    idle: [f64; 2],
}

/// Puts the page written by hand beside a copy of the site.
pub fn assemble(workspace: &Workspace, site: &Path) -> Result<()> {
    pages::copy(&workspace.dist, site)?;
    let folder = site.join(FOLDER);
    pages::copy(&workspace.root.join("benches/thread"), &folder)?;
    pages::add_stylesheet(workspace, site)?;
    precompress::all(&folder).map(drop)
}

/// Measures by turns; round 0 warms the machine.
pub fn measure(browser: &mut Browser, origin: &str, rounds: u32) -> Result<Threads> {
    let pair = |name| [Sample::new(name), Sample::new(name)];
    let case = |size, is_paged| Case {
        size,
        is_paged,
        first: pair("the first screen"),
        all: pair("all of it can be found"),
        deeds: DEEDS.iter().map(|deed| pair(deed.name)).collect(),
    };
    let mut cases: Vec<Case> = SIZES.into_iter().map(|size| case(size, false)).collect();
    cases.extend(SIZES.into_iter().map(|size| case(size, true)));
    for round in 0..=rounds {
        for case in &mut cases {
            for (at, who) in [Who::Script, Who::Portal].into_iter().enumerate() {
                let mut tab = open(browser, origin, who, case.size, case.is_paged)?;
                let take = |sample: Option<&mut [Sample; 2]>, milliseconds: f64| {
                    if let Some(sample) = sample.and_then(|pair| pair.get_mut(at))
                        && round > 0
                    {
                        sample.take(milliseconds);
                    }
                };
                take(Some(&mut case.first), milliseconds(&mut tab, "threadBench.firstScreen()")?);
                if case.is_paged {
                    continue;
                }
                take(Some(&mut case.all), milliseconds(&mut tab, "threadBench.reachable()")?);
                let found = tab.evaluate("threadBench.finds()")?;
                ensure!(found == true, "{who:?}: find-in-page does not find the last comment");
                for (index, deed) in DEEDS.iter().enumerate() {
                    let (act, done) = if who == Who::Script { deed.script } else { deed.portal };
                    if let Some(pressed) = deed.pressed {
                        tab.evaluate(&format!("threadBench.look({pressed:?})"))?;
                    }
                    let call = format!("threadBench.work(() => {act}, () => {done})");
                    let took = milliseconds(&mut tab, &call).context(deed.name)?;
                    take(case.deeds.get_mut(index), took);
                }
            }
        }
    }
    let blank = process::memory(&mut browser.tab()?)?;
    let (mut memory, mut idle) = ([0.0; 2], [0.0; 2]);
    for (at, who) in [Who::Script, Who::Portal].into_iter().enumerate() {
        let mut tab = open(browser, origin, who, 10_000, false)?;
        milliseconds(&mut tab, "threadBench.reachable()")?;
        if let (Some(memory), Some(idle)) = (memory.get_mut(at), idle.get_mut(at)) {
            *idle = process::share(&mut tab, IDLE)?;
            *memory = process::memory(&mut tab)? - blank;
        }
    }
    Ok(Threads { cases, memory, idle })
}

/// A tab with the thread on its way.
fn open<'b>(
    browser: &'b mut Browser,
    origin: &str,
    who: Who,
    size: u32,
    is_paged: bool,
) -> Result<Tab<'b>> {
    let page = if is_paged { PAGE } else { 0 };
    let source = BACKEND.replace("__SIZE__", &size.to_string());
    let source = source.replace("__PAGE__", &page.to_string());
    let mut tab = browser.tab()?;
    tab.call("Page.enable", json!({}))?;
    tab.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))?;
    let url = match who {
        Who::Script => format!("{origin}/{FOLDER}/index.html"),
        Who::Portal => format!("{}#comments", pages::Page::Portal.url(origin)),
    };
    tab.call("Page.navigate", json!({ "url": url }))?;
    tab.event("Page.loadEventFired", |_| true)?;
    Ok(tab)
}

fn milliseconds(tab: &mut Tab<'_>, call: &str) -> Result<f64> {
    let value = tab.evaluate(call)?;
    value.as_f64().with_context(|| format!("{call}: no number but {value}"))
}

impl Case {
    fn name(&self) -> String {
        let how = if self.is_paged { "a page at a time" } else { "in one answer" };
        format!("{} comments {how}", self.size)
    }

    /// The portal's median as a multiple of the other's.
    fn samples(&self) -> impl Iterator<Item = &[Sample; 2]> {
        let whole = (!self.is_paged).then_some(&self.all);
        let deeds = self.deeds.iter().filter(|_| !self.is_paged);
        std::iter::once(&self.first).chain(whole).chain(deeds)
    }
}

impl Threads {
    /// Prints the tables.
    pub fn print(&self) {
        for case in &self.cases {
            println!("\n{}", case.name());
            println!("{:>9} {:>9} {:>7}", "by hand", "portal", "ratio");
            for [script, portal] in case.samples() {
                let (script, portal, name) = (script.median(), portal.median(), script.name);
                println!("{script:>9.1} {portal:>9.1} {:>7.2}  {name}", portal / script);
            }
        }
        let [script, portal] = self.memory.map(|bytes| bytes / 1_000_000.0);
        println!(
            "\nMemory of 10,000 comments: {script:.0} MB by hand, {portal:.0} MB in the portal"
        );
        let [script, portal] = self.idle.map(|share| share * 100.0);
        println!(
            "Processor while nothing happens: {script:.2} % by hand, {portal:.2} % in the portal"
        );
        println!("\nBudgets");
        self.budgets().iter().for_each(Budget::print);
    }

    /// For a program.
    pub fn to_json(&self) -> Value {
        let cases = self.cases.iter().map(|case| {
            let samples = case.samples().map(|[script, portal]| {
                json!({ "script": script.to_json(), "portal": portal.to_json() })
            });
            json!({ "case": case.name(), "samples": samples.collect::<Vec<_>>() })
        });
        json!({
            "cases": cases.collect::<Vec<_>>(),
            "memory_bytes": self.memory,
            "idle": self.idle,
            "budgets": self.budgets().iter().map(Budget::to_json).collect::<Vec<_>>(),
        })
    }

    fn budgets(&self) -> Vec<Budget> {
        let case = |size, is_paged| {
            self.cases.iter().find(move |case| case.size == size && case.is_paged == is_paged)
        };
        let first = |size, is_paged, at: usize| {
            let sample = case(size, is_paged).and_then(|case| case.first.get(at));
            sample.map_or(f64::NAN, Sample::median)
        };
        let deed = |index: usize| {
            let deeds = case(10_000, false).and_then(|case| case.deeds.get(index));
            deeds.and_then(|pair| pair.get(1)).map_or(f64::NAN, Sample::median)
        };
        let [memory_script, memory_portal] = self.memory;
        let [_, idle] = self.idle;
        let frame = |name, index| Budget { name, limit: 16.0, found: deed(index), unit: "ms" };
        vec![
            Budget {
                name: "first screen of 10,000",
                limit: 0.5,
                found: first(10_000, false, 1) / first(10_000, false, 0),
                unit: "x by hand",
            },
            Budget {
                name: "first screen of 10,000 a page at a time",
                limit: 1.5,
                found: first(10_000, true, 1) / first(100, true, 1),
                unit: "x that of 100",
            },
            frame("a comment arrives among 10,000", 0),
            frame("what arrived is shown among 10,000", 1),
            frame("a vote among 10,000", 2),
            frame("half of 10,000 is folded", 3),
            Budget {
                name: "memory of 10,000",
                limit: 2.0,
                found: memory_portal / memory_script,
                unit: "x by hand",
            },
            Budget { name: "idle processor", limit: 1.0, found: idle * 100.0, unit: "%" },
        ]
    }
}
