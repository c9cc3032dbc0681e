//! A thread of three hundred comments: axe finds nothing in it, assistive technology gets its structure, and
//! everything can be done by keyboard.

use anyhow::{Context, Result};
use haidang_e2e::{Node, Reader, Setup, demo::STORM, filled, journey, word};
use serde_json::json;
use thirtyfour::Key;

/// Opens the article and loads the whole thread.
async fn open_all(reader: &Reader, lang: &str) -> Result<()> {
    reader.open(&format!("{lang}/article/{STORM}")).await?;
    reader.scroll_to("#comments").await?;
    // Part by part, whether by itself or by the button, which goes while a part comes.
    reader.until("one('.thread .more button')?.click() || all('.comment').length === 300").await?;
    // Through all of it: what the browser has not drawn yet stands where it was guessed to.
    for at in (0..300).step_by(20) {
        reader
            .run(&format!("all('.comment')[{at}].scrollIntoView({{ behavior: 'instant' }})"))
            .await?;
        reader.settle().await?;
    }
    Ok(())
}

async fn has_no_violation(lang: &str) -> Result<()> {
    journey(Setup::default(), async |reader| {
        open_all(reader, lang).await?;
        assert_eq!(reader.axe_in_every_theme().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn three_hundred_comments_are_accessible_in_vietnamese() -> Result<()> {
    has_no_violation("vi").await
}

#[tokio::test]
async fn three_hundred_comments_are_accessible_in_english() -> Result<()> {
    has_no_violation("en").await
}

#[tokio::test]
async fn three_hundred_comments_are_accessible_in_chinese() -> Result<()> {
    has_no_violation("zh").await
}

#[tokio::test]
async fn three_hundred_comments_are_accessible_in_japanese() -> Result<()> {
    has_no_violation("ja").await
}

#[tokio::test]
async fn three_hundred_comments_are_accessible_in_korean() -> Result<()> {
    has_no_violation("ko").await
}

/// The button of this name.
fn button<'a>(tree: &'a [Node], name: &str) -> Result<&'a Node> {
    let mut buttons = tree.iter().filter(|node| node.role == "button");
    buttons.find(|node| node.name == name).with_context(|| format!("no button {name}: {tree:?}"))
}

#[tokio::test]
async fn a_comment_is_an_article_with_a_heading_of_its_level_and_buttons_that_say_their_state()
-> Result<()> {
    journey(Setup::default(), async |reader| {
        open_all(reader, "en").await?;
        // An answer to an answer that has answers in turn.
        let found = "all('.comments li[data-depth=\"2\"] > .comment').find((it) => it.querySelector('[data-do=fold]'))";
        let id: String = reader.evaluate(&format!("{found}.id")).await?;
        let comment = format!("#{id}");
        reader.scroll_to(&comment).await?;
        reader.until(&format!("one({}).querySelector('.votes')", json!(comment))).await?;
        let heading: String = reader.evaluate(&format!("words(one('{comment} header :first-child'))")).await?;
        let level = filled("en", "thread.level", &[("n", "3")])?;
        assert!(heading.ends_with(&level), "{heading}");
        let author = heading.trim_start_matches("Reply by ").split(" to ").next().unwrap().to_owned();
        let by = |key: &str| filled("en", key, &[("name", &author)]);

        let tree = reader.tree(&comment).await?;
        let article = &tree[0];
        // What is only heard is apart from what is seen.
        let name = |node: &Node| node.name.replace(" ,", ",");
        assert_eq!((article.role.as_str(), name(article)), ("article", heading.clone()));
        let title = tree.iter().find(|node| node.role == "heading").context("a heading")?;
        assert_eq!(name(title), heading);
        assert_eq!(title.properties["level"], 5);
        for key in ["writing.vote-up", "writing.vote-down"] {
            assert_eq!(button(&tree, &by(key)?)?.properties["pressed"], "false");
        }
        assert_eq!(button(&tree, &by("comments.reply-to")?)?.properties["expanded"], false);
        button(&tree, &by("writing.quote-of")?)?;
        assert_eq!(button(&tree, &by("writing.report-of")?)?.properties["expanded"], false);
        button(&tree, &by("thread.mute-name")?)?;
        let fold = reader.text(&format!("{comment} [data-do=fold]")).await?;
        assert_eq!(button(&tree, &fold)?.properties["expanded"], true);

        reader.click(&format!("{comment} .vote")).await?;
        reader.click(&format!("{comment} [data-do=fold]")).await?;
        let pressed = format!("one('{comment} .vote').ariaPressed === 'true'");
        reader.until(&pressed).await?;
        let tree = reader.tree(&comment).await?;
        assert_eq!(button(&tree, &by("writing.vote-up")?)?.properties["pressed"], "true");
        assert_eq!(button(&tree, &fold)?.properties["expanded"], false);

        // All of them are one list.
        let list = reader.tree(".comments").await?;
        assert_eq!(list[0].role, "list");
        assert_eq!(list.iter().filter(|node| node.role == "list").count(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_in_a_thread_is_done_by_keyboard() -> Result<()> {
    journey(Setup::default(), async |reader| {
        // Seen before, but for what came since.
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.scroll_to("#comments").await?;
        reader.until("all('.comment').length === 100").await?;
        let ids = "all('.comment').filter((it) => it.checkVisibility()).map((it) => it.id)";
        let ids: Vec<String> = reader.evaluate(ids).await?;
        // Down to the first comment by Tab alone, from the form.
        reader.run("one('.thread > .composer textarea').focus()").await?;
        for _ in 0..30 {
            if reader.evaluate("Boolean(document.activeElement.closest('.comments'))").await? {
                break;
            }
            reader.press(Key::Tab).await?;
        }
        reader.until("document.activeElement.closest('.comments')").await?;
        reader.run("one('.comment').focus()").await?;
        reader.press("j").await?;
        reader.until_focus(&format!("#{}", ids[1])).await?;
        reader.press("k").await?;
        reader.until_focus(&format!("#{}", ids[0])).await?;
        // To an answer, and from it to what it answers.
        let answer = "all('.comments li[data-depth=\"1\"] > .comment')[0]";
        let answer_id: String = reader.evaluate(&format!("{answer}.id")).await?;
        let at = ids.iter().position(|id| *id == answer_id).context("the answer")?;
        let parent: String = reader
            .evaluate(&format!(
                "all('.comments li[data-depth=\"0\"] > .comment').filter((it) =>
                it.compareDocumentPosition({answer}) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1).id"
            ))
            .await?;
        for id in &ids[1..=at] {
            reader.press("j").await?;
            reader.until_focus(&format!("#{id}")).await?;
        }
        reader.press("p").await?;
        reader.until_focus(&format!("#{parent}")).await?;
        // Its answers away and back.
        let fold = format!("one('#{parent} [data-do=fold]').ariaExpanded");
        reader.press("c").await?;
        reader.until(&format!("{fold} === 'false'")).await?;
        reader.press("c").await?;
        reader.until(&format!("{fold} === 'true'")).await?;
        // The sheet.
        reader.press("?").await?;
        reader.until("one('#thread-keys').open").await?;
        for key in ["j", "k", "p", "n", "c"] {
            reader.until_says("#thread-keys kbd", key).await?;
        }
        reader.press(Key::Escape).await?;
        reader.until("!one('#thread-keys').open").await?;
        reader.until_focus(&format!("#{parent} *")).await?;
        reader.run(&format!("one('#{parent}').focus()")).await?;
        // An answer, begun and given up.
        let reply = word("vi", "comments.reply")?;
        for _ in 0..12 {
            if reader.text(":focus").await? == reply {
                break;
            }
            reader.press(Key::Tab).await?;
        }
        assert_eq!(reader.text(":focus").await?, reply);
        reader.press(Key::Enter).await?;
        reader.until_focus(&format!("li:has(> #{parent}) > .comment-reply textarea")).await?;
        // Letters are letters in a field.
        reader.press("jk?").await?;
        assert_eq!(reader.value(":focus").await?, "jk?");
        for _ in 0..3 {
            reader.press(Key::Tab).await?;
        }
        assert_eq!(reader.text(":focus").await?, word("vi", "comments.cancel")?);
        reader.press(Key::Enter).await?;
        reader.until("!one('li .composer')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_key_leads_to_what_is_new_since_the_last_visit() -> Result<()> {
    haidang_e2e::together(Setup::default(), async |[reader, other]| {
        let article = format!("vi/article/{}", haidang_e2e::demo::NOODLES);
        reader.open(&article).await?;
        reader.scroll_to("#comments").await?;
        reader.until("one('.comment')").await?;
        reader.open("vi/").await?;
        crate::thread::open_thread(other, "vi", haidang_e2e::demo::NOODLES).await?;
        crate::thread::write(other, "Người khác", "Mới từ hôm nay.").await?;
        crate::thread::taken(other, "Mới từ hôm nay.").await?;
        reader.open(&article).await?;
        reader.scroll_to("#comments").await?;
        reader.until("one('.comment[data-new]')").await?;
        reader.run("one('.comment').focus()").await?;
        reader.press("n").await?;
        reader.until_says(":focus .comment-body", "Mới từ hôm nay.").await?;
        reader.until_says(":focus .label", &word("vi", "thread.new")?).await?;
        Ok(())
    })
    .await
}
