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
        /// A moderator did not take it; only its author sees it.
        Rejected = "rejected",
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
        /// The reader's own vote: 1 for, -1 against, 0 none.
        or voted: i32,
        /// Where it stands.
        or state: CommentState,
        /// Why it is held or was rejected, in the moderator's words.
        opt reason: Option<String>,
        /// Stays at the top of the thread.
        or pinned: bool,
        /// Picked by the editors.
        or featured: bool,
        /// Until when the reader who asks may change it or take it away; `None` if never.
        opt editable: Option<Timestamp>,
        /// Counts its changes up, votes too; 0 if the backend does not count.
        or revision: u32,
    }
}

wire_enum! {
    /// Who may write in a thread.
    Identity {
        /// Anybody, under any name.
        #[default]
        Anonymous = "anonymous",
        /// Anybody; who is known to the portal under their own name.
        Sso = "sso",
        /// Only who is known to the portal.
        Required = "required",
    }
}

record! {
    /// What goes in a thread.
    ThreadRules {
        /// Whether new comments are taken.
        or open: bool,
        /// Whether a moderator reads a comment before everybody does.
        or held: bool,
        /// Who may write.
        or identity: Identity,
        /// Characters a text may have.
        opt longest: Option<u32>,
        /// Whether there are votes against, too.
        or down: bool,
        /// Seconds a comment's author may change it or take it away; 0 if never.
        or window: u32,
    }
}

record! {
    /// Some comments of a thread, flat, every comment after the one it answers.
    ThreadPage {
        /// In the order asked for: by the comment at the top, below it oldest first.
        list items: Vec<Comment>,
        /// Asks for what follows; `None` at the end. Opaque.
        opt next: Option<String>,
        /// How many there are in all, if the backend counts.
        opt total: Option<u32>,
        /// Where the stream of changes stood at this answer: what to ask it from.
        opt at: Option<String>,
        /// What goes in this thread, if the backend says.
        opt rules: Option<ThreadRules>,
    }
}

record! {
    /// How many comments a thread has.
    CommentCount {
        /// The article's or the work's id, as asked.
        req id: String,
        /// Those that everybody sees.
        or count: u32,
    }
}

/// A comment a reader wants to publish.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
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
    /// In small Markdown (see [`crate::content`]), 1 to 5,000 characters.
    pub text: String,
    /// For the moderators alone; asked for only where a portal wants it.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub email: Option<String>,
    /// What is in the field that no person sees.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub trap: Option<String>,
    /// Milliseconds from the first key to the click.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub typed: Option<u32>,
    /// The answer to a challenge the backend has set.
    #[cfg_attr(not(target_arch = "wasm32"), serde(default))]
    pub challenge: Option<String>,
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
            "email": self.email,
            "trap": self.trap,
            "typed": self.typed,
            "challenge": self.challenge,
        })
    }
}
