//! The rows on the page, in chunks of 64.
//!
//! The browser skips chunks that are far away (`content-visibility`). The first one is filled at once, the
//! others in idle slices, so that the browser's own search, anchors and links reach every comment. Rows near
//! the viewport are awake (see [`Row`]). What changes is painted where it has changed: a new comment costs
//! one row, and folding a branch away hides whole chunks.
//!
//! To the accessibility tree it is one list: the chunks are presentational.

mod rows;

use std::{cell::RefCell, rc::Rc};

use haidang_engine::thread::{NodeId, Scene};
use leptos::prelude::*;
use web_sys::Element as Node;

use super::{
    chunks::{Chunk, arrange},
    comment::Row,
    discussion::Discussion,
    idle::{Idle, SLICE},
    look::Look,
    near::Near,
};
use crate::backend::now;

/// So many chunks may be awake at once; those that the reader has left sleep.
const AWAKE: usize = 8;

/// So many changes are looked for one by one.
const FEW: usize = 8;

/// The rows of a thread.
pub struct List {
    discussion: Discussion,
    /// Of the forms and buttons of the rows.
    owner: Owner,
    place: Node,
    state: RefCell<State>,
    near: Near,
    idle: Idle,
}

#[derive(Default)]
struct State {
    chunks: Vec<Chunk>,
    /// By the index of the node; `None` as long as it has not been made.
    rows: Vec<Option<Row>>,
    scene: Scene,
    /// What the scene was made for.
    look: Option<Look>,
    /// Of what every row depends on: language, who is muted, what is new.
    key: u64,
    /// Counts the changes of that, and of who is below whom.
    age: u64,
    /// Up to which chunk rows are painted by `age`.
    painted: usize,
}

impl List {
    /// The rows within `place`.
    pub fn new(discussion: Discussion, place: Node) -> Rc<Self> {
        Rc::new_cyclic(|list: &std::rc::Weak<Self>| {
            let (one, other) = (list.clone(), list.clone());
            Self {
                discussion,
                owner: Owner::current().unwrap_or_default(),
                place,
                state: RefCell::default(),
                near: Near::new(move |name, is_near| {
                    if let Some(list) = one.upgrade() {
                        list.approach(name, is_near);
                    }
                }),
                idle: Idle::new(move |until| other.upgrade().is_some_and(|list| list.work(until))),
            }
        })
    }

    /// What the rows are in.
    pub fn place(&self) -> &Node {
        &self.place
    }

    /// Shows the thread as it is now. Tracks what rows depend on.
    pub fn follow(&self) {
        let discussion = self.discussion;
        discussion.store.track();
        let look = discussion.look.get();
        let key = discussion.age();
        let Ok(mut state) = self.state.try_borrow_mut() else { return };
        let state = &mut *state;
        let Some(changes) = discussion.store.try_update_untracked(|store| store.take_changes())
        else {
            return;
        };
        // What a row says of whom it answers depends on where it is.
        let is_stale = state.key != key || changes.is_arranged;
        if is_stale {
            state.key = key;
            state.age += 1;
        }
        let is_same_look = state.look.as_ref() == Some(&look);
        if changes.rows || changes.folds || !is_same_look {
            let before = std::mem::replace(&mut state.scene, discussion.scene(&look));
            state.look = Some(look);
            let has_moved = changes.rows && self.arrange(state);
            if state.chunks.first().is_some_and(|chunk| !chunk.is_filled) {
                self.fill(state, 0, None);
            }
            let urgent: Vec<usize> =
                state.unfilled().filter(|chunk| chunk.1.is_near).map(|c| c.0).collect();
            for index in urgent {
                self.fill(state, index, None);
            }
            // Many at once are looked for longer than all are gone through.
            let is_same = is_same_look && !has_moved && before.rests == state.scene.rests;
            let is_same = is_same && !changes.is_arranged && changes.nodes.len() <= FEW;
            let before = before.shown;
            self.unveil(state, is_same.then_some((&*before, &*changes.nodes)));
        }
        for node in changes.nodes {
            self.paint(state, node);
        }
        // Rows may be in other chunks now.
        state.painted = 0;
        if is_stale {
            // What is seen at once, the others when there is time.
            for index in 0..state.chunks.len() {
                if state.chunks.get(index).is_some_and(|chunk| chunk.is_near || index == 0) {
                    self.repaint(state, index);
                }
            }
        }
        self.idle.wake();
    }

