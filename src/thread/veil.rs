//! Hides rows so that the browser's own search still finds what is folded away, where it can.

use js_sys::Reflect;
use leptos::prelude::document;
use web_sys::Element;

/// How rows are hidden.
#[derive(Clone, Copy)]
pub struct Veil {
    is_thin: bool,
}

impl Veil {
    /// With `is_findable`, what is hidden may be found and is then shown (HTML, "hidden until found").
    pub fn new(is_findable: bool) -> Self {
        let knows = || Reflect::has(&document(), &"onbeforematch".into()).unwrap_or_default();
        Self { is_thin: is_findable && knows() }
    }

    /// Shows or hides an element, in the way that is quickest for one that is on the screen.
    pub fn set(self, element: &Element, is_shown: bool) {
        // Fails only for a name that is none.
        let _ = if is_shown {
            element.remove_attribute("hidden")
        } else {
            element.set_attribute("hidden", "")
        };
    }

    /// Has the browser's search find what is in a hidden element, if it may.
    pub fn thin(self, element: &Element) {
        if self.is_thin {
            // Fails only for a name that is none.
            let _ = element.set_attribute("hidden", "until-found");
        }
    }
}
