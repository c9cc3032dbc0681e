//! The one Trusted Types policy of the app (<https://w3c.github.io/trusted-types/>), named `haidang`:
//! it lets HTML through to `DOMParser`, whose tree is inert, and to nothing else; and, as the only script,
//! our service worker.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Document, DomParser};

use super::told::{kept, told};

/// Where the policy is kept for an instance that comes after this one.
const NAME: &str = "policy";

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

/// Whether HTML can be parsed here: not where Trusted Types are enforced and forbid our policy.
pub fn is_allowed() -> bool {
    parse("").is_some()
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
    // The instance before this one has made it: a second one may be refused.
    if let Some(policy) = told(NAME) {
        return Some(policy);
    }
    let policy = make()?;
    if let Some(told) = kept() {
        // An object of ours takes what it is given.
        let _ = Reflect::set(&told, &NAME.into(), &policy);
    }
    Some(policy)
}

fn make() -> Option<JsValue> {
    let types = Reflect::get(&js_sys::global(), &"trustedTypes".into()).ok()?;
    let create: Function = Reflect::get(&types, &"createPolicy".into()).ok()?.dyn_into().ok()?;
    let rules = Object::new();
    // What makes texts of texts leaves them as they are; a function of ours would end with this instance.
    let identity = Reflect::get(&js_sys::global(), &"String".into()).ok()?;
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
