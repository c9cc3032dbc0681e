//! Announcements in force.

use std::sync::Arc;

use axum::extract::State;
use haidang_engine::model::Notice;

use super::{
    request::{LangQuery, Query},
    terms::Items,
};
use crate::{answer::Answer, app::App, problem::Result};

pub async fn notices(
    State(app): State<Arc<App>>,
    Query(query): Query<LangQuery>,
) -> Result<Answer<Items<Notice>>> {
    let wanted = app.editions.wanted(query.lang.as_ref());
    let items = app.store.notices(&wanted, app.now()).await?;
    Ok(Answer(Items { items }))
}
