//! One field of a mapped item each: ids, dates, texts, bodies, as backends write them. Pictures are in `pictures`.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::{
    blocks,
    expression::{Decimal, describe, object},
    markdown,
    zone::{Clock, day, instant, written},
};
use crate::fold::nfc;

/// What could not be read.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    pub fn push(&mut self, note: String) {
        self.0.push(note);
    }

    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.0)
    }
}

/// The members of a mapped item, to be put right in place. What cannot be read becomes null, with a note.
pub(super) struct Fields<'m> {
    pub members: &'m mut Map<String, Value>,
    /// Where it is within the item, for messages.
    pub place: String,
    pub clock: &'m Clock,
    pub notes: Notes,
}

pub(super) const NULL: &Value = &Value::Null;

impl<'m> Fields<'m> {
    pub fn get(&self, key: &str) -> &Value {
        self.members.get(key).unwrap_or(NULL)
    }

    pub fn set(&mut self, key: &str, value: Value) {
        match self.members.get_mut(key) {
            Some(old) => *old = value,
            None => drop(self.members.insert(key.to_owned(), value)),
        }
    }

    pub fn take(&mut self, key: &str) -> Value {
        self.members.get_mut(key).map(Value::take).unwrap_or_default()
    }

    pub fn wrong(&mut self, key: &str, expected: &str, found: &Value) {
        let found = describe(found);
        self.notes.push(format!("{}.{key}: expected {expected}, found {found}", self.place));
    }

    fn missing(&self, key: &str, expected: &str) -> String {
        format!("{}.{key}: expected {expected}, found {}", self.place, describe(self.get(key)))
    }

    /// Numbers become text: ids are often either.
    pub fn id(&mut self, key: &str) -> Option<String> {
        let id = match self.get(key) {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(match number.as_i64() {
                Some(id) => id.to_string(),
                // `7.0` is 7.
                None => Decimal::from_json(number).map_or(number.to_string(), |id| id.to_string()),
            }),
            Value::Null | Value::String(_) => None,
            other => {
                let other = other.clone();
                self.wrong(key, "an id (text or number)", &other);
                None
            }
        };
        if self.members.contains_key(key) {
            self.set(key, id.clone().into());
        }
        id
    }

    pub fn needed_id(&mut self, key: &str) -> Result<String, String> {
        self.needed(key, "an id (text or number)", Self::id)
    }

    /// What `read` reads; if nothing, the error says why, and nothing else does.
    fn needed(
        &mut self,
        key: &str,
        expected: &str,
        read: fn(&mut Self, &str) -> Option<String>,
    ) -> Result<String, String> {
        let said = self.notes.0.len();
        let found = self.get(key);
        let missing = match found {
            Value::String(text) if !text.is_empty() => None,
            Value::Number(_) => None,
            _ => Some(self.missing(key, expected)),
        };
        let read = read(self, key);
        self.notes.0.truncate(if read.is_none() { said } else { self.notes.0.len() });
        read.ok_or_else(|| missing.unwrap_or_else(|| self.missing(key, expected)))
    }

    /// The id of an item, with or without `key` around it.
    pub fn own_key(&mut self) -> Result<(), String> {
        if !self.get("key").is_object() {
            let id = self.members.remove("id").unwrap_or_default();
            self.set("key", Value::Object(object([("id", id)])));
        }
        self.within("key", &|key| key.needed_id("id").map(drop))
    }

    /// An id that names something else: becomes `{id}`.
    pub fn key(&mut self, key: &str) {
        if let Some(id) = if self.get(key).is_object() { None } else { self.id(key) } {
            self.set(key, json!({ "id": id }));
        }
    }

    /// A text in NFC; numbers are printed, nothing is null.
    pub fn text(&mut self, key: &str) -> Option<String> {
        let text = match self.get(key) {
            Value::String(text) => Some(nfc(text.trim()).into_owned()),
            Value::Number(number) => Some(number.to_string()),
            Value::Null => None,
            other => {
                let other = other.clone();
                self.wrong(key, "text", &other);
                None
            }
        };
        let text = text.filter(|text| !text.is_empty());
        if self.members.contains_key(key) {
            self.set(key, text.clone().into());
        }
        text
    }

    pub fn texts(&mut self, keys: &[&str]) {
        for key in keys {
            // Most are as they should be already.
            let is_fine = self.get(key).as_str().is_some_and(|text| {
                !text.is_empty()
                    && text.trim().len() == text.len()
                    && matches!(nfc(text), Cow::Borrowed(_))
            });
            if !is_fine {
                self.text(key);
            }
        }
    }

