//! From an answer to the model: item by item, so that a bad item costs itself only, and in slices, so
//! that a driver can let the page breathe between them.

use std::{borrow::Cow, collections::HashSet};

use serde_json::{Map, Value, json};

use super::{
    Answer, Failure, Operation, Profile, Request, Response, Source, Write, circles,
    decode::{Decoder, Kind},
    expression::{Expression, Found, Scope, Table, Tables, describe},
    file::Endpoint,
    front,
};
use crate::lang::Lang;

/// Notes kept of one answer; one with more has said enough.
const MAX_NOTES: usize = 50;

/// An answer on its way into the model.
///
/// ```text
/// let mut mapper = profile.map(&answer, &source)?;
/// while mapper.step(500) { /* let others run */ }
/// let (value, notes) = mapper.finish()?;   // the shape of the native API, for `read_from`
/// ```
pub struct Mapper<'a> {
    profile: &'a Profile,
    endpoint: &'a Endpoint,
    answer: &'a Answer,
    decoder: Decoder<'a>,
    kind: Kind,
    scope: Scope<'a>,
    /// What is still to be done, the next one last.
    waiting: Vec<Waiting<'a>>,
    done: usize,
    items: Vec<Value>,
    ids: HashSet<String>,
    notes: Vec<String>,
}

struct Waiting<'a> {
    item: Cow<'a, Value>,
    /// The id of the item it was found in.
    parent: Option<String>,
}

impl Profile {
    /// The value an answer stands for, in the shape of the native API, for [`crate::read::read_from`]; and
    /// notes for the developer about what was left out and why. For large answers see [`Profile::map`].
    pub fn decode(
        &self,
        operation: &Operation,
        request: &Request,
        response: &Response,
        source: &Source,
        lang: &Lang,
    ) -> Result<(Value, Vec<String>), Failure> {
        let answer = self.receive(operation, request, response, source, lang)?;
        let mut mapper = self.map(&answer, source)?;
        while mapper.step(usize::MAX) {}
        mapper.finish()
    }

    /// Begins to map an answer.
    pub fn map<'a>(
        &'a self,
        answer: &'a Answer,
        source: &'a Source,
    ) -> Result<Mapper<'a>, Failure> {
        let endpoint = self.endpoint(answer.path).ok_or(Failure::NotOffered)?;
        let kind = Kind::of(answer.path);
        let mut scope = Scope::new(&self.parts.0);
        answer.names.scope(&mut scope);
        scope.set("root", &answer.names.body);
        let wrong = |what: String| Failure::Unreadable {
            cause: format!("{}: {}.{}.{what}", answer.request, self.name, answer.path),
        };
        scope.set_tables(self.look_up());
        let mut notes = answer.notes.clone();
        let body = Expression::named("body");
        let items = endpoint.items.as_ref().unwrap_or(&body);
        let found = match answer.is_empty {
            true => Found::Nothing,
            false => items.list(&scope).map_err(|error| wrong(format!("items: {error}")))?,
        };
        if let (true, Found::One(other)) = (kind.is_list(), &found) {
            let found = describe(other);
            return Err(wrong(format!("items: expected a list, found {found}")));
        }
        let found = found.items().into_iter();
        let mut waiting: Vec<_> = found.map(|item| Waiting { item, parent: None }).collect();
        if !kind.is_list() {
            waiting.truncate(1);
            if waiting.is_empty() && kind.needs_no_item() {
                waiting.push(Waiting { item: Cow::Owned(Value::Null), parent: None });
            }
        }
        waiting.reverse();
        notes.extend(scope.take_notes());
        Ok(Mapper {
            profile: self,
            endpoint,
            answer,
            decoder: Decoder::new(self.clock(), source, &answer.lang),
            kind,
            scope,
            waiting,
            done: 0,
            items: Vec::new(),
            ids: HashSet::new(),
            notes,
        })
    }

    /// The profile's tables, as far as they are in an answer.
    pub(super) fn look_up(&self) -> Tables<'_> {
        Tables::new(|name, scope| {
            let found = self.tables.0.iter().find(|(known, _)| known == name);
            let Some((_, declared)) = found else { return Ok(None) };
            let values = declared.values.0.iter();
            let mut table: Table<'_> =
                values.map(|(key, value)| (key.clone(), Cow::Borrowed(value))).collect();
            if let (Some(items), Some(key)) = (&declared.items, &declared.key) {
                for item in items.list(scope)?.items() {
                    match key.of(&item, scope)? {
                        Value::String(text) => table.insert(text, item),
                        Value::Number(number) => table.insert(number.to_string(), item),
                        _ => None,
                    };
                }
            }
            Ok(Some(table))
        })
    }
}

