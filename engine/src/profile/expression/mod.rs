//! JMESPath (<https://jmespath.org/specification.html>): the expressions that profiles are written in,
//! with `let $name = … in …` of its community edition (JEP-18): without it a filter cannot see out.
//!
//! Our own evaluator, not a crate: it reads the answer where it lies (a crate first makes its own copy of
//! it), says where in an expression a mistake is, keeps numbers exact where `serde_json` keeps them as
//! text, and is the smaller part of a first visit.
//!
//! - `lexer`, `parser`: text into a tree ([`ast`]), once.
//! - `eval`: the tree over a [`Scope`]; `value` is what it works with, `number` how it counts.
//! - `standard`: the functions of the specification. `own`: the few it lacks, see there.
//!
//! ```
//! use haidang_engine::profile::Expression;
//! use serde_json::json;
//!
//! let each = Expression::compile("{id: item.id, title: item.title.rendered}").unwrap();
//! let item = json!({ "id": 7, "title": { "rendered": "Cảng" } });
//! assert_eq!(each.evaluate(&[("item", &item)]), Ok(json!({ "id": 7, "title": "Cảng" })));
//!
//! let mistake = Expression::compile("item.tags[0").unwrap_err();
//! assert_eq!(mistake.to_string(), "expected \"]\", found the end (line 1, column 12)\n    item.tags[0\n               ^");
//! ```

mod ast;
mod eval;
mod lexer;
mod number;
mod own;
mod parser;
mod scope;
mod standard;
#[cfg(test)]
mod tests;
mod value;

use std::fmt;

use serde_json::Value;

pub use number::Decimal;
pub use scope::{Scope, Table, Tables};

/// What is wrong in an expression's text, and where.
#[derive(Clone, PartialEq, Eq)]
pub struct Mistake {
    /// In words, e.g. `"]"`.
    pub expected: String,
    /// In words, e.g. "the end".
    pub found: String,
    /// Byte of the text where it was found.
    pub at: usize,
    /// The expression.
    pub text: String,
}

impl Mistake {
    /// Where it is, with the line and a mark under the place.
    pub fn excerpt(&self) -> String {
        let before = self.text.get(..self.at).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = before.get(start..).unwrap_or_default().chars().count();
        let whole = self.text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        // Long lines are shown around the place.
        let skip = column.saturating_sub(50);
        let shown: String = whole.chars().skip(skip).take(76).collect();
        let mark = " ".repeat(column - skip);
        format!("(line {line}, column {})\n    {shown}\n    {mark}^", column + 1)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {} {}", self.expected, self.found, self.excerpt())
    }
}

impl fmt::Debug for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// An expression, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    root: ast::Node,
    text: String,
}

impl Expression {
    /// Reads an expression.
    pub fn compile(text: &str) -> Result<Self, Mistake> {
        Ok(Self { root: parser::parse(text)?, text: text.to_owned() })
    }

    /// The expression that is this name and nothing else.
    pub fn named(name: &str) -> Self {
        Self { root: ast::Node::Field(name.to_owned()), text: name.to_owned() }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it yields in a scope of these names; the error says which function got what.
    pub fn evaluate<'a>(&self, names: &[(&'a str, &'a Value)]) -> Result<Value, String> {
        let mut scope = Scope::default();
        for (name, value) in names {
            scope.set(name, value);
        }
        self.search(&scope)
    }

    /// What it yields in `scope`.
    pub fn search(&self, scope: &Scope<'_>) -> Result<Value, String> {
        Ok(eval::eval(&self.root, None, scope)?.into_value())
    }

    /// What it yields of `value` (`@`).
    pub fn of(&self, value: &Value, scope: &Scope<'_>) -> Result<Value, String> {
        let current = Val::Own(value.clone());
        Ok(eval::eval(&self.root, Some(&current), scope)?.into_value())
    }

    /// What it yields in `scope`, item by item.
    pub fn list<'a>(&self, scope: &Scope<'a>) -> Result<Found<'a>, String> {
        Ok(eval::eval(&self.root, None, scope)?.into())
    }

    /// The names it calls `part` and `lookup` with, where they are written out, and where.
    pub fn names(&self) -> Vec<(&'static str, String, usize)> {
        let mut names = Vec::new();
        ast::names(&self.root, &mut names);
        names
    }

    /// The mistake that at byte `at` `expected` was not found.
    pub fn mistake(&self, expected: String, found: String, at: usize) -> Mistake {
        Mistake { expected, found, at, text: self.text.clone() }
    }
}

use value::Val;
pub use value::{Found, describe, object};
