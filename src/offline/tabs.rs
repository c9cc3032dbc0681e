//! What the tabs of a browser tell each other of the outbox, and the network all of them.

use std::rc::Rc;

use haidang_engine::{json, outbox::Entry, read::read};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::MessageEvent;

use super::outbox::{News, Outbox, Wish};

impl Outbox {
    /// Tells the other tabs.
    pub(super) fn tell(&self, message: &Value) {
        if let Some(channel) = &self.channel {
            // Fails only once it is closed.
            let _ = channel.post_message(&message.to_string().into());
        }
    }

    /// Listens to the other tabs and to the network.
    pub(super) fn listen(self: &Rc<Self>) {
        if let Some(channel) = &self.channel {
            let outbox = Rc::downgrade(self);
            let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                if let Some(outbox) = outbox.upgrade() {
                    outbox.hear(&event.data().as_string().unwrap_or_default());
                }
            });
            channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
            heard.forget();
        }
        let outbox = Rc::downgrade(self);
        let online = Closure::<dyn Fn()>::new(move || {
            if let Some(outbox) = outbox.upgrade() {
                outbox.wake();
            }
        });
        // An event target always takes a listener. It is there for the life of the page.
        let _ =
            window().add_event_listener_with_callback("online", online.as_ref().unchecked_ref());
        online.forget();
    }

    /// The network is back.
    fn wake(self: &Rc<Self>) {
        self.wishes.borrow_mut().push(Wish::Wake);
        self.kick();
    }

    /// Another tab says something.
    fn hear(self: &Rc<Self>, message: &str) {
        let Ok(message) = json::parse(message) else { return };
        // The service worker has heard of the network, and leaves it to a page.
        if message.get("wake").is_some() {
            return self.wake();
        }
        let entry =
            message.get("taken").and_then(|record| read::<Entry>(record, "taken", "").0.ok());
        let answer = message.get("answer").cloned().unwrap_or_default();
        let outbox = self.clone();
        if let Some(entry) = entry {
            outbox.hide(&entry.key);
            let comment = outbox.comment(&entry, &answer);
            outbox.announce(&News { entry, comment });
        }
        spawn_local(async move { outbox.refresh().await });
    }
}
