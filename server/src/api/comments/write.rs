//! What readers do in a thread.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use haidang_engine::model::{Badge, CommentState, NewComment};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{LONGEST_NAME, LONGEST_TEXT, list::mark, thread};
use crate::{
    answer::Answer,
    api::{client::Limiter, reader::Writer, request::Payload},
    app::App,
    clean::{clean, is_visible},
    config::{Moderation, Votes},
    problem::{Problem, Result},
    screen::Looked,
    store::{
        comments::{Act, Doing, EDITED, Entry, Idempotency, Refusal, Taken},
        threads::{Thread, ThreadId},
    },
    webhook::Held,
};

const LONGEST_KEY: usize = 255;
const LONGEST_EMAIL: usize = 254;
const LONGEST_DETAIL: usize = 1_000;
const REASONS: [&str; 5] = ["spam", "abuse", "false", "private", "other"];

/// A comment said otherwise.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NewText {
    /// In small Markdown, 1 to 5,000 characters.
    text: String,
}

/// A vote.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Ballot {
    /// 1 for, -1 against, 0 takes the vote back.
    vote: i8,
}

/// What the moderators are told.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Complaint {
    /// `spam`, `abuse`, `false`, `private` or `other`.
    reason: String,
    /// In the reader's words, up to 1,000 characters.
    #[serde(default)]
    detail: String,
}

/// One request, as far as it is the same for all that readers do.
struct Asked<'a> {
    thread: &'a Thread,
    writer: Writer,
    once: Option<Idempotency>,
}

impl<'a> Asked<'a> {
    /// `what` is done, e.g. `vote c-1`, with a body of `bytes`.
    fn new(
        thread: &'a Thread,
        writer: Writer,
        headers: &HeaderMap,
        what: &str,
        bytes: &[u8],
    ) -> Result<Self> {
        Ok(Self { once: idempotency(headers, thread, what, bytes)?, thread, writer })
    }

    /// The answer, if the same request was carried out before.
    async fn before(&self, app: &App) -> Result<Option<Response>> {
        let Some(once) = &self.once else { return Ok(None) };
        let outcome = app.store.carried_out(self.writer.viewer.token.as_deref(), once).await?;
        outcome.map(answer).transpose()
    }

    /// Does it, and says what came of it. Once begun it is done to its end, whoever goes away.
    async fn carry_out(self, app: &Arc<App>, limiter: &Limiter, act: Act) -> Result<Response> {
        limiter.admit(self.writer.client).map_err(Problem::busy)?;
        let doing = Doing {
            act,
            thread: self.thread.id.clone(),
            viewer: self.writer.viewer,
            once: self.once,
            now: app.now(),
        };
        let app = Arc::clone(app);
        let carried_out = tokio::spawn(async move {
            let subject = match &doing.act {
                Act::Post(entry) => entry.id.clone(),
                Act::Edit { comment, .. }
                | Act::Delete { comment }
                | Act::Vote { comment, .. }
                | Act::Report { comment, .. } => comment.clone(),
            };
            let article = doing.thread.work.clone();
            let outcome = app.store.carry_out(doing).await?;
            if let (Ok(taken), Some(hook)) = (&outcome, &app.webhook)
                && taken.held
            {
                hook.tell(&Held { event: "held", article, comment: subject });
            }
            Ok::<_, sqlx::Error>(outcome)
        });
        let outcome = carried_out.await.map_err(|error| {
            tracing::error!(%error, "writing");
            Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR)
        })??;
        answer(outcome)
    }
}

pub async fn post(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    writer: Writer,
    headers: HeaderMap,
    payload: Payload<NewComment>,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let asked = Asked::new(&thread, writer, &headers, "post", &payload.bytes)?;
    // Asked again, what was taken stays taken, even if the thread has closed since.
    if let Some(answer) = asked.before(&app).await? {
        return Ok(answer);
    }
    if !app.takes_comments(&thread) {
        return Err(Problem::closed());
    }
    let entry = entry(&app, &asked, payload.value)?;
    asked.carry_out(&app, &app.limits.writing, Act::Post(Box::new(entry))).await
}

