//! Emergency notices to browsers that have subscribed.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use haidang_engine::{lang::Lang, time::Timestamp};
use haidang_server::{
    outbound::Outbound,
    push::{Push, Reader, Told},
    store::{notices::Bulletin, push::Subscription},
};
use ring::{
    agreement::{ECDH_P256, EphemeralPrivateKey},
    rand::SystemRandom,
};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{service::Service, upstream::upstream};

const CONTACT: [&str; 2] = ["--push-contact", "mailto:editor@example.org"];

/// A browser, as a carrier at `endpoint` knows it.
fn browser(endpoint: String, lang: &str) -> Subscription {
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
    let key = private.compute_public_key().unwrap().as_ref().to_vec();
    let reader = Reader { key, auth: vec![3; 16] };
    Subscription { endpoint, reader, lang: Lang::parse(lang).unwrap() }
}

fn storm() -> Bulletin {
    serde_json::from_value(json!({
        "id": "storm-10", "level": "emergency", "dismissible": false, "article": "bao-so-9",
        "titles": { "vi": "Bão số 10", "en": "Storm 10" }, "texts": { "vi": "Vào nơi trú." },
        "issued": "2026-11-13T08:00:00+07:00", "expires": "2026-11-13T09:00:00+07:00",
    }))
    .unwrap()
}

fn subscription(endpoint: &str) -> Value {
    let browser = browser(String::new(), "en");
    json!({
        "endpoint": endpoint, "p256dh": BASE64.encode(&browser.reader.key),
        "auth": BASE64.encode(&browser.reader.auth), "lang": "en",
    })
}

#[tokio::test]
async fn a_portal_that_names_no_contact_offers_nothing_and_takes_nobody() {
    let service = Service::start().await;
    assert_eq!(service.api("push").await, json!({}));
    let new = subscription("https://push.example.org/1");
    assert_eq!(service.ask("POST", "push", &[], &new).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_key_is_made_once_and_a_browser_subscribes_and_goes_again() {
    let service = Service::with(&CONTACT).await;
    let key = service.api("push").await["key"].as_str().unwrap().to_owned();
    assert_eq!(BASE64.decode(&key).unwrap().len(), 65);
    let again = Push::open(&service.app.store, Some("https://example.org/")).await.unwrap();
    assert_eq!(again.unwrap().key(), key);
    let new = subscription("https://push.example.org/1");
    for _ in 0..2 {
        assert_eq!(service.ask("POST", "push", &[], &new).await.status, StatusCode::NO_CONTENT);
    }
    let known = service.app.store.subscriptions().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(known[0].lang.as_str(), "en");
    let old = json!({ "endpoint": "https://push.example.org/1" });
    assert_eq!(service.ask("POST", "push/forget", &[], &old).await.status, StatusCode::NO_CONTENT);
    assert!(service.app.store.subscriptions().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_no_subscription_is_refused_by_its_field() {
    let service = Service::with(&CONTACT).await;
    for (field, value) in [
        ("endpoint", "http://push.example.org/1"),
        ("endpoint", "not an address"),
        ("p256dh", "AAAA"),
        ("auth", "%%"),
    ] {
        let mut new = subscription("https://push.example.org/1");
        new[field] = value.into();
        let answer = service.ask("POST", "push", &[], &new).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answer.json()["field"], field);
    }
}

#[tokio::test]
async fn an_emergency_goes_to_everybody_and_who_has_gone_is_forgotten() {
    let service = Service::with(&CONTACT).await;
    let (tell, mut told) = mpsc::unbounded_channel::<(HeaderMap, Bytes)>();
    let carrier = upstream(move |_| {
        let take = move |headers: HeaderMap, body: Bytes| async move {
            tell.send((headers, body)).unwrap();
            StatusCode::CREATED
        };
        Router::new()
            .route("/here", post(take))
            .route("/gone", post(|| async { StatusCode::GONE }))
            .route("/broken", post(|| async { StatusCode::BAD_GATEWAY }))
    })
    .await;
    let (store, now) = (&service.app.store, Timestamp::parse("2026-11-13T08:00:00+07:00").unwrap());
    for name in ["here", "gone", "broken"] {
        store.subscribe(&browser(format!("{carrier}/{name}"), "vi"), now).await.unwrap();
    }
    let outbound = Arc::new(Outbound::new(true).unwrap());
    let push = service.app.push.as_ref().unwrap();
    let sent = push.tell(store, &outbound, &storm(), now).await.unwrap();
    assert_eq!(sent, Told { taken: 1, gone: 1, failed: 1 });
    let (headers, body) = told.recv().await.unwrap();
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-encoding"), "aes128gcm");
    assert_eq!(header("ttl"), "3600");
    assert!(header("authorization").starts_with("vapid t="));
    // Nothing of it can be read on the way.
    assert!(body.len() > 86 && !String::from_utf8_lossy(&body).contains("Storm"));
    let left = store.subscriptions().await.unwrap();
    let left: Vec<_> =
        left.iter().map(|known| known.endpoint.rsplit_once('/').unwrap().1).collect();
    assert_eq!(left, ["broken", "here"]);
}

#[tokio::test]
async fn a_carrier_within_ones_own_network_is_not_asked() {
    let service = Service::with(&CONTACT).await;
    let carrier = upstream(|_| Router::new().route("/", post(|| async { "taken" }))).await;
    let (store, now) = (&service.app.store, Timestamp(0));
    store.subscribe(&browser(carrier, "vi"), now).await.unwrap();
    let outbound = Arc::new(Outbound::new(false).unwrap());
    let push = service.app.push.as_ref().unwrap();
    let sent = push.tell(store, &outbound, &storm(), now).await.unwrap();
    assert_eq!(sent, Told { failed: 1, ..Told::default() });
}

#[tokio::test]
async fn a_notice_is_published_changed_and_withdrawn() {
    let service = Service::start().await;
    let store = &service.app.store;
    store.publish(&storm()).await.unwrap();
    let first = &service.api("notices?lang=en").await["items"][0];
    assert_eq!((&first["id"], &first["title"]), (&json!("storm-10"), &json!("Storm 10")));
    let mut changed = storm();
    changed.titles.0.insert(Lang::ENGLISH, "Storm 10 is over".to_owned());
    store.publish(&changed).await.unwrap();
    assert_eq!(service.api("notices?lang=en").await["items"][0]["title"], "Storm 10 is over");
    assert!(store.withdraw("storm-10").await.unwrap());
    assert!(!store.withdraw("storm-10").await.unwrap());
    let left = service.api("notices?lang=en").await;
    assert!(left["items"].as_array().unwrap().iter().all(|notice| notice["id"] != "storm-10"));
}
