//! The comments of one thread: who is there, who answers whom, what has changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Order, order::Rank};
use crate::model::{Comment, CommentState};

/// Names a comment of a [`Store`], as long as the store lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub(super) usize);

impl NodeId {
    /// Counts the comments of a store in the order they came.
    pub fn index(self) -> usize {
        self.0
    }
}

/// A comment where it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which comment.
    pub node: NodeId,
    /// How many comments it answers in turn: 0 at the top. A view caps what it indents.
    pub depth: usize,
    /// How many rows after this one are below it: its replies and theirs.
    pub below: usize,
}

/// What [`Store::merge`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Comments that were not there before.
    pub added: Vec<NodeId>,
    /// Comments that were there and are not as they were.
    pub changed: Vec<NodeId>,
}

/// What a view has not seen yet: see [`Store::take_changes`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Comments that say something else now.
    pub nodes: Vec<NodeId>,
    /// Whether rows have come, gone or moved.
    pub rows: bool,
    /// Whether rows have been folded or unfolded.
    pub folds: bool,
    /// Whether rows were made anew: how deep any is, and how many are below it, may be another.
    pub is_arranged: bool,
}

/// More than so many new comments at once are sorted together with the others; fewer are put in place one
/// by one.
const FEW: usize = 64;

/// The comments of one thread, each once, whatever order they come in.
///
/// A comment whose parent is not there shows at the top until the parent comes; comments that
/// answer each other in a circle show below the oldest of them.
pub struct Store {
    pub(super) order: Order,
    pub(super) nodes: Vec<Node>,
    pub(super) tops: Vec<NodeId>,
    pub(super) rows: Vec<Row>,
    /// Where each node's row is, by [`NodeId`].
    pub(super) places: Vec<usize>,
    /// Few, and asked for by every row.
    pub(super) collapsed: BTreeSet<NodeId>,
    /// Those whose replies all show, however many they are.
    pub(super) unrolled: BTreeSet<NodeId>,
    pub(super) changes: Changes,
    edition: u64,
    names: HashMap<String, NodeId>,
    /// The ids that comments answer and that are not there.
    awaited: HashSet<String>,
}

pub(super) struct Node {
    pub comment: Comment,
    /// The comment it answers, where that is there and no circle is closed.
    pub parent: Option<NodeId>,
    /// Its replies, sorted.
    pub children: Vec<NodeId>,
    /// `None` until it is in its place.
    pub rank: Option<Rank>,
    /// Withdrawn: it keeps its number and shows nowhere.
    pub is_gone: bool,
}

impl Store {
    /// An empty thread.
    pub fn new(order: Order) -> Self {
        Self {
            order,
            nodes: Vec::new(),
            tops: Vec::new(),
            rows: Vec::new(),
            places: Vec::new(),
            collapsed: BTreeSet::new(),
            unrolled: BTreeSet::new(),
            changes: Changes::default(),
            edition: 0,
            names: HashMap::new(),
            awaited: HashSet::new(),
        }
    }

    /// Takes comments in: new ones, and newer states of those that are there.
    ///
    /// Of two states the one with the higher `revision` is newer, where the backend counts; else the one
    /// with the later `edited`, or that says that the comment is no more. What is older came late and is left
    /// aside. What is there keeps its place among its like until the thread is put in order anew
    /// ([`Store::set_order`]).
    pub fn merge(&mut self, comments: impl IntoIterator<Item = Comment>) -> Merged {
        let mut merged = Merged::default();
        // One by one only who answers nobody that comes with them: how many answers a comment has by then
        // is part of its rank.
        let mut is_torn = false;
        let known = self.nodes.len();
        for comment in comments {
            match self.find(&comment.id) {
                None => {
                    let (node, fits) = self.push(comment);
                    merged.added.push(node);
                    let comes_along = self.parent(node).is_some_and(|parent| parent.0 >= known);
                    is_torn |= !fits || comes_along || merged.added.len() > FEW;
                    if !is_torn {
                        self.place_one(node);
                    }
                }
                Some(id) => {
                    let Some(node) = self.nodes.get_mut(id.0) else { continue };
                    if comment == node.comment || !is_newer(&comment, &node.comment) {
                        continue;
                    }
                    if comment.parent != node.comment.parent {
                        is_torn = true;
                    }
                    node.comment = comment;
                    merged.changed.push(id);
                }
            }
        }
        if is_torn {
            for node in self.nodes.iter_mut().skip(known) {
                node.rank = None;
            }
            self.arrange();
        }
        self.edition += u64::from(!merged.added.is_empty() || !merged.changed.is_empty());
        self.changes.rows |= !merged.added.is_empty();
        self.changes.nodes.extend(&merged.changed);
        merged
    }

    /// Takes in what everybody is told: what concerns this reader alone (their vote, until when they may
    /// change it) stays as it is.
    pub fn hear(&mut self, comments: impl IntoIterator<Item = Comment>) -> Merged {
        let heard: Vec<Comment> = comments
            .into_iter()
            .map(|comment| match self.find(&comment.id).and_then(|node| self.comment(node)) {
                Some(known) => Comment { voted: known.voted, editable: known.editable, ..comment },
                None => comment,
            })
            .collect();
        self.merge(heard)
    }

