//! Between two pages: a bar when it takes long, no jumps, and nothing of a page that was left.

use anyhow::Result;
use haidang_e2e::{
    Fault, Faulty, Reader, Setup,
    demo::{STORM, pages},
    journey, word,
};
use serde_json::json;

#[tokio::test]
async fn a_page_that_takes_long_shows_that_it_is_on_its_way() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        reader.open("vi/").await?;
        assert!(reader.evaluate::<bool>("one('.progress').hidden").await?);
        faulty.spoil("press", Fault::Held);
        reader.click(".site-nav a[href$='vi/press']").await?;
        reader.until("one('.progress').checkVisibility()").await?;
        assert_eq!(
            reader.attribute(".progress", "aria-label").await?,
            Some(word("vi", "status.loading")?)
        );
        // The page before stays until the next is there.
        assert_eq!(reader.count(".front-lead").await?, 1);
        faulty.lift();
        reader.until_says("h1", &word("vi", "press.title")?).await?;
        reader.until("one('.progress').hidden").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_was_left_before_it_came_never_comes() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        reader.open("vi/").await?;
        faulty.spoil("press", Fault::Held);
        reader.click(".site-nav a[href$='vi/press']").await?;
        reader.until("one('.progress').checkVisibility()").await?;
        reader.click(".site-nav a[href$='vi/documents']").await?;
        reader.until_says("h1", &word("vi", "documents.title")?).await?;
        faulty.lift();
        reader.until("one('.progress').hidden").await?;
        reader.click(".site-nav a[href$='section/culture']").await?;
        reader.until("one('main .headline')").await?;
        reader.back().await?;
        reader.until_address("vi/documents").await?;
        reader.until_says("h1", &word("vi", "documents.title")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_emergency_is_shown_however_late_it_comes() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("notices", Fault::Held);
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main article [data-body]')").await?;
        faulty.lift();
        reader.until("one('.notice[data-level=emergency]')?.checkVisibility()").await?;
        Ok(())
    })
    .await
}

/// Loads a page over a slow line, waits until all of it is there, and sums up what moved.
async fn shift(reader: &Reader, page: &str) -> Result<f64> {
    reader.devtools("Network.enable", json!({})).await?;
    let slow = json!({
        "offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 100_000,
    });
    reader.devtools("Network.emulateNetworkConditions", slow).await?;
    reader.open(page).await?;
    reader.until_answered("/notices?").await?;
    reader.until("document.readyState === 'complete'").await?;
    reader.until("all('img').every((i) => i.loading === 'lazy' || i.complete)").await?;
    reader.layout_shift().await
}

#[tokio::test]
async fn a_front_page_that_comes_slowly_does_not_jump() -> Result<()> {
    journey(Setup { window: (360, 740), ..Setup::default() }, async |reader| {
        let shift = shift(reader, "vi/").await?;
        assert!(shift <= 0.02, "{shift}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_page_that_comes_slowly_jumps() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let mut found = Vec::new();
        for page in pages("vi") {
            let shift = shift(reader, &page).await?;
            if shift > 0.02 {
                found.push(format!("{page}: {shift}"));
            }
        }
        anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn notices_that_come_late_push_nothing_away() -> Result<()> {
    journey(Setup { window: (360, 740), ..Setup::default() }, async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        // Of what the demo has in force nothing is urgent enough to be shown late.
        faulty.spoil(
            "notices",
            Fault::Changed(|notices| {
                for notice in notices["items"].as_array_mut().into_iter().flatten() {
                    notice["level"] = json!("warning");
                }
            }),
        );
        reader.hold("*/notices?*").await?;
        reader.open("vi/").await?;
        reader.until("one('.front-lead')").await?;
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until_answered("/notices?").await?;
        let shift = reader.layout_shift().await?;
        assert!(shift <= 0.02, "{shift}");
        Ok(())
    })
    .await
}
