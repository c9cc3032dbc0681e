//! The form to write a comment or an answer with, or to write one otherwise.
//!
//! Its fields are the browser's: their values are never set while somebody types, which would break
//! Telex and every other input method. What is typed is kept as a draft until the outbox keeps it.

use haidang_engine::{
    outbox::{Entry, State},
    profile::Write,
    thread::Store,
};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use super::{
    body,
    discussion::Discussion,
    drafts::{Draft, Signature},
    fields::{Fields, incomplete, length},
    mention::Mentions,
    notice::{note_written, notice},
    signature::{identity, is_known, remember, signature},
    writing::local_id,
};
use crate::{
    i18n::{I18n, Msg, msg},
    view::{Element, View, el, live},
};

/// From so many characters left on, they are counted.
const NEAR: u32 = 500;

/// What is written in a form.
#[derive(Clone)]
enum Purpose {
    /// A comment that answers this one, or none.
    New(Option<String>),
    /// Once more, and otherwise, what was not taken.
    Again(Box<Entry>),
    /// The comment with this id, otherwise.
    Edit(String),
}

/// A form at the top of the thread, or below the comment `parent`.
pub fn composer(discussion: Discussion, parent: Option<String>) -> Element {
    form(discussion, Purpose::New(parent), String::new())
}

/// A form for what waits under the key `key`, to send it otherwise; `None` if it waits no more, or somebody may have
/// it.
pub fn resend(discussion: Discussion, key: &str) -> Option<Element> {
    let entry = untrack(|| discussion.writing.outbox().entry(key)).filter(Entry::is_here)?;
    let Write::Post(comment) = &entry.write else { return None };
    let text = comment.text.clone();
    Some(form(discussion, Purpose::Again(Box::new(entry)), text))
}

/// A form to write the comment `id` otherwise: as it is, or as was tried.
pub fn editor(discussion: Discussion, id: &str) -> Option<Element> {
    let tried = untrack(|| discussion.waiting(id, |write| matches!(write, Write::Edit { .. })));
    let text = match tried.map(|entry| entry.write) {
        Some(Write::Edit { text, .. }) => text,
        _ => {
            let known = |store: &Store| store.comment(store.find(id)?).cloned();
            body::source(discussion, &discussion.store.with_untracked(known)?)
        }
    };
    Some(form(discussion, Purpose::Edit(id.to_owned()), text))
}

