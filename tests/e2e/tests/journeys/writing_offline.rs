//! Writing without a server or a network, and what a server says to what comes too late.

use anyhow::Result;
use haidang_e2e::{Reader, Setup, counted, demo::NOODLES, journey, together, word};
use serde_json::json;

use crate::thread::{TEXT, kept, moderator, open_thread, press, taken, write};

const TRAY: &str = ".tray";

/// Waits until nothing waits any more.
async fn until_sent(reader: &Reader) -> Result<()> {
    reader.until("one('.comment') && !one('.comment-status') && !one('.tray')").await?;
    assert_eq!(reader.waiting_texts().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn what_was_written_while_the_server_was_away_arrives_once_after_a_reload() -> Result<()> {
    journey(Setup::default(), write_without_the_server).await
}

pub async fn write_without_the_server(reader: &Reader) -> Result<()> {
    open_thread(reader, "vi", NOODLES).await?;
    reader.portal.stop();
    let texts = ["Một: mất mạng.", "Hai: vẫn mất.", "Ba: rồi sẽ có."];
    for (number, text) in (1..).zip(texts) {
        write(reader, "Bạn đọc", text).await?;
        reader.until_says(".comment .comment-body", text).await?;
        reader.until(&format!("all('.comment-status').length === {number}")).await?;
    }
    reader.until_says(".comment-status", &word("vi", "writing.trying")?).await?;
    reader.until_says(".tray summary", &counted("vi", "outbox.title", 3)?).await?;
    assert_eq!(reader.waiting_texts().await?, texts);
    reader.portal.start().await?;
    reader.reload().await?;
    reader.scroll_to("#comments").await?;
    until_sent(reader).await?;
    for text in texts {
        taken(reader, text).await?;
        assert_eq!(kept(&reader.portal, NOODLES, text)?, 1, "{text}");
    }
    Ok(())
}

#[tokio::test]
async fn what_waits_can_be_taken_back_and_changed_in_the_tray() -> Result<()> {
    journey(Setup::default(), change_what_waits).await
}

pub async fn change_what_waits(reader: &Reader) -> Result<()> {
    open_thread(reader, "vi", NOODLES).await?;
    reader.connect(false).await?;
    for text in ["Câu này thôi đừng gửi.", "Câu này còn thiếu."] {
        write(reader, "Bạn đọc", text).await?;
        reader.until_says(".comment .comment-body", text).await?;
    }
    reader.until_says(".comment-status", &word("vi", "writing.offline")?).await?;
    reader.until_says(".tray summary", &counted("vi", "outbox.title", 2)?).await?;
    reader.run("one('.tray summary').click()").await?;
    press(reader, ".tray li:first-child", &word("vi", "writing.discard")?).await?;
    reader.until(&format!("all('{TRAY} li').length === 1")).await?;
    press(reader, TRAY, &word("vi", "writing.change")?).await?;
    reader.type_into(".tray textarea", " Giờ thì đủ.").await?;
    reader.click(".tray [type=submit]").await?;
    reader.until_says(".comment .comment-body", "Câu này còn thiếu. Giờ thì đủ.").await?;
    reader.connect(true).await?;
    until_sent(reader).await?;
    taken(reader, "Câu này còn thiếu. Giờ thì đủ.").await?;
    assert_eq!(kept(&reader.portal, NOODLES, "Câu này còn thiếu. Giờ thì đủ.")?, 1);
    assert_eq!(kept(&reader.portal, NOODLES, "Câu này còn thiếu.")?, 0);
    assert_eq!(kept(&reader.portal, NOODLES, "Câu này thôi đừng gửi.")?, 0);
    Ok(())
}

#[tokio::test]
async fn a_change_that_comes_too_late_says_so_and_keeps_what_was_written() -> Result<()> {
    let setup = Setup { server: &["--edit-window", "12"], ..Setup::default() };
    journey(setup, async |reader| {
        open_thread(reader, "vi", NOODLES).await?;
        write(reader, "Bạn đọc", "Viết vội.").await?;
        let comment = taken(reader, "Viết vội.").await?;
        let made: f64 = reader.evaluate("Date.now()").await?;
        press(reader, &comment, &word("vi", "writing.edit")?).await?;
        let form = format!("li:has(> {comment}) .composer");
        reader.type_into(&format!("{form} textarea"), " Sửa chậm.").await?;
        reader.until(&format!("Date.now() > {made} + 12_000")).await?;
        reader.click(&format!("{form} [type=submit]")).await?;
        let status = format!("{comment} .comment-status");
        reader.until_says(&status, &word("vi", "writing.too-late")?).await?;
        reader.until_says(&format!("{comment} .comment-body"), "Viết vội.").await?;
        press(reader, &status, &word("vi", "writing.change")?).await?;
        reader.until(&format!("one({})", json!(format!("{form} textarea")))).await?;
        assert_eq!(reader.value(&format!("{form} textarea")).await?, "Viết vội. Sửa chậm.");
        press(reader, &status, &word("vi", "writing.discard")?).await?;
        reader.until(&format!("!one({})", json!(status))).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_vote_on_a_comment_that_has_gone_says_so() -> Result<()> {
    together(Setup::default(), async |[author, voter]| {
        open_thread(author, "vi", NOODLES).await?;
        write(author, "Bạn đọc", "Sẽ xóa.").await?;
        let comment = taken(author, "Sẽ xóa.").await?;
        open_thread(voter, "vi", NOODLES).await?;
        voter.connect(false).await?;
        voter.click(&format!("{comment} .vote")).await?;
        let vote = format!("{comment} .vote");
        voter.until(&format!("one({}).ariaPressed === 'true'", json!(vote))).await?;
        press(author, &comment, &word("vi", "writing.delete")?).await?;
        let sure = format!("li:has(> {comment}) .comment-form");
        press(author, &sure, &word("vi", "writing.delete-yes")?).await?;
        author.until("!words(document.body).includes('Sẽ xóa.')").await?;
        voter.connect(true).await?;
        voter.until_says(".comment-status", &word("vi", "writing.gone")?).await?;
        press(voter, ".comment-status", &word("vi", "writing.discard")?).await?;
        until_sent(voter).await
    })
    .await
}

#[tokio::test]
async fn a_thread_that_closes_while_one_writes_says_so_and_keeps_the_text() -> Result<()> {
    together(Setup::default(), async |[reader, lan]| {
        open_thread(reader, "vi", NOODLES).await?;
        reader.connect(false).await?;
        write(reader, "Bạn đọc", "Đến muộn một bước.").await?;
        reader.until_says(".comment-status", &word("vi", "writing.offline")?).await?;
        moderator(lan).await?;
        lan.open(&format!("moderate/threads?article={NOODLES}")).await?;
        let form = format!("form:has(input[name=article][value={NOODLES}])");
        lan.click(&format!("{form} input[name=open]")).await?;
        lan.click(&format!("{form} button")).await?;
        lan.until("one('[role=status]')").await?;
        reader.connect(true).await?;
        reader.until_says(".comment-status", &word("vi", "comments.closed")?).await?;
        reader.until_says(".comment .comment-body", "Đến muộn một bước.").await?;
        assert_eq!(kept(&reader.portal, NOODLES, "Đến muộn một bước.")?, 0);
        // The form has gone, and nothing else of the thread.
        reader.until_says(".thread > .note", &word("vi", "comments.closed")?).await?;
        assert_eq!(reader.count(TEXT).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_browser_that_keeps_nothing_says_so_and_sends_all_the_same() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let denied = "for (const name of ['indexedDB', 'localStorage']) {
            Object.defineProperty(window, name, { get() { throw new DOMException('', 'SecurityError'); } });
        }";
        let script = json!({ "source": denied });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        open_thread(reader, "vi", NOODLES).await?;
        reader.portal.stop();
        write(reader, "Bạn đọc", "Máy này không nhớ gì.").await?;
        reader.until_says(".comment-status .alert", &word("vi", "writing.not-kept")?).await?;
        reader.portal.start().await?;
        taken(reader, "Máy này không nhớ gì.").await?;
        reader.until("!one('.comment-status')").await?;
        assert_eq!(kept(&reader.portal, NOODLES, "Máy này không nhớ gì.")?, 1);
        Ok(())
    })
    .await
}

/// Makes the first page that makes the database take as long as it is there.
const MAKES_IT_FOR_EVER: &str = r#"
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...all) {
        const opening = open.apply(this, all);
        if (!localStorage.isMade) opening.addEventListener("upgradeneeded", () => {
            localStorage.isMade = true;
            const store = opening.result.createObjectStore("for-ever");
            const again = () => (store.count().onsuccess = again);
            again();
        });
        return opening;
    };
    addEventListener("pagehide", ({ persisted }) => (localStorage.lastIsThere = persisted));
"#;

#[tokio::test]
async fn a_page_that_was_left_while_it_made_the_database_stands_in_nobodys_way() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let script = json!({ "source": MAKES_IT_FOR_EVER });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        reader.open("vi/").await?;
        reader.until("localStorage.isMade").await?;
        open_thread(reader, "vi", NOODLES).await?;
        assert_eq!(reader.evaluate::<String>("localStorage.lastIsThere").await?, "true");
        reader.portal.stop();
        write(reader, "Bạn đọc", "Trang trước chưa xong.").await?;
        reader.until_says(".comment-status", &word("vi", "writing.trying")?).await?;
        assert_eq!(reader.outbox().await?.len(), 1);
        Ok(())
    })
    .await
}
