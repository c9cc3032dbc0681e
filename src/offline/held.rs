//! What waits is not sent while the reader is about to say it otherwise: the hold of a form.

use std::rc::Rc;

use haidang_engine::{outbox::Entry, profile::Write};
use leptos::prelude::untrack;

use super::Outbox;

/// Keeps an entry from being sent, in this tab, until it is dropped.
pub struct Held {
    outbox: Rc<Outbox>,
    key: String,
}

impl Held {
    /// The reader says it otherwise: another request, with a key of its own. If somebody may have it by now it stays
    /// as it is, and is given.
    pub fn rewrite(&self, text: String) -> Option<Entry> {
        let entry = untrack(|| self.outbox.entry(&self.key))?;
        if !entry.is_here() {
            return Some(entry);
        }
        let write = match entry.write.clone() {
            Write::Post(mut comment) => {
                comment.text = text;
                Write::Post(comment)
            }
            Write::Edit { comment, .. } => Write::Edit { comment, text },
            other => other,
        };
        self.outbox.replace(&entry, write);
        None
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut held = self.outbox.held.borrow_mut();
        if let Some(at) = held.iter().position(|key| *key == self.key) {
            held.swap_remove(at);
        }
        drop(held);
        self.outbox.kick();
    }
}

impl Outbox {
    /// Keeps an entry from being sent as long as it lives: the reader is about to change it, or it is not kept yet.
    pub fn hold(self: &Rc<Self>, key: &str) -> Held {
        self.held.borrow_mut().push(key.to_owned());
        Held { outbox: self.clone(), key: key.to_owned() }
    }
}
