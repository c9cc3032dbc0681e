//! What the reader who asks wrote: given to them, or taken away for good.

use std::sync::Arc;

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use haidang_engine::model::Comment;
use schemars::JsonSchema;
use serde::Serialize;

use super::list::mark;
use crate::{
    answer::Answer,
    api::{reader::Writer, terms::Items},
    app::App,
    problem::{Problem, Result},
};

/// A comment, and under what it stands.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Mine {
    /// The work's id.
    article: String,
    /// As its author sees it.
    comment: Comment,
}

pub async fn mine(State(app): State<Arc<App>>, writer: Writer) -> Result<Response> {
    token(&writer)?;
    let items = app.store.mine(&writer.viewer).await?;
    let items = items.into_iter().map(|(article, comment)| Mine { article, comment }).collect();
    let mut response = Answer(Items { items }).into_response();
    mark(response.headers_mut(), true);
    Ok(response)
}

pub async fn erase(State(app): State<Arc<App>>, writer: Writer) -> Result<StatusCode> {
    let token = token(&writer)?;
    app.limits.writing.admit(writer.client).map_err(Problem::busy)?;
    app.store.erase(&token).await?;
    // Asked again, there is nothing left to take away, and the answer is the same.
    Ok(StatusCode::NO_CONTENT)
}

fn token(writer: &Writer) -> Result<String> {
    let missing = || Problem::bad_request("It says who asks, and is missing").on("Author-Token");
    writer.viewer.token.clone().ok_or_else(missing)
}
