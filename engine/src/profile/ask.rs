//! From an operation to a request, by a profile.

use serde_json::{Map, Value, json};

use super::{
    Failure, Method, Operation, Profile, Request, Session, Source,
    expression::Scope,
    file::{Encoding, Endpoint, Shape},
    operation::TIMEOUT,
    source::translate,
    template::{Template, form},
    threads::Write,
};
use crate::lang::Lang;

/// What an operation becomes with a profile: the endpoint, and the values its templates and expressions
/// name.
pub(super) struct Question<'p> {
    pub endpoint: &'p Endpoint,
    /// The endpoint's path in the file.
    pub path: &'static str,
    pub params: Map<String, Value>,
    /// The language that is asked for: one the source has.
    pub lang: Lang,
}

impl Profile {
    /// The request that asks `operation` of `source` in `lang`.
    ///
    /// [`Failure::NotOffered`] if the profile says nothing of it, or the source has no such language;
    /// [`Failure::Unreadable`] if an expression fails, with its path.
    pub fn plan(
        &self,
        operation: &Operation,
        source: &Source,
        lang: &Lang,
    ) -> Result<Request, Failure> {
        let question = self.question(operation, source, lang)?;
        let Question { endpoint, path, params, .. } = &question;
        let mut url = self.address(&question, source)?;
        let sends = endpoint.address().is_some_and(|(key, _)| key == "to");
        let default = if sends { Method::Post } else { Method::Get };
        let mut method = endpoint.method.unwrap_or(default);
        let mut headers = Vec::new();
        for (name, template) in self.headers.0.iter().chain(&endpoint.headers.0) {
            let value = plain(template, params);
            if !value.is_empty() {
                headers.retain(|(known, _): &(String, String)| !known.eq_ignore_ascii_case(name));
                headers.push((name.clone(), value));
            }
        }
        let mut body = match &endpoint.body {
            Some(expression) => {
                let value = self.compute(&question, source, "body", expression)?;
                Some(without_nulls(value))
            }
            None => None,
        };
        if self.shape == Some(Shape::GraphQl) && endpoint.body.is_none() {
            let variables = match &endpoint.variables {
                Some(expression) => self.compute(&question, source, "variables", expression)?,
                None => json!({}),
            };
            let query = endpoint.query.clone().unwrap_or_default();
            if endpoint.method == Some(Method::Get) {
                let pairs =
                    [("query".to_owned(), query), ("variables".to_owned(), variables.to_string())];
                add_query(&mut url, &form(&pairs));
            } else {
                method = Method::Post;
                body = Some(json!({ "query": query, "variables": variables }));
            }
        }
        let body = body.map(|body| match endpoint.encoding {
            Some(Encoding::Form) => {
                let content = "application/x-www-form-urlencoded".to_owned();
                headers.push(("Content-Type".to_owned(), content));
                form(&pairs(&body))
            }
            _ => body.to_string(),
        });
        if body.is_some() && method == Method::Get {
            return Err(self.wrong(path, "method: expected POST or PUT with a body, found GET"));
        }
        let mut request = Request {
            method,
            url,
            headers,
            body,
            timeout: source.timeout.unwrap_or(TIMEOUT),
            session: None,
        };
        identify(&mut request, source);
        Ok(request)
    }

