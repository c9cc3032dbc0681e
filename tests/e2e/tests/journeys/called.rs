//! A printed page is read without the app, which comes when the reader goes for something.

use anyhow::Result;
use haidang_e2e::{
    Reader,
    demo::{DECADE, NOODLES, STORM},
    journey,
};
use serde_json::json;
use thirtyfour::Key;

use crate::printed::{let_start, until_laid_out, with_printed_pages};

/// The button that saves the article.
const SAVE: &str = "main article .share button[aria-pressed]";
/// Once the app has answered for a press of [`SAVE`].
const IS_SAVED: &str = "!one('#printed') && one('main article .share button[aria-pressed=true]')";
/// Once the app has what came with the page, which it takes before it makes its own.
const HAS_DATA: &str = "!one('#printed-data')";

/// Waits until the page is painted and laid out; the app is not on its way.
async fn until_it_waits(reader: &Reader) -> Result<()> {
    reader
        .until(
            "one('#printed main h1') && document.readyState === 'complete'
                && performance.getEntriesByName('first-contentful-paint').length",
        )
        .await?;
    until_laid_out(reader).await?;
    reader.settle().await?;
    assert!(is_waiting(reader).await?);
    Ok(())
}

/// Whether the app has not been called; a task later, what was called would be known.
async fn is_waiting(reader: &Reader) -> Result<bool> {
    let asked = "performance.getEntriesByType('resource').map((asked) => asked.name)
        .filter((name) => !/[.](svg|webp|avif|png)$/.test(name)).length";
    let later = "new Promise((done) => setTimeout(() => done(true), 50))";
    reader
        .evaluate(&format!(
            "Promise.race([haidang.ready.then(() => false), {later}]).then((waits) => waits && !({asked}))"
        ))
        .await
}

#[tokio::test]
async fn who_only_reads_gets_the_page_and_nothing_more() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        for page in ["vi/", "vi/documents"] {
            reader.go(page).await?;
            until_it_waits(reader).await?;
            reader.scroll_to(".site-footer").await?;
            assert!(is_waiting(reader).await?, "{page}");
        }
        // All of a text, which says before it who wrote it.
        reader.go(&format!("vi/article/{DECADE}")).await?;
        until_it_waits(reader).await?;
        reader.run("one('[data-body]').lastElementChild.scrollIntoView({ block: 'end' })").await?;
        assert!(is_waiting(reader).await?);
        reader.point("#printed .byline a").await?;
        reader.until("!one('#printed') && one('main [data-body] p')").await?;
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn scrolling_over_links_goes_for_none() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.go("vi/").await?;
        until_it_waits(reader).await?;
        reader.swipe(".site-nav li:last-child a").await?;
        reader.until("scrollY > 200").await?;
        assert!(is_waiting(reader).await?);
        reader.turn_wheel().await?;
        reader.until("scrollY > 500").await?;
        assert!(is_waiting(reader).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_comes_to_the_comments_can_write_there() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.hold("*.wasm").await?;
        reader.go(&format!("vi/article/{DECADE}")).await?;
        until_it_waits(reader).await?;
        reader.scroll_to("#comments").await?;
        let top = "Math.round(one('#comments').getBoundingClientRect().top)";
        let before: i64 = reader.evaluate(top).await?;
        assert_eq!(reader.count("#printed").await?, 1);
        let_start(reader).await?;
        reader.until("one('#comments textarea')").await?;
        assert_eq!(reader.evaluate::<i64>(top).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_goes_on_or_has_been_here_before_has_the_app_at_once() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        // The browser follows the link: nothing of the first page's app comes.
        reader.block(&["*.wasm"]).await?;
        reader.go("vi/").await?;
        until_it_waits(reader).await?;
        reader.run("one('.front-lead h2 a').click()").await?;
        reader.until("one('#printed .article') && haidang.ready.then(() => true)").await?;
        assert!(!reader.evaluate::<bool>("!!localStorage['haidang:portal']").await?);
        reader.block(&[]).await?;
        reader.open("vi/").await?;
        reader.visit("about:blank").await?;
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("!one('#printed') && one('main [data-body] p')").await
    })
    .await
}

#[tokio::test]
async fn a_page_that_was_printed_some_time_ago_is_renewed_at_once() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let later = "const now = Date.now; Date.now = () => now() + 6 * 60000;";
        reader.before_each_page(later).await?;
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("!one('#printed') && one('main [data-body] p')").await
    })
    .await
}

