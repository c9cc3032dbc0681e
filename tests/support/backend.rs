//! A backend in the test: answers in place of the network, and remembers what it was asked.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Promise, Reflect};
use serde_json::Value;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{AbortSignal, Request, Response, ResponseInit};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `GET` or `POST`.
    pub method: String,
    /// The address from `api/` on.
    pub url: String,
    /// Its `Idempotency-Key`.
    pub key: String,
    /// Its `Authorization`.
    pub authorization: String,
    /// The JSON sent along; null without any.
    pub body: Value,
}

/// Stands in for the network until it is dropped.
pub struct Backend {
    asked: Rc<RefCell<Vec<Asked>>>,
    /// One for each request.
    signals: Rc<RefCell<Vec<AbortSignal>>>,
    network: JsValue,
    _fetch: Closure<dyn Fn(Request) -> Promise>,
}

impl Backend {
    /// Answers every request with a status and JSON.
    pub fn answering(answer: impl Fn(&Asked) -> (u16, Value) + 'static) -> Self {
        Self::responding(move |asked| {
            let (status, value) = answer(asked);
            let options = ResponseInit::new();
            options.set_status(status);
            // A response that has nothing to say must not say `null`.
            let body = (status != 204).then(|| value.to_string());
            let response = Response::new_with_opt_str_and_init(body.as_deref(), &options);
            Some(response.expect("a response"))
        })
    }

    /// Answers every request with a response, or never.
    pub fn responding(answer: impl Fn(&Asked) -> Option<Response> + 'static) -> Self {
        let asked: Rc<RefCell<Vec<Asked>>> = Rc::default();
        let signals: Rc<RefCell<Vec<AbortSignal>>> = Rc::default();
        let answer = Rc::new(answer);
        let fetch = Closure::<dyn Fn(Request) -> Promise>::new({
            let (asked, signals) = (asked.clone(), signals.clone());
            move |request: Request| {
                signals.borrow_mut().push(request.signal());
                let (asked, answer) = (asked.clone(), answer.clone());
                future_to_promise(async move {
                    let text = JsFuture::from(request.text()?).await?;
                    let url = request.url();
                    let one = Asked {
                        method: request.method(),
                        url: url.find("api/").map(|at| url[at..].to_owned()).unwrap_or(url),
                        key: request.headers().get("Idempotency-Key")?.unwrap_or_default(),
                        authorization: request.headers().get("Authorization")?.unwrap_or_default(),
                        body: text
                            .as_string()
                            .and_then(|text| serde_json::from_str(&text).ok())
                            .unwrap_or_default(),
                    };
                    asked.borrow_mut().push(one.clone());
                    match answer(&one) {
                        Some(response) => Ok(response.into()),
                        None => std::future::pending().await,
                    }
                })
            }
        });
        let global = js_sys::global();
        let network = Reflect::get(&global, &"fetch".into()).expect("fetch");
        Reflect::set(&global, &"fetch".into(), fetch.as_ref().unchecked_ref()).expect("set");
        Self { asked, signals, network, _fetch: fetch }
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.borrow().clone()
    }

    /// Which of the requests so far have been given up.
    pub fn given_up(&self) -> Vec<bool> {
        self.signals.borrow().iter().map(AbortSignal::aborted).collect()
    }

    /// The addresses it was asked so far.
    pub fn addresses(&self) -> Vec<String> {
        self.asked.borrow().iter().map(|asked| asked.url.clone()).collect()
    }

    /// What was posted so far.
    pub fn posted(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| asked.method == "POST").collect()
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"fetch".into(), &self.network).expect("set");
    }
}
