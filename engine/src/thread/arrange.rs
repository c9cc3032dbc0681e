//! The rows of a thread: all made anew, or one put in its place.

use std::cmp::Ordering;

use super::{
    Order, Row, Store,
    order::{Rank, age},
    store::NodeId,
};

impl Store {
    /// Shows the thread in this order, by the votes and replies there are now.
    pub fn set_order(&mut self, order: Order) {
        self.order = order;
        for node in &mut self.nodes {
            node.rank = None;
        }
        self.arrange();
    }

    /// Makes the rows anew: in time that grows with the number of comments and hardly more.
    pub(super) fn arrange(&mut self) {
        self.find_parents();
        let below = self.count_below();
        self.rank(&below);
        self.beget();
        self.rows.clear();
        self.places = vec![usize::MAX; self.nodes.len()];
        // Those that are still to come, the next one last.
        let mut open: Vec<(NodeId, usize)> = Vec::new();
        open.extend(self.tops.iter().rev().map(|node| (*node, 0)));
        while let Some((node, depth)) = open.pop() {
            if let Some(place) = self.places.get_mut(node.0) {
                *place = self.rows.len();
            }
            let below = below.get(node.0).copied().unwrap_or_default();
            self.rows.push(Row { node, depth, below });
            open.extend(self.replies(node).iter().rev().map(|reply| (*reply, depth + 1)));
        }
        self.changes.rows = true;
        self.changes.is_arranged = true;
    }

    /// Puts a new comment, whose parent is in its place and for which nobody waits, in its own.
    pub(super) fn place_one(&mut self, node: NodeId) {
        let parent = self.parent(node);
        let rank = self.comment(node).map(|it| Rank::new(self.order, parent.is_none(), it, 0));
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.rank = rank;
        }
        let siblings = match parent {
            Some(parent) => self.replies(parent),
            None => &self.tops,
        };
        let latest_first = parent.is_none() && self.order == Order::Newest;
        let at = siblings
            .partition_point(|other| self.compare(*other, node, latest_first) == Ordering::Less);
        let before = at.checked_sub(1).and_then(|before| siblings.get(before));
        let end = |node: NodeId| self.row(node).zip(self.place(node));
        let place = match (before.and_then(|before| end(*before)), parent.and_then(end)) {
            (Some((before, place)), _) => place + before.below + 1,
            (None, Some((_, place))) => place + 1,
            (None, None) => 0,
        };
        let depth = parent.and_then(|parent| self.row(parent)).map_or(0, |row| row.depth + 1);
        let siblings = match parent.and_then(|parent| self.nodes.get_mut(parent.0)) {
            Some(parent) => &mut parent.children,
            None => &mut self.tops,
        };
        siblings.insert(at.min(siblings.len()), node);
        let place = place.min(self.rows.len());
        self.rows.insert(place, Row { node, depth, below: 0 });
        for (place, row) in self.rows.iter().enumerate().skip(place) {
            if let Some(known) = self.places.get_mut(row.node.0) {
                *known = place;
            }
        }
        let mut above = parent;
        while let Some(node) = above {
            if let Some(row) = self.place(node).and_then(|place| self.rows.get_mut(place)) {
                row.below += 1;
            }
            above = self.parent(node);
        }
    }

    fn compare(&self, one: NodeId, other: NodeId, latest_first: bool) -> Ordering {
        let get = |id: NodeId| {
            let node = self.nodes.get(id.0)?;
            Some((node.rank.as_ref()?, node.comment.id.as_str()))
        };
        match (get(one), get(other)) {
            (Some((rank, id)), Some((other, other_id))) => {
                rank.cmp(id, other, other_id, latest_first)
            }
            _ => Ordering::Equal,
        }
    }

    /// Gives a rank to those that have none.
    fn rank(&mut self, below: &[usize]) {
        let order = self.order;
        for (node, below) in self.nodes.iter_mut().zip(below) {
            let top = node.parent.is_none();
            node.rank.get_or_insert_with(|| Rank::new(order, top, &node.comment, *below));
        }
    }

    /// Sorts all, and gives each to its parent.
    fn beget(&mut self) {
        let (mut tops, mut replies): (Vec<_>, Vec<_>) =
            self.present().partition(|id| self.parent(*id).is_none());
        let latest_first = self.order == Order::Newest;
        tops.sort_by(|one, other| self.compare(*one, *other, latest_first));
        replies.sort_by(|one, other| self.compare(*one, *other, false));
        for node in &mut self.nodes {
            node.children.clear();
        }
        for reply in replies {
            let parent = self.parent(reply).and_then(|parent| self.nodes.get_mut(parent.0));
            if let Some(parent) = parent {
                parent.children.push(reply);
            }
        }
        self.tops = tops;
    }

    /// Those that have not been withdrawn.
    fn present(&self) -> impl Iterator<Item = NodeId> + '_ {
        let all = self.nodes.iter().enumerate();
        all.filter(|(_, node)| !node.is_gone).map(|(index, _)| NodeId(index))
    }

    /// Who answers whom; in a circle the oldest answers nobody.
    fn find_parents(&mut self) {
        self.find_named_parents();
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
                let oldest = circle.min_by_key(|id| {
                    self.comment(*id).map(|comment| (age(comment), comment.id.as_str()))
                });
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