#[tokio::test]
async fn what_is_pressed_before_the_app_is_there_happens_when_it_is() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        // As on a phone, where there is a button more.
        reader.before_each_page("navigator.share = async () => {};").await?;
        reader.hold("*.wasm").await?;
        reader.go(&format!("vi/article/{NOODLES}")).await?;
        until_it_waits(reader).await?;
        reader.click(SAVE).await?;
        assert_eq!(reader.attribute(SAVE, "aria-busy").await?.as_deref(), Some("true"));
        let_start(reader).await?;
        reader.until(IS_SAVED).await?;
        assert_eq!(reader.count(".share button").await?, 4);
        assert_eq!(reader.count("[aria-busy=true]").await?, 0);
        reader.open("vi/saved").await?;
        reader.until(&format!("one('main a[href*=\"article/{NOODLES}\"]')")).await
    })
    .await
}

/// The app comes while something holds [`SAVE`] down, which is then let go.
async fn come_while(hold: impl AsyncFnOnce(&Reader) -> Result<()>) -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.hold("*.wasm").await?;
        reader.go(&format!("vi/article/{NOODLES}")).await?;
        until_it_waits(reader).await?;
        hold(reader).await?;
        reader.devtools("Fetch.disable", json!({})).await?;
        reader.until(HAS_DATA).await?;
        reader.until_answered("locales/vi.json").await?;
        reader.settle().await?;
        reader.let_go().await?;
        reader.until(IS_SAVED).await
    })
    .await
}

#[tokio::test]
async fn what_is_held_down_when_the_app_comes_is_there_to_be_let_go() -> Result<()> {
    come_while(async |reader| reader.hold_down(SAVE).await).await
}

#[tokio::test]
async fn a_key_that_is_held_down_when_the_app_comes_presses_as_well() -> Result<()> {
    come_while(async |reader| {
        reader.run(&format!("one('{SAVE}').focus()")).await?;
        reader.hold_key(' ').await
    })
    .await
}

#[tokio::test]
async fn a_list_that_is_chosen_from_stays_open() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.go("vi/documents").await?;
        until_it_waits(reader).await?;
        let select = "#printed main select[name=year]";
        reader.run(&format!("one('{select}').focus()")).await?;
        reader.until(HAS_DATA).await?;
        reader.until_answered("locales/vi.json").await?;
        reader.settle().await?;
        assert_eq!(reader.count("#printed").await?, 1);
        reader
            .run(&format!(
                "one('{select}').selectedIndex = 1;
                one('{select}').dispatchEvent(new Event('change', {{ bubbles: true }}))"
            ))
            .await?;
        reader
            .until("!one('#printed') && one('main select[name=year]').selectedIndex === 1")
            .await?;
        reader.until_focus("main select[name=year]").await
    })
    .await
}

#[tokio::test]
async fn the_first_tab_of_who_has_a_keyboard_is_not_lost() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.go(&format!("vi/article/{STORM}")).await?;
        until_it_waits(reader).await?;
        // Short addresses are completed, or the link would lead elsewhere.
        reader.run("window.isSame = true").await?;
        reader.press(Key::Tab).await?;
        reader.until("!one('#printed')").await?;
        reader.until_focus(".skip").await?;
        reader.press(Key::Enter).await?;
        reader.until("window.isSame && location.hash === '#content'").await?;
        reader.until_focus("main").await
    })
    .await
}

#[tokio::test]
async fn links_within_a_page_opened_by_half_its_address_stay_within_it() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.block(&["*.wasm"]).await?;
        reader.go(&format!("vi/article/{DECADE}?from=elsewhere")).await?;
        until_it_waits(reader).await?;
        reader.run("window.isSame = true").await?;
        reader.click("#printed .contents a").await?;
        reader.until("window.isSame && location.hash && scrollY > 100").await?;
        assert_eq!(reader.evaluate::<String>("location.search").await?, "");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_app_that_did_not_come_begins_anew_with_what_is_pressed_next() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        let look = "window.wasStopped = false;
            addEventListener('haidang:stopped', () => (window.wasStopped = true));";
        reader.before_each_page(look).await?;
        for lost in ["*.wasm", "*locales/vi.json"] {
            reader.block(&[lost]).await?;
            reader.go(&format!("vi/article/{NOODLES}")).await?;
            reader.go_for_a_link().await?;
            reader.until("window.wasStopped").await?;
            reader.block(&[]).await?;
            reader.click(SAVE).await?;
            reader.until("!one('#printed') && one('main [data-body] p')").await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_language_chosen_before_the_app_is_there_is_that_of_the_next_visit() -> Result<()> {
    journey(with_printed_pages(), async |reader| {
        reader.hold("*.wasm").await?;
        reader.go(&format!("vi/article/{STORM}")).await?;
        until_it_waits(reader).await?;
        reader.click(".languages a[hreflang=ja]").await?;
        reader.until("document.documentElement.lang === 'ja' && one('#printed')").await?;
        let_start(reader).await?;
        reader.go("").await?;
        reader.until("document.documentElement.lang === 'ja' && one('main .headline')").await?;
        assert_eq!(reader.address().await?, "ja/");
        Ok(())
    })
    .await
}
