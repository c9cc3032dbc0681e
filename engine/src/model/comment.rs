//! A comment and what a reader sends to make one.

use super::{Body, record, wire_enum};
use crate::{lang::Lang, time::Timestamp};

wire_enum! {
    /// What the author of a comment is to the portal.
    Badge {
        /// A reader.
        #[default]
        Reader = "reader",
        /// Wrote the article.
        Author = "author",
        /// Answers for the agency.
        Staff = "staff",
    }
}

wire_enum! {
    /// Where a comment stands.
    CommentState {
        /// Everybody sees it.
        #[default]
        Published = "published",
        /// Waits for a moderator; its author sees it.
        Held = "held",
        /// Taken away; its replies stay.
        Deleted = "deleted",
    }
}

record! {
    /// One comment of a thread. Threads travel flat: `parent` makes the tree.
    Comment {
        /// The backend's id.
        req id: String,
        /// The comment it answers; `None` at the top.
        opt parent: Option<String>,
        /// As the author signed.
        or author: String,
        /// What the author is.
        or badge: Badge,
        /// The language, if the backend knows it.
        opt lang: Option<Lang>,
        /// The text.
        opt body: Option<Body>,
        /// When it was written.
        opt created: Option<Timestamp>,
        /// When it was last changed, if it was.
        opt edited: Option<Timestamp>,
        /// Votes for, less votes against.
        or votes: i32,
        /// Where it stands.
        or state: CommentState,
    }
}

/// A comment a reader wants to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema)
)]
pub struct NewComment {
    /// The comment it answers; absent at the top.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub parent: Option<String>,
    /// The name to sign with, 1 to 80 characters.
    pub author: String,
    /// Plain text, 1 to 5,000 characters; an empty line parts paragraphs.
    pub text: String,
    /// The language of the interface it was written in.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub lang: Option<Lang>,
}

impl NewComment {
    /// The request body the native API takes.
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "parent": self.parent,
            "author": self.author,
            "text": self.text,
            "lang": self.lang.as_ref().map(Lang::as_str),
        })
    }
}
