//! The bar at the top while a page is on its way.

use leptos::prelude::*;

use crate::{
    i18n::{msg, use_i18n},
    view::{View, el},
};

/// Shown while `is_waiting`: a page has been on its way for a while.
pub fn progress(is_waiting: RwSignal<bool>) -> View {
    let i18n = use_i18n();
    el("div")
        .class("progress")
        .attr("role", "progressbar")
        .live_attr("aria-label", i18n.t(msg::STATUS_LOADING))
        .live_attr("hidden", move || (!is_waiting.get()).then(String::new))
        .into()
}
