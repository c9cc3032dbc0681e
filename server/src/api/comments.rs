//! Threads: read, and written to.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD};
use haidang_engine::model::{Badge, Comment, NewComment, Page};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    client::Client,
    request::{Payload, Query},
};
use crate::{
    answer::Answer,
    app::App,
    problem::{Problem, Result},
    store::{
        articles::Thread,
        comments::{Entry, Idempotency, Written},
        page::{Cursor, Window},
    },
};

const LIMIT: u32 = 100;
const LONGEST_NAME: usize = 80;
const LONGEST_TEXT: usize = 5_000;
const LONGEST_KEY: usize = 255;

/// Where in the thread.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListQuery {
    /// From here on.
    cursor: Option<Cursor>,
}

async fn thread(app: &App, id: &str) -> Result<Thread> {
    app.store.thread(id).await?.ok_or(Problem::not_found("such article"))
}

pub async fn list(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
) -> Result<Answer<Page<Comment>>> {
    let thread = thread(&app, &id).await?;
    Ok(Answer(app.store.comments(&thread.work, Window::new(query.cursor, LIMIT)).await?))
}

pub async fn post(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    client: Client,
    headers: HeaderMap,
    payload: Payload<NewComment>,
) -> Result<(StatusCode, Answer<Comment>)> {
    let thread = thread(&app, &id).await?;
    let once = idempotency(&headers, &thread, &payload.bytes)?;
    // Asked again, what was taken stays taken, even if the thread has closed since.
    if let Some(once) = &once
        && let Some(written) = app.store.carried_out(once).await?
    {
        return answer(written);
    }
    if !thread.open {
        return Err(Problem::closed());
    }
    app.limiter.admit(client).map_err(Problem::busy)?;
    let new = payload.value;
    let entry = Entry {
        id: Uuid::now_v7().simple().to_string(),
        author: text("author", &new.author.replace('\n', " "), LONGEST_NAME)?,
        body: text("text", &new.text, LONGEST_TEXT)?,
        thread: thread.work,
        parent: new.parent,
        badge: Badge::Reader,
        lang: new.lang,
        created: app.now(),
        votes: 0,
        state: app.moderation.state(),
    };
    answer(app.store.write(&entry, once.as_ref()).await?)
}

fn answer(written: Written) -> Result<(StatusCode, Answer<Comment>)> {
    match written {
        Written::New(comment) | Written::Before(comment) => {
            Ok((StatusCode::CREATED, Answer(comment)))
        }
        Written::KeyUsed => Err(Problem::invalid(
            "Idempotency-Key",
            "This key was used before, with another request",
        )),
        Written::NoParent => Err(Problem::invalid("parent", "The comment it answers is not there")),
    }
}

/// What a reader typed, without what is not text; it must be there and not too long.
fn text(field: &str, typed: &str, longest: usize) -> Result<String> {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept = typed.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let kept: String = kept.collect();
    let kept = kept.trim();
    let length = kept.chars().count();
    if length == 0 {
        return Err(Problem::invalid(field, "It is empty"));
    }
    if length > longest {
        let detail = format!("It has {length} characters and may have {longest}");
        return Err(Problem::invalid(field, detail));
    }
    Ok(kept.to_owned())
}

fn idempotency(headers: &HeaderMap, thread: &Thread, body: &[u8]) -> Result<Option<Idempotency>> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().unwrap_or_default().trim();
    if key.is_empty() || key.len() > LONGEST_KEY {
        let detail = format!("Expected 1 to {LONGEST_KEY} characters of ASCII");
        return Err(Problem::bad_request(detail).on("Idempotency-Key"));
    }
    let mut digest = Sha256::new();
    digest.update(&thread.work);
    digest.update([0]);
    digest.update(body);
    let request = BASE64_STANDARD_NO_PAD.encode(digest.finalize());
    Ok(Some(Idempotency { key: key.to_owned(), request }))
}
