//! The server goes down and comes back.

use anyhow::Result;
use haidang_e2e::{
    Fault, Faulty, Setup,
    demo::{NOODLES, STORM},
    filled, journey, word,
};

#[tokio::test]
async fn a_page_that_cannot_be_had_says_why_and_comes_when_tried_again() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("en/").await?;
        reader.portal.stop();
        reader.click(".site-nav a[href$='section/culture']").await?;
        reader.until_says("h1", &word("en", "failure.title")?).await?;
        assert!(reader.text("main .failed").await?.contains(&word("en", "failure.unreachable")?));
        // Everything around it is alive.
        assert!(reader.count(".site-nav a").await? > 3);
        reader.portal.start().await?;
        reader.click(".failed button").await?;
        reader.until_address("en/section/culture").await?;
        reader.until("one('main .headline')").await?;
        assert_eq!(reader.count(".failed").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_tried_again_is_announced_whether_it_came_or_not() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("en/").await?;
        reader.portal.stop();
        reader.click(".site-nav a[href$='section/culture']").await?;
        reader.until_says("h1", &word("en", "failure.title")?).await?;
        reader.click(".failed button").await?;
        let said =
            format!("words(one('body > [role=status]')) === {:?}", word("en", "failure.title")?);
        reader.until(&said).await?;
        reader.until_focus(".failed button").await?;
        reader.portal.start().await?;
        reader.click(".failed button").await?;
        reader.until("one('main .headline')").await?;
        reader.until_focus("h1").await?;
        let title = reader.text("h1").await?;
        let said = filled("en", "status.loaded", &[("title", &title)])?;
        reader.until_says("body > [role=status]", &said).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_read_before_is_there_without_the_server() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{STORM}")).await?;
        let title = reader.text("h1").await?;
        reader.click(".brand").await?;
        reader.until("one('.front-lead')").await?;
        reader.portal.stop();
        reader.back().await?;
        reader.until_says("main article h1", &title).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_old_copy_says_so_while_the_server_is_away() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.click(".brand").await?;
        reader.until("one('.front-lead')").await?;
        reader.portal.stop();
        // An hour passes.
        reader
            .run("const now = window.Date.now; window.Date.now = () => now() + 3_600_000")
            .await?;
        reader.back().await?;
        let about = word("vi", "failure.stale")?;
        let about = about.split('{').next().unwrap();
        reader.until_says(".stale", about).await?;
        reader.portal.start().await?;
        reader.click(".stale button").await?;
        reader.until("!one('.stale')").await?;
        reader.until("one('main article [data-body]')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_that_could_not_be_sent_is_kept_and_sent_once_the_server_is_back() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{NOODLES}")).await?;
        reader.scroll_to("#comments").await?;
        reader.type_into(".composer input[name=name]", "Bạn đọc").await?;
        reader.type_into(".composer textarea", "Mất mạng rồi").await?;
        reader.portal.stop();
        reader.click(".composer button[type=submit]").await?;
        reader.until_says(".comment-status", &word("vi", "writing.trying")?).await?;
        reader.until_says(".comment .comment-body", "Mất mạng rồi").await?;
        reader.portal.start().await?;
        reader.until("!one('.comment-status')").await?;
        reader.until_says(".comment .comment-body", "Mất mạng rồi").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_typed_stays_when_a_part_fails_and_is_tried_again() -> Result<()> {
    journey(Setup { window: (1280, 400), ..Setup::default() }, async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil(&format!("articles/{STORM}/comments"), Fault::Status(500));
        reader.open(&format!("en/article/{STORM}")).await?;
        reader.type_into(".header-search input", "typhoon").await?;
        reader.scroll_to("#comments").await?;
        reader.until_says(".thread .alert", &word("en", "failure.part")?).await?;
        reader.type_into(".composer textarea", "Is the ferry running?").await?;
        faulty.lift();
        reader.click(".thread .alert button").await?;
        reader.until("all('.comment').length === 100").await?;
        assert_eq!(reader.value(".composer textarea").await?, "Is the ferry running?");
        assert_eq!(reader.value(".header-search input").await?, "typhoon");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_part_of_the_app_that_does_not_come_says_so_and_comes_when_tried_again() -> Result<()> {
    journey(Setup { window: (1280, 400), ..Setup::default() }, async |reader| {
        reader.open(&format!("en/article/{STORM}")).await?;
        reader.portal.stop();
        reader.scroll_to("#comments").await?;
        reader.until_says(".thread .alert", &word("en", "failure.part")?).await?;
        reader.click(".site-nav a[href$='/documents']").await?;
        reader.until_says("h1", &word("en", "failure.title")?).await?;
        reader.portal.start().await?;
        reader.click("main .failed button").await?;
        reader.until("one('.document-list')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_thread_of_which_some_files_did_not_come_is_there_when_tried_once_more() -> Result<()> {
    journey(Setup { window: (1280, 400), ..Setup::default() }, async |reader| {
        // What several parts share, and not what only the thread has.
        reader.block(&["*_chunk_*"]).await?;
        reader.open(&format!("en/article/{STORM}")).await?;
        reader.scroll_to("#comments").await?;
        reader.until_says(".thread .alert", &word("en", "failure.part")?).await?;
        reader.block(&[]).await?;
        reader.click(".thread .alert button").await?;
        reader.until("all('.comment').length === 100").await?;
        Ok(())
    })
    .await
}
