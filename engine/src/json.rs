//! JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)): text into values and back.
//!
//! The value is `serde_json`'s, the reader ours, for two reasons. One that can read any type into any other brings to a
//! first visit what prints their mismatch: floating point, Unicode's tables, the errors of files. And one that recurses
//! stops at 128 levels, where a thread whose replies hold their replies goes on.

use std::{fmt, mem};

use serde_json::{Map, Number, Value};

/// As deep as a value may be that is dropped as it is: dropping recurses.
const DEPTH: usize = 127;
/// Deeper is no thread but an attack.
const MAX_DEPTH: usize = 10_000;

/// Why a text is no JSON, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct SyntaxError {
    what: &'static str,
    line: usize,
    column: usize,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        f.write_str(" at line ")?;
        fmt::Display::fmt(&self.line, f)?;
        f.write_str(" column ")?;
        fmt::Display::fmt(&self.column, f)
    }
}

impl fmt::Debug for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for SyntaxError {}

impl SyntaxError {
    /// There is a value, but no object where one was expected.
    pub const NO_OBJECT: Self = Self { what: "expected an object", line: 1, column: 1 };
}

const CUT_OFF: &str = "cut off";
const TOO_DEEP: &str = "too many lists and objects in one another";

/// The value of a text, of at most 127 levels.
///
/// ```
/// use haidang_engine::json;
///
/// assert_eq!(json::parse("[1, null]").unwrap()[0], 1);
/// assert_eq!(json::parse("[1,").unwrap_err().to_string(), "cut off at line 1 column 4");
/// ```
pub fn parse(text: &str) -> Result<Value, SyntaxError> {
    Reader::new(text).whole(DEPTH, &mut Vec::new())
}

/// The value of a text, of up to 10,000 levels, and whether it is so deep that it must be [dismantled](dismantle).
pub(crate) fn parse_deep(text: &str) -> Result<(Value, bool), SyntaxError> {
    match parse(text) {
        Err(error) if error.what == TOO_DEEP => {}
        shallow => return shallow.map(|value| (value, false)),
    }
    let mut open = Vec::new();
    let whole = Reader::new(text).whole(MAX_DEPTH, &mut open);
    for left in open {
        // What was read before a mistake.
        dismantle(left.close());
    }
    whole.map(|value| (value, true))
}

/// Takes a value apart without recursion.
pub(crate) fn dismantle(value: Value) {
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
    Object(Map<String, Value>, String),
}

impl Open {
    fn close(self) -> Value {
        match self {
            Open::List(items) => Value::Array(items),
            Open::Object(members, _) => Value::Object(members),
        }
    }
}

