//! Reading a thread and writing in it: what is written is never lost and never doubled.

use anyhow::Result;
use haidang_e2e::{
    Fault, Faulty, Reader, Setup, counted,
    demo::{CLOSED, NOODLES, STORM},
    filled, journey, word,
};
use serde_json::{Value, json};

const NAME: &str = ".composer input[name=name]";
const TEXT: &str = ".composer textarea";
const REMEMBER: &str = ".composer input[name=remember]";
const POST: &str = ".composer button[type=submit]";

/// Goes down to the form, which comes when the reader is near.
async fn form(reader: &Reader) -> Result<()> {
    reader.scroll_to("#comments").await?;
    reader.until(&format!("one('{TEXT}')")).await
}

/// Opens an article and waits for its whole thread.
async fn open_thread(reader: &Reader, lang: &str, article: &str) -> Result<u64> {
    let thread = reader.portal.api(&format!("articles/{article}/comments")).await?;
    let total = thread.get("total").and_then(Value::as_u64).unwrap_or_default();
    reader.open(&format!("{lang}/article/{article}")).await?;
    reader.scroll_to("#comments").await?;
    reader.until_says("#comments-title", &counted(lang, "comments.count", total)?).await?;
    Ok(total)
}

async fn write(reader: &Reader, name: &str, text: &str) -> Result<()> {
    reader.type_into(NAME, name).await?;
    reader.type_into(TEXT, text).await?;
    reader.click(POST).await
}

/// How often the server has a comment with this text.
async fn kept(reader: &Reader, article: &str, text: &str) -> Result<usize> {
    let thread = reader.portal.api(&format!("articles/{article}/comments")).await?;
    let items = thread.get("items").and_then(Value::as_array).into_iter().flatten();
    let said = |item: &&Value| item.pointer("/body/value").and_then(Value::as_str) == Some(text);
    Ok(items.filter(said).count())
}

#[tokio::test]
async fn a_comment_appears_at_once_and_is_still_there_after_a_reload() -> Result<()> {
    journey(Setup::default(), write_a_comment).await
}

pub async fn write_a_comment(reader: &Reader) -> Result<()> {
    let before = open_thread(reader, "vi", NOODLES).await?;
    let text = "Sợi bánh đỏ ở chợ Cố Đạo ngon nhất. Ế ẵ ườ!";
    reader.click(REMEMBER).await?;
    write(reader, "Bạn đọc thử", text).await?;
    reader.until_says(".comment .comment-body", text).await?;
    reader.until_says(".thread-said", &word("vi", "comments.posted")?).await?;
    reader.until_focus(".comment:last-child, li:last-child > .comment").await?;
    let own = filled("vi", "comments.by", &[("name", "Bạn đọc thử")])?;
    assert_eq!(reader.text(":focus h3").await?, own);
    assert_eq!(reader.value(TEXT).await?, "");
    assert_eq!(reader.text("#comments-title").await?, counted("vi", "comments.count", before + 1)?);
    assert_eq!(open_thread(reader, "en", NOODLES).await?, before + 1);
    reader.until_says(".comment .comment-body", text).await?;
    // The name is kept for next time, the text is not.
    assert_eq!(reader.value(NAME).await?, "Bạn đọc thử");
    assert_eq!(reader.value(TEXT).await?, "");
    Ok(())
}

