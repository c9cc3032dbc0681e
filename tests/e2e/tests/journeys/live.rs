//! Two readers at one article: what one does, the other sees, and nothing moves under their eyes.

use anyhow::{Result, ensure};
use haidang_e2e::{
    Setup, counted,
    demo::{NOODLES, STORM},
    together, word,
};
use serde_json::json;

use crate::thread::{open_thread, press, taken, write};

/// Milliseconds that news may take, on a machine that is busy with other things.
const SLOWEST: f64 = 5_000.0;
/// The button behind which what is new waits.
const ARRIVED: &str = ".thread-arrived button";

#[tokio::test]
async fn a_comment_is_with_the_other_reader_at_once_and_waits_behind_a_button() -> Result<()> {
    together(Setup::default(), async |[one, other]| {
        for reader in [one, other] {
            open_thread(reader, "vi", STORM).await?;
            reader.until_says(".thread-line", &word("vi", "thread.is-live")?).await?;
        }
        // Rows far from the screen are made when there is time.
        other.until("all('.comment').length === 100").await?;
        // In the middle of what they read.
        other.run("all('.comment')[9].scrollIntoView({ behavior: 'instant' })").await?;
        other.settle().await?;
        let place =
            "[scrollY, all('.comment')[9].getBoundingClientRect().top, all('.comment').length]";
        let before: Vec<f64> = other.evaluate(place).await?;
        let watch = format!(
            "new MutationObserver(() => {{ if (one('{ARRIVED}')) window.arrived ??= Date.now(); }})
                .observe(document.body, {{ childList: true, subtree: true }})"
        );
        other.run(&watch).await?;
        write(one, "Người thứ nhất", "Gió đã tới cầu Bính.").await?;
        taken(one, "Gió đã tới cầu Bính.").await?;
        other.until("window.arrived").await?;
        let answered = "performance.timeOrigin + performance.getEntriesByType('resource')
            .filter((it) => it.name.endsWith('/comments')).at(-1).responseEnd";
        let (answered, arrived): (f64, f64) =
            (one.evaluate(answered).await?, other.evaluate("window.arrived").await?);
        eprintln!("from the answer to the other reader's button: {:.0} ms", arrived - answered);
        ensure!(arrived - answered < SLOWEST, "{} ms", arrived - answered);
        other.until_says(ARRIVED, &counted("vi", "thread.arrived", 1)?).await?;
        other.settle().await?;
        let after: Vec<f64> = other.evaluate(place).await?;
        ensure!((before[1] - after[1]).abs() < 1.0, "moved: {before:?} {after:?}");
        assert_eq!(before[2], after[2]);
        other.click(ARRIVED).await?;
        other.until_says(":focus .comment-body", "Gió đã tới cầu Bính.").await?;
        assert_eq!(other.count(ARRIVED).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn changes_votes_and_deletions_happen_where_the_comment_stands() -> Result<()> {
    together(Setup::default(), async |[one, other]| {
        open_thread(one, "vi", NOODLES).await?;
        write(one, "Người thứ nhất", "Bánh đa cua ngon.").await?;
        let comment = taken(one, "Bánh đa cua ngon.").await?;
        open_thread(other, "vi", NOODLES).await?;
        other.until_says(&comment, "Bánh đa cua ngon.").await?;

        press(one, &comment, &word("vi", "writing.edit")?).await?;
        let form = format!("li:has(> {comment}) .composer");
        one.until_focus(&format!("{form} textarea")).await?;
        assert_eq!(one.value(&format!("{form} textarea")).await?, "Bánh đa cua ngon.");
        one.type_into(&format!("{form} textarea"), " Thêm rau muống.").await?;
        one.click(&format!("{form} [type=submit]")).await?;
        one.until_says(".thread-said", &word("vi", "writing.saved")?).await?;
        let body = format!("{comment} .comment-body");
        one.until_says(&body, "Bánh đa cua ngon. Thêm rau muống.").await?;
        other.until_says(&body, "Bánh đa cua ngon. Thêm rau muống.").await?;
        other.until_says(&format!("{comment} .meta"), &word("vi", "comments.edited")?).await?;

        other.click(&format!("{comment} .vote")).await?;
        let votes = counted("vi", "writing.votes", 1)?;
        for reader in [other, one] {
            reader.until_says(&format!("{comment} .votes"), &votes).await?;
        }
        assert_eq!(
            other.attribute(&format!("{comment} .vote"), "aria-pressed").await?.as_deref(),
            Some("true")
        );

        press(one, &comment, &word("vi", "writing.delete")?).await?;
        let sure = format!("li:has(> {comment}) .comment-form");
        press(one, &sure, &word("vi", "writing.delete-yes")?).await?;
        for reader in [one, other] {
            let is_gone = format!("!words(document.body).includes({})", json!("Thêm rau muống"));
            reader.until(&is_gone).await?;
            assert_eq!(reader.count(ARRIVED).await?, 0);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn updates_can_be_paused_and_come_afterwards() -> Result<()> {
    together(Setup::default(), async |[one, other]| {
        for reader in [one, other] {
            open_thread(reader, "en", NOODLES).await?;
        }
        press(other, ".thread-line", &word("en", "thread.pause")?).await?;
        other.until_says(".thread-line", &word("en", "thread.is-paused")?).await?;
        write(one, "First", "Is the market open today?").await?;
        taken(one, "Is the market open today?").await?;
        press(other, ".thread-line", &word("en", "thread.resume")?).await?;
        other.until_says(ARRIVED, &counted("en", "thread.arrived", 1)?).await?;
        Ok(())
    })
    .await
}
