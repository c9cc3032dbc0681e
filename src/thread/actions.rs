//! What a reader can do with a comment: the buttons below it.

use haidang_engine::model::{Comment, CommentState};
use leptos::prelude::*;

use super::{comment::name, discussion::Discussion};
use crate::{
    i18n::msg,
    view::{Element, View, el, live},
};

/// The buttons below a comment; nothing if there is nothing to do with it.
pub fn actions(discussion: Discussion, comment: &Comment) -> View {
    let can_answer = discussion.is_open && comment.state == CommentState::Published;
    let reply = can_answer.then(|| reply(discussion, comment));
    reply.map(|reply| el("p").class("comment-actions").child(reply)).into()
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
