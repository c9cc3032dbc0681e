//! What somebody is writing, kept on the device until it has been handed to the outbox: a reload or a crash
//! costs nothing. One draft a form, under `haidang:{portal}:draft:{source}:{thread}:{form}`; the name to
//! sign with once, under `haidang:{portal}:name`, if the reader wants that.

use haidang_engine::{
    json,
    read::{Node, Read, ReadError, read},
};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::discussion::Discussion;
use crate::preferences::{keep, storage};

/// The version of the records; newer ones are left alone.
const VERSION: u32 = 1;

/// Where a form's draft is kept.
#[derive(Clone)]
pub struct Draft(String);

/// What a draft holds.
struct Kept(String);

impl Read for Kept {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.field_or_default("text")))
    }
}

impl Draft {
    /// The draft of the form below the comment `form`, or at the top of the thread if that is empty.
    pub fn new(discussion: Discussion, form: &str) -> Self {
        let portal = discussion.site.portal();
        let (source, thread) = (discussion.source.get_value(), discussion.id.get_value());
        Self(format!("haidang:{}:draft:{source}:{thread}:{form}", portal.id))
    }

    /// What was written so far.
    pub fn read(&self) -> String {
        let kept = kept(&self.0).and_then(|text| json::parse(&text).ok());
        let kept = kept.and_then(|value| read::<Kept>(&value, "draft", "").0.ok());
        kept.map(|kept| kept.0).unwrap_or_default()
    }

    /// Keeps what is written; full or denied storage keeps it in the form alone.
    pub fn write(&self, text: &str) {
        keep(&self.0, &json!({ "version": VERSION, "text": text }));
    }

    /// `sent` has been handed over. What has been written since stays, and what a newer app has.
    pub fn clear(&self, sent: &str) {
        if self.read().trim() != sent {
            return;
        }
        let is_newer = kept(&self.0).is_some_and(|text| {
            json::parse(&text).is_ok_and(|value| read::<Kept>(&value, "draft", "").0.is_err())
        });
        if let Some(storage) = storage().filter(|_| !is_newer) {
            // Denied, there was nothing.
            let _ = storage.remove_item(&self.0);
        }
    }
}

/// Who signs, as kept with their consent.
#[derive(Clone, Default, PartialEq)]
pub struct Signature {
    /// The name.
    pub name: String,
    /// The e-mail address; empty if not given.
    pub email: String,
}

impl Read for Signature {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self { name: object.field_or_default("name"), email: object.field_or_default("email") })
    }
}

impl Signature {
    /// What the reader has let a portal remember.
    pub fn kept(portal: &str) -> Option<Self> {
        let text = kept(&place(portal))?;
        match json::parse(&text) {
            Ok(record @ Value::Object(_)) => read::<Self>(&record, "name", "").0.ok(),
            // As it was before records had a version.
            _ => Some(Self { name: text, email: String::new() }),
        }
    }

    /// Remembers it.
    pub fn keep(&self, portal: &str) {
        let record = json!({ "version": VERSION, "name": self.name, "email": self.email });
        keep(&place(portal), &record);
    }

    /// Remembers nothing.
    pub fn forget(portal: &str) {
        if let Some(storage) = storage() {
            // Denied, there was nothing.
            let _ = storage.remove_item(&place(portal));
        }
    }
}

fn place(portal: &str) -> String {
    format!("haidang:{portal}:name")
}

fn kept(place: &str) -> Option<String> {
    storage()?.get_item(place).ok().flatten()
}
