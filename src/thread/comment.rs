//! A comment in its place.

use std::hash::{DefaultHasher, Hash, Hasher};

use haidang_engine::{
    model::{Badge, Comment, CommentState},
    thread::{Row, Store},
};
use leptos::prelude::*;

use super::{actions::actions, body::body, composer::composer, discussion::Discussion};
use crate::{
    i18n::{I18n, msg},
    ui::instant,
    view::{Element, Item, View, el, live},
};

/// Deeper comments are drawn no further in; their heading says whom they answer.
const INDENT: usize = 5;

/// A row of the thread: drawn anew only where something it shows has changed.
pub fn item(discussion: Discussion, store: &Store, row: Row) -> Item {
    let parent = store.parent(row.node);
    let mut key = DefaultHasher::new();
    (store.id(row.node), parent, row.depth.min(INDENT)).hash(&mut key);
    if let Some(comment) = store.comment(row.node) {
        (comment.created, comment.edited, comment.state, comment.votes).hash(&mut key);
    }
    Item::new(key.finish(), move || {
        let (comment, answered) = discussion.store.with_untracked(|store| {
            let answered = parent.and_then(|parent| store.comment(parent));
            let answered = answered.map(|comment| comment.author.clone());
            (store.comment(row.node).cloned(), answered)
        });
        comment.map(|comment| line(discussion, row, comment, answered)).into()
    })
}

/// A comment, and the form to answer it while the reader does.
fn line(discussion: Discussion, row: Row, comment: Comment, answered: Option<String>) -> Element {
    let id = comment.id.clone();
    let is_replying = {
        let id = id.clone();
        Memo::new(move |_| discussion.replying.with(|replying| replying.as_ref() == Some(&id)))
    };
    el("li")
        .attr("data-depth", row.depth.min(INDENT).to_string())
        .child(article(discussion, comment, answered))
        .child(live(move || is_replying.get().then(|| composer(discussion, Some(id.clone())))))
}

fn article(discussion: Discussion, comment: Comment, answered: Option<String>) -> Element {
    let Discussion { i18n, site, .. } = discussion;
    let heading = {
        let author = comment.author.clone();
        move || match &answered {
            Some(parent) => i18n.fill(
                msg::COMMENTS_ANSWER_BY,
                &[("name", &name(i18n, &author)), ("parent", &name(i18n, parent))],
            ),
            None => i18n.fill(msg::COMMENTS_BY, &[("name", &name(i18n, &author))]),
        }
    };
    let badge = match comment.badge {
        Badge::Reader => None,
        Badge::Author => Some(msg::COMMENTS_BADGE_AUTHOR),
        Badge::Staff => Some(msg::COMMENTS_BADGE_STAFF),
    };
    let held = (comment.state == CommentState::Held).then_some(msg::COMMENTS_HELD_LABEL);
    let labels = badge.into_iter().chain(held);
    let labels = labels.map(|label| el("span").class("label").child(live(i18n.t(label))));
    let created = comment.created.map(|at| live(move || instant(i18n, at)));
    let edited =
        comment.edited.map(|_| View::from([View::from(" · "), live(i18n.t(msg::COMMENTS_EDITED))]));
    let is_deleted = comment.state == CommentState::Deleted;
    let lang = comment.lang.as_ref().filter(|_| !is_deleted);
    let lang = lang.map(|lang| site.language(lang).0);
    let text = match comment.state {
        CommentState::Deleted => {
            el("p").class("hint").child(live(i18n.t(msg::COMMENTS_DELETED))).into()
        }
        _ => body(discussion, &comment),
    };
    let header = el("header")
        .child(el("h3").attr("dir", "auto").child(live(heading)))
        .child(labels.collect::<View>())
        .child(el("p").class("meta").child(created).child(edited));
    let text = el("div").class("comment-body").attr("lang", lang).attr("dir", "auto").child(text);
    el("article")
        .class("comment")
        .attr("id", format!("comment-{}", comment.id))
        .child(header)
        .child(text)
        .child(actions(discussion, &comment))
}

/// The name a comment is signed with, or a word for its absence.
pub(super) fn name(i18n: I18n, author: &str) -> String {
    if author.is_empty() { i18n.text(msg::COMMENTS_ANONYMOUS) } else { author.to_owned() }
}
