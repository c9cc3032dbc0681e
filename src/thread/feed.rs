//! What others write while the thread is read: heard from a stream, or looked for now and then.
//!
//! What is there changes in place. New comments wait until the reader wants them (see `arrivals`): they
//! never move what is being read. In a hidden tab nothing is asked; afterwards it is caught up with. One tab
//! of a browser has the stream, and tells the others (see `leader`).

use std::{cell::RefCell, rc::Rc};

use gloo_timers::callback::Timeout;
use haidang_engine::{
    model::{Comment, CommentState, ThreadRules},
    profile::Operation,
    thread::Store,
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::AbortController;

use super::{
    discussion::Discussion,
    leader::{Channel, Leader},
    loading::Loading,
    poll::Poll,
    stream::{Event, Stream},
};
use crate::backend::Loader;

/// Milliseconds before a stream that was refused is asked for again; each time twice as long.
const AGAIN: u32 = 2_000;
/// Milliseconds between two tries at most.
const LONGEST: u32 = 300_000;
/// Events that are kept while updates are paused; more than that is loaded anew.
const KEPT: usize = 2_000;

/// How the thread is told of what is new.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Connection {
    /// Not at all, or not yet.
    None,
    /// By a stream.
    Live,
    /// By asking now and then.
    Polling,
    /// It was, and will be again.
    Lost,
}

/// What has been heard and does not show yet.
#[derive(Clone, Copy)]
pub struct Feed {
    /// How the thread is told of what is new.
    pub connection: RwSignal<Connection>,
    /// Whether the reader wants nothing to change.
    pub is_paused: RwSignal<bool>,
    /// New comments by others, in the order they came.
    pub waiting: RwSignal<Vec<Comment>>,
    /// What was heard while updates were paused.
    held: StoredValue<Vec<Heard>>,
}

impl Default for Feed {
    fn default() -> Self {
        Self {
            connection: RwSignal::new(Connection::None),
            is_paused: RwSignal::new(false),
            waiting: RwSignal::new(Vec::new()),
            held: StoredValue::new(Vec::new()),
        }
    }
}

/// Something that was heard.
#[derive(Clone)]
pub enum Heard {
    /// A comment as it is now.
    Comment(Box<Comment>),
    /// What goes in the thread now.
    Rules(ThreadRules),
}

impl Discussion {
    /// Takes in what was heard, or keeps it while updates are paused.
    pub(super) fn hear(self, heard: Heard) {
        if self.feed.is_paused.try_get_untracked().unwrap_or(true) {
            self.feed.held.try_update_value(|held| {
                if held.len() < KEPT {
                    held.push(heard);
                }
            });
            return;
        }
        match heard {
            Heard::Rules(rules) => {
                self.rules.try_set(Some(rules));
            }
            Heard::Comment(comment) => {
                let is_known = self.store.with_untracked(|store| store.find(&comment.id).is_some());
                if is_known {
                    self.change(|store| store.hear([*comment]));
                } else if !matches!(comment.state, CommentState::Deleted | CommentState::Rejected) {
                    self.wait(*comment);
                } else {
                    self.feed.waiting.update(|waiting| waiting.retain(|it| it.id != comment.id));
                }
            }
        }
    }

    /// Tells the views of the store only if it has changed.
    fn change(self, change: impl FnOnce(&mut Store) -> haidang_engine::thread::Merged) {
        self.store.maybe_update(|store| {
            let merged = change(store);
            !(merged.added.is_empty() && merged.changed.is_empty())
        });
    }

    /// Keeps a new comment until the reader wants it; a newer state takes the place of an older one.
    fn wait(self, comment: Comment) {
        self.feed.waiting.update(|waiting| {
            match waiting.iter_mut().find(|known| known.id == comment.id) {
                Some(known) if comment.revision >= known.revision => *known = comment,
                Some(_) => {}
                None => waiting.push(comment),
            }
        });
    }

    /// Compares an answer with what is there: what is known changes in place, what is new waits.
    pub(super) fn compare(self, comments: Vec<Comment>) {
        let (known, new): (Vec<_>, Vec<_>) = comments.into_iter().partition(|comment| {
            self.store.with_untracked(|store| store.find(&comment.id).is_some())
        });
        if self.feed.is_paused.get_untracked() {
            return;
        }
        self.change(|store| store.merge(known));
        for comment in new {
            self.wait(comment);
        }
    }

    /// Lets updates come again, and takes in what came meanwhile.
    pub(super) fn resume(self) {
        self.feed.is_paused.set(false);
        let held = self.feed.held.try_update_value(std::mem::take).unwrap_or_default();
        if held.len() >= KEPT {
            self.reload();
        }
        for heard in held {
            self.hear(heard);
        }
    }

    /// Asks for the first page again, and compares.
    pub(super) fn reload(self) {
        let Some(loader) = self.asking() else { return };
        let (source, operation) = (self.source.get_value(), self.page(None));
        spawn_local(async move {
            let page = loader.ask::<haidang_engine::model::ThreadPage>(&source, &operation).await;
            if let Ok(page) = page
                && self.store.try_with_untracked(|_| ()).is_some()
            {
                self.compare(page.items);
            }
        });
    }

    /// Asks on behalf of the thread as long as it is there.
    pub(super) fn asking(self) -> Option<Loader> {
        let abort = self.leaving.try_with_value(|leaving| Some(leaving.as_ref()?.signal()));
        abort.flatten().map(|abort| self.loader(abort))
    }
}

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
                let rules = serde_json::from_str(&told.data).ok();
                let rules = rules.and_then(|value| {
                    haidang_engine::read::read::<ThreadRules>(&value, "event", "").0.ok()
                });
                if let Some(rules) = rules {
                    discussion.hear(Heard::Rules(rules));
                }
            }
            "" | "message" => {
                let abort = AbortController::new().ok().map(|controller| controller.signal());
                let Some(loader) = abort.map(|abort| discussion.loader(abort)) else { return };
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
