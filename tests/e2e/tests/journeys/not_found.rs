//! Addresses that lead nowhere lead on.

use anyhow::Result;
use haidang_e2e::{Setup, demo::LANGUAGES, journey, word};

#[tokio::test]
async fn an_address_that_is_none_says_so_in_the_readers_language_with_ways_on() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for (lang, tag) in LANGUAGES {
            reader.open(&format!("{lang}/no/such/page")).await?;
            assert_eq!(reader.text("h1").await?, word(lang, "not-found.title")?);
            assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some(tag));
            assert_eq!(reader.address().await?, format!("{lang}/no/such/page"));
            assert!(reader.count("main a").await? >= 3);
        }
        reader.click("main li a").await?;
        reader.until_address("ko/").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_language_the_reader_changes_to() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/no/such/page").await?;
        reader.click(".languages a[hreflang=en]").await?;
        reader.until_says("h1", &word("en", "not-found.title")?).await?;
        assert_eq!(reader.address().await?, "en/no/such/page");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_or_document_that_does_not_exist_is_not_found() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for page in ["article/no-such-article", "documents/no-such-document", "article/~Z1"] {
            reader.open(&format!("en/{page}")).await?;
            assert_eq!(reader.text("h1").await?, word("en", "not-found.title")?, "{page}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_section_tag_or_author_that_does_not_exist_is_not_found() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for page in ["section/nothing", "tag/nothing", "author/nobody"] {
            reader.open(&format!("vi/{page}")).await?;
            assert_eq!(reader.text("h1").await?, word("vi", "not-found.title")?, "{page}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_in_no_language_is_not_found_in_the_readers() -> Result<()> {
    journey(Setup { languages: "ja", ..Setup::default() }, async |reader| {
        reader.open("fr/article/quelque-chose").await?;
        assert_eq!(reader.text("h1").await?, word("ja", "not-found.title")?);
        Ok(())
    })
    .await
}
