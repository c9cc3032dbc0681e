//! People whose comments a reader does not want to see, on this device alone, under
//! `haidang:{portal}:muted`. Threads know their writers by name and by nothing else.

use haidang_engine::{
    json,
    read::{Node, Read, ReadError, read},
};
use leptos::prelude::*;
use serde_json::json;

use crate::preferences::{keep, storage};

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

/// Who is muted.
#[derive(Clone, Copy)]
pub struct Muted {
    place: StoredValue<String>,
    names: RwSignal<Vec<String>>,
}

struct Kept(Vec<String>);

impl Read for Kept {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.list_field("names")))
    }
}

impl Muted {
    /// As kept for a portal.
    pub fn load(portal: &str) -> Self {
        let place = format!("haidang:{portal}:muted");
        let text = storage().and_then(|storage| storage.get_item(&place).ok().flatten());
        let value = text.and_then(|text| json::parse(&text).ok());
        let kept = value.and_then(|value| read::<Kept>(&value, "muted", "").0.ok());
        let names = kept.map(|kept| kept.0).unwrap_or_default();
        Self { place: StoredValue::new(place), names: RwSignal::new(names) }
    }

    /// Whether who signs so is muted.
    pub fn has(self, name: &str) -> bool {
        self.names.with_untracked(|names| names.iter().any(|muted| muted == name))
    }

    /// Those who are muted. Tracks.
    pub fn names(self) -> Vec<String> {
        self.names.get()
    }

    /// Mutes, or hears again. Where the browser keeps nothing, until the page is left.
    pub fn set(self, name: &str, is_muted: bool) {
        self.names.update(|names| {
            names.retain(|known| known != name);
            if is_muted {
                names.push(name.to_owned());
            }
        });
        let record = json!({ "version": VERSION, "names": self.names.get_untracked() });
        self.place.with_value(|place| keep(place, &record));
    }
}
