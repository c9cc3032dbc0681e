//! The head of a comment: who wrote it, whom it answers, what it is, and when it was written.

use haidang_engine::model::{Badge, CommentState};
use leptos::prelude::untrack;

use super::comment::Facts;
use crate::{
    i18n::{I18n, msg},
    site::Site,
    view::{View, el},
};

/// The heading `id` and the line below it.
pub fn header(site: Site, i18n: I18n, facts: &Facts, id: String) -> View {
    let Facts { comment, answered, depth, .. } = facts;
    let author = name(i18n, &comment.author);
    let by = match answered {
        Some(parent) => i18n
            .fill(msg::COMMENTS_ANSWER_BY, &[("name", &author), ("parent", &name(i18n, parent))]),
        None => i18n.fill(msg::COMMENTS_BY, &[("name", &author)]),
    };
    let level = (*depth > 0).then(|| {
        let level = i18n.fill(msg::THREAD_LEVEL, &[("n", &(depth + 1).to_string())]);
        el("span").class("visually-hidden").child(format!(", {level}"))
    });
    let (tag, level_of) = match depth {
        0 => ("h3", 3),
        1 => ("h4", 4),
        2 => ("h5", 5),
        _ => ("h6", 6),
    };
    let badge = match comment.badge {
        Badge::Reader => None,
        Badge::Author => Some(msg::COMMENTS_BADGE_AUTHOR),
        Badge::Staff => Some(msg::COMMENTS_BADGE_STAFF),
    };
    let state = match comment.state {
        CommentState::Held => Some(msg::COMMENTS_HELD_LABEL),
        CommentState::Rejected => Some(msg::THREAD_REJECTED),
        CommentState::Published | CommentState::Deleted => None,
    };
    let labels = badge.into_iter().chain(state);
    let labels = labels.chain(comment.pinned.then_some(msg::THREAD_PINNED));
    let labels = labels.chain(comment.featured.then_some(msg::THREAD_FEATURED));
    let labels = labels.chain(facts.is_new.then_some(msg::THREAD_NEW));
    let labels = labels.map(|label| el("span").class("label").child(i18n.text(label)));
    let created = comment.created.map(|at| {
        let full = i18n.instant(at);
        let ago = i18n.ago(at, facts.now);
        let title = ago.is_some().then(|| full.clone());
        let time = el("time")
            .attr("datetime", at.to_string())
            .attr("title", title)
            .child(ago.unwrap_or(full));
        let href = untrack(|| site.fragment(&format!("comment-{}", comment.id)));
        el("a").class("quiet").attr("href", href).child(time)
    });
    let edited = comment.edited.map(|_| format!(" · {}", i18n.text(msg::COMMENTS_EDITED)));
    View::from([
        el(tag)
            .attr("id", id)
            .attr("aria-level", site.level(level_of))
            .attr("dir", "auto")
            .child(by)
            .child(level)
            .into(),
        labels.collect::<View>(),
        el("p").class("meta").child(created).child(edited).into(),
    ])
}

/// The name a comment is signed with, or a word for its absence.
pub fn name(i18n: I18n, author: &str) -> String {
    if author.is_empty() { i18n.text(msg::COMMENTS_ANONYMOUS) } else { author.to_owned() }
}
