//! Views into nodes of the page, kept up to date by effects.
//!
//! A live view lies between two empty text nodes: whatever comes and goes between them, what is
//! around stays where it is. Nothing here can fail but what the browser refuses (an attribute's
//! name, say), and then that piece is missing and the rest is there.

use std::{any::Any, cell::RefCell, collections::HashMap, rc::Rc};

use leptos::prelude::*;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Document, Node, Text};

use crate::browser::yield_to_printed;

use super::{Attribute, Element, Item, View, later::later};

/// A view that is on the page. Dropping it ends its effects and listeners; its nodes stay.
pub struct Mounted {
    owner: Owner,
    kept: Kept,
}

impl Drop for Mounted {
    fn drop(&mut self) {
        // First what follows signals, then the signals.
        self.kept.0.clear();
        self.owner.cleanup();
    }
}

/// Effects and listeners: they live as long as their nodes.
#[derive(Default)]
pub(super) struct Kept(Vec<Box<dyn Any>>);

impl Kept {
    pub(super) fn keep(&mut self, what: impl Any) {
        self.0.push(Box::new(what));
    }
}

/// Puts a view at the end of `parent`, with an owner of its own for its signals.
pub fn mount(parent: &Node, view: impl FnOnce() -> View) -> Mounted {
    let owner = Owner::new();
    let mut kept = Kept::default();
    owner.with(|| build(view(), parent, None, &mut kept));
    Mounted { owner, kept }
}

/// The same, each part of what the view is made of in a task of its own, where a printed page is being read.
pub async fn mount_in_tasks(parent: &Node, view: impl FnOnce() -> View) -> Mounted {
    let owner = Owner::new();
    let mut kept = Kept::default();
    let parts = match owner.with(view) {
        View::Many(views) => views,
        view => vec![view],
    };
    for part in parts {
        yield_to_printed().await;
        owner.with(|| build(part, parent, None, &mut kept));
    }
    Mounted { owner, kept }
}

/// Puts a view at the end of `parent` as it is now: it follows nothing and listens to nothing.
///
/// For what is there in thousands, and changed by who made it.
pub fn place(parent: &Node, view: impl Into<View>) {
    build(view.into(), parent, None, &mut Kept::default());
}

pub(super) fn build(view: View, parent: &Node, before: Option<&Node>, kept: &mut Kept) {
    match view {
        View::Nothing => {}
        View::Text(text) => insert(parent, &document().create_text_node(&text), before),
        View::Element(element) => {
            if let Some(node) = element_node(element, kept) {
                insert(parent, &node, before);
            }
        }
        View::Many(views) => {
            for view in views {
                build(view, parent, before, kept);
            }
        }
        View::Live(view) => live(view, Region::new(parent, before), kept),
        View::Later(view) => later(view, Region::new(parent, before), kept),
        View::Keyed(Keyed { items, mount }) => mount(items, Region::new(parent, before), kept),
    }
}

fn insert(parent: &Node, node: &Node, before: Option<&Node>) {
    // Fails only if `before` is somebody else's child, and it is not.
    let _ = parent.insert_before(node, before);
}

fn element_node(element: Element, kept: &mut Kept) -> Option<web_sys::Element> {
    let element = element.into_parts();
    let node = document().create_element(element.tag).ok()?;
    for (name, value) in element.attributes {
        match value {
            Attribute::Absent => {}
            Attribute::Fixed(value) => set(&node, name, Some(&value)),
            Attribute::Live(value) => live_attribute(node.clone(), name, value, kept),
        }
    }
    for child in element.children {
        build(child, &node, None, kept);
    }
    for (event, listener) in element.listeners {
        let listener = Closure::<dyn FnMut(web_sys::Event)>::wrap(listener);
        let _ = node.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
        kept.keep(listener);
    }
    if let Some(bound) = element.bound {
        bound(node.clone());
    }
    Some(node)
}

fn set(node: &web_sys::Element, name: &str, value: Option<&str>) {
    // Fails only for a name that is none.
    let _ = match value {
        Some(value) => node.set_attribute(name, value),
        None => node.remove_attribute(name),
    };
}

fn live_attribute(
    node: web_sys::Element,
    name: &'static str,
    value: Box<dyn Fn() -> Option<String>>,
    kept: &mut Kept,
) {
    let effect = RenderEffect::new(move |last: Option<Option<String>>| {
        let value = value();
        if last.as_ref() != Some(&value) {
            set(&node, name, value.as_deref());
        }
        value
    });
    kept.keep(effect);
}

/// The place of a view that comes or changes: between two empty text nodes.
pub(super) struct Region {
    start: Text,
    end: Text,
}

impl Region {
    fn new(parent: &Node, before: Option<&Node>) -> Self {
        let region =
            Self { start: document().create_text_node(""), end: document().create_text_node("") };
        insert(parent, &region.start, before);
        insert(parent, &region.end, before);
        region
    }

