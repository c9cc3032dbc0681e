//! The line to a backend that tells of what is new as it comes: one tab of a browser has the stream, and
//! tells the others (see `leader`). In a hidden tab there is none; afterwards it goes on where it broke off.
//!
//! Each tab knows up to which event it has heard all. One that follows is told with each event where the stream
//! stood before it, and asks for what it has missed: what was told before its channel was open, or while it was
//! hidden and no tab had the stream.

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
/// What a tab says that follows: it has heard all up to this event.
const SINCE: &str = "since";

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
    /// Whether it is this tab's turn.
    leads: bool,
    stream: Option<Stream>,
    /// The id of the event up to which all has been heard.
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
                (parts.is_asked, parts.leads) = (false, false);
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
                line.parts.borrow_mut().leads = true;
                line.open();
            }
        });
        self.parts.borrow_mut().leader = Some(leader);
        self.ask();
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
                let Some(line) = line.upgrade() else { return };
                if event.kind == SINCE { line.go_back(event.id) } else { line.take(event) }
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
        let after = self.last();
        let Some(thread) = discussion.id.try_get_value() else { return };
        let Some(source) = discussion.source.try_get_value() else { return };
        let operation = Operation::Live { thread, after: after.clone() };
        spawn_local(async move {
            let address = loader.stream(&source, &operation).await;
            let is_asked = std::mem::replace(&mut self.parts.borrow_mut().is_asked, false);
            // The tab may have been hidden meanwhile.
            let Some(address) = address.ok().filter(|_| is_asked) else { return };
            // Another may have asked for more.
            if self.last() != after {
                return self.open();
            }
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
                        let told = Told { after: line.last().unwrap_or_default(), ..told };
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

    fn last(&self) -> Option<String> {
        self.parts.borrow().last.clone()
    }

    /// Asks the tab that has the stream for what this one has missed.
    fn ask(&self) {
        let is_led = {
            let parts = self.parts.borrow();
            parts.leader.is_some() && !parts.leads
        };
        if let (true, Some(channel), Some(id)) = (is_led, &self.channel, self.last()) {
            channel.tell(&Told { id, kind: SINCE.to_owned(), ..Told::default() });
        }
    }

    /// Another tab has heard all up to the event `id`. If this one has the stream it tells what came then.
    fn go_back(self: Rc<Self>, id: String) {
        let parts = {
            let mut parts = self.parts.borrow_mut();
            let last = parts.last.as_deref().unwrap_or_default();
            if !parts.leads || !is_before(&id, last) {
                return;
            }
            parts.last = Some(id);
            (parts.stream.take(), parts.again.take())
        };
        drop(parts);
        self.open();
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
            let last = parts.last.as_deref().unwrap_or_default();
            let is_missing = is_before(last, &told.after);
            // From where nothing is known all is new.
            let is_next = last.is_empty() || told.after == last || is_before(&told.after, last);
            // One that came late does not turn the clock back.
            if is_next && !is_before(&told.id, last) {
                parts.last = Some(told.id.clone());
            }
            drop(parts);
            if is_missing {
                self.ask();
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

/// Whether one event came before the other, as far as their ids are numbers.
fn is_before(one: &str, other: &str) -> bool {
    let number = |id: &str| id.parse::<u64>().ok();
    number(one).zip(number(other)).is_some_and(|(one, other)| one < other)
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
    /// The id up to which whoever tells it had heard all before; empty if that is not known.
    pub after: String,
}
