//! The bodies that were read last: going back and forth, or from one language to another, reads none of them again.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
    sync::{self, Arc},
};

use haidang_engine::{content::Content, profile::Portal};
use serde_json::Value;

use super::Loader;

/// How many are remembered.
const CAPACITY: usize = 6;

/// What a body was read from: an answer, as one of the sources of a portal.
pub struct Origin {
    // Weak: what nobody keeps any more is not kept for this.
    answer: Weak<Value>,
    portal: sync::Weak<Portal>,
    source: String,
}

impl Origin {
    /// The last answer that `loader` got, which it got from `source`.
    pub fn last(loader: &Loader, source: &str) -> Option<Self> {
        let answer = Rc::downgrade(&loader.answers().pop()?.value);
        Some(Self { answer, portal: Arc::downgrade(&loader.portal), source: source.to_owned() })
    }

    fn is(&self, other: &Self) -> bool {
        self.answer.ptr_eq(&other.answer)
            && self.portal.ptr_eq(&other.portal)
            && self.source == other.source
    }
}

thread_local! {
    /// The last one last.
    static READ: RefCell<Vec<(Origin, Arc<Content>)>> = RefCell::default();
}

/// What was read from there, if it is remembered.
pub fn remembered(origin: &Origin) -> Option<Arc<Content>> {
    READ.with_borrow(|all| {
        let (_, content) = all.iter().find(|(known, _)| known.is(origin))?;
        Some(content.clone())
    })
}

/// Remembers what was read from there.
pub fn remember(origin: Origin, content: &Arc<Content>) {
    READ.with_borrow_mut(|all| {
        all.retain(|(known, _)| known.answer.strong_count() > 0);
        if all.len() >= CAPACITY {
            all.remove(0);
        }
        all.push((origin, content.clone()));
    });
}
