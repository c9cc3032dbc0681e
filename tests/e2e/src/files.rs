//! A static host: files as they lie, as nginx serves them by `try_files $uri $uri.html $uri/index.html`, with the
//! portal's API behind the same address.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Result;
use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use percent_encoding::percent_decode_str;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::Portal;

/// A static host; it ends with this.
pub struct Files {
    address: String,
    /// `None` once it serves.
    listener: Option<TcpListener>,
    server: Option<JoinHandle<()>>,
}

struct Behind {
    folder: PathBuf,
    /// The portal, without a slash at its end.
    portal: String,
}

impl Files {
    /// Takes an address: what lies there may name it.
    pub async fn take() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/", listener.local_addr()?);
        Ok(Self { address, listener: Some(listener), server: None })
    }

    /// Its address, with a slash at its end.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Serves what lies in `folder`, and asks `portal` what the app asks of an API.
    pub fn serve(&mut self, folder: &Path, portal: &Portal) {
        let Some(listener) = self.listener.take() else { return };
        let portal = portal.address().trim_end_matches('/').to_owned();
        let behind = Arc::new(Behind { folder: folder.to_owned(), portal });
        let router = Router::new().fallback(answer).with_state(behind);
        self.server = Some(tokio::spawn(async move {
            // Ends only with its task.
            let _ = axum::serve(listener, router).await;
        }));
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

async fn answer(State(behind): State<Arc<Behind>>, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let answer = match path.starts_with("/api/") {
        true => pass_on(&behind.portal, request).await,
        false => file(&behind.folder, &path),
    };
    let mut answer =
        answer.unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response());
    // A connection that stays open would outlive the host.
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    answer
}

fn file(folder: &Path, path: &str) -> Result<Response> {
    let path = percent_decode_str(path.trim_start_matches('/')).decode_utf8_lossy();
    let tried = [path.to_string(), format!("{path}.html"), format!("{path}/index.html")];
    let found = tried.iter().map(|file| folder.join(file)).find(|file| file.is_file());
    let (status, file) = match found {
        Some(file) => (StatusCode::OK, file),
        None => (StatusCode::NOT_FOUND, folder.join("404.html")),
    };
    let kind = match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    Ok((status, [(header::CONTENT_TYPE, kind)], std::fs::read(file)?).into_response())
}

async fn pass_on(portal: &str, request: Request) -> Result<Response> {
    let (head, body) = request.into_parts();
    let asked = head.uri.path_and_query().map_or("/", |asked| asked.as_str());
    let client = reqwest::Client::new().request(head.method, format!("{portal}{asked}"));
    let answer = client.body(to_bytes(body, usize::MAX).await?).send().await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let kind = headers.get(header::CONTENT_TYPE).cloned();
    let mut response = (status, answer.bytes().await?).into_response();
    if let Some(kind) = kind {
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    Ok(response)
}
