//! The thread itself: the engine's store, what is loaded of it, and the views around the rows.

use haidang_engine::{
    model::ThreadPage,
    profile::{Failure, Operation},
    thread::{Order, Store},
};
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use send_wrapper::SendWrapper;
use web_sys::{AbortController, AbortSignal};

use super::{
    Place, comment,
    composer::composer,
    named,
    writing::{self, Writing},
};
use crate::{
    backend::{Loader, Mode},
    i18n::{I18n, msg},
    navigation::focus_fragment,
    offline::reader::reader,
    site::{Site, use_site},
    ui::failure_text,
    view::{View, el, keyed, live},
};

/// What the rows and forms of a thread share.
#[derive(Clone, Copy)]
pub struct Discussion {
    pub(super) site: Site,
    pub(super) i18n: I18n,
    pub(super) source: StoredValue<String>,
    pub(super) id: StoredValue<String>,
    pub(super) store: RwSignal<Store>,
    /// How many there are in all, loaded or not, as far as the backend says.
    pub(super) total: RwSignal<u32>,
    loading: RwSignal<Loading>,
    /// The comment that is being answered.
    pub(super) replying: RwSignal<Option<String>>,
    /// Read out by screen readers, and shown below the form.
    pub(super) said: RwSignal<String>,
    pub(super) is_open: bool,
    /// What is written in it.
    pub(super) writing: Writing,
    /// Ends what is asked for when the reader leaves the page.
    leaving: StoredValue<SendWrapper<Option<AbortController>>>,
}

/// How far the thread has been loaded.
#[derive(Clone, PartialEq)]
enum Loading {
    Busy,
    /// Up to this cursor; `None` is all.
    Done(Option<String>),
    /// From this cursor on.
    Failed(Failure, Option<String>),
}

/// The thread at `place`: comments, and a form if it is open.
pub fn discussion(place: Place) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let is_open = place.is_open;
    let discussion = Discussion {
        site,
        i18n,
        source: StoredValue::new(place.source),
        id: StoredValue::new(place.id),
        store: RwSignal::new(Store::new(Order::Oldest)),
        total: RwSignal::new(0),
        loading: RwSignal::new(Loading::Busy),
        replying: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        is_open,
        writing: Writing::new(site),
        leaving: StoredValue::new(SendWrapper::new(AbortController::new().ok())),
    };
    on_cleanup({
        let leaving = discussion.leaving.get_value();
        move || {
            if let Some(leaving) = &*leaving {
                leaving.abort();
            }
        }
    });
    discussion.load(None, named());
    writing::follow(discussion);
    let title = move || {
        let here = u32::try_from(discussion.store.with(Store::len)).unwrap_or(u32::MAX);
        match here.max(discussion.total.get()) {
            0 => i18n.text(msg::COMMENTS_TITLE),
            count => i18n.plural(msg::COMMENTS_COUNT, count),
        }
    };
    let form = if is_open {
        composer(discussion, None)
    } else {
        el("p").class("note").child(live(i18n.t(msg::COMMENTS_CLOSED)))
    };
    let said = el("p")
        .class("thread-said")
        .attr("role", "status")
        .child(live(move || discussion.said.get()));
    let rows = keyed(move || {
        discussion.store.with(|store| {
            store.rows().iter().map(|row| comment::item(discussion, store, *row)).collect()
        })
    });
    el("section")
        .class("thread")
        .attr("id", "comments")
        .attr("aria-labelledby", "comments-title")
        .live_attr("aria-busy", move || {
            (discussion.loading.get() == Loading::Busy).then(|| "true".to_owned())
        })
        .child(el("h2").attr("id", "comments-title").child(live(title)))
        .child(form)
        .child(said)
        .child(el("ol").class("comments").attr("role", "list").child(rows))
        .child(live(move || discussion.state()))
        .into()
}

impl Discussion {
    /// Loads it anew.
    pub(super) fn reload(self) {
        self.load(None, None);
    }

    /// Loads from `cursor` on, then shows the comment `named`.
    fn load(self, cursor: Option<String>, named: Option<String>) {
        // `None` once the reader has left: a task of the thread may end after it.
        let abort = self.leaving.try_with_value(|leaving| Some(leaving.as_ref()?.signal()));
        let Some(abort) = abort.flatten() else { return };
        let loader = self.loader(abort);
        self.loading.set(Loading::Busy);
        // Not in the task: the reader may have left before it begins.
        let operation = Operation::Comments {
            thread: self.id.get_value(),
            order: Order::Oldest,
            cursor: cursor.clone(),
            reader: reader(&self.site.portal()),
        };
        let source = self.source.get_value();
        spawn_local(async move {
            let slice = loader.ask::<ThreadPage>(&source, &operation).await;
            // The reader may have left the page: its signals went with it.
            let next = match slice {
                Ok(slice) => {
                    self.total.try_set(slice.total.unwrap_or_default());
                    self.store.try_update(|store| store.merge(slice.items));
                    if slice.rules.is_some() {
                        self.writing.rules.try_set(slice.rules);
                    }
                    self.loading.try_set(Loading::Done(slice.next.clone()));
                    slice.next
                }
                Err(failure) => {
                    self.loading.try_set(Loading::Failed(failure, cursor));
                    return;
                }
            };
            let Some(named) = named else { return };
            tick().await;
            // A comment further on is loaded for, page by page.
            if !focus_fragment(&named) && next.is_some() {
                self.load(next, Some(named));
            }
        });
    }

    /// Asks on behalf of the thread, until `abort`.
    pub(super) fn loader(self, abort: AbortSignal) -> Loader {
        Loader::new(self.site.portal(), self.i18n.lang(), Vec::new(), Mode::Network, abort)
    }

    /// Below the comments: what is on its way, what went wrong, what more there is.
    fn state(self) -> View {
        let i18n = self.i18n;
        let hint = |msg| el("p").class("hint").child(i18n.text(msg)).into();
        match self.loading.get() {
            Loading::Busy => hint(msg::COMMENTS_LOADING),
            Loading::Done(None) if self.store.with(Store::is_empty) => hint(msg::COMMENTS_NONE),
            Loading::Done(None) => View::Nothing,
            Loading::Done(next) => {
                let more = el("button")
                    .attr("type", "button")
                    .on("click", move |_| self.load(next.clone(), None))
                    .child(i18n.text(msg::COMMENTS_MORE));
                el("p").class("more").child(more).into()
            }
            Loading::Failed(failure, cursor) => {
                let again = el("button")
                    .attr("type", "button")
                    .class("link")
                    .on("click", move |_| self.load(cursor.clone(), None))
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
}
