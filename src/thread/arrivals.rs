//! What has come and does not show yet: a button, a word to screen readers now and then, and how the thread
//! is told of it.

use gloo_timers::callback::Timeout;
use haidang_engine::{model::Comment, thread::Store};
use leptos::prelude::*;
use send_wrapper::SendWrapper;

use super::{discussion::Discussion, feed::Connection};
use crate::{
    i18n::msg,
    view::{View, el, live},
};

/// Milliseconds between two things that are said.
const SILENCE: f64 = 30_000.0;

/// The button with what waits, what is said of it, and the state of the line.
pub fn arrivals(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let feed = discussion.feed;
    let count = Memo::new(move |_| {
        feed.waiting.with(|waiting| {
            let unknown = |store: &Store| waiting.iter().filter(|it| is_unknown(store, it)).count();
            u32::try_from(discussion.store.with(unknown)).unwrap_or(u32::MAX)
        })
    });
    let button = live(move || {
        let count = count.get();
        (count > 0).then(|| {
            let button = el("button")
                .attr("type", "button")
                .on("click", move |_| show(discussion))
                .child(i18n.plural(msg::THREAD_ARRIVED, count));
            el("p").class("thread-arrived").child(button)
        })
    });
    // Always there, or screen readers would not hear of it; silent until the reader has been in the thread.
    let said = RwSignal::new(0);
    let spoken = StoredValue::new(f64::NEG_INFINITY);
    let later = StoredValue::new(SendWrapper::new(None::<Timeout>));
    let say = move || {
        spoken.try_set_value(js_sys::Date::now());
        said.try_set(count.try_get_untracked().unwrap_or_default());
    };
    Effect::new(move |_| {
        let count = count.get();
        if count == 0 {
            // None waits any more: what comes next is said, as many as it is.
            later.set_value(SendWrapper::new(None));
            said.set(0);
            return;
        }
        if !discussion.entered.get() || count == said.get_untracked() {
            return;
        }
        #[expect(clippy::as_conversions, reason = "milliseconds; saturates")]
        let wait = (spoken.get_value() + SILENCE - js_sys::Date::now()).max(0.0) as u32;
        later.set_value(SendWrapper::new(Some(Timeout::new(wait, say))));
    });
    let status = el("p").class("visually-hidden").attr("role", "status").child(live(move || {
        let count = said.get();
        if count == 0 { String::new() } else { i18n.plural(msg::THREAD_ARRIVED_SAID, count) }
    }));
    View::from([connection(discussion), status.into(), button])
}

fn is_unknown(store: &Store, comment: &Comment) -> bool {
    store.find(&comment.id).is_none()
}

/// Shows what waits, and goes to the first of it.
fn show(discussion: Discussion) {
    let mut waiting = discussion.feed.waiting.get_untracked();
    discussion.feed.waiting.set(Vec::new());
    discussion.store.with_untracked(|store| waiting.retain(|it| is_unknown(store, it)));
    let first = waiting.first().map(|comment| comment.id.clone());
    discussion.store.update(|store| {
        store.merge(waiting);
    });
    if let Some(first) = first {
        discussion.show(&format!("comment-{first}"));
    }
}

/// How the thread is told of what is new, and the way to have it quiet.
fn connection(discussion: Discussion) -> View {
    let i18n = discussion.i18n;
    let feed = discussion.feed;
    live(move || {
        let is_paused = feed.is_paused.get();
        let connection = feed.connection.get();
        let state = match connection {
            _ if is_paused => msg::THREAD_IS_PAUSED,
            Connection::None | Connection::Live => msg::THREAD_IS_LIVE,
            Connection::Polling => msg::THREAD_IS_POLLING,
            Connection::Lost => msg::THREAD_IS_LOST,
        };
        let label = if is_paused { msg::THREAD_RESUME } else { msg::THREAD_PAUSE };
        let toggle = el("button")
            .attr("type", "button")
            .class("link")
            .on(
                "click",
                move |_| {
                    if is_paused { discussion.resume() } else { feed.is_paused.set(true) }
                },
            )
            .child(live(i18n.t(label)));
        let state = el("span").child(live(i18n.t(state)));
        // Until it is known, its room: what comes must not move the rows.
        let is_known = connection != Connection::None;
        let class = if is_known { "thread-line" } else { "thread-line-room" };
        el("p").class(class).child(state).child(" ").child(toggle)
    })
}
