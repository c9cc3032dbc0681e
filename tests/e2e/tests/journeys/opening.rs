//! Coming to the portal: in which language it opens, and what every page says of itself.

use anyhow::Result;
use haidang_e2e::{
    Setup,
    demo::{LANGUAGES, STORM},
    journey, word,
};
use serde_json::json;

fn reading(languages: &'static str) -> Setup {
    Setup { languages, ..Setup::default() }
}

#[tokio::test]
async fn an_app_that_does_not_come_leaves_a_notice_and_a_way_on() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for part in ["*.wasm", "*/haidang-*.js"] {
            reader.block(&[part]).await?;
            reader.go("vi/").await?;
            reader.until("one('#boot .stopped')?.checkVisibility()").await?;
            assert_eq!(reader.count(".stopped p[lang]").await?, LANGUAGES.len());
            assert_eq!(reader.count(".sketch").await?, 0);
            reader.block(&[]).await?;
            reader.click(".stopped p[lang=vi] button").await?;
            reader.until("one('main h1')").await?;
            assert_eq!(reader.count("#boot").await?, 0);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn while_the_app_is_on_its_way_its_page_is_sketched() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.hold("*.wasm").await?;
        for lang in ["vi", "ja"] {
            reader.go(&format!("{lang}/article/{STORM}")).await?;
            reader.until("one('.sketch')?.checkVisibility()").await?;
            let name = reader.portal.configured()?["name"][lang].clone();
            assert_eq!(json!(reader.text(".sketch-name").await?), name);
            assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some(lang));
            // Nobody is read a name thirty times, and nothing is wider than the screen.
            assert_eq!(reader.attribute(".sketch", "aria-hidden").await?.as_deref(), Some("true"));
            assert!(reader.overflow().await?.is_empty());
        }
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until("one('main h1')").await?;
        assert_eq!(reader.count(".sketch").await?, 0);
        let shift = reader.layout_shift().await?;
        assert!(shift <= 0.02, "{shift}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_root_opens_in_the_language_of_the_browser() -> Result<()> {
    journey(reading("ja,en"), async |reader| {
        reader.open("").await?;
        reader.until_address("ja/").await?;
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("ja"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reader_of_traditional_chinese_gets_the_simplified_edition_labelled_so() -> Result<()> {
    journey(reading("zh-TW"), async |reader| {
        reader.open("").await?;
        reader.until_address("zh/").await?;
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("zh-Hans"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reader_of_no_edition_gets_the_default_one() -> Result<()> {
    journey(reading("fr,de"), async |reader| {
        reader.open("").await?;
        reader.until_address("vi/").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_root_opens_in_the_language_chosen_last() -> Result<()> {
    journey(reading("en"), async |reader| {
        reader.open("").await?;
        reader.until_address("en/").await?;
        reader.click(".languages a[hreflang=ko]").await?;
        reader.until_address("ko/").await?;
        reader.open("").await?;
        reader.until_address("ko/").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn going_back_from_the_first_page_does_not_return_to_the_root() -> Result<()> {
    journey(reading("vi"), async |reader| {
        reader.open("").await?;
        reader.until_address("vi/").await?;
        reader.click(".site-nav a[href$='vi/press']").await?;
        reader.until_says("h1", &word("vi", "press.title")?).await?;
        reader.back().await?;
        reader.until_address("vi/").await?;
        reader.until("one('.front-lead')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn without_script_every_language_is_told_what_is_missing() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await?;
        reader.go("").await?;
        for (_, tag) in LANGUAGES {
            let told = reader.text(&format!("noscript [lang={tag}]")).await?;
            assert!(told.contains("JavaScript"), "{tag}: {told}");
        }
        Ok(())
    })
    .await
}
