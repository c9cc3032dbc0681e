//! What a reader can do with a comment: the buttons below it, and the forms they open.

use haidang_engine::{
    model::{Comment, CommentState},
    profile::Write,
};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use wasm_bindgen::JsCast;
use web_sys::{Event, Node};

use super::{
    body,
    composer::{editor, resend},
    discussion::Discussion,
    drafts::Draft,
    header::name,
    report::report,
    status::{button, status},
    votes::votes,
    writing::{Act, local_key},
};
use crate::{
    backend::now,
    i18n::msg,
    view::{Element, View, el, live, selection_beside},
};

/// Characters that are quoted where nothing is selected.
const QUOTED: usize = 300;

/// The buttons below a comment; nothing if there is nothing to do with it.
pub fn actions(discussion: Discussion, comment: &Comment) -> View {
    if let Some(key) = local_key(&comment.id) {
        return status(discussion, &comment.id, key.to_owned());
    }
    let is_there = comment.state == CommentState::Published;
    let can_answer = discussion.is_open && is_there;
    let offers = discussion.offers();
    let is_mine = comment.editable.is_some_and(|until| until > now());
    let is_kept = comment.state != CommentState::Deleted;
    let (can_edit, can_delete) =
        (offers.edit && is_mine && is_kept, offers.delete && is_mine && is_kept);
    let can_report = offers.report && is_there && comment.editable.is_none();
    let id = comment.id.clone();
    let opens = move |act: Act, label| {
        let id = id.clone();
        let open = discussion.writing.open;
        let is_open = {
            let id = id.clone();
            move || open.with(|open| open.as_ref() == Some(&(id.clone(), act))).to_string()
        };
        button(discussion.i18n, label, move || discussion.writing.toggle(&id, act))
            .live_attr("aria-expanded", is_open)
    };
    let i18n = discussion.i18n;
    let report_of = {
        let author = comment.author.clone();
        move || i18n.fill(msg::WRITING_REPORT_OF, &[("name", &name(i18n, &author))])
    };
    let buttons: Vec<View> = [
        can_answer.then(|| reply(discussion, comment)),
        can_answer.then(|| quote(discussion, comment)),
        can_edit.then(|| opens(Act::Edit, msg::WRITING_EDIT)),
        can_delete.then(|| opens(Act::Delete, msg::WRITING_DELETE)),
        can_report
            .then(|| opens(Act::Report, msg::WRITING_REPORT).live_attr("aria-label", report_of)),
    ]
    .into_iter()
    .flatten()
    .map(View::from)
    .collect();
    let votes = (offers.vote && is_there).then(|| votes(discussion, comment));
    let buttons = (!buttons.is_empty() || votes.is_some()).then(|| {
        el("p").class("comment-actions").child(votes).child(buttons.into_iter().collect::<View>())
    });
    View::from([View::from(buttons), waiting(discussion, comment)])
}

/// Where what was done to the comment stands.
fn waiting(discussion: Discussion, comment: &Comment) -> View {
    let id = comment.id.clone();
    let keys = {
        let id = id.clone();
        // A vote is shown as it will be; only what is wrong with it is said.
        Memo::new(move |_| {
            let is_told = |write: &Write| !matches!(write, Write::Vote { .. });
            let told = discussion.waiting(&id, is_told).map(|entry| entry.key);
            let vote = discussion.waiting(&id, |write| matches!(write, Write::Vote { .. }));
            let vote = vote.filter(|entry| super::votes::is_in_doubt(&entry.state));
            told.into_iter().chain(vote.map(|entry| entry.key)).collect::<Vec<_>>()
        })
    };
    live(move || {
        let keys = keys.get().into_iter();
        keys.map(|key| status(discussion, &id, key)).collect::<View>()
    })
}

