//! A comment that a moderator reads first: its author sees it, the others once it is approved.

use anyhow::{Context, Result};
use haidang_e2e::{Setup, demo::NOODLES, journey, together, word};
use serde_json::json;

use crate::thread::{moderator, open_thread, press, taken, write};

fn held() -> Setup {
    Setup { server: &["--moderation", "held"], ..Setup::default() }
}

/// A word of the pages of moderators.
fn label(lang: &str, key: &str) -> Result<String> {
    let file = format!("{}/../../server/locales/{lang}.json", env!("CARGO_MANIFEST_DIR"));
    let words: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let word = words.get(key).and_then(serde_json::Value::as_str);
    Ok(word.with_context(|| format!("no word {key}"))?.to_owned())
}

#[tokio::test]
async fn its_author_sees_it_waiting_and_the_others_once_it_is_approved() -> Result<()> {
    together(held(), async |[author, other, lan]| {
        open_thread(author, "vi", NOODLES).await?;
        open_thread(other, "vi", NOODLES).await?;
        let text = "Xin công bố giờ phà.";
        write(author, "Bạn đọc", text).await?;
        author.until_says(".thread-said", &word("vi", "comments.held")?).await?;
        let comment = taken(author, text).await?;
        let waits = word("vi", "comments.held-label")?;
        author.until_says(&format!("{comment} .label"), &waits).await?;
        author.reload().await?;
        author.scroll_to("#comments").await?;
        author.until_says(&format!("{comment} .label"), &waits).await?;
        other.reload().await?;
        open_thread(other, "vi", NOODLES).await?;
        assert_eq!(other.count(&comment).await?, 0);

        moderator(lan).await?;
        lan.until_says("article blockquote", text).await?;
        press(lan, "article", &label("vi", "approve")?).await?;
        lan.until_says("[role=status]", &label("vi", "done")?).await?;

        other.click(".thread-arrived button").await?;
        other.until_says(&format!("{comment} .comment-body"), text).await?;
        author
            .until(&format!(
                "one({}) && !one({})",
                json!(comment),
                json!(format!("{comment} .label"))
            ))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_rejected_comment_tells_its_author_why_and_nobody_else_anything() -> Result<()> {
    together(held(), async |[author, lan]| {
        open_thread(author, "vi", NOODLES).await?;
        write(author, "Bạn đọc", "Số điện thoại của tôi là 0912.").await?;
        let comment = taken(author, "Số điện thoại của tôi là 0912.").await?;
        moderator(lan).await?;
        press(lan, "article", &label("vi", "reject")?).await?;
        lan.until_says("[role=alert]", &label("vi", "why_needed")?).await?;
        lan.type_into("article input[name=why]", "Có số điện thoại riêng.").await?;
        press(lan, "article", &label("vi", "reject")?).await?;
        lan.until_says("[role=status]", &label("vi", "done")?).await?;
        author.reload().await?;
        author.scroll_to("#comments").await?;
        author.until_says(&format!("{comment} .note"), "Có số điện thoại riêng.").await?;
        author.until_says(&format!("{comment} .label"), &word("vi", "thread.rejected")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_pages_of_moderators_are_accessible() -> Result<()> {
    journey(held(), async |reader| {
        open_thread(reader, "vi", NOODLES).await?;
        write(reader, "Bạn đọc", "Chờ duyệt.").await?;
        taken(reader, "Chờ duyệt.").await?;
        let mut found = Vec::new();
        for lang in ["vi", "ko"] {
            reader.open(&format!("moderate?lang={lang}")).await?;
            assert_eq!(reader.text("h1").await?, label(lang, "sign_in")?);
            found.extend(reader.axe().await?);
        }
        moderator(reader).await?;
        for scheme in ["light", "dark"] {
            reader.prefer("prefers-color-scheme", scheme).await?;
            for lang in ["vi", "ko"] {
                for page in ["held", "reported", "recent", "threads", "log"] {
                    reader.open(&format!("moderate/{page}?lang={lang}")).await?;
                    assert_eq!(reader.text("h1").await?, label(lang, page)?);
                    let violations = reader.axe().await?;
                    let at = |violation| format!("{page}, {lang}, {scheme}: {violation}");
                    found.extend(violations.into_iter().map(at));
                }
            }
        }
        assert_eq!(found, Vec::<String>::new());
        Ok(())
    })
    .await
}
