//! A short conversation, and how a store comes to hold one.

use haidang_engine::{
    model::Comment,
    read::read,
    thread::{Order, Store},
    time::Timestamp,
};

/// A comment as a backend sends it, written in this minute.
pub fn comment(id: &str, parent: Option<&str>, minute: i64, votes: i32) -> Comment {
    let json = serde_json::json!({ "id": id, "parent": parent, "votes": votes });
    let comment = read::<Comment>(&json, "comment", "").0.expect("a comment");
    Comment { created: Some(Timestamp(minute * 60_000)), ..comment }
}

/// A store that these have come to.
pub fn store(order: Order, comments: &[Comment]) -> Store {
    let mut store = Store::new(order);
    store.merge(comments.iter().cloned());
    store
}

/// Three comments at the top, the first one answered twice, one answer answered.
pub fn conversation() -> Vec<Comment> {
    vec![
        comment("a", None, 1, 0),
        comment("b", None, 2, 5),
        comment("a1", Some("a"), 3, 0),
        comment("a2", Some("a"), 4, 9),
        comment("a1x", Some("a1"), 5, 0),
        comment("c", None, 6, -1),
    ]
}
