//! A comment thread: what is in it, in which order it shows, what is folded away.
//!
//! A thread is flat. The [`Store`] keeps comments as they come, in any order, and one list of
//! [`Row`]s that a view shows from top to bottom; a row's depth and the number of rows below it say
//! all there is to say of the tree. Ten thousand comments are one list and no recursion.
//!
//! `store`: who is there and who answers whom; `arrange`: the rows; `order`: which comes first; `scene`:
//! what of it shows.
//!
//! ```
//! # use haidang_engine::{model::Comment, read::read, thread::{Order, Store}};
//! # let comment = |id: &str, parent: Option<&str>| {
//! #     let json = serde_json::json!({ "id": id, "parent": parent });
//! #     read::<Comment>(&json, "comment", "").0.unwrap()
//! # };
//! let mut store = Store::new(Order::Oldest);
//! store.merge([comment("b", Some("a")), comment("a", None)]);
//! let shown: Vec<_> = store.rows().iter().map(|row| (store.id(row.node), row.depth)).collect();
//! assert_eq!(shown, [("a", 0), ("b", 1)]);
//! ```

mod arrange;
mod order;
mod scene;
mod store;

pub use order::Order;
pub use scene::{
    DEEPEST, Filter, RUN, RUN_SHOWN, Rest, Scene, key as search_key, lang_of, matches, words,
};
pub use store::{Changes, Merged, NodeId, Row, Store};
