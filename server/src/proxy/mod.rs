//! `/proxy/{source}/…`: backends that no page of another origin may ask (no CORS), or that want a secret.
//!
//! What may be asked is in a file of its own, `rule`: bases and methods, nothing else. `headers` says what
//! of a request goes out and what of an answer comes in, `members` what would make another request of it. Answers are
//! kept as long as the backend allows. They never run as pages of the portal: their policy is a sandbox without anything.

mod headers;
mod members;
mod rule;

use std::{collections::BTreeMap, path::Path, sync::Arc, time::Instant};

use anyhow::Context;
use axum::{
    body::to_bytes,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use url::Url;

use crate::{
    api::client::Client,
    app::App,
    home,
    outbound::{Cache, Outbound, Received, Sent, Trouble},
    problem::{AsItCame, Problem, Result},
};
use rule::Rule;

/// Where answers of backends begin.
pub const PREFIX: &str = "/proxy/";

/// The sources that are asked through here.
pub struct Proxy {
    rules: BTreeMap<String, Rule>,
    public: Outbound,
    private: Outbound,
    cache: Cache,
}

impl Proxy {
    /// Reads the file that says what may be asked.
    pub fn open(file: &Path) -> anyhow::Result<Self> {
        let rules = rule::read(file).with_context(|| file.display().to_string())?;
        let (public, private) = (Outbound::new(false)?, Outbound::new(true)?);
        Ok(Self { rules, public, private, cache: Cache::default() })
    }

    async fn send(&self, rule: &Rule, sent: Sent) -> Result<Received> {
        let outbound = if rule.private { &self.private } else { &self.public };
        let received = outbound.send(sent, rule.limits(), |url| rule.holds(url)).await;
        received.map_err(|trouble| {
            tracing::warn!(base = %rule.base, %trouble, "proxy");
            match trouble {
                Trouble::TimedOut => Problem::backend(StatusCode::GATEWAY_TIMEOUT, &trouble),
                _ => Problem::backend(StatusCode::BAD_GATEWAY, &trouble),
            }
        })
    }

    /// As [`Proxy::send`], but asks only for what is not kept here, or may have changed.
    async fn get(&self, rule: &Rule, sent: Sent) -> Result<Received> {
        match self.cache.fresh(&sent, Instant::now()) {
            Some(received) => Ok(received),
            None => self.cache.renew(sent, |sent| self.send(rule, sent)).await,
        }
    }

    /// Something has changed behind it: all is asked for again.
    pub fn expire(&self) {
        self.cache.expire();
    }
}

/// Answers from a backend.
pub async fn serve(
    State(app): State<Arc<App>>,
    client: Client,
    request: Request,
) -> Result<Response> {
    let unknown = || Problem::not_found("such address");
    let proxy = app.proxy.as_ref().ok_or_else(unknown)?;
    let (parts, body) = request.into_parts();
    let below = parts.uri.path().strip_prefix(PREFIX).ok_or_else(unknown)?;
    let (source, path) = below.split_once('/').unwrap_or((below, ""));
    let rule = proxy.rules.get(source).ok_or_else(unknown)?;
    let url = rule.url(path, parts.uri.query()).map_err(Problem::bad_request)?;
    let reads = matches!(parts.method, Method::GET | Method::HEAD);
    let method = if reads { Method::GET } else { parts.method.clone() };
    if !rule.allows(&method) {
        return Ok(not_allowed(rule));
    }
    let elsewhere = || Problem::bad_request("The request names another method or address");
    if parts.uri.query().is_some_and(|query| members::query_leads_elsewhere(query.as_bytes())) {
        return Err(elsewhere());
    }
    let body = if reads {
        Vec::new()
    } else {
        writes(&app, rule, client, &parts)?;
        let body = to_bytes(body, app.body_limit).await;
        body.map_err(|_| Problem::of_status(StatusCode::PAYLOAD_TOO_LARGE))?.into()
    };
    if members::body_leads_elsewhere(&parts.headers, &body) {
        return Err(elsewhere());
    }
    let sent = sent(rule, method, url, &parts.headers, body);
    let received = match reads && !rule.passes_credentials() {
        true => proxy.get(rule, sent).await?,
        false => proxy.send(rule, sent).await?,
    };
    Ok(answer(rule, received))
}

/// What writing needs beside a method that is allowed.
fn writes(app: &App, rule: &Rule, client: Client, parts: &Parts) -> Result<()> {
    // With the reader's cookies a page of somebody else would write in the reader's name.
    if rule.passes_credentials() && !is_from_here(&parts.headers) {
        return Err(Problem::of_status(StatusCode::FORBIDDEN));
    }
    if members::has_parts(&parts.headers) {
        return Err(Problem::of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    app.limits.writing.admit(client).map_err(Problem::busy)
}

/// Whether a page of this site writes: as the browser says, or by the page's origin where it says nothing.
fn is_from_here(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site != "cross-site";
    }
    let origin = headers.get(header::ORIGIN).and_then(|origin| origin.to_str().ok());
    let host = origin.and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    host.zip(home::host(headers)).is_some_and(|(host, own)| host.eq_ignore_ascii_case(own))
}

fn sent(rule: &Rule, method: Method, url: Url, asked: &HeaderMap, body: Vec<u8>) -> Sent {
    let mut headers = headers::outgoing(asked, &rule.pass);
    if let Some((name, value)) = &rule.secret {
        headers.insert(name.clone(), value.clone());
    }
    Sent { method, url, headers, body }
}

fn not_allowed(rule: &Rule) -> Response {
    let mut response = Problem::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    let allowed = HeaderValue::try_from(
        rule.methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", "),
    );
    if let Ok(allowed) = allowed {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    response
}

fn answer(rule: &Rule, received: Received) -> Response {
    let mut response = received.body.into_response();
    *response.status_mut() = received.status;
    *response.headers_mut() = headers::incoming(&received.headers, &rule.pass);
    let sandbox = HeaderValue::from_static("default-src 'none'; sandbox");
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, sandbox);
    response.extensions_mut().insert(AsItCame);
    response
}
