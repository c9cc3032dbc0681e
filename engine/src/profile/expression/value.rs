//! What an expression works with: pieces of the answer where they lie, and what was made of them.

use std::{borrow::Cow, cmp::Ordering};

use serde_json::{Map, Value};

use super::number::Decimal;

/// An object of these members.
///
/// Inserting, not `collect`: what collects into a map sorts first, and each sort is 4 KB of a first visit.
pub fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    let mut object = Map::new();
    for (key, value) in members {
        object.insert(key.to_owned(), value);
    }
    object
}

/// Levels of a piece of an answer that are copied or compared: that uses the stack, and a thread is deeper.
const MAX_DEPTH: usize = 127;

/// A value.
#[derive(Debug, Clone)]
pub enum Val<'a> {
    /// A piece of the answer.
    Ref(&'a Value),
    /// A list of pieces.
    List(Vec<Val<'a>>),
    /// Something new.
    Own(Value),
}

/// The items of what an expression yields, borrowed where they lie in the answer.
pub enum Found<'a> {
    /// It yields a list.
    List(Vec<Cow<'a, Value>>),
    /// It yields one thing, not null.
    One(Cow<'a, Value>),
    /// It yields null.
    Nothing,
}

impl<'a> Found<'a> {
    /// All of it, as a list.
    pub fn items(self) -> Vec<Cow<'a, Value>> {
        match self {
            Found::List(items) => items,
            Found::One(item) => vec![item],
            Found::Nothing => Vec::new(),
        }
    }
}

pub const NULL: &Value = &Value::Null;

impl<'a> Val<'a> {
    /// Null.
    pub fn null() -> Self {
        Val::Ref(NULL)
    }

    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Val::Own(Value::String(text.into()))
    }

    /// A number.
    pub fn number(number: Decimal) -> Self {
        Val::Own(number.into_value())
    }

    /// True or false.
    pub fn truth(truth: bool) -> Self {
        Val::Own(Value::Bool(truth))
    }

    /// A list, where the thing is one.
    pub fn items(&self) -> Option<Vec<Val<'a>>> {
        match self {
            Val::Ref(Value::Array(items)) => Some(items.iter().map(Val::Ref).collect()),
            Val::Own(Value::Array(items)) => Some(items.iter().cloned().map(Val::Own).collect()),
            Val::List(items) => Some(items.clone()),
            _ => None,
        }
    }

    /// The items of a list that is no longer needed.
    pub fn into_items(self) -> Option<Vec<Val<'a>>> {
        match self {
            Val::Own(Value::Array(items)) => Some(items.into_iter().map(Val::Own).collect()),
            Val::List(items) => Some(items),
            other => other.items(),
        }
    }

    /// The value itself, unless it is a list of pieces.
    pub fn plain(&self) -> Option<&Value> {
        match self {
            Val::Ref(value) => Some(value),
            Val::Own(value) => Some(value),
            Val::List(_) => None,
        }
    }

    /// The members, if it is an object.
    pub fn members(&self) -> Option<&Map<String, Value>> {
        self.plain().and_then(Value::as_object)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        self.plain().and_then(Value::as_str)
    }

    /// The number, if it is one that can be counted with.
    pub fn as_number(&self) -> Option<Decimal> {
        match self.plain()? {
            Value::Number(number) => Decimal::from_json(number),
            _ => None,
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        self.plain().is_some_and(Value::is_null)
    }

    /// The member `name`, or null.
    pub fn member(&self, name: &str) -> Val<'a> {
        let found = match self {
            Val::Ref(Value::Object(members)) => members.get(name).map(Val::Ref),
            Val::Own(Value::Object(members)) => members.get(name).cloned().map(Val::Own),
            _ => None,
        };
        found.unwrap_or_else(Val::null)
    }

    /// The item at `index`, from the end if negative; or null.
    pub fn at(&self, index: i64) -> Val<'a> {
        let place = |length: usize| {
            let length = i64::try_from(length).ok()?;
            usize::try_from(if index < 0 { index + length } else { index }).ok()
        };
        let found = match self {
            Val::Ref(Value::Array(items)) => {
                place(items.len()).and_then(|at| items.get(at)).map(Val::Ref)
            }
            Val::Own(Value::Array(items)) => {
                place(items.len()).and_then(|at| items.get(at)).cloned().map(Val::Own)
            }
            Val::List(items) => place(items.len()).and_then(|at| items.get(at)).cloned(),
            _ => None,
        };
        found.unwrap_or_else(Val::null)
    }

    /// Whether it counts as true: not null, false, or empty.
    pub fn is_true(&self) -> bool {
        match self {
            Val::List(items) => !items.is_empty(),
            _ => match self.plain().unwrap_or(NULL) {
                Value::Null => false,
                Value::Bool(truth) => *truth,
                Value::Number(_) => true,
                Value::String(text) => !text.is_empty(),
                Value::Array(items) => !items.is_empty(),
                Value::Object(members) => !members.is_empty(),
            },
        }
    }

    /// The name of its type in the specification.
    pub fn type_name(&self) -> &'static str {
        match self.plain() {
            None | Some(Value::Array(_)) => "array",
            Some(Value::Null) => "null",
            Some(Value::Bool(_)) => "boolean",
            Some(Value::Number(_)) => "number",
            Some(Value::String(_)) => "string",
            Some(Value::Object(_)) => "object",
        }
    }

    /// In words, for messages.
    pub fn describe(&self) -> String {
        match self.plain() {
            None => "a list".to_owned(),
            Some(value) => describe(value),
        }
    }

    /// As JSON of its own; null for what lies too deep in it.
    pub fn into_value(self) -> Value {
        match self {
            Val::Ref(value) => copy(value),
            Val::Own(value) => value,
            Val::List(items) => items.into_iter().map(Val::into_value).collect(),
        }
    }

    /// Whether both are the same; numbers by what they are worth.
    pub fn equals(&self, other: &Val<'_>) -> bool {
        match (self, other) {
            (Val::List(_), _) | (_, Val::List(_)) => match (self.items(), other.items()) {
                (Some(a), Some(b)) => {
                    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.equals(b))
                }
                _ => false,
            },
            _ => equal(self.plain().unwrap_or(NULL), other.plain().unwrap_or(NULL), MAX_DEPTH),
        }
    }

    /// Which comes first, if both are numbers or both texts.
    pub fn order(&self, other: &Val<'_>) -> Option<Ordering> {
        match (self.as_text(), other.as_text()) {
            (Some(a), Some(b)) => Some(a.cmp(b)),
            (None, None) => Some(self.as_number()?.cmp(&other.as_number()?)),
            _ => None,
        }
    }
}