    /// Whether a comment shows.
    pub fn shows(&self, node: NodeId) -> bool {
        self.follow();
        let Ok(state) = self.state.try_borrow() else { return false };
        let place = self.discussion.store.with_untracked(|store| store.place(node));
        place.and_then(|place| state.scene.shown.get(place).copied()).unwrap_or_default()
    }

    /// The comment on the page, made if it was not there; `None` if there is none.
    pub fn article(&self, node: NodeId) -> Option<Node> {
        self.follow();
        let mut state = self.state.try_borrow_mut().ok()?;
        let index = state.chunks.iter().position(|chunk| chunk.nodes.contains(&node))?;
        self.fill(&mut state, index, None);
        let row = state.rows.get_mut(node.index())?.as_mut()?;
        self.wake_row(row, node);
        Some(row.article().clone())
    }

    /// Says anew how long ago the comments near the viewport were written.
    pub fn tick(&self) {
        let Ok(state) = self.state.try_borrow() else { return };
        let now = now();
        for chunk in state.chunks.iter().filter(|chunk| chunk.is_near) {
            for node in &chunk.nodes {
                if let Some(Some(row)) = state.rows.get(node.index()) {
                    self.apart(|| row.tick(self.discussion.i18n, now));
                }
            }
        }
    }

    /// The rows that show, in order.
    pub fn shown(&self) -> Vec<NodeId> {
        let Ok(state) = self.state.try_borrow() else { return Vec::new() };
        self.discussion
            .store
            .with_untracked(|store| state.scene.rows(store).map(|row| row.node).collect())
    }

    /// Has the chunks hold the rows that there are; whether any had to change.
    fn arrange(&self, state: &mut State) -> bool {
        let order: Vec<NodeId> = self
            .discussion
            .store
            .with_untracked(|store| store.rows().iter().map(|row| row.node).collect());
        arrange(&self.place, &mut state.chunks, &order, &self.near)
    }

    /// A chunk comes near the viewport, or goes.
    fn approach(&self, name: u32, is_near: bool) {
        let Ok(mut state) = self.state.try_borrow_mut() else { return };
        let state = &mut *state;
        let Some(index) = state.chunks.iter().position(|chunk| chunk.name == name) else { return };
        if let Some(chunk) = state.chunks.get_mut(index) {
            chunk.is_near = is_near;
        }
        if is_near {
            self.fill(state, index, None);
            self.wake(state, index, js_sys::Date::now() + SLICE);
        } else if state.chunks.iter().filter(|chunk| chunk.is_awake).count() > AWAKE
            && let Some(chunk) = state.chunks.get_mut(index)
        {
            chunk.is_awake = false;
            chunk.is_waking = false;
            for node in &chunk.nodes {
                if let Some(Some(row)) = state.rows.get_mut(node.index()) {
                    row.sleep();
                }
            }
        }
    }

    /// A slice of what is still to do; whether there is more.
    fn work(&self, until: f64) -> bool {
        let Ok(mut state) = self.state.try_borrow_mut() else { return true };
        let state = &mut *state;
        while js_sys::Date::now() < until {
            let next = state.unfilled().map(|(index, _)| index).next();
            if let Some(index) = state.waking() {
                self.wake(state, index, until);
            } else if let Some(index) = next {
                self.fill(state, index, Some(until));
            } else if state.painted < state.chunks.len() {
                let index = state.painted;
                state.painted += 1;
                self.repaint(state, index);
            } else if let Some(chunk) = state.chunks.iter_mut().find(|chunk| chunk.is_thick) {
                chunk.is_thick = false;
                let rows =
                    chunk.nodes.iter().filter_map(|node| state.rows.get(node.index())?.as_ref());
                let veil = self.discussion.veil();
                let hidden = rows.filter(|row| veil.is_thin() && !row.is_shown);
                hidden.for_each(|row| veil.thin(&row.item));
            } else {
                return false;
            }
        }
        true
    }
}

impl State {
    /// A chunk that has rows to be woken.
    fn waking(&self) -> Option<usize> {
        self.chunks.iter().position(|chunk| chunk.is_waking)
    }

    /// The chunks that are still to be filled and show.
    fn unfilled(&self) -> impl Iterator<Item = (usize, &Chunk)> {
        self.chunks.iter().enumerate().filter(|(_, chunk)| !chunk.is_filled)
    }
}