    /// Puts a node at the end.
    fn append(&self, node: &Node) {
        if let Some(parent) = self.end.parent_node() {
            insert(&parent, node, Some(&self.end));
        }
    }

    /// Builds a view at the end.
    pub(super) fn fill(&self, view: View, kept: &mut Kept) {
        let made = document().create_document_fragment();
        build(view, &made, None, kept);
        self.append(&made);
    }

    pub(super) fn clear(&self) {
        remove_between(&self.start, &self.end);
    }

    fn remove(&self) {
        self.clear();
        self.start.remove();
        self.end.remove();
    }
}

fn remove_between(start: &Node, end: &Node) {
    let Some(parent) = end.parent_node() else { return };
    while let Some(node) = start.next_sibling() {
        if node.is_same_node(Some(end)) || parent.remove_child(&node).is_err() {
            break;
        }
    }
}

/// What a live view was made of last time.
enum Last {
    /// One run of characters: changed in place, so that what is selected stays so.
    Text(Text),
    Views {
        _kept: Kept,
    },
}

/// What an effect made last. Not in the effect itself: that may live a little longer than the view, and what
/// is within must follow nothing by then.
type Shown<T> = Rc<RefCell<Option<T>>>;

fn live(view: Box<dyn Fn() -> View>, region: Region, kept: &mut Kept) {
    let shown: Shown<Last> = Rc::default();
    let weak = Rc::downgrade(&shown);
    let effect = RenderEffect::new(move |_| {
        let Some(shown) = weak.upgrade() else { return };
        let view = view();
        let last = shown.borrow_mut().take();
        let next = match (view, last) {
            (View::Text(text), Some(Last::Text(node))) => {
                if node.data() != text {
                    node.set_data(&text);
                }
                Last::Text(node)
            }
            (View::Text(text), last) => {
                drop(last);
                region.clear();
                let node = document().create_text_node(&text);
                region.append(&node);
                Last::Text(node)
            }
            (view, last) => {
                let mut kept = Kept::default();
                let made = document().create_document_fragment();
                build(view, &made, None, &mut kept);
                drop(last);
                region.clear();
                region.append(&made);
                Last::Views { _kept: kept }
            }
        };
        *shown.borrow_mut() = Some(next);
    });
    kept.keep((effect, shown));
}

/// An item on the page, with an owner of its own: it outlives the run of the effect that made it.
struct Placed {
    region: Region,
    mounted: Mounted,
}

type Items = Box<dyn Fn() -> Vec<Item>>;

/// A keyed list, and what mounts it: named by who makes such a list, so that an app without one does not hold it.
pub struct Keyed {
    pub(super) items: Items,
    mount: fn(Items, Region, &mut Kept),
}

impl Keyed {
    /// See [`super::keyed`].
    pub fn new(items: impl Fn() -> Vec<Item> + 'static) -> Self {
        Self { items: Box::new(items), mount: keyed }
    }
}

fn keyed(items: Items, region: Region, kept: &mut Kept) {
    let outer = Owner::current();
    let shown: Shown<HashMap<u64, Placed>> = Rc::default();
    let weak = Rc::downgrade(&shown);
    let effect = RenderEffect::new(move |_| {
        let Some(shown) = weak.upgrade() else { return };
        let items = items();
        let mut last = shown.borrow_mut().take().unwrap_or_default();
        let mut next = HashMap::with_capacity(items.len());
        let mut at: Node = region.start.clone().into();
        for Item { key, view } in items {
            let placed = last.remove(&key).unwrap_or_else(|| {
                let made = document().create_document_fragment();
                let region = Region::new(&made, None);
                let owner = outer.as_ref().map_or_else(Owner::new, Owner::child);
                let mut kept = Kept::default();
                owner.with(|| build(untrack(view), &made, Some(&region.end), &mut kept));
                Placed { region, mounted: Mounted { owner, kept } }
            });
            // In order already, as nearly all are: nothing is moved.
            let follows = at.next_sibling();
            let in_place =
                follows.as_ref().is_some_and(|node| node.is_same_node(Some(&placed.region.start)));
            if !in_place {
                place_after(&at, follows.as_ref(), &placed.region);
            }
            at = placed.region.end.clone().into();
            next.insert(key, placed);
        }
        for (_, gone) in last {
            drop(gone.mounted);
            gone.region.remove();
        }
        *shown.borrow_mut() = Some(next);
    });
    kept.keep((effect, shown));
}

/// Moves a region, with all between its ends, before `next`.
fn place_after(at: &Node, next: Option<&Node>, region: &Region) {
    let Some(parent) = at.parent_node() else { return };
    let mut node: Option<Node> = Some(region.start.clone().into());
    while let Some(moving) = node {
        let is_last = moving.is_same_node(Some(&region.end));
        node = moving.next_sibling().filter(|_| !is_last);
        insert(&parent, &moving, next);
    }
}

fn document() -> Document {
    leptos::prelude::document()
}
