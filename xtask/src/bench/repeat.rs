//! A reader who comes back to an article: the app is at hand, the line is slow or there is none.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{
    browser::{Browser, Tab},
    conditions::{self, Line},
    figures::Sample,
    pages::{Origins, Page},
    visit,
};

/// How they come back, beside the same article as plain HTML, which always comes from the network.
const WAYS: [(&str, Page, Line); 5] = [
    ("plain HTML from the network", Page::Plain, Line::Slow),
    ("Hải Đăng, client-side alone, on the slow line", Page::App, Line::Slow),
    ("Hải Đăng, client-side alone, without a network", Page::App, Line::None),
    ("Hải Đăng, printed, on the slow line", Page::Portal, Line::Slow),
    ("Hải Đăng, printed, without a network", Page::Portal, Line::None),
];

/// Ends once the worker has everything, the page is in its hands and the article in the database; what it
/// gives is whether there is a worker.
const KEPT: &str = include_str!("repeat.js");

/// Milliseconds until the text shows, of each way.
pub struct Repeats(pub Vec<Sample>);

impl Repeats {
    /// Measures one way after the other in each round.
    pub fn measure(browser: &mut Browser, origins: &Origins, rounds: u32) -> Result<Self> {
        let mut samples = WAYS.map(|(name, ..)| Sample::new(name));
        // Round 0 warms the machine.
        for round in 0..=rounds {
            for (sample, (name, page, line)) in samples.iter_mut().zip(WAYS) {
                let again = again(browser, page, &origins.url(page), line);
                let milliseconds = again.with_context(|| name)?;
                if round > 0 {
                    sample.take(milliseconds);
                }
            }
        }
        Ok(Self(samples.into()))
    }

    /// Times the plain page, of the slower way back to a page of the portal.
    pub fn ratio(&self, to: Page) -> f64 {
        let medians = || WAYS.iter().zip(self.0.iter().map(Sample::median));
        let of = |page| medians().filter(move |((_, other, _), _)| *other == page);
        let slowest = |page| of(page).map(|(_, median)| median).fold(0.0, f64::max);
        slowest(to) / slowest(Page::Plain)
    }
}

/// The visit after the first one.
fn again(browser: &mut Browser, page: Page, url: &str, line: Line) -> Result<f64> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    if page != Page::Plain {
        visit::open(&mut tab, url)?;
        visit::call_app(&mut tab)?;
        let is_kept = tab.evaluate(KEPT)?;
        ensure!(is_kept == Value::Bool(true), "the browser has no service workers");
        // What the first visit has left running would be measured with the second.
        tab.call("Page.navigate", json!({ "url": "about:blank" }))?;
    }
    conditions::line(&mut tab, line)?;
    conditions::slow_cpu(&mut tab)?;
    slow_workers(&mut tab, line)?;
    visit::open(&mut tab, url).map(|(milliseconds, _)| milliseconds)
}

/// The worker has the same line.
fn slow_workers(tab: &mut Tab<'_>, line: Line) -> Result<()> {
    for session in tab.workers()? {
        tab.call_in(&session, "Network.enable", json!({}))?;
        tab.call_in(&session, "Network.emulateNetworkConditions", line.to_json())?;
    }
    Ok(())
}
