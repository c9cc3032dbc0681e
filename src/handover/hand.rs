//! What the reader is pressing while a printed page is taken over.

use std::{cell::Cell, rc::Rc};

use leptos::{leptos_dom::helpers::WindowListenerHandle, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, MouseEvent};

use crate::browser::PRINTED;

/// Whether the reader is pressing something: what is pressed has to be there when it is let go, else
/// nothing was clicked.
pub struct Hand {
    is_down: Rc<Cell<bool>>,
    listeners: [WindowListenerHandle; 6],
}

impl Hand {
    /// What may change that.
    pub const SIGNS: [&str; 6] =
        ["pointerdown", "pointerup", "pointercancel", "pointermove", "keydown", "keyup"];

    /// From now on what the reader presses is seen.
    pub fn watch() -> Self {
        // What has called the app may be held down until it comes.
        let pressed = document().query_selector(&format!("#{PRINTED} :active"));
        let is_down = Rc::new(Cell::new(pressed.is_ok_and(|pressed| pressed.is_some())));
        let listeners = Self::SIGNS.map(|name| {
            let is_down = is_down.clone();
            window_event_listener_untyped(name, move |event| {
                if let Some(becomes) = presses(&event) {
                    is_down.set(becomes);
                }
            })
        });
        Self { is_down, listeners }
    }

    /// Whether something is pressed.
    pub fn is_down(&self) -> bool {
        self.is_down.get()
    }

    /// Looks no more.
    pub fn forget(self) {
        self.listeners.into_iter().for_each(WindowListenerHandle::remove);
    }
}

/// Whether an event says that something is pressed, or nothing any more.
fn presses(event: &Event) -> Option<bool> {
    let name = event.type_();
    if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
        // Enter presses as it goes down.
        return (event.key() == " ").then(|| name == "keydown");
    }
    let event = event.dyn_ref::<MouseEvent>()?;
    match &*name {
        // Menus and lists take the release for themselves.
        "pointermove" => (event.buttons() == 0).then_some(false),
        // Other buttons open menus.
        _ => (event.button() <= 0).then(|| name == "pointerdown"),
    }
}
