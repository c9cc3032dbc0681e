//! Says when what a page shows is from memory, and when a source's part of it is missing.

use haidang_engine::{model::Key, time::Timestamp};
use leptos::prelude::*;

use crate::{
    app::Reload,
    i18n::{I18n, msg, use_i18n},
    pages::Loaded,
    site::use_site,
    view::{Element, View, el, live},
};

/// Says that what is shown is from memory and `since` when, with a way to ask again.
pub fn saved_copy(i18n: I18n, since: Timestamp, retry: Option<impl Fn() + 'static>) -> Element {
    let text = i18n.fill(msg::FAILURE_STALE, &[("time", &i18n.instant(since))]);
    let retry = retry.map(|retry| {
        el("button")
            .attr("type", "button")
            .class("link")
            .on("click", move |_| retry())
            .child(i18n.text(msg::FAILURE_RETRY))
    });
    el("p").class("stale").attr("role", "status").child(text).child(" ").child(retry)
}

/// Shown while the network does not answer, with since when and a way on; `shown` is what is on the
/// page.
pub fn staleness(shown: RwSignal<Loaded>) -> View {
    let i18n = use_i18n();
    let reload = use_context::<Reload>();
    // The button that was pressed stays while the answer is the same.
    let since = Memo::new(move |_| shown.with(|shown| shown.memory.since));
    let missing = Memo::new(move |_| shown.with(|shown| shown.memory.missing));
    let retry = reload.map(|reload| move || reload.run());
    let from_memory = live(move || Some(saved_copy(i18n, since.get()?, retry)));
    let Some((site, _)) = use_site() else { return from_memory };
    let parts = live(move || {
        let missing = missing.get();
        (missing != 0).then(|| {
            let portal = site.portal();
            let names = portal.sources.iter().zip(0_u32..).filter_map(|(source, index)| {
                let is_missing = missing.checked_shr(index).unwrap_or_default() & 1 == 1;
                let key = Key { source: source.id.clone(), id: String::new() };
                is_missing.then(|| site.source_name(&i18n.lang(), &key)).flatten()
            });
            let names: Vec<String> = names.collect();
            let text = i18n.fill(
                msg::FAILURE_SOURCES,
                &[("sources", &names.join(&i18n.text(msg::TEXT_COMMA)))],
            );
            el("p").class("stale").attr("role", "status").child(text)
        })
    });
    View::from([from_memory, parts])
}
