//! Elements: the one type every view is made of.
//!
//! Leptos gives the signals, effects, owners and contexts. Its `view!` is not used: it makes a type of
//! every piece of markup and compiles code for each, which for this app came to 320 KB of a first
//! visit (brotli) against a quarter of that here (`docs/architecture.md`, "Views"). It also writes
//! static markup through `innerHTML`, which Trusted Types forbid.
//!
//! ```
//! use haidang::view::{View, el};
//!
//! let name = "Hải Phòng";
//! let view = View::from(el("p").class("kicker").child("Cảng ").child(el("b").child(name)));
//! # #[cfg(not(target_arch = "wasm32"))]
//! assert_eq!(view.to_html(), r#"<p class="kicker">Cảng <b>Hải Phòng</b></p>"#);
//! ```
//!
//! What is given to [`Element::attr`] and [`Element::child`] is set once; [`Element::live_attr`] and
//! [`live`] follow the signals they read; [`later`] waits for the next frame. In the browser a view becomes nodes ([`mount`]), natively
//! it prints itself (`to_html`).

mod element;
mod later;
mod mount;
#[cfg(not(target_arch = "wasm32"))]
mod print;
mod root;

use std::borrow::Cow;

pub use element::{Attribute, Element, el};
pub use later::{build_rest, build_whole, next_frame};
pub use mount::{Mounted, mount, mount_in_tasks, place};
pub use root::{focused_beside, named_beside, selection_beside};

/// Something to show.
#[derive(Default)]
pub enum View {
    /// Nothing at all.
    #[default]
    Nothing,
    /// Characters.
    Text(Cow<'static, str>),
    /// An element.
    Element(Element),
    /// One after the other.
    Many(Vec<View>),
    /// See [`live`].
    Live(Box<dyn Fn() -> View>),
    /// See [`later`].
    Later(Box<dyn Fn() -> View>),
    /// See [`keyed`].
    Keyed(mount::Keyed),
}

/// An item of a keyed list: what makes it the same item, and how to make it where it is new.
pub struct Item {
    key: u64,
    view: Box<dyn FnOnce() -> View>,
}

impl Item {
    /// An item. Two of one list must not have the same key.
    pub fn new(key: u64, view: impl FnOnce() -> View + 'static) -> Self {
        Self { key, view: Box::new(view) }
    }
}

/// A view that is made anew when a signal it reads changes.
pub fn live<V: Into<View>>(view: impl Fn() -> V + 'static) -> View {
    View::Live(Box::new(move || view().into()))
}

/// A view that is built after the next frame: what is below the first screen. It is built once, and follows
/// what it reads only through live views of its own.
pub fn later<V: Into<View>>(view: impl Fn() -> V + 'static) -> View {
    View::Later(Box::new(move || view().into()))
}

/// A list that keeps the nodes of the items it keeps; `items` is asked again when a signal it reads
/// changes.
pub fn keyed(items: impl Fn() -> Vec<Item> + 'static) -> View {
    View::Keyed(mount::Keyed::new(items))
}

impl From<Element> for View {
    fn from(element: Element) -> Self {
        View::Element(element)
    }
}

impl From<String> for View {
    fn from(text: String) -> Self {
        View::Text(Cow::Owned(text))
    }
}

impl From<&'static str> for View {
    fn from(text: &'static str) -> Self {
        View::Text(Cow::Borrowed(text))
    }
}

impl From<()> for View {
    fn from((): ()) -> Self {
        View::Nothing
    }
}

impl<V: Into<View>> From<Option<V>> for View {
    fn from(view: Option<V>) -> Self {
        view.map_or(View::Nothing, Into::into)
    }
}

impl<V: Into<View>> From<Vec<V>> for View {
    fn from(views: Vec<V>) -> Self {
        View::Many(views.into_iter().map(Into::into).collect())
    }
}

impl<V: Into<View>, const N: usize> From<[V; N]> for View {
    fn from(views: [V; N]) -> Self {
        View::Many(views.into_iter().map(Into::into).collect())
    }
}

impl<V: Into<View>> FromIterator<V> for View {
    fn from_iter<I: IntoIterator<Item = V>>(views: I) -> Self {
        View::Many(views.into_iter().map(Into::into).collect())
    }
}
