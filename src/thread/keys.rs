//! Single keys that move through the thread, while the focus is in it; the sheet that explains them; and
//! the same as buttons. They can be switched off, under `haidang:{portal}:keys` (WCAG 2.1.4).

use haidang_engine::{
    json,
    read::{Node, Read, ReadError, read},
    thread::NodeId,
};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDialogElement, HtmlInputElement, KeyboardEvent};

use super::{
    discussion::Discussion,
    pressed::{fold, go, node_of},
};
use crate::{
    i18n::{Msg, msg},
    preferences::{keep, storage},
    view::{Element, View, el, focused_beside, live, named_beside},
};

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

/// Where a move goes to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Move {
    /// The comment after this one.
    Next,
    /// The one before.
    Previous,
    /// The one it answers.
    Parent,
    /// The next one since the last visit.
    NextNew,
}

/// Each key, what it does in words.
const KEYS: [(&str, Msg); 6] = [
    ("j", msg::THREAD_NEXT),
    ("k", msg::THREAD_PREVIOUS),
    ("p", msg::THREAD_PARENT),
    ("n", msg::THREAD_NEXT_NEW),
    ("c", msg::THREAD_FOLD),
    ("?", msg::THREAD_KEYS_HELP),
];

struct Kept(bool);

impl Read for Kept {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.field("on")?))
    }
}

fn place(discussion: Discussion) -> String {
    format!("haidang:{}:keys", discussion.site.portal().id)
}

fn are_on(discussion: Discussion) -> bool {
    let text = storage().and_then(|storage| storage.get_item(&place(discussion)).ok().flatten());
    let value = text.and_then(|text| json::parse(&text).ok());
    value.and_then(|value| read::<Kept>(&value, "keys", "").0.ok()).is_none_or(|kept| kept.0)
}

/// Does what a key stands for, if it was meant for the thread.
pub fn press(discussion: Discussion, event: Event) {
    let Ok(event) = event.dyn_into::<KeyboardEvent>() else { return };
    let is_plain = !(event.ctrl_key() || event.alt_key() || event.meta_key());
    // An input method is at work (UI Events, 229).
    let is_composing = event.is_composing() || event.key_code() == 229;
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let is_typing = target.is_none_or(|target| {
        let field = "input, textarea, select, [contenteditable], dialog";
        target.closest(field).ok().flatten().is_some()
    });
    if !is_plain || is_composing || is_typing || !are_on(discussion) {
        return;
    }
    match event.key().as_str() {
        "j" => step(discussion, Move::Next),
        "k" => step(discussion, Move::Previous),
        "p" => step(discussion, Move::Parent),
        "n" => step(discussion, Move::NextNew),
        "c" => {
            if let Some(here) = here(discussion) {
                fold(discussion, here);
            }
        }
        "?" => open(discussion),
        _ => return,
    }
    event.prevent_default();
}

/// The comment that has the focus.
fn here(discussion: Discussion) -> Option<NodeId> {
    let rows = discussion.place()?;
    node_of(discussion, &focused_beside(&rows)?)
}

/// Goes from the comment that has the focus, or was gone to last, to another.
pub fn step(discussion: Discussion, to: Move) {
    let from = here(discussion).or_else(|| discussion.last());
    let Some(list) = discussion.list.with_value(|list| (**list).clone()) else { return };
    let shown = list.shown();
    let at = from.and_then(|from| shown.iter().position(|node| *node == from));
    let after = at.map_or(0, |at| at + 1);
    let is_new = |node: &&NodeId| {
        discussion
            .store
            .with_untracked(|store| store.comment(**node).is_some_and(|it| discussion.is_new(it)))
    };
    let goal = match to {
        Move::Next => shown.get(after).copied(),
        Move::Previous => at.and_then(|at| at.checked_sub(1)).and_then(|at| shown.get(at)).copied(),
        Move::Parent => {
            from.and_then(|from| discussion.store.with_untracked(|store| store.parent(from)))
        }
        // Also what is folded away; after the last one from the top again.
        Move::NextNew => discussion.store.with_untracked(|store| {
            let all: Vec<NodeId> = store.rows().iter().map(|row| row.node).collect();
            let at = from.and_then(|from| store.place(from)).map_or(0, |place| place + 1);
            let (before, after) = all.split_at_checked(at).unwrap_or((&all, &[]));
            after.iter().chain(before).find(is_new).copied()
        }),
    };
    if let Some(goal) = goal {
        go(discussion, goal);
    }
}

fn sheet(discussion: Discussion) -> Option<HtmlDialogElement> {
    let rows = discussion.place()?;
    named_beside(&rows, "thread-keys")?.dyn_into().ok()
}

fn open(discussion: Discussion) {
    if let Some(sheet) = sheet(discussion).filter(|sheet| !sheet.open()) {
        // Fails only for a dialog that is open.
        let _ = sheet.show_modal();
    }
}

/// The moves as buttons, and the sheet of keys.
pub fn moves(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let button = |sign: &'static str, label: Msg, to: Move| {
        el("button")
            .attr("type", "button")
            .live_attr("aria-label", i18n.t(label))
            .live_attr("title", i18n.t(label))
            .on("click", move |_| step(discussion, to))
            .child(sign)
    };
    let help = el("button")
        .attr("type", "button")
        .attr("aria-haspopup", "dialog")
        .live_attr("aria-label", i18n.t(msg::THREAD_KEYS))
        .live_attr("title", i18n.t(msg::THREAD_KEYS))
        .on("click", move |_| open(discussion))
        .child("?");
    let group = el("div")
        .class("thread-moves")
        .attr("role", "group")
        .live_attr("aria-label", i18n.t(msg::THREAD_MOVES))
        .child(button("↑", msg::THREAD_PREVIOUS, Move::Previous))
        .child(button("↓", msg::THREAD_NEXT, Move::Next))
        .child(button("↰", msg::THREAD_PARENT, Move::Parent))
        .child(help);
    View::from([group, help_sheet(discussion)])
}

fn help_sheet(discussion: Discussion) -> Element {
    let i18n = discussion.i18n;
    let rows = KEYS.map(|(key, what)| {
        el("div")
            .child(el("dt").child(el("kbd").child(key)))
            .child(el("dd").child(live(i18n.t(what))))
    });
    let switch = el("input").attr("type", "checkbox").attr("checked", are_on(discussion)).on(
        "change",
        move |event| {
            let field =
                event.current_target().and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
            if let Some(field) = field {
                keep(&place(discussion), &json!({ "version": VERSION, "on": field.checked() }));
            }
        },
    );
    let close = el("button")
        .attr("type", "button")
        .on("click", move |_| {
            if let Some(sheet) = sheet(discussion) {
                sheet.close();
            }
        })
        .child(live(i18n.t(msg::THREAD_CLOSE)));
    el("dialog")
        .attr("id", "thread-keys")
        .attr("aria-labelledby", "thread-keys-title")
        .child(
            el("h3")
                .attr("id", "thread-keys-title")
                .attr("aria-level", discussion.site.level(3))
                .child(live(i18n.t(msg::THREAD_KEYS))),
        )
        .child(el("dl").child(View::from(rows)))
        .child(el("label").child(switch).child(" ").child(live(i18n.t(msg::THREAD_KEYS_ON))))
        .child(el("p").class("actions").child(close))
}
