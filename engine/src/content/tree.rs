//! What the policy needs to know of a parsed body, whoever parsed it.

use std::borrow::Cow;

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
    let mut builder = Builder::new(base);
    // Not recursive: how deep a body is nested is up to whoever sent it.
    let mut ancestors = Vec::new();
    let mut next = tree.first_child(root);
    while !builder.is_full() {
        let Some(node) = next else {
            let Some(parent) = ancestors.pop() else { break };
            builder.close();
            next = tree.next_sibling(&parent);
            continue;
        };
        builder.count();
        let enter = match tree.see(&node) {
            Seen::Text(text) => {
                builder.text(&text);
                false
            }
            Seen::Element { name, foreign, attributes } => {
                let attribute = |name: &str| tree.attribute(&node, name);
                let attributes: Option<Attributes<'_>> =
                    if attributes { Some(&attribute) } else { None };
                policy::open(&mut builder, &Element { name: &name, foreign, attributes })
            }
            Seen::Other => false,
        };
        if !enter {
            next = tree.next_sibling(&node);
            continue;
        }
        next = tree.first_child(&node);
        ancestors.push(node);
    }
    builder.finish()
}
