//! Pictures, in as many sizes as a backend has, however it says so.

use serde_json::{Value, json};

use super::{
    expression::object,
    fields::{Fields, NULL, whole},
    template::Template,
};

/// Sizes of a picture; more are left away.
const MAX_SIZES: usize = 50;

impl Fields<'_> {
    /// A picture: an address or an object; `sizes` a list, a table by width or name, or a URI template
    /// with `widths`.
    pub fn image(&mut self, key: &str) {
        let mut members = match self.take(key) {
            Value::Null => return,
            Value::String(url) if url.is_empty() => return,
            Value::String(url) => object([("url", url.into())]),
            Value::Object(members) => members,
            other => return self.wrong(key, "an address or an object with url", &other),
        };
        let mut image = self.inner(key, &mut members);
        image.texts(&["url", "alt", "caption", "credit"]);
        image.numbers(&["width", "height"]);
        let sizes = image.take("sizes");
        let sizes = image.sizes(sizes);
        let notes = image.notes;
        self.notes = notes;
        let largest = sizes.last().and_then(|size| size.get("url")).cloned();
        if members.get("url").is_none_or(Value::is_null) {
            // A picture without any address is none: that is how most say so.
            let Some(url) = largest else { return };
            members.insert("url".to_owned(), url);
        }
        members.insert("sizes".to_owned(), sizes.into());
        self.set(key, Value::Object(members));
    }

    fn sizes(&mut self, sizes: Value) -> Vec<Value> {
        let list: Vec<Value> = match sizes {
            Value::Array(list) => list,
            Value::Object(members) => match members.get("template").and_then(Value::as_str) {
                Some(template) => self.filled(template, members.get("widths").unwrap_or(NULL)),
                None => members.into_iter().map(|(name, size)| named_size(&name, size)).collect(),
            },
            _ => Vec::new(),
        };
        let size = |value: Value| {
            let url = value.get("url")?.as_str().filter(|url| !url.is_empty())?;
            let width = whole(value.get("width")?).filter(|width| *width > 0)?;
            Some((width, json!({ "url": url, "width": width })))
        };
        // By width, each width once.
        let mut sizes: Vec<(i64, Value)> = Vec::new();
        for (width, size) in list.into_iter().filter_map(size) {
            if sizes.len() == MAX_SIZES {
                break;
            }
            let at = sizes.partition_point(|(known, _)| *known < width);
            if sizes.get(at).is_none_or(|(known, _)| *known != width) {
                sizes.insert(at, (width, size));
            }
        }
        sizes.into_iter().map(|(_, size)| size).collect()
    }

    fn filled(&mut self, template: &str, widths: &Value) -> Vec<Value> {
        let template = match Template::parse(template) {
            Ok(template) => template,
            Err(error) => {
                self.notes.push(format!("{}.sizes.template: {error}", self.place));
                return Vec::new();
            }
        };
        let widths = widths.as_array().into_iter().flatten();
        let size = |width: &Value| {
            let url = template.expand(&object([("width", width.clone())]));
            json!({ "url": url, "width": width })
        };
        widths.map(size).collect()
    }
}

/// A size from a table: the name is the width unless the size says it.
fn named_size(name: &str, size: Value) -> Value {
    let digits: String = name.chars().take_while(char::is_ascii_digit).collect();
    match size {
        Value::String(url) => json!({ "url": url, "width": digits }),
        Value::Object(mut members) => {
            members.entry("width").or_insert_with(|| digits.into());
            Value::Object(members)
        }
        other => other,
    }
}
