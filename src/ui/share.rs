//! Sharing an article: the system's dialog where there is one, the address to copy everywhere.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::{
    i18n::{Msg, msg, use_i18n},
    view::{Element, el, live},
};

/// Buttons to share, copy and print the page of the article `title`; what came of it is said beside
/// them.
pub fn share(title: String) -> Element {
    let i18n = use_i18n();
    let said = RwSignal::new(String::new());
    let copy = move |_| {
        spawn_local(async move {
            let Some(address) = address() else { return };
            let copied = match clipboard() {
                Some(clipboard) => JsFuture::from(clipboard.write_text(&address)).await.is_ok(),
                None => false,
            };
            said.set(if copied {
                i18n.text(msg::ARTICLE_COPIED)
            } else {
                format!("{} {address}", i18n.text(msg::ARTICLE_COPY_FAILED))
            });
        });
    };
    let share = move |_| {
        let shared = share_page(&title);
        spawn_local(async move {
            if let (false, Some(address)) = (shared.await, address()) {
                said.set(format!("{} {address}", i18n.text(msg::ARTICLE_COPY_FAILED)));
            }
        });
    };
    let print = move |_| {
        // Fails only where printing is forbidden, e.g. in a sandbox.
        let _ = window().print();
    };
    let button = |label: Msg| el("button").attr("type", "button").child(live(i18n.t(label)));
    el("p")
        .class("share")
        // `navigator.share` is missing from most desktop browsers, where the style hides the button (index.html): a
        // printed page is the same for all.
        .child(button(msg::ARTICLE_SHARE).class("share-with").on("click", share))
        .child(button(msg::ARTICLE_COPY).on("click", copy))
        .child(button(msg::ARTICLE_PRINT).on("click", print))
        .child(el("span").attr("role", "status").child(live(move || said.get())))
}

fn address() -> Option<String> {
    window().location().href().ok()
}

fn clipboard() -> Option<web_sys::Clipboard> {
    // Not there on an insecure origin, whatever the type says.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    clipboard.dyn_into().ok()
}

fn share_function() -> Option<js_sys::Function> {
    js_sys::Reflect::get(&window().navigator(), &"share".into()).ok()?.dyn_into().ok()
}

/// Opens the system's dialog; `false` if there is none, or it is refused: it may come only soon after a press.
fn share_page(title: &str) -> impl Future<Output = bool> + use<> {
    let data = js_sys::Object::new();
    for (key, value) in [("title", title), ("url", &*address().unwrap_or_default())] {
        let _ = js_sys::Reflect::set(&data, &key.into(), &value.into());
    }
    let navigator: JsValue = window().navigator().into();
    let shared = share_function().and_then(|share| share.call1(&navigator, &data).ok());
    let shared = shared.and_then(|shared| shared.dyn_into::<js_sys::Promise>().ok());
    async move {
        let Some(shared) = shared else { return false };
        let Err(why) = JsFuture::from(shared).await else { return true };
        // The reader has closed it.
        let name = js_sys::Reflect::get(&why, &"name".into()).ok();
        name.and_then(|name| name.as_string()).as_deref() == Some("AbortError")
    }
}
