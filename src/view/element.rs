//! An element and how it is put together.

use std::borrow::Cow;

use super::View;

/// An element of HTML: see [`el`].
pub struct Element {
    pub(super) tag: &'static str,
    pub(super) attributes: Vec<(&'static str, Attribute)>,
    pub(super) children: Vec<View>,
    pub(super) listeners: Vec<(&'static str, Listener)>,
    pub(super) bound: Option<Box<dyn FnOnce(web_sys::Element)>>,
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
pub fn el(tag: &'static str) -> Element {
    Element {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
        listeners: Vec::new(),
        bound: None,
    }
}

impl Element {
    /// Sets an attribute once: a text, a number, `true` for one without value; `None` and `false`
    /// leave it out.
    pub fn attr(mut self, name: &'static str, value: impl Into<Attribute>) -> Self {
        self.attributes.push((name, value.into()));
        self
    }

    /// Sets the classes.
    pub fn class(self, value: &'static str) -> Self {
        self.attr("class", value)
    }

    /// Sets an attribute that follows the signals `value` reads; `None` takes it away.
    pub fn live_attr<T: Into<Option<String>>>(
        mut self,
        name: &'static str,
        value: impl Fn() -> T + 'static,
    ) -> Self {
        self.attributes.push((name, Attribute::Live(Box::new(move || value().into()))));
        self
    }

    /// Adds a child at the end.
    pub fn child(mut self, child: impl Into<View>) -> Self {
        self.children.push(child.into());
        self
    }

    /// Calls `listener` for every `event`.
    pub fn on(
        mut self,
        event: &'static str,
        listener: impl FnMut(web_sys::Event) + 'static,
    ) -> Self {
        self.listeners.push((event, Box::new(listener)));
        self
    }

    /// Hands over the browser's element once it is made, before it is on the page.
    pub fn bind(mut self, bound: impl FnOnce(web_sys::Element) + 'static) -> Self {
        self.bound = Some(Box::new(bound));
        self
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
