//! What an expression made of an item, into the shape of the native API: which field is what is here, how
//! a field is read is in `fields`.
//!
//! An expression may say less than the model has: an article's fields without `headline` around them, an
//! id without `key` around it, no `work` where there are no versions.

use serde_json::{Map, Value, json};

use super::{
    Source,
    answer::Names,
    expression::describe,
    fields::{Fields, Notes},
    source::translate,
    zone::Zone,
};
use crate::lang::Lang;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Headline,
    Article,
    Term,
    Author,
    Organisation,
    Entry,
    Document,
    Notice,
    Comment,
    /// A comment as it was taken, or after a vote.
    Posted,
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
            "sections" => Kind::Term,
            "authors" => Kind::Author,
            "organisations" => Kind::Organisation,
            "documents" => Kind::Entry,
            "document" => Kind::Document,
            "notices" => Kind::Notice,
            "comments.list" => Kind::Comment,
            "comments.post" | "comments.vote" => Kind::Posted,
            _ => Kind::Whole,
        }
    }

    /// Whether there are several.
    pub fn is_list(self) -> bool {
        use Kind::{Article, Document, Front, Posted, Press, Whole};
        !matches!(self, Article | Document | Front | Posted | Press | Whole)
    }

    /// Whether an answer without any content is one.
    pub fn needs_no_item(self) -> bool {
        self == Kind::Posted
    }
}

/// What of an article is its headline.
const HEADLINE: [&str; 17] = [
    "key",
    "id",
    "work",
    "lang",
    "kind",
    "slug",
    "title",
    "kicker",
    "standfirst",
    "section",
    "organisation",
    "image",
    "published",
    "updated",
    "rank",
    "withdrawn",
    "comments",
];
/// What of a document is its entry.
const ENTRY: [&str; 10] =
    ["key", "id", "number", "kind", "title", "lang", "issuer", "issued", "status", "field"];

/// Puts mapped items into shape.
pub(super) struct Decoder<'a> {
    zone: Zone,
    source: &'a Source,
    lang: &'a Lang,
    notes: Notes,
}

impl<'a> Decoder<'a> {
    pub fn new(zone: Zone, source: &'a Source, lang: &'a Lang) -> Self {
        Self { zone, source, lang, notes: Notes::default() }
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
        let mut fields = Fields { members, place: String::new(), zone: self.zone, notes };
        let shaped = self.shaped(kind, &mut fields);
        self.notes = fields.notes;
        shaped
    }

    fn shaped(&self, kind: Kind, fields: &mut Fields<'_>) -> Result<Option<String>, String> {
        match kind {
            Kind::Headline => self.headline(fields).map(Some),
            Kind::Article => self.article(fields).map(Some),
            Kind::Term => {
                let id = fields.needed_id("id")?;
                fields.needed_text("name")?;
                let ours = translate(&self.source.sections, &id, false).to_owned();
                fields.set("id", ours.clone().into());
                fields.texts(&["name", "summary"]);
                Ok(Some(ours))
            }
            Kind::Author => {
                fields.needed_text("name")?;
                fields.texts(&["name", "role"]);
                Ok(fields.id("id"))
            }
            Kind::Organisation => {
                let id = fields.needed_id("id")?;
                fields.needed_text("name")?;
                fields.texts(&["name", "summary", "site", "address", "phone", "email"]);
                self.lang(fields);
                Ok(Some(id))
            }
            Kind::Entry => self.entry(fields).map(Some),
            Kind::Document => {
                fields.gather("entry", &ENTRY);
                let id = fields.within("entry", |entry| self.entry(entry))?;
                fields.texts(&["summary", "signer"]);
                fields.days(&["effective", "expires"]);
                for key in ["amends", "replaces", "amended_by", "replaced_by"] {
                    fields.each_within(key, |document| {
                        document.needed_id("id")?;
                        document.needed_text("number").map(drop)
                    });
                }
                self.files(fields, "files");
                Ok(Some(id))
            }
            Kind::Notice => self.notice(fields).map(Some),
            Kind::Front => {
                for key in ["lead", "latest"] {
                    fields.each_within(key, |headline| self.headline(headline).map(drop));
                }
                fields.each_within("sections", |part| {
                    part.term("section", |id| {
                        translate(&self.source.sections, id, false).to_owned()
                    });
                    part.each_within("items", |headline| self.headline(headline).map(drop));
                    Ok(())
                });
                fields.each_within("notices", |notice| self.notice(notice).map(drop));
                Ok(None)
            }
            Kind::Press => {
                fields.each_within("spokespersons", |person| {
                    person.needed_id("id")?;
                    person.needed_text("role")?;
                    person.texts(&["phone", "email"]);
                    person.term("organisation", str::to_owned);
                    Ok(())
                });
                fields.each_within("briefings", |briefing| {
                    briefing.needed_id("id")?;
                    briefing.needed_text("title")?;
                    briefing.texts(&["summary", "place", "calendar"]);
                    briefing.term("organisation", str::to_owned);
                    briefing.dates(&["starts", "ends"]);
                    briefing.key("article");
                    self.lang(briefing);
                    Ok(())
                });
                Ok(None)
            }
            Kind::Comment | Kind::Posted => {
                let id = fields.needed_id("id")?;
                if fields.id("parent").as_ref() == Some(&id) {
                    fields.set("parent", Value::Null);
                }
                fields.texts(&["author"]);
                fields.body("body");
                fields.dates(&["created", "edited"]);
                fields.numbers(&["votes"]);
                // What is not said is not the portal's language: nobody knows.
                if let Some(lang) = fields.text("lang") {
                    fields.set("lang", self.source.code_of(&lang).into());
                }
                Ok(Some(id))
            }
            Kind::Whole => Ok(None),
        }
    }

