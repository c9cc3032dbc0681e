//! Looks for new comments now and then, where a backend does not tell of them itself.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use haidang_engine::model::ThreadPage;
use leptos::{prelude::*, task::spawn_local};

use super::{
    discussion::Discussion,
    feed::{Connection, Heard},
    line::Follows,
    loading::Loading,
};

/// Seconds between two looks, if portal.json does not say.
const INTERVAL: u32 = 30;
/// Milliseconds between two looks at most, however often they fail.
const LONGEST: u32 = 300_000;

/// Looks while the tab is seen.
pub struct Poll {
    discussion: Discussion,
    /// Milliseconds.
    interval: u32,
    parts: RefCell<Parts>,
}

#[derive(Default)]
struct Parts {
    timer: Option<Timeout>,
    failures: u32,
    /// Counts the looks.
    turn: usize,
    is_awake: bool,
    was_awake: bool,
}

impl Poll {
    /// As often as portal.json says.
    pub fn new(discussion: Discussion) -> Rc<Self> {
        let comments = discussion.site.portal().comments.clone().unwrap_or_default();
        let interval = comments.poll.unwrap_or(INTERVAL).max(1).saturating_mul(1_000);
        Rc::new(Self { discussion, interval, parts: RefCell::default() })
    }

    /// Looks again after a while: a tenth more or less, so that readers do not come all at once.
    fn later(self: &Rc<Self>) {
        let failures = self.parts.borrow().failures;
        let wait =
            self.interval.saturating_mul(1 << failures.min(10)).min(LONGEST.max(self.interval));
        let weak = Rc::downgrade(self);
        let timer = Timeout::new(jitter(wait), move || {
            if let Some(poll) = weak.upgrade() {
                poll.look();
            }
        });
        self.parts.borrow_mut().timer = Some(timer);
    }

    /// Where to look: the last page has what is new, so every other time there; in between, one after the
    /// other, at the pages before it, where comments change.
    fn next_page(&self) -> Option<String> {
        let turn = {
            let mut parts = self.parts.borrow_mut();
            parts.turn = parts.turn.wrapping_add(1);
            parts.turn
        };
        self.discussion.pages.with_value(|pages| {
            let (last, before) = pages.split_last()?;
            let other = (turn / 2).checked_rem(before.len()).and_then(|index| before.get(index));
            if turn % 2 == 0 { other.unwrap_or(last) } else { last }.clone()
        })
    }

    fn look(self: Rc<Self>) {
        let discussion = self.discussion;
        let Some(loading) = discussion.loading.try_get_untracked() else { return };
        let (Some(loader), false) = (discussion.asking(), loading == Loading::Busy) else {
            return self.later();
        };
        let source = discussion.source.get_value();
        let cursor = self.next_page();
        let operation = discussion.page(cursor.clone());
        let before = discussion.public();
        spawn_local(async move {
            let page = loader.ask::<ThreadPage>(&source, &operation).await;
            if discussion.store.try_with_untracked(|_| ()).is_none() {
                return;
            }
            // An answer from memory is none: the network was asked in vain.
            let is_lost = page.is_err() || loader.memory().since.is_some();
            let connection = if is_lost { Connection::Lost } else { Connection::Polling };
            if discussion.feed.connection.get_untracked() != connection {
                discussion.feed.connection.set(connection);
            }
            {
                let mut parts = self.parts.borrow_mut();
                parts.failures = if is_lost { parts.failures + 1 } else { 0 };
            }
            if let Ok(page) = page
                && !is_lost
            {
                discussion.freshen();
                if let Some(rules) = page.rules.clone() {
                    discussion.hear(Heard::Rules(rules));
                }
                let is_all = cursor.is_none() && page.next.is_none();
                discussion.compare(page.items, is_all.then_some(before.as_slice()));
            }
            if self.parts.borrow().is_awake {
                self.later();
            }
        });
    }
}

impl Follows for Poll {
    fn wake(self: Rc<Self>, is_awake: bool) {
        let was_awake = {
            let mut parts = self.parts.borrow_mut();
            parts.is_awake = is_awake;
            parts.timer = None;
            std::mem::replace(&mut parts.was_awake, true)
        };
        if !is_awake {
            return;
        }
        if was_awake {
            // Caught up with at once.
            self.look();
        } else {
            self.discussion.feed.connection.set(Connection::Polling);
            self.later();
        }
    }
}

fn jitter(wait: u32) -> u32 {
    let share = f64::from(wait) * (0.9 + 0.2 * js_sys::Math::random());
    #[expect(clippy::as_conversions, reason = "milliseconds; saturates")]
    let wait = share as u32;
    wait
}
