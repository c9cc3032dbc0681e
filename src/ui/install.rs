//! The portal as an app on this device: a button where the browser offers it, else how it is done.

use leptos::{prelude::*, task::spawn_local};

use super::push::hold_focus;
use crate::{
    i18n::{I18n, msg},
    offline::install::{Way, accept, way},
    view::{Element, View, el, live},
};

/// A group of the settings.
pub fn install(i18n: I18n) -> Element {
    let now = RwSignal::new(way());
    for event in ["beforeinstallprompt", "appinstalled"] {
        let listener = window_event_listener_untyped(event, move |event| {
            // Installed from here, the page itself goes on in its tab.
            let is_done = event.type_() == "appinstalled";
            now.set(if is_done { Way::Installed } else { way() });
        });
        on_cleanup(move || listener.remove());
    }
    let said = move || {
        let text = |msg| View::from(el("p").child(i18n.text(msg)));
        match now.get() {
            Way::Installed => text(msg::INSTALL_DONE),
            Way::Shared => View::from([text(msg::INSTALL_WHY), text(msg::INSTALL_IOS)]),
            Way::Menu => View::from([text(msg::INSTALL_WHY), text(msg::INSTALL_OTHER)]),
            Way::Offered => {
                let button = el("button")
                    .attr("type", "button")
                    .on("click", move |event| {
                        hold_focus(&event);
                        spawn_local(async move {
                            accept().await;
                            now.try_set(way());
                        });
                    })
                    .child(i18n.text(msg::INSTALL_NOW));
                View::from([text(msg::INSTALL_WHY), el("p").child(button).into()])
            }
        }
    };
    el("fieldset")
        .class("install")
        .child(el("legend").child(live(i18n.t(msg::INSTALL_TITLE))))
        .child(live(said))
}
