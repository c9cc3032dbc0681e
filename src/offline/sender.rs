//! Sends what waits: one tab at a time, one write at a time, each step kept before it is taken.

use std::rc::Rc;

use gloo_timers::callback::Timeout;
use haidang_engine::{
    content::{from_markdown, from_text, text},
    model::{BodyFormat, Comment, ThreadPage},
    outbox::{Entry, Fate, Step, is_it},
    profile::{Failure, Operation, Reader, Write},
    thread::Order,
};
use leptos::prelude::*;
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::{
    lock::alone,
    outbox::{Outbox, operation},
    reader::assertion,
};
use crate::{
    backend::{now, parse_html},
    database::Database,
};

/// Milliseconds for which a write that is being sent is left alone where no lock is to be had.
const LEASE: i64 = 60_000;
/// Milliseconds after which it is looked again for a database that did not come, or could not be read.
const LATE: i64 = 5_000;
/// Pages of a thread that are looked through for a comment.
const PAGES: usize = 20;

impl Outbox {
    /// Sends what is due. Does nothing but note it if it is being done already.
    pub fn kick(self: &Rc<Self>) {
        if self.is_sending.replace(true) {
            self.is_asked_again.set(true);
            return;
        }
        self.timer.take();
        let outbox = self.clone();
        spawn_local(async move {
            loop {
                outbox.is_asked_again.set(false);
                let name = format!("haidang:{}:outbox", outbox.portal.id);
                let locked = outbox.clone();
                let is_done = alone(&name, async move { locked.round(0).await }).await;
                if !is_done {
                    outbox.round(LEASE).await;
                }
                if !outbox.is_asked_again.get() {
                    break;
                }
            }
            outbox.is_sending.set(false);
            outbox.wait();
        });
    }

    /// Sends until nothing is due.
    async fn round(&self, lease: i64) {
        self.refresh().await;
        self.grant().await;
        // Without a network nothing needs to be tried to know that it fails.
        while window().navigator().on_line() {
            let Some(entry) = self.next() else { return };
            if entry.step(now()) == Step::Send {
                self.send(entry, lease).await;
            } else {
                self.reread(entry).await;
            }
            self.refresh().await;
        }
    }

    /// What something is to be done with now.
    fn next(&self) -> Option<Entry> {
        let at = now();
        let entries = untrack(|| self.entries());
        let is_next = |(index, entry): &(usize, &Entry)| {
            let mut earlier = entries.iter().take(*index);
            matches!(entry.step(at), Step::Send | Step::Reread)
                && self.is_free(entry)
                && !earlier.any(|earlier| earlier.holds_up(entry))
        };
        entries.iter().enumerate().find(is_next).map(|(_, entry)| entry.clone())
    }

    async fn send(&self, mut entry: Entry, lease: i64) {
        entry.begin(now(), lease);
        self.keep(&entry).await;
        let answer = self.deliver(&entry).await;
        match entry.end(answer.as_ref().map(|_| ()), now()) {
            Fate::Done => self.taken(entry, answer.unwrap_or_default(), None).await,
            Fate::Kept => self.keep(&entry).await,
        }
    }

    async fn deliver(&self, entry: &Entry) -> Result<Value, Failure> {
        let loader = self.loader(entry).ok_or(Failure::Unreachable)?;
        let operation = operation(entry);
        let mut request = match &entry.request {
            Some(request) => request.clone(),
            None => loader.resolve(&entry.source, &operation).await?,
        };
        // The portal's word is good for minutes: it is asked for when it is needed.
        if entry.exactly_once
            && let Some(assertion) = assertion(&self.portal)
        {
            request.headers.push(("Authorization".to_owned(), ["Bearer ", &assertion].concat()));
        }
        loader.deliver(&entry.source, &operation, &request).await
    }

    /// Looks in the thread for what may have arrived.
    async fn reread(&self, mut entry: Entry) {
        let found = self.find(&entry).await;
        let is_found = found.as_ref().map(Option::is_some);
        match entry.reread(is_found, now()) {
            Fate::Done => self.taken(entry, Value::Null, found.ok().flatten()).await,
            Fate::Kept => self.keep(&entry).await,
        }
    }

    async fn find(&self, entry: &Entry) -> Result<Option<Comment>, Failure> {
        if matches!(entry.write, Write::Report { .. }) {
            return Ok(None);
        }
        let loader = self.loader(entry).ok_or(Failure::Unreachable)?;
        let base = loader.base(&entry.source).to_owned();
        let mut cursor = None;
        for _ in 0..PAGES {
            let operation = Operation::Comments {
                thread: entry.thread.clone(),
                order: Order::Newest,
                cursor,
                reader: Reader { token: entry.token.clone(), assertion: assertion(&self.portal) },
            };
            let page = loader.ask::<ThreadPage>(&entry.source, &operation).await?;
            // From memory it says nothing of now.
            if loader.memory().since.is_some() {
                return Err(Failure::Unreachable);
            }
            let found = page.items.into_iter().find(|comment| {
                let shown = comment.body.as_ref().map(|body| match body.format {
                    BodyFormat::Html => text(&parse_html(&body.value, &base).blocks),
                    BodyFormat::Markdown => text(&from_markdown(&body.value).blocks),
                    BodyFormat::Text => text(&from_text(&body.value).blocks),
                });
                is_it(entry, comment, &shown.unwrap_or_default())
            });
            if found.is_some() {
                return Ok(found);
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        Ok(None)
    }

    /// Sets the clock for what is due next. With nothing waiting there is none.
    fn wait(self: &Rc<Self>) {
        let at = now();
        let next = untrack(|| self.entries())
            .iter()
            .filter_map(|entry| match entry.step(at) {
                Step::Wait(until) => Some(until.0 - at.0),
                Step::Send | Step::Reread if !self.is_sure(entry) => Some(LATE),
                _ => None,
            })
            .chain(Database::is_coming(&self.portal.id).then_some(LATE))
            .min();
        let Some(wait) = next else { return };
        let wait = u32::try_from(wait.max(0)).unwrap_or(u32::MAX / 2).min(u32::MAX / 2);
        let outbox = self.clone();
        self.timer.replace(Some(Timeout::new(wait, move || outbox.kick())));
    }
}
