//! The one Trusted Types policy of the app (<https://w3c.github.io/trusted-types/>), named `haidang`:
//! it lets HTML through to `DOMParser`, whose tree is inert, and to nothing else; and, as the only script,
//! our service worker.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Document, DomParser};

thread_local! {
    /// Made once: a second policy of the same name would be refused.
    static POLICY: Option<JsValue> = policy();
}

/// Parses HTML into a document that runs nothing and loads nothing.
pub fn parse(html: &str) -> Option<Document> {
    let parser = DomParser::new().ok()?;
    let trusted = trusted("createHTML", JsValue::from(html))?;
    // Through `Reflect`: the binding takes a string, which is not trusted.
    let parse: Function = Reflect::get(&parser, &"parseFromString".into()).ok()?.dyn_into().ok()?;
    parse.call2(&parser, &trusted, &"text/html".into()).ok()?.dyn_into().ok()
}

/// The script of our service worker, relative to the portal's base.
const WORKER: &str = "worker.js?portal=";

/// The address of the service worker of a portal, as it may be registered.
pub fn worker(portal: &str) -> Option<JsValue> {
    // An id is letters, digits and `-`.
    trusted("createScriptURL", JsValue::from([WORKER, portal].concat()))
}

/// What the policy makes of a text by one of its rules.
fn trusted(rule: &str, text: JsValue) -> Option<JsValue> {
    POLICY.with(|policy| match policy {
        Some(policy) => {
            let create: Function = Reflect::get(policy, &rule.into()).ok()?.dyn_into().ok()?;
            create.call1(policy, &text).ok()
        }
        None => Some(text),
    })
}

/// `None` where there are no Trusted Types, or where they forbid our policy.
fn policy() -> Option<JsValue> {
    let types = Reflect::get(&js_sys::global(), &"trustedTypes".into()).ok()?;
    let create: Function = Reflect::get(&types, &"createPolicy".into()).ok()?.dyn_into().ok()?;
    let rules = Object::new();
    // Lives as long as the page, as the policy does.
    let identity = Closure::<dyn Fn(JsValue) -> JsValue>::new(|html| html).into_js_value();
    Reflect::set(&rules, &"createHTML".into(), &identity).ok()?;
    let ours = |url: JsValue| {
        let is_ours = url.as_string().is_some_and(|url| url.starts_with(WORKER));
        // Nothing is an address that cannot be registered.
        if is_ours { url } else { JsValue::NULL }
    };
    let ours = Closure::<dyn Fn(JsValue) -> JsValue>::new(ours).into_js_value();
    Reflect::set(&rules, &"createScriptURL".into(), &ours).ok()?;
    create.call2(&types, &"haidang".into(), &rules).ok()
}
