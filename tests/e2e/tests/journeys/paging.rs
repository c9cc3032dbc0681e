//! Long lists: every page has an address, and Back returns to where the reader was.

use anyhow::Result;
use haidang_e2e::{Reader, Setup, journey};

/// Finds more articles than a page holds.
const MANY: &str = "vi/search?q=H%E1%BA%A3i+Ph%C3%B2ng";

async fn titles(reader: &Reader) -> Result<Vec<String>> {
    reader.texts("main > .headlines .headline-text a").await
}

#[tokio::test]
async fn each_page_of_a_list_has_an_address_and_its_own_articles() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(MANY).await?;
        let first = titles(reader).await?;
        assert_eq!(first.len(), 20);
        assert_eq!(reader.count(".paging a[rel=prev]").await?, 0);
        reader.click(".paging a[rel=next]").await?;
        reader.until("new URLSearchParams(location.search).has('page')").await?;
        reader.until("one('.paging a[rel=prev]')").await?;
        let second = titles(reader).await?;
        assert!(!second.is_empty() && second.iter().all(|title| !first.contains(title)));
        reader.reload().await?;
        assert_eq!(titles(reader).await?, second);
        reader.click(".paging a[rel=prev]").await?;
        reader.until("!one('.paging a[rel=prev]')").await?;
        assert_eq!(titles(reader).await?, first);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_page_begins_at_its_top_and_back_returns_to_where_the_reader_was() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(MANY).await?;
        let first = titles(reader).await?;
        reader.scroll_to(".paging").await?;
        let left: f64 = reader.evaluate("scrollY").await?;
        assert!(left > 200.0, "the list is too short to tell: {left}");
        reader.click(".paging a[rel=next]").await?;
        reader.until("one('.paging a[rel=prev]')").await?;
        reader.until("scrollY === 0").await?;
        reader.until_focus("h1").await?;
        reader.back().await?;
        reader.until("!one('.paging a[rel=prev]')").await?;
        reader.until(&format!("Math.abs(scrollY - {left}) <= 2")).await?;
        assert_eq!(titles(reader).await?, first);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn back_from_an_article_returns_to_the_same_place_of_the_front_page() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        let last = ".front-section:last-child .headline-text a";
        reader.scroll_to(last).await?;
        let left: f64 = reader.evaluate("scrollY").await?;
        assert!(left > 200.0, "the page is too short to tell: {left}");
        reader.click(last).await?;
        reader.until("one('main article [data-body]')").await?;
        reader.until("scrollY === 0").await?;
        reader.back().await?;
        reader.until("one('.front-lead')").await?;
        reader.until(&format!("Math.abs(scrollY - {left}) <= 2")).await?;
        // Also after the page has been loaded anew.
        reader.reload().await?;
        reader.until(&format!("Math.abs(scrollY - {left}) <= 2")).await?;
        Ok(())
    })
    .await
}
