//! A backend that misbehaves: it stands between the page and the portal's API, passes on what it is
//! asked, and spoils the answers it is told to.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use axum::{
    Router,
    body::{self, Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures::{StreamExt, stream};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

use crate::Portal;

/// What is wrong with an answer.
#[derive(Clone)]
pub enum Fault {
    /// The second half is missing.
    Cut,
    /// An HTML page instead of JSON.
    Html,
    /// Another status, with a body that is no JSON.
    Status(u16),
    /// 429, with `Retry-After` in seconds.
    Busy(u32),
    /// A problem document (RFC 9457): status and `detail`.
    Problem(u16, &'static str),
    /// Comes only once the fault is lifted.
    Held,
    /// The request is carried out, but the connection breaks before it is told. Over a connection that
    /// was used before, browsers then send it once more by themselves.
    Lost,
    /// The request is carried out, but the connection breaks while it is told.
    Torn,
    /// The JSON is changed.
    Changed(fn(&mut Value)),
}

/// The misbehaving backend; it ends with this.
pub struct Faulty {
    state: Arc<Shared>,
    server: tokio::task::JoinHandle<()>,
}

struct Shared {
    /// The API behind.
    api: String,
    client: reqwest::Client,
    /// The fault of each spoilt answer, by method and the beginning of the path.
    faults: Mutex<Vec<(Method, String, Fault)>>,
    /// Tells answers that are held that the faults have changed.
    changed: watch::Sender<()>,
}

impl Faulty {
    /// Stands before the portal's API from now on: the next page that starts asks here, also with
    /// what the start-up script sends early.
    pub async fn before(portal: &Portal) -> Result<Self> {
        Self::before_source(portal, 0).await
    }

    /// Likewise before the API of one of the portal's sources.
    pub async fn before_source(portal: &Portal, index: usize) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let base = format!("http://{}", listener.local_addr()?);
        let mut configuration = portal.configured()?;
        let source = configuration.pointer_mut(&format!("/sources/{index}"));
        let source = source.and_then(Value::as_object_mut);
        let source = source.context("the portal has no such source")?;
        // Long enough for an answer, short enough for a journey.
        let (api, timeout) = match source.get("base").and_then(Value::as_str) {
            Some(elsewhere) if elsewhere.starts_with("http") => (elsewhere.to_owned(), 10_000),
            _ => (format!("{}api/v1", portal.address()), 2_000),
        };
        source.insert("base".to_owned(), base.clone().into());
        source.insert("timeout".to_owned(), timeout.into());
        let state = Arc::new(Shared {
            api,
            client: reqwest::Client::new(),
            faults: Mutex::default(),
            changed: watch::Sender::new(()),
        });
        let router = Router::new().fallback(answer).with_state(state.clone());
        let server = tokio::spawn(async move {
            // Ends only with its task.
            let _ = axum::serve(listener, router).await;
        });
        let own = format!("{base}/");
        let early = configuration.get_mut("early").and_then(Value::as_array_mut);
        for early in early.into_iter().flatten() {
            let get = early.get_mut("get").context("an early request without address")?;
            *get = get.as_str().unwrap_or_default().replacen("api/v1/", &own, 1).into();
        }
        portal.configure(&configuration.to_string())?;
        Ok(Self { state, server })
    }

    /// The API behind, without a slash at its end.
    pub fn api(&self) -> &str {
        &self.state.api
    }

    /// From now on spoils answers to GET requests whose path begins with `path`.
    pub fn spoil(&self, path: &str, fault: Fault) {
        self.state.spoil(Method::GET, path, fault);
    }

    /// From now on spoils answers to POST requests whose path begins with `path`.
    pub fn spoil_post(&self, path: &str, fault: Fault) {
        self.state.spoil(Method::POST, path, fault);
    }

    /// Behaves again; held answers go out.
    pub fn lift(&self) {
        self.state.faults.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.state.changed.send_replace(());
    }
}

impl Drop for Faulty {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn spoil(&self, method: Method, path: &str, fault: Fault) {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        faults.push((method, path.to_owned(), fault));
    }

    fn fault(&self, method: &Method, path: &str) -> Option<Fault> {
        let faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |(of, begins, _): &&(Method, String, Fault)| {
            of == method && path.starts_with(begins.as_str())
        };
        faults.iter().find(fits).map(|(.., fault)| fault.clone())
    }
}

/// Answers with what a page of another origin needs to be let in.
async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        spoilt(&shared, request)
            .await
            .unwrap_or_else(|error| (StatusCode::BAD_GATEWAY, error.to_string()).into_response())
    };
    let headers = response.headers_mut();
    let any = HeaderValue::from_static("*");
    for name in [
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        header::ACCESS_CONTROL_ALLOW_METHODS,
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
    ] {
        headers.insert(name, any.clone());
    }
    response
}

