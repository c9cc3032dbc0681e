//! Names to link to: sections, tags, authors, organisations.

use std::sync::Arc;

use axum::extract::{Path, State};
use haidang_engine::model::{Author, Organisation, Term};
use schemars::JsonSchema;
use serde::Serialize;

use super::request::{LangQuery, Query};
use crate::{
    answer::Answer,
    app::App,
    problem::{Problem, Result},
    store::terms::TermKind,
};

/// A whole list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Items<T> {
    /// In the order to show.
    pub items: Vec<T>,
}

pub async fn sections(
    app: State<Arc<App>>,
    query: Query<LangQuery>,
) -> Result<Answer<Items<Term>>> {
    terms(app, query, TermKind::Section).await
}

pub async fn tags(app: State<Arc<App>>, query: Query<LangQuery>) -> Result<Answer<Items<Term>>> {
    terms(app, query, TermKind::Tag).await
}

async fn terms(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
    kind: TermKind,
) -> Result<Answer<Items<Term>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    Ok(Answer(Items { items: app.store.terms(kind, &wanted).await? }))
}

pub async fn authors(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Items<Author>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    Ok(Answer(Items { items: app.store.authors(&wanted).await? }))
}

pub async fn author(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Author>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let author = app.store.author(&id, &wanted).await?;
    author.map(Answer).ok_or(Problem::not_found("such author"))
}

pub async fn organisations(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Items<Organisation>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    Ok(Answer(Items { items: app.store.organisations(&wanted).await? }))
}

pub async fn organisation(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Organisation>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let organisation = app.store.organisation(&id, &wanted).await?;
    organisation.map(Answer).ok_or(Problem::not_found("such organisation"))
}
