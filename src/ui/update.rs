//! "A newer version is ready": said once, and nothing happens until the reader agrees or has closed every
//! page of the portal.
//!
//! The line stands at the end of the page and stays in sight; it takes no focus, and while something is being
//! typed it waits until the field is left. It is a live region, so it is read out when it comes. Who puts it off
//! is back where they were.

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Element;

use crate::{
    chunk::chunk,
    i18n::{I18n, Msg, msg},
    navigation::{focus_heading, focus_in_place, focused},
    offline::{newer, renew},
    site::Site,
    view::{View, el, live, mount},
};

/// What is behind the door.
type Prompt = fn(Site, I18n, JsValue);

chunk!(kept, prompt_door: Prompt = prompt);

/// Registers the service worker, and says so when it has a newer version of the app.
pub fn watch_updates(site: Site, i18n: I18n) {
    spawn_local(async move {
        let Some(waiting) = newer(&site.portal().id).await else { return };
        // A part that does not come leaves the reader with what they have.
        if let Ok(prompt) = prompt_door().await {
            prompt(site, i18n, waiting);
        }
    });
}

fn prompt(site: Site, i18n: I18n, waiting: JsValue) {
    let Some(body) = document().body() else { return };
    let is_shown = RwSignal::new(!is_typing());
    if !is_shown.get_untracked() {
        // For the life of the page.
        let _ = window_event_listener_untyped("focusout", move |_| {
            spawn_local(async move {
                // The next field may be about to get the focus.
                tick().await;
                if !is_typing() {
                    is_shown.set(true);
                }
            });
        });
    }
    let is_over = RwSignal::new(false);
    let before = StoredValue::new_local(focused());
    // For the life of the page.
    let _ = window_event_listener_untyped("focusin", move |event| {
        let at = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let is_line = |at: &Element| at.closest(".update").is_ok_and(|line| line.is_some());
        if let Some(at) = at.filter(|at| !is_line(at)) {
            before.set_value(Some(at));
        }
    });
    let said = move || {
        let is_here = is_shown.get() && !is_over.get();
        mark(is_here);
        if !is_here {
            return View::Nothing;
        }
        let waiting = waiting.clone();
        let button = |label: Msg| el("button").attr("type", "button").child(live(i18n.t(label)));
        let now = button(msg::UPDATE_NOW).on("click", move |_| renew(&waiting));
        let later = button(msg::UPDATE_LATER).on("click", move |_| {
            is_over.set(true);
            go_back(before.get_value());
        });
        View::from([
            el("p").child(live(i18n.t(msg::UPDATE_READY))),
            el("p").class("update-actions").child(now).child(" ").child(later),
        ])
    };
    // Empty at first: what comes into a live region is read out.
    let line = mount(&body, move || {
        provide_context(site);
        el("div").class("update").attr("role", "status").child(live(said)).into()
    });
    // For the life of the page.
    std::mem::forget(line);
}

/// Puts focus where it was before the line had it; not into a field, which would bring up a keyboard.
fn go_back(before: Option<Element>) {
    match before.filter(|before| before.is_connected() && !is_field(before)) {
        Some(before) => focus_in_place(&before),
        None => focus_heading(),
    }
}

/// Whether the reader is writing something.
fn is_typing() -> bool {
    focused().is_some_and(|at| is_field(&at))
}

fn is_field(element: &Element) -> bool {
    matches!(&*element.tag_name(), "TEXTAREA" | "INPUT" | "SELECT")
}

/// Tells the style that something is pinned to the end of the screen.
fn mark(is_pinned: bool) {
    if let Some(root) = document().document_element() {
        // A valid name.
        let _ = if is_pinned {
            root.set_attribute("data-pinned", "")
        } else {
            root.remove_attribute("data-pinned")
        };
    }
}
