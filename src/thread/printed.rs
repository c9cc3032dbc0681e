//! The first page of a thread as text, for a printed page: read by those who have no script, and by search
//! engines. The app's own thread comes in its place once the reader is near.

use haidang_engine::{
    model::{Comment, CommentState},
    profile::ThreadPlace,
    thread::{NodeId, Order, Store, lang_of},
};
use leptos::prelude::*;

use super::{
    body::{Ground, people},
    comment::{Facts, Fold, INDENT},
    header::header,
};
use crate::{
    backend::now,
    i18n::{I18n, msg},
    site::Site,
    view::{Element, View, el},
};

/// A context: the comments of the page that is printed.
#[derive(Clone)]
pub struct FirstPage(pub Vec<Comment>);

/// The comments, if there are any on this page.
pub fn comments(site: Site, i18n: I18n, place: &ThreadPlace) -> Option<View> {
    let FirstPage(comments) = use_context()?;
    if comments.is_empty() {
        return None;
    }
    let mut store = Store::new(Order::Oldest);
    store.merge(comments);
    let ground = Ground { site, i18n, source: &place.source, people: &|| people(&store) };
    let rows = store.rows().iter().filter_map(|row| {
        let comment = store.comment(row.node)?;
        Some(item(&ground, &facts(&store, row.node, row.depth, comment)))
    });
    let list = el("ol").class("chunk").attr("role", "list").child(rows.collect::<View>());
    let wanted = el("noscript").child(el("p").class("note").child(i18n.text(msg::COMMENTS_SCRIPT)));
    Some(View::from([el("div").class("comments").child(list), wanted]))
}

fn facts(store: &Store, node: NodeId, depth: usize, comment: &Comment) -> Facts {
    let answered = store.parent(node).and_then(|parent| store.comment(parent));
    Facts {
        comment: comment.clone(),
        answered: answered.map(|comment| comment.author.clone()),
        depth,
        is_new: false,
        is_muted: false,
        fold: Fold::default(),
        now: now(),
    }
}

/// As `comment` makes a row in the browser, without what one does with it.
fn item(ground: &Ground<'_>, facts: &Facts) -> Element {
    let Facts { comment, depth, .. } = facts;
    let heading = format!("by-{}", comment.id);
    let is_gone = comment.state == CommentState::Deleted;
    let lang = lang_of(comment).filter(|_| !is_gone);
    let text = if is_gone {
        el("p").class("hint").child(ground.i18n.text(msg::COMMENTS_DELETED)).into()
    } else {
        ground.body(comment)
    };
    let body = el("div")
        .class("comment-body")
        .attr("dir", "auto")
        .attr("lang", lang.map(|lang| ground.site.language(&lang).0))
        .child(text);
    let article = el("article")
        .class("comment")
        .attr("id", format!("comment-{}", comment.id))
        .attr("aria-labelledby", heading.clone())
        .attr("tabindex", "-1")
        .child(el("header").child(header(ground.site, ground.i18n, facts, heading)))
        .child(body);
    el("li").attr("data-depth", (*depth).min(INDENT).to_string()).child(article)
}
