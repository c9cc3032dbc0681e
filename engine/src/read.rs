//! JSON into the model, saying what could not be read and where.
//!
//! Not `serde`'s derive: an answer of somebody's backend should lose the one field that is wrong and
//! keep the rest, name the place (`articles.items[3].title: expected text, found a list`), and cost a
//! first visit few bytes.
//!
//! ```
//! use haidang_engine::{model::Term, read::read};
//!
//! let answer = serde_json::json!({ "id": "news", "name": 7 });
//! let (term, _notes) = read::<Term>(&answer, "sections", "");
//! assert_eq!(term.unwrap_err().to_string(), "sections.name: expected text, found a number");
//! ```

use std::{borrow::Cow, cell::RefCell, fmt};

use serde_json::{Map, Value};

use crate::lang::Lang;

/// Why a value could not be read: where, what was expected, what was found.
///
/// As large as a pointer, because each field that is read hands it on.
#[derive(Clone, PartialEq, Eq)]
pub struct ReadError(Box<Mistake>);

#[derive(Clone, PartialEq, Eq)]
struct Mistake {
    /// The place, e.g. `articles.items[3].title`.
    path: String,
    /// In words, e.g. "text".
    expected: Cow<'static, str>,
    /// In words, e.g. "a list".
    found: Cow<'static, str>,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mistake { path, expected, found } = &*self.0;
        f.write_str(path)?;
        f.write_str(": expected ")?;
        f.write_str(expected)?;
        f.write_str(", found ")?;
        f.write_str(found)
    }
}

impl fmt::Debug for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for ReadError {}

/// A type that can be read from JSON.
pub trait Read: Sized {
    /// Reads it, or says why not. What can be left out is noted with [`Node::note`] instead.
    fn read(node: Node<'_>) -> Result<Self, ReadError>;
}

/// Reads a whole answer that came from the source `source`; `root` names it in messages.
/// Beside the value come notes about what was left out.
pub fn read<T: Read>(
    value: &Value,
    root: &str,
    source: &str,
) -> (Result<T, ReadError>, Vec<String>) {
    read_from(value, root, Origin { source, ..Origin::default() })
}

/// What an answer does not say of itself, because whoever asked knows it.
#[derive(Clone, Copy, Default)]
pub struct Origin<'a> {
    /// The source's id; empty for the first one.
    pub source: &'a str,
    /// The base of its API: relative addresses are resolved against it.
    pub base: &'a str,
    /// The language asked for: what does not say its own is taken for it.
    pub lang: Option<&'a Lang>,
}

/// As [`read`], an answer of this origin.
pub fn read_from<T: Read>(
    value: &Value,
    root: &str,
    origin: Origin<'_>,
) -> (Result<T, ReadError>, Vec<String>) {
    let context = Context { origin, notes: RefCell::default(), spoilt: RefCell::default() };
    let result = T::read(Node { value: Some(value), path: Path::Root(root), context: &context });
    (context.spoilt.into_inner().map_or(result, Err), context.notes.into_inner())
}

struct Context<'a> {
    origin: Origin<'a>,
    notes: RefCell<Vec<String>>,
    /// What was wrong first where all must be right, see [`Object::all_or_none`].
    spoilt: RefCell<Option<ReadError>>,
}

#[derive(Clone, Copy)]
enum Path<'a> {
    Root(&'a str),
    Key(&'a Path<'a>, &'a str),
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root(name) => f.write_str(name),
            Path::Key(parent, key) => {
                parent.fmt(f)?;
                f.write_str(".")?;
                f.write_str(key)
            }
            Path::Item(parent, index) => {
                parent.fmt(f)?;
                f.write_str("[")?;
                fmt::Display::fmt(index, f)?;
                f.write_str("]")
            }
        }
    }
}

/// A place in an answer; the value there may be missing.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    value: Option<&'a Value>,
    path: Path<'a>,
    context: &'a Context<'a>,
}

