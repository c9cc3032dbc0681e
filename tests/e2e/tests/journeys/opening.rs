//! Coming to the portal: in which language it opens, and what every page says of itself.

use anyhow::Result;
use haidang_e2e::{
    Setup,
    demo::{LANGUAGES, STORM},
    journey, word,
};
use serde_json::json;
use thirtyfour::Key;

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
    journey(Setup { window: (320, 640), ..Setup::default() }, async |reader| {
        let mut portal = reader.portal.configured()?;
        let long = portal["name"]["vi"].as_str().unwrap_or_default().repeat(4);
        portal["name"] = json!({ "vi": long, "ja": "ポータル" });
        reader.portal.configure(&portal.to_string())?;
        reader.hold("*.wasm").await?;
        // What the portal is not called in a language it is called in one that its readers read.
        for (lang, tag, name) in [("ja", "ja", "ポータル"), ("zh", "zh-Hans", &*long)] {
            reader.go(&format!("{lang}/article/{STORM}")).await?;
            reader.until("one('.sketch')?.checkVisibility()").await?;
            assert_eq!(reader.text(".sketch-name").await?, name);
            assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some(tag));
            // Nobody is read a name thirty times.
            assert_eq!(reader.attribute(".sketch", "aria-hidden").await?.as_deref(), Some("true"));
            assert_eq!(reader.overflow().await?, Vec::<String>::new());
        }
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until("one('main h1')").await?;
        assert_eq!(reader.count(".sketch").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_cannot_be_sketched_is_not() -> Result<()> {
    journey(reading("ja"), async |reader| {
        let good = reader.portal.configured()?.to_string();
        reader.hold("*.wasm").await?;
        // Which language it will be is not known; what the configuration says is nothing.
        for (path, portal) in
            [("", &*good), ("ja/", "{}"), ("ja/", r#"{"languages":[{"code":"ja"}]}"#)]
        {
            reader.portal.configure(portal)?;
            reader.go(path).await?;
            reader.until("one('link[rel=manifest]')").await?;
            reader.until("one('.sketch')").await?;
            assert!(!reader.evaluate::<bool>("one('.sketch').checkVisibility()").await?);
            assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("vi"));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn beside_the_first_part_of_the_app_comes_the_one_that_has_the_page() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let asked = |part| {
            let asked = "performance.getEntriesByType('resource').some(";
            format!("{asked}({{ name }}) => name.endsWith('_{part}.wasm'))")
        };
        for (path, part) in [("vi/", "lists"), ("vi/search", "pages"), ("vi/saved", "kept")] {
            reader.hold("*_bg.wasm").await?;
            reader.go(path).await?;
            reader.until(&asked(part)).await?;
            assert_eq!(reader.count("main h1").await?, 0);
            reader.devtools("Fetch.disable", json!({})).await?;
            reader.until("one('main h1')").await?;
        }
        // Who comes for an article has it without the others, until they stir.
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main h1')").await?;
        assert!(!reader.evaluate::<bool>(&asked("lists")).await?);
        reader.press(Key::Tab).await?;
        reader.until(&asked("lists")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_browser_that_is_too_old_says_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let script = json!({ "source": "delete window.WebAssembly;" });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        reader.go("vi/").await?;
        reader.until("one('#boot .unsupported')?.checkVisibility()").await?;
        reader.until("one('link[rel=manifest]')").await?;
        assert_eq!(reader.count(".unsupported p[lang]").await?, LANGUAGES.len());
        for other in [".sketch", ".stopped"] {
            let shows = format!("one('{other}').checkVisibility()");
            assert!(!reader.evaluate::<bool>(&shows).await?, "{other}");
        }
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
