//! Chunks of rows: which rows are in which, with as little moved as can be.

use haidang_engine::thread::NodeId;
use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::{Element as Node, HtmlElement};

use super::near::Near;

/// Rows in a chunk that is made.
const SIZE: usize = 64;
/// Rows that a chunk may grow to before it is cut.
const LARGEST: usize = 128;

/// Some rows that follow each other.
pub struct Chunk {
    /// The element they are in.
    pub list: Node,
    /// Names it to the browser.
    pub name: u32,
    /// The rows, whether made or not.
    pub nodes: Vec<NodeId>,
    /// Whether all rows are made and in it, in order.
    pub is_filled: bool,
    /// Whether any of its rows shows.
    pub is_shown: bool,
    /// Whether it is within a screen of the viewport.
    pub is_near: bool,
    /// Whether its rows are awake, or being woken.
    pub is_awake: bool,
    /// Whether there are rows that are still to be woken.
    pub is_waking: bool,
    /// Whether rows of it are hidden from the browser's search as well, until there is time.
    pub is_thick: bool,
}

impl Chunk {
    fn new(nodes: &[NodeId], near: &Near) -> Option<Self> {
        let list = document().create_element("ol").ok()?;
        list.set_class_name("chunk");
        // Fails only for a name that is none.
        let _ = list.set_attribute("role", "presentation");
        let name = near.watch(&list);
        let mut chunk = Self {
            list,
            name,
            nodes: Vec::new(),
            is_filled: false,
            is_shown: true,
            is_near: false,
            is_awake: false,
            is_waking: false,
            is_thick: false,
        };
        chunk.assign(nodes);
        Some(chunk)
    }

    fn assign(&mut self, nodes: &[NodeId]) {
        self.nodes = nodes.to_vec();
        self.is_filled = false;
        // As high as its rows will be, about, until they are there.
        if let Some(list) = self.list.dyn_ref::<HtmlElement>() {
            let _ = list.style().set_property("--rows", &nodes.len().to_string());
        }
        let _ = self.list.set_attribute("data-waits", "");
    }
}

/// Puts rows in a chunk's element, in order; what is there and in order is not touched.
pub fn place<'a>(list: &Node, items: impl Iterator<Item = &'a Node>) {
    let mut next = list.first_element_child();
    for item in items {
        if next.as_ref() == Some(item) {
            next = item.next_element_sibling();
            continue;
        }
        // Fails only where a node would be within itself.
        let _ = list.insert_before(item, next.as_ref().map(AsRef::as_ref));
    }
    while let Some(stranger) = next {
        next = stranger.next_element_sibling();
        stranger.remove();
    }
    let _ = list.remove_attribute("data-waits");
}

/// Makes the chunks within `within` hold `order`; those whose rows are the same stay as they are. Whether any
/// had to change.
pub fn arrange(within: &Node, chunks: &mut Vec<Chunk>, order: &[NodeId], near: &Near) -> bool {
    let mut rest = order;
    let mut head = 0;
    while let Some(chunk) = chunks.get(head)
        && let Some(after) = rest.strip_prefix(chunk.nodes.as_slice())
    {
        rest = after;
        head += 1;
    }
    let mut tail = chunks.len();
    while tail > head
        && let Some(chunk) = chunks.get(tail - 1)
        && let Some(before) = rest.strip_suffix(chunk.nodes.as_slice())
    {
        rest = before;
        tail -= 1;
    }
    if head == tail && rest.is_empty() {
        return false;
    }
    let mut old: Vec<Chunk> = chunks.splice(head..tail, []).collect();
    old.reverse();
    // What grew a little stays one.
    let size = if rest.len() <= LARGEST && !old.is_empty() { LARGEST } else { SIZE };
    let mut before = head.checked_sub(1).and_then(|last| chunks.get(last)).map(|c| c.list.clone());
    let mut made = Vec::new();
    for nodes in rest.chunks(size) {
        let chunk = match old.pop() {
            Some(mut chunk) => {
                chunk.assign(nodes);
                Some(chunk)
            }
            None => Chunk::new(nodes, near),
        };
        let Some(chunk) = chunk else { continue };
        let next = match &before {
            Some(before) => before.next_sibling(),
            None => within.first_child(),
        };
        if next.as_ref() != Some(chunk.list.as_ref()) {
            // Fails only where a node would be within itself.
            let _ = within.insert_before(&chunk.list, next.as_ref());
        }
        before = Some(chunk.list.clone());
        made.push(chunk);
    }
    for chunk in old {
        near.forget(&chunk.list);
        chunk.list.remove();
    }
    chunks.splice(head..head, made);
    true
}
