//! A page that could not be loaded: why, and a way on.

use haidang_engine::{profile::Failure, route::Page};
use leptos::prelude::*;

use crate::{
    app::Reload,
    i18n::msg,
    site::use_site,
    ui::failure_text,
    view::{View, el, live},
};

/// Why the page is not here.
pub fn view(failure: Failure) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let retry = use_context::<Reload>().map(|reload| {
        el("button")
            .attr("type", "button")
            .on("click", move |_| reload.run())
            .child(live(i18n.t(msg::FAILURE_RETRY)))
    });
    let home = el("a")
        .live_attr("href", move || site.href(i18n.lang(), Page::Front))
        .child(live(i18n.t(msg::FAILURE_HOME)));
    el("div")
        .class("failed")
        .child(el("h1").child(live(i18n.t(msg::FAILURE_TITLE))))
        .child(el("p").child(live(move || failure_text(i18n, &failure))))
        .child(el("p").class("actions").child(retry).child(home))
        .into()
}
