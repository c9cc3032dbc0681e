//! JSON:API (<https://jsonapi.org/format/1.1/>): what `relationships` point at is put in their place, so
//! that an expression reads `item.relationships.author.data.attributes.name`.

use std::collections::HashMap;

use serde_json::Value;

/// How far relationships of what is included are followed. Included things may point at each other in
/// circles; beyond this they stay what they are in the answer, a type and an id.
const DEPTH: usize = 3;
/// Things put in place in one answer: circles multiply.
const MAX_PLACED: usize = 20_000;

/// Puts what is in `included` where `data` points at it.
pub(super) fn resolve(body: &mut Value) {
    let Some(Value::Array(included)) = body.get("included") else { return };
    let mut by_key = HashMap::new();
    for thing in included {
        if let Some(key) = key(thing) {
            by_key.insert(key, thing.clone());
        }
    }
    let mut placed = 0;
    match body.get_mut("data") {
        Some(Value::Array(items)) => {
            for item in items {
                place(item, &by_key, DEPTH, &mut placed);
            }
        }
        Some(item) => place(item, &by_key, DEPTH, &mut placed),
        None => {}
    }
}

/// What names a thing: its type and its id.
fn key(thing: &Value) -> Option<String> {
    let text = |name| thing.get(name).and_then(Value::as_str);
    Some([text("type")?, "\n", text("id")?].concat())
}

fn place(thing: &mut Value, included: &HashMap<String, Value>, depth: usize, placed: &mut usize) {
    if depth == 0 {
        return;
    }
    let Some(Value::Object(relationships)) = thing.get_mut("relationships") else { return };
    for relationship in relationships.values_mut() {
        let mut fill = |pointer: &mut Value| {
            let found = key(pointer).and_then(|key| included.get(&key));
            if let Some(found) = found.filter(|_| *placed < MAX_PLACED) {
                *placed += 1;
                // `meta` stands at the pointer, e.g. the alternative text of a picture.
                let meta = pointer.get_mut("meta").map(Value::take);
                *pointer = found.clone();
                if let (Some(meta), Value::Object(members)) = (meta, &mut *pointer) {
                    members.insert("meta".to_owned(), meta);
                }
                place(pointer, included, depth - 1, placed);
            }
        };
        match relationship.get_mut("data") {
            Some(Value::Array(pointers)) => pointers.iter_mut().for_each(fill),
            Some(pointer) => fill(pointer),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn thing(kind: &str, id: &str, author: &str) -> Value {
        json!({
            "type": kind, "id": id, "attributes": { "name": id },
            "relationships": { "author": { "data": { "type": "users", "id": author, "meta": { "n": 1 } } } },
        })
    }

    #[test]
    fn what_is_pointed_at_is_put_in_place() {
        let mut body = json!({
            "data": [thing("articles", "1", "an")],
            "included": [{ "type": "users", "id": "an", "attributes": { "name": "An" } }],
        });
        resolve(&mut body);
        let author = &body["data"][0]["relationships"]["author"]["data"];
        assert_eq!(author["attributes"]["name"], "An");
        assert_eq!(author["meta"]["n"], 1);
    }

    #[test]
    fn things_that_point_at_each_other_end() {
        let mut body = json!({
            "data": thing("articles", "1", "an"),
            "included": [thing("users", "an", "binh"), thing("users", "binh", "an")],
        });
        resolve(&mut body);
        let mut here = &body["data"];
        let mut depth = 0;
        while let Some(next) = here
            .pointer("/relationships/author/data")
            .filter(|next| next.get("attributes").is_some())
        {
            here = next;
            depth += 1;
        }
        assert_eq!(depth, DEPTH);
        assert_eq!(here["relationships"]["author"]["data"]["type"], "users");
    }

    #[test]
    fn what_is_not_included_stays_a_pointer() {
        let mut body = json!({ "data": [thing("articles", "1", "x")], "included": [] });
        let before = body.clone();
        resolve(&mut body);
        assert_eq!(body, before);
    }
}
