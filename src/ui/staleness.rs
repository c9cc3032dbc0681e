//! Says when what a page shows is from memory.

use leptos::prelude::*;

use crate::{
    app::Reload,
    i18n::{msg, use_i18n},
    pages::Loaded,
    view::{View, el, live},
};

/// Shown while the network does not answer, with since when and a way on; `shown` is what is on the
/// page.
pub fn staleness(shown: RwSignal<Loaded>) -> View {
    let i18n = use_i18n();
    let reload = use_context::<Reload>();
    // The button that was pressed stays while the answer is the same.
    let since = Memo::new(move |_| shown.with(|shown| shown.memory.since));
    live(move || {
        let since = since.get()?;
        let text = i18n.fill(msg::FAILURE_STALE, &[("time", &i18n.instant(since))]);
        let retry = reload.map(|reload| {
            el("button")
                .attr("type", "button")
                .class("link")
                .on("click", move |_| reload.run())
                .child(i18n.text(msg::FAILURE_RETRY))
        });
        Some(el("p").class("stale").attr("role", "status").child(text).child(" ").child(retry))
    })
}
