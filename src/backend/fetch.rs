//! Sends requests: early ones taken over, a time limit, safe repeats, failures typed.

use std::{cell::Cell, pin::pin};

use futures::future::{Either, select};
use gloo_net::http::{RequestBuilder, Response as Answer};
use gloo_timers::future::TimeoutFuture;
use haidang_engine::{
    kept::is_due,
    profile::{Failure, Method, Request, Response, classify},
    time::Timestamp,
};
use js_sys::{Function, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{AbortController, AbortSignal, RequestCredentials};

use super::{loader::FRESH, now, told::told};
use crate::browser;

/// How often a safe request that failed for the moment is sent again.
const RETRIES: u32 = 2;
/// Milliseconds before the first repeat; each further one waits twice as long.
const BACKOFF: u32 = 400;
/// Seconds of `Retry-After` that are waited for; longer ones are left to the reader.
const PATIENCE: u32 = 3;
/// Milliseconds that a file of the portal's own may take.
const LIMIT: u32 = 10_000;
/// Milliseconds for which the start-up script is waited for.
const EARLY: u32 = 1_000;

thread_local! {
    /// When the app began, or asked early itself: what was asked then is new for as long as any answer.
    static BEGAN: Cell<Timestamp> = Cell::new(now());
}

/// Takes in what came, or says what failure it stands for.
pub type Judge<'a> = &'a mut dyn FnMut(Response) -> Result<(), Failure>;

/// What a backend answered.
#[derive(Default)]
pub struct Fetched {
    /// In the shape of the native API.
    pub value: Value,
    /// The backend wants it kept nowhere.
    pub no_store: bool,
}

/// Sends `request` to a native API until it is answered; a safe one again if it failed for the moment.
pub async fn send(request: &Request, abort: &AbortSignal) -> Result<Fetched, Failure> {
    let mut fetched = Fetched::default();
    let judge: Judge<'_> = &mut |response| {
        fetched.value = classify(response.status, retry_after(&response), &response.body)?;
        fetched.no_store = response.is_not_to_be_stored();
        Ok(())
    };
    send_for(request, abort, judge).await?;
    Ok(fetched)
}

/// Sends `request` until `judge` is content; a safe one again if it failed for the moment.
pub async fn send_for(
    request: &Request,
    abort: &AbortSignal,
    judge: Judge<'_>,
) -> Result<(), Failure> {
    let mut attempt = 0;
    loop {
        let result = send_once(request, abort, judge).await;
        let wait = match &result {
            Err(failure) if request.method == Method::Get && failure.is_transient() => {
                match failure {
                    // A slow server is not helped by asking again.
                    Failure::TimedOut => None,
                    // Without a network there is nothing to wait for.
                    Failure::Unreachable if !is_online() => None,
                    Failure::Busy { retry_after } if *retry_after > PATIENCE => None,
                    Failure::Busy { retry_after } => Some(retry_after * 1000),
                    _ => Some(BACKOFF << attempt),
                }
            }
            _ => None,
        };
        match wait {
            Some(wait) if attempt < RETRIES => {
                TimeoutFuture::new(wait).await;
                if abort.aborted() {
                    return Err(Failure::Aborted);
                }
                attempt += 1;
            }
            _ => return result,
        }
    }
}

/// Whether the browser knows of a network at all.
pub fn is_online() -> bool {
    browser::window().is_none_or(|window| window.navigator().on_line())
}

async fn send_once(
    request: &Request,
    abort: &AbortSignal,
    judge: Judge<'_>,
) -> Result<(), Failure> {
    let ending = Ending::new(abort);
    let answer = pin!(answer(request, ending.signal(), judge));
    match select(answer, TimeoutFuture::new(request.timeout)).await {
        Either::Left((Err(Failure::Unreachable), _)) if abort.aborted() => Err(Failure::Aborted),
        Either::Left((result, _)) => result,
        Either::Right(_) => {
            ending.end();
            Err(Failure::TimedOut)
        }
    }
}

async fn answer(
    request: &Request,
    signal: Option<AbortSignal>,
    judge: Judge<'_>,
) -> Result<(), Failure> {
    // What was asked early was asked with GET: it answers nothing that is sent.
    let early = (request.method == Method::Get).then(|| take_early(&request.url)).flatten();
    let response = match early {
        Some(early) => early_response(early).await,
        None => None,
    };
    let response = match response {
        Some(response) => response,
        None => build(request, &signal)?.send().await.map_err(|_| Failure::Unreachable)?,
    };
    let mut headers: Vec<(String, String)> = response.headers().entries().collect();
    for (name, value) in &mut headers {
        if name.eq_ignore_ascii_case("retry-after")
            && let Some(seconds) = seconds_until(value)
        {
            *value = seconds.to_string();
        }
    }
    let body = text(response.binary().await.map_err(|_| Failure::Unreachable)?);
    judge(Response { status: response.status(), headers, body, url: response.url() })
}

/// What bytes say in UTF-8, as `Response.text()` reads them: that makes a JavaScript text first, and takes
/// a large answer five times as long.
fn text(mut bytes: Vec<u8>) -> String {
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The seconds of `Retry-After`.
fn retry_after(response: &Response) -> Option<u32> {
    let mut headers = response.headers.iter();
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    value.parse().ok()
}

/// `Retry-After` is seconds or a date (RFC 9110, 10.2.3).
fn seconds_until(text: &str) -> Option<u32> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(seconds);
    }
    let seconds = ((js_sys::Date::parse(text) - js_sys::Date::now()) / 1000.0).ceil();
    #[expect(clippy::as_conversions, reason = "saturates: what is past is now")]
    (!seconds.is_nan()).then_some(seconds as u32)
}

