//! The press office.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use haidang_engine::model::Press;

use super::request::{LangQuery, Query};
use crate::{
    answer::Answer,
    app::App,
    calendar::calendar as write_calendar,
    problem::{Problem, Result},
};

pub async fn press(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Press>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    Ok(Answer(app.store.press(&wanted, app.now()).await?))
}

pub async fn calendar(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    Query(query): Query<LangQuery>,
) -> Result<Response> {
    let unknown = || Problem::not_found("such briefing");
    let id = file.strip_suffix(".ics").ok_or_else(unknown)?;
    let wanted = app.editions.wanted(query.lang.as_ref());
    let (briefing, changed) = app.store.briefing(id, &wanted).await?.ok_or_else(unknown)?;
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"briefing.ics\""),
    ];
    Ok((headers, write_calendar(&briefing, changed)).into_response())
}
