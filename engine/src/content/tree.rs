//! What the policy needs to know of a parsed body, whoever parsed it.

use std::{borrow::Cow, cell::Cell};

use super::{Content, builder::Builder, policy};

/// What both parsers put before a body: no quirks, no `head` and no `frameset`, so that the same
/// text gives the same tree.
pub const PROLOGUE: &str = "<!DOCTYPE html><body>";

/// A parsed body. In the browser each call crosses from WebAssembly, so there are few.
pub trait Tree {
    /// A node of it.
    type Node;

    /// What the node is.
    fn see<'a>(&'a self, node: &'a Self::Node) -> Seen<'a>;

    /// The value of an attribute of an element.
    fn attribute(&self, node: &Self::Node, name: &str) -> Option<String>;

    /// Its first child.
    fn first_child(&self, node: &Self::Node) -> Option<Self::Node>;

    /// The node after it with the same parent.
    fn next_sibling(&self, node: &Self::Node) -> Option<Self::Node>;
}

/// What a node is.
pub enum Seen<'a> {
    /// Characters.
    Text(Cow<'a, str>),
    /// An element.
    Element {
        /// The local name, in small letters if it is HTML's.
        name: Cow<'a, str>,
        /// Of SVG or MathML.
        foreign: bool,
        /// Whether it has any attribute.
        attributes: bool,
    },
    /// A comment or the like.
    Other,
}

/// Reads attributes by name.
pub(super) type Attributes<'a> = &'a dyn Fn(&str) -> Option<String>;

/// An element, for the policy.
pub(super) struct Element<'a> {
    pub name: &'a str,
    pub foreign: bool,
    pub attributes: Option<Attributes<'a>>,
}

impl Element<'_> {
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.and_then(|attribute| attribute(name))
    }
}

/// The blocks of what is below `root`; relative addresses are resolved against `base`, that of the
/// source the body came from (empty: they stay).
pub fn blocks<T: Tree>(tree: &T, root: &T::Node, base: &str) -> Content {
    let mut walk = Walk::new(tree, root, base);
    while walk.step() {}
    walk.finish()
}

/// A body that is being read, node by node: whoever reads one where others wait stops in between.
pub struct Walk<'a, T: Tree> {
    tree: &'a T,
    builder: Builder,
    /// Not recursive: how deep a body is nested is up to whoever sent it.
    ancestors: Vec<T::Node>,
    next: Option<T::Node>,
}

impl<'a, T: Tree> Walk<'a, T> {
    /// Begins to read what is below `root`; relative addresses are resolved as by [`blocks`].
    pub fn new(tree: &'a T, root: &T::Node, base: &str) -> Self {
        let next = tree.first_child(root);
        Self { tree, builder: Builder::new(base), ancestors: Vec::new(), next }
    }

    /// Reads the next node; `false` at the end.
    pub fn step(&mut self) -> bool {
        if self.builder.is_full() {
            return false;
        }
        let Some(node) = self.next.take() else {
            let Some(parent) = self.ancestors.pop() else { return false };
            self.builder.close();
            self.next = self.tree.next_sibling(&parent);
            return true;
        };
        self.builder.count();
        let enter = match self.tree.see(&node) {
            Seen::Text(text) => {
                self.builder.text(&text);
                false
            }
            Seen::Element { name, foreign, attributes } => {
                let read = Cell::new(0);
                let attribute = |name: &str| {
                    let value = self.tree.attribute(&node, name);
                    read.set(read.get() + value.as_ref().map_or(0, String::len));
                    value
                };
                let attributes: Option<Attributes<'_>> =
                    if attributes { Some(&attribute) } else { None };
                let element = Element { name: &name, foreign, attributes };
                let enter = policy::open(&mut self.builder, &element);
                self.builder.count_read(read.get());
                enter
            }
            Seen::Other => false,
        };
        if enter {
            self.next = self.tree.first_child(&node);
            self.ancestors.push(node);
        } else {
            self.next = self.tree.next_sibling(&node);
        }
        true
    }

    /// What has been read.
    pub fn finish(self) -> Content {
        self.builder.finish()
    }
}
