//! A backend that can be made to misbehave, and a site whose portal.json names it.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    prerender::site,
    upstream::{json_of, upstream},
};

/// A backend with the native API, which can be made to misbehave.
#[derive(Default)]
pub struct Cms {
    pub articles: Mutex<Vec<Value>>,
    pub asked: AtomicUsize,
    /// After so many answers there are no more.
    pub dies_after: Mutex<Option<usize>>,
    /// Whether each address is too busy the first time.
    pub is_busy: AtomicBool,
    seen: Mutex<HashSet<String>>,
    /// Whether it says of everything that there is no such thing.
    pub is_off: AtomicBool,
}

pub fn article(id: &str, slug: &str, body: &str) -> Value {
    json!({
        "headline": { "key": { "id": id }, "work": id, "lang": "en", "slug": slug, "title": format!("Of {id}"),
            "published": "2026-11-12T08:00:00Z" },
        "body": { "format": "html", "value": body },
    })
}

impl Cms {
    pub async fn start(articles: Vec<Value>) -> (Arc<Self>, TempDir) {
        let cms = Arc::new(Self { articles: Mutex::new(articles), ..Self::default() });
        let answering = cms.clone();
        let base = upstream(|_| {
            Router::new().fallback(move |uri: Uri| {
                let cms = answering.clone();
                async move { cms.answer(&uri) }
            })
        })
        .await;
        let off = json!({ "comments": false, "search": false, "documents": false, "press": false, "notices": false });
        let portal = json!({
            "version": 1, "id": "p", "name": { "en": "Portal" }, "timezone": "UTC", "features": off,
            "languages": [{ "code": "en", "name": "E" }], "default": "en",
            "sources": [{ "id": "cms", "base": base }],
        });
        (cms, site(&portal))
    }

    fn answer(&self, uri: &Uri) -> Response {
        let asked = self.asked.fetch_add(1, Ordering::SeqCst);
        if self.dies_after.lock().unwrap().is_some_and(|last| asked >= last) {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
        let is_new = self.seen.lock().unwrap().insert(uri.to_string());
        if is_new && self.is_busy.load(Ordering::SeqCst) {
            return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response();
        }
        let articles = self.articles.lock().unwrap();
        let headlines: Vec<_> =
            articles.iter().map(|article| article["headline"].clone()).collect();
        let answer = match uri.path() {
            _ if self.is_off.load(Ordering::SeqCst) => None,
            "/front" => Some(json!({ "lead": headlines, "latest": [], "sections": [] })),
            "/articles" => Some(json!({ "items": headlines })),
            path => {
                let id = path
                    .strip_prefix("/articles/")
                    .map(|id| id.replace("%2F", "/"))
                    .unwrap_or_default();
                articles.iter().find(|article| article["headline"]["key"]["id"] == *id).cloned()
            }
        };
        match answer {
            Some(json) => json_of(&json.to_string(), &[]),
            None => (StatusCode::NOT_FOUND, json_of(r#"{"title": "none"}"#, &[])).into_response(),
        }
    }
}
