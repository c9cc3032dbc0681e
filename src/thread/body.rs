//! The text of a comment as it shows, and as it will show.

use std::collections::HashMap;

use haidang_engine::{
    content::{self, Content, link_people},
    lang::Lang,
    model::{Body, BodyFormat, Comment},
};
use leptos::prelude::*;

use web_sys::Element;

use super::{comment::button, discussion::Discussion};
use crate::{
    backend::parse_html,
    i18n::msg,
    ui,
    view::{View, el},
};

/// Characters from which on a comment is folded until the reader wants all of it: some four screens of a phone.
const LONG: usize = 3_000;

/// The text of a comment.
pub fn body(discussion: Discussion, comment: &Comment) -> View {
    let Some(body) = &comment.body else { return View::Nothing };
    let content = read(discussion, body);
    let is_long = content::text(&content.blocks).chars().nth(LONG).is_some();
    let text = show(discussion, content, comment.lang.as_ref());
    if !is_long {
        return text;
    }
    let whole = button("whole", discussion.i18n.text(msg::THREAD_WHOLE));
    View::from([
        el("div").class("long").attr("data-folded", "").child(text),
        el("p").child(whole.class("link").attr("aria-expanded", "false")),
    ])
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
    show(discussion, read(discussion, &Body { format, value: text.to_owned() }), None)
}

/// The text of a comment to be written otherwise.
pub fn source(discussion: Discussion, comment: &Comment) -> String {
    match &comment.body {
        Some(body) if body.format == BodyFormat::Html => {
            content::text(&read(discussion, body).blocks)
        }
        Some(body) => body.value.clone(),
        None => String::new(),
    }
}

fn read(discussion: Discussion, body: &Body) -> Content {
    match body.format {
        BodyFormat::Html => {
            let portal = discussion.site.portal();
            let source = discussion.source.with_value(|source| portal.source(source).cloned());
            parse_html(&body.value, &source.map(|source| source.base).unwrap_or_default())
        }
        BodyFormat::Markdown => content::from_markdown(&body.value),
        BodyFormat::Text => content::from_text(&body.value),
    }
}

fn show(discussion: Discussion, mut content: Content, lang: Option<&Lang>) -> View {
    if content::text(&content.blocks).contains('@') {
        let people = people(discussion);
        link_people(&mut content.blocks, &|name| people.get(name).cloned());
    }
    discussion.source.with_value(|source| {
        ui::readers_blocks(discussion.site, discussion.i18n, source, lang, &content.blocks)
    })
}

/// Who has written in the thread, each with the `id` of one of their comments.
fn people(discussion: Discussion) -> HashMap<String, String> {
    discussion.store.with_untracked(|store| {
        let comments = store.rows().iter().filter_map(|row| store.comment(row.node));
        let named = comments.filter(|comment| !comment.author.is_empty());
        named.map(|one| (one.author.clone(), format!("comment-{}", one.id))).collect()
    })
}
