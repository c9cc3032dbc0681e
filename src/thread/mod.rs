//! The comment thread under an article.
//!
//! [`thread`] holds the engine's store and loads it when the reader comes near; `comment` is a row,
//! `composer` the form to write with.

mod comment;
mod composer;
mod drafts;

use haidang_engine::{
    model::{Comment, Page as Slice},
    profile::{Failure, Operation},
    thread::{Order, Store},
};
use js_sys::Array;
use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{
    AbortController, Element, IntersectionObserver, IntersectionObserverEntry,
    IntersectionObserverInit,
};

use self::composer::composer;
use crate::{
    backend::{Loader, Mode},
    i18n::{I18n, msg},
    navigation::focus_fragment,
    site::{Site, use_site},
    ui::failure_text,
    view::{View, el, keyed, live},
};

/// What the rows and forms of a thread share.
#[derive(Clone, Copy)]
pub struct Discussion {
    site: Site,
    i18n: I18n,
    source: StoredValue<String>,
    id: StoredValue<String>,
    store: RwSignal<Store>,
    /// How many there are in all, loaded or not, as far as the backend says.
    total: RwSignal<u32>,
    loading: RwSignal<Loading>,
    /// The comment that is being answered.
    replying: RwSignal<Option<String>>,
    /// Read out by screen readers, and shown below the form.
    said: RwSignal<String>,
    is_open: bool,
}

/// How far the thread has been loaded.
#[derive(Clone, PartialEq)]
enum Loading {
    /// The reader is not near.
    Waiting,
    Busy,
    /// Up to this cursor; `None` is all.
    Done(Option<String>),
    /// From this cursor on.
    Failed(Failure, Option<String>),
}

/// The thread `id` of `source` (empty: the first): comments, and a form if it `is_open`.
pub fn thread(source: String, id: String, is_open: bool) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let discussion = Discussion {
        site,
        i18n,
        source: StoredValue::new(source),
        id: StoredValue::new(id),
        store: RwSignal::new(Store::new(Order::Oldest)),
        total: RwSignal::new(0),
        loading: RwSignal::new(Loading::Waiting),
        replying: RwSignal::new(None),
        said: RwSignal::new(String::new()),
        is_open,
    };
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
        .bind(move |place| discussion.load_when_near(&place))
        .child(el("h2").attr("id", "comments-title").child(live(title)))
        .child(form)
        .child(said)
        .child(el("ol").class("comments").attr("role", "list").child(rows))
        .child(live(move || discussion.state()))
        .into()
}

impl Discussion {
    /// Loads once the thread is within a screen of being seen, or at once if the address names it.
    fn load_when_near(self, place: &Element) {
        let named = window().location().hash().unwrap_or_default();
        let named = named.trim_start_matches('#');
        if named == "comments" || named.starts_with("comment-") {
            self.load(None, Some(named.to_owned()));
            return;
        }
        let near = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            let is_near = entries
                .iter()
                .filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
                .any(|entry| entry.is_intersecting());
            if is_near && self.loading.get_untracked() == Loading::Waiting {
                self.load(None, None);
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin("100%");
        let callback = near.as_ref().unchecked_ref();
        match IntersectionObserver::new_with_options(callback, &options) {
            Ok(observer) => {
                observer.observe(place);
                // The observer calls the closure: both live until the thread goes.
                let kept = SendWrapper::new((observer, near));
                on_cleanup(move || kept.0.disconnect());
            }
            Err(_) => self.load(None, None),
        }
    }

    /// Loads from `cursor` on, then shows the comment `named`.
    fn load(self, cursor: Option<String>, named: Option<String>) {
        let Some(loader) = self.loader() else { return };
        self.loading.set(Loading::Busy);
        spawn_local(async move {
            let operation =
                Operation::Comments { thread: self.id.get_value(), cursor: cursor.clone() };
            let source = self.source.get_value();
            let slice = loader.ask::<Slice<Comment>>(&source, &operation).await;
            // The reader may have left the page: its signals went with it.
            let next = match slice {
                Ok(slice) => {
                    self.total.try_set(slice.total.unwrap_or_default());
                    self.store.try_update(|store| store.merge(slice.items));
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

    /// Asks on behalf of the thread; what it asks is not ended by leaving the page.
    fn loader(self) -> Option<Loader> {
        let abort = AbortController::new().ok()?.signal();
        Some(Loader::new(self.site.portal(), self.i18n.lang(), Vec::new(), Mode::Network, abort))
    }

    /// Below the comments: what is on its way, what went wrong, what more there is.
    fn state(self) -> View {
        let i18n = self.i18n;
        let hint = |msg| el("p").class("hint").child(i18n.text(msg)).into();
        match self.loading.get() {
            Loading::Waiting | Loading::Busy => hint(msg::COMMENTS_LOADING),
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
