//! A backend with as many articles as are wanted, in one section, as the native API has them.

use std::sync::Arc;

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::Portal;

/// How many a list has where nobody says.
const PAGE: usize = 20;
/// What each article says beside its number.
const WORDS: &str = "Bến cảng đêm nay yên tĩnh, chỉ còn ngọn hải đăng quay đều.";

/// The backend; it ends with this.
pub struct Archive(JoinHandle<()>);

impl Archive {
    /// The id of the section.
    pub const SECTION: &str = "archive";

    /// From now on the articles of `portal` are `size` from here.
    pub async fn of(portal: &Portal, size: usize) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let mut configuration = portal.configured()?;
        let fields = configuration.as_object_mut().context("the portal is no object")?;
        fields.insert("sources".to_owned(), json!([{ "id": "archive", "base": base }]));
        fields.insert("early".to_owned(), json!([]));
        let section =
            json!({ "section": Self::SECTION, "name": { "vi": "Kho lưu trữ", "en": "Archive" } });
        fields.insert("navigation".to_owned(), json!([section]));
        portal.configure(&configuration.to_string())?;
        let router = Router::new().fallback(answer).with_state(Arc::new(size));
        Ok(Self(tokio::spawn(async move {
            // Ends only with its task.
            let _ = axum::serve(listener, router).await;
        })))
    }

    /// The title of an article.
    pub fn title(number: usize) -> String {
        format!("Chuyện bến cảng số {number}")
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn answer(State(size): State<Arc<usize>>, uri: Uri) -> Response {
    let asked = uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let number = |wanted: &str| {
        let mut asked = asked.clone();
        asked.find(|(name, _)| *name == wanted).and_then(|(_, value)| value.parse::<usize>().ok())
    };
    let value = match uri.path().trim_matches('/').split_once('/') {
        None if uri.path() == "/articles" => {
            let from = number("cursor").unwrap_or_default();
            let to = (from + number("limit").unwrap_or(PAGE)).min(*size);
            let items: Vec<_> = (from..to).map(headline).collect();
            Some(json!({ "items": items, "next": (to < *size).then(|| to.to_string()) }))
        }
        Some(("articles", id)) => id.parse().ok().filter(|id| id < &*size).map(article),
        _ => None,
    };
    let status = if value.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let headers =
        [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (header::CONTENT_TYPE, "application/json")];
    let value = value.unwrap_or_else(|| json!({ "title": "none" }));
    (status, headers, value.to_string()).into_response()
}

fn headline(number: usize) -> Value {
    json!({
        "key": { "id": number.to_string() }, "work": number.to_string(), "lang": "vi", "slug": "chuyen-ben-cang",
        "title": Archive::title(number), "section": { "id": Archive::SECTION, "name": "Kho lưu trữ" },
        "published": "2026-11-12T08:00:00+07:00",
    })
}

fn article(number: usize) -> Value {
    let body = format!("<p>{WORDS}</p><p>Mã số lưu: kho{number}x.</p>");
    json!({ "headline": headline(number), "body": { "format": "html", "value": body }, "comments_open": false })
}