    fn notice(&self, fields: &mut Fields<'_>) -> Result<String, String> {
        let id = fields.needed_id("id")?;
        fields.needed_text("title")?;
        fields.texts(&["title", "text"]);
        fields.dates(&["issued", "expires"]);
        fields.flags(&["dismissible"]);
        self.lang(fields);
        fields.key("article");
        Ok(id)
    }

    fn headline(&self, fields: &mut Fields<'_>) -> Result<String, String> {
        let id = fields.own_key()?;
        if fields.id("work").is_none() {
            fields.set("work", id.clone().into());
        }
        self.lang(fields);
        fields.texts(&["title", "kicker", "standfirst"]);
        fields.slug("slug");
        fields.term("section", |id| translate(&self.source.sections, id, false).to_owned());
        fields.term("organisation", str::to_owned);
        fields.image("image");
        fields.dates(&["published", "updated"]);
        // "Last change, if later."
        if fields.get("updated") == fields.get("published") {
            fields.set("updated", Value::Null);
        }
        fields.numbers(&["rank", "comments"]);
        fields.flags(&["withdrawn"]);
        Ok(id)
    }

    fn article(&self, fields: &mut Fields<'_>) -> Result<String, String> {
        fields.gather("headline", &HEADLINE);
        let id = fields.within("headline", |headline| self.headline(headline))?;
        fields.texts(&["dateline", "canonical"]);
        fields.people("authors");
        fields.terms("tags", |id| translate(&self.source.tags, id, false).to_owned());
        fields.body("body");
        self.versions(fields, &id);
        fields.each_within("related", |headline| self.headline(headline).map(drop));
        self.files(fields, "attachments");
        for key in ["corrections", "withdrawal"] {
            fields.each_within(key, |said| {
                said.dates(&["date"]);
                said.needed_text("text").map(drop)
            });
        }
        fields.flags(&["comments_open"]);
        Ok(id)
    }

    /// Versions may also come as a table: language to id, or to an object.
    fn versions(&self, fields: &mut Fields<'_>, id: &str) {
        if let Value::Object(table) = fields.get("versions").clone() {
            let version = |(lang, value): (String, Value)| {
                let mut version = match value {
                    Value::Object(members) => members,
                    id => Map::from_iter([("id".to_owned(), id)]),
                };
                version.insert("lang".to_owned(), lang.into());
                Value::Object(version)
            };
            fields.set("versions", table.into_iter().map(version).collect());
        }
        fields.each_within("versions", |version| {
            version.own_key()?;
            self.lang(version);
            version.texts(&["title"]);
            version.slug("slug");
            version.dates(&["updated"]);
            Ok(())
        });
        // "This one included."
        let headline = fields.get("headline").clone();
        let mut versions = match fields.get("versions") {
            Value::Array(versions) => versions.clone(),
            _ => Vec::new(),
        };
        let own = versions.iter().any(|version| version.pointer("/key/id") == Some(&json!(id)));
        if !own {
            let of = |key: &str| headline.get(key).cloned().unwrap_or_default();
            versions.insert(
                0,
                json!({
                    "key": { "id": id }, "lang": of("lang"), "kind": of("kind"), "slug": of("slug"),
                    "title": of("title"), "updated": of("updated"),
                }),
            );
        }
        fields.set("versions", versions.into());
    }

    fn entry(&self, fields: &mut Fields<'_>) -> Result<String, String> {
        let id = fields.own_key()?;
        fields.needed_text("number")?;
        fields.needed_text("title")?;
        fields.texts(&["number", "title"]);
        self.lang(fields);
        fields.term("issuer", str::to_owned);
        fields.term("field", str::to_owned);
        fields.days(&["issued"]);
        Ok(id)
    }

    fn files(&self, fields: &mut Fields<'_>, key: &str) {
        fields.each_within(key, |file| {
            file.needed_text("url")?;
            file.needed_text("title")?;
            file.texts(&["title", "media_type"]);
            file.numbers(&["size"]);
            Ok(())
        });
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
        let mut fields = Fields { members: &mut members, place, zone: self.zone, notes };
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
