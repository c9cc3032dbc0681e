//! What an expression made of an item, into the shape of the native API: what
//! is what is in `shapes`, how one field is read in `fields`.
//!
//! An expression may say less than the model has: an article's fields without `headline` around them, an
//! id without `key` around it, no `work` where there are no versions.

use serde_json::{Map, Value, json};

use super::{
    Source,
    answer::Names,
    expression::{describe, object},
    fields::{Fields, Notes},
    shapes::{self, How, Ids, Shape},
    source::translate,
    zone::Clock,
};
use crate::lang::Lang;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Headline,
    Article,
    /// One of several articles.
    Together,
    Term,
    Author,
    Organisation,
    Entry,
    Document,
    Notice,
    Comment,
    /// A comment as it was taken, or as it is after what was done to it.
    Posted,
    /// How many comments a thread has.
    Count,
    /// A comment that has just come.
    Live,
    Front,
    Press,
    /// Whole, as the native API has it: what the register can be filtered by.
    Whole,
}

impl Kind {
    /// What the items of an endpoint are.
    pub fn of(path: &str) -> Self {
        match path {
            "list" | "search" | "related" => Kind::Headline,
            "front" => Kind::Front,
            "press" => Kind::Press,
            "article" => Kind::Article,
            "articles" => Kind::Together,
            "sections" => Kind::Term,
            "authors" => Kind::Author,
            "organisations" => Kind::Organisation,
            "documents" => Kind::Entry,
            "document" => Kind::Document,
            "notices" => Kind::Notice,
            "comments.list" => Kind::Comment,
            "comments.post" | "comments.edit" | "comments.delete" | "comments.vote"
            | "comments.report" => Kind::Posted,
            "comments.live" => Kind::Live,
            "comments.counts" => Kind::Count,
            _ => Kind::Whole,
        }
    }

    /// Whether there are several.
    pub fn is_list(self) -> bool {
        use Kind::{Article, Document, Front, Live, Posted, Press, Whole};
        !matches!(self, Article | Document | Front | Live | Posted | Press | Whole)
    }

    /// Whether an answer without any content is one.
    pub fn needs_no_item(self) -> bool {
        self == Kind::Posted
    }
}

/// Puts mapped items into shape.
pub(super) struct Decoder<'a> {
    clock: Clock,
    source: &'a Source,
    lang: &'a Lang,
    notes: Notes,
}

impl<'a> Decoder<'a> {
    pub fn new(clock: Clock, source: &'a Source, lang: &'a Lang) -> Self {
        Self { clock, source, lang, notes: Notes::default() }
    }

    /// What could not be read since the last time, each with its place within the item.
    pub fn take_notes(&mut self) -> Vec<String> {
        self.notes.take()
    }

    /// Shapes an item and gives its id; the error says what it cannot do without, and where in the item.
    pub fn shape(
        &mut self,
        kind: Kind,
        members: &mut Map<String, Value>,
    ) -> Result<Option<String>, String> {
        let notes = std::mem::take(&mut self.notes);
        let mut fields = Fields { members, place: String::new(), clock: &self.clock, notes };
        let shaped = self.read(shapes::of(kind), &mut fields);
        self.notes = fields.notes;
        shaped.map(|()| id_of(members))
    }

    /// Reads every field of a shape.
    fn read(&self, shape: Shape, fields: &mut Fields<'_>) -> Result<(), String> {
        for (key, how) in shape {
            self.field(key, how, fields)?;
        }
        Ok(())
    }

    fn field(&self, key: &str, how: &How, fields: &mut Fields<'_>) -> Result<(), String> {
        match how {
            How::Key => fields.own_key()?,
            How::Id => drop(fields.needed_id(key)?),
            How::OtherKey => fields.key(key),
            How::OtherId => drop(fields.id(key)),
            How::Section => {
                let id = fields.needed_id(key)?;
                fields.set(key, self.ours(Ids::Section, &id).into());
            }
            How::Work => {
                if fields.id(key).is_none() {
                    fields.set(key, id_of(fields.members).into());
                }
            }
            How::Parent => {
                if fields.id(key) == id_of(fields.members) {
                    fields.set(key, Value::Null);
                }
            }
            How::Needed => drop(fields.needed_text(key)?),
            How::Text => fields.texts(&[key]),
            How::Slug => fields.slug(key),
            How::Date => fields.dates(&[key]),
            How::Updated => {
                fields.dates(&[key]);
                // "Last change, if later."
                if fields.get(key) == fields.get("published") {
                    fields.set(key, Value::Null);
                }
            }
            How::Day => fields.days(&[key]),
            How::Number => fields.numbers(&[key]),
            How::Flag => fields.flags(&[key]),
            How::Lang => self.lang(fields),
            How::SaidLang => {
                if let Some(lang) = fields.text(key) {
                    fields.set(key, self.source.code_of(&lang).into());
                }
            }
            How::Term(ids) => fields.term(key, &|id| self.ours(*ids, id)),
            How::Terms(ids) => fields.terms(key, &|id| self.ours(*ids, id)),
            How::People => fields.people(key),
            How::Image => fields.image(key),
            How::Body => fields.body(key),
            How::Each(shape) => fields.each_within(key, &|inner| self.read(shape, inner)),
            How::Gathered(keys, shape) => {
                fields.gather(key, keys);
                fields.within(key, &|inner| self.read(shape, inner))?;
            }
            How::Versions(shape) => {
                versions_of_table(key, fields);
                fields.each_within(key, &|inner| self.read(shape, inner));
                own_version(key, fields);
            }
        }
        Ok(())
    }