    /// A piece of an address for people to read: some backends give it percent-encoded.
    pub fn slug(&mut self, key: &str) {
        if let Some(slug) = self.text(key) {
            let plain = percent_decode_str(&slug).decode_utf8();
            let plain = plain.map(|slug| nfc(&slug).into_owned());
            self.set(key, plain.unwrap_or(slug).into());
        }
    }

    pub fn needed_text(&mut self, key: &str) -> Result<String, String> {
        self.needed(key, "text", Self::text)
    }

    pub fn dates(&mut self, keys: &[&str]) {
        self.replace(keys, "a date and time", &|value, clock| {
            Some(written(instant(value, clock)?).into())
        });
    }

    pub fn days(&mut self, keys: &[&str]) {
        self.replace(keys, "a day", &|value, clock| Some(day(value, clock)?.to_string().into()));
    }

    /// Whole numbers, also as text or with a fraction, which is cut off.
    pub fn numbers(&mut self, keys: &[&str]) {
        self.replace(keys, "a whole number", &|value, _| whole(value).map(Into::into));
    }

    /// True or false, also as 1 or 0.
    pub fn flags(&mut self, keys: &[&str]) {
        self.replace(keys, "true or false", &|value, _| match value {
            Value::Bool(_) => Some(value.clone()),
            Value::Number(_) => whole(value).map(|number| (number != 0).into()),
            _ => None,
        });
    }

    fn replace(
        &mut self,
        keys: &[&str],
        expected: &str,
        read: &dyn Fn(&Value, &Clock) -> Option<Value>,
    ) {
        for key in keys {
            let value = self.get(key);
            if value.is_null() || value == "" {
                self.members.remove(*key);
                continue;
            }
            let read = read(value, self.clock);
            if read.is_none() {
                let value = value.clone();
                self.wrong(key, expected, &value);
            }
            self.set(key, read.unwrap_or_default());
        }
    }

    /// A term: an object, or a name alone, which is its id as well; of a list the first.
    pub fn term(&mut self, key: &str, ours: &dyn Fn(&str) -> String) {
        if let Value::Array(list) = self.get(key) {
            let first = list.first().cloned().unwrap_or_default();
            self.set(key, first);
        }
        let value = self.take(key);
        let term = self.one_term(key, value, ours);
        self.set(key, term.unwrap_or_default());
    }

    pub fn terms(&mut self, key: &str, ours: &dyn Fn(&str) -> String) {
        let list = match self.take(key) {
            Value::Null => return,
            Value::Array(list) => list,
            other => vec![other],
        };
        let mut terms = Vec::new();
        for value in list {
            terms.extend(self.one_term(key, value, ours));
        }
        self.set(key, terms.into());
    }

    fn one_term(
        &mut self,
        key: &str,
        value: Value,
        ours: &dyn Fn(&str) -> String,
    ) -> Option<Value> {
        let mut members = match value {
            Value::Null => return None,
            Value::String(name) if name.is_empty() => return None,
            Value::String(name) => object([("id", name.as_str().into()), ("name", name.into())]),
            Value::Object(members) => members,
            other => {
                self.wrong(key, "a name or an object with id and name", &other);
                return None;
            }
        };
        let mut term = self.inner(key, &mut members);
        term.texts(&["name", "summary"]);
        let id = term.id("id");
        let name = term.get("name").as_str().map(str::to_owned);
        let notes = term.notes;
        self.notes = notes;
        // A section that does not exist any more is often all null.
        let (id, name) = match (id, name) {
            (Some(id), Some(name)) => (id, name),
            // Documents name issuers that have no page.
            (None, Some(name)) => (String::new(), name),
            _ => return None,
        };
        members.insert("id".to_owned(), ours(&id).into());
        members.insert("name".to_owned(), name.into());
        Some(Value::Object(members))
    }

    /// A byline: a name, or a list of names and of objects with `name`.
    pub fn people(&mut self, key: &str) {
        let list = match self.take(key) {
            Value::Null => return,
            Value::Array(list) => list,
            other => vec![other],
        };
        let named = |value| match value {
            Value::String(name) => json!({ "name": name }),
            other => other,
        };
        let list: Vec<Value> =
            list.into_iter().filter(|value| !value.is_null() && value != "").map(named).collect();
        self.set(key, list.into());
        self.each_within(key, &|person| {
            person.id("id");
            person.texts(&["role"]);
            person.needed_text("name").map(drop)
        });
    }

