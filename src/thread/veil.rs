//! Hides rows so that the browser's own search still finds what is folded away, where it can.

use js_sys::Reflect;
use leptos::prelude::document;
use wasm_bindgen::JsValue;
use web_sys::Element;

/// How rows are hidden. Made once for all that is hidden at once: words that cross to the browser for each
/// row cost more than hiding it.
pub struct Veil {
    hidden: JsValue,
    /// What `hidden` is of what may be found, where anything may.
    thin: Option<JsValue>,
}

impl Veil {
    /// With `is_findable`, what is hidden may be found and is then shown (HTML, "hidden until found").
    pub fn new(is_findable: bool) -> Self {
        let knows = || Reflect::has(&document(), &"onbeforematch".into()).unwrap_or_default();
        let thin = (is_findable && knows()).then(|| "until-found".into());
        Self { hidden: "hidden".into(), thin }
    }

    /// Whether the browser's search finds anything through it.
    pub fn is_thin(&self) -> bool {
        self.thin.is_some()
    }

    /// Shows an element.
    pub fn lift(&self, element: &Element) {
        self.set(element, &JsValue::FALSE);
    }

    /// Hides an element in the way that is quickest for one that is on the screen.
    pub fn lower(&self, element: &Element) {
        self.set(element, &JsValue::TRUE);
    }

    /// Hides an element; the browser's search finds what is in it, if it may.
    pub fn thin(&self, element: &Element) {
        self.set(element, self.thin.as_ref().unwrap_or(&JsValue::TRUE));
    }

    fn set(&self, element: &Element, to: &JsValue) {
        // Fails for no element of a page.
        let _ = Reflect::set(element, &self.hidden, to);
    }
}
