//! Everything a reader writes, until a server has it.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use gloo_timers::callback::Timeout;
use haidang_engine::{
    json,
    lang::Lang,
    model::Comment,
    outbox::{Entry, State},
    profile::{Operation, Portal, Reader, Request, Write},
    read::{Origin, read, read_from},
    time::Timestamp,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, BroadcastChannel};

use super::{background::wake_later, note, reader::random};
use crate::{
    backend::{Loader, Mode, now},
    browser,
    database::{Database, Store},
};

/// A write that a server has taken, in this tab or in another.
pub struct News {
    /// What was written.
    pub entry: Entry,
    /// The comment as it was taken; `None` if the answer did not say: the thread does.
    pub comment: Option<Comment>,
}

/// What is to be done to entries, as they are by then: another tab may be sending them now.
pub(super) enum Wish {
    /// Send this one again, or now.
    Again(String),
    /// The network is back.
    Wake,
}

type Listener = Rc<dyn Fn(&News)>;

/// Everything a reader of a portal has written, until a server has it.
pub struct Outbox {
    pub(super) portal: Arc<Portal>,
    /// What waits, the oldest first.
    entries: ArcRwSignal<Vec<Entry>>,
    /// Whether it outlives the page.
    is_kept: ArcRwSignal<bool>,
    /// Not in the database as it is shown, and whether it was tried in vain to put it there.
    fresh: RefCell<HashMap<String, bool>>,
    /// To be called when an entry outlives the page, or is over.
    kept: RefCell<HashMap<String, Box<dyn FnOnce()>>>,
    /// Keys of what is not to be sent, each once for every hold on it (`held`).
    pub(super) held: RefCell<Vec<String>>,
    /// Whether the database could be read when that was tried last.
    is_read: Cell<bool>,
    /// Taken, or taken back: the database may not know yet.
    gone: RefCell<HashSet<String>>,
    /// What the reader wants done with which entry, by whoever may send.
    pub(super) wishes: RefCell<Vec<Wish>>,
    listeners: RefCell<Vec<(u64, Listener)>>,
    listened: Cell<u64>,
    pub(super) channel: Option<BroadcastChannel>,
    pub(super) is_sending: Cell<bool>,
    pub(super) is_asked_again: Cell<bool>,
    pub(super) timer: RefCell<Option<Timeout>>,
}

thread_local! {
    /// One a portal.
    static ALL: RefCell<Vec<Rc<Outbox>>> = const { RefCell::new(Vec::new()) };
}

impl Outbox {
    /// That of a portal; what waits there begins to be sent.
    pub fn of(portal: &Arc<Portal>) -> Rc<Self> {
        let known =
            ALL.with_borrow(|all| all.iter().find(|outbox| outbox.portal.id == portal.id).cloned());
        known.unwrap_or_else(|| {
            let outbox = Self::new(portal.clone());
            ALL.with_borrow_mut(|all| all.push(outbox.clone()));
            outbox
        })
    }

    /// One more, as another tab has it.
    pub fn new(portal: Arc<Portal>) -> Rc<Self> {
        // Natively nobody writes, and nobody is to be asked.
        let is_browser = browser::window().is_some();
        let channel = || BroadcastChannel::new(&format!("haidang:{}:outbox", portal.id)).ok();
        let channel = is_browser.then(channel).flatten();
        let outbox = Rc::new(Self {
            portal,
            entries: ArcRwSignal::new(Vec::new()),
            is_kept: ArcRwSignal::new(true),
            fresh: RefCell::default(),
            kept: RefCell::default(),
            held: RefCell::default(),
            is_read: Cell::new(false),
            gone: RefCell::default(),
            // A page that begins tries at once what waited for better times.
            wishes: RefCell::new(vec![Wish::Wake]),
            listeners: RefCell::default(),
            listened: Cell::new(0),
            channel,
            is_sending: Cell::new(false),
            is_asked_again: Cell::new(false),
            timer: RefCell::new(None),
        });
        if is_browser {
            outbox.listen();
            outbox.kick();
        }
        outbox
    }

