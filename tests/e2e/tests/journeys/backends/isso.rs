//! Isso: the comments of articles that come from elsewhere.

use anyhow::Result;
use haidang_e2e::{Backends, Reader, Setup, counted, journey, word};
use serde_json::json;

use super::lighthouse_thread;

/// Writes in the thread that is open, and finds it there after a reload.
async fn writes(reader: &Reader, comments: u64) -> Result<()> {
    reader.type_into(".composer input[name=name]", "Bạn đọc").await?;
    reader.type_into(".composer textarea", "Tối nay tôi ra xem.").await?;
    reader.click(".composer button[type=submit]").await?;
    reader.until_says(".thread-said", &word("vi", "comments.posted")?).await?;
    reader.reload().await?;
    reader.scroll_to("#comments").await?;
    reader.until_says("#comments-title", &counted("vi", "comments.count", comments)?).await?;
    reader.until_says(".comment .comment-body", "Tối nay tôi ra xem.").await?;
    assert_eq!(reader.errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn a_thread_beside_the_article_is_read_and_written_in() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let _running = Backends::behind(&["wordpress", "isso"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        // Isso has two levels: an answer to an answer hangs below the first.
        let depths = "all('.comments li').map((li) => li.dataset.depth).join(' ')";
        assert_eq!(reader.evaluate::<String>(depths).await?, "0 1 1 1 1");
        writes(reader, 6).await
    })
    .await
}

#[tokio::test]
async fn a_thread_named_by_the_articles_path_begins_with_its_first_comment() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let _running = Backends::behind(&["wordpress", "isso"], &reader.portal).await?;
        let mut portal = reader.portal.configured()?;
        portal["comments"] = json!({ "source": "talk", "key": "path" });
        portal["sources"][1]["params"] = json!({});
        reader.portal.configure(&portal.to_string())?;
        lighthouse_thread(reader, 0).await?;
        writes(reader, 1).await
    })
    .await
}
