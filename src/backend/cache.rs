//! The one cache for data: what backends answered, by request; in memory, and below it on [`super::disk`].
//!
//! A page is first shown from here, whatever its age, and follows when the network has answered. What is on
//! disk is behind a door: a browser that keeps nothing yet never waits for it, and what is new is written
//! while nothing else is to be done.

use std::{cell::RefCell, pin::pin, rc::Rc};

use futures::future::{Either, LocalBoxFuture, select};
use gloo_timers::{callback::Timeout, future::TimeoutFuture};
use haidang_engine::{
    lang::Lang,
    model::Key,
    profile::{Failure, Operation},
    time::Timestamp,
};
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::{
    disk::{Disk, TABLE},
    fetch::Fetched,
    kept, now,
};
use crate::{browser::yield_to_printed, chunk::chunk};

/// Answers kept in memory; the one used longest ago goes first.
const CAPACITY: usize = 200;
/// Milliseconds that the disk has before the network is asked as well.
const HEAD_START: u32 = 150;
/// Milliseconds after which a database that does not answer is taken for none.
const LIMIT: u32 = 3_000;
/// Milliseconds for which what is new waits for more of it, and the page comes first.
const LATER: u32 = 1_500;

chunk!(disk, open: &'static Disk = &TABLE);

/// Where an answer may come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// From what is kept if it is there, whatever its age; else from the network.
    Cached,
    /// From the network; from what is kept if that fails for the moment.
    Network,
    /// From the network alone, and not into what is kept: whoever asks keeps it.
    Apart,
}

/// What is asked, as the cache sees it.
pub struct Question<'a> {
    /// The portal's id.
    pub portal: &'a str,
    /// Names the answer: two questions of one key have one answer.
    pub key: &'a str,
    /// The source, as keys of articles name it.
    pub source: &'a str,
    /// What is asked.
    pub operation: &'a Operation,
    /// In which of the portal's languages.
    pub lang: &'a Lang,
    /// Where the answer may come from.
    pub mode: Mode,
    /// Whether the answer is for this reader and nobody else.
    pub is_personal: bool,
}

/// An answer by itself.
pub struct Kept {
    /// Names it: its request.
    pub key: String,
    /// As the backend gave it, in the shape of the native API.
    pub value: Rc<Value>,
    /// When.
    pub fetched: Timestamp,
    /// The article it holds, if it is one, and the language it was asked for in.
    pub article: Option<(Key, Lang)>,
    /// For this reader and nobody else: never on disk.
    pub is_personal: bool,
    /// The backend wants it kept nowhere: on disk only as part of what the reader wants kept.
    pub no_store: bool,
}

#[cfg(not(target_arch = "wasm32"))]
impl Kept {
    /// An answer that has just been given, and is for everybody.
    pub fn of(key: String, Fetched { value, no_store }: Fetched) -> Self {
        let (value, fetched) = (Rc::new(value), now());
        Self { key, value, fetched, article: None, is_personal: false, no_store }
    }
}

/// An answer, and how it came.
#[derive(Clone)]
pub struct Answer {
    /// The answer.
    pub kept: Rc<Kept>,
    /// The network was asked and did not answer: this is from memory.
    pub is_fallback: bool,
    /// Not what memory held until now.
    pub is_new: bool,
}

/// What the disk has not been told yet.
pub enum News {
    /// This is the answer now.
    Fresh(Rc<Kept>),
    /// This came with a page, which may have been printed long ago: it tells nothing to who knows something later.
    Brought(Rc<Kept>),
    /// This is the answer now, and part of what the reader saves or takes along.
    Wanted(Rc<Kept>),
    /// There is no such thing any more, or not for this reader: by its key.
    Gone(String),
}

