//! Background Sync, where a browser has it: the service worker is woken once there is a network, even if no
//! page of the portal is open by then (`worker/outbox.js`).

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// By this name the worker knows what it is woken for.
const TAG: &str = "outbox";

/// Asks for the worker to be woken. Where there is none, a page sends what waits when it is next opened.
pub async fn wake_later() {
    let workers = Reflect::get(&window().navigator(), &"serviceWorker".into());
    let registration = async { promise(&workers.ok()?, "getRegistration", None)?.await.ok() };
    let Some(registration) = registration.await else { return };
    let Ok(sync) = Reflect::get(&registration, &"sync".into()) else { return };
    if let Some(registered) = promise(&sync, "register", Some(TAG)) {
        // The reader may have forbidden it.
        let _ = registered.await;
    }
}

/// What a method promises; `None` where there is no such method.
fn promise(of: &JsValue, method: &str, argument: Option<&str>) -> Option<JsFuture> {
    let function: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    let promised = match argument {
        Some(argument) => function.call1(of, &argument.into()),
        None => function.call0(of),
    };
    Some(JsFuture::from(promised.ok()?.dyn_into::<Promise>().ok()?))
}
