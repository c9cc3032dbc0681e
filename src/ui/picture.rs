//! A picture in the size the screen needs; where data is to be saved, once it is tapped.

use haidang_engine::model::Image;
use leptos::prelude::*;

use crate::{
    backend::kept,
    i18n::{I18n, msg},
    navigation::focus_soon,
    site::Site,
    view::{Element, View, el, live},
};

/// Whether a picture waits until the reader taps: data is to be saved, and it is not on the device.
pub fn is_veiled(site: Site, image: &Image) -> bool {
    site.saves_data() && kept::picture(image).is_none()
}

/// What `picture` makes of a picture, or the button that it waits behind, with what it shows in words.
pub fn unveiled(
    site: Site,
    i18n: I18n,
    image: &Image,
    picture: impl Fn(&Image) -> Element + 'static,
) -> View {
    if !is_veiled(site, image) {
        return picture(image).into();
    }
    let is_wanted = RwSignal::new(false);
    let image = image.clone();
    live(move || {
        if is_wanted.get() {
            // What was pressed is gone: the focus is on what came.
            return picture(&image).bind(focus_soon);
        }
        el("button")
            .attr("type", "button")
            .class("veiled")
            .on("click", move |_| is_wanted.set(true))
            .child(i18n.text(msg::SAVER_PICTURE))
            .child((!image.alt.is_empty()).then(|| el("small").child(image.alt.clone())))
    })
}

/// The `<img>` of a picture; `sizes` as in HTML, `eager` for what is seen first.
pub fn picture(image: &Image, sizes: &'static str, eager: bool) -> Element {
    // The one that is kept is there without a network, whatever size would fit better.
    let kept = kept::picture(image);
    let sizes_of = if kept.is_none() { image.sizes.as_slice() } else { &[] };
    let set = sizes_of
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
        .attr("src", kept.unwrap_or_else(|| image.url.clone()))
}
