//! The button that saves an article for reading without a network, or lets it go again.

use haidang_engine::{kept::Saved, model::Headline};
use leptos::{prelude::*, task::spawn_local};

use super::{saving, title};
use crate::{
    backend::kept,
    chunk::{Missing, chunk},
    i18n::{I18n, msg},
    site::Site,
    view::{Element, el, live},
};

chunk!(kept, open: saving::Press = saving::press);

/// The button for the work of which `headline` is a version; what came of it is said beside it.
pub fn save(site: Site, i18n: I18n, headline: &Headline) -> Element {
    let place = Saved::place(&headline.key.source, &headline.work);
    let is_busy = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let is_saved = {
        let place = place.clone();
        move || kept::is_held(&place)
    };
    let label = {
        let is_saved = is_saved.clone();
        move || {
            i18n.text(if is_busy.get() {
                msg::SAVED_SAVING
            } else if is_saved() {
                msg::SAVED_IS_SAVED
            } else {
                msg::SAVED_SAVE
            })
        }
    };
    let name = {
        // The same whether it is pressed or not: that is said beside it.
        let title = title(i18n, headline);
        move || format!("{}: {title}", i18n.text(msg::SAVED_SAVE))
    };
    let press = {
        let (headline, is_saved) = (headline.clone(), is_saved.clone());
        move |_| {
            if is_busy.get_untracked() {
                return;
            }
            // By the time that the part is here more may be known than the reader has seen.
            let was_saved = untrack(&is_saved);
            is_busy.set(true);
            said.set(String::new());
            let headline = headline.clone();
            spawn_local(async move {
                let text = match open().await {
                    Ok(press) => press(site, i18n, headline, was_saved).await,
                    Err(Missing) => i18n.text(msg::FAILURE_PART),
                };
                // The reader may have left the page: its signals went with it.
                is_busy.try_set(false);
                said.try_set(text);
            });
        }
    };
    let button = el("button")
        .attr("type", "button")
        .class("link")
        .live_attr("aria-pressed", move || is_saved().to_string())
        .live_attr("aria-label", name)
        .on("click", press)
        .child(live(label));
    let said = el("span").attr("role", "status").child(live(move || said.get()));
    el("span").class("save").child(button).child(said)
}
