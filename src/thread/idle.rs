//! Work that waits until the browser has nothing better to do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::IdleRequestOptions;

/// Milliseconds of work in one go: half of a frame.
pub const SLICE: f64 = 6.0;
/// Milliseconds for which it waits at most.
const PATIENCE: u32 = 100;

/// A task that is done in slices.
#[derive(Clone)]
pub struct Idle(Rc<Inner>);

struct Inner {
    is_waiting: Cell<bool>,
    run: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl Idle {
    /// A task that `step` does: until the moment it is given (milliseconds since 1970); whether more is to
    /// be done is what it answers.
    pub fn new(step: impl Fn(f64) -> bool + 'static) -> Self {
        let inner = Rc::new(Inner { is_waiting: Cell::new(false), run: RefCell::new(None) });
        let weak = Rc::downgrade(&inner);
        let run = Closure::<dyn FnMut()>::new(move || {
            let Some(inner) = weak.upgrade() else { return };
            inner.is_waiting.set(false);
            if step(js_sys::Date::now() + SLICE) {
                Idle(inner).wake();
            }
        });
        *inner.run.borrow_mut() = Some(run);
        Self(inner)
    }

    /// Says that there is something to do.
    pub fn wake(&self) {
        if self.0.is_waiting.replace(true) {
            return;
        }
        let run = self.0.run.borrow();
        let Some(run) = run.as_ref() else { return };
        let run: &Function = run.as_ref().unchecked_ref();
        // Safari has no `requestIdleCallback`.
        let window = leptos::prelude::window();
        let has_idle = Reflect::has(&window, &"requestIdleCallback".into()).unwrap_or_default();
        let options = IdleRequestOptions::new();
        options.set_timeout(PATIENCE);
        if has_idle && window.request_idle_callback_with_options(run, &options).is_ok() {
            return;
        }
        let asked: Result<i32, JsValue> =
            window.set_timeout_with_callback_and_timeout_and_arguments_0(run, 1);
        if asked.is_err() {
            self.0.is_waiting.set(false);
        }
    }
}
