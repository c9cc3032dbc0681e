//! Somebody else's page, with elements of the portal's: served from another origin, as a journey writes it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::net::TcpListener;

use crate::Reader;

type Files = Arc<Mutex<HashMap<String, (HeaderMap, String)>>>;

/// Pages of another origin; their server ends with this.
pub struct Host {
    files: Files,
    address: String,
    server: tokio::task::JoinHandle<()>,
}

impl Host {
    /// Starts with no pages.
    pub async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/", listener.local_addr()?);
        let files = Files::default();
        let router = Router::new().fallback(answer).with_state(files.clone());
        let server = tokio::spawn(async move {
            // Ends only with its task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { files, address, server })
    }

    /// Its address, with a slash at its end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What JSON stands at an address.
    pub async fn json(address: &str) -> Result<Value> {
        let answer = reqwest::get(address).await?.error_for_status()?;
        Ok(serde_json::from_str(&answer.text().await?)?)
    }

    /// From now on there is this file.
    pub fn put(&self, path: &str, headers: &[(&str, &str)], text: &str) -> Result<()> {
        let kind = if path.ends_with(".js") { "text/javascript" } else { "text/html" };
        let mut all = HeaderMap::new();
        let kind = HeaderValue::try_from(format!("{kind}; charset=utf-8"))?;
        all.insert(header::CONTENT_TYPE, kind);
        for (name, value) in headers {
            all.insert(HeaderName::try_from(*name)?, HeaderValue::try_from(*value)?);
        }
        let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.insert(format!("/{path}"), (all, text.to_owned()));
        Ok(())
    }

    /// A page with the elements `body`, which the reader opens.
    pub async fn show(&self, reader: &Reader, body: &str) -> Result<()> {
        self.show_with(reader, &[], "", body).await
    }

    /// Likewise, with headers and with more in its head.
    pub async fn show_with(
        &self,
        reader: &Reader,
        headers: &[(&str, &str)],
        head: &str,
        body: &str,
    ) -> Result<()> {
        let script = reader.portal.address();
        let page = format!(
            "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\"><title>Trang khác</title>{head}\
             <script type=\"module\" src=\"{script}embed/v1/embed.js\"></script></head>\
             <body><main><h1>Trang khác</h1>{body}</main></body></html>"
        );
        self.put("", headers, &page)?;
        reader.visit(&self.address).await
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(files): State<Files>, request: Request) -> Response {
    let files = files.lock().unwrap_or_else(PoisonError::into_inner);
    match files.get(request.uri().path()) {
        Some((headers, text)) => (headers.clone(), text.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