    /// The portal's id for one of the source's.
    fn ours(&self, ids: Ids, id: &str) -> String {
        match ids {
            Ids::Section => translate(&self.source.sections, id, false).to_owned(),
            Ids::Tag => translate(&self.source.tags, id, false).to_owned(),
            Ids::Own => id.to_owned(),
        }
    }

    /// The language an item says it is in, in the portal's code; else the source's only one; else the one
    /// asked for.
    fn lang(&self, fields: &mut Fields<'_>) {
        let said = fields.text("lang").map(|name| self.source.code_of(&name).to_owned());
        let said = said.filter(|code| {
            let known = Lang::parse(code).is_some();
            if !known {
                fields.wrong("lang", "a language (BCP 47)", &json!(code));
            }
            known
        });
        let only = || self.source.only_language().unwrap_or(self.lang).to_string();
        fields.set("lang", said.unwrap_or_else(only).into());
    }

    /// Whether an item is to be left out because it is not in the language asked for.
    pub fn is_other_language(&self, members: &Map<String, Value>) -> bool {
        let lang = members.get("lang").and_then(Value::as_str).and_then(Lang::parse);
        self.source.filters_language()
            && lang.is_some_and(|lang| self.lang.affinity(&lang) < 2)
            && members.contains_key("key")
    }

    /// What a list is of; an id alone that repeats what was asked for has the portal's own.
    pub fn about(&mut self, value: Value, names: &Names) -> Value {
        let Value::Object(mut members) = value else {
            if !value.is_null() {
                let found = describe(&value);
                self.notes.push(format!(".about: expected an object, found {found}"));
            }
            return Value::Null;
        };
        let section = names.param("section").is_some();
        let tag = names.param("tag").is_some();
        let notes = std::mem::take(&mut self.notes);
        let place = ".about".to_owned();
        let mut fields = Fields { members: &mut members, place, clock: &self.clock, notes };
        let id = fields.id("id").map(|id| match (section, tag) {
            (true, _) => translate(&self.source.sections, &id, false).to_owned(),
            (false, true) => translate(&self.source.tags, &id, false).to_owned(),
            _ => id,
        });
        fields.set("id", id.into());
        fields.texts(&["name", "summary"]);
        self.notes = fields.notes;
        let named = |key: &str| members.get(key).is_some_and(Value::is_string);
        if named("id") && named("name") { Value::Object(members) } else { Value::Null }
    }
}

/// The id of a shaped item, wherever it stands.
fn id_of(members: &Map<String, Value>) -> Option<String> {
    let inner = |key: &str| members.get(key).and_then(Value::as_object);
    let named = inner("headline").or(inner("entry")).unwrap_or(members);
    let id = match named.get("key").and_then(Value::as_object) {
        Some(key) => key.get("id"),
        None => named.get("id"),
    };
    id.and_then(Value::as_str).map(str::to_owned)
}

/// Versions may also come as a table: language to id, or to an object.
fn versions_of_table(key: &str, fields: &mut Fields<'_>) {
    let Value::Object(table) = fields.get(key).clone() else { return };
    let mut versions = Vec::new();
    for (lang, value) in table {
        let mut version = match value {
            Value::Object(members) => members,
            id => object([("id", id)]),
        };
        version.insert("lang".to_owned(), lang.into());
        versions.push(Value::Object(version));
    }
    fields.set(key, Value::Array(versions));
}

/// "Every version of the work there is, this one included."
fn own_version(key: &str, fields: &mut Fields<'_>) {
    let own = fields.get("headline").clone();
    let mut versions = match fields.get(key) {
        Value::Array(versions) => versions.clone(),
        _ => Vec::new(),
    };
    let id = own.pointer("/key/id");
    if !versions.iter().any(|version| version.pointer("/key/id") == id) {
        let mut version = object([]);
        for key in ["key", "lang", "kind", "slug", "title", "updated"] {
            version.insert(key.to_owned(), own.get(key).cloned().unwrap_or_default());
        }
        versions.insert(0, version.into());
    }
    fields.set(key, versions.into());
}
