//! What journeys through a thread have in common: to write, to find a comment, to press what is at it, to
//! moderate.

use anyhow::{Context, Result};
use haidang_e2e::{Portal, Reader, counted};
use serde_json::{Value, json};

/// The form at the top of a thread.
pub const TEXT: &str = ".thread > .composer textarea";
const NAME: &str = ".thread > .composer input[name=name]";
const POST: &str = ".thread > .composer button[type=submit]";
/// A moderator of [`moderator`].
const MODERATOR: &str = "Nguyễn Thị Lan";

/// Opens an article and waits for its thread and for the line that tells of what is new.
pub async fn open_thread(reader: &Reader, lang: &str, article: &str) -> Result<()> {
    let thread = reader.portal.api(&format!("articles/{article}/comments")).await?;
    let total = thread.get("total").and_then(Value::as_u64).unwrap_or_default();
    reader.open(&format!("{lang}/article/{article}")).await?;
    reader.scroll_to("#comments").await?;
    reader.until_says("#comments-title", &counted(lang, "comments.count", total)?).await?;
    reader.until("one('.thread-line')").await
}

/// Writes in the form at the top and sends it.
pub async fn write(reader: &Reader, name: &str, text: &str) -> Result<()> {
    // The form comes with the thread, or a moment after it.
    reader.until(&format!("one({})", json!(NAME))).await?;
    if reader.value(NAME).await?.is_empty() {
        reader.type_into(NAME, name).await?;
    }
    reader.type_into(TEXT, text).await?;
    reader.click(POST).await
}

/// Waits for the comment that says `text` and has been taken by the server; gives what selects it.
pub async fn taken(reader: &Reader, text: &str) -> Result<String> {
    let says = format!("all('.comment').find((it) => words(it).includes({}))", json!(text));
    reader.until(&format!("{says} && !{says}.id.startsWith('comment-local-')")).await?;
    let id: String = reader.evaluate(&format!("{says}.id")).await?;
    Ok(format!("#{id}"))
}

/// Presses the button within `css` that says `label`.
pub async fn press(reader: &Reader, css: &str, label: &str) -> Result<()> {
    let within = json!(format!("{css} button"));
    let button = format!("all({within}).find((it) => words(it) === {})", json!(label));
    reader.until(&button).await?;
    reader.run(&format!("{button}.click()")).await
}

/// How often the server has a comment with this text, whatever its state.
pub fn kept(portal: &Portal, article: &str, text: &str) -> Result<usize> {
    Ok(texts(portal, article)?.iter().filter(|said| *said == text).count())
}

/// What has been said below an article, in the order the server was told.
pub fn texts(portal: &Portal, article: &str) -> Result<Vec<String>> {
    let thread: Value = serde_json::from_str(&portal.command(&["thread", "export", article])?)?;
    let comments = thread.get("comments").and_then(Value::as_array).context("an export")?;
    let text = |comment: &Value| comment.get("text").and_then(Value::as_str).map(ToOwned::to_owned);
    Ok(comments.iter().filter_map(text).collect())
}

/// Makes an editor, and signs them in.
pub async fn moderator(reader: &Reader) -> Result<()> {
    let made = reader.portal.command(&["moderator", "add", MODERATOR, "--role", "editor"])?;
    let password = made.trim().rsplit(' ').next().context("a password")?;
    reader.open("moderate").await?;
    reader.type_into("#name", MODERATOR).await?;
    reader.type_into("#password", password).await?;
    reader.click("form button").await?;
    reader.until("location.pathname === '/moderate/held'").await
}
