//! Which of two comments comes first.

use std::cmp::Ordering;

use crate::{model::Comment, time::Timestamp};

/// The order of a thread.
///
/// It is that of the comments at the top, of which those that are pinned come first. Replies are a conversation and read from the oldest on;
/// only in [`Order::Best`] the best reply comes first too. Where two are equal the older one, and at
/// last the id decides, so there is one order, whatever order comments came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The latest first.
    #[default]
    Newest,
    /// The first first.
    Oldest,
    /// The most votes first.
    Best,
    /// The most replies, to any depth, first.
    MostDiscussed,
}

impl Order {
    /// Every order.
    pub const ALL: [Self; 4] = [Order::Newest, Order::Oldest, Order::Best, Order::MostDiscussed];

    /// The name in addresses.
    pub fn wire(self) -> &'static str {
        match self {
            Order::Newest => "newest",
            Order::Oldest => "oldest",
            Order::Best => "best",
            Order::MostDiscussed => "discussed",
        }
    }

    /// The order of a name.
    pub fn from_wire(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|order| order.wire() == name)
    }
}

/// What a comment is sorted by: as it was when it came, or when the thread was last put in order, so that
/// a vote moves nothing under the eyes of a reader.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rank {
    pinned: bool,
    most: i64,
    age: (Option<Timestamp>, bool, u64),
}

impl Rank {
    /// The rank of a comment that has `below` comments below it, at the top or not.
    pub fn new(order: Order, top: bool, comment: &Comment, below: usize) -> Self {
        let most = match order {
            Order::Best => i64::from(comment.votes),
            Order::MostDiscussed if top => i64::try_from(below).unwrap_or(i64::MAX),
            Order::Newest | Order::Oldest | Order::MostDiscussed => 0,
        };
        Self { pinned: top && comment.pinned, most, age: age(comment) }
    }

    /// Which of two comes first; where all else is equal the ids decide.
    pub fn cmp(&self, id: &str, other: &Self, other_id: &str, latest_first: bool) -> Ordering {
        let age = self.age.cmp(&other.age).then_with(|| id.cmp(other_id));
        let age = if latest_first { age.reverse() } else { age };
        other.pinned.cmp(&self.pinned).then(other.most.cmp(&self.most)).then(age)
    }
}

/// When it was written; within the same instant most backends count ids upwards.
pub(super) fn age(comment: &Comment) -> (Option<Timestamp>, bool, u64) {
    let number = comment.id.parse::<u64>();
    (comment.created, number.is_err(), number.unwrap_or_default())
}
