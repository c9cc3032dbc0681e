//! What others write while the thread is read: heard from a stream, or looked for now and then.
//!
//! What is there changes in place. New comments wait until the reader wants them (see `arrivals`): they
//! never move what is being read.

use std::collections::HashSet;

use haidang_engine::{
    model::{Comment, CommentState, ThreadPage, ThreadRules},
    thread::{Merged, Store},
};
use js_sys::Date;
use leptos::{prelude::*, task::spawn_local};

use super::{discussion::Discussion, writing::local_key};
use crate::backend::Loader;

/// Milliseconds in which an answer may not know yet what was written here: a cache stands before many backends.
const NEWEST: f64 = 300_000.0;
/// Events that are kept while updates are paused; more than that is loaded anew.
const KEPT: usize = 2_000;

/// How the thread is told of what is new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not at all, or not yet.
    None,
    /// By a stream.
    Live,
    /// By asking now and then.
    Polling,
    /// It was, and will be again.
    Lost,
}

/// What has been heard and does not show yet.
#[derive(Clone, Copy)]
pub struct Feed {
    /// How the thread is told of what is new.
    pub connection: RwSignal<Connection>,
    /// Whether the reader wants nothing to change.
    pub is_paused: RwSignal<bool>,
    /// New comments by others, in the order they came.
    pub waiting: RwSignal<Vec<Comment>>,
    /// What was posted from this page, and when (milliseconds).
    posted: StoredValue<Vec<(String, f64)>>,
    /// What was heard while updates were paused.
    held: StoredValue<Vec<Heard>>,
    /// Whether more happened meanwhile than was heard.
    is_stale: StoredValue<bool>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            connection: RwSignal::new(Connection::None),
            is_paused: RwSignal::new(false),
            waiting: RwSignal::new(Vec::new()),
            posted: StoredValue::new(Vec::new()),
            held: StoredValue::new(Vec::new()),
            is_stale: StoredValue::new(false),
        }
    }
}

/// Something that was heard.
#[derive(Clone)]
pub enum Heard {
    /// A comment as it is now.
    Comment(Box<Comment>),
    /// What goes in the thread now.
    Rules(ThreadRules),
}

impl Discussion {
    /// Takes in what was heard, or keeps it while updates are paused.
    pub(super) fn hear(self, heard: Heard) {
        if self.feed.is_paused.try_get_untracked().unwrap_or(true) {
            let is_full = self.feed.held.try_update_value(|held| {
                let is_full = held.len() >= KEPT;
                if !is_full {
                    held.push(heard);
                }
                is_full
            });
            if is_full == Some(true) {
                self.feed.is_stale.try_set_value(true);
            }
            return;
        }
        match heard {
            Heard::Rules(rules) => {
                self.rules.try_set(Some(rules));
            }
            Heard::Comment(comment) => {
                let is_known = self.store.with_untracked(|store| store.find(&comment.id).is_some());
                if is_known {
                    self.change(|store| store.hear([*comment]));
                } else if !matches!(comment.state, CommentState::Deleted | CommentState::Rejected) {
                    self.wait(*comment);
                } else {
                    self.feed.waiting.update(|waiting| waiting.retain(|it| it.id != comment.id));
                }
            }
        }
    }

    /// Tells the views of the store only if it has changed.
    fn change(self, change: impl FnOnce(&mut Store) -> Merged) {
        self.store.maybe_update(|store| {
            let merged = change(store);
            !(merged.added.is_empty() && merged.changed.is_empty())
        });
    }

    /// Keeps a new comment until the reader wants it; a newer state takes the place of an older one.
    fn wait(self, comment: Comment) {
        self.feed.waiting.update(|waiting| {
            match waiting.iter_mut().find(|known| known.id == comment.id) {
                Some(known) if comment.revision >= known.revision => *known = comment,
                Some(_) => {}
                None => waiting.push(comment),
            }
        });
    }

    /// Compares an answer with what is there: what is known changes in place, what is new waits. If it is all
    /// there is, what `before` has, which was known when it was asked for, and it has not, has been taken away.
    pub(super) fn compare(self, comments: Vec<Comment>, before: Option<&[String]>) {
        if self.feed.is_paused.get_untracked() {
            return self.feed.is_stale.set_value(true);
        }
        if let Some(before) = before {
            self.forget_others(&comments, before);
        }
        let (known, new): (Vec<_>, Vec<_>) = comments.into_iter().partition(|comment| {
            self.store.with_untracked(|store| store.find(&comment.id).is_some())
        });
        self.change(|store| store.merge(known));
        for comment in new {
            self.wait(comment);
        }
    }

