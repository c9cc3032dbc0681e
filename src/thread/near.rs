//! Which elements are within a screen of the viewport.

use std::{cell::Cell, rc::Rc};

use js_sys::Array;
use send_wrapper::SendWrapper;
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Where the number of an element is.
const NAME: &str = "data-chunk";

/// Watches elements.
#[derive(Clone)]
pub struct Near(Rc<SendWrapper<Inner>>);

struct Inner {
    observer: Option<IntersectionObserver>,
    next: Cell<u32>,
    _call: Closure<dyn Fn(Array)>,
}

impl Near {
    /// Calls with the number of each element that comes near or goes, and which of the two it is.
    pub fn new(call: impl Fn(u32, bool) + 'static) -> Self {
        let call = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
            for entry in entries.iter() {
                let Ok(entry) = entry.dyn_into::<IntersectionObserverEntry>() else { continue };
                let name = entry.target().get_attribute(NAME);
                if let Some(name) = name.and_then(|name| name.parse().ok()) {
                    call(name, entry.is_intersecting());
                }
            }
        });
        let options = IntersectionObserverInit::new();
        options.set_root_margin("100%");
        let function = call.as_ref().unchecked_ref();
        let observer = IntersectionObserver::new_with_options(function, &options).ok();
        Self(Rc::new(SendWrapper::new(Inner { observer, next: Cell::new(1), _call: call })))
    }

    /// Watches an element; its number.
    pub fn watch(&self, element: &Element) -> u32 {
        let name = self.0.next.get();
        self.0.next.set(name + 1);
        // Fails only for a name that is none.
        let _ = element.set_attribute(NAME, &name.to_string());
        if let Some(observer) = &self.0.observer {
            observer.observe(element);
        }
        name
    }

    /// Watches it no more.
    pub fn forget(&self, element: &Element) {
        if let Some(observer) = &self.0.observer {
            observer.unobserve(element);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
    }
}