    /// What waits, the oldest first. Tracks it.
    pub fn entries(&self) -> Vec<Entry> {
        self.entries.get()
    }

    /// One of them. Tracks it.
    pub fn entry(&self, key: &str) -> Option<Entry> {
        self.entries.with(|entries| entries.iter().find(|entry| entry.key == key).cloned())
    }

    /// Whether what waits outlives the page. Tracks it.
    pub fn is_kept(&self) -> bool {
        self.is_kept.get()
    }

    /// Calls for everything that a server takes, until [`Outbox::forget`].
    pub fn on_news(&self, listener: impl Fn(&News) + 'static) -> u64 {
        let id = self.listened.get() + 1;
        self.listened.set(id);
        self.listeners.borrow_mut().push((id, Rc::new(listener)));
        id
    }

    /// Calls no more.
    pub fn forget(&self, listener: u64) {
        self.listeners.borrow_mut().retain(|(id, _)| *id != listener);
    }

    /// Takes something to send; gives its key at once. `kept` is called when it will outlive the page, or need
    /// not any more.
    pub fn add(
        self: &Rc<Self>,
        place: (&str, &str),
        lang: Lang,
        reader: Reader,
        write: Write,
        kept: impl FnOnce() + 'static,
    ) -> String {
        let (source, thread) = place;
        let exactly_once =
            self.portal.source(source).is_some_and(|source| source.profile.is_none());
        let entry = Entry {
            key: random(),
            source: source.to_owned(),
            thread: thread.to_owned(),
            lang,
            write,
            token: reader.token,
            request: None,
            exactly_once,
            made: self.moment(),
            state: State::Queued,
            tries: 0,
            due: Timestamp(0),
        };
        let key = entry.key.clone();
        for older in self.entries.get_untracked().iter().filter(|older| entry.replaces(older)) {
            self.discard(&older.key);
        }
        self.kept.borrow_mut().insert(key.clone(), Box::new(kept));
        self.fresh.borrow_mut().insert(key.clone(), false);
        self.show(entry.clone());
        // It is kept before it is sent.
        let held = self.hold(&key);
        let outbox = self.clone();
        spawn_local(async move {
            let mut entry = entry;
            entry.request = outbox.resolve(&entry).await;
            outbox.keep(&entry).await;
            drop(held);
            wake_later().await;
        });
        key
    }

    /// Whether an entry may be sent, from here and now.
    pub(super) fn is_free(&self, entry: &Entry) -> bool {
        !self.held.borrow().contains(&entry.key) && self.is_sure(entry)
    }

    /// Whether an entry stands as it is shown, or may be sent twice: what is in a database that cannot be read may have
    /// been sent by another page since.
    pub(super) fn is_sure(&self, entry: &Entry) -> bool {
        let was_never_kept = self.kept.borrow().contains_key(&entry.key);
        self.is_read.get() || entry.may_repeat() || was_never_kept
    }

    /// Now; a moment after what was written in the same one, since things go in the order they were written.
    fn moment(&self) -> Timestamp {
        let now = now();
        let last = |entries: &Vec<Entry>| entries.iter().map(|entry| entry.made.0).max();
        let next = self.entries.with_untracked(last).map_or(now.0, |last| last.saturating_add(1));
        // A clock that was wrong is not followed.
        if (now.0..now.0.saturating_add(1_000)).contains(&next) { Timestamp(next) } else { now }
    }

    /// The reader says: send it again, or try now.
    pub fn again(self: &Rc<Self>, key: &str) {
        self.wishes.borrow_mut().push(Wish::Again(key.to_owned()));
        self.kick();
    }

    /// Puts another request in the place of one that nobody has taken.
    pub fn replace(self: &Rc<Self>, entry: &Entry, write: Write) {
        self.discard(&entry.key);
        let reader = Reader { token: entry.token.clone(), assertion: None };
        let place = (entry.source.as_str(), entry.thread.as_str());
        self.add(place, entry.lang.clone(), reader, write, || {});
    }

