//! Every page of a portal as HTML in its site, for a static host.
//!
//! - `sources`: who answers, this server itself or the network; `patient` asks as they like it, `together` is for many
//!   articles at once.
//! - `walk`: which articles and documents there are, by the lists; `known` is what they said the last time,
//!   `lists` keeps them where a source says what was changed since.
//! - `crawl`: prints pages by `printer` and follows their `links`; `place` is where a page lies.
//! - `site`: writes what has changed, and knows what was written.
//! - `built`: the documents and words of the build that pages are printed into.
//! - `published`, `gone`: feeds and sitemaps; rules for what was taken back.
//! - `work`: all of that put together; `watch` goes on with it when somebody has edited something.
//! - `report`: how far it is, and what came of it.
//!
//! Pages that readers make by a query (further pages of lists, filters, search) stay the app's own.

mod built;
mod crawl;
mod gone;
mod known;
mod links;
mod lists;
mod patient;
mod place;
mod printer;
mod published;
mod report;
mod site;
mod sources;
mod together;
mod walk;
mod watch;
mod work;

use std::pin::pin;

use haidang_engine::time::Timestamp;

use crate::config::Prerender;
pub use report::Report;
pub use watch::watch;
use work::Work;

/// Writes the pages of a portal, until it is done or told to `stop`.
pub async fn run(
    options: &Prerender,
    now: Timestamp,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<Report> {
    let mut work = Work::open(options).await?;
    let (report, _) = work.catch_up(now, pin!(stop)).await?;
    work.close().await;
    Ok(report)
}
