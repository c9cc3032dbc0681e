//! Being told of emergencies: a group of the settings, where the portal's server offers it.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    i18n::{I18n, Msg, msg},
    offline::push::{State, state, subscribe, unsubscribe},
    site::Site,
    view::{View, el, live},
};

/// What it means, and the button that begins or ends it. Nothing is asked before the reader presses it.
pub fn push(site: Site, i18n: I18n) -> View {
    let now = RwSignal::new(State::Nothing);
    let has_failed = RwSignal::new(false);
    let look = move || {
        spawn_local(async move {
            let found = state(&site.portal()).await;
            now.try_set(found);
        });
    };
    look();
    let button = move |label: Msg, press: Box<dyn Fn()>| {
        let button = el("button").attr("type", "button").on("click", move |_| press());
        el("p").child(button.child(i18n.text(label)))
    };
    live(move || {
        let said = match now.get() {
            State::Nothing => return View::Nothing,
            State::Denied => el("p").child(i18n.text(msg::PUSH_DENIED)).into(),
            State::On => {
                let end = move || {
                    spawn_local(async move {
                        unsubscribe(&site.portal()).await;
                        look();
                    });
                };
                let told = el("p").child(i18n.text(msg::PUSH_IS_ON));
                View::from([told, button(msg::PUSH_OFF, Box::new(end))])
            }
            State::Off(key) => {
                let begin = move || {
                    let (key, lang) = (key.clone(), i18n.lang());
                    spawn_local(async move {
                        let is_done = subscribe(&site.portal(), &key, &lang).await;
                        has_failed.try_set(!is_done);
                        look();
                    });
                };
                let why = el("p").child(i18n.text(msg::PUSH_WHY));
                View::from([why, button(msg::PUSH_ON, Box::new(begin))])
            }
        };
        let failed = move || {
            has_failed.get().then(|| el("p").class("alert").child(i18n.text(msg::PUSH_FAILED)))
        };
        el("fieldset")
            .class("push")
            .child(el("legend").child(i18n.text(msg::PUSH_TITLE)))
            .child(said)
            .child(el("div").attr("role", "status").child(live(failed)))
            .into()
    })
}
