//! One at a time, over all tabs: Web Locks.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};

/// Does `work` while nobody else does what has this name; the browser lets the next one in when a tab
/// dies. `false` if there is no lock to be had (insecure origins have none, some browsers deny them where they
/// deny to keep anything): then nothing has been done.
pub async fn alone(name: &str, work: impl Future<Output = ()> + 'static) -> bool {
    let Some(request) = lock_request() else { return false };
    let (locks, request) = request;
    let work = Closure::once_into_js(move || {
        future_to_promise(async move {
            work.await;
            Ok(JsValue::UNDEFINED)
        })
    });
    let held = request.call2(&locks, &name.into(), &work);
    let Some(held) = held.ok().and_then(|held| held.dyn_into::<Promise>().ok()) else {
        return false;
    };
    JsFuture::from(held).await.is_ok()
}

/// `navigator.locks` and its `request`.
fn lock_request() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}
