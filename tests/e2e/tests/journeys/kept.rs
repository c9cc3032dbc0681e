//! What is kept on the device: read again after a reload, saved, taken along, searched, while the network is
//! away.

use anyhow::Result;
use haidang_e2e::{
    Archive, Fault, Faulty, Reader, Setup, counted,
    demo::{NOODLES, STORM, VIETNAMESE_ONLY},
    filled, journey, word,
};
use serde_json::json;

use crate::thread::{kept as sent, taken, write};

/// Waits until the browser's database has an answer whose key holds this.
async fn until_kept(reader: &Reader, part: &str) -> Result<()> {
    reader.until_record("abouts", &format!("record.key.includes({})", json!(part))).await
}

/// Saves what the button belongs to, and waits until that is said.
async fn save(reader: &Reader, button: &str) -> Result<()> {
    reader.click(button).await?;
    reader.until(&format!("one({})?.ariaPressed === 'true'", json!(button))).await
}

/// The button of a headline in a list.
fn button_of(article: &str) -> String {
    format!(".headline:has(a[href*='article/{article}']) .save button")
}

#[tokio::test]
async fn what_was_read_is_there_after_a_reload_without_the_backend_and_says_since_when()
-> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        reader.open(&format!("vi/article/{STORM}")).await?;
        let title = reader.text("main article h1").await?;
        reader.until("one('main [data-body]')").await?;
        until_kept(reader, &format!("articles/{STORM}?")).await?;
        drop(faulty);
        reader.reload().await?;
        reader.until_says("main article h1", &title).await?;
        reader.until("one('main [data-body] p')").await?;
        // An hour passes.
        reader
            .run("const now = window.Date.now; window.Date.now = () => now() + 3_600_000")
            .await?;
        reader.click(".brand").await?;
        reader.until_says("h1", &word("vi", "failure.title")?).await?;
        // What is here is offered.
        reader.click(".failed a[href$='vi/saved']").await?;
        reader.until_says("main h1", &word("vi", "saved.title")?).await?;
        reader.click(&format!("main a[href*='article/{STORM}']")).await?;
        reader.until_says("main article h1", &title).await?;
        let about = word("vi", "failure.stale")?;
        reader.until_says(".stale", about.split('{').next().unwrap()).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_saved_from_a_list_is_read_in_two_languages_without_the_server() -> Result<()> {
    journey(Setup::default(), read_what_was_saved).await
}

pub async fn read_what_was_saved(reader: &Reader) -> Result<()> {
    reader.open("vi/settings").await?;
    reader.click("input[name=reads][value=en]").await?;
    reader.open("vi/").await?;
    save(reader, &button_of(STORM)).await?;
    reader.click(".own-links a[href$='/saved']").await?;
    reader.until("all('.saved-list > li').length === 1").await?;
    let title = reader.text(".saved-list h2").await?;
    // Words of the other language are here once they were spoken; the worker keeps them as well.
    reader.click(".languages a[lang=en]").await?;
    reader.until_says("main h1", &word("en", "saved.title")?).await?;
    reader.click(".languages a[lang=vi]").await?;
    reader.until_says("main h1", &word("vi", "saved.title")?).await?;
    reader.portal.stop();
    reader.click(".saved-list h2 a").await?;
    reader.until_says("main article h1", &title).await?;
    reader.until("one('main [data-body] p')").await?;
    reader.click(".languages a[lang=en]").await?;
    reader.until("one('main article').lang === 'en'").await?;
    reader.until("one('main [data-body] p')").await?;
    Ok(())
}

#[tokio::test]
async fn what_is_let_go_can_be_brought_back() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("en/article/{NOODLES}")).await?;
        save(reader, ".article .save button").await?;
        reader.click(".own-links a[href$='/saved']").await?;
        reader.until("one('.saved-list h2')").await?;
        let title = reader.text(".saved-list h2").await?;
        let remove = ".saved-list > li .actions button:last-child";
        reader.click(remove).await?;
        reader
            .until_says(".saved-list", &filled("en", "saved.removed", &[("title", &title)])?)
            .await?;
        reader.until_focus(".let-go button").await?;
        reader.click(".let-go button").await?;
        reader.until_says(".saved-list h2", &title).await?;
        reader.click(remove).await?;
        reader.until("one('.let-go')").await?;
        reader.reload().await?;
        reader.until_says("main", &word("en", "saved.empty")?).await?;
        Ok(())
    })
    .await
}

