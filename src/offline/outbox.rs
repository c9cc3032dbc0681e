//! Everything a reader writes, until a server has it.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
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
    /// Shown, and not in the database.
    fresh: RefCell<HashSet<String>>,
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

    /// Takes something to send; gives its key at once. `kept` is called when it will outlive the page, or
    /// nothing more can be done for that.
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
        // A vote takes the place of one that has not gone out yet.
        let replaced = self.entries.with_untracked(|entries| {
            let older = entries.iter().find(|older| is_same_vote(older, &entry));
            older.map(|older| older.key.clone())
        });
        if let Some(replaced) = replaced {
            self.discard(&replaced);
        }
        self.fresh.borrow_mut().insert(key.clone());
        self.show(entry.clone());
        let outbox = self.clone();
        spawn_local(async move {
            let mut entry = entry;
            entry.request = outbox.resolve(&entry).await;
            outbox.keep(&entry).await;
            kept();
            outbox.kick();
            wake_later().await;
        });
        key
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

    /// The reader says otherwise what nobody has taken: another request, with a key of its own.
    pub fn rewrite(self: &Rc<Self>, key: &str, text: String) {
        let Some(entry) = untrack(|| self.entry(key)) else { return };
        let write = match entry.write.clone() {
            Write::Post(mut comment) => {
                comment.text = text;
                Write::Post(comment)
            }
            Write::Edit { comment, .. } => Write::Edit { comment, text },
            other => other,
        };
        self.replace(&entry, write);
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

    /// Reads what is kept: other tabs have written, too.
    pub(super) async fn refresh(&self) {
        let Some(database) = Database::open(&self.portal.id).await else { return };
        let Some(records) = database.all(Store::Outbox).await else { return };
        let kept = records.iter().filter_map(|record| {
            let value = json::parse(record).ok()?;
            // What a newer app has written, it will send.
            read::<Entry>(&value, "outbox", "").0.ok()
        });
        let mut entries: Vec<Entry> = kept.collect();
        let fresh = self.fresh.borrow().clone();
        entries.retain(|entry| !self.gone.borrow().contains(&entry.key));
        let here = self.entries.get_untracked();
        let unkept = here.iter().filter(|entry| fresh.contains(&entry.key));
        for entry in unkept {
            if !entries.iter().any(|known| known.key == entry.key) {
                entries.push(entry.clone());
            }
        }
        entries.sort_by(|a, b| (a.made, &a.key).cmp(&(b.made, &b.key)));
        if entries != here {
            self.entries.set(entries);
        }
        self.noted();
    }

    /// Shows and keeps how an entry stands.
    pub(super) async fn keep(&self, entry: &Entry) {
        self.show(entry.clone());
        let kept = match Database::open(&self.portal.id).await {
            Some(database) => {
                let record = json::written(&entry.to_json());
                database.put(Store::Outbox, &entry.key, &record).await.is_ok()
            }
            None => false,
        };
        // Full, or denied: it lives as long as the page, and the reader is told.
        if kept {
            self.fresh.borrow_mut().remove(&entry.key);
        } else {
            self.fresh.borrow_mut().insert(entry.key.clone());
        }
        if self.is_kept.get_untracked() != kept {
            self.is_kept.set(kept);
        }
        self.tell(&json!({ "changed": true }));
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
            if entry != before {
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
        self.noted();
    }

    fn noted(&self) {
        let is_waiting = self.entries.with_untracked(|entries| !entries.is_empty());
        // What was written before may be in a database that has not come yet.
        if is_waiting || !Database::is_coming(&self.portal.id) {
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

/// Whether a vote that waits is to be replaced by a newer one.
fn is_same_vote(older: &Entry, newer: &Entry) -> bool {
    let vote = |entry: &Entry| match &entry.write {
        Write::Vote { comment, .. } => Some(comment.clone()),
        _ => None,
    };
    vote(newer).is_some()
        && vote(older) == vote(newer)
        && (&older.source, &older.thread) == (&newer.source, &newer.thread)
        && older.is_here()
}