#[tokio::test]
async fn a_reply_stands_below_what_it_answers() -> Result<()> {
    journey(Setup::default(), async |reader| {
        open_thread(reader, "en", NOODLES).await?;
        let parent: (String, u32) = reader
            .evaluate("(({ id, parentElement }) => [id, Number(parentElement.dataset.depth)])(one('.comment'))")
            .await?;
        let thread = reader.portal.api(&format!("articles/{NOODLES}/comments")).await?;
        let items = thread["items"].as_array().unwrap();
        let answered = items.iter().find(|item| {
            item["id"].as_str().is_some_and(|id| format!("comment-{id}") == parent.0)
        });
        let answered = answered.unwrap()["author"].as_str().unwrap();
        let button = format!("#{} .comment-actions button[aria-expanded]", parent.0);
        reader.click(&button).await?;
        let form = format!("li:has(> #{}) > .comment-reply .composer", parent.0);
        reader.until_focus(&format!("{form} textarea")).await?;
        assert_eq!(reader.attribute(&button, "aria-expanded").await?.as_deref(), Some("true"));
        let replying = filled("en", "comments.replying", &[("name", answered)])?;
        assert_eq!(reader.text(&format!("{form} .composer-title")).await?, replying);
        reader.type_into(&format!("{form} input[name=name]"), "A visitor").await?;
        reader.type_into(&format!("{form} textarea"), "With extra crab, please.").await?;
        reader.click(&format!("{form} button[type=submit]")).await?;
        reader.until_says(".comment .comment-body", "With extra crab, please.").await?;
        let heading =
            filled("en", "comments.answer-by", &[("name", "A visitor"), ("parent", answered)])?;
        reader.until_says(".comment :is(h4, h5, h6)", &heading).await?;
        let depth: u32 = reader
            .evaluate(
                "Number(all('.comment').find((c) => words(c).includes('With extra crab'))
                    .parentElement.dataset.depth)",
            )
            .await?;
        assert_eq!(depth, parent.1 + 1);
        assert_eq!(reader.count(&form).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_missing_is_said_and_the_rest_is_kept() -> Result<()> {
    journey(Setup::default(), async |reader| {
        open_thread(reader, "ko", NOODLES).await?;
        reader.type_into(TEXT, "이름 없이").await?;
        reader.click(POST).await?;
        reader.until_says(".composer-error", &word("ko", "comments.name-missing")?).await?;
        reader.until_focus(NAME).await?;
        assert_eq!(reader.value(TEXT).await?, "이름 없이");
        reader.type_into(NAME, "독자").await?;
        reader.run(&format!("one('{TEXT}').value = 'ă'.repeat(5001)")).await?;
        reader.click(POST).await?;
        let long = filled("ko", "comments.text-long", &[("max", "5000")])?;
        reader.until_says(".composer-error", &long).await?;
        reader.until_focus(TEXT).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_comment_gives_the_reason_and_keeps_the_text() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil_post("articles/", Fault::Problem(422, "Xin bớt lời quảng cáo."));
        open_thread(reader, "vi", NOODLES).await?;
        write(reader, "Bạn đọc", "Mua ngay kẻo lỡ").await?;
        let said = filled("vi", "comments.refused", &[("reason", "Xin bớt lời quảng cáo.")])?;
        reader.until_says(".comment-status", &said).await?;
        reader.click(".comment-status button").await?;
        reader.until("one('li .composer textarea')").await?;
        assert_eq!(reader.value("li .composer textarea").await?, "Mua ngay kẻo lỡ");
        faulty.lift();
        reader.click("li .composer button[type=submit]").await?;
        reader.until("!one('.comment-status')").await?;
        reader.until_says(".comment .comment-body", "Mua ngay kẻo lỡ").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_sent_again_and_taken_once() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil_post("articles/", Fault::Lost);
        open_thread(reader, "vi", NOODLES).await?;
        let text = "Gửi một lần, đến một lần.";
        write(reader, "Bạn đọc", text).await?;
        reader.until_says(".comment-status", &word("vi", "writing.trying")?).await?;
        reader.until_says(".comment .comment-body", text).await?;
        assert_eq!(kept(reader, NOODLES, text).await?, 1);
        faulty.lift();
        reader.until("!one('.comment-status')").await?;
        reader.until_says(".comment .comment-body", text).await?;
        assert_eq!(kept(reader, NOODLES, text).await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_comment_that_waits_for_an_editor_says_so() -> Result<()> {
    let held = Setup { server: &["--moderation", "held"], ..Setup::default() };
    journey(held, async |reader| {
        open_thread(reader, "ja", NOODLES).await?;
        write(reader, "読者", "一杯食べたい。").await?;
        reader.until_says(".thread-said", &word("ja", "comments.held")?).await?;
        reader.until_says(".comment .comment-body", "一杯食べたい。").await?;
        reader.until_says(":focus .label", &word("ja", "comments.held-label")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_draft_survives_a_reload_and_another_page() -> Result<()> {
    journey(Setup::default(), async |reader| {
        open_thread(reader, "vi", NOODLES).await?;
        reader.type_into(NAME, "Người viết chậm").await?;
        reader.click(REMEMBER).await?;
        reader.type_into(TEXT, "Câu đầu tiên,").await?;
        reader.reload().await?;
        form(reader).await?;
        assert_eq!(reader.value(TEXT).await?, "Câu đầu tiên,");
        assert_eq!(reader.value(NAME).await?, "Người viết chậm");
        reader.click(".brand").await?;
        reader.until("one('.front-lead')").await?;
        reader.open(&format!("zh/article/{NOODLES}")).await?;
        form(reader).await?;
        assert_eq!(reader.value(TEXT).await?, "Câu đầu tiên,");
        // Another article's form is another draft.
        reader.open(&format!("vi/article/{STORM}")).await?;
        form(reader).await?;
        assert_eq!(reader.value(TEXT).await?, "");
        assert_eq!(reader.value(NAME).await?, "Người viết chậm");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn markup_in_a_comment_is_text() -> Result<()> {
    journey(Setup::default(), async |reader| {
        open_thread(reader, "vi", NOODLES).await?;
        let text = "<img src=x onerror=\"window.taken=1\"><script>window.taken=1</script>";
        write(reader, "<b>An</b>", text).await?;
        reader.until_says(".comment .comment-body", text).await?;
        reader.until_says(".comment h3", "<b>An</b>").await?;
        assert!(reader.evaluate::<bool>("window.taken === undefined").await?);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_with_a_comment_opens_the_thread_there_however_far_down() -> Result<()> {
    journey(Setup::default(), open_at_a_comment).await
}

pub async fn open_at_a_comment(reader: &Reader) -> Result<()> {
    let cursor = |page: &Value| page["next"].as_str().unwrap_or_default().to_owned();
    let thread = format!("articles/{STORM}/comments");
    let first = reader.portal.api(&thread).await?;
    let second = reader.portal.api(&format!("{thread}?cursor={}", cursor(&first))).await?;
    let id = second["items"][50]["id"].as_str().unwrap();
    reader.open(&format!("vi/article/{STORM}#comment-{id}")).await?;
    reader.until_focus(&format!("#comment-{id}")).await?;
    let seen = format!(
        "(({{top}}) => top >= 0 && top < innerHeight)(one({}).getBoundingClientRect())",
        json!(format!("#comment-{id}"))
    );
    reader.until(&seen).await?;
    Ok(())
}

#[tokio::test]
async fn a_long_thread_comes_in_parts_nested_as_deep_as_it_goes() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("en/article/{STORM}")).await?;
        reader.scroll_to("#comments").await?;
        reader.until("all('.comment').length === 100").await?;
        let more = ".thread .more button";
        assert_eq!(reader.text(more).await?, word("en", "comments.more")?);
        // Who is at the end of what is there gets more without asking.
        reader.until(&format!("one('{more}')?.click() || all('.comment').length === 300")).await?;
        assert_eq!(reader.count(more).await?, 0);
        let ids: usize = reader.evaluate("new Set(all('.comment').map((c) => c.id)).size").await?;
        assert_eq!(ids, 300);
        assert!(reader.count(".comments li[data-depth='5']").await? > 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_closed_thread_can_be_read_and_not_written_in() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{CLOSED}")).await?;
        reader.scroll_to("#comments").await?;
        reader.until_says(".thread .note", &word("vi", "comments.closed")?).await?;
        assert_eq!(reader.count(".composer").await?, 0);
        Ok(())
    })
    .await
}