fn form(discussion: Discussion, purpose: Purpose, begin: String) -> Element {
    let (i18n, writing) = (discussion.i18n, discussion.writing);
    let place = match &purpose {
        Purpose::New(parent) => parent.clone().unwrap_or_default(),
        Purpose::Again(entry) => ["again-", &entry.key].concat(),
        Purpose::Edit(id) => ["edit-", id].concat(),
    };
    let draft = Draft::new(discussion, &place);
    let kept = Some(draft.read()).filter(|text| !text.is_empty()).unwrap_or(begin);
    let wrong: RwSignal<Option<Msg>> = RwSignal::new(None);
    let count = RwSignal::new(length(&kept));
    let preview: RwSignal<Option<String>> = RwSignal::new(None);
    // When the first key was pressed.
    let began: StoredValue<Option<f64>> = StoredValue::new(None);
    let is_composing = StoredValue::new(false);
    let mentions = Mentions::new(discussion, if place.is_empty() { "top" } else { &place });
    let is_top = matches!(purpose, Purpose::New(None));
    // Whom the portal knows signs with the name it knows.
    let is_signed = !matches!(purpose, Purpose::Edit(_)) && !is_known(discussion);

    let keep = {
        let draft = draft.clone();
        move |event: Event| {
            let Some(fields) = Fields::of(&event) else { return };
            let text = fields.text.value();
            if began.get_value().is_none() {
                // What was typed before the app was there is put in by a script, which says for how long.
                let before = event.dyn_ref::<CustomEvent>().and_then(|it| it.detail().as_f64());
                began.set_value(Some(js_sys::Date::now() - before.unwrap_or_default()));
            }
            draft.write(&text);
            remember(discussion, &fields);
            count.set(length(text.trim()));
            if preview.with_untracked(Option::is_some) {
                preview.set(Some(text));
            }
            if !is_composing.get_value() {
                mentions.look(&fields.text);
            }
        }
    };
    // As long as the form is there, it is not sent as it was.
    let held = match &purpose {
        Purpose::Again(entry) => Some(writing.outbox().hold(&entry.key)),
        Purpose::New(_) | Purpose::Edit(_) => None,
    };
    let submit = {
        let purpose = purpose.clone();
        move |event: Event| {
            // It goes with the form.
            let _ = &held;
            event.prevent_default();
            let Some(fields) = Fields::of(&event) else { return };
            let mut comment = fields.comment();
            let found = incomplete(&comment, is_signed, untrack(|| discussion.longest()));
            wrong.set(found);
            if let Some(found) = found {
                return fields.focus(found);
            }
            comment.lang = Some(untrack(|| i18n.lang()));
            let typed = began.get_value().map(|began| js_sys::Date::now() - began);
            #[expect(clippy::as_conversions, reason = "a clock's milliseconds; saturates")]
            let typed = typed.map(|typed| typed as u32);
            comment.typed = typed;
            remember(discussion, &fields);
            let sent = comment.text.clone();
            let write = match &purpose {
                Purpose::New(parent) => {
                    comment.parent.clone_from(parent);
                    Write::Post(Box::new(comment))
                }
                Purpose::Again(entry) => {
                    let outbox = writing.outbox();
                    // Another tab may have sent it meanwhile.
                    if let Some(why) = away(untrack(|| outbox.entry(&entry.key))) {
                        return wrong.set(Some(why));
                    }
                    if let Write::Post(before) = &entry.write {
                        comment.parent.clone_from(&before.parent);
                    }
                    // It was turned away, or nobody has it: what is sent now is another request.
                    outbox.discard(&entry.key);
                    Write::Post(Box::new(comment))
                }
                Purpose::Edit(id) => Write::Edit { comment: id.clone(), text: comment.text },
            };
            let is_new = matches!(write, Write::Post(_));
            note_written(&discussion.site.portal().id);
            let draft = draft.clone();
            // Until the outbox keeps it, the draft does.
            let key = discussion.send(write, move || draft.clear(&sent));
            fields.text.set_value("");
            began.set_value(None);
            count.set(0);
            preview.set(None);
            mentions.close();
            discussion.replying.set(None);
            writing.close();
            if is_new {
                let is_away = !window().navigator().on_line();
                let said = if is_away { msg::WRITING_OFFLINE } else { msg::WRITING_SENDING };
                discussion.said.set(untrack(|| i18n.text(said)));
                spawn_local(async move {
                    tick().await;
                    discussion.show(&["comment-", &local_id(&key)].concat());
                });
            }
        }
    };
    let title = title(discussion, &purpose);
    let error = live(move || {
        let longest = discussion.longest().to_string();
        wrong.try_get().flatten().map(|wrong| i18n.fill(wrong, &[("max", &longest)]))
    });
    let left = live(move || {
        // The last change may be to a form that has just been closed.
        let (count, longest) = (count.try_get().unwrap_or_default(), discussion.longest());
        if count > longest {
            i18n.plural(msg::WRITING_OVER, count - longest)
        } else if longest - count <= NEAR {
            i18n.plural(msg::WRITING_LEFT, longest - count)
        } else {
            String::new()
        }
    });
    let text = el("textarea")
        .attr("name", "text")
        .attr("rows", "4")
        .attr("dir", "auto")
        .on("keydown", move |event| keydown(&event, mentions))
        .on("compositionstart", move |_| is_composing.set_value(true))
        .on("compositionend", move |_| is_composing.set_value(false))
        .on("blur", move |_| mentions.close())
        .bind(move |text| {
            // A form that was asked for takes the focus, once it is on the page.
            if !is_top && let Ok(text) = text.dyn_into::<HtmlTextAreaElement>() {
                spawn_local(async move {
                    tick().await;
                    // Fail only for a field that is gone. What is there is gone on with, at its end.
                    let _ = text.focus();
                    let end = text.text_length();
                    let _ = text.set_selection_range(end, end);
                });
            }
        })
        .child(kept);
    let point = move |event: Event| {
        // The field keeps the focus.
        if let Some(name) = Mentions::pointed(&event) {
            event.prevent_default();
            if let Some(fields) = Fields::of(&event) {
                mentions.take(&fields.text, &name);
            }
        }
    };
    let shown = live(move || {
        let text = preview.try_get()??;
        let body = untrack(|| body::preview(discussion, &text));
        let title = el("p").class("preview-title").child(live(i18n.t(msg::WRITING_PREVIEW_LABEL)));
        let body = el("div").class("comment-body").attr("dir", "auto").child(body);
        Some(el("div").class("preview").child(title).child(body))
    });
    let before = before(&purpose);
    let signature = is_signed.then(|| signature(discussion, before));
    let format = discussion.is_native().then_some(msg::WRITING_FORMAT_HINT);
    let format = format.map(|format| el("small").child(live(i18n.t(format))));
    el("form")
        .class("composer")
        .attr("novalidate", true)
        .on("submit", submit)
        .on("input", keep)
        .on("mousedown", point)
        .child(el("p").class("composer-title").child(live(title)))
        .child(if is_top { notice(discussion) } else { View::Nothing })
        .child(identity(discussion))
        .child(signature.unwrap_or_default())
        .child(label(i18n, msg::COMMENTS_TEXT).child(mentions.describe(text)).child(format))
        .child(mentions.view())
        .child(el("p").class("composer-count").child(left))
        .child(shown)
        .child(el("p").class("composer-error").attr("role", "alert").child(error))
        .child(actions(discussion, &purpose, preview))
}

