//! JSON of any depth.
//!
//! `serde_json` recurses and so stops at 128 levels; a thread whose replies hold their replies is that
//! deep after 64 of them. What it gives up for its depth alone is read here, without recursion.

use serde_json::{Map, Value};

/// Deeper is no thread but an attack.
const MAX_DEPTH: usize = 10_000;

/// The value of a text, and whether it is deeper than what may be dropped as it is; the error is
/// `serde_json`'s.
pub(super) fn parse(text: &str) -> Result<(Value, bool), serde_json::Error> {
    match serde_json::from_str(text) {
        Ok(value) => Ok((value, false)),
        Err(error) if error.to_string().starts_with("recursion limit exceeded") => {
            deep(text).map(|value| (value, true)).ok_or(error)
        }
        Err(error) => Err(error),
    }
}

/// Takes a value apart without recursion: dropping recurses as well.
pub(super) fn dismantle(value: Value) {
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(items) => waiting.extend(items),
            Value::Object(members) => waiting.extend(members.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// A list or object that is not closed yet, with the key whose value is being read.
enum Open {
    List(Vec<Value>),
    Object(Map<String, Value>, Option<String>),
}

impl Open {
    /// Takes a value in; `false` if none belongs here.
    fn take(&mut self, value: Value) -> bool {
        match self {
            Open::List(items) => items.push(value),
            Open::Object(members, key) => match key.take() {
                Some(key) => drop(members.insert(key, value)),
                None => return false,
            },
        }
        true
    }

    fn is_empty(&self) -> bool {
        match self {
            Open::List(items) => items.is_empty(),
            Open::Object(members, _) => members.is_empty(),
        }
    }
}

fn deep(text: &str) -> Option<Value> {
    let mut open: Vec<Open> = Vec::new();
    let whole = read(text, &mut open);
    for left in open {
        // What was read before a mistake.
        match left {
            Open::List(items) => dismantle(Value::Array(items)),
            Open::Object(members, _) => dismantle(Value::Object(members)),
        }
    }
    whole
}

fn read(text: &str, open: &mut Vec<Open>) -> Option<Value> {
    let mut rest = text.trim_ascii_start();
    // A comma was read: a value must follow.
    let mut more = false;
    loop {
        let first = rest.as_bytes().first()?;
        let inside = open.last();
        let key_wanted = matches!(inside, Some(Open::Object(_, None)));
        let value = match first {
            b'[' | b'{' if !key_wanted => {
                if open.len() >= MAX_DEPTH {
                    return None;
                }
                let list = *first == b'[';
                open.push(if list {
                    Open::List(Vec::new())
                } else {
                    Open::Object(Map::new(), None)
                });
                rest = rest.get(1..)?.trim_ascii_start();
                more = false;
                // An empty one is closed at once, else its first value follows.
                if !rest.starts_with([']', '}']) {
                    continue;
                }
                None
            }
            b']' | b'}' => None,
            b'"' if key_wanted => {
                let (key, after) = scalar(rest)?;
                let Value::String(key) = key else { return None };
                if let Some(Open::Object(_, wanted)) = open.last_mut() {
                    *wanted = Some(key);
                }
                rest = after.trim_ascii_start().strip_prefix(':')?.trim_ascii_start();
                more = false;
                continue;
            }
            _ if key_wanted => return None,
            _ => {
                let (value, after) = scalar(rest)?;
                rest = after;
                Some(value)
            }
        };
        let mut value = match value {
            Some(value) => value,
            None => {
                let (value, after) = close(rest, open, more)?;
                rest = after;
                value
            }
        };
        // The value goes where it belongs; what ends with it does so as well.
        loop {
            rest = rest.trim_ascii_start();
            let Some(inside) = open.last_mut() else {
                return rest.is_empty().then_some(value);
            };
            if !inside.take(value) {
                return None;
            }
            if let Some(after) = rest.strip_prefix(',') {
                rest = after.trim_ascii_start();
                more = true;
                break;
            }
            (value, rest) = close(rest, open, false)?;
        }
    }
}

/// Closes the innermost one.
fn close<'t>(rest: &'t str, open: &mut Vec<Open>, more: bool) -> Option<(Value, &'t str)> {
    let inside = open.pop()?;
    if more && !inside.is_empty() {
        return None;
    }
    match inside {
        Open::List(items) => Some((Value::Array(items), rest.strip_prefix(']')?)),
        Open::Object(_, Some(_)) => None,
        Open::Object(members, None) => Some((Value::Object(members), rest.strip_prefix('}')?)),
    }
}

/// A value without any in it, and what follows.
fn scalar(text: &str) -> Option<(Value, &str)> {
    let end = match text.strip_prefix('"') {
        Some(inner) => {
            let mut escaped = false;
            let end = inner.bytes().position(|byte| {
                let ends = byte == b'"' && !escaped;
                escaped = byte == b'\\' && !escaped;
                ends
            });
            end? + 2
        }
        None => text.find([',', ']', '}', ' ', '\t', '\n', '\r']).unwrap_or(text.len()),
    };
    let (scalar, rest) = text.split_at_checked(end)?;
    Some((serde_json::from_str(scalar).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn depth_is_read_and_taken_apart() {
        let text = "[{\"a\": ".repeat(4000) + "1" + &"}]".repeat(4000);
        let (value, is_deep) = parse(&text).unwrap();
        assert!(is_deep);
        let mut here = &value;
        let mut depth = 0;
        while let Some(next) = here.pointer("/0/a") {
            here = next;
            depth += 1;
        }
        assert_eq!((depth, here), (4000, &Value::from(1)));
        dismantle(value);
    }

    #[test]
    fn what_is_broken_deep_down_is_an_error() {
        for inner in
            ["", "1,", "{\"a\"}", "{\"a\":}", "{\"a\": 1,}", "]", "{1: 2}", "1 2", "\"", "}"]
        {
            let text = "[".repeat(200) + inner + &"]".repeat(200);
            let valid = inner.is_empty();
            assert_eq!(parse(&text).is_ok(), valid, "{inner}");
        }
        let endless = "[".repeat(1_000_000);
        assert!(parse(&endless).is_err());
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[a\"\\\\ế{}\\[\\],: ]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[a-c\"]{0,2}", inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn both_parsers_read_the_same(value in json(), pretty: bool) {
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(deep(&text), Some(value));
        }

        #[test]
        fn both_parsers_refuse_the_same(text in "[\\[\\]{}:, \"a1]{0,12}") {
            let shallow = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(deep(&text), shallow, "{}", text);
        }
    }
}
