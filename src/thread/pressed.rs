//! What is pressed in the list: one listener for all rows.

use haidang_engine::thread::{NodeId, Rest};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, FocusOptions, HtmlElement};

use super::{body::toggle, discussion::Discussion, look::Look};
use crate::view::focused_beside;

/// Does what the pressed button says in `data-do`.
pub fn press(discussion: Discussion, event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let button = target.and_then(|target| target.closest("[data-do]").ok().flatten());
    let Some(button) = button else { return };
    let Some(node) = node_of(discussion, &button) else { return };
    let author = || {
        discussion
            .store
            .with_untracked(|store| store.comment(node).map(|comment| comment.author.clone()))
            .unwrap_or_default()
    };
    match button.get_attribute("data-do").as_deref() {
        Some("whole") => toggle(discussion, &button),
        Some("fold") => fold(discussion, node),
        Some("run") => {
            let list = discussion.list.with_value(|list| (**list).clone());
            let rest = discussion.rest(node);
            if let Some(Rest::Run(parent, _)) = rest {
                discussion.store.update(|store| store.unroll(parent, true));
            }
            // The button goes: the focus is on what it has shown.
            let next = list.as_ref().and_then(|list| {
                list.follow();
                list.shown().into_iter().skip_while(|shown| *shown != node).nth(1)
            });
            if let Some(next) = next {
                go(discussion, next);
            }
        }
        Some("deep") => {
            discussion.look.set(Look { root: Some(node), ..Look::default() });
            go(discussion, node);
        }
        Some("mute") => discussion.muted.set(&author(), true),
        Some("unmute") => discussion.muted.set(&author(), false),
        _ => {}
    }
}

/// The browser's own search has found what is folded away: a row, or one of the rows of a chunk.
pub fn found(discussion: Discussion, event: &Event) {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let articles = target.and_then(|target| target.query_selector_all("article.comment").ok());
    let Some(articles) = articles else { return };
    let nodes: Vec<NodeId> = (0..articles.length())
        .filter_map(|index| articles.get(index)?.dyn_into::<Element>().ok())
        .filter_map(|article| node_of(discussion, &article))
        .collect();
    discussion.store.update(|store| nodes.iter().for_each(|node| store.reveal(*node)));
    if let Some(list) = discussion.list.with_value(|list| (**list).clone()) {
        list.follow();
    }
}

/// Folds what is below a comment away, or shows it again.
pub fn fold(discussion: Discussion, node: NodeId) {
    // Before anything goes: what goes may have the focus, and of the button that has it a screen reader says
    // what has become of it.
    if let Some(list) = discussion.list.with_value(|list| (**list).clone())
        && let Some(focused) = focused_beside(list.place())
        && list.place().contains(Some(&focused))
        && let Some(article) = list.article(node)
        && let Ok(Some(toggle)) = article.query_selector("[data-do=fold]")
        && *toggle != *focused
    {
        // The reader stays where they are.
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = toggle.unchecked_into::<HtmlElement>().focus_with_options(&options);
    }
    discussion.store.update(|store| {
        if !store.replies(node).is_empty() {
            let is_collapsed = store.is_collapsed(node);
            store.collapse(node, !is_collapsed);
        }
    });
}

/// Goes to a comment.
pub fn go(discussion: Discussion, node: NodeId) {
    let id = discussion.store.with_untracked(|store| store.id(node).to_owned());
    discussion.show(&format!("comment-{id}"));
}

/// The comment an element belongs to.
pub fn node_of(discussion: Discussion, element: &Element) -> Option<NodeId> {
    let item = element.closest("li").ok().flatten()?;
    let article = item.query_selector("article.comment").ok().flatten()?;
    let id = article.id();
    discussion.store.with_untracked(|store| store.find(id.strip_prefix("comment-")?))
}

impl Discussion {
    /// What stands below a row.
    fn rest(self, node: NodeId) -> Option<Rest> {
        let scene = self.look.with_untracked(|look| self.scene(look));
        scene.rests.get(&node).copied()
    }
}