impl<'a> Node<'a> {
    /// The JSON value, `None` when absent or null.
    pub fn value(&self) -> Option<&'a Value> {
        self.value.filter(|value| !value.is_null())
    }

    /// The source the answer came from; empty for the first one.
    pub fn source(&self) -> &'a str {
        self.context.origin.source
    }

    /// The language that was asked for.
    pub fn lang(&self) -> Option<&'a Lang> {
        self.context.origin.lang
    }

    /// Says something about this place to the developer; reading goes on.
    pub fn note(&self, text: &str) {
        self.context.notes.borrow_mut().push(format!("{}: {text}", self.path));
    }

    /// The error that `expected` was not found here.
    pub fn error(&self, expected: &'static str) -> ReadError {
        let found = match self.value {
            None => "nothing",
            Some(Value::Null) => "null",
            Some(Value::Bool(_)) => "true or false",
            Some(Value::Number(_)) => "a number",
            Some(Value::String(_)) => "text",
            Some(Value::Array(_)) => "a list",
            Some(Value::Object(_)) => "an object",
        };
        self.mistaken(expected.into(), found.into())
    }

    /// The error that `expected` was not found here but `found`, where words are made for the case.
    pub fn mistake(&self, expected: String, found: String) -> ReadError {
        self.mistaken(expected.into(), found.into())
    }

    fn mistaken(&self, expected: Cow<'static, str>, found: Cow<'static, str>) -> ReadError {
        ReadError(Box::new(Mistake { path: self.path.to_string(), expected, found }))
    }

    /// What is here as an object, whose members are read one by one.
    pub fn object(self) -> Result<Object<'a>, ReadError> {
        match self.value {
            Some(Value::Object(members)) => Ok(Object { node: self, members }),
            _ => Err(self.error("an object")),
        }
    }

    /// What is here as a record of ours, of this `version` or an older one: what a newer app has written is left alone.
    pub fn record(self, version: u32) -> Result<Object<'a>, ReadError> {
        let object = self.object()?;
        if object.field::<u32>("version")? > version {
            return Err(self.error("a record of this version"));
        }
        Ok(object)
    }

    /// Reads this value if it is there.
    pub fn opt<T: Read>(&self) -> Result<Option<T>, ReadError> {
        if self.value().is_none() { Ok(None) } else { T::read(*self).map(Some) }
    }

    /// Reads this list; an item that cannot be read is left out with a note.
    pub fn list<T: Read>(&self) -> Result<Vec<T>, ReadError> {
        let Some(Value::Array(items)) = self.value else { return Err(self.error("a list")) };
        // A loop here and below, not an iterator that is collected: half the code, for every kind of item.
        let mut list = Vec::new();
        for (index, value) in items.iter().enumerate() {
            let path = Path::Item(&self.path, index);
            let node = Node { value: Some(value), path, context: self.context };
            if let Some(item) = node.or_note(T::read(node)) {
                list.push(item);
            }
        }
        Ok(list)
    }

    /// Reads this object as a table, in the order of its keys; an entry that cannot be read is left
    /// out with a note.
    pub fn table<T: Read>(&self) -> Result<Vec<(String, T)>, ReadError> {
        let Some(Value::Object(members)) = self.value else { return Err(self.error("an object")) };
        let mut table = Vec::new();
        for (key, value) in members {
            let path = Path::Key(&self.path, key);
            let node = Node { value: Some(value), path, context: self.context };
            if let Some(value) = node.or_note(T::read(node)) {
                table.push((key.clone(), value));
            }
        }
        Ok(table)
    }

    /// Reads this object as a table, in the order of its keys; an entry that is wrong is an error.
    pub fn strict_table<T: Read>(&self) -> Result<Vec<(String, T)>, ReadError> {
        let Some(Value::Object(members)) = self.value else { return Err(self.error("an object")) };
        let mut table = Vec::new();
        for (key, value) in members {
            let path = Path::Key(&self.path, key);
            let node = Node { value: Some(value), path, context: self.context };
            table.push((key.clone(), T::read(node)?));
        }
        Ok(table)
    }

    fn or_note<T>(&self, result: Result<T, ReadError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.context.notes.borrow_mut().push(error.to_string());
                None
            }
        }
    }
}

/// An object in an answer.
#[derive(Clone, Copy)]
pub struct Object<'a> {
    node: Node<'a>,
    members: &'a Map<String, Value>,
}

