//! One of a browser's tabs does something for all: by Web Locks, and a channel on which it tells the others.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use haidang_engine::{
    json,
    read::{Node, Read, ReadError, read},
};
use js_sys::{Function, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{BroadcastChannel, MessageEvent};

use super::line::Told;

/// The wish to do it, and then the right to: given up when it is dropped.
pub struct Leader(Rc<RefCell<Turn>>);

enum Turn {
    Waiting,
    /// What lets the next one have it.
    Held(Function),
    Over,
}

impl Leader {
    /// Calls once it is this tab's turn to do what has this name; at once where there are no locks (insecure
    /// origins have none) or none may be had (opaque origins: frames in a sandbox).
    pub fn ask(name: &str, turn: impl FnOnce() + 'static) -> Self {
        let state = Rc::new(RefCell::new(Turn::Waiting));
        let held = state.clone();
        let granted = move || {
            Promise::new(&mut |release, _| {
                if matches!(*held.borrow(), Turn::Over) {
                    // Given up while it waited.
                    let _ = release.call0(&JsValue::NULL);
                } else {
                    *held.borrow_mut() = Turn::Held(release);
                }
            })
        };
        let Some((locks, request)) = locks() else {
            turn();
            return Self(state);
        };
        let turn = Rc::new(Cell::new(Some(turn)));
        let take = move || {
            if let Some(turn) = turn.take() {
                turn();
            }
        };
        let (waiting, taking) = (state.clone(), take.clone());
        let granted = Closure::once_into_js(move || {
            let promise = granted();
            if matches!(*waiting.borrow(), Turn::Held(_)) {
                taking();
            }
            promise
        });
        let asked = request.call2(&locks, &name.into(), &granted);
        let refused = state.clone();
        spawn_local(async move {
            let asked = match asked {
                Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
                Err(error) => Err(error),
            };
            if asked.is_err() && matches!(*refused.borrow(), Turn::Waiting) {
                take();
            }
        });
        Self(state)
    }
}

impl Drop for Leader {
    fn drop(&mut self) {
        let before = std::mem::replace(&mut *self.0.borrow_mut(), Turn::Over);
        if let Turn::Held(release) = before {
            // Resolving a promise does not fail.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// `navigator.locks` and its `request`.
fn locks() -> Option<(JsValue, Function)> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}

/// What tabs tell each other; closed when it is dropped.
pub struct Channel {
    channel: BroadcastChannel,
    _kept: Closure<dyn Fn(MessageEvent)>,
}

impl Read for Told {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self {
            id: object.field("id")?,
            kind: object.field("kind")?,
            data: object.field("data")?,
            // A tab with an older app does not say.
            after: object.field_or_default("after"),
        })
    }
}

impl Channel {
    /// Calls with every event that another tab tells of.
    pub fn open(name: &str, call: impl Fn(Told) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let kept = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            let value = event.data().as_string().and_then(|text| json::parse(&text).ok());
            if let Some(told) = value.and_then(|value| read::<Told>(&value, "event", "").0.ok()) {
                call(told);
            }
        });
        channel.set_onmessage(Some(kept.as_ref().unchecked_ref()));
        Some(Self { channel, _kept: kept })
    }

    /// Tells the other tabs.
    pub fn tell(&self, told: &Told) {
        let Told { id, kind, data, after } = told;
        let told = json::written(&json!({ "id": id, "kind": kind, "data": data, "after": after }));
        // Fails only for a channel that is closed.
        let _ = self.channel.post_message(&told.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
