//! When the reader was last in a thread, on this device alone, under
//! `haidang:{portal}:seen:{source}:{thread}`: what came since then is new to them.

use haidang_engine::{
    json,
    model::{Comment, CommentState},
    read::{Node, Read, ReadError, read},
    time::Timestamp,
};
use leptos::prelude::*;
use serde_json::json;

use super::discussion::Discussion;
use crate::{
    backend::now,
    preferences::{keep, storage},
};

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

struct Kept(Timestamp);

impl Read for Kept {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.field("at")?))
    }
}

/// When the reader was here last; `None` the first time. From now on it is now.
pub fn visit(portal: &str, source: &str, thread: &str) -> Option<Timestamp> {
    let place = format!("haidang:{portal}:seen:{source}:{thread}");
    let text = storage().and_then(|storage| storage.get_item(&place).ok().flatten());
    let value = text.and_then(|text| json::parse(&text).ok());
    let kept = value.and_then(|value| read::<Kept>(&value, "seen", "").0.ok());
    keep(&place, &json!({ "version": VERSION, "at": now().to_string() }));
    kept.map(|kept| kept.0)
}

impl Discussion {
    /// Whether a comment came since the reader's last visit. What they may change they wrote themselves.
    pub(super) fn is_new(self, comment: &Comment) -> bool {
        let since = self.since.get_value();
        since.is_some()
            && comment.created > since
            && comment.editable.is_none()
            && comment.state == CommentState::Published
            && !comment.id.starts_with("local-")
    }
}
