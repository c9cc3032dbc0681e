//! The browser around the app. Natively, where pages are printed, there is none, and asking the bindings for
//! it would end the process.

use gloo_timers::future::TimeoutFuture;
use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Event, Window};

/// The element that a printed page is in, until the app takes its place.
pub const PRINTED: &str = "printed";

/// The window; `None` in a worker, and natively.
#[cfg(target_arch = "wasm32")]
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The window; `None` in a worker, and natively.
#[cfg(not(target_arch = "wasm32"))]
pub fn window() -> Option<Window> {
    None
}

#[wasm_bindgen]
extern "C" {
    /// `Scheduler` of <https://wicg.github.io/scheduling-apis/>.
    type Scheduler;

    #[wasm_bindgen(thread_local_v2, js_name = scheduler)]
    static SCHEDULER: Option<Scheduler>;

    /// Resolves in a task of its own.
    #[wasm_bindgen(method, catch, js_name = yield)]
    fn end_task(this: &Scheduler) -> Result<Promise, JsValue>;
}

/// Ends the task: what the reader does is answered before the next piece of work.
pub async fn breathe() {
    // Timers that follow each other wait for four milliseconds each; not every browser has better.
    let next = SCHEDULER.with(|scheduler| scheduler.as_ref()?.end_task().ok());
    match next {
        Some(next) => drop(JsFuture::from(next).await),
        None => TimeoutFuture::new(0).await,
    }
}

/// Ends the task while the reader has a printed page: what they do there is answered between pieces of work
/// that they do not wait for.
pub async fn yield_to_printed() {
    if document().is_some_and(|document| document.get_element_by_id(PRINTED).is_some()) {
        breathe().await;
    }
}

/// Tells the start-up script that a printed page has no app, and will get none unless it is loaded again.
pub fn say_stopped() {
    let event = window().zip(Event::new("haidang:stopped").ok());
    // Nobody cancels it.
    let _ = event.map(|(window, event)| window.dispatch_event(&event));
}

/// The document in the [`window`].
pub fn document() -> Option<Document> {
    window()?.document()
}
