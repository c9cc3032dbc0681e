//! The rows of a chunk: made, shown and hidden, woken, painted.

use haidang_engine::thread::{NodeId, Store};
use leptos::prelude::*;

use super::{
    super::{
        chunks::place,
        comment::{Fold, Row},
        idle::SLICE,
        veil::Veil,
    },
    List, State,
};

/// So many rows of a chunk are woken at once, however long it takes: a screen of them.
const AT_ONCE: usize = 8;

impl List {
    /// Makes the rows of a chunk and puts them in order, until the moment `until`.
    pub(super) fn fill(&self, state: &mut State, index: usize, until: Option<f64>) {
        let State { chunks, rows, age, .. } = state;
        let Some(chunk) = chunks.get_mut(index).filter(|chunk| !chunk.is_filled) else { return };
        for node in &chunk.nodes {
            if rows.len() <= node.index() {
                rows.resize_with(node.index() + 1, || None);
            }
            let Some(place) = rows.get_mut(node.index()).filter(|place| place.is_none()) else {
                continue;
            };
            *place = self.apart(|| {
                let facts = self.discussion.facts(*node, Fold::default())?;
                Row::new(self.discussion, &facts, *age)
            });
            if until.is_some_and(|until| js_sys::Date::now() >= until) {
                return;
            }
        }
        let items = chunk.nodes.iter().filter_map(|node| rows.get(node.index())?.as_ref());
        place(&chunk.list, items.map(|row| &row.item));
        chunk.is_filled = true;
        let is_near = chunk.is_near;
        let start = state.chunks.iter().take(index).map(|chunk| chunk.nodes.len()).sum();
        self.unveil_chunk(state, index, start, &self.discussion.veil());
        if is_near || index == 0 {
            self.wake(state, index, js_sys::Date::now() + SLICE);
        }
    }

    /// Rows follow nothing: what they are made from is not tracked.
    pub(super) fn apart<T>(&self, make: impl FnOnce() -> T) -> T {
        self.owner.with(|| untrack(make))
    }

    /// Wakes the rows of a chunk, until the moment `until`; the others when there is time.
    pub(super) fn wake(&self, state: &mut State, index: usize, until: f64) {
        let State { chunks, rows, .. } = state;
        let Some(chunk) = chunks.get_mut(index) else { return };
        chunk.is_awake = true;
        chunk.is_waking = chunk.is_shown;
        for (at, node) in chunk.nodes.iter().filter(|_| chunk.is_shown).enumerate() {
            if at >= AT_ONCE && js_sys::Date::now() >= until {
                self.idle.wake();
                return;
            }
            if let Some(Some(row)) = rows.get_mut(node.index()) {
                self.wake_row(row, *node);
            }
        }
        chunk.is_waking = false;
    }

    pub(super) fn wake_row(&self, row: &mut Row, node: NodeId) {
        let comment = |store: &Store| store.comment(node).cloned();
        if row.is_shown
            && !row.is_awake()
            && let Some(comment) = self.discussion.store.with_untracked(comment)
        {
            self.apart(|| row.wake(self.discussion, comment));
        }
    }

    /// Hides and shows rows and chunks as the scene has it, and says what is below each. With which rows
    /// showed `before` and what has changed since, only where that is.
    pub(super) fn unveil(&self, state: &mut State, before: Option<(&[bool], &[NodeId])>) {
        let veil = self.discussion.veil();
        let mut start = 0;
        for index in 0..state.chunks.len() {
            let Some(chunk) = state.chunks.get(index) else { return };
            let rows = start..start + chunk.nodes.len();
            let is_as_before = before.is_some_and(|(shown, changed)| {
                shown.get(rows.clone()) == state.scene.shown.get(rows.clone())
                    && !chunk.nodes.iter().any(|node| changed.contains(node))
            });
            if !is_as_before {
                self.unveil_chunk(state, index, rows.start, &veil);
            }
            start = rows.end;
        }
    }

    /// The same in a chunk whose first row is the one at `start`.
    fn unveil_chunk(&self, state: &mut State, index: usize, start: usize, veil: &Veil) {
        let State { chunks, rows, scene, .. } = state;
        let Some(chunk) = chunks.get_mut(index) else { return };
        let discussion = self.discussion;
        let floor = discussion.floor();
        let shows = |offset: usize| scene.shown.get(start + offset).copied().unwrap_or_default();
        let any = (0..chunk.nodes.len()).any(shows);
        let mut woken = false;
        discussion.store.with_untracked(|store| {
            // What is in a chunk that does not show stays as it is: thousands may be folded away at once.
            let rows_that_matter = chunk.nodes.iter().enumerate().filter(|_| any);
            for (offset, node) in rows_that_matter {
                let is_shown = shows(offset);
                let Some(Some(row)) = rows.get_mut(node.index()) else { continue };
                if row.is_shown != is_shown {
                    row.is_shown = is_shown;
                    woken |= is_shown && !row.is_awake();
                    chunk.is_thick |= !is_shown;
                    if is_shown {
                        veil.lift(&row.item);
                    } else {
                        veil.lower(&row.item);
                    }
                }
                let Some(known) = store.rows().get(start + offset) else { continue };
                let fold = Fold {
                    below: known.below,
                    is_collapsed: store.is_collapsed(*node),
                    rest: scene.rests.get(node).copied(),
                    indent: known.depth.saturating_sub(floor),
                };
                if row.fold != fold
                    && let Some(comment) = store.comment(*node)
                {
                    self.apart(|| row.paint_fold(discussion, comment, fold, false));
                }
            }
        });
        if chunk.is_shown != any {
            chunk.is_shown = any;
            if any {
                veil.lift(&chunk.list);
            } else {
                veil.thin(&chunk.list);
            }
            woken |= any;
        }
        if woken && chunk.is_awake {
            chunk.is_waking = true;
            self.idle.wake();
        }
    }

    /// Paints a comment that says something else now, and those that name its author.
    pub(super) fn paint(&self, state: &mut State, node: NodeId) {
        let Some(Some(row)) = state.rows.get_mut(node.index()) else { return };
        let Some(facts) = self.discussion.facts(node, row.fold) else { return };
        let is_renamed = row.author != facts.comment.author;
        self.apart(|| row.paint(self.discussion, &facts));
        self.apart(|| row.paint_fold(self.discussion, &facts.comment, facts.fold, true));
        if is_renamed {
            let replies =
                self.discussion.store.with_untracked(|store| store.replies(node).to_vec());
            for reply in replies {
                if let Some(Some(row)) = state.rows.get_mut(reply.index())
                    && let Some(facts) = self.discussion.facts(reply, row.fold)
                {
                    self.apart(|| row.paint(self.discussion, &facts));
                }
            }
        }
    }

    /// Paints the rows of a chunk that are there and older than what they depend on.
    pub(super) fn repaint(&self, state: &mut State, index: usize) {
        let State { chunks, rows, age, .. } = state;
        let Some(chunk) = chunks.get(index) else { return };
        for node in &chunk.nodes {
            if let Some(Some(row)) = rows.get_mut(node.index())
                && row.age != *age
                && let Some(facts) = self.discussion.facts(*node, row.fold)
            {
                row.age = *age;
                self.apart(|| row.paint(self.discussion, &facts));
                self.apart(|| {
                    row.paint_fold(self.discussion, &facts.comment, facts.fold, true);
                });
            }
        }
    }
}
