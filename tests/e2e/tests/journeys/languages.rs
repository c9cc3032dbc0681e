//! Going to another language in place: nothing the reader had is lost.

use anyhow::Result;
use haidang_e2e::{
    Fault, Faulty, Reader, Setup,
    demo::{DECADE, LANGUAGES, VIETNAMESE_ONLY},
    filled, journey, word,
};
use serde_json::json;

/// Leaves a mark that a reload would wipe out, and notes what is said to screen readers from now on.
async fn watch(reader: &Reader) -> Result<()> {
    reader
        .run(
            "window.marker = 'kept'; window.said = [];
            const live = () => all('[role=status], [role=alert]').map(words).filter(Boolean);
            let last = live().join();
            new MutationObserver(() => {
                const now = live();
                if (now.join() !== last) { last = now.join(); window.said.push(now); }
            }).observe(document.body, { subtree: true, childList: true, characterData: true });",
        )
        .await
}

async fn was_not_reloaded(reader: &Reader) -> Result<bool> {
    reader.evaluate("window.marker === 'kept'").await
}

/// The block of the article under the eye, and how far below the top of the window it begins.
async fn under_the_eye(reader: &Reader) -> Result<(usize, f64)> {
    let expression = "(() => {
        const blocks = [...one('[data-body]').children];
        const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 0);
        return [index, blocks[index].getBoundingClientRect().top];
    })()";
    reader.evaluate(expression).await
}

#[tokio::test]
async fn switching_an_article_keeps_paragraph_typed_comment_focus_and_page() -> Result<()> {
    journey(Setup::default(), switch_an_article).await
}

pub async fn switch_an_article(reader: &Reader) -> Result<()> {
    reader.open(&format!("vi/article/{DECADE}")).await?;
    // The form comes when the reader is near.
    reader.scroll_to("#comments").await?;
    reader.type_into(".composer input[name=name]", "Nguyễn Ế").await?;
    reader.type_into(".composer textarea", "Đang viết dở một câu").await?;
    reader.run("one('[data-body]').children[17].scrollIntoView({ behavior: 'instant' })").await?;
    // Pictures above would move it once they come.
    reader.until("all('main img').every((i) => i.loading === 'lazy' || i.complete)").await?;
    reader.run("scrollBy({ top: 37, behavior: 'instant' })").await?;
    watch(reader).await?;
    let (block, mut top) = under_the_eye(reader).await?;
    for (lang, tag) in [("ja", "ja"), ("en", "en"), ("zh", "zh-Hans"), ("ko", "ko"), ("vi", "vi")] {
        let article = reader.portal.api(&format!("articles/{DECADE}?lang={lang}")).await?;
        // By voice or a script of the reader's, say: the link is pressed, focus stays.
        reader.run(&format!("one('.languages a[hreflang={tag}]').click()")).await?;
        reader.until_says("h1", article["headline"]["title"].as_str().unwrap()).await?;
        reader.until(&format!("document.documentElement.lang === '{tag}'")).await?;
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some(tag));
        // The notices are above: whatever moves has moved.
        reader.until_answered(&format!("notices?lang={lang}")).await?;
        let (now, at) = under_the_eye(reader).await?;
        assert_eq!(now, block, "another paragraph in {lang}");
        assert!((at - top).abs() <= 2.0, "{at} is not {top} in {lang}");
        // Windows scroll by whole pixels.
        top = at;
        assert_eq!(reader.value(".composer textarea").await?, "Đang viết dở một câu");
        assert_eq!(reader.value(".composer input[name=name]").await?, "Nguyễn Ế");
        reader.until_focus(".composer textarea").await?;
        let label = word(lang, "comments.text")?;
        assert_eq!(reader.text(".composer label:has(textarea) span").await?, label);
        assert!(was_not_reloaded(reader).await?);
    }
    Ok(())
}

#[tokio::test]
async fn switching_by_mouse_leaves_focus_on_the_link_and_says_so_once() -> Result<()> {
    journey(Setup::default(), switch_by_mouse).await
}

pub async fn switch_by_mouse(reader: &Reader) -> Result<()> {
    reader.open(&format!("vi/article/{DECADE}")).await?;
    watch(reader).await?;
    reader.click(".languages a[hreflang=ja]").await?;
    let said = word("ja", "lang.switched")?;
    reader.until_says("body > [role=status]", &said).await?;
    reader.until_focus(".languages a[hreflang=ja][aria-current=true]").await?;
    let heard: Vec<Vec<String>> = reader.evaluate("window.said").await?;
    assert_eq!(heard, [[said]]);
    assert!(was_not_reloaded(reader).await?);
    Ok(())
}

