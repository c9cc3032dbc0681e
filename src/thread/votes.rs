//! Votes on a comment: shown as the reader has voted at once, and as they were if that is not taken.

use haidang_engine::{model::Comment, outbox::State, profile::Write};
use leptos::prelude::*;

use super::{discussion::Discussion, header::name};
use crate::{
    i18n::{Msg, msg},
    view::{Element, el, live},
};

/// Whether a vote in this state needs a word.
pub fn is_in_doubt(state: &State) -> bool {
    matches!(state, State::Refused(_) | State::Asking)
}

/// The buttons to vote with and the number of votes.
pub fn votes(discussion: Discussion, comment: &Comment) -> Element {
    let i18n = discussion.i18n;
    let Comment { id, author, votes, voted, .. } = comment.clone();
    // The reader's vote as it will be.
    let own = {
        let id = id.clone();
        Memo::new(move |_| {
            let waiting = discussion.waiting(&id, |write| matches!(write, Write::Vote { .. }));
            match waiting.map(|entry| (entry.write, entry.state)) {
                Some((Write::Vote { vote, .. }, state)) if !is_in_doubt(&state) => i32::from(vote),
                _ => voted,
            }
        })
    };
    let one = move |vote: i8, sign: &'static str, label: Msg| {
        let (id, author) = (id.clone(), author.clone());
        let press = move |_| {
            let vote = if own.get_untracked() == i32::from(vote) { 0 } else { vote };
            discussion.send(Write::Vote { comment: id.clone(), vote }, || {});
        };
        el("button")
            .attr("type", "button")
            .class("vote")
            .live_attr("aria-label", move || i18n.fill(label, &[("name", &name(i18n, &author))]))
            .live_attr("aria-pressed", move || (own.get() == i32::from(vote)).to_string())
            .on("click", press)
            .child(sign)
    };
    let count = move || votes + own.get() - voted;
    let down = {
        let one = one.clone();
        let is_offered =
            Memo::new(move |_| discussion.rules.with(|r| r.as_ref().is_some_and(|r| r.down)));
        live(move || is_offered.get().then(|| one(-1, "▼", msg::WRITING_VOTE_DOWN)))
    };
    let words = live(move || {
        let count = count();
        sign(count).to_owned() + &i18n.plural(msg::WRITING_VOTES, count.unsigned_abs())
    });
    let shown = live(move || {
        let count = count();
        sign(count).to_owned() + &count.unsigned_abs().to_string()
    });
    el("span")
        .class("votes")
        .child(one(1, "▲", msg::WRITING_VOTE_UP))
        .child(el("span").attr("aria-hidden", "true").child(shown))
        .child(el("span").class("visually-hidden").child(words))
        .child(down)
}

/// What stands before the number.
fn sign(count: i32) -> &'static str {
    if count < 0 { "\u{2212}" } else { "" }
}
