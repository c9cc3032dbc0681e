//! `POST /hooks/publish`: a backend, or whoever writes in it, says that something was published, changed or
//! taken back. The server then prints its pages anew; `prerender --watch` those that are touched.
//!
//! Whoever says so shows a secret, `Authorization: Bearer …`; where none is configured nobody is believed.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, header},
};
use haidang_engine::{model::Key, profile::Portal};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    app::App,
    problem::{Problem, Result},
};

/// What has changed.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changed {
    /// The id of a source in portal.json; the first if there is only an article.
    #[serde(default)]
    source: Option<String>,
    /// The article's id there; anything if absent.
    #[serde(default)]
    article: Option<String>,
}

/// What is to be looked at.
#[derive(Debug)]
pub enum Told {
    /// Whatever there is.
    Everything,
    /// What has changed in a source.
    Source,
    /// One article.
    Article(Key),
}

impl Changed {
    /// Reads what a request says that shows `secret`.
    pub fn read(secret: Option<&str>, headers: &HeaderMap, body: &[u8]) -> Result<Self> {
        let secret = secret.filter(|secret| !secret.is_empty()).ok_or_else(|| {
            Problem::identity("There is no --publish-secret here, so nobody is believed")
        })?;
        let shown = headers.get(header::AUTHORIZATION).and_then(|shown| shown.to_str().ok());
        let shown = shown.and_then(|shown| shown.strip_prefix("Bearer ")).unwrap_or_default();
        // How long comparing digests takes tells nothing of what they are of.
        if Sha256::digest(shown.trim()) != Sha256::digest(secret) {
            return Err(Problem::identity("Authorization: this is not the secret"));
        }
        if body.trim_ascii().is_empty() {
            return Ok(Self::default());
        }
        serde_json::from_slice(body)
            .map_err(|error| Problem::bad_request(format!("The body cannot be read: {error}")))
    }

    /// What it is about, of `portal`.
    pub fn of(self, portal: &Portal) -> Result<Told> {
        let at = self
            .source
            .as_ref()
            .map_or(Some(0), |id| portal.sources.iter().position(|source| source.id == *id));
        let Some(at) = at else {
            return Err(Problem::invalid("source", "portal.json has no such source"));
        };
        // Keys of the first source do not name it.
        let named = self.source.clone().filter(|_| at > 0).unwrap_or_default();
        Ok(match (self.article, self.source) {
            (Some(id), _) => Told::Article(Key { source: named, id }),
            (None, Some(_)) => Told::Source,
            (None, None) => Told::Everything,
        })
    }
}

/// Lets go of whatever was made of what has changed; pages are printed anew since this is a write.
pub async fn publish(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode> {
    let changed = Changed::read(app.publish_secret.as_deref(), &headers, &body)?;
    if let Some(portal) = app.site.portal() {
        let told = changed.of(&portal)?;
        tracing::info!(?told, "something was published");
    }
    if let Some(proxy) = &app.proxy {
        proxy.expire();
    }
    app.sitemaps.forget().await;
    Ok(StatusCode::ACCEPTED)
}
