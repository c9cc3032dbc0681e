//! Being told of emergencies while no page is open (Web Push).

use std::sync::Arc;

use axum::{Extension, extract::State, http::StatusCode};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use haidang_engine::lang::Lang;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{
    client::Client,
    request::{NoQuery, Payload, Query},
};
use crate::{
    answer::Answer,
    app::App,
    print::Unchanged,
    problem::{Problem, Result},
    push::Reader,
    store::push::Subscription,
};

/// Characters of an address at most.
const LONGEST: usize = 2000;

/// Whether the portal tells of emergencies.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Offer {
    /// `applicationServerKey` of a subscription, in base64url; absent if it does not.
    pub key: Option<String>,
}

/// What a browser gives when it subscribes.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct New {
    /// Where its maker takes messages for it.
    pub endpoint: String,
    /// Its public key, in base64url.
    pub p256dh: String,
    /// Its secret, in base64url.
    pub auth: String,
    /// The language to be told in; absent is the portal's default.
    pub lang: Option<Lang>,
}

/// Which browser.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct Old {
    /// Its endpoint.
    pub endpoint: String,
}

pub async fn offer(
    State(app): State<Arc<App>>,
    Query(NoQuery {}): Query<NoQuery>,
) -> Result<Answer<Offer>> {
    Ok(Answer(Offer { key: app.push.as_ref().map(|push| push.key()) }))
}

pub async fn subscribe(
    State(app): State<Arc<App>>,
    client: Client,
    payload: Payload<New>,
) -> Result<(Extension<Unchanged>, StatusCode)> {
    app.limits.marking.admit(client).map_err(Problem::busy)?;
    app.push.as_ref().ok_or_else(not_offered)?;
    let New { endpoint, p256dh, auth, lang } = payload.value;
    let is_secure = Url::parse(&endpoint).is_ok_and(|url| url.scheme() == "https");
    if !is_secure || endpoint.len() > LONGEST {
        return Err(Problem::invalid("endpoint", "Expected an address that begins with https:"));
    }
    let reader =
        Reader { key: of_length(65, "p256dh", &p256dh)?, auth: of_length(16, "auth", &auth)? };
    let lang = app.editions.edition(lang.as_ref()).clone();
    app.store.subscribe(&Subscription { endpoint, reader, lang }, app.now()).await?;
    Ok((Extension(Unchanged), StatusCode::NO_CONTENT))
}

pub async fn unsubscribe(
    State(app): State<Arc<App>>,
    client: Client,
    payload: Payload<Old>,
) -> Result<(Extension<Unchanged>, StatusCode)> {
    app.limits.marking.admit(client).map_err(Problem::busy)?;
    app.store.unsubscribe(&payload.value.endpoint).await?;
    Ok((Extension(Unchanged), StatusCode::NO_CONTENT))
}

fn not_offered() -> Problem {
    Problem::not_found("such messages: this portal sends none")
}

fn of_length(length: usize, field: &str, text: &str) -> Result<Vec<u8>> {
    // Some browsers pad.
    let bytes = BASE64.decode(text.trim_end_matches('=')).ok();
    bytes
        .filter(|bytes| bytes.len() == length)
        .ok_or_else(|| Problem::invalid(field, format!("Expected {length} bytes in base64url")))
}