async fn spoilt(shared: &Shared, request: Request) -> Result<Response> {
    let path = request.uri().path_and_query().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_default();
    let fault = shared.fault(request.method(), path.trim_start_matches('/'));
    let json = [(header::CONTENT_TYPE, "application/json")];
    Ok(match fault {
        None => pass_on(shared, request, &path).await?,
        Some(Fault::Cut) => {
            let (status, bytes) = whole(shared, request, &path).await?;
            let half = bytes.slice(..bytes.len() / 2);
            (status, json, half).into_response()
        }
        Some(Fault::Html) => {
            let html = [(header::CONTENT_TYPE, "text/html")];
            (html, "<!doctype html><title>Welcome</title><h1>It works!</h1>").into_response()
        }
        Some(Fault::Status(status)) => {
            (StatusCode::from_u16(status)?, "<h1>Something went wrong</h1>").into_response()
        }
        Some(Fault::Busy(seconds)) => {
            let later = [(header::RETRY_AFTER, seconds.to_string())];
            (StatusCode::TOO_MANY_REQUESTS, later).into_response()
        }
        Some(Fault::Problem(status, detail)) => {
            let problem =
                serde_json::json!({ "status": status, "title": "Refused", "detail": detail });
            (StatusCode::from_u16(status)?, json, problem.to_string()).into_response()
        }
        Some(Fault::Held) => {
            shared.changed.subscribe().changed().await?;
            pass_on(shared, request, &path).await?
        }
        Some(Fault::Lost) => {
            whole(shared, request, &path).await?;
            let broken = Err::<Bytes, _>(std::io::Error::other("the connection breaks"));
            Body::from_stream(stream::iter([broken])).into_response()
        }
        Some(Fault::Torn) => {
            let (status, _) = whole(shared, request, &path).await?;
            // What has been said so far goes out before the connection breaks.
            let told = stream::once(async { Ok(Bytes::from_static(b" ")) });
            let broken = stream::once(async {
                tokio::task::yield_now().await;
                Err(std::io::Error::other("the connection breaks"))
            });
            (status, json, Body::from_stream(told.chain(broken))).into_response()
        }
        Some(Fault::Changed(change)) => {
            let (status, bytes) = whole(shared, request, &path).await?;
            let mut value = serde_json::from_slice(&bytes)?;
            change(&mut value);
            (status, json, value.to_string()).into_response()
        }
    })
}

/// The API's own answer, as it comes: a stream of events has no end.
async fn pass_on(shared: &Shared, request: Request, path: &str) -> Result<Response> {
    let answer = ask(shared, request, path).await?;
    let mut response = StatusCode::from_u16(answer.status().as_u16())?.into_response();
    *response.headers_mut() = answer.headers().clone();
    // They are about the connection from there, or let the browser keep what is to be spoilt later.
    for name in [
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::TRANSFER_ENCODING,
        header::CACHE_CONTROL,
        header::ETAG,
        header::LAST_MODIFIED,
    ] {
        response.headers_mut().remove(name);
    }
    let chunks = stream::try_unfold(answer, async |mut answer: reqwest::Response| {
        Ok::<_, reqwest::Error>(answer.chunk().await?.map(|chunk| (chunk, answer)))
    });
    *response.body_mut() = Body::from_stream(chunks);
    Ok(response)
}

/// The API's own answer, once it is all there.
async fn whole(shared: &Shared, request: Request, path: &str) -> Result<(StatusCode, Bytes)> {
    let answer = ask(shared, request, path).await?;
    Ok((answer.status(), answer.bytes().await?))
}

async fn ask(shared: &Shared, request: Request, path: &str) -> Result<reqwest::Response> {
    let (mut head, sent) = request.into_parts();
    let sent = body::to_bytes(sent, usize::MAX).await?;
    // They are about the connection to here, or ask for an answer that could not be spoilt.
    for name in [
        header::HOST,
        header::CONNECTION,
        header::CONTENT_LENGTH,
        header::ACCEPT_ENCODING,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
    ] {
        head.headers.remove(name);
    }
    let on = shared.client.request(head.method, format!("{}{path}", shared.api));
    Ok(on.headers(head.headers).body(sent).send().await?)
}
