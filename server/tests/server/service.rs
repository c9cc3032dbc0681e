//! A server in this process, and what it answers.

use std::{
    fs,
    sync::{Arc, OnceLock},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, request::Builder},
};
use clap::Parser;
use haidang_engine::time::Timestamp;
use haidang_server::{
    app::{App, Clock, router},
    config::Cli,
    demo::{Content, import},
    store::Store,
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// The day after the storm of the demo.
fn autumn() -> Timestamp {
    Timestamp::parse("2026-11-13T08:00:00+07:00").unwrap()
}

/// A database with the demo portal: filled once, copied for each test.
fn filled() -> &'static [u8] {
    static FILLED: OnceLock<Vec<u8>> = OnceLock::new();
    let fill = async || {
        let data = TempDir::new().unwrap();
        let store = Store::open(data.path()).await.unwrap();
        import(&store, &Content::embedded(), autumn()).await.unwrap();
        store.close().await;
        fs::read(data.path().join("haidang.db")).unwrap()
    };
    let in_its_own_runtime = move || tokio::runtime::Runtime::new().unwrap().block_on(fill());
    FILLED.get_or_init(|| std::thread::spawn(in_its_own_runtime).join().unwrap())
}

/// A server with the demo portal.
pub struct Service {
    pub app: Arc<App>,
    router: Router,
    _data: TempDir,
}

/// What it answered.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Service {
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// With these arguments on the command line.
    pub async fn with(arguments: &[&str]) -> Self {
        let data = TempDir::new().unwrap();
        fs::write(data.path().join("haidang.db"), filled()).unwrap();
        Self::over(data, autumn, arguments).await
    }

    /// With an empty database, so that this is its first start.
    pub async fn first(arguments: &[&str]) -> Self {
        Self::first_at(autumn, arguments).await
    }

    /// Started for the first time at another time.
    pub async fn first_at(clock: Clock, arguments: &[&str]) -> Self {
        Self::over(TempDir::new().unwrap(), clock, arguments).await
    }

    async fn over(data: TempDir, clock: Clock, arguments: &[&str]) -> Self {
        let folder = data.path().to_str().unwrap();
        // Most tests are about something else than moderation.
        let at_once: &[&str] =
            if arguments.contains(&"--moderation") { &[] } else { &["--moderation", "published"] };
        let arguments = [&["haidang-server", "--data", folder], at_once, arguments].concat();
        let config = Cli::try_parse_from(arguments).unwrap().serve;
        let app = Arc::new(App::start(&config, &Content::embedded(), clock).await.unwrap());
        let router = router(Arc::clone(&app), &config).unwrap();
        Self { app, router, _data: data }
    }

    /// The database alone, as long as its folder is kept.
    pub fn into_store(self) -> (TempDir, Store) {
        (self._data, self.app.store.clone())
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(request(path).body(Body::empty()).unwrap()).await
    }

    /// The JSON at a path of the API.
    pub async fn api(&self, path: &str) -> Value {
        let answer = self.get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
        answer.json()
    }

    /// Sends a request with a JSON body, unless that is null, to the API.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Answer {
        let mut request = request(&format!("/api/v1/{path}")).method(method);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if body.is_null() {
            return self.send(request.body(Body::empty()).unwrap()).await;
        }
        let request = request.header("content-type", "application/json");
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Opens something that does not end, e.g. a stream of events.
    pub async fn open(&self, request: Request<Body>) -> axum::response::Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Posts a comment under an article.
    pub async fn post(&self, article: &str, key: Option<&str>, comment: &Value) -> Answer {
        let mut post = request(&format!("/api/v1/articles/{article}/comments"))
            .method("POST")
            .header("content-type", "application/json");
        if let Some(key) = key {
            post = post.header("idempotency-key", key);
        }
        self.send(post.body(Body::from(comment.to_string())).unwrap()).await
    }
}

pub fn request(path: &str) -> Builder {
    Request::builder().uri(path)
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// A query string, encoded.
pub fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::from("?")).extend_pairs(pairs).finish()
}

/// The ids of the items of a list.
pub fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(id).collect()
}

/// The id of a headline, a document or a term.
pub fn id(item: &Value) -> &str {
    item["key"]["id"].as_str().or(item["id"].as_str()).unwrap()
}