impl Object<'_> {
    /// Reads the member `key`, which must be there.
    pub fn field<T: Read>(&self, key: &str) -> Result<T, ReadError> {
        T::read(self.member(key))
    }

    /// Reads the member `key`; absent, null or unreadable is `None`, the last with a note.
    pub fn opt_field<T: Read>(&self, key: &str) -> Option<T> {
        let node = self.member(key);
        node.value()?;
        node.or_note(T::read(node))
    }

    /// Reads the member `key`; absent, null or unreadable is the default, the last with a note.
    pub fn field_or_default<T: Read + Default>(&self, key: &str) -> T {
        self.opt_field(key).unwrap_or_default()
    }

    /// Reads the member `key`, an address, which must be there; resolved against the base of the source.
    pub fn url_field(&self, key: &str) -> Result<String, ReadError> {
        self.field::<String>(key).map(|url| self.resolved(&url))
    }

    /// As [`Object::url_field`]; absent, null or unreadable is `None`, the last with a note.
    pub fn opt_url_field(&self, key: &str) -> Option<String> {
        self.opt_field::<String>(key).map(|url| self.resolved(&url))
    }

    /// Reads the list `key`; absent is empty, and an item that cannot be read is left out with a note.
    pub fn list_field<T: Read>(&self, key: &str) -> Vec<T> {
        let node = self.member(key);
        if node.value().is_none() {
            return Vec::new();
        }
        node.or_note(node.list()).unwrap_or_default()
    }

    /// Reads the member `key` if it is there; what is wrong is an error.
    pub fn strict_field<T: Read>(&self, key: &str) -> Result<Option<T>, ReadError> {
        self.member(key).opt()
    }

    /// Reads the list `key`; absent is empty, and an item that is wrong is an error.
    pub fn strict_list<T: Read>(&self, key: &str) -> Result<Vec<T>, ReadError> {
        let node = self.member(key);
        let Some(value) = node.value() else { return Ok(Vec::new()) };
        let Value::Array(items) = value else { return Err(node.error("a list")) };
        let mut list = Vec::new();
        for (index, value) in items.iter().enumerate() {
            let path = Path::Item(&node.path, index);
            list.push(T::read(Node { value: Some(value), path, context: node.context })?);
        }
        Ok(list)
    }

    /// What was read, or a default in its place, and then the whole answer is an error: the first that came here.
    ///
    /// For objects of many members none of which may be wrong. Each handing its error on with `?` is a place of its own
    /// where all that has been read so far is dropped.
    pub fn all_or_none<T: Default>(&self, read: Result<T, ReadError>) -> T {
        read.unwrap_or_else(|error| {
            self.node.context.spoilt.borrow_mut().get_or_insert(error);
            T::default()
        })
    }

    /// Notes every member whose key is not among `known`, with the nearest one that is.
    pub fn warn_unknown(&self, known: &[&str]) {
        for key in self.members.keys().filter(|key| !key.starts_with('$')) {
            if known.contains(&key.as_str()) {
                continue;
            }
            match nearest(key, known.iter().copied()) {
                Some(nearest) => {
                    let note = format!("unknown key \"{key}\", did you mean \"{nearest}\"?");
                    self.node.note(&note);
                }
                None => self.node.note(&format!("unknown key \"{key}\"")),
            }
        }
    }

    fn member<'b>(&'b self, key: &'b str) -> Node<'b> {
        let path = Path::Key(&self.node.path, key);
        Node { value: self.members.get(key), path, context: self.node.context }
    }

    fn resolved(&self, url: &str) -> String {
        resolve(self.node.context.origin.base, url)
    }
}

/// `url` as seen from `base`: absolute addresses stay, `/x` is of the base's host, the rest goes below
/// the base.
pub fn resolve(base: &str, url: &str) -> String {
    let base = base.trim_end_matches('/');
    if has_scheme(url) || url.starts_with("//") || base.is_empty() {
        return url.to_owned();
    }
    if !url.starts_with('/') {
        return [base, "/", url].concat();
    }
    [origin(base).unwrap_or_default(), url].concat()
}

fn has_scheme(url: &str) -> bool {
    url.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether `url` is on the host of `base`, as a browser reads it: for both may be relative to the portal.
pub(crate) fn same_host(base: &str, url: &str) -> bool {
    // A browser takes a backslash for a slash, and leaves out what is not seen.
    let is_odd = url.contains(|c: char| c == '\\' || c.is_control() || c.is_whitespace());
    let same = match origin(base) {
        Some(host) => origin(url) == Some(host),
        None => !has_scheme(url) && !url.starts_with("//"),
    };
    same && !is_odd
}

/// The scheme and host of an address, if it has them.
pub(crate) fn origin(url: &str) -> Option<&str> {
    let (_, rest) = scheme_and_rest(url)?;
    let path = rest.find(['/', '?', '#']).map_or(0, |host| rest.len() - host);
    url.get(..url.len() - path)
}

/// What is before and after the `://` of an address. (To search for a text of more than one character would bring what
/// does so fast.)
pub(crate) fn scheme_and_rest(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once(':')?;
    Some((scheme, rest.strip_prefix("//")?))
}

/// The one of `known` that `word` may have been meant to be.
pub(crate) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let nearest = known.min_by_key(|known| distance(word, known));
    nearest.filter(|nearest| distance(word, nearest) <= 1 + word.len() / 3)
}

/// Edits between two short words (Levenshtein), to guess at a misspelt key.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (to, above) in b.iter().zip(row.iter().skip(1)) {
            let cost = usize::from(from != *to);
            left = (diagonal + cost).min(left + 1).min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

