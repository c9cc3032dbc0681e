//! The browser's parser for bodies: `DOMParser` makes an inert tree, the engine's policy walks it.

use std::borrow::Cow;

use haidang_engine::content::{
    Content,
    tree::{PROLOGUE, Seen, Tree, Walk, blocks},
};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::backend::trusted;

/// Nodes that are read in one task.
const SLICE: usize = 150;

/// A body of HTML as blocks; relative addresses are resolved against `base`, that of its source.
pub fn parse_html(html: &str, base: &str) -> Content {
    match parse(html) {
        Some(body) => blocks(&Dom, &body, base),
        None => unread(),
    }
}

/// The same, in pieces; `end_task` comes between them.
pub async fn parse_html_in_tasks(html: &str, base: &str, end_task: impl AsyncFn()) -> Content {
    let Some(body) = parse(html) else { return unread() };
    let mut walk = Walk::new(&Dom, &body, base);
    loop {
        end_task().await;
        if !(0..SLICE).all(|_| walk.step()) {
            break;
        }
    }
    end_task().await;
    walk.finish()
}

fn parse(html: &str) -> Option<Node> {
    Some(trusted::parse(&[PROLOGUE, html].concat())?.body()?.into())
}

fn unread() -> Content {
    Content {
        problems: vec!["the browser did not parse the body".to_owned()],
        ..Content::default()
    }
}

/// Each node costs few calls out of WebAssembly, and a string only where it is needed.
struct Dom;

impl Tree for Dom {
    type Node = Node;

    fn see<'a>(&'a self, node: &'a Node) -> Seen<'a> {
        match node.node_type() {
            Node::TEXT_NODE => Seen::Text(Cow::Owned(node.node_value().unwrap_or_default())),
            Node::ELEMENT_NODE => {
                // DOM, "HTML-uppercased qualified name": only elements of HTML are in capitals.
                let mut name = node.node_name();
                let foreign = name.starts_with(|first: char| first.is_ascii_lowercase());
                name.make_ascii_lowercase();
                let attributes = node.unchecked_ref::<Element>().has_attributes();
                Seen::Element { name: Cow::Owned(name), foreign, attributes }
            }
            _ => Seen::Other,
        }
    }

    fn attribute(&self, node: &Node, name: &str) -> Option<String> {
        // Asked of elements only.
        node.unchecked_ref::<Element>().get_attribute(name)
    }

    fn first_child(&self, node: &Node) -> Option<Node> {
        node.first_child()
    }

    fn next_sibling(&self, node: &Node) -> Option<Node> {
        node.next_sibling()
    }
}
