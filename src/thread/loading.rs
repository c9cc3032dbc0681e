//! What is loaded of a thread, page by page, and the way to a comment that may not be there yet.

use haidang_engine::{
    model::ThreadPage,
    profile::{Capabilities, Failure, Operation},
    thread::{Order, Store},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use super::discussion::Discussion;
use crate::{
    i18n::msg,
    navigation::{focus_named, focus_on},
    offline::reader::reader,
    ui::failure_text,
    view::{View, el, focused_beside},
};

/// How far the thread has been loaded.
#[derive(Clone, PartialEq)]
pub enum Loading {
    /// Something is on its way.
    Busy,
    /// Up to this cursor; `None` is all.
    Done(Option<String>),
    /// From this cursor on.
    Failed(Failure, Option<String>),
}

/// What the reader wants once a page is there.
#[derive(Clone, PartialEq)]
pub enum Then {
    /// Nothing: they read on.
    Read,
    /// This place of the thread, see [`Discussion::show`].
    Show(String),
    /// The first comment that is new: the button they pressed has gone.
    GoOn,
}

impl Discussion {
    /// Loads from `cursor` on.
    pub(super) fn load(self, cursor: Option<String>, then: Then) {
        // `None` once the reader has left: a task of the thread may end after it.
        let abort = self.leaving.try_with_value(|leaving| Some(leaving.as_ref()?.signal()));
        let Some(abort) = abort.flatten() else { return };
        let loader = self.loader(abort);
        self.loading.set(Loading::Busy);
        // Not in the task: the reader may have left before it begins.
        let operation = self.page(cursor.clone());
        let source = self.source.get_value();
        let asked = self.store.with_untracked(Store::order);
        spawn_local(async move {
            let slice = loader.ask::<ThreadPage>(&source, &operation).await;
            // The reader may have left the page: its signals went with it. Or wants another order by now, which
            // has been asked for.
            let Some(order) = self.store.try_with_untracked(Store::order) else { return };
            if order != asked && self.offers().sort {
                return;
            }
            match slice {
                Ok(slice) => {
                    let next = slice.next.clone();
                    let tops = slice.items.iter().find(|comment| comment.parent.is_none());
                    let first = tops.or(slice.items.first()).map(|first| first.id.clone());
                    let is_first = cursor.is_none();
                    self.pages.try_update_value(|pages| {
                        if is_first {
                            pages.clear();
                        }
                        pages.push(cursor);
                    });
                    let since = loader.memory().since;
                    self.kept.try_update(|kept| {
                        // The oldest of what is shown.
                        let before = kept.filter(|_| !is_first);
                        *kept = before.into_iter().chain(since).min();
                    });
                    self.take(slice);
                    self.loading.try_set(Loading::Done(next.clone()));
                    let sought = self.sought.try_update_value(Option::take).flatten();
                    let named = match then {
                        Then::Read => None,
                        Then::Show(named) => Some(named),
                        Then::GoOn => first.map(|id| format!("comment-{id}")),
                    };
                    let Some(named) = sought.or(named) else { return };
                    // A comment further on is loaded for, page by page.
                    if !self.show(&named) && next.is_some() {
                        self.load(next, Then::Show(named));
                    }
                }
                Err(failure) => {
                    self.loading.try_set(Loading::Failed(failure, cursor));
                }
            }
        });
    }

    /// The question for the comments from `cursor` on.
    pub(super) fn page(self, cursor: Option<String>) -> Operation {
        let order = self.store.with_untracked(Store::order);
        let order = if self.offers().sort { order } else { Order::Oldest };
        Operation::Comments {
            thread: self.id.get_value(),
            order,
            cursor,
            reader: reader(&self.site.portal()),
        }
    }

    /// What the backend can do.
    pub(super) fn offers(self) -> Capabilities {
        let portal = self.site.portal();
        let source = self.source.with_value(|source| portal.source(source).map(|it| it.offers));
        source.unwrap_or(Capabilities::NOTHING)
    }

    /// Takes an answer in.
    pub(super) fn take(self, slice: ThreadPage) {
        self.total.try_set(slice.total.unwrap_or_default());
        if slice.rules.is_some() {
            self.rules.try_set(slice.rules);
        }
        self.at.try_update_value(|at| {
            // What happened while further pages came is told by the stream again: from the first page on.
            if at.is_none() {
                *at = slice.at;
            }
        });
        self.store.try_update(|store| store.merge(slice.items));
    }

    /// Shows the thread in another order. What is not there yet is asked for in it, where the backend can.
    pub(super) fn sort(self, order: Order) {
        self.store.update(|store| store.set_order(order));
        let is_whole = self.loading.with_untracked(|loading| *loading == Loading::Done(None));
        if !is_whole && self.offers().sort {
            self.load(None, Then::Read);
        }
    }

    /// Shows the place `named` of the thread: unfolds what is above it and gives it the focus. `false` if it
    /// is not there.
    pub(super) fn show(self, named: &str) -> bool {
        let Some(id) = named.strip_prefix("comment-") else {
            return self.place().is_some_and(|rows| focus_named(&rows, named));
        };
        let decoded = || js_sys::decode_uri_component(id).ok().map(String::from);
        let found = self.store.try_with_untracked(|store| {
            let node = store.find(id).or_else(|| store.find(&decoded()?))?;
            Some((node, store.branch_of(node)))
        });
        let Some((node, branch)) = found.flatten() else { return false };
        self.store.update(|store| store.reveal(node));
        let Some(list) = self.list.with_value(|list| (**list).clone()) else { return false };
        if !list.shows(node) {
            self.look.set(super::look::Look { root: branch, ..Default::default() });
        }
        let Some(article) = list.article(node) else { return false };
        self.mark(&article);
        focus_on(&article);
        true
    }

    /// Below the comments: what is on its way, what went wrong, what more there is.
    pub(super) fn state(self) -> View {
        let i18n = self.i18n;
        let hint = |msg| el("p").class("hint").child(i18n.text(msg)).into();
        match self.loading.get() {
            Loading::Busy => hint(msg::COMMENTS_LOADING),
            Loading::Done(None) if self.store.with(Store::is_empty) => hint(msg::COMMENTS_NONE),
            Loading::Done(None) => View::Nothing,
            Loading::Done(next) => {
                let more = el("button")
                    .attr("type", "button")
                    .on("click", move |event| self.load(next.clone(), then(&event)))
                    .child(i18n.text(msg::COMMENTS_MORE));
                el("p").class("more").bind(move |more| self.watch_end(&more)).child(more).into()
            }
            Loading::Failed(failure, cursor) => {
                let again = el("button")
                    .attr("type", "button")
                    .class("link")
                    .on("click", move |event| self.load(cursor.clone(), then(&event)))
                    .child(i18n.text(msg::FAILURE_RETRY));
                el("p")
                    .class("alert")
                    .attr("role", "alert")
                    .child(i18n.text(msg::FAILURE_PART))
                    .child(" ")
                    .child(failure_text(i18n, &failure))
                    .child(" ")
                    .child(again)
                    .into()
            }
        }
    }

    /// Loads on by itself once the reader, who is in the thread, comes near the end; not while they are at the
    /// button, which would go from under their fingers.
    fn watch_end(self, more: &Element) {
        let button = more.clone();
        let near = super::near::Near::new(move |_, is_near| {
            let next = self.loading.try_get_untracked();
            let is_at_it = focused_beside(&button).is_some_and(|at| button.contains(Some(&at)));
            if is_near
                && !is_at_it
                && self.entered.try_get_untracked() == Some(true)
                && let Some(Loading::Done(Some(next))) = next
            {
                self.load(Some(next), Then::Read);
            }
        });
        near.watch(more);
        on_cleanup({
            let near = send_wrapper::SendWrapper::new(near);
            move || drop(near)
        });
    }
}

/// Who has the focus on the button that is pressed loses it with the button.
fn then(event: &Event) -> Then {
    let button = event.current_target().and_then(|button| button.dyn_into::<Element>().ok());
    let is_focused = button.is_some_and(|button| focused_beside(&button) == Some(button));
    if is_focused { Then::GoOn } else { Then::Read }
}