    /// A body: HTML, or `{format, value}` with `html`, `text`, `markdown` or `blocks`.
    pub fn body(&mut self, key: &str) {
        let (format, value) = match self.take(key) {
            Value::Null => return,
            Value::String(html) => ("html".to_owned(), Value::String(html)),
            list @ Value::Array(_) => ("blocks".to_owned(), list),
            Value::Object(mut members) => {
                let format = members.get("format").and_then(Value::as_str).unwrap_or("html");
                (format.to_owned(), members.get_mut("value").map(Value::take).unwrap_or_default())
            }
            other => {
                return self.wrong(key, "a body (text, a list of blocks or an object)", &other);
            }
        };
        let body = match (format.as_str(), value) {
            (_, Value::Null) => return,
            ("html" | "text", Value::String(text)) => body_of(&format, text),
            ("markdown", Value::String(text)) => body_of("html", markdown::html(&text)),
            ("blocks", list @ Value::Array(_)) => {
                let mut problems = Vec::new();
                let html = blocks::html(&list, &mut problems);
                let place = &self.place;
                let notes = problems.into_iter().map(|what| format!("{place}.{key}{what}"));
                self.notes.0.extend(notes);
                body_of("html", html)
            }
            ("html" | "text" | "markdown", other) => return self.wrong(key, "text", &other),
            ("blocks", other) => return self.wrong(key, "a list of blocks", &other),
            (other, _) => {
                let other = json!(other);
                return self.wrong(
                    &format!("{key}.format"),
                    "html, text, markdown or blocks",
                    &other,
                );
            }
        };
        self.set(key, body);
    }

    /// Moves the members `keys` into one of their own, unless it is there.
    pub fn gather(&mut self, into: &str, keys: &[&str]) {
        if self.get(into).is_object() {
            return;
        }
        let mut inner = Map::new();
        for key in keys {
            if let Some(value) = self.members.remove(*key) {
                inner.insert((*key).to_owned(), value);
            }
        }
        self.set(into, Value::Object(inner));
    }

    pub fn inner<'b>(&mut self, key: &str, members: &'b mut Map<String, Value>) -> Fields<'b>
    where
        'm: 'b,
    {
        let notes = std::mem::take(&mut self.notes);
        Fields { members, place: format!("{}.{key}", self.place), clock: self.clock, notes }
    }

    /// Puts right what is in the member `key`, an object.
    pub fn within(
        &mut self,
        key: &str,
        change: &dyn Fn(&mut Fields<'_>) -> Result<(), String>,
    ) -> Result<(), String> {
        let Value::Object(mut members) = self.take(key) else {
            return Err(self.missing(key, "an object"));
        };
        let mut inner = self.inner(key, &mut members);
        // What is gathered is not in the profile: messages do not speak of it.
        if matches!(key, "headline" | "entry" | "key") {
            inner.place = self.place.clone();
        }
        let changed = change(&mut inner);
        self.notes = inner.notes;
        self.set(key, Value::Object(members));
        changed
    }

    /// Puts right each object of the list `key`, or the one object; what is wrong is left out.
    pub fn each_within(
        &mut self,
        key: &str,
        change: &dyn Fn(&mut Fields<'_>) -> Result<(), String>,
    ) {
        let (list, single) = match self.take(key) {
            Value::Null => {
                self.members.remove(key);
                return;
            }
            Value::Array(list) => (list, false),
            other => (vec![other], true),
        };
        let mut kept = Vec::new();
        for (index, value) in list.into_iter().enumerate() {
            let place = if single { key.to_owned() } else { format!("{key}[{index}]") };
            match value {
                Value::Object(mut members) => {
                    let mut inner = self.inner(&place, &mut members);
                    let changed = change(&mut inner);
                    self.notes = inner.notes;
                    match changed {
                        Ok(()) => kept.push(Value::Object(members)),
                        Err(note) => self.notes.push(note),
                    }
                }
                Value::Null => {}
                other => self.wrong(&place, "an object", &other),
            }
        }
        let value = if single { kept.pop().unwrap_or_default() } else { kept.into() };
        self.set(key, value);
    }
}

fn body_of(format: &str, value: String) -> Value {
    Value::Object(object([("format", format.into()), ("value", value.into())]))
}

/// A whole number, as number or text.
pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => {
            number.as_i64().or_else(|| Decimal::from_json(number)?.floor().whole())
        }
        Value::String(text) => Decimal::parse(text.trim())?.floor().whole(),
        _ => None,
    }
}
