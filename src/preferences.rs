//! What a reader has set: appearance, text size, languages. Kept on the device under
//! `haidang:{portal}:preferences`; the start-up script of index.html applies the appearance first.

use haidang_engine::{
    json,
    lang::Lang,
    read::{Node, Read, ReadError, read},
};
use js_sys::Reflect;
use serde_json::{Value, json};
use web_sys::Storage;

use crate::browser;

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

/// A reader's settings.
#[derive(Clone, PartialEq, Default)]
pub struct Preferences {
    /// `light`, `dark`, `contrast`; empty is as on the device.
    pub theme: String,
    /// `small`, `large`, `huge`; empty is normal.
    pub size: String,
    /// The language chosen last.
    pub lang: Option<Lang>,
    /// The languages the reader reads, in order of preference.
    pub reads: Vec<Lang>,
    /// No pictures until they are tapped, and nothing in advance.
    pub saves_data: bool,
}

impl Read for Preferences {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self {
            theme: object.field_or_default("theme"),
            size: object.field_or_default("size"),
            lang: object.opt_field("lang"),
            reads: object.list_field("reads"),
            saves_data: object.field_or_default("saves_data"),
        })
    }
}

impl Preferences {
    /// What is kept for a portal; the default if nothing is, or it cannot be read.
    pub fn load(portal: &str) -> Self {
        let text = storage().and_then(|storage| storage.get_item(&key(portal)).ok().flatten());
        let value = text.and_then(|text| json::parse(&text).ok());
        value.and_then(|value| read::<Self>(&value, "preferences", "").0.ok()).unwrap_or_default()
    }

    /// Keeps them; `false` if the browser does not.
    pub fn save(&self, portal: &str) -> bool {
        let record = json!({
            "version": VERSION,
            "theme": self.theme,
            "size": self.size,
            "lang": self.lang.as_ref().map(Lang::as_str),
            "reads": self.reads.iter().map(Lang::as_str).collect::<Vec<_>>(),
            "saves_data": self.saves_data,
        });
        keep(&key(portal), &record)
    }

    /// Shows the appearance: attributes of `<html>` that the style reads.
    pub fn apply(&self) {
        let root = browser::document().and_then(|document| document.document_element());
        let Some(root) = root else { return };
        for (name, value) in [("data-theme", &self.theme), ("data-size", &self.size)] {
            // Setting an attribute of a valid name cannot fail.
            let _ = if value.is_empty() {
                root.remove_attribute(name)
            } else {
                root.set_attribute(name, value)
            };
        }
    }
}

/// Whether the browser asks to save data: `navigator.connection.saveData`, where there is such a thing.
pub fn browser_saves_data() -> bool {
    let saves = || {
        let navigator = browser::window()?.navigator();
        let connection = Reflect::get(&navigator, &"connection".into()).ok()?;
        Reflect::get(&connection, &"saveData".into()).ok()?.as_bool()
    };
    saves().unwrap_or_default()
}

fn key(portal: &str) -> String {
    format!("haidang:{portal}:preferences")
}

/// Keeps a record with its `version`; `false` if the browser does not, or if a newer app has written
/// what is there.
pub fn keep(key: &str, record: &Value) -> bool {
    let Some(storage) = storage() else { return false };
    let version = |record: &Value| record.get("version").and_then(Value::as_u64);
    let kept = storage.get_item(key).ok().flatten();
    let kept = kept.and_then(|text| json::parse(&text).ok());
    kept.as_ref().and_then(version) <= version(record)
        && storage.set_item(key, &json::written(record)).is_ok()
}

/// `localStorage`, unless the reader or the browser denies it.
pub fn storage() -> Option<Storage> {
    browser::window()?.local_storage().ok()?
}
