//! What the reader looks at: the whole thread or one conversation of it, all comments or some.

use haidang_engine::thread::{Filter, NodeId, Scene, Store, matches, words};
use leptos::prelude::*;

use super::{
    comment::{Facts, Fold},
    discussion::Discussion,
    veil::Veil,
};
use crate::backend::now;

/// What of a thread the reader looks at.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// The comment from which on a conversation shows alone.
    pub root: Option<NodeId>,
    /// What the reader looks for.
    pub filter: Filter,
}

impl Discussion {
    /// What shows.
    pub(super) fn scene(self, look: &Look) -> Scene {
        self.store.with_untracked(|store| {
            if look.filter.is_empty() {
                return store.scene(look.root, None);
            }
            let words = words(&look.filter.words);
            let keeps = |node: NodeId| {
                store.comment(node).is_some_and(|comment| matches(&look.filter, &words, comment))
            };
            store.scene(look.root, Some(&keeps))
        })
    }

    /// How deep the first row is.
    pub(super) fn floor(self) -> usize {
        let root = self.look.with_untracked(|look| look.root);
        let row = |store: &Store| store.row(root?);
        self.store.with_untracked(row).map_or(0, |row| row.depth)
    }

    /// How rows are hidden: what is folded away may be found, what the reader does not look for is not.
    pub(super) fn veil(self) -> Veil {
        Veil::new(self.look.with_untracked(|look| look.filter.is_empty() && look.root.is_none()))
    }

    /// What a row shows.
    pub(super) fn facts(self, node: NodeId, fold: Fold) -> Option<Facts> {
        self.store.with_untracked(|store| {
            let comment = store.comment(node)?.clone();
            let answered = store.parent(node).and_then(|parent| store.comment(parent));
            let answered = answered.map(|comment| comment.author.clone());
            let is_new = self.is_new(&comment);
            let is_muted = self.muted.has(&comment.author);
            let depth = store.row(node)?.depth;
            Some(Facts { comment, answered, depth, is_new, is_muted, fold, now: now() })
        })
    }
}