#[tokio::test]
async fn back_returns_to_the_language_before() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/documents").await?;
        reader.click(".languages a[hreflang=zh-Hans]").await?;
        reader.until_says("h1", &word("zh", "documents.title")?).await?;
        reader.back().await?;
        reader.until_says("h1", &word("vi", "documents.title")?).await?;
        reader.until_address("vi/documents").await?;
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("vi"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn switching_a_list_shows_the_other_edition_and_keeps_what_is_typed() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/section/news").await?;
        watch(reader).await?;
        reader.type_into(".header-search input", "cảng").await?;
        reader.run("one('.languages a[hreflang=ko]').click()").await?;
        let list = reader.portal.api("articles?lang=ko&section=news").await?;
        reader.until_says("h1", list["about"]["name"].as_str().unwrap()).await?;
        reader.until_address("ko/section/news").await?;
        let titles =
            list["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap());
        let titles: Vec<&str> = titles.collect();
        assert_eq!(reader.texts("main > .headlines .headline-text a").await?, titles);
        assert_eq!(reader.value(".header-search input").await?, "cảng");
        reader.until_focus(".header-search input").await?;
        assert!(was_not_reloaded(reader).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_filter_that_is_chosen_but_not_applied_survives_a_switch() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/documents").await?;
        reader.click(".filters select[name=year]").await?;
        reader.type_into(".filters select[name=year]", "2013").await?;
        reader.type_into(".filters input[name=q]", "nghị quyết").await?;
        reader.run("one('.languages a[hreflang=en]').click()").await?;
        reader.until_says("h1", &word("en", "documents.title")?).await?;
        assert_eq!(reader.value(".filters select[name=year]").await?, "2013");
        assert_eq!(reader.value(".filters input[name=q]").await?, "nghị quyết");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_language_whose_words_do_not_come_is_not_switched_to() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{DECADE}")).await?;
        let address = reader.address().await?;
        reader.block(&["*locales/ko.json*"]).await?;
        reader.click(".languages a[hreflang=ko]").await?;
        let korean = reader.language_name("ko", "vi").await?;
        let said = filled("vi", "lang.failed", &[("language", &korean)])?;
        reader.until_says(".missed", &said).await?;
        reader.until_says("body > [role=status]", &said).await?;
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("vi"));
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("vi"));
        assert_eq!(reader.address().await?, address);
        reader.block(&[]).await?;
        reader.click(".missed button").await?;
        reader.until("document.documentElement.lang === 'ko'").await?;
        reader.until("!one('.missed')").await?;
        reader.until_says("body > [role=status]", &word("ko", "lang.switched")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_version_of_other_blocks_keeps_the_part_under_the_eye() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        // The English version has two paragraphs more in its first part.
        faulty.spoil(
            &format!("articles/{DECADE}?lang=en"),
            Fault::Changed(|article| {
                let body = article["body"]["value"].as_str().unwrap_or_default();
                let (head, rest) = body.split_once("</p>").unwrap_or_default();
                article["body"]["value"] = json!(format!("{head}</p><p>One.</p><p>Two.</p>{rest}"));
            }),
        );
        reader.open(&format!("vi/article/{DECADE}")).await?;
        let part = "(() => {
            const blocks = [...one('[data-body]').children];
            const index = blocks.findIndex((block) => block.getBoundingClientRect().bottom > 0);
            const above = blocks.slice(0, index + 1);
            const headings = above.filter((block) => /^H/.test(block.tagName));
            return [headings.length, index - above.lastIndexOf(headings.at(-1))];
        })()";
        reader
            .run("one('[data-body]').children[17].scrollIntoView({ behavior: 'instant' })")
            .await?;
        let before: (usize, i32) = reader.evaluate(part).await?;
        assert!(before.0 > 0);
        reader.run("one('.languages a[hreflang=en]').click()").await?;
        reader.until("document.documentElement.lang === 'en'").await?;
        reader.settle().await?;
        assert_eq!(reader.evaluate::<(usize, i32)>(part).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn each_language_is_offered_in_itself_and_missing_ones_are_marked() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{VIETNAMESE_ONLY}")).await?;
        let missing = word("vi", "lang.missing")?;
        for (lang, tag) in LANGUAGES {
            let link = format!(".languages a[hreflang={tag}][lang={tag}]");
            let text = reader.text(&link).await?;
            assert!(text.starts_with(&reader.portal.language(lang)?), "{text}");
            assert_eq!(text.contains(&missing), lang != "vi", "{text}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn switching_to_a_language_without_a_version_says_which_one_is_shown() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{VIETNAMESE_ONLY}")).await?;
        let title = reader.text("h1").await?;
        reader.click(".languages a[hreflang=ja]").await?;
        let vietnamese = reader.language_name("vi", "ja").await?;
        let said = filled("ja", "lang.switched-fallback", &[("language", &vietnamese)])?;
        reader.until_says("body > [role=status]", &said).await?;
        assert_eq!(reader.text("h1").await?, title);
        Ok(())
    })
    .await
}
