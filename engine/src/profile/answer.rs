//! From a response to an answer that expressions can read, or to a failure.

use serde_json::{Map, Value};

use super::{
    Failure, Operation, Profile, Refused, Request, Source, classify,
    expression::{Expression, Scope},
    file::Shape,
    html, jsonapi,
};
use crate::{json, lang::Lang};

/// What came back.
#[derive(Debug, Clone, Default)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
    /// The whole text.
    pub body: String,
    /// Where it came from in the end, if there were redirects; empty if that is not known.
    pub url: String,
}

impl Response {
    /// Whether its server wants it kept nowhere, or by nobody but who asked (`Cache-Control`, RFC 9111, 5.2.2).
    pub fn is_not_to_be_stored(&self) -> bool {
        let mut headers = self.headers.iter();
        headers.any(|(name, value)| {
            name.eq_ignore_ascii_case("cache-control")
                && value.split(',').any(|directive| {
                    let name = directive.split('=').next().unwrap_or_default().trim();
                    ["no-store", "private"].iter().any(|known| name.eq_ignore_ascii_case(known))
                })
        })
    }
}

/// An answer, ready for expressions.
pub struct Answer {
    pub(super) operation: Operation,
    pub(super) path: &'static str,
    /// How and where it was asked, for messages.
    pub(super) request: String,
    pub(super) lang: Lang,
    /// The names expressions see.
    pub(super) names: Names,
    /// There is nothing, and that is no failure.
    pub(super) is_empty: bool,
    pub(super) notes: Vec<String>,
}

/// The names expressions see.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub body: Value,
    pub headers: Value,
    pub status: Value,
    pub links: Value,
    pub params: Value,
    pub base: Value,
    pub lang: Value,
    /// Whether the body must be taken apart without recursion.
    pub is_deep: bool,
}

impl Drop for Names {
    fn drop(&mut self) {
        if self.is_deep {
            json::dismantle(self.body.take());
        }
    }
}

impl Names {
    pub fn scope<'a>(&'a self, scope: &mut Scope<'a>) {
        scope.set("body", &self.body);
        scope.set("headers", &self.headers);
        scope.set("status", &self.status);
        scope.set("links", &self.links);
        scope.set("params", &self.params);
        scope.set("base", &self.base);
        scope.set("lang", &self.lang);
    }

    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.get(name).and_then(Value::as_str)
    }
}

impl Profile {
    /// What a response to `request` says: an answer, or the failure it stands for.
    pub fn receive(
        &self,
        operation: &Operation,
        request: &Request,
        response: &Response,
        source: &Source,
        lang: &Lang,
    ) -> Result<Answer, Failure> {
        let question = self.question(operation, source, lang)?;
        let of_thread = self.comments.as_ref().filter(|_| question.path.starts_with("comments."));
        // Replies may lie within replies; what a shape resolves, and everything else, is walked by recursion.
        let read = match self.shape {
            None if of_thread.is_some() => json::parse_deep(&response.body),
            _ => json::parse(&response.body).map(|body| (body, false)),
        };
        let ((body, is_deep), is_json) = match read {
            Ok(read) => (read, true),
            Err(_) if response.body.trim().is_empty() => ((Value::Null, false), true),
            Err(_) => ((Value::String(response.body.clone()), false), false),
        };
        let mut names = Names {
            links: links(header(response, "link").unwrap_or_default()),
            headers: headers(response),
            status: response.status.into(),
            base: source.base_in(&question.lang).into(),
            lang: question.lang.as_str().into(),
            params: Value::Object(question.params),
            body,
            is_deep,
        };
        let mut notes = Vec::new();
        let error = question.endpoint.error.as_ref();
        let error = error.or_else(|| of_thread?.error.as_ref()).or(self.error.as_ref());
        let retry_after = header(response, "retry-after").and_then(|text| text.parse().ok());
        let verdict = match error {
            Some(expression) => verdict(expression, &names, self, retry_after)
                .map_err(|error| self.wrong(question.path, &format!("error: {error}")))?,
            None => Verdict::StatusDecides,
        };
        let verdict = match verdict {
            // A page in the place of an answer does not say that there is nothing.
            Verdict::Empty if !is_json => Verdict::StatusDecides,
            verdict => verdict,
        };
        let is_empty = match verdict {
            Verdict::Failure(failure) => return Err(failure),
            Verdict::Empty => true,
            Verdict::Fine => false,
            Verdict::StatusDecides => {
                if !(200..300).contains(&response.status) {
                    let failed = classify(response.status, retry_after, &response.body).err();
                    return Err(failed.unwrap_or(Failure::Broken { status: response.status }));
                }
                if !is_json {
                    return Err(Failure::Unreadable { cause: not_json(request, response) });
                }
                false
            }
        };
        match self.shape {
            Some(Shape::GraphQl) => {
                if let Some(failure) = graphql(&mut names.body, request, &mut notes) {
                    return Err(failure);
                }
            }
            Some(Shape::JsonApi) => jsonapi::resolve(&mut names.body),
            None => {}
        }
        Ok(Answer {
            operation: operation.clone(),
            path: question.path,
            request: request.describe(),
            lang: question.lang,
            names,
            is_empty,
            notes,
        })
    }
}

/// Why a success is no JSON, as well as that can be told.
fn not_json(request: &Request, response: &Response) -> String {
    let what = if response.body.trim_start().starts_with('<') {
        let title = response.body.split_once("<title>").and_then(|(_, rest)| rest.split_once('<'));
        let title = title.map(|(title, _)| html::text(title)).unwrap_or_default();
        if title.is_empty() { "HTML".to_owned() } else { format!("HTML (\"{title}\")") }
    } else {
        let error = json::parse(&response.body).err();
        error.map(|error| error.to_string()).unwrap_or_default()
    };
    let expected = if what.starts_with("HTML") { "expected JSON, found " } else { "" };
    let redirected = !response.url.is_empty()
        && response.url != request.url
        && crate::read::origin(&response.url).is_some();
    if redirected && response.url.split('?').next() != request.url.split('?').next() {
        return format!("{}: led to {}: {expected}{what}", request.describe(), response.url);
    }
    format!("{}: {expected}{what}", request.describe())
}

