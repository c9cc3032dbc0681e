//! The comments of one thread and the rows they show as.

use std::collections::{HashMap, HashSet};

use super::order::{Order, age, key};
use crate::model::{Comment, CommentState};

/// Names a comment of a [`Store`], as long as the store lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(usize);

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

/// The comments of one thread, each once, whatever order they come in.
///
/// A comment whose parent is not there shows at the top until the parent comes; comments that
/// answer each other in a circle show below the oldest of them.
pub struct Store {
    order: Order,
    nodes: Vec<Node>,
    names: HashMap<String, NodeId>,
    rows: Vec<Row>,
    /// Where each node's row is, by [`NodeId`].
    places: Vec<usize>,
    collapsed: HashSet<NodeId>,
}

struct Node {
    comment: Comment,
    /// The comment it answers, where that is there and no circle is closed.
    parent: Option<NodeId>,
    /// Withdrawn: it keeps its number and shows nowhere.
    is_gone: bool,
}

impl Store {
    /// An empty thread.
    pub fn new(order: Order) -> Self {
        Self {
            order,
            nodes: Vec::new(),
            names: HashMap::new(),
            rows: Vec::new(),
            places: Vec::new(),
            collapsed: HashSet::new(),
        }
    }

    /// Takes comments in: new ones, and newer states of those that are there.
    ///
    /// A state with an older `edited` than what is there came late and is left aside, unless it says
    /// that the comment is no more.
    pub fn merge(&mut self, comments: impl IntoIterator<Item = Comment>) -> Merged {
        let mut merged = Merged::default();
        for comment in comments {
            match self.names.get(&comment.id) {
                None => {
                    let id = NodeId(self.nodes.len());
                    self.names.insert(comment.id.clone(), id);
                    self.nodes.push(Node { comment, parent: None, is_gone: false });
                    merged.added.push(id);
                }
                Some(&id) => {
                    let Some(node) = self.nodes.get_mut(id.0) else { continue };
                    let current = comment.edited >= node.comment.edited
                        || comment.state == CommentState::Deleted;
                    if current && comment != node.comment {
                        node.comment = comment;
                        merged.changed.push(id);
                    }
                }
            }
        }
        if !(merged.added.is_empty() && merged.changed.is_empty()) {
            self.arrange();
        }
        merged
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
        self.names.insert(id, node);
        if let Some(known) = self.nodes.get_mut(node.0) {
            known.comment = comment;
        }
        self.arrange();
        Merged { added: Vec::new(), changed: vec![node] }
    }

