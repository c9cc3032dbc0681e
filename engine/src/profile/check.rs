//! That a profile makes sense, before anything is asked by it.

use super::{
    Profile,
    expression::Expression,
    file::{Endpoint, Routes, Shape},
    template::Template,
};
use crate::read::nearest;

/// The endpoints by their paths in the file, each with the variables it is given.
pub(super) const ENDPOINTS: [(&str, &[&str]); 22] = [
    ("front", &[]),
    ("list", LIST),
    ("article", &["id"]),
    ("articles", &["ids"]),
    ("sections", &["cursor"]),
    ("authors", &["cursor"]),
    ("organisations", &["cursor"]),
    ("search", LIST),
    ("related", &["id"]),
    ("documents", &["q", "kind", "issuer", "field", "year", "status", "cursor"]),
    ("document", &["id"]),
    ("register", &[]),
    ("press", &[]),
    ("notices", &[]),
    ("comments.list", &["thread", "order", "cursor", "token", "assertion"]),
    ("comments.post", POST),
    ("comments.edit", &["thread", "comment", "text", "key", "token", "assertion"]),
    ("comments.delete", &["thread", "comment", "key", "token", "assertion"]),
    ("comments.vote", &["thread", "comment", "vote", "key", "token", "assertion"]),
    ("comments.report", &["thread", "comment", "reason", "detail", "key", "token", "assertion"]),
    ("comments.live", &["thread", "after"]),
    ("comments.counts", &["threads"]),
];
const LIST: &[&str] =
    &["section", "tag", "author", "organisation", "q", "missing", "changed", "limit", "cursor"];
const POST: &[&str] = &[
    "thread",
    "parent",
    "author",
    "text",
    "written",
    "email",
    "challenge",
    "key",
    "token",
    "assertion",
];
/// What every endpoint is given.
const ALWAYS: [&str; 2] = ["base", "lang"];

impl Profile {
    /// What is wrong with it first, with profile and key.
    pub(super) fn check(&self) -> Result<(), String> {
        for (path, given) in ENDPOINTS {
            if let Some(endpoint) = self.endpoint(path) {
                self.check_endpoint(path, given, endpoint)?;
            }
        }
        let shared = self.error.iter().map(|error| ("error".to_owned(), error));
        let parts = self.parts.0.iter().map(|(name, part)| (format!("parts.{name}"), part));
        for (path, expression) in shared.chain(parts) {
            self.check_names(&path, expression)?;
        }
        for (name, template) in &self.headers.0 {
            self.check_template(&format!("headers.{name}"), template, &[], &[])?;
        }
        for (name, table) in &self.tables.0 {
            if table.items.is_some() != table.key.is_some() {
                return Err(format!(
                    "{}.tables.{name}: expected `items` with `key`, found one of them",
                    self.name
                ));
            }
        }
        self.check_routes()
    }

    fn check_endpoint(
        &self,
        path: &str,
        given: &[&str],
        endpoint: &Endpoint,
    ) -> Result<(), String> {
        let Some((key, address)) = endpoint.address() else {
            return Err(format!("{}.{path}: expected `get`, `to` or `sse`, found none", self.name));
        };
        let vars: Vec<&str> = endpoint.vars.keys().collect();
        self.check_template(&format!("{path}.{key}"), address, given, &vars)?;
        for (name, template) in &endpoint.headers.0 {
            self.check_template(&format!("{path}.headers.{name}"), template, given, &vars)?;
        }
        if self.shape == Some(Shape::GraphQl) && endpoint.query.is_none() {
            return Err(format!(
                "{}.{path}.query: expected a GraphQL query, found nothing",
                self.name
            ));
        }
        let expressions = [
            ("body", &endpoint.body),
            ("variables", &endpoint.variables),
            ("items", &endpoint.items),
            ("each", &endpoint.each),
            ("children", &endpoint.children),
            ("next", &endpoint.next),
            ("previous", &endpoint.previous),
            ("total", &endpoint.total),
            ("about", &endpoint.about),
            ("error", &endpoint.error),
        ];
        for (key, expression) in expressions {
            if let Some(expression) = expression {
                self.check_names(&format!("{path}.{key}"), expression)?;
            }
        }
        Ok(())
    }

    /// That a template names only what it will be given.
    fn check_template(
        &self,
        path: &str,
        template: &Template,
        given: &[&str],
        vars: &[&str],
    ) -> Result<(), String> {
        let known = || {
            let given = ALWAYS.iter().chain(given).chain(vars).copied();
            given.chain(self.params.keys())
        };
        for name in template.names() {
            if !known().any(|known| known == name) {
                let names: Vec<&str> = known().collect();
                return Err(format!(
                    "{}.{path}: unknown variable \"{name}\"{}; known are {}",
                    self.name,
                    did_you_mean(name, known()),
                    names.join(", ")
                ));
            }
        }
        Ok(())
    }

    /// That an expression calls only parts and tables there are.
    fn check_names(&self, path: &str, expression: &Expression) -> Result<(), String> {
        for (function, name, at) in expression.names() {
            let (what, known): (_, Vec<&str>) = match function {
                "part" => ("a part", self.parts.keys().collect()),
                _ => ("a table", self.tables.keys().collect()),
            };
            if !known.contains(&name.as_str()) {
                let expected = format!("{what} of the profile ({})", known.join(", "));
                let mistake = expression.mistake(expected, format!("\"{name}\""), at);
                return Err(format!("{}.{path}: {mistake}", self.name));
            }
        }
        Ok(())
    }

    fn check_routes(&self) -> Result<(), String> {
        let Routes { article, section, tag, author } = &self.routes;
        let all = [("article", article), ("section", section), ("tag", tag), ("author", author)];
        for (kind, patterns) in all {
            for pattern in patterns {
                let named =
                    pattern.contains("{id}") || (kind == "article" && pattern.contains("{slug}"));
                if !named {
                    return Err(format!(
                        "{}.routes.{kind}: expected a pattern with {{id}}, found \"{pattern}\"",
                        self.name
                    ));
                }
            }
        }
        Ok(())
    }
}

fn did_you_mean<'k>(name: &str, known: impl Iterator<Item = &'k str>) -> String {
    nearest(name, known).map(|near| format!(", did you mean \"{near}\"?")).unwrap_or_default()
}
