//! The place under the reader's eye, found again in another version of the text.

use leptos::prelude::{document, window};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{pixels, scroll_to};

/// The place under the reader's eye: a block of the article's body, and how far from the top of the
/// window it begins.
pub struct Place {
    block: Option<Block>,
    /// Whether the end of the body is in the window or above it.
    is_at_end: bool,
    /// How far down the page, 0 to 1.
    proportion: f64,
}

/// A block of a body, named so that it is found in a body of other blocks.
struct Block {
    index: usize,
    /// How many the body has.
    total: usize,
    /// How many headings come before it or are it, and how many blocks after the last of them it is.
    heading: usize,
    after: usize,
    /// Pixels below the top of the window.
    top: f64,
}

impl Place {
    /// The place now.
    pub fn now() -> Self {
        let blocks = body_blocks();
        let (mut heading, mut after) = (0, 0);
        let mut found = None;
        for (index, block) in blocks.iter().enumerate() {
            (heading, after) =
                if is_heading(block) { (heading + 1, 0) } else { (heading, after + 1) };
            let rect = block.get_bounding_client_rect();
            if rect.bottom() > 0.0 {
                let (total, top) = (blocks.len(), rect.top());
                found = Some(Block { index, total, heading, after, top });
                break;
            }
        }
        // Above the body nothing needs to be held.
        let block = found.filter(|block| block.index > 0 || block.top < 0.0);
        let bottom = blocks.last().map(|block| block.get_bounding_client_rect().bottom());
        let window_height = window().inner_height().ok().and_then(|height| height.as_f64());
        let is_at_end = bottom < window_height;
        Self { block, is_at_end, proportion: window().scroll_y().unwrap_or_default() / height() }
    }

    /// Whether the reader sees more than the start of a text: has scrolled, or sees what comes after it.
    pub fn is_past_the_start(&self) -> bool {
        self.is_at_end || self.proportion > 0.0
    }

    /// Brings the same place back under the eye: the same block if the text has as many, else the one
    /// as far below the same heading, else the same proportion of the page. `false` if there is nothing to
    /// hold on to.
    pub fn restore(&self) -> bool {
        let Some(place) = &self.block else { return false };
        let blocks = body_blocks();
        let block = if blocks.len() == place.total {
            blocks.get(place.index)
        } else {
            place.near_heading(&blocks)
        };
        let y = match block {
            Some(block) => {
                let now = block.get_bounding_client_rect().top();
                window().scroll_y().unwrap_or_default() + now - place.top
            }
            None => self.proportion * height(),
        };
        scroll_to(pixels(y));
        true
    }
}

impl Block {
    /// The block as far below the same heading, or the last one there; `None` if that heading is not
    /// there.
    fn near_heading<'a>(&self, blocks: &'a [Element]) -> Option<&'a Element> {
        let (mut heading, mut after) = (0, 0);
        let mut nearest = None;
        for block in blocks {
            (heading, after) =
                if is_heading(block) { (heading + 1, 0) } else { (heading, after + 1) };
            if heading == self.heading && after <= self.after {
                nearest = Some(block);
            }
        }
        // Before the first heading, a text without any has nothing to go by.
        nearest.filter(|_| heading > 0)
    }
}

fn is_heading(block: &Element) -> bool {
    matches!(&*block.tag_name(), "H2" | "H3" | "H4" | "H5" | "H6")
}

pub(super) fn body_blocks() -> Vec<Element> {
    let Ok(nodes) = document().query_selector_all("[data-body] > :not(.later)") else {
        return Vec::new();
    };
    (0..nodes.length())
        .filter_map(|index| nodes.get(index).and_then(|node| node.dyn_into().ok()))
        .collect()
}

fn height() -> f64 {
    let root = document().document_element();
    f64::from(root.map_or(1, |root| root.scroll_height()).max(1))
}
