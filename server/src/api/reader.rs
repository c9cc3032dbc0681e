//! Who asks of a thread: by a token of their own making, and by the portal's word.

use std::{convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::client::Client;
use crate::{
    app::App,
    config::Who,
    problem::{Problem, Result},
    sso::Person,
    store::comments::Viewer,
};

/// Shorter tokens can be guessed.
const SHORTEST_TOKEN: usize = 16;
const LONGEST_TOKEN: usize = 255;

/// The header with a reader's token.
pub const TOKEN: &str = "author-token";

/// Who reads. What cannot be a token is none: reading is for everybody.
pub struct Reader(pub Viewer);

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        app: &Arc<App>,
    ) -> std::result::Result<Self, Infallible> {
        let token = token(&parts.headers).ok().flatten();
        Ok(Self(Viewer { token, window: app.threads.edit_window }))
    }
}

/// Who writes.
pub struct Writer {
    /// For limits.
    pub client: Client,
    /// By their token.
    pub viewer: Viewer,
    /// By the portal's word.
    pub person: Option<Person>,
}

impl FromRequestParts<Arc<App>> for Writer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let Ok(client) = Client::from_request_parts(parts, app).await;
        let viewer = Viewer { token: token(&parts.headers)?, window: app.threads.edit_window };
        Ok(Self { client, viewer, person: person(&parts.headers, app)? })
    }
}

/// The digest of the reader's token: the token itself is kept nowhere.
fn token(headers: &HeaderMap) -> Result<Option<String>> {
    let Some(token) = headers.get(TOKEN) else { return Ok(None) };
    let token = token.to_str().unwrap_or_default().trim();
    if !(SHORTEST_TOKEN..=LONGEST_TOKEN).contains(&token.len()) {
        let detail = format!("Expected {SHORTEST_TOKEN} to {LONGEST_TOKEN} characters of ASCII");
        return Err(Problem::bad_request(detail).on("Author-Token"));
    }
    Ok(Some(BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(token))))
}

/// Whom the portal says this is, as far as it is asked.
fn person(headers: &HeaderMap, app: &App) -> Result<Option<Person>> {
    let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|value| value.split_once(' '));
    let shown = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match (app.threads.identity, shown, &app.sso) {
        (Who::Anonymous, ..) | (Who::Sso, None, _) => Ok(None),
        (Who::Required, None, _) => Err(Problem::identity("Please sign in to the portal first")),
        (_, Some((_, jwt)), Some(sso)) => match sso.person(jwt.trim(), app.now()) {
            Ok(person) => Ok(Some(person)),
            Err(why) => Err(Problem::identity(format!("The portal's word does not hold: {why}"))),
        },
        (_, Some(_), None) => Err(Problem::identity("This portal signs nobody in")),
    }
}
