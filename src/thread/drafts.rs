//! What somebody is writing, kept on the device until it has been taken: a reload, a crash or a dead
//! server costs nothing. One draft a form, under `haidang:{portal}:draft:{source}:{thread}:{parent}`;
//! the name to sign with once, under `haidang:{portal}:name`.

use haidang_engine::read::{Node, Read, ReadError, read};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::discussion::Discussion;
use crate::preferences::{keep, storage};

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

/// Where a form's draft is kept.
#[derive(Clone)]
pub struct Draft {
    place: String,
    /// The name is the same in every form.
    name_place: String,
}

/// What a draft holds.
#[derive(Default)]
pub struct Kept {
    /// The name to sign with.
    pub name: String,
    /// The text.
    pub text: String,
    /// Says that two tries to post it are one.
    key: String,
}

impl Read for Kept {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        if node.field::<u32>("version")? > VERSION {
            return Err(node.error("a record of this version"));
        }
        Ok(Self {
            name: String::new(),
            text: node.field_or_default("text")?,
            key: node.field_or_default("key")?,
        })
    }
}

/// The name to sign with, as kept.
struct Name(String);

impl Read for Name {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        if node.field::<u32>("version")? > VERSION {
            return Err(node.error("a record of this version"));
        }
        Ok(Self(node.field_or_default("name")?))
    }
}

impl Draft {
    /// The draft of the form below `parent`, or at the top of the thread.
    pub fn new(discussion: Discussion, parent: Option<&str>) -> Self {
        let portal = discussion.site.portal();
        let (source, thread) = (discussion.source.get_value(), discussion.id.get_value());
        let parent = parent.unwrap_or_default();
        Self {
            place: format!("haidang:{}:draft:{source}:{thread}:{parent}", portal.id),
            name_place: format!("haidang:{}:name", portal.id),
        }
    }

    /// What was written so far.
    pub fn read(&self) -> Kept {
        let get = |place: &str| storage()?.get_item(place).ok().flatten();
        let kept = get(&self.place).and_then(|text| serde_json::from_str(&text).ok());
        let kept = kept.and_then(|value| read::<Kept>(&value, "draft", "").0.ok());
        let name = get(&self.name_place).map(|text| match serde_json::from_str(&text) {
            Ok(record @ Value::Object(_)) => {
                read::<Name>(&record, "name", "").0.map(|name| name.0).unwrap_or_default()
            }
            // As it was before records had a version.
            _ => text,
        });
        Kept { name: name.unwrap_or_default(), ..kept.unwrap_or_default() }
    }

    /// Keeps what is written; full or denied storage keeps it in the form alone.
    pub fn write(&self, name: &str, text: &str) {
        keep(&self.name_place, &json!({ "version": VERSION, "name": name }));
        let kept = self.read();
        // A changed text is another comment.
        let same = kept.text == text && !kept.key.is_empty();
        let key = if same { kept.key } else { new_key() };
        let record = json!({ "version": VERSION, "text": text, "key": key });
        keep(&self.place, &record);
    }

    /// The idempotency key of the text as it is now.
    pub fn key(&self) -> String {
        let kept = self.read().key;
        if kept.is_empty() { new_key() } else { kept }
    }

    /// It has been taken.
    pub fn clear(&self) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(&self.place);
        }
    }
}

/// 104 random bits: `crypto.randomUUID` is missing on insecure origins.
fn new_key() -> String {
    let part = || js_sys::Number::from(js_sys::Math::random()).to_string_with_radix(36);
    let part = || part().map(String::from).unwrap_or_default();
    format!("{}{}", part(), part()).replace("0.", "")
}