fn build(
    request: &Request,
    signal: &Option<AbortSignal>,
) -> Result<gloo_net::http::Request, Failure> {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Delete => gloo_net::http::Method::DELETE,
    };
    let mut builder =
        RequestBuilder::new(&request.url).method(method).abort_signal(signal.as_ref());
    let names_type = |(name, _): &(String, String)| name.eq_ignore_ascii_case("content-type");
    if request.body.is_some() && !request.headers.iter().any(names_type) {
        builder = builder.header("Content-Type", "application/json");
    }
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(session) = &request.session {
        builder = builder.credentials(RequestCredentials::Include);
        if let Some((cookie, header)) = &session.csrf
            && let Some(value) = cookie_value(cookie)
        {
            builder = builder.header(header, &value);
        }
    }
    let built = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.header("Accept", "application/json").build(),
    };
    built.map_err(|error| Failure::Unreadable { cause: error.to_string() })
}

/// A cookie of this page, by its name.
fn cookie_value(name: &str) -> Option<String> {
    let cookies = browser::document()?;
    let cookies = Reflect::get(&cookies, &"cookie".into()).ok()?.as_string()?;
    let found = cookies
        .split(';')
        .find_map(|cookie| cookie.trim_start().strip_prefix(name)?.strip_prefix('='));
    found.map(ToOwned::to_owned)
}

/// Ends a request when the reader leaves, or when told to.
struct Ending<'a> {
    outer: &'a AbortSignal,
    controller: Option<AbortController>,
    on_abort: Closure<dyn FnMut()>,
}

impl<'a> Ending<'a> {
    fn new(outer: &'a AbortSignal) -> Self {
        let controller = AbortController::new().ok();
        let ending = controller.clone();
        let on_abort = Closure::<dyn FnMut()>::new(move || {
            if let Some(controller) = &ending {
                controller.abort();
            }
        });
        // An event target always takes a listener.
        let _ = outer.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
        Self { outer, controller, on_abort }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    fn end(&self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        let listener: &Function = self.on_abort.as_ref().unchecked_ref();
        let _ = self.outer.remove_event_listener_with_callback("abort", listener);
    }
}

/// The text at `url`, relative to the portal's base: configuration and locales.
pub async fn fetch_text(url: &str) -> Result<String, Failure> {
    text_of(Method::Get, url, None).await
}

/// Posts JSON to `url`, relative to the portal's base.
pub async fn send_text(url: &str, json: String) -> Result<(), Failure> {
    text_of(Method::Post, url, Some(json)).await.map(|_| ())
}

async fn text_of(method: Method, url: &str, body: Option<String>) -> Result<String, Failure> {
    let (url, headers) = (url.to_owned(), Vec::new());
    let request = Request { method, url, headers, body, timeout: LIMIT, session: None };
    let abort = AbortController::new().map_err(|_| Failure::Unreachable)?.signal();
    let mut text = String::new();
    let judge: Judge<'_> = &mut |response| {
        if !(200..300).contains(&response.status) {
            classify(response.status, retry_after(&response), &response.body)?;
        }
        text = response.body;
        Ok(())
    };
    send_for(&request, &abort, judge).await?;
    Ok(text)
}

/// What the start-up script of index.html has asked for already, once: exact matches only, and only at first. What
/// nobody needed then would be taken for new.
fn take_early(url: &str) -> Option<Promise> {
    if is_due(BEGAN.get(), now(), FRESH) {
        return None;
    }
    let base = document_base()?;
    let absolute = web_sys::Url::new_with_base(url, &base).ok()?.href();
    let early: js_sys::Map = told("early")?.dyn_into().ok()?;
    let key = JsValue::from(absolute);
    let promise = early.get(&key).dyn_into().ok()?;
    early.delete(&key);
    Some(promise)
}

/// Asks for what the app will ask for in a moment, where the script that has started it takes such answers.
pub fn ask_early(url: &str) {
    let early = told("early").and_then(|early| early.dyn_into::<js_sys::Map>().ok());
    if let (Some(early), Some(window)) = (early, browser::window()) {
        let answer = window.fetch_with_str(url);
        BEGAN.set(now());
        early.set(&url.into(), &answer);
        // Nobody may take it: it is heard of here that it has failed.
        spawn_local(async move {
            let _ = JsFuture::from(answer).await;
        });
    }
}

/// Waits, but not long, until the start-up script has asked for what portal.json names for this
/// address.
pub async fn early_requests() {
    if let Some(asked) = told("asked").and_then(|asked| asked.dyn_into::<Promise>().ok()) {
        // The script has caught what went wrong: the app asks for itself.
        let _ = select(JsFuture::from(asked), TimeoutFuture::new(EARLY)).await;
    }
    BEGAN.set(now());
}

async fn early_response(promise: Promise) -> Option<Answer> {
    let response: web_sys::Response = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Some(Answer::from(response))
}

/// Where the portal lies: `document.baseURI`.
pub fn document_base() -> Option<String> {
    browser::document()?.base_uri().ok()?
}
