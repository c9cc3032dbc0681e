//! The page's side of the service worker: it is registered, told that this build has started, and asked
//! for a newer one. The start-up script of index.html does the work, where it weighs a tenth.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;

use crate::backend::worker_address;

/// Registers the worker of a portal. Ends when a newer version of the app is ready, with its worker; with
/// `None` where there can be no worker.
pub async fn newer(portal: &str) -> Option<JsValue> {
    let haidang = Reflect::get(&window(), &"haidang".into()).ok()?;
    let work: Function = Reflect::get(&haidang, &"work".into()).ok()?.dyn_into().ok()?;
    let found: Promise = work.call1(&haidang, &worker_address(portal)?).ok()?.dyn_into().ok()?;
    JsFuture::from(found).await.ok().filter(JsValue::is_object)
}

/// Gives the page to the newer version: its worker takes over, and the page is loaded again.
pub fn renew(waiting: &JsValue) {
    let again = Closure::once_into_js(|| {
        // Fails only in a page that is being left.
        let _ = window().location().reload();
    });
    let state = Reflect::get(waiting, &"state".into()).ok().and_then(|state| state.as_string());
    if state.as_deref() != Some("installed") {
        // Another tab has agreed before, or nothing waits any more: what is in force comes.
        let _ = again.unchecked_ref::<Function>().call0(&JsValue::NULL);
        return;
    }
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into());
    if let Ok(workers) = workers {
        // A property of every such object.
        let _ = Reflect::set(&workers, &"oncontrollerchange".into(), &again);
    }
    if let Ok(post) = Reflect::get(waiting, &"postMessage".into())
        && let Some(post) = post.dyn_ref::<Function>()
    {
        // Fails only for what cannot be copied.
        let _ = post.call1(waiting, &"activate".into());
    }
}
