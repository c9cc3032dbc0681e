//! Views that are built a moment later: what is below the first screen, or not looked at first, must not hold it up.
//!
//! A reader's click shows in the next frame what they look at; the rest of the page follows in tasks of its
//! own, and its place is held open until then. Whoever needs the whole page at once, to scroll down in it, to print it, says so with
//! [`build_whole`].

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use futures::{channel::oneshot, future::select};
use gloo_timers::future::TimeoutFuture;
use leptos::{prelude::*, task::spawn_local};

use crate::browser::breathe;

use super::{
    View, el,
    mount::{Kept, Region},
};

/// Milliseconds a frame is waited for: in a tab that nobody sees there is none.
const FRAME: u32 = 100;

thread_local! {
    static IS_WHOLE: Cell<bool> = const { Cell::new(false) };
    static WAITING: RefCell<Vec<Weak<Waiting>>> = const { RefCell::new(Vec::new()) };
}

/// Whether everything is built at once from now on; what still waits is built if so.
pub fn build_whole(is_whole: bool) {
    IS_WHOLE.set(is_whole);
    if is_whole {
        // What is built may bring more that waits: none of it does now.
        for waiting in WAITING.take() {
            if let Some(waiting) = waiting.upgrade() {
                waiting.build();
            }
        }
    }
}

/// Builds what still waits, each in a task of its own, and everything at once from then on.
pub async fn build_rest() {
    while let Some(waiting) = WAITING.with_borrow_mut(Vec::pop) {
        breathe().await;
        // Gone with what it was part of, perhaps.
        if let Some(waiting) = waiting.upgrade() {
            waiting.build();
        }
    }
    build_whole(true);
}

/// Ends when the next frame is shown.
pub async fn next_frame() {
    let (shown, frame) = oneshot::channel::<()>();
    request_animation_frame(move || drop(shown));
    select(frame, TimeoutFuture::new(FRAME)).await;
    // The frame itself comes after its callbacks. By a timer, which lets go first who else has waited for it.
    TimeoutFuture::new(0).await;
}

/// A view that is not there yet, and its place.
struct Waiting {
    view: Box<dyn Fn() -> View>,
    region: Region,
    owner: Option<Owner>,
    /// What it is made of once it is there.
    kept: RefCell<Option<Kept>>,
}

impl Waiting {
    fn build(&self) {
        if self.kept.borrow().is_some() {
            return;
        }
        let mut kept = Kept::default();
        self.region.clear();
        let mut made = || self.region.fill(untrack(|| (self.view)()), &mut kept);
        match &self.owner {
            Some(owner) => owner.with(made),
            None => made(),
        }
        *self.kept.borrow_mut() = Some(kept);
    }

    /// Holds its place open: what comes after it is, as a rule, not on the first screen either, and not to be laid out
    /// for it (`.later` in `style/frame.css`).
    fn keep_place(&self) {
        self.region.fill(el("div").class("later").into(), &mut Kept::default());
    }
}

/// Builds a view into its region after the next frame, or at once where everything is.
pub(super) fn later(view: Box<dyn Fn() -> View>, region: Region, kept: &mut Kept) {
    let waiting = Waiting { view, region, owner: Owner::current(), kept: RefCell::default() };
    let waiting = Rc::new(waiting);
    if IS_WHOLE.get() {
        waiting.build();
    } else {
        waiting.keep_place();
        let weak = Rc::downgrade(&waiting);
        WAITING.with_borrow_mut(|all| {
            all.retain(|waiting| waiting.strong_count() > 0);
            all.push(weak.clone());
        });
        spawn_local(async move {
            next_frame().await;
            // Gone with what it was part of, if the reader was quicker.
            if let Some(waiting) = weak.upgrade() {
                waiting.build();
            }
        });
    }
    kept.keep(waiting);
}
