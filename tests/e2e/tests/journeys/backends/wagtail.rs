//! Wagtail: bodies of blocks, a tree of pages for each language.

use anyhow::Result;
use haidang_e2e::{Backends, Setup, journey, word};

use super::{lighthouse_thread, search};

#[tokio::test]
async fn the_blocks_of_an_article_are_its_text() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let _running = Backends::behind(&["wagtail"], &reader.portal).await?;
        search(reader, "en", "Floods").await?;
        reader.click("main > .headlines .headline-text a").await?;
        reader.until_says("[data-body] p", "The road had been cut in two places").await?;
        reader.until_says("[data-body] h2", "Background").await?;
        assert!(reader.count("[data-body] ul > li").await? > 0);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_by_somebody_new_is_held_and_says_so() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let _running = Backends::behind(&["wagtail"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        reader.type_into(".composer input[name=name]", "Người mới").await?;
        reader.type_into(".composer textarea", "Đèn này xây năm nào?").await?;
        reader.click(".composer button[type=submit]").await?;
        reader.until_says(".thread-said", &word("vi", "comments.held")?).await?;
        reader.until_says(":focus .comment-body", "Đèn này xây năm nào?").await?;
        Ok(())
    })
    .await
}
