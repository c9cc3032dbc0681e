//! Changes of language and page whose data are at hand, since the reader was there before.

use anyhow::{Context, Result};

use super::{
    browser::{Browser, Tab},
    conditions,
    figures::Sample,
    visit,
};

const CLICK: &str = include_str!("at_hand.js");

/// One click: its name in the table, the link, and what is there once the new text is in place.
struct Step {
    name: &'static str,
    link: &'static str,
    ready: &'static str,
}

/// From the article to another language and back.
const LANGUAGES: [Step; 2] = [
    Step {
        name: "language of an article: vi to en",
        link: ".languages a[hreflang|=en]",
        ready: "article.article:lang(en) .body p",
    },
    Step {
        name: "language of an article: en to vi",
        link: ".languages a[hreflang|=vi]",
        ready: "article.article:lang(vi) .body p",
    },
];

/// From an article to the front page and on to the article that leads it.
const PAGES: [Step; 2] = [
    Step { name: "page: article to front page", link: "a.brand", ready: ".front-lead" },
    Step {
        name: "page: front page to article",
        link: ".front-lead .headline-text a",
        ready: "article.article .body p",
    },
];

/// Clicks through languages and pages on the slow processor; a sample for each kind of click.
pub fn changes(browser: &mut Browser, url: &str, rounds: u32) -> Result<Vec<Sample>> {
    let mut tab = browser.tab()?;
    conditions::phone(&mut tab)?;
    visit::open(&mut tab, url)?;
    visit::call_app(&mut tab)?;
    conditions::slow_cpu(&mut tab)?;
    let mut samples = Vec::new();
    for steps in [&LANGUAGES, &PAGES] {
        let mut taken = steps.each_ref().map(|step| Sample::new(step.name));
        // Round 0 brings the data.
        for round in 0..=rounds {
            for (step, sample) in steps.iter().zip(&mut taken) {
                let milliseconds = click(&mut tab, step)?;
                if round > 0 {
                    sample.take(milliseconds);
                }
            }
        }
        samples.extend(taken);
    }
    Ok(samples)
}

fn click(tab: &mut Tab<'_>, step: &Step) -> Result<f64> {
    let call = format!("({CLICK})({:?}, {:?})", step.link, step.ready);
    let value = tab.evaluate(&call).with_context(|| step.name)?;
    value.as_f64().with_context(|| format!("{}: no number but {value}", step.name))
}
