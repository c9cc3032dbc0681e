//! Which of two comments comes first.

use std::cmp::Reverse;

use crate::model::Comment;

/// The order of a thread.
///
/// It is that of the comments at the top. Replies are a conversation and read from the oldest on;
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

/// What comments are sorted by, ascending; `below` is how many comments are below this one.
pub(super) fn key(order: Order, top: bool, comment: &Comment, below: usize) -> impl Ord + '_ {
    let most = match order {
        Order::Best => i64::from(comment.votes),
        Order::MostDiscussed if top => i64::try_from(below).unwrap_or(i64::MAX),
        Order::Newest | Order::Oldest | Order::MostDiscussed => 0,
    };
    (Reverse(most), age(comment))
}

/// When it was written; within the same instant most backends count ids upwards.
pub(super) fn age(comment: &Comment) -> impl Ord + '_ {
    let number = comment.id.parse::<u64>();
    (comment.created, number.is_err(), number.unwrap_or_default(), comment.id.as_str())
}
