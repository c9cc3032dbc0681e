//! What the reader wrote and no server has yet: a line in the frame, on every page, while there is any.
//!
//! A first visit has nothing of it but a look at what this browser remembers; the rest comes with the thread's part
//! (see [`crate::chunk`]), which is there where something is written, and with it what waits begins to be sent. What is sent within a moment is not said to
//! wait: a line that comes and goes would only push the page about.

use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use super::tray::tray;
use crate::{
    chunk::chunk,
    i18n::I18n,
    offline::waits,
    site::{Site, use_site},
    view::{View, live},
};

/// What is behind the door.
type Tray = fn(Site, I18n) -> View;

/// So long something may be on its way before it is said to wait, in milliseconds.
const PATIENCE: u32 = 1_000;

chunk!(thread, open: Tray = tray);

/// What waits, if anything does.
pub fn waiting() -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let is_waiting = waits(&site.portal().id);
    // What waited before says so at once.
    let is_long = RwSignal::new(is_waiting.get_untracked());
    let part: RwSignal<Option<Tray>> = RwSignal::new(None);
    live(move || {
        if !is_waiting.get() {
            is_long.set(false);
            return View::Nothing;
        }
        if !is_long.get() {
            let is_waiting = is_waiting.clone();
            spawn_local(async move {
                TimeoutFuture::new(PATIENCE).await;
                is_long.try_set(is_waiting.get_untracked());
            });
            return View::Nothing;
        }
        match part.get() {
            // What it reads while it is made must not make it anew.
            Some(tray) => untrack(|| tray(site, i18n)),
            None => {
                spawn_local(async move {
                    // A part that does not come leaves what waits where it is.
                    if let Ok(tray) = open().await {
                        part.try_set(Some(tray));
                    }
                });
                View::Nothing
            }
        }
    })
}
