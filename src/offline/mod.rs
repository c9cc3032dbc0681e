//! What belongs to the reader and must outlive the network: so far what they wrote.
//!
//! `outbox` is the one place that everything written goes through, `sender` sends it, `database` keeps
//! it, `lock` sees to it that one tab does, `tabs` tells the others; `reader` is who wrote it. What may be done next with a write
//! is decided in [`haidang_engine::outbox`]. `update` is the page's side of the service worker (`worker/`), `install` that of
//! the browser's offer to install the portal, `push` asks to be told of emergencies.
//!
//! A first visit only looks whether something waits ([`waits`]); the rest comes with the thread, or
//! through the door of [`crate::ui`]'s tray.

mod background;
mod database;
pub mod install;
mod lock;
mod outbox;
pub mod push;
pub mod reader;
mod sender;
mod tabs;
mod unbound;
mod update;

pub use outbox::{News, Outbox};
pub use update::{newer, renew};

use std::{cell::RefCell, collections::HashMap};

use leptos::prelude::*;

use crate::preferences::storage;

thread_local! {
    static WAITING: RefCell<HashMap<String, ArcRwSignal<bool>>> = RefCell::default();
}

/// Whether something of a portal waits to be sent, as far as this browser knows without asking its database.
pub fn waits(portal: &str) -> ArcRwSignal<bool> {
    WAITING.with_borrow_mut(|all| {
        let known = all.entry(portal.to_owned());
        known.or_insert_with(|| ArcRwSignal::new(is_marked(portal))).clone()
    })
}

fn is_marked(portal: &str) -> bool {
    storage().is_some_and(|storage| storage.get_item(&mark(portal)).ok().flatten().is_some())
}

/// Notes whether something waits, for the next start.
fn note(portal: &str, is_waiting: bool) {
    let signal = waits(portal);
    if signal.get_untracked() != is_waiting {
        signal.set(is_waiting);
    }
    if let Some(storage) = storage()
        && is_waiting != is_marked(portal)
    {
        let place = mark(portal);
        // Denied, the database is too.
        let _ =
            if is_waiting { storage.set_item(&place, "1") } else { storage.remove_item(&place) };
    }
}

fn mark(portal: &str) -> String {
    format!("haidang:{portal}:waiting")
}