/// Text, or a number printed as text: ids are often either.
impl Read for String {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        match node.value {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(Value::Number(number)) if node.path_ends_with("id") => Ok(number.to_string()),
            _ => Err(node.error("text")),
        }
    }
}

impl Node<'_> {
    fn path_ends_with(&self, suffix: &str) -> bool {
        matches!(self.path, Path::Key(_, key) if key == suffix || key == "parent" || key == "work")
    }
}

impl Read for bool {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        match node.value {
            Some(Value::Bool(value)) => Ok(*value),
            _ => Err(node.error("true or false")),
        }
    }
}

macro_rules! read_integer {
    ($($ty:ty),+) => {$(
        impl Read for $ty {
            fn read(node: Node<'_>) -> Result<Self, ReadError> {
                node.value
                    .and_then(Value::as_i64)
                    .and_then(|number| <$ty>::try_from(number).ok())
                    .ok_or_else(|| node.error("a whole number"))
            }
        }
    )+};
}
read_integer!(i32, u32, u64, i64);

/// A JSON value as it is.
impl Read for Value {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        node.value.cloned().ok_or_else(|| node.error("a value"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Headline, Page};
    use serde_json::json;

    #[test]
    fn one_bad_item_costs_itself_only() {
        let answer = json!({ "items": [
            { "key": { "id": 7 }, "work": 7, "lang": "vi", "title": "Cảng" },
            { "key": { "id": "8" }, "lang": "vi", "title": "Biển" },
        ]});
        let (page, notes) = read::<Page<Headline>>(&answer, "articles", "city");
        let items = page.unwrap().items;
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].key.id, "7");
        assert_eq!(items[0].key.source, "city");
        assert_eq!(notes, ["articles.items[1].work: expected text, found nothing"]);
    }

    #[test]
    fn a_wrong_optional_field_is_left_out_and_noted() {
        let answer = json!({
            "key": { "id": "1" }, "work": "1", "lang": "vi", "title": "T", "rank": "first",
        });
        let (headline, notes) = read::<Headline>(&answer, "article", "");
        assert_eq!(headline.unwrap().rank, None);
        assert_eq!(notes, ["article.rank: expected a whole number, found text"]);
    }

    #[test]
    fn addresses_are_resolved_against_the_base_of_the_source() {
        for (base, url, resolved) in [
            ("https://x.test/api/v1/", "a.jpg", "https://x.test/api/v1/a.jpg"),
            ("https://x.test/api/v1", "/a.jpg", "https://x.test/a.jpg"),
            ("https://x.test", "/a.jpg", "https://x.test/a.jpg"),
            ("https://x.test", "//y.test/a.jpg", "//y.test/a.jpg"),
            ("https://x.test", "https://y.test/a.jpg", "https://y.test/a.jpg"),
            ("api/v1", "a.jpg?b=c:d", "api/v1/a.jpg?b=c:d"),
            ("api/v1", "/a.jpg", "/a.jpg"),
            ("", "a.jpg", "a.jpg"),
        ] {
            assert_eq!(resolve(base, url), resolved, "{base} {url}");
        }
    }

    #[test]
    fn only_the_same_host_is_the_same_host() {
        for (base, url, same) in [
            ("https://x.test/api", "https://x.test/other?a=b", true),
            ("https://x.test/api", "http://x.test/api", false),
            ("https://x.test/api", "https://x.test.y.test/", false),
            ("https://x.test/api", "https://x.test@y.test/", false),
            ("https://x.test/api", "//x.test/", false),
            ("api/v1", "api/v1/list?page=2", true),
            ("api/v1", "/other", true),
            ("api/v1", "//y.test/", false),
            ("api/v1", "/\\y.test/", false),
            ("api/v1", "/\t/y.test/", false),
            ("api/v1", "data:application/json,{}", false),
            ("api/v1", "https://y.test/", false),
        ] {
            assert_eq!(same_host(base, url), same, "{base} {url}");
        }
    }

    #[test]
    fn an_unknown_key_names_the_nearest_known_one() {
        let value = json!({ "titel": 1, "zzz": 2, "$schema": "x" });
        struct Probe;
        impl Read for Probe {
            fn read(node: Node<'_>) -> Result<Self, ReadError> {
                node.object()?.warn_unknown(&["title", "name"]);
                Ok(Self)
            }
        }
        let (_, notes) = read::<Probe>(&value, "portal", "");
        assert_eq!(
            notes,
            [
                "portal: unknown key \"titel\", did you mean \"title\"?",
                "portal: unknown key \"zzz\""
            ]
        );
    }
}
