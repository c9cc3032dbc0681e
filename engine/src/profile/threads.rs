//! What is asked of a thread and written to it.

use serde_json::{Value, json};

use super::{
    operation::{Method, Request},
    source::Source,
    template::expand,
};
use crate::{json, model::NewComment, thread::Order};

/// What a reader shows to be recognised: both are theirs alone, and an answer that depends on them is
/// kept by nobody else.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reader {
    /// A secret the browser made up: who has it wrote what was sent with it.
    pub token: Option<String>,
    /// The portal's own word for who the reader is, a JWT (RFC 7519).
    pub assertion: Option<String>,
}

/// Something to do in a thread.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Write {
    /// Says something new. The answer is the comment as it was taken.
    Post(Box<NewComment>),
    /// Says it otherwise.
    Edit {
        /// The comment's id.
        comment: String,
        /// As in [`NewComment::text`].
        text: String,
    },
    /// Takes it away; its replies stay.
    Delete {
        /// The comment's id.
        comment: String,
    },
    /// Votes. The answer is the comment with the vote counted, as far as the backend says.
    Vote {
        /// The comment's id.
        comment: String,
        /// 1 for, -1 against, 0 takes the vote back.
        vote: i8,
    },
    /// Tells the moderators.
    Report {
        /// The comment's id.
        comment: String,
        /// `spam`, `abuse`, `false`, `private` or `other`.
        reason: String,
        /// In the reader's words; may be empty.
        detail: String,
    },
}

impl Write {
    /// The endpoint's path in a profile.
    pub fn endpoint(&self) -> &'static str {
        match self {
            Write::Post(_) => "comments.post",
            Write::Edit { .. } => "comments.edit",
            Write::Delete { .. } => "comments.delete",
            Write::Vote { .. } => "comments.vote",
            Write::Report { .. } => "comments.report",
        }
    }

    /// The comment it is done to; `None` for a new one.
    pub fn comment(&self) -> Option<&str> {
        match self {
            Write::Post(_) => None,
            Write::Edit { comment, .. }
            | Write::Delete { comment }
            | Write::Vote { comment, .. }
            | Write::Report { comment, .. } => Some(comment),
        }
    }

    fn body(&self) -> Option<Value> {
        match self {
            Write::Post(comment) => Some(comment.to_json()),
            Write::Edit { text, .. } => Some(json!({ "text": text })),
            Write::Delete { .. } => None,
            Write::Vote { vote, .. } => Some(json!({ "vote": vote })),
            Write::Report { reason, detail, .. } => {
                Some(json!({ "reason": reason, "detail": detail }))
            }
        }
    }
}

/// The address of some comments of the native API.
pub(super) fn list(base: &str, thread: &str, order: Order, cursor: Option<&str>) -> String {
    let order = if order == Order::Oldest { "" } else { order.wire() };
    let vars =
        [("base", base), ("id", thread), ("order", order), ("cursor", cursor.unwrap_or_default())];
    expand("{+base}/articles/{id}/comments{?order,cursor}", &present(&vars))
}

/// The address of the native API's stream of changes.
pub(super) fn live(base: &str, thread: &str, after: Option<&str>) -> String {
    let vars = [("base", base), ("id", thread), ("after", after.unwrap_or_default())];
    expand("{+base}/articles/{id}/comments/live{?after}", &present(&vars))
}

/// The address of the native API's numbers of comments.
pub(super) fn counts(base: &str, threads: &[String]) -> String {
    let threads = threads.join(",");
    expand("{+base}/comments/counts{?ids}", &[("base", base), ("ids", &threads)])
}

/// The request of the native API that writes.
pub(super) fn write(
    source: &Source,
    timeout: u32,
    thread: &str,
    write: &Write,
    key: &str,
) -> Request {
    let template = match write {
        Write::Post(_) => "{+base}/articles/{id}/comments",
        Write::Edit { .. } | Write::Delete { .. } => "{+base}/articles/{id}/comments/{comment}",
        Write::Vote { .. } => "{+base}/articles/{id}/comments/{comment}/vote",
        Write::Report { .. } => "{+base}/articles/{id}/comments/{comment}/report",
    };
    let base = source.base.trim_end_matches('/');
    let comment = write.comment().unwrap_or_default();
    Request {
        method: match write {
            Write::Edit { .. } => Method::Put,
            Write::Delete { .. } => Method::Delete,
            _ => Method::Post,
        },
        url: expand(template, &[("base", base), ("id", thread), ("comment", comment)]),
        headers: vec![("Idempotency-Key".to_owned(), key.to_owned())],
        body: write.body().map(|body| json::written(&body)),
        timeout,
        session: None,
    }
}

/// Tells the native API who asks.
pub(super) fn sign(request: &mut Request, reader: &Reader) {
    if let Some(token) = &reader.token {
        request.headers.push(("Author-Token".to_owned(), token.clone()));
    }
    if let Some(assertion) = &reader.assertion {
        request.headers.push(("Authorization".to_owned(), ["Bearer ", assertion].concat()));
    }
}

/// What is empty is left out of an address.
fn present<'a>(vars: &[(&'static str, &'a str)]) -> Vec<(&'static str, &'a str)> {
    vars.iter().filter(|(_, value)| !value.is_empty()).copied().collect()
}