/// A text, and what is left of it to be read.
struct Reader<'t> {
    text: &'t str,
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, rest: text }
    }

    /// The whole text as a value of at most `depth` levels; after a mistake `open` holds what was being read.
    fn whole(mut self, depth: usize, open: &mut Vec<Open>) -> Result<Value, SyntaxError> {
        loop {
            self.space();
            let mut value = match self.first() {
                Some(b'[' | b'{') if open.len() >= depth => return Err(self.error(TOO_DEEP)),
                Some(b'[') => {
                    self.take(1);
                    if !self.takes(b']') {
                        open.push(Open::List(Vec::new()));
                        continue;
                    }
                    Value::Array(Vec::new())
                }
                Some(b'{') => {
                    self.take(1);
                    if !self.takes(b'}') {
                        open.push(Open::Object(Map::new(), self.key()?));
                        continue;
                    }
                    Value::Object(Map::new())
                }
                _ => self.scalar()?,
            };
            // It goes where it belongs, and what ends with it does so as well.
            loop {
                let Some(inside) = open.last_mut() else {
                    self.space();
                    if self.rest.is_empty() {
                        return Ok(value);
                    }
                    dismantle(value);
                    return Err(self.error("something after the value"));
                };
                let (end, or_end) = match inside {
                    Open::List(items) => {
                        items.push(value);
                        (b']', "expected , or ]")
                    }
                    Open::Object(members, key) => {
                        if let Some(twice) = members.insert(mem::take(key), value) {
                            dismantle(twice);
                        }
                        (b'}', "expected , or }")
                    }
                };
                if self.takes(b',') {
                    if let Open::Object(_, key) = inside {
                        *key = self.key()?;
                    }
                    break;
                }
                if !self.takes(end) {
                    return Err(self.error(or_end));
                }
                let Some(closed) = open.pop() else { return Err(self.error(or_end)) };
                value = closed.close();
            }
        }
    }

    /// The key of a member, and the colon after it.
    fn key(&mut self) -> Result<String, SyntaxError> {
        if !self.takes(b'"') {
            return Err(self.error("expected a key"));
        }
        let key = self.string()?;
        if self.takes(b':') { Ok(key) } else { Err(self.error("expected :")) }
    }

    /// A value with no other in it.
    fn scalar(&mut self) -> Result<Value, SyntaxError> {
        let before = self.rest;
        if self.takes(b'"') {
            return self.string().map(Value::String);
        }
        let word = self.take_while(
            |byte| matches!(byte, b'a'..=b'z' | b'E' | b'0'..=b'9' | b'+' | b'-' | b'.'),
        );
        let value = match word {
            "null" => Some(Value::Null),
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ => number(word).map(Value::Number),
        };
        value.ok_or_else(|| {
            self.rest = before;
            self.error("expected a value")
        })
    }

    /// A text up to the quote that ends it.
    fn string(&mut self) -> Result<String, SyntaxError> {
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|byte| byte >= b' ' && byte != b'"' && byte != b'\\'));
            match self.first() {
                Some(b'"') => {
                    self.take(1);
                    return Ok(text);
                }
                Some(b'\\') => match self.escape() {
                    Some(c) => text.push(c),
                    None => return Err(self.error("an escape that says nothing")),
                },
                _ => return Err(self.error("a control character in a text")),
            }
        }
    }

    /// The character of an escape; what begins none stays where it is.
    fn escape(&mut self) -> Option<char> {
        let c = match self.rest.as_bytes().get(1)? {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let high = self.code_unit(0)?;
                let pair = [high, self.code_unit(6).unwrap_or_default()];
                let c = char::decode_utf16(pair).next()?.ok()?;
                self.take(if c.len_utf16() == 2 { 12 } else { 6 });
                return Some(c);
            }
            same @ (b'"' | b'\\' | b'/') => char::from(*same),
            _ => return None,
        };
        self.take(2);
        Some(c)
    }

    /// The unit of UTF-16 that the escape `at` bytes from here stands for.
    fn code_unit(&self, at: usize) -> Option<u16> {
        let digits = self.rest.get(at..at + 6)?.strip_prefix("\\u")?;
        // A sign is no digit.
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(())?;
        u16::from_str_radix(digits, 16).ok()
    }

    fn first(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// Takes white space, and `mark` if it follows.
    fn takes(&mut self, mark: u8) -> bool {
        self.space();
        let is_next = self.first() == Some(mark);
        self.take(usize::from(is_next));
        is_next
    }

    fn space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t'));
    }

    /// Takes what is `wanted`: whole characters, for no other begins within one.
    fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'t str {
        let end = self.rest.bytes().position(|byte| !wanted(byte));
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// Takes the next bytes.
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// What is wrong here. Where nothing is left to be read, the text has been cut off; within a word that is not to be told.
    fn error(&self, what: &'static str) -> SyntaxError {
        let what = if self.rest.is_empty() { CUT_OFF } else { what };
        let read = self.text.get(..self.text.len() - self.rest.len()).unwrap_or_default();
        let line = 1 + read.bytes().filter(|byte| *byte == b'\n').count();
        let column = 1 + read.chars().rev().take_while(|c| *c != '\n').count();
        SyntaxError { what, line, column }
    }
}