    /// The reader takes it back.
    pub fn discard(self: &Rc<Self>, key: &str) {
        self.hide(key);
        let (outbox, key) = (self.clone(), key.to_owned());
        spawn_local(async move { outbox.remove(&key).await });
    }

    /// How an entry will be sent.
    async fn resolve(&self, entry: &Entry) -> Option<Request> {
        self.loader(entry)?.resolve(&entry.source, &operation(entry)).await.ok()
    }

    /// Asks on behalf of an entry, whoever leaves which page.
    pub(super) fn loader(&self, entry: &Entry) -> Option<Loader> {
        let abort = AbortController::new().ok()?.signal();
        let portal = self.portal.clone();
        Some(Loader::new(portal, entry.lang.clone(), Vec::new(), Mode::Network, abort))
    }

    /// Reads what is kept: other tabs have written, too. What is not kept is put there, if it can be by now.
    pub(super) async fn refresh(&self) {
        let records = match Database::open(&self.portal.id).await {
            Some(database) => database.all(Store::Outbox).await,
            None => None,
        };
        self.is_read.set(records.is_some());
        let Some(records) = records else { return };
        let mut entries: Vec<Entry> = records.iter().filter_map(|record| kept(record)).collect();
        let here = self.entries.get_untracked();
        // Another tab may have gone on with what could not be kept here: what may have been sent stays so.
        let is_behind =
            |entry: &Entry| here.iter().any(|shown| shown.key == entry.key && shown.is_here());
        for entry in entries.iter().filter(|entry| !entry.is_here() && is_behind(entry)) {
            let mut fresh = self.fresh.borrow_mut();
            if fresh.get(&entry.key) == Some(&true) {
                fresh.remove(&entry.key);
            }
        }
        let is_fresh = |entry: &Entry| self.fresh.borrow().contains_key(&entry.key);
        // What is shown is newer than its record.
        entries.retain(|entry| !is_fresh(entry) && !self.gone.borrow().contains(&entry.key));
        entries.extend(here.iter().filter(|entry| is_fresh(entry)).cloned());
        entries.sort_by(|a, b| (a.made, &a.key).cmp(&(b.made, &b.key)));
        if entries != here {
            self.entries.set(entries);
        }
        self.noted();
        let in_vain = |(key, in_vain): (&String, &bool)| in_vain.then(|| key.clone());
        let unkept: Vec<String> = self.fresh.borrow().iter().filter_map(in_vain).collect();
        for key in unkept {
            self.put(&key).await;
        }
        self.tell_reader();
    }

    /// Shows and keeps how an entry stands, unless it is over by now.
    pub(super) async fn keep(&self, entry: &Entry) {
        if untrack(|| self.entry(&entry.key)).is_none() {
            return;
        }
        // Until its record says the same, that is not to be believed.
        self.fresh.borrow_mut().entry(entry.key.clone()).or_default();
        self.show(entry.clone());
        self.put(&entry.key).await;
    }

    /// Puts an entry into the database as it is shown by then.
    async fn put(&self, key: &str) {
        let database = Database::open(&self.portal.id).await;
        let Some(entry) = untrack(|| self.entry(key)) else { return };
        let record = json::written(&entry.to_json());
        let is_kept = match &database {
            Some(database) => database.put(Store::Outbox, key, &record).await.is_ok(),
            None => false,
        };
        if is_kept {
            // It may stand otherwise again.
            if untrack(|| self.entry(key)).as_ref() == Some(&entry) {
                self.fresh.borrow_mut().remove(key);
            }
            self.settle(key);
            self.tell(&json!({ "changed": true }));
        } else {
            // Full, or denied: it lives as long as the page, and the reader is told.
            if let Some(in_vain) = self.fresh.borrow_mut().get_mut(key) {
                *in_vain = true;
            }
            // If its record says that it has not been sent, the next page would send it again.
            if let Some(database) = database.filter(|_| !entry.is_here() && !entry.may_repeat())
                && let Some(record) = database.get(Store::Outbox, key).await
                && kept(&record).is_some_and(|kept| kept.is_here())
            {
                // Denied, there is none for us.
                let _ = database.delete(Store::Outbox, key).await;
            }
        }
        self.tell_reader();
    }

