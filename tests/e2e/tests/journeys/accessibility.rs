//! axe on every kind of page: five languages, light and dark, and the reader's own high contrast.

use anyhow::Result;
use haidang_e2e::{Fault, Faulty, Setup, demo::pages, journey, word};

async fn has_no_violation(lang: &str) -> Result<()> {
    journey(Setup::default(), async |reader| {
        let mut found = Vec::new();
        for page in pages(lang) {
            reader.open(&page).await?;
            reader.run("one('#comments')?.scrollIntoView({ behavior: 'instant' })").await?;
            reader
                .until("!one('#comments') || one('.comment, .thread .hint, .thread .note')")
                .await?;
            reader.until("one('.notice')").await?;
            reader.settle().await?;
            let violations = reader.axe_in_every_theme().await?;
            found.extend(violations.into_iter().map(|violation| format!("{page}: {violation}")));
        }
        anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_page_is_accessible_in_vietnamese() -> Result<()> {
    has_no_violation("vi").await
}

#[tokio::test]
async fn every_page_is_accessible_in_english() -> Result<()> {
    has_no_violation("en").await
}

#[tokio::test]
async fn every_page_is_accessible_in_chinese() -> Result<()> {
    has_no_violation("zh").await
}

#[tokio::test]
async fn every_page_is_accessible_in_japanese() -> Result<()> {
    has_no_violation("ja").await
}

#[tokio::test]
async fn every_page_is_accessible_in_korean() -> Result<()> {
    has_no_violation("ko").await
}

#[tokio::test]
async fn pages_that_say_what_went_wrong_are_accessible_too() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let good = reader.portal.configured()?.to_string();
        for broken in ["{", "{}"] {
            reader.portal.configure(broken)?;
            reader.open("vi/").await?;
            assert_eq!(reader.text("h1").await?, word("vi", "boot.failed")?);
            assert_eq!(reader.axe_in_every_theme().await?, Vec::<String>::new());
        }
        reader.portal.configure(&good)?;
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("press", Fault::Status(500));
        reader.open("vi/press").await?;
        assert_eq!(reader.text("h1").await?, word("vi", "failure.title")?);
        assert_eq!(reader.axe_in_every_theme().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}
