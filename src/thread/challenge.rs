//! What a backend wants answered before it takes a comment: a question is asked here; for any other kind
//! whoever put the portal on the page is, by the event `haidang:challenge`.

use std::rc::Rc;

use haidang_engine::{
    json,
    outbox::{Entry, Refusal},
    profile::Write,
};
use js_sys::Reflect;
use leptos::prelude::untrack;
use serde_json::Value;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{CustomEvent, CustomEventInit, Event, HtmlFormElement, HtmlInputElement};

use super::discussion::Discussion;
use crate::{
    i18n::msg,
    offline::Outbox,
    view::{Element, el, live},
};

/// The form, or the place, where the challenge of a refusal is met; `None` if there is none.
///
/// `haidang:challenge` bubbles from that place, out of shadow roots too. Its detail is `{challenge, answer}`:
/// what the backend sent, as JSON text, and a function to call with the answer, a text.
pub fn challenge(discussion: Discussion, entry: &Entry, refusal: &Refusal) -> Option<Element> {
    let json = refusal.challenge.clone()?;
    let set: Value = json::parse(&json).ok()?;
    let text = |key: &str| set.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
    let i18n = discussion.i18n;
    let (outbox, entry) = (discussion.writing.outbox(), entry.clone());
    let answer = move |answer: String| resend(&outbox, &entry, answer);
    if text("kind").as_deref() != Some("question") {
        return Some(
            el("p")
                .class("challenge")
                .bind(move |place| call(&place, json, answer))
                .child(live(i18n.t(msg::WRITING_CHALLENGE_WAIT))),
        );
    }
    let question = text("question").unwrap_or_default();
    let submit = move |event: Event| {
        event.prevent_default();
        let form = event.current_target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let field = form.and_then(|form| form.elements().named_item("answer"));
        let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
        let said = field.map(|field| field.value().trim().to_owned()).unwrap_or_default();
        if !said.is_empty() {
            answer(said);
        }
    };
    let asked = live(move || i18n.fill(msg::WRITING_CHALLENGE, &[("question", &question)]));
    let field = el("input").attr("type", "text").attr("name", "answer").attr("autocomplete", "off");
    let send = el("button").attr("type", "submit").child(live(i18n.t(msg::WRITING_SEND_AGAIN)));
    Some(
        el("form")
            .class("challenge")
            .on("submit", submit)
            .child(el("p").child(asked))
            .child(
                el("label").child(el("span").child(live(i18n.t(msg::WRITING_ANSWER)))).child(field),
            )
            .child(el("p").class("actions").child(send)),
    )
}

/// The same comment with the answer: another request, so it has a key of its own. Who answers may do so again, when
/// the first answer has grown old or the reader has left: by then it does not wait for it any more.
fn resend(outbox: &Rc<Outbox>, entry: &Entry, answer: String) {
    if untrack(|| outbox.entry(&entry.key)).is_none_or(|now| now.state != entry.state) {
        return;
    }
    let Write::Post(comment) = &entry.write else { return };
    let mut comment = comment.clone();
    comment.challenge = Some(answer);
    outbox.replace(entry, Write::Post(comment));
}

/// Tells the page, once the place is on it.
fn call(place: &web_sys::Element, challenge: String, answer: impl Fn(String) + 'static) {
    let place = place.clone();
    leptos::task::spawn_local(async move {
        leptos::task::tick().await;
        let answer = Closure::<dyn Fn(String)>::new(answer).into_js_value();
        let detail = js_sys::Object::new();
        for (name, value) in [("challenge", challenge.into()), ("answer", answer)] {
            // A plain object takes any member.
            let _ = Reflect::set(&detail, &name.into(), &value);
        }
        let options = CustomEventInit::new();
        options.set_bubbles(true);
        options.set_composed(true);
        options.set_detail(&detail);
        if let Ok(event) = CustomEvent::new_with_event_init_dict("haidang:challenge", &options) {
            let _ = place.dispatch_event(&event);
        }
    });
}