    /// What everybody could see, as far as it is known here. What only its author sees is not in every answer.
    pub(super) fn public(self) -> Vec<String> {
        let mut ids: Vec<String> = self.store.with_untracked(|store| {
            let rows = store.rows().iter().filter_map(|row| store.comment(row.node));
            rows.filter(|comment| is_public(comment)).map(|comment| comment.id.clone()).collect()
        });
        self.feed.waiting.with_untracked(|waiting| {
            ids.extend(waiting.iter().map(|comment| comment.id.clone()));
        });
        ids
    }

    /// Remembers what was posted from here.
    pub(super) fn remember(self, id: &str) {
        self.feed.posted.try_update_value(|posted| posted.push((id.to_owned(), Date::now())));
    }

    /// Takes away what everybody could see `before` it was asked for and the backend has no more.
    fn forget_others(self, comments: &[Comment], before: &[String]) {
        let there: HashSet<&str> = comments.iter().map(|comment| comment.id.as_str()).collect();
        let now = Date::now();
        let is_new = |id: &str| {
            self.feed.posted.with_value(|posted| {
                posted.iter().any(|(known, at)| known == id && now - at < NEWEST)
            })
        };
        let gone: HashSet<&str> = before
            .iter()
            .map(String::as_str)
            .filter(|id| !there.contains(id) && !is_new(id))
            .collect();
        let shown: Vec<&str> = self.store.with_untracked(|store| {
            let is_shown = |id: &&str| {
                store.find(id).and_then(|node| store.comment(node)).is_some_and(is_public)
            };
            gone.iter().copied().filter(is_shown).collect()
        });
        if !shown.is_empty() {
            self.store.update(|store| shown.iter().for_each(|id| store.withdraw(id)));
        }
        self.feed.waiting.maybe_update(|waiting| {
            let count = waiting.len();
            waiting.retain(|comment| !gone.contains(comment.id.as_str()));
            waiting.len() != count
        });
    }

    /// Lets updates come again, and takes in what came meanwhile.
    pub(super) fn resume(self) {
        self.feed.is_paused.set(false);
        let held = self.feed.held.try_update_value(std::mem::take).unwrap_or_default();
        for heard in held {
            self.hear(heard);
        }
        if self.feed.is_stale.try_update_value(std::mem::take) == Some(true) {
            self.reload();
        }
    }

    /// The network has answered: nothing is from memory any more.
    pub(super) fn freshen(self) {
        if self.kept.try_get_untracked().flatten().is_some() {
            self.kept.set(None);
        }
    }

    /// Asks for all that is loaded again, and compares.
    pub(super) fn reload(self) {
        let Some(loader) = self.asking() else { return };
        let source = self.source.get_value();
        let count = self.pages.with_value(Vec::len).max(1);
        let mut operation = self.page(None);
        let before = self.public();
        spawn_local(async move {
            let mut there = Vec::new();
            for _ in 0..count {
                let page = loader.ask::<ThreadPage>(&source, &operation).await;
                // What is there stays; a stream that is lost again says so.
                let Ok(page) = page else { return };
                // An answer from memory is none: the network was asked in vain.
                if loader.memory().since.is_some() {
                    return;
                }
                if self.store.try_with_untracked(|_| ()).is_none() {
                    return;
                }
                self.freshen();
                there.extend(page.items);
                if page.next.is_none() {
                    return self.compare(there, Some(&before));
                }
                operation = self.page(page.next);
            }
            self.compare(there, None);
        });
    }

    /// Asks on behalf of the thread as long as it is there.
    pub(super) fn asking(self) -> Option<Loader> {
        let abort = self.leaving.try_with_value(|leaving| Some(leaving.as_ref()?.signal()));
        abort.flatten().map(|abort| self.loader(abort))
    }
}

/// Whether everybody sees it.
pub(super) fn is_public(comment: &Comment) -> bool {
    comment.state == CommentState::Published && local_key(&comment.id).is_none()
}
