//! The comment thread under an article.
//!
//! [`thread`] is its place on the page. When the reader comes near, or the address names a comment, the
//! rest arrives as a part of its own (see [`crate::chunk`]):
//!
//! - `discussion`: the thread itself over the engine's store; `loading`: page by page
//! - `list`, `chunks`, `near`, `idle`, `veil`: the rows on the page; `comment`: one of them, `body` its text; `clock`
//! - `toolbar`, `keys`, `pressed`, `look`, `seen`, `muted`: what a reader does to read
//! - `feed`, `line`, `stream`, `leader`, `poll`, `arrivals`: what others write meanwhile
//! - `composer`: the form to write with, of `fields`, with what is said before (`notice`) and who signs
//!   (`signature`) and may be addressed (`mention`); `drafts`: what is being written
//! - `actions`, `votes`, `report`: the buttons of a row and what they open
//! - `writing`: what is written on its way through the outbox; `status`, `challenge`: what is said of it at
//!   the comment

mod actions;
mod arrivals;
mod body;
mod challenge;
mod chunks;
mod clock;
mod comment;
mod composer;
mod discussion;
mod drafts;
mod feed;
mod fields;
mod header;
mod idle;
mod keys;
mod leader;
mod line;
mod list;
mod loading;
mod look;
mod mention;
mod muted;
mod near;
mod notice;
mod poll;
mod pressed;
#[cfg(not(target_arch = "wasm32"))]
pub mod printed;
mod report;
mod seen;
mod signature;
mod status;
mod stream;
mod toolbar;
mod veil;
mod votes;
mod writing;

use std::rc::Rc;

use js_sys::Array;
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

use crate::{
    chunk::{Missing, chunk},
    host::{Host, Told},
    i18n::{I18n, msg},
    site::{Site, use_site},
    view::{View, el, live},
};

pub use haidang_engine::profile::ThreadPlace as Place;

chunk!(thread, open: fn(Place) -> View = discussion::discussion);

/// Fetches the part.
type Fetch = Rc<dyn Fn()>;

/// How far the part has come.
#[derive(Clone, Copy)]
enum Part {
    Waiting,
    Here(fn(Place) -> View),
    Missing,
}

/// The thread at `place`.
pub fn thread(place: Place) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let part = RwSignal::new(Part::Waiting);
    let fetch = {
        let host = use_context::<Host>();
        Rc::new(move || fetch(part, host.clone()))
    };
    live(move || match part.get() {
        // What it reads while it is made must not make it anew, with what is typed in it.
        Part::Here(discussion) => untrack(|| discussion(place.clone())),
        Part::Waiting => {
            let waiting = waiting(site, i18n, &place);
            closed(i18n, site.level(2), waiting, Some(fetch.clone()))
        }
        Part::Missing => closed(i18n, site.level(2), missing(i18n, fetch.clone()), None),
    })
}

/// What stands in the place of a thread until its part has come.
#[cfg(target_arch = "wasm32")]
fn waiting(_: Site, i18n: I18n, _: &Place) -> View {
    el("p").class("hint").child(i18n.text(msg::COMMENTS_LOADING)).into()
}

/// What stands in the place of a thread where nothing will come: what was said in it so far.
#[cfg(not(target_arch = "wasm32"))]
fn waiting(site: Site, i18n: I18n, place: &Place) -> View {
    printed::comments(site, i18n, place)
        .unwrap_or_else(|| el("p").class("hint").child(i18n.text(msg::COMMENTS_LOADING)).into())
}

/// What stands in the place of a thread whose part did not come.
fn missing(i18n: I18n, fetch: Fetch) -> View {
    let again = el("button")
        .attr("type", "button")
        .class("link")
        .on("click", move |_| fetch())
        .child(i18n.text(msg::FAILURE_RETRY));
    let why = i18n.text(msg::FAILURE_PART);
    el("p").class("alert").attr("role", "alert").child(why).child(" ").child(again).into()
}

/// The place of a thread that is not there; `state` says why. Its part is fetched once the reader is near.
fn closed(i18n: I18n, level: Option<String>, state: View, fetch: Option<Fetch>) -> View {
    el("section")
        .class("thread")
        .attr("id", "comments")
        .attr("aria-labelledby", "comments-title")
        .bind(move |place| {
            if let Some(fetch) = fetch {
                when_near(&place, move || fetch());
            }
        })
        .child(
            el("h2")
                .attr("id", "comments-title")
                .attr("aria-level", level)
                .child(i18n.text(msg::COMMENTS_TITLE)),
        )
        .child(state)
        .into()
}

/// Begins to fetch the part that is a thread, which will be needed at once.
pub fn prefetch() {
    spawn_local(async {
        // Who needs it asks again, and says so if it does not come.
        let _ = open().await;
    });
}

/// The same if the address names the thread.
pub fn prefetch_named() {
    if named().is_some() {
        prefetch();
    }
}

fn fetch(part: RwSignal<Part>, host: Option<Host>) {
    spawn_local(async move {
        let come = open().await;
        // The reader may have left the page: its signals went with it.
        match come {
            Ok(discussion) => {
                part.try_set(Part::Here(discussion));
            }
            Err(Missing) => {
                part.try_set(Part::Missing);
                if let Some(host) = host {
                    host.tell(Told::Here { came: false });
                }
            }
        }
    });
}

/// The comment that the address names, or `comments`.
fn named() -> Option<String> {
    let hash = window().location().hash().unwrap_or_default();
    let named = hash.trim_start_matches('#');
    (named == "comments" || named.starts_with("comment-")).then(|| named.to_owned())
}

/// Calls once `place` is within a screen of being seen; at once if the address names the thread, or in an element,
/// which begins when it is near.
fn when_near(place: &Element, call: impl Fn() + 'static) {
    if named().is_some() || use_context::<Host>().is_some() {
        return call();
    }
    let near = Closure::<dyn Fn(Array, IntersectionObserver)>::new(
        move |entries: Array, observer: IntersectionObserver| {
            let is_near = entries
                .iter()
                .filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok())
                .any(|entry| entry.is_intersecting());
            if is_near {
                observer.disconnect();
                call();
            }
        },
    );
    let options = IntersectionObserverInit::new();
    options.set_root_margin("100%");
    let callback = near.as_ref().unchecked_ref();
    if let Ok(observer) = IntersectionObserver::new_with_options(callback, &options) {
        observer.observe(place);
        // The observer calls the closure: both live until the thread goes.
        let kept = SendWrapper::new((observer, near));
        on_cleanup(move || kept.0.disconnect());
    }
}
