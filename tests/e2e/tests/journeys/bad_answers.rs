//! Answers that are no answers: each is said in the reader's language, in its place, with a way on.

use anyhow::Result;
use haidang_e2e::{
    Fault, Faulty, Reader, Setup, counted,
    demo::{NOODLES, STORM},
    filled, journey, word,
};

/// Opens the article while its answer is spoilt, then mends it and tries again.
async fn fails_and_recovers(
    faulty: &Faulty,
    reader: &Reader,
    fault: Fault,
    said: &str,
) -> Result<()> {
    faulty.spoil("articles/bao-so-9", fault);
    reader.open(&format!("ja/article/{STORM}")).await?;
    reader.until_says("h1", &word("ja", "failure.title")?).await?;
    reader.until_says(".failed p", said).await?;
    assert!(reader.count(".site-nav a").await? > 3);
    assert_eq!(reader.count(".languages a").await?, 5);
    faulty.lift();
    assert_eq!(reader.text(".failed button").await?, word("ja", "failure.retry")?);
    reader.click(".failed button").await?;
    reader.until("one('main article [data-body]')").await?;
    Ok(())
}

#[tokio::test]
async fn json_cut_in_half_and_html_instead_of_json_cannot_be_understood() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let said = word("ja", "failure.unreadable")?;
        fails_and_recovers(&faulty, reader, Fault::Cut, &said).await?;
        fails_and_recovers(&faulty, reader, Fault::Html, &said).await?;
        reader.until_console("HTML where JSON should be").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_not_public_and_what_is_broken_say_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let forbidden = word("ja", "failure.forbidden")?;
        fails_and_recovers(&faulty, reader, Fault::Status(401), &forbidden).await?;
        let broken = filled("ja", "failure.broken", &[("status", "500")])?;
        fails_and_recovers(&faulty, reader, Fault::Status(500), &broken).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_busy_server_says_when_to_come_again() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let busy = counted("ja", "failure.busy-seconds", 90)?;
        fails_and_recovers(&faulty, reader, Fault::Busy(90), &busy).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_server_that_is_busy_for_a_second_is_asked_again_without_the_reader() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("articles/bao-so-9", Fault::Busy(1));
        reader.go(&format!("ja/article/{STORM}")).await?;
        reader.until_console("429").await?;
        faulty.lift();
        reader.until("one('main article [data-body]')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let late = word("ja", "failure.timed-out")?;
        fails_and_recovers(&faulty, reader, Fault::Held, &late).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_gone_is_not_found() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("articles/bao-so-9", Fault::Problem(404, "None"));
        reader.open(&format!("ko/article/{STORM}")).await?;
        assert_eq!(reader.text("h1").await?, word("ko", "not-found.title")?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_broken_thread_costs_the_article_nothing() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let thread = format!("articles/{NOODLES}/comments");
        for fault in [Fault::Cut, Fault::Html, Fault::Status(500), Fault::Busy(60), Fault::Held] {
            faulty.spoil(&thread, fault);
            reader.open(&format!("en/article/{NOODLES}")).await?;
            reader.until("one('main article [data-body]')").await?;
            reader.scroll_to("#comments").await?;
            reader.until_says(".thread .alert", &word("en", "failure.part")?).await?;
            faulty.lift();
            reader.click(".thread .alert button").await?;
            reader.until("one('.comment')").await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn extras_that_fail_cost_the_page_nothing() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("notices", Fault::Html);
        faulty.spoil("documents", Fault::Status(500));
        reader.open("vi/search?q=c%E1%BA%A3ng").await?;
        reader.until("all('main .headline').length > 3").await?;
        assert_eq!(reader.count(".notices").await?, 0);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_bad_article_in_a_list_costs_itself_only() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        let list = reader.portal.api("articles?lang=ko&section=culture").await?;
        let all = list["items"].as_array().unwrap().len();
        faulty.spoil(
            "articles?lang=ko&section=culture",
            Fault::Changed(|list| {
                list["items"][0] = serde_json::json!("what is this?");
            }),
        );
        reader.open("ko/section/culture").await?;
        reader.until(&format!("all('main > .headlines .headline').length === {}", all - 1)).await?;
        reader.until_console("items[0]").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn words_of_a_language_that_do_not_come_are_said_in_that_language() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.devtools("Network.enable", serde_json::json!({})).await?;
        let blocked = serde_json::json!({ "urls": ["*locales/ko.json"] });
        reader.devtools("Network.setBlockedURLs", blocked).await?;
        reader.open("ko/").await?;
        assert_eq!(reader.text("h1").await?, word("ko", "boot.failed")?);
        assert!(reader.text("main").await?.contains(&word("ko", "boot.locale")?));
        // An empty list would change nothing.
        let none = serde_json::json!({ "urls": ["*nothing-is-blocked*"] });
        reader.devtools("Network.setBlockedURLs", none).await?;
        reader.click("main a").await?;
        reader.until("one('.front-lead')").await?;
        Ok(())
    })
    .await
}
