//! Being told of emergencies: a group of the settings, where the portal's server offers it.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

use crate::{
    i18n::{I18n, Msg, msg},
    navigation::focus_in_place,
    offline::push::{State, state, subscribe, unsubscribe},
    site::Site,
    view::{View, el, live},
};

/// What it means, and the button that begins or ends it. Nothing is asked before the reader presses it.
pub fn push(site: Site, i18n: I18n) -> View {
    let found = RwSignal::new(State::Nothing);
    let has_failed = RwSignal::new(false);
    let look = move || {
        spawn_local(async move {
            let now = state(&site.portal()).await;
            found.try_set(now);
        });
    };
    look();
    // What is found as it was changes nothing, and what stands there stays.
    let now = Memo::new(move |_| found.get());
    let is_there = Memo::new(move |_| now.with(|now| *now != State::Nothing));
    let button = move |label: Msg, press: Box<dyn Fn()>| {
        let press = move |event| {
            hold_focus(&event);
            press();
        };
        let button = el("button").attr("type", "button").on("click", press);
        el("p").child(button.child(i18n.text(label)))
    };
    let said = move || match now.get() {
        State::Nothing => View::Nothing,
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
    let failed =
        move || has_failed.get().then(|| el("p").class("alert").child(i18n.text(msg::PUSH_FAILED)));
    live(move || {
        is_there.get().then(|| {
            el("fieldset")
                .class("push")
                .child(el("legend").child(live(i18n.t(msg::PUSH_TITLE))))
                .child(live(said))
                .child(el("div").attr("role", "status").child(live(failed)))
        })
    })
}

/// The button that is pressed is about to go: the focus is on the group around it, which stays.
pub(super) fn hold_focus(pressed: &Event) {
    let button = pressed.current_target().and_then(|button| button.dyn_into::<Element>().ok());
    if let Some(group) = button.and_then(|button| button.closest("fieldset").ok().flatten()) {
        focus_in_place(&group);
    }
}