/// The form that is open at the comment `id`.
pub fn forms(discussion: Discussion, id: &str) -> View {
    let open = discussion.writing.open;
    let id = id.to_owned();
    let act = {
        let id = id.clone();
        Memo::new(move |_| {
            open.with(|open| open.as_ref().filter(|(at, _)| *at == id).map(|(_, act)| *act))
        })
    };
    live(move || {
        let act = act.get()?;
        untrack(|| match act {
            Act::Edit => editor(discussion, &id),
            Act::Again => resend(discussion, local_key(&id)?),
            Act::Delete => Some(deletion(discussion, &id)),
            Act::Report => Some(report(discussion, &id)),
        })
    })
}

/// Asks whether it shall go.
fn deletion(discussion: Discussion, id: &str) -> Element {
    let i18n = discussion.i18n;
    let id = id.to_owned();
    let delete = button(i18n, msg::WRITING_DELETE_YES, move || {
        discussion.writing.close();
        discussion.send(Write::Delete { comment: id.clone() }, || {});
    });
    let cancel = button(i18n, msg::COMMENTS_CANCEL, move || discussion.writing.close());
    el("div")
        .class("comment-form")
        .attr("role", "group")
        .child(el("p").child(live(i18n.t(msg::WRITING_DELETE_SURE))))
        .child(el("p").class("actions").child(delete).child(" ").child(cancel.class("plain")))
}

fn reply(discussion: Discussion, comment: &Comment) -> Element {
    let i18n = discussion.i18n;
    let Comment { id, author, .. } = comment.clone();
    let is_open = {
        let id = id.clone();
        move || discussion.replying.with(|replying| replying.as_ref() == Some(&id)).to_string()
    };
    let toggle = move |_| {
        discussion.replying.update(|replying| {
            *replying = if replying.as_ref() == Some(&id) { None } else { Some(id.clone()) };
        });
    };
    let label = move || i18n.fill(msg::COMMENTS_REPLY_TO, &[("name", &name(i18n, &author))]);
    el("button")
        .attr("type", "button")
        .live_attr("aria-label", label)
        .live_attr("aria-expanded", is_open)
        .on("click", toggle)
        .child(live(i18n.t(msg::COMMENTS_REPLY)))
}

/// Opens an answer that begins with the words selected in the comment, or with its first ones.
fn quote(discussion: Discussion, comment: &Comment) -> Element {
    let i18n = discussion.i18n;
    let comment = comment.clone();
    let author = comment.author.clone();
    let label = move || i18n.fill(msg::WRITING_QUOTE_OF, &[("name", &name(i18n, &author))]);
    // Pressing the button may end the selection.
    let selected: StoredValue<String> = StoredValue::default();
    let press = move |event: Event| {
        let text = selection(&event).unwrap_or_default();
        selected.set_value(text);
    };
    let open = move |_: Event| {
        let selected = selected.try_update_value(std::mem::take).unwrap_or_default();
        let text = if selected.trim().is_empty() {
            let source = body::source(discussion, &comment);
            source.chars().take(QUOTED).collect()
        } else {
            selected
        };
        let draft = Draft::new(discussion, &comment.id);
        let quoted: String = text.trim().lines().map(|line| format!("> {line}\n")).collect();
        draft.write(&format!("{}{quoted}\n", draft.read()));
        let id = comment.id.clone();
        discussion.replying.set(None);
        spawn_local(async move {
            // A form that is open begins anew, with what it held.
            tick().await;
            discussion.replying.try_set(Some(id));
        });
    };
    el("button")
        .attr("type", "button")
        .live_attr("aria-label", label)
        .on("pointerdown", press)
        .on("click", open)
        .child(live(i18n.t(msg::WRITING_QUOTE)))
}

/// What is selected in the comment that an event came from.
fn selection(event: &Event) -> Option<String> {
    let target: web_sys::Element = event.current_target()?.dyn_into().ok()?;
    let comment = target.closest("article.comment").ok()??;
    let selection = selection_beside(&comment)?;
    let within: Node = selection.anchor_node()?;
    comment.contains(Some(&within)).then(|| selection.to_string().into())
}
