//! Reading requests: what is wrong becomes a problem that names the field.

use std::sync::Arc;

use axum::{
    body::{Bytes, to_bytes},
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header, request::Parts},
};
use haidang_engine::lang::Lang;
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{app::App, problem::Problem};

/// The query of most routes.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LangQuery {
    /// The reader's language; absent is the portal's default.
    pub lang: Option<Lang>,
}

/// No query at all.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct NoQuery {}

/// The query string as `T`; members without a value count as absent.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Arc<App>> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default().as_bytes();
        let pairs = url::form_urlencoded::parse(query).filter(|(_, value)| !value.is_empty());
        // Written again because the deserializer wants text.
        let filled =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let reader =
            serde_urlencoded::Deserializer::new(url::form_urlencoded::parse(filled.as_bytes()));
        serde_path_to_error::deserialize(reader).map(Self).map_err(|error| {
            Problem::bad_request(error.inner().to_string()).on(&error.path().to_string())
        })
    }
}

/// The body as JSON of type `T`, with its bytes.
pub struct Payload<T> {
    /// What it says.
    pub value: T,
    /// As it was sent.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> FromRequest<Arc<App>> for Payload<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let bytes = to_bytes(request.into_body(), app.body_limit)
            .await
            .map_err(|_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE))?;
        let json = &mut serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(json).map_err(|error| {
            let (path, error) = (error.path().to_string(), error.inner());
            match error.classify() {
                serde_json::error::Category::Data => {
                    let said = error.to_string();
                    match missing(&said) {
                        Some(field) => Problem::invalid(field, "It is missing"),
                        None => Problem::invalid(&path, said),
                    }
                }
                _ => Problem::bad_request(format!("The body is not JSON: {error}")),
            }
        })?;
        Ok(Self { value, bytes })
    }
}

/// The member that is missing, if that is what serde says: its path ends at the object around it.
fn missing(said: &str) -> Option<&str> {
    said.strip_prefix("missing field `")?.split('`').next()
}
