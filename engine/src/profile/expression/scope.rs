//! What an expression can see.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use serde_json::Value;

use super::{
    Expression,
    value::{Val, object},
};

/// Parts within parts: deeper ones yield null, and a note.
pub const MAX_PART_DEPTH: usize = 24;

/// A table that `lookup` looks into, by key.
pub type Table<'a> = HashMap<String, Cow<'a, Value>>;

/// Makes the table of a name, if there is one, of what a scope sees.
type Make<'a> = dyn Fn(&str, &Scope<'a>) -> Result<Option<Table<'a>>, String> + 'a;

/// The tables, each made when it is first looked into: most answers need few of them.
pub struct Tables<'a> {
    make: Box<Make<'a>>,
    made: RefCell<HashMap<String, Option<Rc<Table<'a>>>>>,
}

impl<'a> Tables<'a> {
    /// Tables that are made by `make`.
    pub fn new(make: impl Fn(&str, &Scope<'a>) -> Result<Option<Table<'a>>, String> + 'a) -> Self {
        Self { make: Box::new(make), made: RefCell::default() }
    }

    pub(super) fn get(
        &self,
        name: &str,
        scope: &Scope<'a>,
    ) -> Result<Option<Rc<Table<'a>>>, String> {
        if let Some(made) = self.made.borrow().get(name) {
            return Ok(made.clone());
        }
        // A table that looks into itself finds nothing there.
        self.made.borrow_mut().insert(name.to_owned(), None);
        let table = (self.make)(name, scope)?.map(Rc::new);
        self.made.borrow_mut().insert(name.to_owned(), table.clone());
        Ok(table)
    }
}

/// The names an expression can see, and the profile's tables and parts.
#[derive(Default)]
pub struct Scope<'a> {
    names: Vec<(&'a str, Val<'a>)>,
    pub(super) tables: Option<Rc<Tables<'a>>>,
    pub(super) parts: &'a [(String, Expression)],
    depth: usize,
    /// How deep the evaluation is.
    pub(super) steps: Cell<usize>,
    notes: RefCell<Vec<String>>,
    /// What `let` has defined, the innermost last.
    variables: RefCell<Vec<(String, Val<'a>)>>,
}

impl<'a> Scope<'a> {
    /// A scope with these parts.
    pub fn new(parts: &'a [(String, Expression)]) -> Self {
        Self { parts, ..Self::default() }
    }

    /// Gives it tables to look into.
    pub fn set_tables(&mut self, tables: Tables<'a>) {
        self.tables = Some(Rc::new(tables));
    }

    /// Gives `name` a value.
    pub fn set(&mut self, name: &'a str, value: &'a Value) {
        self.put(name, Val::Ref(value));
    }

    /// As [`Scope::set`], of something found.
    pub fn set_found(&mut self, name: &'a str, value: Cow<'a, Value>) {
        self.put(
            name,
            match value {
                Cow::Borrowed(value) => Val::Ref(value),
                Cow::Owned(value) => Val::Own(value),
            },
        );
    }

    pub(super) fn put(&mut self, name: &'a str, value: Val<'a>) {
        match self.names.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.names.push((name, value)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Val<'a> {
        let found = self.names.iter().find(|(known, _)| *known == name);
        found.map_or_else(Val::null, |(_, value)| value.clone())
    }

    /// All of it, as one object.
    pub(super) fn all(&self) -> Val<'a> {
        let mut all = object([]);
        for (name, value) in &self.names {
            all.insert((*name).to_owned(), value.clone().into_value());
        }
        Val::Own(Value::Object(all))
    }

    /// The same with another `item`, one part deeper; `None` if that is too deep.
    pub(super) fn within(&self, item: Val<'a>) -> Option<Self> {
        let mut inner = Self {
            names: self.names.clone(),
            tables: self.tables.clone(),
            parts: self.parts,
            depth: self.depth + 1,
            steps: self.steps.clone(),
            notes: RefCell::default(),
            // A part sees what it is given, not what its caller has defined.
            variables: RefCell::default(),
        };
        inner.put("item", item);
        (inner.depth <= MAX_PART_DEPTH).then_some(inner)
    }

    /// How many names `let` has defined.
    pub(super) fn variables(&self) -> usize {
        self.variables.borrow().len()
    }

    pub(super) fn define(&self, name: &str, value: Val<'a>) {
        self.variables.borrow_mut().push((name.to_owned(), value));
    }

    /// Forgets all but the first `kept`.
    pub(super) fn forget(&self, kept: usize) {
        self.variables.borrow_mut().truncate(kept);
    }

    pub(super) fn variable(&self, name: &str) -> Option<Val<'a>> {
        let variables = self.variables.borrow();
        variables.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    pub(super) fn note(&self, note: String) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    /// Takes what was noted since the last time.
    pub fn take_notes(&self) -> Vec<String> {
        self.notes.take()
    }
}
