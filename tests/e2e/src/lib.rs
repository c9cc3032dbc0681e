//! What the journeys in `tests/journeys` are written with: a portal of their own, a reader with a
//! browser of their own, and the words of the interface.
//!
//! A journey is `journey(Setup::default(), async |reader| { … })`. [`Reader`] opens, clicks, types and
//! looks; whatever takes time is waited for as a condition, never as a time. When a journey fails, the
//! address, the console and the text of the page are printed with it. One that needs a backend which this
//! machine cannot have, or a browser that it does not have, is skipped.
//!
//! `cargo xtask test e2e` builds what the journeys need and tells them by `HAIDANG_*` where it is.

mod archive;
mod axe;
mod backends;
mod browser;
mod build;
mod console;
mod driver;
mod example;
mod faulty;
mod files;
mod firefox;
mod host;
mod instead;
mod kept;
mod layout;
mod outbox;
mod portal;
mod reader;
mod seed;
mod settings;
mod skipped;
mod tab;
mod tree;
mod valid;
mod words;
mod worker;

pub mod demo;

use std::{
    panic::{AssertUnwindSafe, resume_unwind},
    sync::Arc,
};

use anyhow::{Result, bail};
use futures::FutureExt;

pub use archive::Archive;
pub use backends::Backends;
pub use browser::Browser;
pub use example::{example, javascript, library};
pub use faulty::{Fault, Faulty};
pub use files::Files;
pub use host::Host;
pub use instead::Instead;
pub use portal::Portal;
pub use reader::Reader;
pub use seed::Seed;
pub use skipped::Skipped;
pub use tree::Node;
pub use valid::{can_validate, html_errors, prerendered, schema_errors};
pub use words::{counted, filled, word};

/// What a journey begins with.
#[derive(Clone)]
pub struct Setup {
    /// What every reader has.
    pub browser: Browser,
    /// The path that the portal is served below.
    pub base: &'static str,
    /// Further options of the server.
    pub server: &'static [&'static str],
    /// The languages of the browser, the best first, as `Accept-Language` has them.
    pub languages: &'static str,
    /// Width and height of the window in CSS pixels.
    pub window: (u32, u32),
    /// Whether the browser has service workers. With one, what a journey does to the network between two
    /// pages is the worker's matter, and what the first page shows is not what the second does: journeys
    /// that are about something else go without.
    pub worker: bool,
    /// Whether the server prints pages: with it, what a page shows is not yet the app's.
    pub printed: bool,
    /// Whether the portal has a copy of the site to itself, which can be [`Portal::renew`]ed.
    pub own_site: bool,
}

impl Default for Setup {
    /// The demo portal at the root, a Vietnamese reader at a desk.
    fn default() -> Self {
        Self {
            browser: Browser::Chromium,
            base: "/",
            server: &[],
            languages: "vi",
            window: (1280, 800),
            worker: false,
            printed: false,
            own_site: false,
        }
    }
}

/// Starts a portal and a browser, lets the reader take the `steps`, and ends both. When a step fails,
/// what the reader had before them is printed first.
pub async fn journey(setup: Setup, steps: impl AsyncFnOnce(&Reader) -> Result<()>) -> Result<()> {
    together(setup, async |[reader]: &[Reader; 1]| steps(reader).await).await
}

/// Takes steps for which this machine may lack something: that is no failure.
pub async fn unless_skipped(steps: impl Future<Output = Result<()>>) -> Result<()> {
    steps.await.or_else(skipped::noted)
}

/// A journey of several readers at one portal, each with a browser of their own.
pub async fn together<const N: usize>(
    setup: Setup,
    steps: impl AsyncFnOnce(&[Reader; N]) -> Result<()>,
) -> Result<()> {
    if let Err(error) = setup.browser.require() {
        return skipped::noted(error);
    }
    let portal = Arc::new(Portal::open(&setup).await?);
    let mut readers = Vec::new();
    for _ in 0..N {
        readers.push(Reader::arrive(portal.clone(), &setup).await?);
    }
    let Ok(readers) = <[Reader; N]>::try_from(readers) else { bail!("not {N} readers") };
    let outcome = AssertUnwindSafe(steps(&readers)).catch_unwind().await;
    // A step for which this machine lacks something is no failure.
    let outcome = outcome.map(|steps| steps.or_else(skipped::noted));
    for reader in readers {
        if !matches!(outcome, Ok(Ok(()))) {
            eprintln!("{}", reader.describe().await);
        }
        reader.leave().await?;
    }
    outcome.unwrap_or_else(|panic| resume_unwind(panic))
}
