//! The text of a comment as it shows, and as it will show.

use std::collections::HashMap;

use haidang_engine::{
    content::{self, Content, link_people},
    lang::Lang,
    model::{Body, BodyFormat, Comment},
    thread::Store,
};
use leptos::prelude::*;

use web_sys::Element;

use super::{comment::button, discussion::Discussion};
use crate::{
    backend::parse_html,
    i18n::{I18n, msg},
    site::Site,
    ui,
    view::{View, el},
};

/// Characters from which on a comment is folded until the reader wants all of it: some four screens of a phone.
const LONG: usize = 3_000;

/// What the text of comments depends on.
pub struct Ground<'a> {
    /// The portal around.
    pub site: Site,
    /// The words around.
    pub i18n: I18n,
    /// Whose comments they are.
    pub source: &'a str,
    /// Who has written in the thread, each with the `id` of one of their comments.
    pub people: &'a dyn Fn() -> HashMap<String, String>,
}

impl Ground<'_> {
    /// The text of a comment.
    pub fn body(&self, comment: &Comment) -> View {
        let Some(body) = &comment.body else { return View::Nothing };
        let content = self.read(body);
        let is_long = content::text(&content.blocks).chars().nth(LONG).is_some();
        let text = self.show(content, comment.lang.as_ref());
        if !is_long {
            return text;
        }
        let whole = button("whole", self.i18n.text(msg::THREAD_WHOLE));
        View::from([
            el("div").class("long").attr("data-folded", "").child(text),
            el("p").child(whole.class("link").attr("aria-expanded", "false")),
        ])
    }

    fn read(&self, body: &Body) -> Content {
        match body.format {
            BodyFormat::Html => {
                let portal = self.site.portal();
                let base = portal.source(self.source).map(|source| source.base.as_str());
                parse_html(&body.value, base.unwrap_or_default())
            }
            BodyFormat::Markdown => content::from_markdown(&body.value),
            BodyFormat::Text => content::from_text(&body.value),
        }
    }

    fn show(&self, mut content: Content, lang: Option<&Lang>) -> View {
        if content::text(&content.blocks).contains('@') {
            let people = (self.people)();
            link_people(&mut content.blocks, &|name| people.get(name).cloned());
        }
        ui::readers_blocks(self.site, self.i18n, self.source, lang, &content.blocks)
    }
}

/// The text of a comment of a thread.
pub fn body(discussion: Discussion, comment: &Comment) -> View {
    on_ground(discussion, |ground| ground.body(comment))
}

fn on_ground<T>(discussion: Discussion, use_it: impl FnOnce(&Ground<'_>) -> T) -> T {
    let Discussion { site, i18n, store, .. } = discussion;
    let people = move || store.with_untracked(people);
    discussion.source.with_value(|source| use_it(&Ground { site, i18n, source, people: &people }))
}

/// Folds a long text, or shows all of it; `button` says which.
pub fn toggle(discussion: Discussion, button: &Element) {
    let is_whole = button.get_attribute("aria-expanded").as_deref() == Some("true");
    let item = button.closest(".comment-body").ok().flatten();
    let Some(long) = item.and_then(|item| item.query_selector(".long").ok().flatten()) else {
        return;
    };
    let label = if is_whole { msg::THREAD_WHOLE } else { msg::THREAD_LESS };
    button.set_text_content(Some(&untrack(|| discussion.i18n.text(label))));
    // Fails only for names that are none.
    let _ = button.set_attribute("aria-expanded", if is_whole { "false" } else { "true" });
    let _ = long.toggle_attribute_with_force("data-folded", is_whole);
}

/// What the reader is writing, as it will show.
pub fn preview(discussion: Discussion, text: &str) -> View {
    let format = if discussion.is_native() { BodyFormat::Markdown } else { BodyFormat::Text };
    let body = Body { format, value: text.to_owned() };
    on_ground(discussion, |ground| ground.show(ground.read(&body), None))
}

/// The text of a comment to be written otherwise.
pub fn source(discussion: Discussion, comment: &Comment) -> String {
    match &comment.body {
        Some(body) if body.format == BodyFormat::Html => {
            content::text(&on_ground(discussion, |ground| ground.read(body)).blocks)
        }
        Some(body) => body.value.clone(),
        None => String::new(),
    }
}

/// Who has written what is in a store, each with the `id` of one of their comments.
pub fn people(store: &Store) -> HashMap<String, String> {
    let comments = store.rows().iter().filter_map(|row| store.comment(row.node));
    let named = comments.filter(|comment| !comment.author.is_empty());
    named.map(|one| (one.author.clone(), format!("comment-{}", one.id))).collect()
}