/// A piece of an answer as one's own; null for what lies too deep in it.
pub fn copy(value: &Value) -> Value {
    copied(value, MAX_DEPTH)
}

fn copied(value: &Value, depth: usize) -> Value {
    let Some(below) = depth.checked_sub(1) else { return Value::Null };
    match value {
        Value::Array(items) => items.iter().map(|item| copied(item, below)).collect(),
        Value::Object(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                object.insert(key.clone(), copied(value, below));
            }
            Value::Object(object)
        }
        plain => plain.clone(),
    }
}

/// What lies too deep is not the same.
fn equal(a: &Value, b: &Value, depth: usize) -> bool {
    let Some(below) = depth.checked_sub(1) else { return false };
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => {
            if let (Some(x), Some(y)) = (x.as_i64(), y.as_i64()) {
                return x == y;
            }
            x == y || Decimal::from_json(x).is_some_and(|x| Decimal::from_json(y) == Some(x))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b, below))
        }
        (Value::Object(a), Value::Object(b)) => {
            let same = |(key, value)| b.get(key).is_some_and(|other| equal(value, other, below));
            a.len() == b.len() && a.iter().all(same)
        }
        _ => a == b,
    }
}

/// A JSON value in words, with its beginning where that helps.
pub fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => {
            let short: String = text.chars().take(40).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            format!("\"{short}{dots}\"")
        }
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

impl<'a> From<Val<'a>> for Cow<'a, Value> {
    fn from(value: Val<'a>) -> Self {
        match value {
            Val::Ref(value) => Cow::Borrowed(value),
            other => Cow::Owned(other.into_value()),
        }
    }
}

impl<'a> From<Val<'a>> for Found<'a> {
    fn from(value: Val<'a>) -> Self {
        if value.is_null() {
            return Found::Nothing;
        }
        if value.type_name() != "array" {
            return Found::One(value.into());
        }
        Found::List(value.into_items().unwrap_or_default().into_iter().map(Into::into).collect())
    }
}
