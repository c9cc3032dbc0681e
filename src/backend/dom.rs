//! Bodies as blocks: in the browser by its own parser, natively by the engine's. Both give the same blocks.

#[cfg(target_arch = "wasm32")]
mod browser;

use haidang_engine::{
    content::{Content, from_markdown, from_text},
    model::{Body, BodyFormat},
    profile::Failure,
};

use crate::{
    browser::{breathe, yield_to_printed},
    chunk::{Missing, chunk},
};

#[cfg(target_arch = "wasm32")]
pub use browser::parse_html;
#[cfg(target_arch = "wasm32")]
use browser::parse_html_in_tasks;
#[cfg(not(target_arch = "wasm32"))]
pub use haidang_engine::content::from_html_at as parse_html;

/// A body as blocks; relative addresses are resolved against `base`, that of its source. Not for what a first visit
/// runs: see [`parse_article`].
pub fn parse_body(body: &Body, base: &str) -> Content {
    match body.format {
        BodyFormat::Html => parse_html(&body.value, base),
        BodyFormat::Text => from_text(&body.value),
        BodyFormat::Markdown => from_markdown(&body.value),
    }
}

/// The body of an article, as [`parse_body`] has it. Nearly all are HTML; what reads the others comes through a door.
pub async fn parse_article(body: &Body, base: &str) -> Result<Content, Failure> {
    match body.format {
        BodyFormat::Html => Ok(parse_html_in_tasks(&body.value, base, yield_to_printed).await),
        BodyFormat::Text | BodyFormat::Markdown => {
            let parse = parser().await.map_err(|Missing| Failure::Unreachable)?;
            Ok(parse(body, base))
        }
    }
}

/// As [`parse_body`], beside what the reader does, in tasks of its own.
pub async fn parse_beside(body: &Body, base: &str) -> Content {
    breathe().await;
    match body.format {
        BodyFormat::Html => parse_html_in_tasks(&body.value, base, breathe).await,
        BodyFormat::Text | BodyFormat::Markdown => parse_body(body, base),
    }
}

/// Natively nobody waits for this thread.
#[cfg(not(target_arch = "wasm32"))]
async fn parse_html_in_tasks(html: &str, base: &str, _end_task: impl AsyncFn()) -> Content {
    parse_html(html, base)
}

// Comments are Markdown: the thread's part reads it anyway.
chunk!(thread, parser: fn(&Body, &str) -> Content = parse_body);
