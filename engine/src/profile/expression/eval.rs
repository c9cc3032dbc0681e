//! A tree over a scope.

use super::{
    ast::{Argument, Compare, Node},
    own,
    scope::Scope,
    standard,
    value::{Val, object},
};

/// Steps within steps. Expressions and parts are bounded; together they must not use up the stack.
const MAX_STEPS: usize = 400;

/// What a node yields; `current` is `@`, `None` the scope itself.
pub fn eval<'a>(
    node: &Node,
    current: Option<&Val<'a>>,
    scope: &Scope<'a>,
) -> Result<Val<'a>, String> {
    let steps = scope.steps.get();
    if steps > MAX_STEPS {
        return Err("the expression nests too deep".to_owned());
    }
    scope.steps.set(steps + 1);
    let result = step(node, current, scope);
    scope.steps.set(steps);
    result
}

fn step<'a>(node: &Node, current: Option<&Val<'a>>, scope: &Scope<'a>) -> Result<Val<'a>, String> {
    match node {
        Node::Current => Ok(current.cloned().unwrap_or_else(|| scope.all())),
        Node::Field(name) => {
            Ok(current.map_or_else(|| scope.get(name), |value| value.member(name)))
        }
        Node::Index(index) => Ok(current.map_or_else(Val::null, |value| value.at(*index))),
        Node::Slice(start, stop, step) => {
            let items = current.and_then(Val::items);
            Ok(items.map_or_else(Val::null, |items| slice(items, *start, *stop, *step)))
        }
        Node::Then(left, right) => {
            let left = eval(left, current, scope)?;
            eval(right, Some(&left), scope)
        }
        Node::Project(left, right) => {
            let left = eval(left, current, scope)?;
            project(left.into_items(), right, scope)
        }
        Node::ProjectMembers(left, right) => {
            let left = eval(left, current, scope)?;
            let members = match &left {
                Val::Ref(value) => {
                    let members = value.as_object();
                    members.map(|members| members.values().map(Val::Ref).collect())
                }
                _ => left
                    .members()
                    .map(|members| members.values().cloned().map(Val::Own).collect::<Vec<_>>()),
            };
            project(members, right, scope)
        }
        Node::Filter(left, condition, right) => {
            let left = eval(left, current, scope)?;
            let Some(items) = left.into_items() else { return Ok(Val::null()) };
            let mut kept = Vec::new();
            for item in items {
                if eval(condition, Some(&item), scope)?.is_true() {
                    kept.push(item);
                }
            }
            project(Some(kept), right, scope)
        }
        Node::Flatten(left) => {
            let left = eval(left, current, scope)?;
            let Some(items) = left.into_items() else { return Ok(Val::null()) };
            let mut flat = Vec::new();
            for item in items {
                match item.items() {
                    Some(inner) => flat.extend(inner),
                    None => flat.push(item),
                }
            }
            Ok(Val::List(flat))
        }
        Node::Or(left, right) => {
            let left = eval(left, current, scope)?;
            if left.is_true() { Ok(left) } else { eval(right, current, scope) }
        }
        Node::And(left, right) => {
            let left = eval(left, current, scope)?;
            if left.is_true() { eval(right, current, scope) } else { Ok(left) }
        }
        Node::Not(right) => Ok(Val::truth(!eval(right, current, scope)?.is_true())),
        Node::Compare(compare, left, right) => {
            let left = eval(left, current, scope)?;
            let right = eval(right, current, scope)?;
            Ok(compared(*compare, &left, &right))
        }
        Node::Literal(value) => Ok(Val::Own(value.clone())),
        Node::List(_) | Node::Object(_) if current.is_some_and(Val::is_null) => Ok(Val::null()),
        Node::List(nodes) => {
            let items = nodes.iter().map(|node| eval(node, current, scope));
            Ok(Val::List(items.collect::<Result<_, _>>()?))
        }
        Node::Object(members) => {
            let mut object = object([]);
            for (name, node) in members {
                let value = eval(node, current, scope)?.into_value();
                object.insert(name.clone(), value);
            }
            Ok(Val::Own(object.into()))
        }
        Node::Call(function, nodes, _) => {
            let mut arguments = Vec::with_capacity(nodes.len());
            for node in nodes {
                arguments.push(match node {
                    Node::Reference(node) => Argument::Reference(node),
                    _ => Argument::Value(eval(node, current, scope)?),
                });
            }
            (function.0.run)(Call { name: function.0.name, scope, arguments })
        }
        Node::Let(names, inner) => {
            let outer = scope.variables();
            for (name, node) in names {
                let value = eval(node, current, scope)?;
                scope.define(name, value);
            }
            let value = eval(inner, current, scope);
            scope.forget(outer);
            value
        }
        Node::Variable(name) => {
            scope.variable(name).ok_or_else(|| format!("${name} is not defined here"))
        }
        Node::Reference(_) => Err("&… is only for functions that take an expression".to_owned()),
    }
}

