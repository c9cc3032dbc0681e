//! What belongs to the reader and must outlive the network: what they wrote, saved and took along.
//!
//! `outbox` is the one place that everything written goes through, `sender` sends it, `lock` sees to it that one
//! tab does, `tabs` tells the others; `reader` is who wrote it. What may be done next with a write is decided in
//! [`haidang_engine::outbox`]. `update` is the page's side of the service worker (`worker/`), `background` has that
//! send when no page is open, `install` is that of the browser's offer to install the portal, `push` asks
//! to be told of emergencies.
//!
//! `saved` keeps articles, `packs` whole sections; `gather` asks for all that an article needs, `pictures` has
//! the pictures, `upkeep` sees to it at a start that what is kept follows its publisher. They are behind the
//! door [`keeper`].
//!
//! A first visit only looks whether something waits ([`waits`]); the rest comes with the thread, or
//! through the door of [`crate::ui`]'s tray.

mod background;
pub mod cards;
mod gather;
mod held;
pub mod install;
mod lock;
mod outbox;
pub mod packs;
pub mod pictures;
pub mod push;
pub mod reader;
pub mod saved;
mod sender;
mod tabs;
mod unbound;
mod update;
mod upkeep;

pub use outbox::{News, Outbox};
pub use update::{newer, renew};

use std::{cell::RefCell, sync::Arc};

use futures::future::LocalBoxFuture;
use haidang_engine::{lang::Lang, profile::Portal};
use leptos::prelude::*;
use serde_json::Value;

pub use saved::Trouble;

use crate::{
    chunk::{Missing, chunk},
    preferences::storage,
};

/// What comes when it is done.
type Task<T> = LocalBoxFuture<'static, T>;
/// Each with its source, as lists show it, in the shape of the native API.
type Found = Vec<(String, Value)>;

/// What is behind the door.
pub struct Keeper {
    /// What of everything kept a query finds, the best first, in the languages the reader reads.
    pub find: fn(Arc<Portal>, String, Vec<Lang>) -> Task<Found>,
    /// What is done at a start.
    pub upkeep: fn(Arc<Portal>) -> Task<()>,
}

static KEEPER: Keeper = Keeper {
    find: |portal, query, reads| Box::pin(cards::find(portal, query, reads)),
    upkeep: |portal| Box::pin(upkeep::at_start(portal)),
};

chunk!(kept, open: &'static Keeper = &KEEPER);

/// Opens the door to what keeps things for the reader.
pub async fn keeper() -> Result<&'static Keeper, Missing> {
    open().await
}

thread_local! {
    /// By portal: one, as a rule.
    static WAITING: RefCell<Vec<(String, ArcRwSignal<bool>)>> = RefCell::default();
}

/// Whether something of a portal waits to be sent, as far as this browser knows without asking its database.
pub fn waits(portal: &str) -> ArcRwSignal<bool> {
    WAITING.with_borrow_mut(|all| {
        if let Some((_, waits)) = all.iter().find(|(known, _)| known == portal) {
            return waits.clone();
        }
        let waits = ArcRwSignal::new(is_marked(portal));
        all.push((portal.to_owned(), waits.clone()));
        waits
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
