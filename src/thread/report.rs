//! The form to tell the moderators of a comment.

use haidang_engine::profile::Write;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlSelectElement, HtmlTextAreaElement};

use super::{discussion::Discussion, status::button};
use crate::{
    i18n::{Msg, msg},
    view::{Element, View, el, live},
};

/// What may be wrong with a comment.
const REASONS: [(&str, Msg); 5] = [
    ("spam", msg::WRITING_REPORT_SPAM),
    ("abuse", msg::WRITING_REPORT_ABUSE),
    ("false", msg::WRITING_REPORT_FALSE),
    ("private", msg::WRITING_REPORT_PRIVATE),
    ("other", msg::WRITING_REPORT_OTHER),
];

/// The form for the comment `id`.
pub fn report(discussion: Discussion, id: &str) -> Element {
    let (i18n, id) = (discussion.i18n, id.to_owned());
    let submit = move |event: Event| {
        event.prevent_default();
        let form = event.current_target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let field = |name: &str| form.as_ref()?.elements().named_item(name);
        let reason = field("reason").and_then(|at| at.dyn_into::<HtmlSelectElement>().ok());
        let detail = field("detail").and_then(|at| at.dyn_into::<HtmlTextAreaElement>().ok());
        let write = Write::Report {
            comment: id.clone(),
            reason: reason.map(|reason| reason.value()).unwrap_or_default(),
            detail: detail.map(|detail| detail.value().trim().to_owned()).unwrap_or_default(),
        };
        discussion.send(write, || {});
        discussion.writing.close();
    };
    let option = |(value, words): (&'static str, Msg)| {
        el("option").attr("value", value).child(live(i18n.t(words)))
    };
    let reason = el("select")
        .attr("name", "reason")
        .bind(|field| {
            // A form that was asked for takes the focus, once it is on the page.
            leptos::task::spawn_local(async move {
                leptos::task::tick().await;
                if let Some(field) = field.dyn_ref::<web_sys::HtmlElement>() {
                    let _ = field.focus();
                }
            });
        })
        .child(REASONS.into_iter().map(option).collect::<View>());
    let detail = el("textarea").attr("name", "detail").attr("rows", "2").attr("dir", "auto");
    let label = |words: Msg| el("label").child(el("span").child(live(i18n.t(words))));
    let send = el("button").attr("type", "submit").child(live(i18n.t(msg::WRITING_REPORT_SEND)));
    let cancel = button(i18n, msg::COMMENTS_CANCEL, move || discussion.writing.close());
    el("form")
        .class("composer")
        .on("submit", submit)
        .child(label(msg::WRITING_REPORT_REASON).child(reason))
        .child(label(msg::WRITING_REPORT_DETAIL).child(detail))
        .child(el("p").class("actions").child(send).child(" ").child(cancel.class("plain")))
}