/// A browser that has the app: what opens without a server is more than what was read.
fn with_worker() -> Setup {
    Setup { worker: true, ..Setup::default() }
}

#[tokio::test]
async fn the_portal_opens_without_the_server_and_is_read_searched_and_written_to() -> Result<()> {
    journey(with_worker(), live_without_the_server).await
}

pub async fn live_without_the_server(reader: &Reader) -> Result<()> {
    reader.open("vi/settings").await?;
    reader.click("input[name=reads][value=en]").await?;
    reader.open(&format!("vi/article/{STORM}")).await?;
    let storm = reader.text("main article h1").await?;
    until_kept(reader, &format!("articles/{STORM}?")).await?;
    reader.open("vi/").await?;
    save(reader, &button_of(NOODLES)).await?;
    until_kept(reader, "/front?").await?;
    reader.until_app_kept().await?;
    reader.portal.stop();
    reader.connect(false).await?;

    // From nothing: an article that was read, among pages that are kept, one that is not.
    reader.open(&format!("vi/article/{STORM}")).await?;
    assert_eq!(reader.text("main article h1").await?, storm);
    reader.until("one('main [data-body] p')").await?;
    reader.click(".brand").await?;
    reader.until("one('.front-lead')").await?;
    let here = word("vi", "kept.here")?;
    let marked = format!(".headline:has(a[href*='article/{STORM}']) .label");
    reader.until_says(&marked, &here).await?;
    reader.click(&format!(".headline a[href*='article/{VIETNAMESE_ONLY}']")).await?;
    reader.until_says("h1", &word("vi", "failure.title")?).await?;
    reader.click(".failed a[href$='vi/saved']").await?;

    // What was saved: text, pictures, thread, the other language.
    reader.click(&format!("main a[href*='article/{NOODLES}']")).await?;
    reader.until("one('main [data-body] p')").await?;
    reader.until("one('.lead img').complete && one('.lead img').naturalWidth > 0").await?;
    reader.click(".languages a[lang=en]").await?;
    reader.until("one('main article').lang === 'en'").await?;
    reader.until("one('main [data-body] p')").await?;
    reader.click(".languages a[lang=vi]").await?;
    reader.until("one('main article').lang === 'vi'").await?;

    // Search, without marks, over both.
    reader.type_into(".header-search input", "bao so 9").await?;
    reader.click(".header-search button").await?;
    let said = filled("vi", "kept.searched", &[("query", "bao so 9")])?;
    reader.until_says("main .stale", &said).await?;
    reader.until_says(".headline", &storm).await?;

    // Three comments, which arrive once.
    reader.open(&format!("vi/article/{NOODLES}")).await?;
    reader.scroll_to("#comments").await?;
    let texts = ["Một: trong hầm.", "Hai: vẫn trong hầm.", "Ba: sắp ra."];
    for text in texts {
        write(reader, "Bạn đọc", text).await?;
        reader.until_says(".comment .comment-body", text).await?;
    }
    reader.portal.start().await?;
    reader.connect(true).await?;
    reader.reload().await?;
    reader.scroll_to("#comments").await?;
    reader.until("one('.comment') && !one('.comment-status') && !one('.tray')").await?;
    for text in texts {
        taken(reader, text).await?;
        assert_eq!(sent(&reader.portal, NOODLES, text)?, 1, "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn a_section_taken_along_is_read_without_the_server() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/section/news").await?;
        let listed: u64 = reader.evaluate("all('main > .headlines-row > li').length").await?;
        reader.click(".pack button").await?;
        let start = word("vi", "packs.start")?;
        reader.until(&format!("words(one('.pack .actions button')) === {}", json!(start))).await?;
        reader.click(".pack .actions button").await?;
        reader.until("one('.pack [data-progress=whole]')").await?;
        let total = reader.kept("holdings", "record.place.startsWith('pack ')").await?;
        let total = total.first().and_then(|pack| pack.get("total")?.as_u64()).unwrap_or_default();
        assert!(total >= listed, "{total} of {listed}");
        reader.until_says(".pack", &counted("vi", "packs.articles", total)?).await?;
        // A page that has just begun has not each of its parts: the worker has.
        reader.until_app_kept().await?;
        reader.open("vi/section/news").await?;
        reader.portal.stop();
        let last = "main > .headlines-row > li:last-child h2 a";
        let title = reader.text(last).await?;
        reader.click(last).await?;
        reader.until_says("main article h1", &title).await?;
        reader.until("one('main [data-body] p')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_hundred_articles_are_taken_along_read_and_searched_without_the_server() -> Result<()> {
    journey(with_worker(), async |reader| {
        let archive = Archive::of(&reader.portal, 100).await?;
        let section = format!("vi/section/{}", Archive::SECTION);
        reader.open(&section).await?;
        reader.until("all('main > .headlines-row > li').length > 10").await?;
        reader.click(".pack button").await?;
        let start = word("vi", "packs.start")?;
        reader.until(&format!("words(one('.pack .actions button')) === {}", json!(start))).await?;
        reader.click(".pack .actions button").await?;
        reader.until("one('.pack [data-progress=whole]')").await?;
        reader.until_says(".pack", &counted("vi", "packs.articles", 100)?).await?;
        let articles = reader.kept("abouts", "record.key.includes('articles/')").await?;
        assert_eq!(articles.len(), 100);
        reader.until_app_kept().await?;
        reader.portal.stop();
        drop(archive);
        reader.connect(false).await?;

        // From nothing, the last of them.
        reader.open("vi/article/99").await?;
        reader.until_says("main article h1", &Archive::title(99)).await?;
        reader.until_says("main [data-body]", "kho99x").await?;
        // Typed without marks, and found by what stands in one alone.
        reader.type_into(".header-search input", "kho57x").await?;
        reader.click(".header-search button").await?;
        reader.until_says(".headline", &Archive::title(57)).await?;
        assert_eq!(reader.count("main .headline").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_withdrawn_leaves_what_was_saved_and_that_is_said() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        reader.open(&format!("vi/article/{VIETNAMESE_ONLY}")).await?;
        save(reader, ".article .save button").await?;
        faulty.spoil(&format!("articles/{VIETNAMESE_ONLY}"), Fault::Problem(410, "Withdrawn"));
        // An hour later, the next contact.
        reader.click(".brand").await?;
        reader.until("one('.front-lead')").await?;
        reader
            .run("const now = window.Date.now; window.Date.now = () => now() + 3_600_000")
            .await?;
        reader.back().await?;
        reader.until_says("main h1", &word("vi", "not-found.title")?).await?;
        let gone = format!(
            "record.gone !== null && record.key.includes({})",
            json!(format!("articles/{VIETNAMESE_ONLY}?"))
        );
        reader.until_record("abouts", &gone).await?;
        reader.click(".own-links a[href$='/saved']").await?;
        reader.until_says(".saved-list .note", &word("vi", "saved.withdrawn")?).await?;
        let answers = reader.kept("answers", "true").await?;
        assert!(answers.iter().all(|answer| {
            answer.pointer("/value/headline/key/id") != Some(&json!(VIETNAMESE_ONLY))
        }));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_saves_data_gets_pictures_when_they_tap() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/settings").await?;
        reader.click("input[name=saves-data]").await?;
        reader.open("vi/").await?;
        reader.until("one('.headline')").await?;
        assert_eq!(reader.count("main img").await?, 0);
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.until("one('.lead .veiled')").await?;
        assert_eq!(reader.count("main img").await?, 0);
        reader.click(".lead .veiled").await?;
        reader.until("one('.lead img')?.naturalWidth > 0").await?;
        Ok(())
    })
    .await
}
