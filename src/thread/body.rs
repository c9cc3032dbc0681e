//! The text of a comment as it shows, and as it will show.

use std::collections::HashMap;

use haidang_engine::{
    content::{self, Content, link_people},
    lang::Lang,
    model::{Body, BodyFormat, Comment},
};
use leptos::prelude::*;

use super::discussion::Discussion;
use crate::{backend::parse_html, ui, view::View};

/// The text of a comment.
pub fn body(discussion: Discussion, comment: &Comment) -> View {
    let Some(body) = &comment.body else { return View::Nothing };
    show(discussion, read(discussion, body), comment.lang.as_ref())
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
