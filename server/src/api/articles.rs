//! Lists of articles, and one in full.

use std::sync::Arc;

use axum::extract::{Path, State};
use haidang_engine::{
    lang::Lang,
    model::{Article, Headline, Page, Term, Withdrawn},
    time::Timestamp,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    request::{LangQuery, Query},
    terms::Items,
};
use crate::{
    answer::Answer,
    app::App,
    problem::{Problem, Result},
    search::Words,
    store::{
        headlines::Filter,
        page::{Cursor, Window},
        terms::TermKind,
    },
    texts::Wanted,
};

const USUAL_LIMIT: u32 = 20;
const MOST: u32 = 100;
const MOST_WITHDRAWN: u32 = 500;

/// What list; every parameter narrows.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct ListQuery {
    /// The edition; absent is the portal's default language.
    lang: Option<Lang>,
    /// Of this section.
    section: Option<String>,
    /// With this tag.
    tag: Option<String>,
    /// By this author.
    author: Option<String>,
    /// Of this organisation.
    organisation: Option<String>,
    /// That these words find, marks or not; the last word may be unfinished. The first 200 characters and 16 words count.
    q: Option<String>,
    /// Only works that have no version in this language.
    missing: Option<Lang>,
    /// At most so many: 20 if absent, 100 at most.
    limit: Option<u32>,
    /// From here on.
    cursor: Option<Cursor>,
}

pub async fn list(
    State(app): State<Arc<App>>,
    Query(query): Query<ListQuery>,
) -> Result<Answer<Page<Headline>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let edition = app.editions.edition(query.lang.as_ref());
    let window = Window::new(query.cursor, query.limit.unwrap_or(USUAL_LIMIT).clamp(1, MOST));
    let filter = Filter {
        section: query.section,
        tag: query.tag,
        author: query.author,
        organisation: query.organisation,
        missing: query.missing,
    };
    let about = about(&app, &filter, &wanted).await?;
    let organisations = match &filter.section {
        Some(section) => app.store.organisations_in(section, edition, &wanted).await?,
        None => Vec::new(),
    };
    let page = match query.q.as_deref().map(Words::parse) {
        None => app.store.headlines(&filter, edition, &wanted, window).await?,
        Some(Some(words)) => {
            app.store.search_headlines(&words, &filter, edition, &wanted, window).await?
        }
        // Typed, but no word: nothing is found.
        Some(None) => Page { total: Some(0), ..Page::default() },
    };
    Ok(Answer(Page { about, organisations, ..page }))
}

/// What the list is of: the first of what was asked for. What does not exist is a 404, so that a page
/// can say so instead of showing an empty list.
async fn about(app: &App, filter: &Filter, wanted: &Wanted) -> Result<Option<Term>> {
    let store = &app.store;
    let found = if let Some(id) = &filter.section {
        store.term(TermKind::Section, id, wanted).await?.ok_or(Problem::not_found("such section"))
    } else if let Some(id) = &filter.tag {
        store.term(TermKind::Tag, id, wanted).await?.ok_or(Problem::not_found("such tag"))
    } else if let Some(id) = &filter.author {
        let author = store.author(id, wanted).await?.ok_or(Problem::not_found("such author"))?;
        Ok(Term { id: author.id, name: author.name, summary: author.role })
    } else if let Some(id) = &filter.organisation {
        let body = store.organisation(id, wanted).await?;
        let body = body.ok_or(Problem::not_found("such organisation"))?;
        Ok(Term { id: body.id, name: body.name, summary: body.summary })
    } else {
        return Ok(None);
    };
    found.map(Some)
}

/// Since when.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct WithdrawnQuery {
    /// From this moment on; absent is from the beginning.
    since: Option<Timestamp>,
}

/// What was taken back. An article that was deleted without a word is a 404 and not among it.
pub async fn withdrawn(
    State(app): State<Arc<App>>,
    Query(query): Query<WithdrawnQuery>,
) -> Result<Answer<Items<Withdrawn>>> {
    let since = query.since.unwrap_or(Timestamp(i64::MIN));
    Ok(Answer(Items { items: app.store.withdrawn(since, MOST_WITHDRAWN).await? }))
}

pub async fn one(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Article>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let article = app.store.article(&id, &wanted).await?;
    let mut article = article.ok_or(Problem::not_found("such article"))?;
    if let Some(thread) = app.store.thread(&id).await? {
        article.comments_open = app.takes_comments(&thread);
    }
    Ok(Answer(article))
}
