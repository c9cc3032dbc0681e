//! The one cache for data: what backends answered, by request, in memory.

use std::{cell::RefCell, collections::HashMap, rc::Rc};

use haidang_engine::profile::Failure;
use serde_json::Value;

/// Answers kept; the one used longest ago goes first.
const CAPACITY: usize = 200;

/// Where an answer may come from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// From memory if it is there, whatever its age; else from the network.
    Cached,
    /// From the network; from memory if that fails for the moment.
    Network,
}

/// An answer, and when it was fetched.
#[derive(Clone)]
pub struct Answer {
    /// As the backend gave it.
    pub value: Rc<Value>,
    /// Milliseconds since 1970.
    pub fetched: f64,
    /// The network was asked and did not answer: this is from memory.
    pub is_fallback: bool,
    /// Not what memory held until now.
    pub is_new: bool,
}

struct Entry {
    answer: Answer,
    used: u64,
}

#[derive(Default)]
struct Store {
    entries: HashMap<String, Entry>,
    clock: u64,
}

thread_local! {
    static MEMORY: RefCell<Store> = RefCell::default();
}

/// What is kept under `key`, or what `ask` answers.
pub async fn get(
    key: &str,
    mode: Mode,
    ask: impl Future<Output = Result<Value, Failure>>,
) -> Result<Answer, Failure> {
    let kept = MEMORY.with_borrow_mut(|store| store.find(key));
    if let (Mode::Cached, Some(answer)) = (mode, &kept) {
        return Ok(Answer { is_new: false, ..answer.clone() });
    }
    match ask.await {
        Ok(value) => {
            let fetched = js_sys::Date::now();
            let is_new = kept.is_none_or(|kept| *kept.value != value);
            let answer = Answer { value: Rc::new(value), fetched, is_fallback: false, is_new };
            MEMORY.with_borrow_mut(|store| store.keep(key.to_owned(), answer.clone()));
            Ok(answer)
        }
        Err(failure) if failure.is_transient() => match kept {
            Some(answer) => Ok(Answer { is_fallback: true, is_new: false, ..answer }),
            None => Err(failure),
        },
        Err(failure) => {
            // Withdrawn, or no longer for this reader: memory must not say otherwise.
            if matches!(failure, Failure::NotFound | Failure::Forbidden) {
                MEMORY.with_borrow_mut(|store| store.entries.remove(key));
            }
            Err(failure)
        }
    }
}

/// Forgets what is kept under keys that begin so: it has been written to.
pub fn forget(prefix: &str) {
    MEMORY.with_borrow_mut(|store| store.entries.retain(|url, _| !url.starts_with(prefix)));
}

impl Store {
    fn find(&mut self, url: &str) -> Option<Answer> {
        self.clock += 1;
        let entry = self.entries.get_mut(url)?;
        entry.used = self.clock;
        Some(entry.answer.clone())
    }

    fn keep(&mut self, url: String, answer: Answer) {
        self.clock += 1;
        if self.entries.len() >= CAPACITY && !self.entries.contains_key(&url) {
            let oldest = self.entries.iter().min_by_key(|(_, entry)| entry.used);
            if let Some(oldest) = oldest.map(|(url, _)| url.clone()) {
                self.entries.remove(&oldest);
            }
        }
        self.entries.insert(url, Entry { answer, used: self.clock });
    }
}
