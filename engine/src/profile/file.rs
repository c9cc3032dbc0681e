//! A profile's file: what a backend is asked, and how its answers are read. Keys, types, checks.

use serde_json::{Map, Value};

use super::{
    Method,
    check::ENDPOINTS,
    declare::{Named, config},
    expression::Expression,
    template::{self, Template},
    zone::{Clock, Rules, Zone},
};
use crate::{
    json,
    read::{Node, Read, ReadError, read},
    time::Timestamp,
};

impl Read for Expression {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let Some(Value::String(text)) = node.value() else {
            return Err(node.error("an expression (JMESPath)"));
        };
        Self::compile(text).map_err(|mistake| {
            node.mistake(
                mistake.expected.clone(),
                format!("{} {}", mistake.found, mistake.excerpt()),
            )
        })
    }
}

impl Read for Template {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        template::read(&node)
    }
}

/// Declares an enum of a profile's file by the names it has there.
macro_rules! choice {
    ($(#[$meta:meta])* $name:ident, $expected:literal { $($(#[$vmeta:meta])* $variant:ident = $wire:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
        pub enum $name {
            $(
                $(#[$vmeta])*
                #[cfg_attr(not(target_arch = "wasm32"), schemars(rename = $wire))]
                $variant,
            )+
        }

        impl Read for $name {
            fn read(node: Node<'_>) -> Result<Self, ReadError> {
                match node.value().and_then(Value::as_str) {
                    $(Some($wire) => Ok(Self::$variant),)+
                    Some(other) => Err(node.mistake($expected.to_owned(), format!("\"{other}\""))),
                    None => Err(node.error($expected)),
                }
            }
        }
    };
}

choice! {
    /// A shape of answers that expressions cannot reach, undone before they see it.
    Shape, "\"jsonapi\" or \"graphql\"" {
        /// JSON:API: what `relationships` point at in `included` is put in their place.
        JsonApi = "jsonapi",
        /// GraphQL: `query` and `variables` out, `data` and `errors` in; expressions see `data` as `body`.
        GraphQl = "graphql",
    }
}

choice! {
    /// How what is sent is written.
    Encoding, "\"json\" or \"form\"" {
        /// JSON.
        Json = "json",
        /// `application/x-www-form-urlencoded`; the body must be an object of single values.
        Form = "form",
    }
}

config! {
    /// One thing a backend can be asked. Expressions see `body`, `headers` (lower-case names), `status`,
    /// `links` (of the `Link` header, by `rel`), `params` (the template's variables), `base`, `lang`.
    #[derive(Default)]
    Endpoint {
        /// Another endpoint, e.g. `list`: what is not said here is as there.
        opt like: Option<String>,
        /// The address to read, a URI template.
        opt get: Option<Template>,
        /// The address to send to, a URI template.
        opt to: Option<Template>,
        /// The address of a stream (server-sent events), a URI template; each event is an answer.
        opt sse: Option<Template>,
        /// How it is sent; `GET` with `get`, `POST` with `to` if absent.
        opt method: Option<Method>,
        /// Headers of this endpoint, URI templates.
        or headers: Named<Template>,
        /// Variables of the templates that are computed from `params`.
        or vars: Named<Expression>,
        /// What is sent.
        opt body: Option<Expression>,
        /// How it is written; JSON if absent.
        opt encoding: Option<Encoding>,
        /// GraphQL: the query.
        opt query: Option<String>,
        /// GraphQL: its variables, an object.
        opt variables: Option<Expression>,
        /// Where the items are; `body` if absent.
        opt items: Option<Expression>,
        /// What an item is in our model. It sees also `item`, `root` (the body), `index`.
        opt each: Option<Expression>,
        /// Where an item's own items are, as with replies; followed to any depth.
        opt children: Option<Expression>,
        /// The cursor of what follows: any text or number, handed back as `params.cursor`. Where no template
        /// or variable uses `cursor` it is an address to read, on the same host.
        opt next: Option<Expression>,
        /// The cursor of what goes before.
        opt previous: Option<Expression>,
        /// How many items there are in all.
        opt total: Option<Expression>,
        /// What the list is of: `{id, name}`.
        opt about: Option<Expression>,
        /// What went wrong: null if nothing did, else `{kind, reason, field}`.
        opt error: Option<Expression>,
    }
}

config! {
    /// A comment thread.
    #[derive(Default)]
    Thread {
        /// Reads it.
        opt list: Option<Endpoint>,
        /// Adds to it.
        opt post: Option<Endpoint>,
        /// Says a comment otherwise.
        opt edit: Option<Endpoint>,
        /// Takes a comment away.
        opt delete: Option<Endpoint>,
        /// Votes for or against a comment.
        opt vote: Option<Endpoint>,
        /// Tells the moderators of a comment.
        opt report: Option<Endpoint>,
        /// Tells what is new, as it comes (server-sent events).
        opt live: Option<Endpoint>,
        /// Counts the comments of several threads: `{id, count}` each.
        opt counts: Option<Endpoint>,
        /// What went wrong, for all of these.
        opt error: Option<Expression>,
    }
}

config! {
    /// Something a profile asks of portal.json.
    #[derive(Default)]
    Param {
        /// What it is, for people.
        or about: String,
        /// What it is if the source does not say.
        opt default: Option<Value>,
        /// The source must say.
        or required: bool,
    }
}

config! {
    /// A table that `lookup` looks into.
    #[derive(Default)]
    Table {
        /// Its values by key, written out.
        or values: Named<Value>,
        /// Its values, found in the answer: a list.
        opt items: Option<Expression>,
        /// With `items`: what an item is found by, of the item (`@`).
        opt key: Option<Expression>,
    }
}

config! {
    /// The source's own addresses: patterns with `{id}`, `{slug}` or any other name for a piece of the
    /// path, in the query too. Relative to the source's `site`.
    #[derive(Default)]
    Routes {
        /// Of articles: must hold `{id}` or `{slug}`.
        list article: Vec<String>,
        /// Of sections: must hold `{id}`.
        list section: Vec<String>,
        /// Of tags: must hold `{id}`.
        list tag: Vec<String>,
        /// Of authors: must hold `{id}`.
        list author: Vec<String>,
    }
}

config! {
    /// A backend, described.
    #[derive(Default)]
    Profile {
        /// What it is called.
        req name: String,
        /// What it is for and what it needs, for people.
        or about: String,
        /// A shape to be undone before expressions see the answer.
        opt shape: Option<Shape>,
        /// The zone of dates that have none: `UTC`, an offset, e.g. `+07:00`, or an IANA name, e.g. `Europe/Paris`.
        opt zone: Option<Zone>,
        /// Headers of every request, URI templates.
        or headers: Named<Template>,
        /// What a source of portal.json may or must say.
        or params: Named<Param>,
        /// Tables to look into.
        or tables: Named<Table>,
        /// Expressions to be used within others, and by themselves: `part('name', value)`.
        or parts: Named<Expression>,
        /// Addresses of the source's own pages, to be made ours.
        or routes: Routes,
        /// What went wrong, for every endpoint that has no `error` of its own.
        opt error: Option<Expression>,
        /// The front page; made of `list` if absent.
        opt front: Option<Endpoint>,
        /// Lists of articles.
        opt list: Option<Endpoint>,
        /// One article.
        opt article: Option<Endpoint>,
        /// Several articles at once: who prints a whole portal asks less often.
        opt articles: Option<Endpoint>,
        /// The sections.
        opt sections: Option<Endpoint>,
        /// Who writes.
        opt authors: Option<Endpoint>,
        /// The organisations.
        opt organisations: Option<Endpoint>,
        /// Articles that words find.
        opt search: Option<Endpoint>,
        /// What to read after an article.
        opt related: Option<Endpoint>,
        /// The register of documents.
        opt documents: Option<Endpoint>,
        /// One document.
        opt document: Option<Endpoint>,
        /// What the register can be filtered by.
        opt register: Option<Endpoint>,
        /// The press office.
        opt press: Option<Endpoint>,
        /// Notices in force.
        opt notices: Option<Endpoint>,
        /// Comment threads.
        opt comments: Option<Thread>,
        /// See [`Profile::with_zones`].
        #[cfg_attr(not(target_arch = "wasm32"), schemars(skip))]
        own rules: Option<Rules>,
    }
}

impl Profile {
    /// Reads a profile's file; beside it come warnings. The error names profile and key, and, in an
    /// expression, the place.
    ///
    /// ```
    /// use haidang_engine::profile::Profile;
    /// let file = r#"{ "name": "x", "list": { "get": "{+base}/a", "each": "item.id ||" } }"#;
    /// let (profile, _warnings) = Profile::parse(file);
    /// assert!(profile.unwrap_err().starts_with("x.list.each: expected an expression, found the end"));
    /// ```
    pub fn parse(json: &str) -> (Result<Self, String>, Vec<String>) {
        match json::parse(json) {
            Ok(value) => Self::from_value(&value),
            Err(error) => (Err(format!("profile: {error}")), Vec::new()),
        }
    }

    /// As [`Profile::parse`], of a profile that stands within portal.json.
    pub fn from_value(value: &Value) -> (Result<Self, String>, Vec<String>) {
        let name = value.get("name").and_then(Value::as_str).unwrap_or("profile");
        let mut value = value.clone();
        if let Err(error) = inherit(&mut value, name) {
            return (Err(error), Vec::new());
        }
        let (profile, notes) = read::<Self>(&value, name, "");
        let checked = profile.map_err(|error| error.to_string()).and_then(|profile| {
            profile.check()?;
            Ok(profile)
        });
        (checked, notes)
    }

    /// Lends it the rules of zones, which a profile that names one needs; the error says that there is no
    /// such zone.
    pub fn with_zones(mut self, rules: Rules) -> Result<Self, String> {
        if let Some(Zone::Named(name)) = &self.zone
            && rules.0(name, Timestamp(0)).is_none()
        {
            return Err(format!(
                "{}.zone: expected a zone known here, found \"{name}\"",
                self.name
            ));
        }
        self.rules = Some(rules);
        Ok(self)
    }

    pub(super) fn clock(&self) -> Clock {
        Clock { zone: self.zone.clone().unwrap_or_default(), rules: self.rules }
    }

    /// The endpoint of a path in the file, e.g. `comments.list`.
    pub fn endpoint(&self, path: &str) -> Option<&Endpoint> {
        match path {
            "front" => self.front.as_ref(),
            "list" => self.list.as_ref(),
            "article" => self.article.as_ref(),
            "articles" => self.articles.as_ref(),
            "sections" => self.sections.as_ref(),
            "authors" => self.authors.as_ref(),
            "organisations" => self.organisations.as_ref(),
            "search" => self.search.as_ref(),
            "related" => self.related.as_ref(),
            "documents" => self.documents.as_ref(),
            "document" => self.document.as_ref(),
            "register" => self.register.as_ref(),
            "press" => self.press.as_ref(),
            "notices" => self.notices.as_ref(),
            _ => {
                let thread = self.comments.as_ref()?;
                match path {
                    "comments.list" => thread.list.as_ref(),
                    "comments.post" => thread.post.as_ref(),
                    "comments.edit" => thread.edit.as_ref(),
                    "comments.delete" => thread.delete.as_ref(),
                    "comments.vote" => thread.vote.as_ref(),
                    "comments.report" => thread.report.as_ref(),
                    "comments.live" => thread.live.as_ref(),
                    "comments.counts" => thread.counts.as_ref(),
                    _ => None,
                }
            }
        }
    }
}

/// Gives endpoints that are `like` another what they do not say themselves.
fn inherit(profile: &mut Value, name: &str) -> Result<(), String> {
    let original = profile.clone();
    for (path, _) in ENDPOINTS {
        let pointer = format!("/{}", path.replace('.', "/"));
        let Some(Value::Object(endpoint)) = profile.pointer_mut(&pointer) else { continue };
        let Some(Value::String(like)) = endpoint.get("like").cloned() else { continue };
        let found = original.pointer(&format!("/{}", like.replace('.', "/")));
        let from = found.and_then(Value::as_object).filter(|from| !from.contains_key("like"));
        let Some(from) = from else {
            return Err(format!(
                "{name}.{path}.like: expected an endpoint that is itself written out, found \"{like}\""
            ));
        };
        merge(endpoint, from);
    }
    Ok(())
}

impl Endpoint {
    /// Whether its request depends on a variable.
    pub(super) fn names(&self, variable: &str) -> bool {
        self.address().is_some_and(|(_, template)| template.names().any(|name| name == variable))
            || self.vars.0.iter().any(|(_, var)| has_word(var.as_str(), variable))
            || self.variables.iter().any(|var| has_word(var.as_str(), variable))
    }

    /// Where it is, and the key that says so.
    pub(super) fn address(&self) -> Option<(&'static str, &Template)> {
        let get = self.get.as_ref().map(|template| ("get", template));
        let sse = self.sse.as_ref().map(|template| ("sse", template));
        get.or(sse).or(self.to.as_ref().map(|template| ("to", template)))
    }
}

/// Whether a word stands in a text, not within another.
fn has_word(text: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).is_some_and(|before| before.ends_with(is_letter));
        let after = text.get(at + word.len()..).is_some_and(|after| after.starts_with(is_letter));
        !before && !after
    })
}

/// What `into` lacks of `from`; `get`, `sse` and `to` are one thing.
fn merge(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    const ADDRESSES: [&str; 3] = ["get", "sse", "to"];
    let addressed = ADDRESSES.iter().any(|key| into.contains_key(*key));
    for (key, value) in from {
        if addressed && ADDRESSES.contains(&key.as_str()) {
            continue;
        }
        into.entry(key.clone()).or_insert_with(|| value.clone());
    }
}

/// The JSON Schema of a profile's file (2020-12), for editors and for the web team's own checks.
#[cfg(not(target_arch = "wasm32"))]
impl Profile {
    /// See [`Profile`].
    pub fn schema() -> Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod wire {
    use super::{Expression, Template};

    macro_rules! as_text {
        ($ty:ident, $about:literal) => {
            impl schemars::JsonSchema for $ty {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($ty).into()
                }

                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    schemars::json_schema!({ "type": "string", "description": $about })
                }
            }
        };
    }

    as_text!(Expression, "An expression (JMESPath)");
    as_text!(Template, "A URI template (RFC 6570)");
}
