//! Methods of the browser that `web-sys` has no binding for, or only an unstable one.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// What a method comes to; `None` if there is none, or it fails.
pub(super) async fn call(
    of: &JsValue,
    method: &str,
    argument: Option<&JsValue>,
) -> Option<JsValue> {
    let function: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    let promised = match argument {
        Some(argument) => function.call1(of, argument),
        None => function.call0(of),
    };
    JsFuture::from(promised.ok()?.dyn_into::<Promise>().ok()?).await.ok()
}