    /// Takes what the server answered to a comment that has been shown under the name `local`: it keeps its
    /// place and its node, and what was written below it stays there.
    ///
    /// If the comment has come by another way meanwhile, the local one goes.
    pub fn settle(&mut self, local: &str, comment: Comment) -> Merged {
        let Some(node) = self.find(local).filter(|_| local != comment.id) else {
            return self.merge([comment]);
        };
        let id = comment.id.clone();
        for other in &mut self.nodes {
            if other.comment.parent.as_deref() == Some(local) {
                other.comment.parent = Some(id.clone());
            }
        }
        if self.find(&id).is_some() {
            self.withdraw(local);
            return self.merge([comment]);
        }
        self.names.remove(local);
        self.names.insert(id.clone(), node);
        let Some(known) = self.nodes.get_mut(node.0) else { return Merged::default() };
        let is_torn = known.comment.parent != comment.parent || self.awaited.contains(&id);
        known.comment = comment;
        self.edition += 1;
        self.changes.nodes.push(node);
        if is_torn {
            self.arrange();
        }
        Merged { added: Vec::new(), changed: vec![node] }
    }

    /// Takes a comment away as if it had never been: one of the reader's own that was not sent.
    pub fn withdraw(&mut self, id: &str) {
        let Some(node) = self.names.remove(id) else { return };
        self.collapsed.remove(&node);
        self.edition += 1;
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.is_gone = true;
        }
        self.arrange();
    }

    /// What has changed since this was last asked.
    pub fn take_changes(&mut self) -> Changes {
        std::mem::take(&mut self.changes)
    }

    /// Counts what was said: grows when a comment comes, says something else or goes, and not when one is
    /// folded away or moves.
    pub fn edition(&self) -> u64 {
        self.edition
    }

    /// The order in force.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Every comment once, as the thread shows with nothing collapsed.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// How many comments there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The node with the backend's id `id`.
    pub fn find(&self, id: &str) -> Option<NodeId> {
        self.names.get(id).copied()
    }

    /// The backend's id of a node; empty if the node is of another store.
    pub fn id(&self, node: NodeId) -> &str {
        self.comment(node).map_or("", |comment| comment.id.as_str())
    }

    /// The comment; `None` if the node is of another store.
    pub fn comment(&self, node: NodeId) -> Option<&Comment> {
        self.nodes.get(node.0).map(|node| &node.comment)
    }

    /// The comment it shows below; `None` at the top.
    pub fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.nodes.get(node.0)?.parent
    }

    /// Its replies, in the order they show.
    pub fn replies(&self, node: NodeId) -> &[NodeId] {
        self.nodes.get(node.0).map(|node| node.children.as_slice()).unwrap_or_default()
    }

    /// Whether it answers a comment that is not there.
    pub fn is_orphan(&self, node: NodeId) -> bool {
        let parent = self.comment(node).and_then(|comment| comment.parent.as_deref());
        parent.is_some_and(|parent| self.find(parent).is_none())
    }

    /// The index of its row in [`Store::rows`]; `None` if it was withdrawn.
    pub fn place(&self, node: NodeId) -> Option<usize> {
        let place = self.places.get(node.0).copied()?;
        (self.rows.get(place)?.node == node).then_some(place)
    }

    /// Its row.
    pub fn row(&self, node: NodeId) -> Option<Row> {
        self.rows.get(self.place(node)?).copied()
    }

    /// A node for a comment that is not there, and whether it can be put in place by itself: its parent is
    /// in its place, or there is none, and nobody waits for it.
    fn push(&mut self, comment: Comment) -> (NodeId, bool) {
        let id = NodeId(self.nodes.len());
        let parent = comment.parent.as_deref();
        let found = parent.and_then(|parent| self.find(parent));
        let parent_is_placed = found.is_none_or(|parent| self.place(parent).is_some());
        if let (Some(parent), None) = (parent, found) {
            self.awaited.insert(parent.to_owned());
        }
        let fits = parent_is_placed && !self.awaited.contains(&comment.id);
        self.names.insert(comment.id.clone(), id);
        self.places.push(usize::MAX);
        let children = Vec::new();
        self.nodes.push(Node { comment, parent: found, children, rank: None, is_gone: false });
        (id, fits)
    }

    /// Who answers whom, as far as it is there, from scratch.
    pub(super) fn find_named_parents(&mut self) {
        self.awaited.clear();
        for index in 0..self.nodes.len() {
            let named = self.comment(NodeId(index)).and_then(|comment| comment.parent.as_deref());
            let parent = named.and_then(|parent| self.find(parent));
            let awaited = named.filter(|_| parent.is_none()).map(str::to_owned);
            self.awaited.extend(awaited);
            if let Some(node) = self.nodes.get_mut(index) {
                node.parent = parent.filter(|_| !node.is_gone);
            }
        }
    }
}

/// Whether `state` is not older than `known`.
fn is_newer(state: &Comment, known: &Comment) -> bool {
    if state.revision > 0 && known.revision > 0 {
        return state.revision >= known.revision;
    }
    state.edited >= known.edited || state.state == CommentState::Deleted
}
