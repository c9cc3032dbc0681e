//! Sends requests: early ones taken over, a time limit, safe repeats, failures typed.

use gloo_net::http::{RequestBuilder, Response};
use haidang_engine::profile::{Failure, Method, Request, classify};
use js_sys::{Function, Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// How often a safe request that failed for the moment is sent again.
const RETRIES: u32 = 2;
/// Milliseconds before the first repeat; each further one waits twice as long.
const BACKOFF: u32 = 400;
/// Seconds of `Retry-After` that are waited for; longer ones are left to the reader.
const PATIENCE: u32 = 3;

/// Sends `request` until it is answered; a safe one again if it failed for the moment.
pub async fn send(request: &Request, abort: &AbortSignal) -> Result<Value, Failure> {
    let mut attempt = 0;
    loop {
        let result = send_once(request, abort).await;
        let wait = match &result {
            Err(failure) if request.method == Method::Get && failure.is_transient() => {
                match failure {
                    // A slow server is not helped by asking again.
                    Failure::TimedOut => None,
                    Failure::Busy { retry_after } if *retry_after > PATIENCE => None,
                    Failure::Busy { retry_after } => Some(retry_after * 1000),
                    _ => Some(BACKOFF << attempt),
                }
            }
            _ => None,
        };
        match wait {
            Some(wait) if attempt < RETRIES => {
                gloo_timers::future::TimeoutFuture::new(wait).await;
                if abort.aborted() {
                    return Err(Failure::Aborted);
                }
                attempt += 1;
            }
            _ => return result,
        }
    }
}

async fn send_once(request: &Request, abort: &AbortSignal) -> Result<Value, Failure> {
    // What was asked early was asked with GET: it answers nothing that is sent.
    let early = (request.method == Method::Get).then(|| take_early(&request.url)).flatten();
    let response = match early {
        Some(early) => early_response(early).await,
        None => None,
    };
    let limit = Limit::new(request.timeout, abort);
    let response = match response {
        Some(response) => response,
        None => limit.name(build(request, &limit.signal())?.send().await)?,
    };
    let retry_after = response.headers().get("Retry-After").and_then(|text| text.parse().ok());
    let body = limit.name(response.text().await)?;
    classify(response.status(), retry_after, &body)
}

fn build(
    request: &Request,
    signal: &Option<AbortSignal>,
) -> Result<gloo_net::http::Request, Failure> {
    let method = match request.method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
    };
    let mut builder =
        RequestBuilder::new(&request.url).method(method).abort_signal(signal.as_ref());
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    let built = match &request.body {
        Some(body) => builder.header("Content-Type", "application/json").body(body.as_str()),
        None => builder.header("Accept", "application/json").build(),
    };
    built.map_err(|error| Failure::Unreadable { cause: error.to_string() })
}

/// Ends a request when its time is over or when the reader leaves, and tells which it was.
struct Limit<'a> {
    outer: &'a AbortSignal,
    controller: Option<AbortController>,
    on_abort: Closure<dyn FnMut()>,
    _timer: gloo_timers::callback::Timeout,
}

impl<'a> Limit<'a> {
    fn new(timeout: u32, outer: &'a AbortSignal) -> Self {
        let controller = AbortController::new().ok();
        let ending = controller.clone();
        let end = move || {
            if let Some(controller) = &ending {
                controller.abort();
            }
        };
        let on_abort = Closure::<dyn FnMut()>::new(end.clone());
        // An event target always takes a listener.
        let _ = outer.add_event_listener_with_callback("abort", on_abort.as_ref().unchecked_ref());
        let timer = gloo_timers::callback::Timeout::new(timeout, end);
        Self { outer, controller, on_abort, _timer: timer }
    }

    fn signal(&self) -> Option<AbortSignal> {
        self.controller.as_ref().map(AbortController::signal)
    }

    fn name<T>(&self, result: Result<T, gloo_net::Error>) -> Result<T, Failure> {
        result.map_err(|_| {
            if self.outer.aborted() {
                Failure::Aborted
            } else if self.signal().is_some_and(|signal| signal.aborted()) {
                Failure::TimedOut
            } else {
                Failure::Unreachable
            }
        })
    }
}

impl Drop for Limit<'_> {
    fn drop(&mut self) {
        let listener: &Function = self.on_abort.as_ref().unchecked_ref();
        let _ = self.outer.remove_event_listener_with_callback("abort", listener);
    }
}

/// The text at `url`, relative to the portal's base: configuration and locales.
pub async fn fetch_text(url: &str) -> Result<String, Failure> {
    let response = match take_early(url) {
        Some(early) => early_response(early).await,
        None => None,
    };
    let response = match response {
        Some(response) => response,
        None => RequestBuilder::new(url).send().await.map_err(|_| Failure::Unreachable)?,
    };
    if !response.ok() {
        return Err(Failure::Broken { status: response.status() });
    }
    response.text().await.map_err(|_| Failure::Unreachable)
}

/// What the start-up script of index.html has asked for already, once: exact matches only.
fn take_early(url: &str) -> Option<Promise> {
    let base = document_base()?;
    let absolute = web_sys::Url::new_with_base(url, &base).ok()?.href();
    let haidang = Reflect::get(&web_sys::window()?.into(), &"haidang".into()).ok()?;
    let early: js_sys::Map = Reflect::get(&haidang, &"early".into()).ok()?.dyn_into().ok()?;
    let key = JsValue::from(absolute);
    let promise = early.get(&key).dyn_into().ok()?;
    early.delete(&key);
    Some(promise)
}

async fn early_response(promise: Promise) -> Option<Response> {
    let response: web_sys::Response = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
    Some(Response::from(response))
}

/// Where the portal lies: `document.baseURI`.
pub fn document_base() -> Option<String> {
    web_sys::window()?.document()?.base_uri().ok()?
}