/// Why what waited cannot be written otherwise any more, if it cannot.
fn away(entry: Option<Entry>) -> Option<Msg> {
    let Some(entry) = entry else { return Some(msg::WRITING_GONE) };
    match entry.state {
        _ if entry.is_here() => None,
        State::Unsure => Some(msg::WRITING_UNSURE),
        State::Asking => Some(msg::WRITING_ASKING),
        _ => Some(msg::WRITING_SENDING),
    }
}

/// Who signed what is written once more.
fn before(purpose: &Purpose) -> Option<Signature> {
    let Purpose::Again(entry) = purpose else { return None };
    let Write::Post(sent) = &entry.write else { return None };
    let email = sent.email.clone().unwrap_or_default();
    Some(Signature { name: sent.author.clone(), email })
}

/// Above the form.
fn title(discussion: Discussion, purpose: &Purpose) -> impl Fn() -> String + 'static {
    let i18n = discussion.i18n;
    let parent = match purpose {
        Purpose::New(parent) => parent.clone(),
        _ => None,
    };
    let answered = parent.and_then(|id| {
        let author = |store: &Store| Some(store.comment(store.find(&id)?)?.author.clone());
        discussion.store.with_untracked(author)
    });
    let plain = match purpose {
        Purpose::New(_) => msg::COMMENTS_WRITE,
        Purpose::Again(_) | Purpose::Edit(_) => msg::WRITING_EDIT_TITLE,
    };
    move || match &answered {
        Some(name) => i18n.fill(msg::COMMENTS_REPLYING, &[("name", name)]),
        None => i18n.text(plain),
    }
}

/// Ctrl+Enter sends; what an input method is at work on is its own.
fn keydown(event: &Event, mentions: Mentions) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    // 229: what browsers say of a key that an input method takes.
    if event.is_composing() || event.key_code() == 229 {
        return;
    }
    let field = event.current_target().and_then(|field| field.dyn_into().ok());
    let Some(field): Option<HtmlTextAreaElement> = field else { return };
    if mentions.key(event, &field) {
        return;
    }
    if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
        event.prevent_default();
        let send = field.form().and_then(|form| form.query_selector("[type=submit]").ok()?);
        if let Some(send) = send.and_then(|send| send.dyn_into::<HtmlElement>().ok()) {
            send.click();
        }
    }
}

/// What a field is called; the field goes within.
pub fn label(i18n: I18n, msg: Msg) -> Element {
    el("label").child(el("span").child(live(i18n.t(msg))))
}

fn actions(
    discussion: Discussion,
    purpose: &Purpose,
    preview: RwSignal<Option<String>>,
) -> Element {
    let i18n = discussion.i18n;
    let send = match purpose {
        Purpose::New(_) => msg::COMMENTS_POST,
        Purpose::Again(_) => msg::WRITING_SEND_AGAIN,
        Purpose::Edit(_) => msg::WRITING_SAVE,
    };
    let post = el("button").attr("type", "submit").child(live(i18n.t(send)));
    let look = move |event: Event| {
        let button = event.current_target().and_then(|at| at.dyn_into::<web_sys::Element>().ok());
        let form = button.and_then(|button| button.closest("form").ok()?);
        let field = form.and_then(|form| form.query_selector("textarea").ok()?);
        let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
        let text = field.map(|field| field.value()).unwrap_or_default();
        preview.update(|shown| *shown = if shown.is_some() { None } else { Some(text) });
    };
    let look = el("button")
        .attr("type", "button")
        .class("plain")
        .live_attr("aria-expanded", move || {
            preview.try_with(Option::is_some).unwrap_or_default().to_string()
        })
        .on("click", look)
        .child(live(i18n.t(msg::WRITING_PREVIEW)));
    let cancel = (!matches!(purpose, Purpose::New(None))).then(|| {
        let close = move |_| {
            discussion.replying.set(None);
            discussion.writing.close();
        };
        el("button")
            .attr("type", "button")
            .class("plain")
            .on("click", close)
            .child(live(i18n.t(msg::COMMENTS_CANCEL)))
    });
    el("p").class("actions").child(post).child(" ").child(look).child(" ").child(cancel)
}