impl Mapper<'_> {
    /// Maps up to `count` more items; whether there are more.
    pub fn step(&mut self, count: usize) -> bool {
        for _ in 0..count {
            let Some(next) = self.waiting.pop() else { return false };
            self.one(next);
        }
        !self.waiting.is_empty()
    }

    /// How many items are mapped.
    pub fn done(&self) -> usize {
        self.done
    }

    fn note(&mut self, note: String) {
        if self.notes.len() < MAX_NOTES && !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Notes something of item `index`; `what` begins with the place within it.
    fn note_item(&mut self, index: usize, what: &str) {
        let whole = self.whole();
        self.note(match self.kind.is_list() {
            true => format!("{whole}.items[{index}]{what}"),
            false => format!("{whole}{what}"),
        });
    }

    fn whole(&self) -> String {
        format!("{}: {}.{}", self.answer.request, self.profile.name, self.answer.path)
    }
}

impl<'a> Mapper<'a> {
    fn one(&mut self, Waiting { item, parent }: Waiting<'a>) {
        let index = self.done;
        self.done += 1;
        self.scope.set_found("item", item);
        self.scope.set_found("index", Cow::Owned(index.into()));
        let itself = Expression::named("item");
        let each = self.endpoint.each.as_ref().unwrap_or(&itself);
        let mapped = each.search(&self.scope);
        for note in self.scope.take_notes() {
            self.note_item(index, &format!(": {note}"));
        }
        let id = match mapped {
            Ok(Value::Object(members)) => self.take(members, &parent, index),
            // What a backend says nothing of is as it was sent.
            Ok(Value::Null) if self.kind.needs_no_item() => self.take(Map::new(), &parent, index),
            // The profile leaves it out on purpose.
            Ok(Value::Null) => None,
            Ok(other) => {
                let found = describe(&other);
                self.note_item(index, &format!(": expected an object, found {found}"));
                None
            }
            Err(error) => {
                self.note_item(index, &format!(": {error}"));
                None
            }
        };
        let Some(children) = &self.endpoint.children else { return };
        match children.list(&self.scope) {
            Ok(found) => {
                // What could not be read leaves its children to its own parent.
                let parent = id.or(parent);
                let waiting = found.items().into_iter().rev();
                self.waiting.extend(waiting.map(|item| Waiting { item, parent: parent.clone() }));
            }
            Err(error) => self.note_item(index, &format!(": children: {error}")),
        }
    }

    /// Takes a mapped item in; gives its id.
    fn take(
        &mut self,
        mut members: Map<String, Value>,
        parent: &Option<String>,
        index: usize,
    ) -> Option<String> {
        if let (Kind::Comment, Some(parent)) = (self.kind, parent)
            && members.get("parent").is_none_or(Value::is_null)
        {
            members.insert("parent".to_owned(), parent.clone().into());
        }
        if self.kind == Kind::Posted {
            if self.says_nothing(&members) {
                self.items.push(Value::Null);
                return None;
            }
            self.complete(&mut members);
        }
        let shaped = self.decoder.shape(self.kind, &mut members);
        for note in self.decoder.take_notes() {
            self.note_item(index, &note);
        }
        let id = match shaped {
            Ok(id) => id,
            Err(note) => {
                self.note_item(index, &note);
                return None;
            }
        };
        if self.decoder.is_other_language(&members) {
            return None;
        }
        if let Some(id) = &id
            && !self.ids.insert(id.clone())
        {
            let note = format!(".id: \"{id}\" is there twice, the later one is left out");
            self.note_item(index, &note);
            return None;
        }
        self.items.push(Value::Object(members));
        id
    }

    /// Whether an answer lacks what was asked to be changed of a comment that is there already. It is done as
    /// asked then, and what else the comment says is known to whoever asked.
    fn says_nothing(&self, members: &Map<String, Value>) -> bool {
        let Operation::Write { write, .. } = &self.answer.operation else { return false };
        match write {
            Write::Post(_) => false,
            Write::Edit { .. } | Write::Delete { .. } => missing(members, "body"),
            Write::Vote { .. } => missing(members, "votes"),
            Write::Report { .. } => true,
        }
    }

