//! What an expression is made of.

use serde_json::Value;

use super::{eval::Function, value::Val};

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `@`
    Current,
    /// `name`
    Field(String),
    /// `[0]`, of the current value.
    Index(i64),
    /// `[start:stop:step]`, of the current value.
    Slice(Option<i64>, Option<i64>, i64),
    /// `left.right`, `left | right`: the right of what the left yields.
    Then(Box<Node>, Box<Node>),
    /// `left[*].right`: the right of each item.
    Project(Box<Node>, Box<Node>),
    /// `left.*.right`: the right of each member.
    ProjectMembers(Box<Node>, Box<Node>),
    /// `left[?condition].right`: the right of each item that meets the condition.
    Filter(Box<Node>, Box<Node>, Box<Node>),
    /// `left[]`
    Flatten(Box<Node>),
    /// `left || right`
    Or(Box<Node>, Box<Node>),
    /// `left && right`
    And(Box<Node>, Box<Node>),
    /// `!right`
    Not(Box<Node>),
    /// `left == right`
    Compare(Compare, Box<Node>, Box<Node>),
    /// `'text'`, `` `json` ``
    Literal(Value),
    /// `[a, b]`
    List(Vec<Node>),
    /// `{a: b}`
    Object(Vec<(String, Node)>),
    /// `name(a, b)`, written at this byte.
    Call(Function, Vec<Node>, usize),
    /// `&a`
    Reference(Box<Node>),
    /// `let $a = b in c`
    Let(Vec<(String, Node)>, Box<Node>),
    /// `$a`
    Variable(String),
}

impl Node {
    /// A boxed one.
    pub fn boxed(self) -> Box<Self> {
        Box::new(self)
    }

    /// The text, if it is a literal one.
    pub fn literal(&self) -> Option<&str> {
        match self {
            Node::Literal(Value::String(text)) => Some(text),
            _ => None,
        }
    }
}

/// The literal first arguments of calls that name something of the profile.
pub fn names(node: &Node, out: &mut Vec<(&'static str, String, usize)>) {
    let mut each = |nodes: &[&Node]| nodes.iter().for_each(|node| names(node, out));
    match node {
        Node::Then(a, b)
        | Node::Project(a, b)
        | Node::ProjectMembers(a, b)
        | Node::Or(a, b)
        | Node::And(a, b)
        | Node::Compare(_, a, b) => each(&[a, b]),
        Node::Filter(a, b, c) => each(&[a, b, c]),
        Node::Flatten(a) | Node::Not(a) | Node::Reference(a) => each(&[a]),
        Node::List(nodes) => each(&nodes.iter().collect::<Vec<_>>()),
        Node::Object(members) => {
            each(&members.iter().map(|(_, node)| node).collect::<Vec<_>>());
        }
        Node::Call(function, arguments, at) => {
            each(&arguments.iter().collect::<Vec<_>>());
            let name = function.name();
            if let Some(text) = arguments.first().and_then(Node::literal)
                && matches!(name, "part" | "lookup")
            {
                out.push((name, text.to_owned(), *at));
            }
        }
        Node::Let(names, inner) => {
            each(&names.iter().map(|(_, node)| node).chain([&**inner]).collect::<Vec<_>>());
        }
        Node::Current
        | Node::Variable(_)
        | Node::Field(_)
        | Node::Index(_)
        | Node::Slice(..)
        | Node::Literal(_) => {}
    }
}

/// An argument of a function: a value, or `&expression` to be applied to many.
pub enum Argument<'n, 'a> {
    Value(Val<'a>),
    Reference(&'n Node),
}
