//! Above the comments: their order, what to look for among them, what is new, where to go.

use haidang_engine::{
    lang::Lang,
    model::{Badge, Comment},
    thread::{Order, Store},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};

use super::{
    discussion::Discussion,
    keys::{Move, moves, step},
    look::Look,
};
use crate::{
    i18n::{Msg, msg},
    view::{Element, View, el, live},
};

/// Fewer comments than this need no tools.
const WORTH: usize = 3;

/// The tools of a thread that is long enough for them.
pub fn toolbar(discussion: Discussion) -> View {
    let is_worth = Memo::new(move |_| discussion.said(Store::len) >= WORTH);
    live(move || is_worth.get().then(|| untrack(|| tools(discussion))))
}

fn tools(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let store = discussion.store;
    let has_author = has(discussion, |comment| comment.badge == Badge::Author);
    let has_branches =
        Memo::new(move |_| discussion.said(|store| store.rows().iter().any(|row| row.below > 0)));
    let author = live(move || {
        has_author.get().then(|| {
            let check = el("input").attr("type", "checkbox").attr("name", "author").on(
                "change",
                move |event| {
                    if let Some(field) = target::<HtmlInputElement>(&event) {
                        discussion.look.update(|look| look.filter.author = field.checked());
                    }
                },
            );
            el("label")
                .class("check")
                .child(check)
                .child(" ")
                .child(live(i18n.t(msg::THREAD_ONLY_AUTHOR)))
        })
    });
    let fold = live(move || {
        has_branches.get().then(|| {
            let button = |label: Msg, collapsed: bool| {
                el("button")
                    .attr("type", "button")
                    .on("click", move |_| store.update(|store| store.collapse_all(collapsed)))
                    .child(live(i18n.t(label)))
            };
            View::from([
                button(msg::THREAD_COLLAPSE_ALL, true),
                button(msg::THREAD_EXPAND_ALL, false),
            ])
        })
    });
    let group = el("div")
        .class("thread-tools")
        .attr("role", "group")
        .live_attr("aria-label", i18n.t(msg::THREAD_TOOLS))
        .child(sort(discussion))
        .child(search(discussion))
        .child(author)
        .child(languages(discussion))
        .child(fold)
        .child(moves(discussion));
    View::from([View::from(group), news(discussion), found(discussion)])
}

/// Whether any comment is so. Asked again for what is added only as long as none was.
fn has(
    discussion: Discussion,
    is: impl Fn(&Comment) -> bool + Send + Sync + 'static,
) -> Memo<bool> {
    Memo::new(move |before| {
        discussion.said(|store| {
            before == Some(&true)
                || store.rows().iter().any(|row| store.comment(row.node).is_some_and(&is))
        })
    })
}

fn sort(discussion: Discussion) -> Element {
    let i18n = discussion.i18n;
    let orders = [
        (Order::Oldest, msg::THREAD_OLDEST),
        (Order::Newest, msg::THREAD_NEWEST),
        (Order::Best, msg::THREAD_BEST),
        (Order::MostDiscussed, msg::THREAD_DISCUSSED),
    ];
    let order = discussion.store.with_untracked(Store::order);
    let options = orders.map(|(this, label)| {
        el("option")
            .attr("value", this.wire())
            .attr("selected", this == order)
            .child(live(i18n.t(label)))
    });
    let select = el("select")
        .attr("name", "order")
        .on("change", move |event| {
            let field = target::<HtmlSelectElement>(&event);
            if let Some(order) = field.and_then(|field| Order::from_wire(&field.value())) {
                discussion.sort(order);
            }
        })
        .child(View::from(options));
    el("label").child(el("span").child(live(i18n.t(msg::THREAD_SORT)))).child(select)
}

fn search(discussion: Discussion) -> Element {
    let i18n = discussion.i18n;
    let field = el("input")
        .attr("type", "search")
        .attr("name", "words")
        .attr("autocomplete", "off")
        // Not while an input method composes: what it shows is not what is meant yet.
        .on("input", move |event| {
            let is_composing = event
                .dyn_ref::<web_sys::InputEvent>()
                .is_some_and(web_sys::InputEvent::is_composing);
            if !is_composing {
                look_for(discussion, &event);
            }
        })
        .on("compositionend", move |event| look_for(discussion, &event));
    el("label").child(el("span").child(live(i18n.t(msg::THREAD_SEARCH)))).child(field)
}

