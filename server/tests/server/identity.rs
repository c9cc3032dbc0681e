//! Who readers are, by the portal's word; who is told of what is held.
//!
//! `keys/` was made for these tests and opens nothing.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, http::HeaderMap, http::StatusCode, routing::post};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use crate::{
    service::{Answer, Service},
    upstream::upstream,
};

const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/server/keys/public.pem");

/// What the portal says, signed.
fn word(algorithm: Algorithm, claims: &Value) -> String {
    let key = match algorithm {
        Algorithm::RS256 => EncodingKey::from_rsa_pem(include_bytes!("keys/rsa.pem")),
        _ => EncodingKey::from_ed_pem(include_bytes!("keys/ed25519.pem")),
    };
    encode(&Header::new(algorithm), claims, &key.unwrap()).unwrap()
}

async fn post_as(service: &Service, jwt: Option<&str>) -> Answer {
    let bearer = jwt.map(|jwt| format!("Bearer {jwt}"));
    let headers: Vec<_> = bearer.iter().map(|bearer| ("authorization", bearer.as_str())).collect();
    let body = json!({"author": "Ai đó", "text": "Chào."});
    service.ask("POST", "articles/banh-da-cua/comments", &headers, &body).await
}

#[tokio::test]
async fn who_is_known_signs_with_the_name_that_the_portal_knows() {
    let service = Service::with(&["--identity", "sso", "--sso-keys", KEYS]).await;
    let now = service.app.now().0 / 1000;
    let claims =
        json!({"aud": "haidang", "exp": now + 60, "name": "Nguyễn Thị Lan", "badge": "staff"});
    for algorithm in [Algorithm::EdDSA, Algorithm::RS256] {
        let comment = post_as(&service, Some(&word(algorithm, &claims))).await.json();
        assert_eq!(
            (&comment["author"], &comment["badge"]),
            (&json!("Nguyễn Thị Lan"), &json!("staff"))
        );
    }
    let anonymous = post_as(&service, None).await.json();
    assert_eq!((&anonymous["author"], &anonymous["badge"]), (&json!("Ai đó"), &json!("reader")));
}

#[tokio::test]
async fn the_agency_answers_at_once_where_readers_wait() {
    let arguments = ["--moderation", "held", "--identity", "sso", "--sso-keys", KEYS];
    let service = Service::with(&arguments).await;
    let now = service.app.now().0 / 1000;
    let mut claims = json!({"aud": "haidang", "exp": now + 60, "name": "Lan", "badge": "staff"});
    let state = async |claims: &Value| {
        post_as(&service, Some(&word(Algorithm::EdDSA, claims))).await.json()["state"].clone()
    };
    assert_eq!(state(&claims).await, "published");
    claims["badge"] = json!("reader");
    assert_eq!(state(&claims).await, "held");
}

#[tokio::test]
async fn a_word_that_does_not_hold_is_refused() {
    let service = Service::with(&["--identity", "required", "--sso-keys", KEYS]).await;
    let now = service.app.now().0 / 1000;
    let good = json!({"aud": "haidang", "exp": now + 60, "name": "Lan"});
    let with = |key: &str, value: Value| {
        let mut claims = good.clone();
        claims[key] = value;
        word(Algorithm::EdDSA, &claims)
    };
    let strange = EncodingKey::from_ed_pem(include_bytes!("keys/stranger.pem")).unwrap();
    let strange = encode(&Header::new(Algorithm::EdDSA), &good, &strange).unwrap();
    let keys = std::fs::read(KEYS).unwrap();
    let confused =
        encode(&Header::new(Algorithm::HS256), &good, &EncodingKey::from_secret(&keys)).unwrap();
    for (what, jwt) in [
        ("none", None),
        ("expired", Some(with("exp", json!(now - 61)))),
        ("not yet valid", Some(with("nbf", json!(now + 61)))),
        ("for another", Some(with("aud", json!("other")))),
        ("without a name", Some(with("name", Value::Null))),
        ("garbage", Some("a.b.c".to_owned())),
        ("of a stranger", Some(strange)),
        ("of who knows our public key", Some(confused)),
    ] {
        let answer = post_as(&service, jwt.as_deref()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {}", answer.text());
        assert_eq!(answer.json()["type"], "urn:haidang:problem:identity", "{what}");
        assert_eq!(answer.header("www-authenticate"), "Bearer");
    }
    for (what, jwt) in
        [("skewed", with("exp", json!(now - 59))), ("good", with("nbf", json!(now + 59)))]
    {
        assert_eq!(post_as(&service, Some(&jwt)).await.status, StatusCode::CREATED, "{what}");
    }
    let vote =
        service.ask("POST", "articles/banh-da-cua/comments/x/vote", &[], &json!({"vote": 1})).await;
    assert_eq!(vote.status, StatusCode::UNAUTHORIZED);
    assert_eq!(service.api("articles/banh-da-cua/comments").await["rules"]["identity"], "required");
}

#[tokio::test]
async fn who_moderates_is_told_of_what_is_held_until_it_is_taken() {
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let told = Arc::clone(&seen);
    let (sender, mut taken) = tokio::sync::mpsc::unbounded_channel();
    let take = move |headers: HeaderMap, body: Bytes| {
        let signature = headers["x-haidang-signature"].to_str().unwrap().to_owned();
        let mut told = told.lock().unwrap();
        told.push((signature, String::from_utf8(body.to_vec()).unwrap()));
        let is_first = told.len() == 1;
        drop(told);
        sender.send(is_first).unwrap();
        async move { if is_first { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT } }
    };
    let base = upstream(|_| Router::new().route("/hook", post(take))).await;
    let hook = format!("{base}/hook");
    let service = Service::with(&[
        "--moderation",
        "held",
        "--webhook",
        &hook,
        "--webhook-secret",
        "s",
        "--webhook-private",
    ])
    .await;
    let comment = post_as(&service, None).await.json();
    assert_eq!(taken.recv().await, Some(true));
    assert_eq!(taken.recv().await, Some(false), "what failed is sent again");
    let seen = seen.lock().unwrap();
    assert_eq!(seen[0], seen[1]);
    let (signature, body) = &seen[0];
    assert!(signature.starts_with("sha256=") && signature.len() == 7 + 64);
    let body: Value = serde_json::from_str(body).unwrap();
    assert_eq!(body, json!({"event": "held", "article": "banh-da-cua", "comment": comment["id"]}));
}
