//! Portals on real backends, which portal.json alone makes theirs.

mod isso;
mod open;
mod several;
mod wagtail;
mod wordpress;

use anyhow::Result;
use haidang_e2e::{Reader, counted, word};
use serde_json::json;

/// The article of `tests/backends/content` that these journeys read: a lighthouse, in five languages.
const LIGHTHOUSE: &str = "The Hòn Dấu lighthouse opens its door";
/// Its title in Vietnamese, which the backends have in NFD.
const LIGHTHOUSE_VI: &str = "Hải đăng Hòn Dấu mở cửa cho người xem";
/// Where the titles of a list stand.
const TITLES: &str = "main > .headlines .headline-text a";

/// The titles of a list from this page to its last.
async fn to_the_end(reader: &Reader) -> Result<Vec<String>> {
    let mut titles = Vec::new();
    loop {
        let page = reader.texts(TITLES).await?;
        titles.extend(page.iter().cloned());
        if reader.count(".paging a[rel=next]").await? == 0 {
            return Ok(titles);
        }
        reader.click(".paging a[rel=next]").await?;
        reader.until(&format!("words(one({})) !== {}", json!(TITLES), json!(page.first()))).await?;
    }
}

/// Searches by the form of the search page and waits for what is found.
async fn search(reader: &Reader, lang: &str, query: &str) -> Result<()> {
    reader.open(&format!("{lang}/search")).await?;
    reader.type_into(".search-form input", query).await?;
    reader.click(".search-form button").await?;
    reader.until("one('main .count')").await
}

/// Opens the article about the lighthouse in Vietnamese by way of the English search, and waits for its
/// thread.
pub async fn lighthouse_thread(reader: &Reader, comments: u64) -> Result<()> {
    search(reader, "en", "lighthouse").await?;
    reader.click(TITLES).await?;
    reader.until_says("h1", LIGHTHOUSE).await?;
    reader.click(".languages a[hreflang=vi]").await?;
    reader.until_says("h1", LIGHTHOUSE_VI).await?;
    reader.scroll_to("#comments").await?;
    let title = match comments {
        0 => word("vi", "comments.title")?,
        some => counted("vi", "comments.count", some)?,
    };
    reader.until_says("#comments-title", &title).await
}
