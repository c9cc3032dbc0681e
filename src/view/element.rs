//! An element and how it is put together.

use std::borrow::Cow;

use super::View;

/// An element of HTML: see [`el`]. A single pointer, because views hand elements about all the time.
pub struct Element(Box<Parts>);

pub(super) struct Parts {
    pub tag: &'static str,
    pub attributes: Vec<(&'static str, Attribute)>,
    pub children: Vec<View>,
    pub listeners: Vec<(&'static str, Listener)>,
    pub bound: Option<Box<dyn FnOnce(web_sys::Element)>>,
}

pub(super) type Listener = Box<dyn FnMut(web_sys::Event)>;

/// The value of an attribute.
pub enum Attribute {
    /// The attribute is not there.
    Absent,
    /// Set once.
    Fixed(Cow<'static, str>),
    /// Follows the signals it reads; `None` takes the attribute away.
    Live(Box<dyn Fn() -> Option<String>>),
}

/// A new element without attributes or children.
#[inline(never)]
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
        listeners: Vec::new(),
        bound: None,
    }))
}

/// What is generic here only converts; the work is in functions that are compiled once.
impl Element {
    /// Sets an attribute once: a text, a number, `true` for one without value; `None` and `false`
    /// leave it out.
    #[inline(never)]
    pub fn attr(self, name: &'static str, value: impl Into<Attribute>) -> Self {
        self.with_attribute(name, value.into())
    }

    /// Sets the classes.
    #[inline(never)]
    pub fn class(self, value: &'static str) -> Self {
        self.with_attribute("class", Attribute::Fixed(Cow::Borrowed(value)))
    }

    /// Sets an attribute that follows the signals `value` reads; `None` takes it away.
    #[inline(never)]
    pub fn live_attr<T: Into<Option<String>>>(
        self,
        name: &'static str,
        value: impl Fn() -> T + 'static,
    ) -> Self {
        self.with_attribute(name, Attribute::Live(Box::new(move || value().into())))
    }

    /// Adds a child at the end.
    #[inline(never)]
    pub fn child(self, child: impl Into<View>) -> Self {
        self.with_child(child.into())
    }

    /// Calls `listener` for every `event`.
    #[inline(never)]
    pub fn on(self, event: &'static str, listener: impl FnMut(web_sys::Event) + 'static) -> Self {
        self.with_listener(event, Box::new(listener))
    }

    /// Hands over the browser's element once it is made, before it is on the page.
    pub fn bind(mut self, bound: impl FnOnce(web_sys::Element) + 'static) -> Self {
        self.0.bound = Some(Box::new(bound));
        self
    }

    #[inline(never)]
    fn with_attribute(mut self, name: &'static str, value: Attribute) -> Self {
        if !matches!(value, Attribute::Absent) {
            self.0.attributes.push((name, value));
        }
        self
    }

    #[inline(never)]
    fn with_child(mut self, child: View) -> Self {
        if !matches!(child, View::Nothing) {
            self.0.children.push(child);
        }
        self
    }

    #[inline(never)]
    fn with_listener(mut self, event: &'static str, listener: Listener) -> Self {
        self.0.listeners.push((event, listener));
        self
    }

    pub(super) fn into_parts(self) -> Parts {
        *self.0
    }

    #[cfg(not(target_arch = "wasm32"))]
    pub(super) fn parts(&self) -> &Parts {
        &self.0
    }
}

impl From<&'static str> for Attribute {
    fn from(text: &'static str) -> Self {
        Attribute::Fixed(Cow::Borrowed(text))
    }
}

impl From<String> for Attribute {
    fn from(text: String) -> Self {
        Attribute::Fixed(Cow::Owned(text))
    }
}

impl From<bool> for Attribute {
    fn from(is_set: bool) -> Self {
        if is_set { Attribute::Fixed(Cow::Borrowed("")) } else { Attribute::Absent }
    }
}

impl From<u32> for Attribute {
    fn from(number: u32) -> Self {
        Attribute::Fixed(Cow::Owned(number.to_string()))
    }
}

impl<T: Into<Attribute>> From<Option<T>> for Attribute {
    fn from(value: Option<T>) -> Self {
        value.map_or(Attribute::Absent, Into::into)
    }
}
