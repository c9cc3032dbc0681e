//! WordPress: all that a portal shows is there, and a thread is written in.

use std::collections::BTreeSet;

use anyhow::Result;
use haidang_e2e::{Backends, Reader, Setup, counted, filled, journey, word};

use super::{lighthouse_thread, search, to_the_end};

/// Was published before, with the address that the portal signs with.
const KNOWN: &str = "Moussa";
const NAME: &str = ".composer input[name=name]";
const TEXT: &str = ".composer textarea";
const POST: &str = ".composer button[type=submit]";

fn english() -> Setup {
    Setup { languages: "en", ..Setup::default() }
}

async fn write(reader: &Reader, name: &str, text: &str) -> Result<()> {
    reader.type_into(NAME, name).await?;
    reader.type_into(TEXT, text).await?;
    reader.click(POST).await
}

#[tokio::test]
async fn a_long_list_goes_to_its_end_with_every_article_once() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        // In the text of more articles than a page holds.
        search(reader, "en", "the").await?;
        let said = reader.text("main .count").await?;
        let found = to_the_end(reader).await?;
        assert!(found.len() > 20, "{found:?}");
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), found.len(), "{found:?}");
        let total = u64::try_from(found.len())?;
        assert!(said.starts_with(&counted("en", "search.results", total)?), "{said}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_type_of_its_own_is_the_register_of_documents() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        reader.open("vi/documents").await?;
        reader.until_says(".document-entry", "07/2026/NQ-HĐND").await?;
        let count = reader.count(".document-entry").await?;
        // Its kinds have names of their own there, ours here.
        let resolution = word("vi", "documents.kind-resolution")?;
        reader.until_says("select[name=kind] option", &resolution).await?;
        reader.run("one('select[name=kind]').value = 'resolution'").await?;
        reader.click(".filters button[type=submit]").await?;
        reader.until(&format!("all('.document-entry').length < {count}")).await?;
        let numbers = reader.texts(".document-number").await?;
        assert!(
            !numbers.is_empty() && numbers.iter().all(|said| said.contains("NQ")),
            "{numbers:?}"
        );
        reader.click(".document-entry a").await?;
        reader.until("one('main a[href$=\".pdf\"]')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_thread_is_read_as_deep_as_it_goes() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        let depths = "all('.comments li').map((li) => li.dataset.depth).join(' ')";
        assert_eq!(reader.evaluate::<String>(depths).await?, "0 1 2 3 4");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_is_published_and_still_there_after_a_reload() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        write(reader, KNOWN, "Đèn sáng cả một vùng. Ế ẵ ườ!").await?;
        reader.until_says(".thread-said", &word("vi", "comments.posted")?).await?;
        reader.until_says(":focus .comment-body", "Đèn sáng cả một vùng. Ế ẵ ườ!").await?;
        reader.reload().await?;
        reader.scroll_to("#comments").await?;
        reader.until_says("#comments-title", &counted("vi", "comments.count", 6)?).await?;
        reader.until_says(".comment .comment-body", "Đèn sáng cả một vùng. Ế ẵ ườ!").await?;
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_is_held_and_says_so() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        write(reader, "Người mới", "Đèn này xây năm nào?").await?;
        reader.until_says(".thread-said", &word("vi", "comments.held")?).await?;
        reader.until_says(":focus .comment-body", "Đèn này xây năm nào?").await?;
        reader.until_says(":focus .label", &word("vi", "comments.held-label")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_is_refused_with_the_reason_and_the_text_is_kept() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        // This WordPress wants an e-mail address, and nobody has told the portal.
        let mut portal = reader.portal.configured()?;
        portal["sources"][0]["params"].as_object_mut().unwrap().remove("email");
        reader.portal.configure(&portal.to_string())?;
        lighthouse_thread(reader, 5).await?;
        write(reader, KNOWN, "Tôi đã lên đến nơi.").await?;
        let reason = "Creating a comment requires valid author name and email values.";
        let refused = filled("vi", "comments.refused", &[("reason", reason)])?;
        reader.until_says(".comment-status", &refused).await?;
        reader.until_says(".comment .comment-body", "Tôi đã lên đến nơi.").await?;
        assert_eq!(reader.count(".comment").await?, 6);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_wordpress_takes_for_spam_is_refused_and_not_shown() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        write(reader, KNOWN, "cheap pills").await?;
        reader.until_says(".comment-status", &word("vi", "comments.spam")?).await?;
        reader.until_says(".comment .comment-body", "cheap pills").await?;
        reader.click(".comment-status button:last-child").await?;
        reader.until("all('.comment').length === 5").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_same_comment_twice_is_taken_once() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        lighthouse_thread(reader, 5).await?;
        write(reader, KNOWN, "Đẹp lắm, ai cũng nên lên.").await?;
        reader.until("all('.comment').length === 6").await?;
        reader.type_into(TEXT, "Đẹp lắm, ai cũng nên lên.").await?;
        reader.click(POST).await?;
        // What is there already has been sent.
        reader.until("!one('.comment-status')").await?;
        reader.until("all('.comment').length === 6").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_on_the_front_page_and_in_an_article() -> Result<()> {
    journey(english(), async |reader| {
        let _running = Backends::behind(&["wordpress"], &reader.portal).await?;
        reader.open("en/").await?;
        assert_eq!(reader.axe().await?, Vec::<String>::new());
        lighthouse_thread(reader, 5).await?;
        assert_eq!(reader.axe().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}
