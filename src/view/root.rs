//! The tree a node stands in: the page, or the shadow root of an element in somebody else's page. What has the
//! focus, and what an `id` names, is a matter of that tree.

use js_sys::{Function, Reflect};
use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node, Selection, ShadowRoot};

/// What has the focus in the tree of `node`.
pub fn focused_beside(node: &Node) -> Option<Element> {
    match node.get_root_node().dyn_into::<ShadowRoot>() {
        Ok(root) => root.active_element(),
        Err(_) => document().active_element(),
    }
}

/// The element of this id in the tree of `node`; none for an empty one, at which browsers warn.
pub fn named_beside(node: &Node, id: &str) -> Option<Element> {
    if id.is_empty() {
        return None;
    }
    match node.get_root_node().dyn_into::<ShadowRoot>() {
        Ok(root) => root.get_element_by_id(id),
        Err(_) => document().get_element_by_id(id),
    }
}

/// What is selected, as far as the tree of `node` is told.
pub fn selection_beside(node: &Node) -> Option<Selection> {
    let root = node.get_root_node();
    // A document has it; of shadow roots, only Chromium's do.
    let own = Reflect::get(&root, &"getSelection".into()).ok()?.dyn_into::<Function>();
    match own {
        Ok(own) => own.call0(&root).ok()?.dyn_into().ok(),
        Err(_) => window().get_selection().ok()?,
    }
}
