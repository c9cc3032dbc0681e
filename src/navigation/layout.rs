//! How much of the page is laid out: all of it, or what is on the screen first.

use js_sys::Date;
use leptos::prelude::document;

use super::place::body_blocks;
use crate::{
    browser::breathe,
    view::{build_whole, next_frame},
};

/// On the root of a printed page, which has the first screen of its text laid out before the rest, and so has what
/// takes its place; set by the start-up script.
const FIRST_SCREEN: &str = "data-first-screen";
/// On a block of such a text that is laid out.
const LAID_OUT: &str = "data-laid-out";
/// Milliseconds that laying out takes in one go.
const SLICE: f64 = 4.0;

/// Lays the page out whole, or, which is the rule, what is far from the screen only when it comes near
/// (`style/adapt.css`). A place further down is where it seems only in a page of real heights, and of all
/// its parts.
pub fn lay_out_whole(is_whole: bool) {
    build_whole(is_whole);
    let Some(root) = document().document_element() else { return };
    // An attribute of a valid name can be set.
    let _ = root.toggle_attribute_with_force("data-whole", is_whole);
}

/// Lays out the whole text, if that is not so already.
pub fn lay_out_text() {
    if let Some(root) = document().document_element() {
        let _ = root.remove_attribute(FIRST_SCREEN);
    }
}

/// Lays out what is below the first screen of the text once that is shown, some of it in each task.
pub async fn lay_out_text_in_tasks() {
    let Some(root) = document().document_element() else { return };
    next_frame().await;
    let mut began = Date::now();
    for block in body_blocks() {
        if Date::now() - began > SLICE {
            breathe().await;
            began = Date::now();
        }
        // Something else is read, perhaps.
        if !root.has_attribute(FIRST_SCREEN) {
            return;
        }
        let _ = block.set_attribute(LAID_OUT, "");
        // Laid out by this question.
        let _ = block.get_bounding_client_rect();
    }
    lay_out_text();
}
