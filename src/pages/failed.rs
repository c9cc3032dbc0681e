//! A page that could not be loaded: why, and a way on.

use haidang_engine::{profile::Failure, route::Page};
use leptos::prelude::*;

use super::{Loaded, PageData};
use crate::{
    app::Reload,
    backend::kept,
    i18n::{I18n, msg},
    site::use_site,
    ui::failure_text,
    view::{View, el, live},
};

/// Could not be loaded.
pub struct Failed(pub Failure);

impl PageData for Failed {
    fn identity(&self) -> String {
        format!("failed:{}", self.0)
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::FAILURE_TITLE)
    }

    fn view(&self, _: RwSignal<Loaded>) -> View {
        view(self.0.clone())
    }

    fn is_indexed(&self) -> bool {
        false
    }

    fn is_failure(&self) -> bool {
        true
    }
}

/// Why the page is not here.
fn view(failure: Failure) -> View {
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
    // What is not here says so, and what is here is offered.
    let is_kept = failure.is_away() && kept::is_marked(&site.portal().id);
    let offered = is_kept.then(|| {
        let saved = el("a")
            .live_attr("href", move || site.href(i18n.lang(), Page::Saved))
            .child(live(i18n.t(msg::KEPT_ALL)));
        el("p")
            .class("actions")
            .child(el("span").child(live(i18n.t(msg::KEPT_OFFERED))))
            .child(saved)
    });
    el("div")
        .class("failed")
        .child(el("h1").child(live(i18n.t(msg::FAILURE_TITLE))))
        .child(el("p").child(live(move || failure_text(i18n, &failure))))
        .child(el("p").class("actions").child(retry).child(home))
        .child(offered)
        .into()
}