fn entry(app: &App, asked: &Asked<'_>, new: NewComment) -> Result<Entry> {
    let (author, badge) = match &asked.writer.person {
        Some(person) => (person.name.clone(), person.badge),
        None => (new.author, Badge::Reader),
    };
    let author = text("author", &author.replace('\n', " "), LONGEST_NAME)?;
    let body = text("text", &new.text, LONGEST_TEXT)?;
    let email = new.email.map(|email| clean(&email)).filter(|email| !email.is_empty());
    if email.as_ref().is_some_and(|email| !is_email(email)) {
        return Err(Problem::invalid("email", "Expected an e-mail address, or none"));
    }
    if badge == Badge::Reader {
        let wanted = app.editions.wanted(new.lang.as_ref());
        let question = app.screen.question(new.challenge.as_deref(), &body, &wanted);
        if let Some(question) = question {
            // Answers are tried as often as comments are written.
            app.limits.writing.admit(asked.writer.client).map_err(Problem::busy)?;
            return Err(Problem::challenge(question));
        }
    }
    let looked =
        Looked { author: &author, text: &body, trap: new.trap.as_deref(), typed: new.typed };
    let cause = match badge {
        // The agency's own people are known.
        Badge::Staff | Badge::Author => None,
        Badge::Reader => app.screen.cause(looked),
    };
    let state = match (cause, badge) {
        (Some(_), _) => CommentState::Held,
        (None, Badge::Staff | Badge::Author) => CommentState::Published,
        (None, Badge::Reader) => app.threads.moderation.state(),
    };
    Ok(Entry {
        id: Uuid::now_v7().simple().to_string(),
        thread: asked.thread.id.clone(),
        parent: new.parent,
        author,
        badge,
        lang: new.lang,
        body,
        created: app.now(),
        votes: 0,
        state,
        token: asked.writer.viewer.token.clone(),
        email,
        cause: cause.map(str::to_owned),
    })
}

pub async fn edit(
    State(app): State<Arc<App>>,
    Path((id, comment)): Path<(String, String)>,
    writer: Writer,
    headers: HeaderMap,
    payload: Payload<NewText>,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let what = format!("edit {comment}");
    let asked = Asked::new(&thread, writer, &headers, &what, &payload.bytes)?;
    if let Some(answer) = asked.before(&app).await? {
        return Ok(answer);
    }
    let text = text("text", &payload.value.text, LONGEST_TEXT)?;
    let found = app.screen.cause(Looked { text: &text, ..Looked::default() });
    // Where a moderator reads first, what was approved is not what it says now.
    let again = (app.threads.moderation == Moderation::Held).then_some(EDITED);
    let is_staff = asked.writer.person.as_ref().is_some_and(|it| it.badge != Badge::Reader);
    let cause = found.or(again).filter(|_| !is_staff).map(str::to_owned);
    asked.carry_out(&app, &app.limits.writing, Act::Edit { comment, text, cause }).await
}

pub async fn delete(
    State(app): State<Arc<App>>,
    Path((id, comment)): Path<(String, String)>,
    writer: Writer,
    headers: HeaderMap,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let asked = Asked::new(&thread, writer, &headers, &format!("delete {comment}"), &[])?;
    if let Some(answer) = asked.before(&app).await? {
        return Ok(answer);
    }
    asked.carry_out(&app, &app.limits.writing, Act::Delete { comment }).await
}

