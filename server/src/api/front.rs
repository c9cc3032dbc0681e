//! The front page of an edition.

use std::sync::Arc;

use axum::extract::State;
use haidang_engine::model::{Front, FrontSection, Headline};

use super::request::{LangQuery, Query};
use crate::{
    answer::Answer,
    app::App,
    problem::Result,
    store::{headlines::Filter, terms::TermKind},
};

/// How many of the newest stand apart from their sections.
const LATEST: usize = 6;
/// How many a section shows.
const PER_SECTION: usize = 4;
/// How many of the newest are looked at.
const CONSIDERED: u32 = 100;

pub async fn front(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Front>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let edition = app.editions.edition(query.lang.as_ref());
    let mut lead = app.store.ranked(edition, &wanted).await?;
    let mut rest = app.store.newest(&Filter::default(), edition, &wanted, CONSIDERED).await?;
    rest.retain(|item| !lead.iter().any(|first| first.work == item.work));
    if lead.is_empty() && !rest.is_empty() {
        lead.push(rest.remove(0));
    }
    // A small edition keeps half of what it has for its sections.
    let by_section = rest.split_off(LATEST.min(rest.len() / 2));
    let sections = app.store.terms(TermKind::Section, &wanted).await?;
    let sections = sections.into_iter().filter_map(|section| {
        let here = |item: &&Headline| item.section.as_ref().is_some_and(|of| of.id == section.id);
        let items: Vec<_> = by_section.iter().filter(here).take(PER_SECTION).cloned().collect();
        (!items.is_empty()).then_some(FrontSection { section, items })
    });
    let sections = sections.collect();
    let notices = app.store.notices(&wanted, app.now()).await?;
    Ok(Answer(Front { lead, latest: rest, sections, notices }))
}