    /// The endpoint that answers an operation, its variables computed.
    pub(super) fn question(
        &self,
        operation: &Operation,
        source: &Source,
        lang: &Lang,
    ) -> Result<Question<'_>, Failure> {
        let (path, given) = self.given(operation, source);
        let endpoint = self.endpoint(path).ok_or(Failure::NotOffered)?;
        // Lists show the edition only; a thing that is named is better in another language than not at all.
        let served = source.serves(lang);
        let names_one =
            matches!(path, "article" | "articles" | "document") || path.starts_with("comments.");
        let first = source.languages.as_ref().and_then(|served| served.codes.first());
        let lang = match served {
            Some(lang) => lang,
            None if names_one => first.cloned().ok_or(Failure::NotOffered)?,
            None => return Err(Failure::NotOffered),
        };
        let mut params = Map::new();
        for (name, param) in &self.params.0 {
            let value = source.params.get(name).or(param.default.as_ref());
            if value.is_none() && param.required {
                return Err(Failure::Unreadable {
                    cause: format!(
                        "source \"{}\", params.{name}: the profile {} needs it ({})",
                        source.id, self.name, param.about
                    ),
                });
            }
            params.insert(name.clone(), value.cloned().unwrap_or_default());
        }
        params.extend(given);
        params.insert("base".to_owned(), source.base_in(&lang).into());
        params.insert("lang".to_owned(), source.name_of(&lang).into());
        let mut question = Question { endpoint, path, params, lang };
        let mut computed = Map::new();
        for (name, expression) in &endpoint.vars.0 {
            let key = format!("vars.{name}");
            computed.insert(name.clone(), self.compute(&question, source, &key, expression)?);
        }
        question.params.extend(computed);
        Ok(question)
    }

    /// What an expression of a request yields.
    fn compute(
        &self,
        question: &Question<'_>,
        source: &Source,
        key: &str,
        expression: &super::Expression,
    ) -> Result<Value, Failure> {
        let params = Value::Object(question.params.clone());
        let base = Value::from(source.base_in(&question.lang));
        let lang = Value::from(question.lang.as_str());
        let mut scope = Scope::new(&self.parts.0);
        scope.set("params", &params);
        scope.set("base", &base);
        scope.set("lang", &lang);
        scope.set_tables(self.look_up());
        expression
            .search(&scope)
            .map_err(|error| self.wrong(question.path, &format!("{key}: {error}")))
    }

    /// That something of the profile is wrong.
    pub(super) fn wrong(&self, path: &str, what: &str) -> Failure {
        Failure::Unreadable { cause: format!("{}.{path}.{what}", self.name) }
    }

    fn address(&self, question: &Question<'_>, source: &Source) -> Result<String, Failure> {
        let Question { endpoint, path, params, lang } = question;
        let (_, template) = endpoint.address().ok_or(Failure::NotOffered)?;
        let cursor = params.get("cursor").and_then(Value::as_str).unwrap_or_default();
        if cursor.is_empty() || endpoint.names("cursor") {
            return Ok(template.expand(params));
        }
        // The cursor is an address. It comes from the backend, or from the page's own address: it must
        // not lead anywhere else.
        let base = source.base_in(lang);
        let behind = source.behind.as_deref().map(|behind| behind.trim_end_matches('/'));
        let within = behind.and_then(|behind| cursor.strip_prefix(behind));
        let url = match within.filter(|rest| rest.starts_with(['/', '?'])) {
            Some(rest) => [base, rest].concat(),
            None => crate::read::resolve(base, cursor),
        };
        if !crate::read::same_host(base, &url) {
            let what = format!("next: expected an address of {base}, found \"{url}\"");
            return Err(self.wrong(path, &what));
        }
        Ok(url)
    }

    /// The endpoint's path in the file, and what the operation says.
    fn given(&self, operation: &Operation, source: &Source) -> (&'static str, Map<String, Value>) {
        let mut given = Given::default();
        let path = match operation {
            Operation::Front if self.front.is_some() => "front",
            Operation::Front => "list",
            Operation::Headlines(list) => {
                given.id("section", list.section.as_deref(), &source.sections);
                given.id("tag", list.tag.as_deref(), &source.tags);
                given.put("author", list.author.as_deref());
                given.put("organisation", list.organisation.as_deref());
                given.put("q", list.query.as_deref());
                let missing = list.missing.as_ref().map(|lang| source.name_of(lang));
                given.put("missing", missing);
                given.put("changed", list.changed.then_some("true"));
                given.put("limit", list.limit.map(|limit| limit.to_string()).as_deref());
                given.put("cursor", list.cursor.as_deref());
                if list.query.as_deref().is_some_and(|query| !query.is_empty()) {
                    "search"
                } else {
                    "list"
                }
            }
            Operation::Article(id) => {
                given.put("id", Some(id));
                "article"
            }
            Operation::Articles { ids } => {
                given.0.insert("ids".to_owned(), ids.as_slice().into());
                "articles"
            }
            Operation::Documents(filter) => {
                given.put("q", Some(&filter.query));
                given.put("kind", filter.kind.as_deref());
                given.put("issuer", filter.issuer.as_deref());
                given.put("field", filter.field.as_deref());
                given.put("year", filter.year.as_deref());
                given.put("status", filter.status.as_deref());
                given.put("cursor", filter.cursor.as_deref());
                "documents"
            }
            Operation::Register => "register",
            Operation::Document(id) => {
                given.put("id", Some(id));
                "document"
            }
            Operation::Press => "press",
            Operation::Notices => "notices",
            Operation::Sections { cursor } => {
                given.put("cursor", cursor.as_deref());
                "sections"
            }
            Operation::Authors { cursor } => {
                given.put("cursor", cursor.as_deref());
                "authors"
            }
            Operation::Organisations { cursor } => {
                given.put("cursor", cursor.as_deref());
                "organisations"
            }
            Operation::Related(id) => {
                given.put("id", Some(id));
                "related"
            }
            Operation::Comments { thread, order, cursor, reader } => {
                given.put("thread", Some(thread));
                given.put("order", Some(order.wire()));
                given.put("cursor", cursor.as_deref());
                given.put("token", reader.token.as_deref());
                given.put("assertion", reader.assertion.as_deref());
                "comments.list"
            }
            Operation::Write { thread, write, key, reader } => {
                given.put("thread", Some(thread));
                given.put("key", Some(key));
                given.put("token", reader.token.as_deref());
                given.put("assertion", reader.assertion.as_deref());
                given.put("comment", write.comment());
                given.write(write, source);
                write.endpoint()
            }
            Operation::Live { thread, after } => {
                given.put("thread", Some(thread));
                given.put("after", after.as_deref());
                "comments.live"
            }
            // What a profile cannot map: there is no such endpoint.
            Operation::Withdrawn { .. } => "withdrawn",
            Operation::Counts { threads } => {
                given.0.insert("threads".to_owned(), threads.as_slice().into());
                "comments.counts"
            }
        };
        (path, given.0)
    }
}