pub async fn vote(
    State(app): State<Arc<App>>,
    Path((id, comment)): Path<(String, String)>,
    writer: Writer,
    headers: HeaderMap,
    payload: Payload<Ballot>,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    if writer.viewer.token.is_none() {
        return Err(Problem::bad_request("Who votes needs one").on("Author-Token"));
    }
    let what = format!("vote {comment}");
    let asked = Asked::new(&thread, writer, &headers, &what, &payload.bytes)?;
    if let Some(answer) = asked.before(&app).await? {
        return Ok(answer);
    }
    let vote = payload.value.vote;
    let lowest = if app.threads.votes == Votes::Both { -1 } else { 0 };
    if !(lowest..=1).contains(&vote) {
        return Err(Problem::invalid("vote", format!("Expected {lowest} to 1")));
    }
    asked.carry_out(&app, &app.limits.marking, Act::Vote { comment, vote }).await
}

pub async fn report(
    State(app): State<Arc<App>>,
    Path((id, comment)): Path<(String, String)>,
    writer: Writer,
    headers: HeaderMap,
    payload: Payload<Complaint>,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let what = format!("report {comment}");
    let asked = Asked::new(&thread, writer, &headers, &what, &payload.bytes)?;
    if let Some(answer) = asked.before(&app).await? {
        return Ok(answer);
    }
    let Complaint { reason, detail } = payload.value;
    if !REASONS.contains(&reason.as_str()) {
        return Err(Problem::invalid("reason", format!("Expected one of {}", REASONS.join(", "))));
    }
    let detail = clean(&detail);
    if detail.chars().count() > LONGEST_DETAIL {
        return Err(too_long("detail", detail.chars().count(), LONGEST_DETAIL));
    }
    let hold_after = app.threads.hold_reports;
    let act = Act::Report { comment, reason, detail, hold_after };
    asked.carry_out(&app, &app.limits.marking, act).await
}

fn answer(outcome: std::result::Result<Taken, Refusal>) -> Result<Response> {
    let taken = outcome.map_err(|refusal| match refusal {
        Refusal::KeyUsed => {
            let detail = "This key was used before, with another request";
            Problem::invalid("Idempotency-Key", detail)
        }
        Refusal::NoParent => Problem::invalid("parent", "The comment it answers is not there"),
        Refusal::NoComment => Problem::not_found("such comment"),
        Refusal::Gone => Problem::gone(),
        Refusal::NotYours => Problem::not_yours(),
        Refusal::TooLate => Problem::too_late(),
    })?;
    let status = StatusCode::from_u16(taken.status).unwrap_or(StatusCode::OK);
    if taken.answer.is_null() {
        return Ok(status.into_response());
    }
    let mut response = (status, Answer(taken.answer)).into_response();
    mark(response.headers_mut(), true);
    Ok(response)
}

/// What a reader typed, made clean; it must be there, be seen, and not be too long.
fn text(field: &str, typed: &str, longest: usize) -> Result<String> {
    let kept = clean(typed);
    if !is_visible(&kept) {
        return Err(Problem::invalid(field, "It is empty"));
    }
    match kept.chars().count() {
        length if length > longest => Err(too_long(field, length, longest)),
        _ => Ok(kept),
    }
}

fn too_long(field: &str, length: usize, longest: usize) -> Problem {
    Problem::invalid(field, format!("It has {length} characters and may have {longest}"))
}

/// As far as it matters here: something, one at sign, something with a dot.
fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    text.len() <= LONGEST_EMAIL
        && !text.contains(char::is_whitespace)
        && parts.is_some_and(|(name, host)| {
            !name.is_empty() && host.contains('.') && !host.contains('@')
        })
}

fn idempotency(
    headers: &HeaderMap,
    thread: &Thread,
    what: &str,
    body: &[u8],
) -> Result<Option<Idempotency>> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        let detail = format!("Expected 1 to {LONGEST_KEY} characters of ASCII");
        return Err(Problem::bad_request(detail).on("Idempotency-Key"));
    }
    let mut digest = Sha256::new();
    let ThreadId { work, edition } = &thread.id;
    let edition = edition.as_deref().unwrap_or_default();
    for part in [work.as_bytes(), edition.as_bytes(), what.as_bytes(), body] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    let digest = BASE64_STANDARD_NO_PAD.encode(digest.finalize());
    Ok(Some(Idempotency { key: key.to_owned(), digest }))
}