enum Verdict {
    Failure(Failure),
    /// Nothing to say.
    StatusDecides,
    /// A success whatever the status.
    Fine,
    /// A success with nothing in it.
    Empty,
}

fn verdict(
    expression: &Expression,
    names: &Names,
    profile: &Profile,
    retry_after: Option<u32>,
) -> Result<Verdict, String> {
    let mut scope = Scope::new(&profile.parts.0);
    names.scope(&mut scope);
    scope.set_tables(profile.look_up());
    let value = expression.search(&scope)?;
    let kind = match &value {
        Value::Null | Value::Bool(false) => return Ok(Verdict::StatusDecides),
        Value::Object(members) => members.get("kind").and_then(Value::as_str),
        _ => None,
    };
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(html::text);
    let text = |key: &str| text(key).filter(|text| !text.is_empty());
    Ok(Verdict::Failure(match kind {
        Some("none") => return Ok(Verdict::Fine),
        Some("empty") => return Ok(Verdict::Empty),
        Some("not_found") => Failure::NotFound,
        Some("forbidden") => Failure::Forbidden,
        Some("not_offered") => Failure::NotOffered,
        Some("busy") => {
            let seconds = value.get("retry_after").and_then(Value::as_u64);
            let seconds = seconds.and_then(|seconds| u32::try_from(seconds).ok());
            Failure::Busy { retry_after: seconds.or(retry_after).unwrap_or_default() }
        }
        Some("refused") => Failure::from(Refused {
            reason: text("reason").unwrap_or_default(),
            field: text("field"),
            kind: text("type"),
        }),
        Some("duplicate") => Failure::Duplicate { reason: text("reason").unwrap_or_default() },
        Some("broken") => Failure::Broken {
            status: names.status.as_u64().and_then(|n| u16::try_from(n).ok()).unwrap_or_default(),
        },
        _ => {
            return Err(format!(
                "expected null or an object with `kind` none, empty, not_found, forbidden, \
                 not_offered, busy, refused, duplicate or broken, found {value}"
            ));
        }
    }))
}

/// Takes `data` out; what `errors` say is a failure where there is no data, else a note.
fn graphql(body: &mut Value, request: &Request, notes: &mut Vec<String>) -> Option<Failure> {
    let errors = body.get("errors").and_then(Value::as_array).cloned().unwrap_or_default();
    let data = body.get_mut("data").map(Value::take).unwrap_or_default();
    let message = errors.first().map(|error| {
        let message = error.get("message").and_then(Value::as_str).unwrap_or("no message");
        let path = error.get("path").and_then(Value::as_array).into_iter().flatten();
        let path = path.map(|step| match step {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let path: Vec<_> = path.collect();
        if path.is_empty() { message.to_owned() } else { format!("{}: {message}", path.join(".")) }
    });
    *body = data;
    match message {
        Some(reason) if body.is_null() => {
            Some(Failure::from(Refused { reason, field: None, kind: None }))
        }
        Some(message) => {
            notes.push(format!("{}: {message}", request.describe()));
            None
        }
        None => None,
    }
}

fn header<'r>(response: &'r Response, name: &str) -> Option<&'r str> {
    let found = response.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn headers(response: &Response) -> Value {
    let mut all = Map::new();
    for (name, value) in &response.headers {
        all.insert(name.to_ascii_lowercase(), value.as_str().into());
    }
    Value::Object(all)
}

/// The addresses of a `Link` header (RFC 8288) by their `rel`.
fn links(header: &str) -> Value {
    let mut links = Value::Object(Map::new());
    for piece in header.split('<').skip(1) {
        let Some((url, attributes)) = piece.split_once('>') else { continue };
        for attribute in attributes.split([';', ',']) {
            let Some((name, value)) = attribute.trim().split_once('=') else { continue };
            if !name.trim().eq_ignore_ascii_case("rel") {
                continue;
            }
            for rel in value.trim().trim_matches('"').split_whitespace() {
                if let Some(links) = links.as_object_mut() {
                    links.entry(rel.to_ascii_lowercase()).or_insert_with(|| url.into());
                }
            }
        }
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_server_says_what_is_not_to_be_stored() {
        let is_not_to_be_stored = |value: &str| {
            let headers = vec![("Cache-Control".to_owned(), value.to_owned())];
            Response { headers, ..Response::default() }.is_not_to_be_stored()
        };
        for value in ["no-store", "max-age=0, No-Store", "private", "private=\"set-cookie\""] {
            assert!(is_not_to_be_stored(value), "{value}");
        }
        for value in ["", "no-cache", "public, max-age=60", "must-revalidate", "x=private"] {
            assert!(!is_not_to_be_stored(value), "{value}");
        }
        assert!(!Response::default().is_not_to_be_stored());
    }

    #[test]
    fn the_link_header_is_read_by_rel() {
        let header = "<https://x.test/?a=1,2&page=3>; rel=\"next\", <https://x.test/>; title=\"a, b\"; \
                      rel=\"first prev\"";
        assert_eq!(
            links(header),
            json!({
                "next": "https://x.test/?a=1,2&page=3",
                "first": "https://x.test/",
                "prev": "https://x.test/",
            })
        );
        assert_eq!(links("nonsense"), json!({}));
    }
}