fn number(word: &str) -> Option<Number> {
    let (mantissa, exponent) = word.split_once(['e', 'E']).unwrap_or((word, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let are_digits =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_number = [whole, fraction, exponent].into_iter().all(are_digits);
    if !is_number || whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    // It stays text, as it is written (`arbitrary_precision`, see Cargo.toml). Parsing it would bring floating point; this
    // is what does not, and what `serde_json` does not promise to keep.
    #[cfg(target_arch = "wasm32")]
    return Some(Number::from_string_unchecked(word.to_owned()));
    #[cfg(not(target_arch = "wasm32"))]
    word.parse().ok()
}

/// A value as text, without spaces.
pub fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => quote(string, text),
        Value::Array(items) => {
            let mut mark = '[';
            for item in items {
                text.push(mark);
                write(item, text);
                mark = ',';
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        Value::Object(members) => {
            let mut mark = '{';
            for (key, member) in members {
                text.push(mark);
                quote(key, text);
                text.push(':');
                write(member, text);
                mark = ',';
            }
            text.push_str(if members.is_empty() { "{}" } else { "}" });
        }
    }
}

fn quote(string: &str, text: &mut String) {
    text.push('"');
    for c in string.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\0'..' ' => {
                text.push_str("\\u00");
                let code = u32::from(c);
                text.extend(
                    [code / 16, code % 16].map(|digit| char::from_digit(digit, 16).unwrap_or('0')),
                );
            }
            _ => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn depth_is_read_and_taken_apart() {
        let text = "[{\"a\": ".repeat(4000) + "1" + &"}]".repeat(4000);
        let (value, is_deep) = parse_deep(&text).unwrap();
        assert!(is_deep);
        let mut here = &value;
        let mut depth = 0;
        while let Some(next) = here.pointer("/0/a") {
            here = next;
            depth += 1;
        }
        assert_eq!((depth, here), (4000, &Value::from(1)));
        dismantle(value);
        assert_eq!(parse(&text).unwrap_err().what, TOO_DEEP);
    }

    #[test]
    fn what_is_broken_deep_down_is_an_error() {
        for inner in
            ["", "1,", "{\"a\"}", "{\"a\":}", "{\"a\": 1,}", "]", "{1: 2}", "1 2", "\"", "}"]
        {
            let text = "[".repeat(200) + inner + &"]".repeat(200);
            let valid = inner.is_empty();
            assert_eq!(parse_deep(&text).is_ok(), valid, "{inner}");
        }
        let endless = "[".repeat(1_000_000);
        assert!(parse_deep(&endless).is_err());
        let deep = "[".repeat(9_999) + &"]".repeat(9_999);
        assert!(parse_deep(&format!("{deep} x")).is_err());
        let twice = parse_deep(&format!("{{\"a\": {deep}, \"a\": 1}}")).unwrap();
        assert_eq!(twice.0, serde_json::json!({ "a": 1 }));
    }

    #[test]
    fn a_mistake_says_what_is_wrong_and_where() {
        for (text, says) in [
            ("", "cut off at line 1 column 1"),
            ("{\"cảng\": 1,\n  \"biển\" 2}", "expected : at line 2 column 10"),
            ("{\"a\": [1, 2", "cut off at line 1 column 12"),
            ("{\"a\": \"ch", "cut off at line 1 column 10"),
            ("{\"a\": 1,}", "expected a key at line 1 column 9"),
            ("[1 2]", "expected , or ] at line 1 column 4"),
            ("{\"a\": 1]", "expected , or } at line 1 column 8"),
            ("[nil]", "expected a value at line 1 column 2"),
            ("<html>", "expected a value at line 1 column 1"),
            ("[] []", "something after the value at line 1 column 4"),
            ("[\"\\x\"]", "an escape that says nothing at line 1 column 3"),
            ("[\"a\tb\"]", "a control character in a text at line 1 column 4"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), says, "{text}");
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[a\"\\\\/ế{}\\[\\],: \0-\u{1f}\u{1f600}]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(5, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec(("[a-c\"\\\\]{0,2}", inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_reads_what_serde_json_writes(value in json(), pretty: bool) {
            let text = if pretty { format!("{value:#}") } else { value.to_string() };
            prop_assert_eq!(parse(&text), Ok(value));
        }

        #[test]
        fn serde_json_reads_what_it_writes(value in json()) {
            prop_assert_eq!(serde_json::from_str::<Value>(&written(&value)).ok(), Some(value));
        }

        #[test]
        fn both_refuse_the_same(text in "[\\[\\]{}:, \"a1]{0,12}") {
            let theirs = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(parse(&text).ok(), theirs, "{}", text);
        }

        #[test]
        fn both_refuse_the_same_scalars(text in "-?[01]{0,2}(\\.[0-9]{0,2})?([eE][+-]?[0-9]{0,2})?|[nulltrefas+]{0,5}") {
            let theirs = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(parse(&text).ok(), theirs, "{}", text);
        }

        #[test]
        fn both_refuse_the_same_texts(inner in "(\\\\[\"/bfnrtux]|\\\\u[dD][89cC][0-9a-fA-F+]{0,2}|\\\\u00[0-9a-f]{2}|[\u{0}-\u{20}ế]){0,6}") {
            let text = ["\"", &inner, "\""].concat();
            let theirs = serde_json::from_str::<Value>(&text).ok();
            prop_assert_eq!(parse(&text).ok(), theirs, "{}", text);
        }
    }
}
