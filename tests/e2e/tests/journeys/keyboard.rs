//! Everything by keyboard, with the focus where it belongs and always to be seen.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{NOODLES, STORM},
    filled, journey, word,
};
use serde_json::json;
use thirtyfour::Key;

#[tokio::test]
async fn the_first_stop_skips_to_the_content() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{STORM}")).await?;
        let address = reader.address().await?;
        reader.press(Key::Tab).await?;
        reader.until_focus("a.skip").await?;
        assert_eq!(reader.text(":focus").await?, word("vi", "nav.skip")?);
        let seen =
            "(({top, height}) => top >= 0 && height >= 24)(one('.skip').getBoundingClientRect())";
        reader.until(seen).await?;
        reader.press(Key::Enter).await?;
        reader.until("location.hash === '#content'").await?;
        reader.press(Key::Tab).await?;
        reader.until("one('#content').contains(document.activeElement)").await?;
        assert_eq!(reader.address().await?, format!("{address}#content"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_skip_link_works_after_a_link_too_and_back_leads_to_the_page_before() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        reader.click(".headlines-lead .headline-text a").await?;
        reader.until("one('main article [data-body]')").await?;
        let address = reader.address().await?;
        reader.run("scrollTo({ top: 900, behavior: 'instant' }); one('a.skip').focus({ preventScroll: true })").await?;
        reader.press(Key::Enter).await?;
        reader.until("location.hash === '#content'").await?;
        reader.until_focus("#content").await?;
        reader.until("one('#content').getBoundingClientRect().top >= -1").await?;
        assert_eq!(reader.address().await?, format!("{address}#content"));
        reader.back().await?;
        reader.until_address(&address).await?;
        reader.until("Math.abs(scrollY - 900) < 2").await?;
        reader.back().await?;
        reader.until("one('.front-lead')").await?;
        reader.until_address("vi/").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_link_the_focus_is_on_the_new_heading_and_the_page_is_announced() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        reader.run("one('.headlines-lead .headline-text a').focus()").await?;
        reader.press(Key::Enter).await?;
        reader.until("one('main article [data-body]')").await?;
        reader.until_focus("h1").await?;
        let title = reader.text("h1").await?;
        let said = haidang_e2e::filled("vi", "status.loaded", &[("title", &title)])?;
        reader.until_says("body > [role=status]", &said).await?;
        // And on from there, not from the top.
        reader.press(Key::Tab).await?;
        reader.until("one('main').contains(document.activeElement)").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_back_the_focus_is_on_the_link_the_page_was_left_by_else_on_the_heading() -> Result<()>
{
    journey(Setup::default(), async |reader| {
        reader.open("vi/press").await?;
        reader.click(".site-nav a[href$='vi/documents']").await?;
        reader.until_says("h1", &word("vi", "documents.title")?).await?;
        reader.until_focus("h1").await?;
        reader.back().await?;
        reader.until_says("h1", &word("vi", "press.title")?).await?;
        reader.until_focus(".site-nav a[href$='vi/documents']").await?;
        // A form is no link to go back to.
        reader.type_into(".header-search input", "cảng").await?;
        reader.press(Key::Enter).await?;
        reader.until("one('.search-form')").await?;
        reader.back().await?;
        reader.until_says("h1", &word("vi", "press.title")?).await?;
        reader.until_focus("h1, .site-nav a").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_back_to_the_top_the_focus_is_on_a_link_that_comes_a_frame_later() -> Result<()> {
    const LINK: &str = ".headlines-second .headline-text a";
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        reader.until(&format!("one('{LINK}')")).await?;
        reader.run(&format!("one('{LINK}').click()")).await?;
        reader.until("one('article.article')").await?;
        reader.back().await?;
        reader.until_focus(LINK).await
    })
    .await
}

#[tokio::test]
async fn the_language_is_changed_by_keyboard_and_the_focus_stays() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        // Skip link, name, first language.
        for _ in 0..3 {
            reader.press(Key::Tab).await?;
        }
        reader.until_focus(".languages a[hreflang=vi]").await?;
        reader.press(Key::Tab + Key::Enter).await?;
        reader.until_address("en/").await?;
        reader.until_says("body > [role=status]", &word("en", "lang.switched")?).await?;
        reader.until_focus(".languages a[hreflang=en]").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_is_written_and_answered_by_keyboard_alone() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("en/article/{NOODLES}")).await?;
        reader.scroll_to("#comments").await?;
        reader.until("one('.comment')").await?;
        reader.run("one('.composer input[name=name]').focus()").await?;
        reader.press("Keyboard").await?;
        reader.press(Key::Tab).await?;
        reader.until_focus(".composer input[name=remember]").await?;
        reader.press(" ").await?;
        reader.press(Key::Tab).await?;
        reader.press("No mouse was used.").await?;
        reader.press(Key::Tab).await?;
        reader.press(Key::Enter).await?;
        reader.until_says(".comment:focus .comment-body", "No mouse was used.").await?;
        // From the new comment on to its own answer, once it has been taken and can be answered.
        let label = json!(filled("en", "comments.reply-to", &[("name", "Keyboard")])?);
        reader.until(&format!("one('.comment:focus [aria-label={label}]')")).await?;
        let reply = format!("document.activeElement.ariaLabel === {label}");
        while !reader.evaluate::<bool>(&reply).await? {
            reader.press(Key::Tab).await?;
            // Never past the comment.
            reader.until_focus("article:has([aria-expanded]) *").await?;
        }
        reader.press(Key::Enter).await?;
        reader.until_focus("li .composer textarea").await?;
        reader.press("Nor for the answer.").await?;
        reader.press(Key::Tab).await?;
        reader.press(Key::Enter).await?;
        reader.until_says(".comment:focus .comment-body", "Nor for the answer.").await?;
        Ok(())
    })
    .await
}

/// Goes through all the stops of a page; returns those that cannot be seen as focused, or at all.
async fn unseen(reader: &Reader, page: &str) -> Result<Vec<String>> {
    reader.open(page).await?;
    let mut unseen = Vec::new();
    let stops: usize =
        reader.count("a[href]:not([tabindex='-1']), button, input, select, textarea").await?;
    for _ in 0..stops.min(60) {
        reader.press(Key::Tab).await?;
        let stop: (bool, String) = reader
            .evaluate(
                "(() => {
                    const e = document.activeElement;
                    const outline = getComputedStyle(e);
                    const { top, bottom, left, width } = e.getClientRects()[0] ?? e.getBoundingClientRect();
                    const over = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
                    const seen = outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) >= 2
                        && over !== null && (e.contains(over) || over.contains(e) || e.closest('label')?.contains(over));
                    return [Boolean(seen) || e === document.body, e.outerHTML.slice(0, 120)];
                })()",
            )
            .await?;
        if !stop.0 {
            unseen.push(stop.1);
        }
    }
    Ok(unseen)
}

#[tokio::test]
async fn focus_is_to_be_seen_at_every_stop_and_nothing_lies_over_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for page in ["vi/", "vi/documents", "vi/settings"] {
            assert_eq!(unseen(reader, page).await?, Vec::<String>::new(), "{page}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn focus_is_to_be_seen_in_forced_colours() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.prefer("forced-colors", "active").await?;
        for page in ["vi/settings", "ja/section/news"] {
            assert!(
                reader.evaluate::<bool>("matchMedia('(forced-colors: active)').matches").await?
            );
            assert_eq!(unseen(reader, page).await?, Vec::<String>::new(), "{page}");
        }
        Ok(())
    })
    .await
}
