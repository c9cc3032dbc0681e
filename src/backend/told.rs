//! What the script that has started the app has for it: on the portal `window.haidang`, of index.html; with
//! elements what [`tell`] was given, which outlives an instance that has broken.

use std::cell::RefCell;

use js_sys::{Object, Reflect};
use wasm_bindgen::JsValue;

use crate::browser;

thread_local! {
    static TOLD: RefCell<Option<Object>> = const { RefCell::new(None) };
}

/// From now on this is what the script has.
pub fn tell(told: Object) {
    TOLD.set(Some(told));
}

/// What [`tell`] was given; on the portal nothing.
pub fn kept() -> Option<Object> {
    TOLD.with_borrow(Clone::clone)
}

/// What the script has under a name; `None` if it has nothing.
pub fn told(name: &str) -> Option<JsValue> {
    let told = match kept() {
        Some(told) => told.into(),
        None => Reflect::get(browser::window()?.as_ref(), &"haidang".into()).ok()?,
    };
    // Fails for what is no object, because there is none.
    Reflect::get(&told, &name.into()).ok().filter(|value| !value.is_undefined())
}