#[derive(Default)]
struct Memory {
    /// The one asked for last at the end: few enough to be looked through.
    entries: Vec<Rc<Kept>>,
    /// What came with the page and nobody has asked for yet, by its key, with when it was fetched.
    brought: Vec<(String, Timestamp, Fetched)>,
    /// By portal.
    news: Vec<(String, News)>,
    later: Option<Timeout>,
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

/// The answer to a question: kept, or what `ask` brings.
pub async fn get(
    question: Question<'_>,
    ask: LocalBoxFuture<'_, Result<Fetched, Failure>>,
) -> Result<Answer, Failure> {
    let Question { portal, key, mode, .. } = question;
    if mode != Mode::Apart
        && !question.is_personal
        && let Some((_, fetched, brought)) =
            MEMORY.with_borrow_mut(|memory| memory.take_brought(key))
    {
        let kept = Rc::new(Kept { fetched, ..question.kept(brought) });
        MEMORY.with_borrow_mut(|memory| memory.keep(kept.clone()));
        if !kept.no_store {
            tell(portal, News::Brought(kept));
        }
        yield_to_printed().await;
    }
    let memory = MEMORY.with_borrow_mut(|memory| memory.find(key));
    let memory = memory.filter(|_| mode != Mode::Apart);
    if let (Mode::Cached, Some(kept)) = (mode, &memory) {
        return Ok(Answer { kept: kept.clone(), is_fallback: false, is_new: false });
    }
    let is_looked_up = mode == Mode::Cached && kept::is_marked(portal);
    let asked = if is_looked_up {
        match race(portal, key, ask).await {
            Either::Left(kept) => return Ok(found(kept, false)),
            Either::Right(asked) => asked,
        }
    } else {
        ask.await
    };
    kept::heard(portal, &asked);
    match asked {
        Ok(fetched) => {
            let mut kept = question.kept(fetched);
            let same = memory.filter(|memory| memory.value == kept.value);
            let is_new = same.is_none();
            if let Some(same) = same {
                // The value itself: what was made of it is right still.
                kept.value = same.value.clone();
            }
            let kept = Rc::new(kept);
            if mode != Mode::Apart {
                keep(portal, &kept);
            }
            Ok(Answer { kept, is_fallback: false, is_new })
        }
        Err(failure) if failure.is_away() => {
            let kept = match memory {
                Some(kept) => Some(kept),
                None if mode == Mode::Apart => None,
                None => on_disk(portal, key).await,
            };
            kept.map(|kept| found(kept, true)).ok_or(failure)
        }
        Err(failure) => {
            // What one reader is not let see says nothing of what everybody may.
            if failure.is_withdrawal() {
                MEMORY.with_borrow_mut(|memory| memory.forget(|known| known == key));
                if kept::is_marked(portal) && !question.is_personal {
                    tell(portal, News::Gone(key.to_owned()));
                }
            }
            Err(failure)
        }
    }
}

/// Asks the disk first, and the network as well once that has had its head start.
async fn race(
    portal: &str,
    key: &str,
    ask: LocalBoxFuture<'_, Result<Fetched, Failure>>,
) -> Either<Rc<Kept>, Result<Fetched, Failure>> {
    let disk = pin!(on_disk(portal, key));
    match select(disk, TimeoutFuture::new(HEAD_START)).await {
        Either::Left((Some(kept), _)) => Either::Left(kept),
        Either::Left((None, _)) => Either::Right(ask.await),
        Either::Right((_, disk)) => match select(ask, disk).await {
            Either::Left((asked, _)) => Either::Right(asked),
            Either::Right((Some(kept), _)) => Either::Left(kept),
            Either::Right((None, ask)) => Either::Right(ask.await),
        },
    }
}

/// What was not in memory is there from now on.
fn found(kept: Rc<Kept>, is_fallback: bool) -> Answer {
    MEMORY.with_borrow_mut(|memory| memory.keep(kept.clone()));
    Answer { kept, is_fallback, is_new: false }
}

/// What the disk has under a key.
async fn on_disk(portal: &str, key: &str) -> Option<Rc<Kept>> {
    if !kept::is_marked(portal) {
        return None;
    }
    let look = pin!(async { (open().await.ok()?.find)(portal, key).await });
    match select(look, TimeoutFuture::new(LIMIT)).await {
        Either::Left((kept, _)) => kept,
        Either::Right(_) => None,
    }
}

/// Keeps an answer in memory, and on disk once there is time.
fn keep(portal: &str, kept: &Rc<Kept>) {
    MEMORY.with_borrow_mut(|memory| memory.keep(kept.clone()));
    // Where nothing is kept, nothing holds what is to be kept nowhere.
    if !kept.is_personal && (!kept.no_store || kept::is_marked(portal)) {
        tell(portal, News::Fresh(kept.clone()));
    }
}

fn tell(portal: &str, news: News) {
    MEMORY.with_borrow_mut(|memory| {
        // What a page has brought is known better by now.
        if let News::Fresh(fresh) = &news {
            let is_it = |news: &News| matches!(news, News::Brought(kept) if kept.key == fresh.key);
            memory.news.retain(|(_, news)| !is_it(news));
        }
        memory.news.push((portal.to_owned(), news));
        memory.later.get_or_insert_with(|| Timeout::new(LATER, || spawn_local(write())));
    });
}

/// Tells the disk what is new.
async fn write() {
    let news = MEMORY.with_borrow_mut(|memory| {
        memory.later = None;
        std::mem::take(&mut memory.news)
    });
    // A part that does not come leaves the disk as it was.
    let Ok(disk) = open().await else { return };
    (disk.take)(news).await;
}

/// Finds out which articles are kept: lists mark them while there is no network.
pub async fn survey(portal: String) {
    if let Ok(disk) = open().await {
        (disk.survey)(&portal).await;
    }
}

/// Takes answers that came with the page: `[{"key", "fetched", "no_store", "value"}]`.
pub fn prime(answers: Vec<Value>) {
    for mut answer in answers {
        // A whole number: reading fractions takes tables that weigh more than this file.
        let fetched = answer.get("fetched").and_then(Value::as_i64).map(Timestamp);
        let key = answer.get("key").and_then(Value::as_str).map(ToOwned::to_owned);
        let no_store = answer.get("no_store").and_then(Value::as_bool).unwrap_or_default();
        let value = answer.get_mut("value").map(Value::take);
        if let (Some(key), Some(fetched), Some(value)) = (key, fetched, value) {
            let brought = (key, fetched, Fetched { value, no_store });
            MEMORY.with_borrow_mut(|memory| {
                let _older = memory.take_brought(&brought.0);
                memory.brought.push(brought);
            });
        }
    }
}

/// Forgets what is kept in memory under keys that begin so: it has been written to. What is on disk stays for
/// want of better until the network has been asked again.
pub fn forget(prefix: &str) {
    MEMORY.with_borrow_mut(|memory| {
        memory.forget(|key| key.starts_with(prefix));
        memory.brought.retain(|(key, ..)| !key.starts_with(prefix));
    });
}

/// Forgets an answer that made no sense, before anybody has written it down.
pub fn spoil(key: &str) {
    MEMORY.with_borrow_mut(|memory| {
        memory.forget(|known| known == key);
        let is_it = |news: &News| matches!(news, News::Fresh(kept) | News::Brought(kept) if kept.key == key);
        memory.news.retain(|(_, news)| !is_it(news));
    });
}

impl Question<'_> {
    fn kept(&self, Fetched { value, no_store }: Fetched) -> Kept {
        let article = match self.operation {
            Operation::Article(id) => {
                Some((Key { source: self.source.to_owned(), id: id.clone() }, self.lang.clone()))
            }
            _ => None,
        };
        Kept {
            key: self.key.to_owned(),
            value: Rc::new(value),
            fetched: now(),
            article,
            is_personal: self.is_personal,
            no_store,
        }
    }
}

impl Memory {
    fn find(&mut self, key: &str) -> Option<Rc<Kept>> {
        let at = self.entries.iter().position(|known| known.key == key)?;
        let answer = self.entries.remove(at);
        self.entries.push(answer.clone());
        Some(answer)
    }

    fn keep(&mut self, answer: Rc<Kept>) {
        self.forget(|known| *known == answer.key);
        if self.entries.len() >= CAPACITY {
            self.entries.remove(0);
        }
        self.entries.push(answer);
    }

    fn forget(&mut self, is_it: impl Fn(&str) -> bool) {
        self.entries.retain(|known| !is_it(&known.key));
    }

    fn take_brought(&mut self, key: &str) -> Option<(String, Timestamp, Fetched)> {
        let at = self.brought.iter().position(|(known, ..)| known == key)?;
        Some(self.brought.swap_remove(at))
    }
}
