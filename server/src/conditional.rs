//! Conditional requests: an answer that the client already has is not sent again.

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use http_body::Body as _;
use sha2::{Digest, Sha256};

/// Gives every complete answer to a GET an `ETag`, the digest of its bytes, and answers 304 to who
/// has those. Weak, as the same answer also goes out compressed. Streams and answers that have a
/// tag already pass.
pub async fn conditional(request: Request, next: Next) -> Response {
    let get = request.method() == Method::GET;
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    let complete = response.body().size_hint().exact();
    let tagged = response.headers().contains_key(header::ETAG);
    let (Some(size), StatusCode::OK, true, false) = (complete, response.status(), get, tagged)
    else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let Ok(bytes) = to_bytes(body, size).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = format!("W/\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&bytes)));
    let unchanged = known.is_some_and(|known| has(&known, &tag));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, tag);
    }
    if unchanged {
        parts.status = StatusCode::NOT_MODIFIED;
        keep_validators(&mut parts.headers);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether `known`, an `If-None-Match`, names `tag` (weak comparison, RFC 9110 section 8.8.3.2).
fn has(known: &HeaderValue, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let known = known.to_str().unwrap_or_default();
    known.trim() == "*" || known.split(',').any(|one| opaque(one) == opaque(tag))
}

fn keep_validators(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_TYPE);
    headers.remove(header::CONTENT_LENGTH);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_of_several_tags_matches_weakly() {
        let known = HeaderValue::from_static("\"a\", W/\"b\"");
        assert!(has(&known, "W/\"a\"") && has(&known, "W/\"b\"") && !has(&known, "W/\"c\""));
        assert!(has(&HeaderValue::from_static("*"), "W/\"c\""));
    }
}
