//! Pieces of a portal's content, written as a backend sends them.

use haidang_engine::read::{Read, read};
use serde_json::{Value, json};

/// Reads a value of the model as it comes from a backend.
pub fn of<T: Read>(value: Value) -> T {
    let (read, notes) = read::<T>(&value, "sample", "");
    assert!(notes.is_empty(), "{notes:?}");
    read.unwrap_or_else(|error| panic!("{error}"))
}

/// `value` with the members of `changes` put in.
pub fn with(mut value: Value, changes: Value) -> Value {
    let (Some(object), Value::Object(changes)) = (value.as_object_mut(), changes) else {
        panic!("not objects")
    };
    object.extend(changes);
    value
}

/// A headline in Vietnamese.
pub fn headline(id: &str) -> Value {
    json!({
        "key": {"id": id}, "work": format!("work-{id}"), "lang": "vi", "kind": "original",
        "slug": "bai", "title": format!("Bài {id}"), "standfirst": format!("Sapo {id}"),
        "published": "2016-12-09T01:32:00Z"
    })
}

/// An article in Vietnamese; `changes` are to its headline.
pub fn article(id: &str, changes: Value) -> Value {
    json!({ "headline": with(headline(id), changes), "comments_open": true })
}

/// A version of an article in another language.
pub fn version(id: &str, lang: &str, kind: &str) -> Value {
    json!({"key": {"id": id}, "lang": lang, "kind": kind, "slug": "ban", "title": "Bản"})
}

/// A document of the register.
pub fn document(id: &str, number: &str) -> Value {
    json!({
        "key": {"id": id}, "number": number, "kind": "decision", "title": format!("Về {number}"),
        "lang": "vi", "issuer": {"id": "ubnd", "name": "UBND thành phố"},
        "issued": "2016-12-09", "status": "in-force"
    })
}

/// A comment by `author`; the number that is its id says in which minute it was written.
pub fn comment(id: &str, parent: Option<&str>, author: &str) -> Value {
    json!({
        "id": id, "parent": parent, "author": author, "lang": "vi",
        "body": {"format": "text", "value": format!("Lời {id}")},
        "created": format!("2024-05-01T08:{id:0>2}:00Z")
    })
}
