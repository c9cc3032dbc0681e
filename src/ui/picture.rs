//! A picture in the size the screen needs.

use haidang_engine::model::Image;

use crate::view::{Element, el};

/// The `<img>` of a picture; `sizes` as in HTML, `eager` for what is seen first.
pub fn picture(image: &Image, sizes: &'static str, eager: bool) -> Element {
    let set = image
        .sizes
        .iter()
        .map(|size| format!("{} {}w", size.url.replace(' ', "%20"), size.width))
        .collect::<Vec<_>>()
        .join(", ");
    let has_set = !set.is_empty();
    // `src` last: a browser may begin to load when it is set, by what it knows until then.
    el("img")
        .attr("loading", (!eager).then_some("lazy"))
        .attr("fetchpriority", eager.then_some("high"))
        .attr("decoding", (!eager).then_some("async"))
        .attr("width", image.width)
        .attr("height", image.height)
        .attr("alt", image.alt.clone())
        .attr("sizes", has_set.then_some(sizes))
        .attr("srcset", has_set.then_some(set))
        .attr("src", image.url.clone())
}
