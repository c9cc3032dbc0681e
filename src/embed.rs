//! Starts the elements: what `embed/embed.js` calls. See `haidang::elements`.
#![allow(unsafe_code, reason = "`wasm_bindgen` declares what it exports")]

use haidang::{
    backend::tell,
    elements::{self, Asked},
};
use js_sys::{Function, Object};
use wasm_bindgen::prelude::*;
use web_sys::Element;

fn main() {
    // Fails only if it has been called before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
}

/// Before the others: what the script keeps for this instance and those after it.
#[wasm_bindgen]
pub fn begin(kept: Object) {
    tell(kept);
}

/// Shows in `place` what the object `asked` describes; `tell` is called with what became of it. Gives the
/// element's number.
#[wasm_bindgen]
pub fn mount(place: Element, asked: &JsValue, tell: Function) -> u32 {
    elements::mount(place, Asked::read(asked), tell)
}

/// Shows something else.
#[wasm_bindgen]
pub fn update(id: u32, asked: &JsValue) {
    elements::update(id, Asked::read(asked));
}

/// Asks for what is new.
#[wasm_bindgen]
pub fn refresh(id: u32) {
    elements::refresh(id);
}

/// Goes to a comment.
#[wasm_bindgen]
pub fn show(id: u32, comment: String) {
    elements::show_comment(id, comment);
}

/// Takes an element away.
#[wasm_bindgen]
pub fn unmount(id: u32) {
    elements::unmount(id);
}
