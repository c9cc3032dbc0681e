//! What a reader is told before they write: the rules of the house, what becomes of what they write.

use haidang_engine::profile::Localized;

use super::discussion::Discussion;
use crate::{
    i18n::{Msg, msg},
    preferences::storage,
    view::{View, el, live},
};

/// The rules and the privacy notice, as far as the portal has them: open before the first comment from
/// this device, folded after it.
pub fn notice(discussion: Discussion) -> View {
    let portal = discussion.site.portal();
    let Some(comments) = portal.comments.clone() else { return View::Nothing };
    let is_first = !has_written(&portal.id);
    let part = |title: Msg, text: Localized| {
        let i18n = discussion.i18n;
        if text.is_empty() {
            return View::Nothing;
        }
        let fallback = portal.fallback.clone();
        let words = live(move || text.get(&i18n.lang(), &fallback).to_owned());
        el("details")
            .class("house")
            .attr("open", is_first)
            .child(el("summary").child(live(i18n.t(title))))
            .child(el("p").child(words))
            .into()
    };
    View::from([
        part(msg::WRITING_RULES, comments.rules),
        part(msg::WRITING_PRIVACY, comments.privacy),
    ])
}

fn has_written(portal: &str) -> bool {
    storage().is_some_and(|storage| storage.get_item(&place(portal)).ok().flatten().is_some())
}

/// The reader has written, and knows.
pub fn note_written(portal: &str) {
    if let Some(storage) = storage() {
        // Full or denied: they are told again.
        let _ = storage.set_item(&place(portal), "1");
    }
}

fn place(portal: &str) -> String {
    format!("haidang:{portal}:written")
}
