//! A page of a thread, and the numbers of several.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use haidang_engine::model::{CommentCount, ThreadPage};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{rules, thread};
use crate::{
    answer::Answer,
    api::{reader::Reader, request::Query, terms::Items},
    app::App,
    problem::{Problem, Result},
    store::comments::{Place, ThreadOrder},
};

const USUAL: u32 = 100;
const MOST: u32 = 500;
const MOST_COUNTS: usize = 100;

/// Where in the thread, and how sorted.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListQuery {
    /// Which comments at the top come first; absent is `oldest`.
    order: Option<ThreadOrder>,
    /// At most so many: 100 if absent, 500 at most.
    limit: Option<u32>,
    /// From here on.
    cursor: Option<Place>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<ListQuery>,
    Reader(viewer): Reader,
) -> Result<Response> {
    let thread = thread(&app, &id).await?;
    let limit = query.limit.unwrap_or(USUAL).clamp(1, MOST);
    let order = query.order.unwrap_or_default();
    let slice = app.store.comments(&thread.id, order, query.cursor, limit, &viewer).await?;
    let page = ThreadPage {
        items: slice.items,
        next: slice.next,
        total: Some(slice.total),
        at: Some(slice.at.to_string()),
        rules: Some(rules(&app, &thread)),
    };
    let mut response = Answer(page).into_response();
    mark(response.headers_mut(), viewer.token.is_some());
    Ok(response)
}

/// Says that the answer depends on who asks, and, if it is for one reader, that nobody keeps it.
pub(super) fn mark(headers: &mut HeaderMap, is_private: bool) {
    headers.insert(header::VARY, HeaderValue::from_static("Author-Token, Authorization"));
    if is_private {
        let nobody = HeaderValue::from_static("private, no-store");
        headers.insert(header::CACHE_CONTROL, nobody);
    }
}

/// Of which threads.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct CountQuery {
    /// The articles' ids, by commas; 100 at most.
    ids: Option<String>,
}

pub async fn counts(
    State(app): State<Arc<App>>,
    Query(query): Query<CountQuery>,
) -> Result<Answer<Items<CommentCount>>> {
    let ids = query.ids.unwrap_or_default();
    let ids: Vec<String> = ids.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    if ids.len() > MOST_COUNTS {
        let detail = format!("Expected at most {MOST_COUNTS}");
        return Err(Problem::bad_request(detail).on("ids"));
    }
    let counts = app.store.counts(&ids).await?;
    let item = |(id, count)| CommentCount { id, count };
    Ok(Answer(Items { items: counts.into_iter().map(item).collect() }))
}
