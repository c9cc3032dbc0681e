//! Where keyboard and screen reader are, and where a step puts them.

use leptos::prelude::{document, request_animation_frame};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use crate::view::named_beside;

/// Puts focus on the page's heading, so that keyboard and screen reader start there.
pub fn focus_heading() {
    focus(document().query_selector("main h1").ok().flatten());
}

/// Puts focus on the first link with this `href`, as written, that is for everybody; `false` if there is none.
pub fn focus_link(href: &str) -> bool {
    let Ok(links) = document().query_selector_all("a[href]:not([aria-hidden])") else {
        return false;
    };
    for index in 0..links.length() {
        let link = links.get(index).and_then(|link| link.dyn_into::<Element>().ok());
        if let Some(link) = link
            && link.get_attribute("href").as_deref() == Some(href)
        {
            focus(Some(link));
            return true;
        }
    }
    false
}

/// What has focus; `None` if that is nothing but the page.
pub fn focused() -> Option<Element> {
    document().active_element().filter(|element| element.tag_name() != "BODY")
}

/// Takes the focus off what may be about to go, and gives what it was on. Where the focus is on what is removed, a
/// browser first works out how all looks that is still there by then. What is typed in stays as it is.
pub fn unfocus() -> Option<Element> {
    const MAY_GO: &str = "main :not(input, select, textarea, [contenteditable])";
    let element = focused().filter(|element| element.matches(MAY_GO).unwrap_or_default())?;
    element.dyn_ref::<HtmlElement>()?.blur().ok()?;
    Some(element)
}

/// Scrolls to the element of a fragment, as it stands in an address, and puts focus there; `false` if
/// there is none.
pub fn focus_fragment(fragment: &str) -> bool {
    focus_named(&document(), fragment)
}

/// As [`focus_fragment`], of the tree that `node` stands in.
pub fn focus_named(node: &Node, fragment: &str) -> bool {
    // HTML, "find a potential indicated element": as written, then decoded.
    let decoded = || js_sys::decode_uri_component(fragment).ok().map(String::from);
    let element = named_beside(node, fragment);
    let element = element.or_else(|| named_beside(node, &decoded()?));
    let found = element.is_some();
    if let Some(element) = &element {
        focus_on(element);
    }
    found
}

/// Scrolls to an element and puts focus there.
pub fn focus_on(element: &Element) {
    // Laid out by this question. Firefox does not scroll to what has just come into a part that it skips
    // (`content-visibility`) before it is.
    let _ = element.get_bounding_client_rect();
    element.scroll_into_view();
    focus(Some(element.clone()));
}

/// Puts focus on an element, and leaves the page where it is.
pub fn focus_in_place(element: &Element) {
    focus(Some(element.clone()));
}

/// As [`focus_in_place`], of what will be on the page with the next frame.
pub fn focus_soon(element: Element) {
    request_animation_frame(move || focus_in_place(&element));
}

fn focus(element: Option<Element>) {
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else {
        return;
    };
    // What can have the focus by itself stays where it is in the order of the keyboard.
    if element.tab_index() < 0 && !element.has_attribute("tabindex") {
        element.set_tab_index(-1);
    }
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails for an element that is not shown, which then needs no focus.
    let _ = element.focus_with_options(&options);
}
