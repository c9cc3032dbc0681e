//! The list of what the reader wrote and no server has yet, to try it now, write it otherwise or take it back.

use haidang_engine::{
    outbox::{Entry, State},
    profile::Write,
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlTextAreaElement};

use crate::{
    i18n::{I18n, Msg, msg},
    offline::Outbox,
    site::Site,
    view::{Element, Item, View, el, keyed, live},
};

/// What waits, folded; what waited begins to be sent.
pub fn tray(site: Site, i18n: I18n) -> View {
    let portal = site.portal();
    let outbox = Outbox::of(&portal);
    let count = {
        let outbox = outbox.clone();
        live(move || {
            let count = u32::try_from(outbox.entries().len()).unwrap_or(u32::MAX);
            i18n.plural(msg::OUTBOX_TITLE, count)
        })
    };
    let unkept = {
        let outbox = outbox.clone();
        live(move || {
            let is_kept = outbox.is_kept();
            (!is_kept).then(|| el("p").class("alert").child(i18n.text(msg::WRITING_NOT_KEPT)))
        })
    };
    // What is marked to wait may not be known yet.
    let is_empty = {
        let outbox = outbox.clone();
        move || outbox.entries().is_empty().then(String::new)
    };
    let items = keyed(move || {
        let one = |entry: Entry| {
            let portal = portal.clone();
            Item::new(hash(&entry.key), move || {
                item(i18n, move || Outbox::of(&portal), entry).into()
            })
        };
        outbox.entries().into_iter().map(one).collect()
    });
    el("details")
        .class("tray")
        .live_attr("hidden", is_empty)
        .child(el("summary").child(count))
        .child(unkept)
        .child(el("ul").attr("role", "list").child(items))
        .into()
}

fn hash(key: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

fn item(
    i18n: I18n,
    outbox: impl Fn() -> std::rc::Rc<Outbox> + Clone + Send + Sync + 'static,
    entry: Entry,
) -> Element {
    let (kind, text) = match &entry.write {
        Write::Post(comment) => (msg::OUTBOX_COMMENT, comment.text.clone()),
        Write::Edit { text, .. } => (msg::OUTBOX_EDIT, text.clone()),
        Write::Delete { .. } => (msg::OUTBOX_DELETE, String::new()),
        Write::Vote { .. } => (msg::OUTBOX_VOTE, String::new()),
        Write::Report { detail, .. } => (msg::OUTBOX_REPORT, detail.clone()),
    };
    let button = move |label: Msg, press: Box<dyn Fn()>| {
        el("button").attr("type", "button").on("click", move |_| press()).child(live(i18n.t(label)))
    };
    let again = {
        let (outbox, key) = (outbox.clone(), entry.key.clone());
        move || {
            let (outbox, key) = (outbox.clone(), key.clone());
            button(msg::WRITING_TRY_NOW, Box::new(move || outbox().again(&key)))
        }
    };
    let discard = {
        let (outbox, key) = (outbox.clone(), entry.key.clone());
        move || {
            let (outbox, key) = (outbox.clone(), key.clone());
            button(msg::WRITING_DISCARD, Box::new(move || outbox().discard(&key)))
        }
    };
    let is_changing = RwSignal::new(false);
    let change = move || {
        let toggle = move || is_changing.update(|is_changing| *is_changing = !*is_changing);
        button(msg::WRITING_CHANGE, Box::new(toggle))
            .live_attr("aria-expanded", move || is_changing.get().to_string())
    };
    // How it stands by now; what is typed below stays.
    let now = {
        let (outbox, key) = (outbox.clone(), entry.key.clone());
        Memo::new(move |_| {
            let entry = outbox().entry(&key)?;
            Some(Entry { due: entry.made, tries: entry.tries.min(1), ..entry })
        })
    };
    let has_text = !text.is_empty();
    let buttons = live(move || {
        let entry = now.get().filter(|entry| entry.state != State::Sending)?;
        // As long as it is open it can be closed: what is being changed is held.
        let change = (has_text && (entry.is_here() || is_changing.get())).then(change);
        Some(el("p").class("comment-actions").child(again()).child(change).child(discard()))
    });
    let form = {
        let (text, key) = (text.clone(), entry.key.clone());
        live(move || {
            is_changing.get().then(|| {
                // It is not sent as it was meanwhile.
                let held = outbox().hold(&key);
                form(i18n, &text, move |text| held.rewrite(text))
            })
        })
    };
    let stands = move || now.try_get().flatten().map(|entry| entry.state.word().to_owned());
    let says = live(move || now.get().map(|entry| said(i18n, &entry)));
    el("li")
        .live_attr("data-state", stands)
        .child(el("p").child(el("b").child(live(i18n.t(kind)))).child(" ").child(says))
        .child(has_text.then(|| el("blockquote").attr("dir", "auto").child(text)))
        .child(buttons)
        .child(form)
}

fn said(i18n: I18n, entry: &Entry) -> View {
    let words = match &entry.state {
        State::Queued | State::Ready if entry.tries == 0 => msg::WRITING_QUEUED,
        State::Queued | State::Ready => msg::WRITING_TRYING,
        State::Sending => msg::WRITING_SENDING,
        State::Unsure => msg::WRITING_UNSURE,
        State::Asking => msg::WRITING_ASKING,
        State::Refused(refusal) => {
            let reason = refusal.reason.clone();
            return live(move || i18n.fill(msg::COMMENTS_REFUSED, &[("reason", &reason)]));
        }
    };
    el("span").class("hint").child(live(i18n.t(words))).into()
}

/// To say it otherwise; `save` gives what cannot be any more.
fn form(i18n: I18n, text: &str, save: impl Fn(String) -> Option<Entry> + 'static) -> Element {
    let away: RwSignal<Option<Entry>> = RwSignal::new(None);
    let why = live(move || away.get().map(|entry| said(i18n, &entry)));
    let submit = move |event: Event| {
        event.prevent_default();
        let form = event.current_target().and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
        let field = form.and_then(|form| form.elements().named_item("text"));
        let field = field.and_then(|field| field.dyn_into::<HtmlTextAreaElement>().ok());
        let text = field.map(|field| field.value().trim().to_owned()).unwrap_or_default();
        if !text.is_empty() {
            away.set(save(text));
        }
    };
    let field = el("textarea")
        .attr("name", "text")
        .attr("rows", "4")
        .attr("dir", "auto")
        .live_attr("aria-label", i18n.t(msg::COMMENTS_TEXT))
        .child(text.to_owned());
    let send = el("button").attr("type", "submit").child(live(i18n.t(msg::WRITING_SEND_AGAIN)));
    el("form")
        .class("composer")
        .on("submit", submit)
        .child(field)
        .child(el("p").class("composer-error").attr("role", "alert").child(why))
        .child(el("p").child(send))
}