fn project<'a>(
    items: Option<Vec<Val<'a>>>,
    right: &Node,
    scope: &Scope<'a>,
) -> Result<Val<'a>, String> {
    let Some(items) = items else { return Ok(Val::null()) };
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        let value = match right {
            Node::Current => item,
            _ => eval(right, Some(&item), scope)?,
        };
        if !value.is_null() {
            list.push(value);
        }
    }
    Ok(Val::List(list))
}

fn compared<'a>(compare: Compare, left: &Val<'a>, right: &Val<'a>) -> Val<'a> {
    match compare {
        Compare::Equal => Val::truth(left.equals(right)),
        Compare::NotEqual => Val::truth(!left.equals(right)),
        // The specification orders numbers only.
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => Val::truth(match compare {
                Compare::Less => left < right,
                Compare::LessOrEqual => left <= right,
                Compare::Greater => left > right,
                _ => left >= right,
            }),
            _ => Val::null(),
        },
    }
}

/// As Python slices.
fn slice(items: Vec<Val<'_>>, start: Option<i64>, stop: Option<i64>, step: i64) -> Val<'_> {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let bound = |given: Option<i64>, absent: i64| {
        let (least, most) = if step < 0 { (-1, length - 1) } else { (0, length) };
        match given {
            None => absent,
            Some(at) if at < 0 => at.saturating_add(length).max(least),
            Some(at) => at.min(most),
        }
    };
    let (mut at, end) = if step < 0 {
        (bound(start, length - 1), bound(stop, -1))
    } else {
        (bound(start, 0), bound(stop, length))
    };
    let mut list = Vec::new();
    while if step < 0 { at > end } else { at < end } {
        list.extend(usize::try_from(at).ok().and_then(|at| items.get(at)).cloned());
        at = at.saturating_add(step);
    }
    Val::List(list)
}

/// A function with its name and how many arguments it takes.
pub struct Declared {
    pub name: &'static str,
    pub least: usize,
    pub most: usize,
    pub run: for<'n, 'a, 's> fn(Call<'n, 'a, 's>) -> Result<Val<'a>, String>,
}

/// A function an expression calls.
#[derive(Clone, Copy)]
pub struct Function(&'static Declared);

impl Function {
    fn all() -> impl Iterator<Item = &'static Declared> {
        standard::FUNCTIONS.iter().chain(own::FUNCTIONS)
    }

    /// The function of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|declared| declared.name == name).map(Self)
    }

    /// The name most like it.
    pub fn nearest(name: &str) -> Option<&'static str> {
        crate::read::nearest(name, Self::all().map(|declared| declared.name))
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// How many arguments it takes, at least and at most.
    pub fn arity(self) -> (usize, usize) {
        (self.0.least, self.0.most)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.0.name == other.0.name
    }
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.name)
    }
}

/// A call: what a function gets.
pub struct Call<'n, 'a, 's> {
    pub name: &'static str,
    pub scope: &'s Scope<'a>,
    pub arguments: Vec<Argument<'n, 'a>>,
}

impl<'n, 'a> Call<'n, 'a, '_> {
    /// The error that argument `index` is not what was expected.
    pub fn wrong(&self, index: usize, expected: &str) -> String {
        let found = match self.arguments.get(index) {
            Some(Argument::Value(value)) => value.describe(),
            Some(Argument::Reference(_)) => "&…".to_owned(),
            None => "nothing".to_owned(),
        };
        format!("{}(), argument {}: expected {expected}, found {found}", self.name, index + 1)
    }

    /// The argument, a value.
    pub fn value(&self, index: usize) -> Result<&Val<'a>, String> {
        match self.arguments.get(index) {
            Some(Argument::Value(value)) => Ok(value),
            _ => Err(self.wrong(index, "a value")),
        }
    }

    /// The argument, a text.
    pub fn text(&self, index: usize) -> Result<&str, String> {
        self.value(index)?.as_text().ok_or_else(|| self.wrong(index, "text"))
    }

    /// The argument, a number.
    pub fn number(&self, index: usize) -> Result<super::number::Decimal, String> {
        self.value(index)?.as_number().ok_or_else(|| self.wrong(index, "a number"))
    }

    /// The argument, a list.
    pub fn list(&self, index: usize) -> Result<Vec<Val<'a>>, String> {
        self.value(index)?.items().ok_or_else(|| self.wrong(index, "a list"))
    }

    /// What the argument `&…` yields for `value`.
    pub fn apply(&self, index: usize, value: &Val<'a>) -> Result<Val<'a>, String> {
        match self.arguments.get(index) {
            Some(Argument::Reference(node)) => eval(node, Some(value), self.scope),
            _ => Err(self.wrong(index, "an expression (&…)")),
        }
    }
}
