//! axe on every kind of page: five languages, light and dark, and the reader's own high contrast.

use anyhow::Result;
use haidang_e2e::{Fault, Faulty, Setup, demo::pages, journey, word};

/// In a colour scheme of the device, or in the theme `contrast`, which the reader sets.
async fn has_no_violation(lang: &str, scheme: &str) -> Result<()> {
    journey(Setup::default(), async |reader| {
        if scheme == "contrast" {
            reader.open(&format!("{lang}/settings")).await?;
            reader.click("input[name=theme][value=contrast]").await?;
            reader.until("document.documentElement.dataset.theme === 'contrast'").await?;
        } else {
            reader.prefer("prefers-color-scheme", scheme).await?;
        }
        let mut found = Vec::new();
        for page in pages(lang) {
            reader.open(&page).await?;
            reader.run("one('#comments')?.scrollIntoView({ behavior: 'instant' })").await?;
            reader
                .until("!one('#comments') || one('.comment, .thread .hint, .thread .note')")
                .await?;
            reader.until("one('.notice')").await?;
            reader.settle().await?;
            let violations = reader.axe().await?;
            found.extend(violations.into_iter().map(|violation| format!("{page}: {violation}")));
        }
        anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await
}

macro_rules! every_page_in {
    ($($name:ident: $lang:literal, $scheme:literal;)+) => {$(
        #[tokio::test]
        async fn $name() -> Result<()> {
            has_no_violation($lang, $scheme).await
        }
    )+};
}

every_page_in! {
    every_page_is_accessible_in_vietnamese: "vi", "light";
    every_page_is_accessible_in_english: "en", "light";
    every_page_is_accessible_in_chinese: "zh", "light";
    every_page_is_accessible_in_japanese: "ja", "light";
    every_page_is_accessible_in_korean: "ko", "light";
    every_page_is_accessible_in_vietnamese_in_the_dark: "vi", "dark";
    every_page_is_accessible_in_english_in_the_dark: "en", "dark";
    every_page_is_accessible_in_chinese_in_the_dark: "zh", "dark";
    every_page_is_accessible_in_japanese_in_the_dark: "ja", "dark";
    every_page_is_accessible_in_korean_in_the_dark: "ko", "dark";
    every_page_is_accessible_in_vietnamese_in_high_contrast: "vi", "contrast";
    every_page_is_accessible_in_english_in_high_contrast: "en", "contrast";
    every_page_is_accessible_in_chinese_in_high_contrast: "zh", "contrast";
    every_page_is_accessible_in_japanese_in_high_contrast: "ja", "contrast";
    every_page_is_accessible_in_korean_in_high_contrast: "ko", "contrast";
}

#[tokio::test]
async fn pages_that_say_what_went_wrong_are_accessible_too() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let good = reader.portal.configured()?.to_string();
        reader.portal.configure("{")?;
        for scheme in ["light", "dark"] {
            reader.prefer("prefers-color-scheme", scheme).await?;
            reader.open("vi/").await?;
            assert_eq!(reader.text("h1").await?, word("vi", "boot.failed")?);
            assert_eq!(reader.axe().await?, Vec::<String>::new());
        }
        reader.portal.configure(&good)?;
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("press", Fault::Status(500));
        for scheme in ["light", "dark"] {
            reader.prefer("prefers-color-scheme", scheme).await?;
            reader.open("vi/press").await?;
            assert_eq!(reader.text("h1").await?, word("vi", "failure.title")?);
            assert_eq!(reader.axe().await?, Vec::<String>::new());
        }
        Ok(())
    })
    .await
}
