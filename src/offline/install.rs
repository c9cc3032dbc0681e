//! Installing the portal as an app: whether it is, whether the browser offers it, how to take it up.
//!
//! The browser's offer is an event that comes once and early; the start-up script of index.html keeps it as
//! `haidang.offer`.

use js_sys::Reflect;
use leptos::prelude::window;
use wasm_bindgen::JsValue;

use super::unbound::call;

/// How the reader comes to the app.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// They have it.
    Installed,
    /// The browser asks them when we say so.
    Offered,
    /// By the menu of Safari on a telephone or tablet.
    Shared,
    /// By a menu of the browser, if at all.
    Menu,
}

/// How it stands now.
pub fn way() -> Way {
    if is_app() {
        return Way::Installed;
    }
    if offer().is_some() {
        return Way::Offered;
    }
    // Only Safari tells whether it shows an app from the home screen.
    match Reflect::has(&window().navigator(), &"standalone".into()) {
        Ok(true) => Way::Shared,
        _ => Way::Menu,
    }
}

/// Takes up the browser's offer; ends when the reader has answered. An offer is good for once.
pub async fn accept() {
    let Some(offer) = offer() else { return };
    // What the reader says shows in how it stands.
    call(&offer, "prompt", None).await;
    if let Some(haidang) = haidang() {
        // A property of a plain object.
        let _ = Reflect::set(&haidang, &"offer".into(), &JsValue::UNDEFINED);
    }
}

/// Whether the page is shown as an app.
fn is_app() -> bool {
    let standalone = window().match_media("(display-mode: standalone)").ok().flatten();
    let from_home = Reflect::get(&window().navigator(), &"standalone".into());
    standalone.is_some_and(|query| query.matches()) || from_home.is_ok_and(|is| is.is_truthy())
}

fn offer() -> Option<JsValue> {
    Reflect::get(&haidang()?, &"offer".into()).ok().filter(JsValue::is_object)
}

fn haidang() -> Option<JsValue> {
    Reflect::get(&window(), &"haidang".into()).ok().filter(JsValue::is_object)
}