fn look_for(discussion: Discussion, event: &Event) {
    if let Some(field) = target::<HtmlInputElement>(event) {
        let words = field.value().trim().to_owned();
        if discussion.look.with_untracked(|look| look.filter.words != words) {
            discussion.look.update(|look| look.filter.words = words);
        }
    }
}

/// A choice of the languages that comments say they are in, where there are two or more.
fn languages(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let known = Memo::new(move |_| {
        discussion.said(|store| {
            let mut known: Vec<Lang> = Vec::new();
            for lang in store.rows().iter().filter_map(|row| store.comment(row.node)?.lang.as_ref())
            {
                if !known.contains(lang) {
                    known.push(lang.clone());
                }
            }
            known.sort();
            known
        })
    });
    live(move || {
        let known = known.get();
        (known.len() > 1).then(|| {
            let chosen = discussion.look.with_untracked(|look| look.filter.lang.clone());
            let all = el("option").attr("value", "").child(live(i18n.t(msg::THREAD_ANY_LANGUAGE)));
            let options = known.into_iter().map(|lang| {
                let (tag, own) = discussion.site.language(&lang);
                el("option")
                    .attr("value", lang.as_str().to_owned())
                    .attr("selected", chosen.as_ref() == Some(&lang))
                    .attr("lang", tag)
                    .child(own)
            });
            let select = el("select")
                .attr("name", "language")
                .on("change", move |event| {
                    if let Some(field) = target::<HtmlSelectElement>(&event) {
                        let lang = Lang::parse(&field.value());
                        discussion.look.update(|look| look.filter.lang = lang);
                    }
                })
                .child(all)
                .child(options.collect::<View>());
            el("label").child(el("span").child(live(i18n.t(msg::THREAD_LANGUAGE)))).child(select)
        })
    })
}

/// How many are new since the last visit, and the way to them.
fn news(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let count = Memo::new(move |_| {
        discussion.said(|store| {
            let rows = store.rows().iter();
            rows.filter(|row| store.comment(row.node).is_some_and(|it| discussion.is_new(it)))
                .count()
        })
    });
    live(move || {
        let count = u32::try_from(count.get()).unwrap_or(u32::MAX);
        (count > 0).then(|| {
            let jump = el("button")
                .attr("type", "button")
                .on("click", move |_| step(discussion, Move::NextNew))
                .child(i18n.text(msg::THREAD_NEXT_NEW));
            let says = i18n.plural(msg::THREAD_NEW_COUNT, count);
            el("p").class("thread-new").child(says).child(" ").child(jump)
        })
    })
}

/// How many were found, or that only a part of the thread shows.
fn found(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let count = Memo::new(move |_| {
        let look = discussion.look.get();
        discussion.store.track();
        let is_filtered = !look.filter.is_empty();
        is_filtered.then(|| discussion.scene(&look).shown.iter().filter(|shown| **shown).count())
    });
    let status = el("p").class("count").attr("role", "status").child(live(move || {
        let count = count.get().map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        count.map_or_else(String::new, |count| i18n.plural(msg::THREAD_FOUND, count))
    }));
    let is_branch = Memo::new(move |_| discussion.look.with(|look| look.root.is_some()));
    let branch = live(move || {
        is_branch.get().then(|| {
            let whole = el("button")
                .attr("type", "button")
                .on("click", move |_| discussion.look.set(Look::default()))
                .child(live(i18n.t(msg::THREAD_ALL)));
            el("p").class("note").child(live(i18n.t(msg::THREAD_BRANCH))).child(" ").child(whole)
        })
    });
    View::from([View::from(status), branch])
}

fn target<T: JsCast>(event: &Event) -> Option<T> {
    event.current_target()?.dyn_into().ok()
}