    /// Says whether all of it outlives the page.
    fn tell_reader(&self) {
        let is_kept = !self.fresh.borrow().values().any(|in_vain| *in_vain);
        if self.is_kept.get_untracked() != is_kept {
            self.is_kept.set(is_kept);
        }
    }

    /// An entry outlives the page, or is over.
    fn settle(&self, key: &str) {
        let kept = self.kept.borrow_mut().remove(key);
        if let Some(kept) = kept {
            kept();
        }
    }

    /// Forgets an entry.
    pub(super) async fn remove(&self, key: &str) {
        self.hide(key);
        if let Some(database) = Database::open(&self.portal.id).await {
            // Kept, it is found taken when it is sent again.
            let _ = database.delete(Store::Outbox, key).await;
        }
        self.tell(&json!({ "changed": true }));
    }

    /// A server has it.
    pub(super) async fn taken(&self, entry: Entry, answer: Value, found: Option<Comment>) {
        // At once, before anything is drawn without it.
        self.hide(&entry.key);
        self.tell(&json!({ "taken": entry.to_json(), "answer": answer }));
        let comment = found.or_else(|| self.comment(&entry, &answer));
        let key = entry.key.clone();
        self.announce(&News { entry, comment });
        self.remove(&key).await;
    }

    /// Does what the reader and the network wished meanwhile.
    pub(super) async fn grant(&self) {
        let wishes = self.wishes.take();
        for mut entry in self.entries.get_untracked() {
            let before = entry.clone();
            for wish in &wishes {
                match wish {
                    Wish::Again(key) if *key == entry.key => entry.again(now()),
                    Wish::Wake => entry.wake(now()),
                    Wish::Again(_) => {}
                }
            }
            if entry != before && self.is_sure(&entry) {
                self.keep(&entry).await;
            }
        }
    }

    pub(super) fn comment(&self, entry: &Entry, answer: &Value) -> Option<Comment> {
        let origin = Origin { source: &entry.source, base: "", lang: None };
        if answer.is_null() { None } else { read_from(answer, "answer", origin).0.ok() }
    }

    pub(super) fn announce(&self, news: &News) {
        let listeners = self.listeners.borrow().clone();
        for (_, listener) in listeners {
            listener(news);
        }
    }

    fn show(&self, entry: Entry) {
        self.entries.update(|entries| {
            match entries.iter_mut().find(|known| known.key == entry.key) {
                Some(known) => *known = entry,
                None => entries.push(entry),
            }
        });
        self.noted();
    }

    pub(super) fn hide(&self, key: &str) {
        self.fresh.borrow_mut().remove(key);
        self.gone.borrow_mut().insert(key.to_owned());
        self.entries.update(|entries| entries.retain(|entry| entry.key != key));
        self.settle(key);
        self.noted();
    }

    fn noted(&self) {
        let is_waiting = self.entries.with_untracked(|entries| !entries.is_empty());
        // What was written before may be in a database that nobody could look into.
        if is_waiting || self.is_read.get() {
            note(&self.portal.id, is_waiting);
        }
    }
}

/// What an entry asks of its backend.
pub(super) fn operation(entry: &Entry) -> Operation {
    Operation::Write {
        thread: entry.thread.clone(),
        write: entry.write.clone(),
        key: entry.key.clone(),
        reader: Reader { token: entry.token.clone(), assertion: None },
    }
}

/// An entry as it is kept; `None` for what a newer app has written, which will send it.
fn kept(record: &str) -> Option<Entry> {
    read::<Entry>(&json::parse(record).ok()?, "outbox", "").0.ok()
}
