//! Where something that was written stands, said at the comment: waiting, being sent, not taken and why.

use haidang_engine::{
    outbox::{Entry, Refusal, State},
    profile::Write,
};
use leptos::prelude::*;

use super::{challenge::challenge, discussion::Discussion, writing::Act};
use crate::{
    i18n::{I18n, Msg, msg},
    view::{Element, View, el, live},
};

/// Where the entry `key` stands, and what the reader can do about it; nothing once it is done. `comment` is
/// the id of the comment it shows at.
pub fn status(discussion: Discussion, comment: &str, key: String) -> View {
    let writing = discussion.writing;
    let comment = comment.to_owned();
    let entry = Memo::new(move |_| {
        // What is typed into it must not go with every try.
        let entry = writing.outbox().entry(&key)?;
        Some(Entry { due: entry.made, tries: entry.tries.min(1), ..entry })
    });
    live(move || Some(shown(discussion, &comment, entry.get()?)))
}

fn shown(discussion: Discussion, comment: &str, entry: Entry) -> Element {
    let (i18n, writing) = (discussion.i18n, discussion.writing);
    let place = el("div").class("comment-status").attr("data-state", entry.state.word());
    let hint = |message: Msg| el("p").class("hint").child(live(i18n.t(message)));
    let unkept = live(move || {
        let is_kept = writing.outbox().is_kept();
        (!is_kept).then(|| el("p").class("alert").child(i18n.text(msg::WRITING_NOT_KEPT)))
    });
    let key = entry.key.clone();
    let again = move |label: Msg| {
        let key = key.clone();
        button(i18n, label, move || writing.outbox().again(&key))
    };
    let key = entry.key.clone();
    let discard = move || {
        let key = key.clone();
        button(i18n, msg::WRITING_DISCARD, move || {
            writing.close();
            writing.outbox().discard(&key);
        })
    };
    let change = {
        let act = match &entry.write {
            Write::Post(_) => Some(Act::Again),
            Write::Edit { .. } => Some(Act::Edit),
            _ => None,
        };
        let comment = comment.to_owned();
        act.map(|act| button(i18n, msg::WRITING_CHANGE, move || writing.toggle(&comment, act)))
    };
    match &entry.state {
        State::Sending => place.child(hint(doing(&entry.write))),
        State::Unsure => place.child(hint(msg::WRITING_UNSURE)),
        State::Asking => place
            .attr("role", "alert")
            .child(hint(msg::WRITING_ASKING))
            .child(buttons([again(msg::WRITING_SEND_AGAIN), discard()])),
        State::Refused(refusal) => {
            let why = refusal.clone();
            let why = live(move || refusal_text(i18n, &why, discussion.longest()));
            let asked = challenge(discussion, &entry, refusal);
            let place = place.attr("role", "alert");
            let place = if asked.is_some() { place } else { place.child(el("p").child(why)) };
            place.child(asked).child(buttons(change.into_iter().chain([discard()])))
        }
        State::Queued | State::Ready => {
            let is_away = !window().navigator().on_line();
            let words = match entry.tries {
                _ if is_away => msg::WRITING_OFFLINE,
                0 => msg::WRITING_QUEUED,
                _ => msg::WRITING_TRYING,
            };
            let now = (entry.tries > 0 && !is_away).then(|| again(msg::WRITING_TRY_NOW));
            let change = change.filter(|_| entry.is_here());
            let all = now.into_iter().chain(change).chain([discard()]);
            place.child(hint(words)).child(unkept).child(buttons(all))
        }
    }
}

fn doing(write: &Write) -> Msg {
    match write {
        Write::Edit { .. } => msg::WRITING_SAVING,
        Write::Delete { .. } => msg::WRITING_DELETING,
        _ => msg::WRITING_SENDING,
    }
}

fn buttons(all: impl IntoIterator<Item = Element>) -> Element {
    el("p").class("comment-actions").child(all.into_iter().collect::<View>())
}

/// A button with these words.
pub fn button(i18n: I18n, label: Msg, press: impl Fn() + 'static) -> Element {
    el("button").attr("type", "button").on("click", move |_| press()).child(live(i18n.t(label)))
}

/// Why something was not taken, in the reader's language where that is known. Tracks the language.
pub fn refusal_text(i18n: I18n, refusal: &Refusal, longest: u32) -> String {
    let field = refusal.field.as_deref();
    let known = match (refusal.kind.as_deref().unwrap_or_default(), field) {
        ("closed", _) => Some(msg::COMMENTS_CLOSED),
        ("spam", _) => Some(msg::COMMENTS_SPAM),
        ("too-late", _) => Some(msg::WRITING_TOO_LATE),
        ("gone", _) => Some(msg::WRITING_GONE),
        ("not-yours", _) => Some(msg::WRITING_NOT_YOURS),
        ("identity", _) => Some(msg::WRITING_IDENTITY),
        ("challenge", _) => Some(msg::WRITING_CHALLENGE_WAIT),
        ("forbidden", _) => Some(msg::FAILURE_FORBIDDEN),
        ("not-offered", _) => Some(msg::FAILURE_NOT_FOUND),
        ("invalid", Some("author")) => Some(msg::COMMENTS_NAME_MISSING),
        ("invalid", Some("text")) => Some(msg::COMMENTS_TEXT_LONG),
        ("invalid", Some("parent")) => Some(msg::COMMENTS_PARENT_GONE),
        _ => None,
    };
    match known {
        Some(known) => i18n.fill(known, &[("max", &longest.to_string())]),
        // A backend that says no more.
        None if refusal.reason.is_empty() => i18n.text(msg::FAILURE_INVALID),
        None => i18n.fill(msg::COMMENTS_REFUSED, &[("reason", &refusal.reason)]),
    }
}
