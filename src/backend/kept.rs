//! What every view may know of what is kept without asking the database: whether anything is, which articles
//! and pictures, and whether there is a network.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
};

use haidang_engine::{
    kept::is_due,
    model::{Image, Key},
    profile::Failure,
    time::Timestamp,
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{cache, fetch::is_online, now};
use crate::preferences::storage;

/// Milliseconds after an answer for which one that does not come says nothing of the network: of several
/// sources one may be down.
const TRUST: i64 = 3_000;

thread_local! {
    /// By portal: one, as a rule.
    static MARKED: RefCell<Vec<(String, bool)>> = RefCell::default();
    static ANSWERED: Cell<Timestamp> = const { Cell::new(Timestamp(i64::MIN)) };
    static AWAY: ArcRwSignal<bool> = ArcRwSignal::new(false);
    /// Another number for every change of the sets below.
    static CHANGES: ArcRwSignal<u32> = ArcRwSignal::new(0);
    static ARTICLES: RefCell<HashSet<String>> = RefCell::default();
    static PLACES: RefCell<HashSet<String>> = RefCell::default();
    static PICTURES: RefCell<HashSet<String>> = RefCell::default();
}

/// A set that views follow.
type Keys = std::thread::LocalKey<RefCell<HashSet<String>>>;

/// Whether anything of a portal is kept on this device, as far as `localStorage` knows.
pub fn is_marked(portal: &str) -> bool {
    MARKED.with_borrow_mut(|marked| {
        if let Some((_, is_marked)) = marked.iter().find(|(known, _)| known == portal) {
            return *is_marked;
        }
        let kept = storage().and_then(|storage| storage.get_item(&mark(portal)).ok().flatten());
        if kept.is_some() && !is_online() {
            spawn_local(cache::survey(portal.to_owned()));
        }
        marked.push((portal.to_owned(), kept.is_some()));
        kept.is_some()
    })
}

/// Notes that something of a portal is kept, for the next start.
pub fn set_marked(portal: &str) {
    if !is_marked(portal) {
        MARKED.with_borrow_mut(|marked| {
            marked.iter_mut().filter(|(known, _)| known == portal).for_each(|(_, is)| *is = true);
        });
        if let Some(storage) = storage() {
            // Denied, the database is too.
            let _ = storage.set_item(&mark(portal), "1");
        }
    }
}

fn mark(portal: &str) -> String {
    format!("haidang:{portal}:kept")
}

/// Whether the network is away, as far as the last answers tell, or the browser. Tracks it.
pub fn is_away() -> bool {
    AWAY.with(ArcRwSignal::get) || !is_online()
}

/// Takes note of how the network answered.
pub fn heard<T>(portal: &str, answer: &Result<T, Failure>) {
    let now = now();
    let is_away = match answer {
        Err(Failure::Unreachable | Failure::TimedOut) => {
            // A clock that was set back must not make an answer of the future.
            if !is_due(ANSWERED.get(), now, TRUST) {
                return;
            }
            true
        }
        // A login page where the network begins says neither.
        Err(
            Failure::Aborted
            | Failure::NotOffered
            | Failure::Unreadable { .. }
            | Failure::Unvouched { .. },
        ) => return,
        _ => {
            ANSWERED.set(now);
            false
        }
    };
    AWAY.with(|away| {
        if away.get_untracked() != is_away {
            away.set(is_away);
            if is_away && is_marked(portal) {
                spawn_local(cache::survey(portal.to_owned()));
            }
        }
    });
}

/// Whether an article can be read without the network. Tracks it.
pub fn is_kept(key: &Key) -> bool {
    has(&ARTICLES, &[&key.source, " ", &key.id].concat())
}

/// Says which articles are kept.
pub fn set_articles<'a>(articles: impl Iterator<Item = &'a Key>) {
    set(&ARTICLES, articles.map(|key| [&key.source, " ", &key.id].concat()).collect());
}

/// Whether the reader has saved this, or taken it along: by the key of the record. Tracks it.
pub fn is_held(place: &str) -> bool {
    has(&PLACES, place)
}

/// Says what the reader has saved and taken along.
pub fn set_places(places: HashSet<String>) {
    set(&PLACES, places);
}

fn has(set: &'static Keys, member: &str) -> bool {
    CHANGES.with(|changes| changes.track());
    set.with_borrow(|known| known.contains(member))
}

fn set(set: &'static Keys, members: HashSet<String>) {
    if set.with_borrow(|known| *known != members) {
        set.set(members);
        CHANGES.with(|changes| changes.update(|changes| *changes = changes.wrapping_add(1)));
    }
}

/// The rendition of a picture that is kept, if one is: it is shown, whatever size would fit better.
pub fn picture(image: &Image) -> Option<String> {
    PICTURES.with_borrow(|pictures| {
        if pictures.is_empty() {
            return None;
        }
        let sizes = image.sizes.iter().map(|size| &size.url);
        let mut all = sizes.chain([&image.url]);
        all.find(|url| pictures.contains(*url)).cloned()
    })
}

/// Says which pictures are kept, by their addresses as backends give them.
pub fn set_pictures(pictures: HashSet<String>) {
    PICTURES.set(pictures);
}
