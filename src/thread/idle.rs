//! Work that waits until the browser has nothing better to do.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::IdleRequestOptions;

/// Milliseconds of work in one go: half of a frame.
pub const SLICE: f64 = 6.0;
/// Milliseconds for which it waits at most.
const PATIENCE: u32 = 100;

/// A task that is done in slices.
#[derive(Clone)]
pub struct Idle(Rc<Inner>);

struct Inner {
    waiting: Cell<Option<Turn>>,
    run: RefCell<Option<Closure<dyn FnMut()>>>,
}

/// What was asked for, to be called off.
#[derive(Clone, Copy)]
enum Turn {
    Idle(u32),
    Timeout(i32),
}

impl Idle {
    /// A task that `step` does: until the moment it is given (milliseconds since 1970); whether more is to
    /// be done is what it answers.
    pub fn new(step: impl Fn(f64) -> bool + 'static) -> Self {
        let inner = Rc::new(Inner { waiting: Cell::new(None), run: RefCell::new(None) });
        let weak = Rc::downgrade(&inner);
        let run = Closure::<dyn FnMut()>::new(move || {
            let Some(inner) = weak.upgrade() else { return };
            inner.waiting.set(None);
            if step(js_sys::Date::now() + SLICE) {
                Idle(inner).wake();
            }
        });
        *inner.run.borrow_mut() = Some(run);
        Self(inner)
    }

    /// Says that there is something to do.
    pub fn wake(&self) {
        if self.0.waiting.get().is_some() {
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
        let idle = has_idle.then(|| window.request_idle_callback_with_options(run, &options));
        let turn = idle.and_then(Result::ok).map(Turn::Idle).or_else(|| {
            let timeout = window.set_timeout_with_callback_and_timeout_and_arguments_0(run, 1);
            timeout.ok().map(Turn::Timeout)
        });
        self.0.waiting.set(turn);
    }
}

impl Drop for Inner {
    /// The browser must not call what is gone.
    fn drop(&mut self) {
        let window = leptos::prelude::window();
        match self.waiting.get() {
            Some(Turn::Idle(handle)) => window.cancel_idle_callback(handle),
            Some(Turn::Timeout(handle)) => window.clear_timeout_with_handle(handle),
            None => {}
        }
    }
}
