//! The line to a backend that tells of what is new as it comes: one tab of a browser has the stream, and
//! tells the others (see `leader`). In a hidden tab there is none; afterwards it goes on where it broke off.

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use haidang_engine::{
    json,
    model::{Comment, ThreadRules},
    profile::Operation,
    read::read,
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{
    discussion::Discussion,
    feed::{Connection, Heard},
    leader::{Channel, Leader},
    loading::Loading,
    poll::Poll,
    stream::{Event, Stream},
};

/// Milliseconds before a stream that was refused is asked for again; each time twice as long.
const AGAIN: u32 = 2_000;
/// Milliseconds between two tries at most.
const LONGEST: u32 = 300_000;

/// The line to the backend, as long as the thread is there.
struct Line {
    discussion: Discussion,
    name: String,
    channel: Option<Channel>,
    parts: RefCell<Parts>,
}

#[derive(Default)]
struct Parts {
    leader: Option<Leader>,
    stream: Option<Stream>,
    /// The id of the last event.
    last: Option<String>,
    again: Option<Timeout>,
    failures: u32,
    is_asked: bool,
}

/// Listens for what is new, as far as the backend tells, once the thread has been loaded.
pub fn start(discussion: Discussion) {
    let offers = discussion.offers();
    let follows: Rc<RefCell<Option<Rc<dyn Follows>>>> = Rc::default();
    let wake = {
        let follows = follows.clone();
        move |is_awake: bool| {
            // Not while it is borrowed: what wakes may call back.
            let now = follows.borrow().clone();
            if let Some(now) = now {
                now.wake(is_awake);
            }
        }
    };
    let is_loaded = Memo::new(move |before| {
        before == Some(&true) || matches!(discussion.loading.get(), Loading::Done(_))
    });
    Effect::new({
        let wake = wake.clone();
        move |_| {
            if is_loaded.get() && follows.borrow().is_none() {
                let new: Rc<dyn Follows> =
                    if offers.live { Line::new(discussion) } else { Poll::new(discussion) };
                *follows.borrow_mut() = Some(new);
                untrack(|| wake(!document().hidden()));
            }
        }
    });
    let seen = window_event_listener_untyped("visibilitychange", {
        let wake = wake.clone();
        move |_| wake(!document().hidden())
    });
    let rest = SendWrapper::new(wake);
    on_cleanup(move || {
        seen.remove();
        rest(false);
    });
}

/// Learns what is new.
pub trait Follows {
    /// Goes on, or rests.
    fn wake(self: Rc<Self>, is_awake: bool);
}

impl Follows for Line {
    fn wake(self: Rc<Self>, is_awake: bool) {
        if !is_awake {
            // What is dropped may call back.
            let parts = {
                let mut parts = self.parts.borrow_mut();
                parts.is_asked = false;
                (parts.leader.take(), parts.stream.take(), parts.again.take())
            };
            drop(parts);
            return;
        }
        if self.parts.borrow().leader.is_some() {
            return;
        }
        let weak = Rc::downgrade(&self);
        let leader = Leader::ask(&self.name, move || {
            if let Some(line) = weak.upgrade() {
                line.open();
            }
        });
        self.parts.borrow_mut().leader = Some(leader);
        // Another tab tells this one until it is this one's turn.
        let discussion = self.discussion;
        if discussion.feed.connection.get_untracked() == Connection::None {
            discussion.feed.connection.set(Connection::Live);
        }
    }
}

impl Line {
    fn new(discussion: Discussion) -> Rc<Self> {
        let portal = discussion.site.portal().id.clone();
        let (source, thread) = (discussion.source.get_value(), discussion.id.get_value());
        let name = format!("haidang:{portal}:live:{source}:{thread}");
        Rc::new_cyclic(|line: &std::rc::Weak<Self>| {
            let line = line.clone();
            let channel = Channel::open(&name, move |event| {
                if let Some(line) = line.upgrade() {
                    line.take(event);
                }
            });
            let last = discussion.at.get_value();
            let parts = RefCell::new(Parts { last, ..Parts::default() });
            Self { discussion, name, channel, parts }
        })
    }

    /// This tab has the stream from now on.
    fn open(self: Rc<Self>) {
        let discussion = self.discussion;
        if std::mem::replace(&mut self.parts.borrow_mut().is_asked, true) {
            return;
        }
        let Some(loader) = discussion.asking() else { return };
        let after = self.parts.borrow().last.clone();
        let Some(thread) = discussion.id.try_get_value() else { return };
        let Some(source) = discussion.source.try_get_value() else { return };
        let operation = Operation::Live { thread, after };
        spawn_local(async move {
            let address = loader.stream(&source, &operation).await;
            let is_asked = std::mem::replace(&mut self.parts.borrow_mut().is_asked, false);
            // The tab may have been hidden meanwhile.
            let Some(address) = address.ok().filter(|_| is_asked) else { return };
            let weak = Rc::downgrade(&self);
            let stream = Stream::open(&address, move |event| {
                let Some(line) = weak.upgrade() else { return };
                match event {
                    Event::Opened => {
                        line.parts.borrow_mut().failures = 0;
                        line.discussion.feed.connection.try_set(Connection::Live);
                        // It tells what has happened since the thread was loaded, whenever that was.
                        line.discussion.freshen();
                    }
                    Event::Lost { is_over } => {
                        line.discussion.feed.connection.try_set(Connection::Lost);
                        if is_over {
                            line.try_again();
                        }
                    }
                    Event::Told(told) => {
                        if let Some(channel) = &line.channel {
                            channel.tell(&told);
                        }
                        line.take(told);
                    }
                }
            });
            match stream {
                Some(stream) => self.parts.borrow_mut().stream = Some(stream),
                None => self.try_again(),
            }
        });
    }

    /// Opens the stream again after a while that grows.
    fn try_again(self: Rc<Self>) {
        let failures = {
            let mut parts = self.parts.borrow_mut();
            parts.failures += 1;
            parts.failures
        };
        let wait = AGAIN.saturating_mul(1 << (failures - 1).min(10)).min(LONGEST);
        let weak = Rc::downgrade(&self);
        let again = Timeout::new(wait, move || {
            if let Some(line) = weak.upgrade() {
                let stream = line.parts.borrow_mut().stream.take();
                drop(stream);
                line.open();
            }
        });
        self.parts.borrow_mut().again = Some(again);
    }

    /// Takes in an event, from the stream or from the tab that has it.
    fn take(self: Rc<Self>, told: Told) {
        let discussion = self.discussion;
        if discussion.store.try_with_untracked(|_| ()).is_none() {
            return;
        }
        if !told.id.is_empty() {
            let mut parts = self.parts.borrow_mut();
            let number = |id: &str| id.parse::<u64>().ok();
            let last = parts.last.as_deref().and_then(number);
            // One that came late does not turn the clock back.
            if number(&told.id).is_none_or(|id| last.is_none_or(|last| id > last)) {
                parts.last = Some(told.id.clone());
            }
        }
        match told.kind.as_str() {
            "reset" => discussion.reload(),
            "rules" => {
                let rules = json::parse(&told.data).ok();
                let rules = rules.and_then(|value| read::<ThreadRules>(&value, "event", "").0.ok());
                if let Some(rules) = rules {
                    discussion.hear(Heard::Rules(rules));
                }
            }
            "" | "message" => {
                let Some(loader) = discussion.asking() else { return };
                let operation = Operation::Live { thread: discussion.id.get_value(), after: None };
                let source = discussion.source.get_value();
                spawn_local(async move {
                    // What cannot be read has been told to the developer.
                    let heard = loader.hear::<Comment>(&source, &operation, &told.data).await;
                    if let Ok(comment) = heard
                        && discussion.store.try_with_untracked(|_| ()).is_some()
                    {
                        discussion.hear(Heard::Comment(Box::new(comment)));
                    }
                });
            }
            _ => {}
        }
    }
}

/// An event of a stream (HTML, "server-sent events").
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// Its id; empty without one.
    pub id: String,
    /// Its name.
    pub kind: String,
    /// What it says.
    pub data: String,
}
