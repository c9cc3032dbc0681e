//! How answers travel: conditional requests, compression, caching, who may ask.

use axum::{body::Body, http::StatusCode};

use crate::service::{Service, request};

#[tokio::test]
async fn who_has_an_answer_is_not_sent_it_again() {
    let service = Service::start().await;
    for path in [
        "/api/v1/front?lang=vi",
        "/api/v1/articles/bao-so-9",
        "/media/bao-so-9-480.webp",
        "/api/v1/openapi.json",
        "/files/nq-10-2013.pdf",
    ] {
        let tag = service.get(path).await.header("etag").to_owned();
        assert!(tag.len() > 10, "{path}");
        let known =
            |tag: &str| request(path).header("if-none-match", tag).body(Body::empty()).unwrap();
        let again = service.send(known(&format!("\"other\", {tag}"))).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.body.is_empty() && again.header("etag") == tag);
        assert_eq!(service.send(known("\"other\"")).await.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_new_comment_changes_the_tag_of_its_thread() {
    let service = Service::start().await;
    let path = "/api/v1/articles/banh-da-cua/comments";
    let before = service.get(path).await.header("etag").to_owned();
    let comment = serde_json::json!({"author": "An", "text": "x"});
    assert_eq!(service.post("banh-da-cua", None, &comment).await.status, StatusCode::CREATED);
    assert_ne!(service.get(path).await.header("etag"), before);
}

#[tokio::test]
async fn answers_are_compressed_as_the_client_likes() {
    let service = Service::start().await;
    for encoding in ["br", "gzip"] {
        let ask = request("/api/v1/front").header("accept-encoding", encoding);
        let answer = service.send(ask.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.header("content-encoding"), encoding);
        assert!(answer.headers.get_all("vary").iter().any(|vary| vary == "accept-encoding"));
        assert!(answer.body.len() * 2 < service.get("/api/v1/front").await.body.len());
    }
    let picture = request("/media/bao-so-9-480.webp").header("accept-encoding", "br");
    let picture = service.send(picture.body(Body::empty()).unwrap()).await;
    assert_eq!(picture.header("content-encoding"), "");
}

#[tokio::test]
async fn every_answer_has_the_usual_headers() {
    let service = Service::with(&["--hsts", "600"]).await;
    for path in ["/api/v1/front", "/api/v1/nope", "/healthz", "/nope.js"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        assert!(answer.header("permissions-policy").contains("geolocation=()"), "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=600; includeSubDomains");
        assert!(!answer.header("referrer-policy").is_empty());
    }
    let plain = Service::start().await.get("/healthz").await;
    assert_eq!((plain.text().as_str(), plain.header("strict-transport-security")), ("ok\n", ""));
}

#[tokio::test]
async fn only_pages_of_named_origins_may_ask() {
    let service = Service::with(&["--cors", "https://portal.example.org"]).await;
    let from = |origin: &str| {
        request("/api/v1/front").header("origin", origin).body(Body::empty()).unwrap()
    };
    let named = service.send(from("https://portal.example.org")).await;
    assert_eq!(named.header("access-control-allow-origin"), "https://portal.example.org");
    let other = service.send(from("https://other.example.org")).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
    let preflight = request("/api/v1/articles/banh-da-cua/comments")
        .method("OPTIONS")
        .header("origin", "https://portal.example.org")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type,idempotency-key");
    let preflight = service.send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!(preflight.status, StatusCode::OK);
    assert!(preflight.header("access-control-allow-headers").contains("idempotency-key"));
    let closed = Service::start().await.send(from("https://portal.example.org")).await;
    assert_eq!(closed.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_says_which_are_right() {
    let service = Service::start().await;
    let delete = request("/api/v1/front").method("DELETE").body(Body::empty()).unwrap();
    let answer = service.send(delete).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.header("allow"), "GET,HEAD");
    assert_eq!(answer.json()["status"], 405);
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_answered() {
    let service = Service::with(&["--timeout", "0"]).await;
    let answer = service.get("/api/v1/front").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("retry-after"), "5");
}