/// What an operation says; what is absent or empty is left out.
#[derive(Default)]
struct Given(Map<String, Value>);

impl Given {
    fn put(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.0.insert(name.to_owned(), value.into());
        }
    }

    /// What is special to what is done.
    fn write(&mut self, write: &Write, source: &Source) {
        match write {
            Write::Post(comment) => {
                self.put("parent", comment.parent.as_deref());
                self.put("author", Some(&comment.author));
                self.put("text", Some(&comment.text));
                self.put("written", comment.lang.as_ref().map(|lang| source.name_of(lang)));
                self.put("email", comment.email.as_deref());
                self.put("challenge", comment.challenge.as_deref());
            }
            Write::Edit { text, .. } => self.put("text", Some(text)),
            Write::Delete { .. } => {}
            Write::Vote { vote, .. } => {
                self.0.insert("vote".to_owned(), (*vote).into());
            }
            Write::Report { reason, detail, .. } => {
                self.put("reason", Some(reason));
                self.put("detail", Some(detail));
            }
        }
    }

    fn id(&mut self, name: &str, id: Option<&str>, table: &super::declare::Named<String>) {
        self.put(name, id.map(|id| translate(table, id, true)));
    }
}

/// A header's value: the template without percent-encoding, which is of addresses.
fn plain(template: &Template, params: &Map<String, Value>) -> String {
    let encoded = template.expand(params);
    let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8_lossy();
    decoded.chars().filter(|c| !c.is_control()).collect()
}

/// What is sent says nothing where there is nothing to say: many backends refuse null for text.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(mut members) => {
            members.retain(|_, value| !value.is_null());
            Value::Object(members)
        }
        other => other,
    }
}

/// The members of an object of single values.
fn pairs(body: &Value) -> Vec<(String, String)> {
    let members = body.as_object().into_iter().flatten();
    members
        .filter_map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                Value::Null => return None,
                other => other.to_string(),
            };
            Some((name.clone(), text))
        })
        .collect()
}

fn add_query(url: &mut String, query: &str) {
    url.push(if url.contains('?') { '&' } else { '?' });
    url.push_str(query);
}

/// Adds what the source's `auth` says.
fn identify(request: &mut Request, source: &Source) {
    let Some(auth) = &source.auth else { return };
    let value = auth.value.clone().unwrap_or_default();
    if let Some(header) = &auth.header {
        request.headers.push((header.clone(), value.clone()));
    }
    if let Some(name) = &auth.query {
        add_query(&mut request.url, &form(&[(name.clone(), value)]));
    }
    if auth.cookies {
        let csrf = auth.csrf_cookie.clone().zip(auth.csrf_header.clone());
        request.session = Some(Session { csrf });
    }
}