    /// What a backend does not say of a comment it took is as it was sent.
    fn complete(&self, members: &mut Map<String, Value>) {
        let names = &self.answer.names;
        if missing(members, "id") {
            let location = names.headers.get("location").and_then(Value::as_str);
            let path = location.map(|url| url.split(['?', '#']).next().unwrap_or_default());
            let last = path.and_then(|path| path.trim_end_matches('/').rsplit('/').next());
            let id = names.param("comment").or(last).or_else(|| names.param("key"));
            members.insert("id".to_owned(), id.into());
        }
        for key in ["parent", "author"] {
            if missing(members, key) {
                members.insert(key.to_owned(), names.param(key).into());
            }
        }
        if missing(members, "body")
            && let Some(text) = names.param("text")
        {
            members.insert("body".to_owned(), json!({ "format": "text", "value": text }));
        }
    }

    /// The whole, in the shape of the native API, with notes.
    ///
    /// [`Failure::NotFound`] if one thing was asked for and there is none.
    pub fn finish(mut self) -> Result<(Value, Vec<String>), Failure> {
        while self.step(usize::MAX) {}
        let value = if self.kind.is_list() {
            if self.kind == Kind::Comment {
                for circle in circles::of(&self.items) {
                    self.note(format!("{}.parent: a circle: {circle}", self.whole()));
                }
            }
            let page = self.page();
            match self.answer.operation {
                Operation::Front if self.answer.path == "list" => front::compose(page),
                _ => page,
            }
        } else {
            match self.items.pop() {
                Some(item) => item,
                None if self.notes.is_empty() => return Err(Failure::NotFound),
                // There was something, and it could not be read.
                None => return Err(Failure::Unreadable { cause: self.notes.join("\n") }),
            }
        };
        Ok((value, self.notes))
    }

    fn page(&mut self) -> Value {
        let asked = self.answer.names.param("cursor").unwrap_or_default().to_owned();
        let next = self.cursor("next", &self.endpoint.next, &asked);
        let previous = self.cursor("previous", &self.endpoint.previous, &asked);
        let total = self.total();
        let about = match self.endpoint.about.as_ref().map(|about| about.search(&self.scope)) {
            Some(Ok(value)) => self.decoder.about(value, &self.answer.names),
            Some(Err(error)) => {
                self.note(format!("{}.about: {error}", self.whole()));
                Value::Null
            }
            None => Value::Null,
        };
        for note in self.decoder.take_notes() {
            self.note(format!("{}{note}", self.whole()));
        }
        // A page of nothing has nothing after it, whatever the backend says.
        let next = next.filter(|_| self.done > 0);
        let mut page = json!({ "next": next, "previous": previous, "total": total });
        if let Some(members) = page.as_object_mut() {
            members.insert("items".to_owned(), std::mem::take(&mut self.items).into());
            members.insert("about".to_owned(), about);
        }
        page
    }

    fn cursor(
        &mut self,
        key: &str,
        expression: &Option<Expression>,
        asked: &str,
    ) -> Option<String> {
        if self.answer.is_empty {
            return None;
        }
        let place = self.whole();
        let cursor = match expression.as_ref()?.search(&self.scope) {
            Ok(Value::Null | Value::Bool(false)) => return None,
            Ok(Value::String(text)) => text,
            Ok(Value::Number(number)) => number.to_string(),
            Ok(other) => {
                let found = describe(&other);
                self.note(format!(
                    "{place}.{key}: expected a cursor (text or number), found {found}"
                ));
                return None;
            }
            Err(error) => {
                self.note(format!("{place}.{key}: {error}"));
                return None;
            }
        };
        if !asked.is_empty() && cursor == asked {
            self.note(format!(
                "{place}.{key}: the cursor \"{cursor}\" came twice: the list ends here"
            ));
            return None;
        }
        Some(cursor).filter(|cursor| !cursor.is_empty())
    }

    fn total(&mut self) -> Option<u32> {
        let place = self.whole();
        let value = match self.endpoint.total.as_ref()?.search(&self.scope) {
            Ok(Value::Null) => return None,
            Ok(value) => value,
            Err(error) => {
                self.note(format!("{place}.total: {error}"));
                return None;
            }
        };
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let Ok(total) = text.trim().parse::<u32>() else {
            self.note(format!(
                "{place}.total: expected a whole number, found {}",
                describe(&value)
            ));
            return None;
        };
        let here = self.items.len();
        // Of a thread some count what is at the top only.
        if usize::try_from(total).is_ok_and(|total| total < here) && self.kind != Kind::Comment {
            self.note(format!("{place}.total: expected at least {here}, found {total}"));
            return None;
        }
        Some(total)
    }
}

/// Whether a mapped item does not say what `key` is.
fn missing(members: &Map<String, Value>, key: &str) -> bool {
    members.get(key).is_none_or(|value| value.is_null() || value == "")
}