    /// Takes a comment away as if it had never been: one of the reader's own that was not sent.
    pub fn withdraw(&mut self, id: &str) {
        let Some(node) = self.names.remove(id) else { return };
        self.collapsed.remove(&node);
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.is_gone = true;
        }
        self.arrange();
    }

    /// The order in force.
    pub fn order(&self) -> Order {
        self.order
    }

    /// Shows the thread in another order.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
        self.arrange();
    }

    /// Every comment once, as the thread shows with nothing collapsed.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The rows that show: those that are not below a collapsed one.
    pub fn visible(&self) -> impl Iterator<Item = Row> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let row = *self.rows.get(next)?;
            next += 1 + if self.is_collapsed(row.node) { row.below } else { 0 };
            Some(row)
        })
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

    /// Whether it answers a comment that is not there.
    pub fn is_orphan(&self, node: NodeId) -> bool {
        let parent = self.comment(node).and_then(|comment| comment.parent.as_deref());
        parent.is_some_and(|parent| self.find(parent).is_none())
    }

    /// The index of its row in [`Store::rows`].
    pub fn place(&self, node: NodeId) -> Option<usize> {
        self.places.get(node.0).copied()
    }

    /// Whether what is below it is folded away.
    pub fn is_collapsed(&self, node: NodeId) -> bool {
        self.collapsed.contains(&node)
    }

    /// Folds away what is below it, or shows it again.
    pub fn collapse(&mut self, node: NodeId, collapsed: bool) {
        if collapsed {
            self.collapsed.insert(node);
        } else {
            self.collapsed.remove(&node);
        }
    }

    /// Shows a comment by unfolding all that is above it.
    pub fn reveal(&mut self, node: NodeId) {
        let mut above = self.parent(node);
        while let Some(node) = above {
            self.collapsed.remove(&node);
            above = self.parent(node);
        }
    }

    /// Makes the rows anew: in time that grows with the number of comments and hardly more.
    fn arrange(&mut self) {
        self.find_parents();
        let below = self.count_below();
        let (mut tops, mut replies): (Vec<_>, Vec<_>) =
            self.present().partition(|id| self.parent(*id).is_none());
        self.sort(&mut tops, true, &below);
        self.sort(&mut replies, false, &below);

        // Each node's first reply and next sibling, from the last one up.
        let mut first = vec![None; self.nodes.len()];
        let mut next = vec![None; self.nodes.len()];
        let mut top = None;
        for id in tops.into_iter().chain(replies).rev() {
            let head = match self.parent(id).and_then(|parent| first.get_mut(parent.0)) {
                Some(head) => head,
                None => &mut top,
            };
            let after = head.replace(id);
            if let Some(next) = next.get_mut(id.0) {
                *next = after;
            }
        }

        let get = |list: &[Option<NodeId>], id: NodeId| list.get(id.0).copied().flatten();
        self.rows.clear();
        self.places = vec![0; self.nodes.len()];
        let mut depth = 0;
        let mut here = top;
        while let Some(node) = here {
            if let Some(place) = self.places.get_mut(node.0) {
                *place = self.rows.len();
            }
            let below = below.get(node.0).copied().unwrap_or_default();
            self.rows.push(Row { node, depth, below });
            here = get(&first, node);
            if here.is_some() {
                depth += 1;
                continue;
            }
            // Up to the next one that has somebody beside it.
            let mut done = Some(node);
            while let Some(node) = done {
                here = get(&next, node);
                if here.is_some() {
                    break;
                }
                done = self.nodes.get(node.0).and_then(|node| node.parent);
                depth = depth.saturating_sub(1);
            }
        }
    }

    /// Those that have not been withdrawn.
    fn present(&self) -> impl Iterator<Item = NodeId> + '_ {
        let all = self.nodes.iter().enumerate();
        all.filter(|(_, node)| !node.is_gone).map(|(index, _)| NodeId(index))
    }

    fn sort(&self, ids: &mut [NodeId], top: bool, below: &[usize]) {
        let key = |id: &NodeId| {
            let below = below.get(id.0).copied().unwrap_or_default();
            self.comment(*id).map(|comment| key(self.order, top, comment, below))
        };
        ids.sort_by_cached_key(key);
        if top && self.order == Order::Newest {
            ids.reverse();
        }
    }

    /// Who answers whom, as far as it is there; in a circle the oldest answers nobody.
    fn find_parents(&mut self) {
        for index in 0..self.nodes.len() {
            let parent = self.comment(NodeId(index)).and_then(|comment| comment.parent.as_deref());
            let parent = parent.and_then(|parent| self.find(parent));
            if let Some(node) = self.nodes.get_mut(index) {
                node.parent = parent;
            }
        }
        // Which walk upwards came by each node first.
        let mut walks = vec![None; self.nodes.len()];
        for start in 0..self.nodes.len() {
            let mut here = Some(NodeId(start));
            while let Some(node) = here
                && let Some(walk @ None) = walks.get_mut(node.0)
            {
                *walk = Some(start);
                here = self.parent(node);
            }
            let Some(met) = here else { continue };
            if walks.get(met.0) == Some(&Some(start)) {
                let circle = std::iter::successors(self.parent(met), |node| {
                    if *node == met { None } else { self.parent(*node) }
                });
                let oldest = circle.min_by_key(|id| self.comment(*id).map(age));
                if let Some(node) = oldest.and_then(|id| self.nodes.get_mut(id.0)) {
                    node.parent = None;
                }
            }
        }
    }

    /// How many comments are below each one.
    fn count_below(&self) -> Vec<usize> {
        let mut waiting = vec![0usize; self.nodes.len()];
        for node in self.nodes.iter().filter(|node| !node.is_gone) {
            if let Some(replies) = node.parent.and_then(|parent| waiting.get_mut(parent.0)) {
                *replies += 1;
            }
        }
        let mut below = vec![0; self.nodes.len()];
        // From those without replies upwards: a node is counted once all its replies are.
        let mut ready: Vec<NodeId> = Vec::new();
        ready.extend(self.present().filter(|id| waiting.get(id.0) == Some(&0)));
        while let Some(node) = ready.pop() {
            let own = below.get(node.0).copied().unwrap_or_default();
            let Some(parent) = self.parent(node) else { continue };
            if let (Some(below), Some(replies)) =
                (below.get_mut(parent.0), waiting.get_mut(parent.0))
            {
                *below += own + 1;
                *replies -= 1;
                if *replies == 0 {
                    ready.push(parent);
                }
            }
        }
        below
    }
}
