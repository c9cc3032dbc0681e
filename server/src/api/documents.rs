//! The register of documents.

use std::sync::Arc;

use axum::extract::{Path, State};
use haidang_engine::{
    lang::Lang,
    model::{Document, DocumentEntry, DocumentKind, DocumentStatus, Page, Register},
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::request::{LangQuery, Query};
use crate::{
    answer::Answer,
    app::App,
    problem::{Problem, Result},
    search::Words,
    store::{
        documents::Filter,
        page::{Cursor, Window},
    },
};

const LIMIT: u32 = 20;

/// What the register shows; every parameter narrows.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListQuery {
    /// The reader's language; absent is the portal's default.
    lang: Option<Lang>,
    /// Words of title and abstract, or a number, e.g. `10-NQ/TU`. The first 200 characters and 16 words count.
    q: Option<String>,
    /// Of this kind.
    kind: Option<DocumentKind>,
    /// Issued by this organisation.
    issuer: Option<String>,
    /// In this field of government.
    field: Option<String>,
    /// Issued in this year.
    year: Option<u16>,
    /// Of this status.
    status: Option<DocumentStatus>,
    /// From here on.
    cursor: Option<Cursor>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<ListQuery>,
) -> Result<Answer<Page<DocumentEntry>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let filter = Filter {
        kind: query.kind,
        issuer: query.issuer,
        field: query.field,
        year: query.year,
        status: query.status,
    };
    let words = query.q.as_deref().map(Words::parse);
    if let Some(None) = words {
        return Ok(Answer(Page { total: Some(0), ..Page::default() }));
    }
    let words = words.flatten();
    let window = Window::new(query.cursor, LIMIT);
    Ok(Answer(app.store.documents(words.as_ref(), &filter, &wanted, window).await?))
}

pub async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Document>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let document = app.store.document(&id, &wanted).await?;
    document.map(Answer).ok_or(Problem::not_found("such document"))
}

pub async fn register(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Register>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    Ok(Answer(app.store.register(&wanted).await?))
}
