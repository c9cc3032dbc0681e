//! Articles that wait for their turn, to be asked for together: a backend that can be asked so answers fifty in
//! little more time than one.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use haidang::backend::Fetched;
use haidang_engine::{
    lang::Lang,
    profile::{Operation, Source},
};
use tokio::sync::oneshot::{Receiver, Sender, channel};

/// Pages that are under way for each request that is: so many wait, and go together.
pub const CROWD: usize = 16;

/// An article that is waited for.
pub struct Waiting {
    /// Its id.
    pub id: String,
    /// Dropped, it is asked for alone.
    pub tell: Sender<Fetched>,
}

/// All that are waited for.
#[derive(Default)]
pub struct Together(Mutex<State>);

#[derive(Default)]
struct State {
    /// By the id of the source, and the language.
    waiting: HashMap<(String, Lang), Vec<Waiting>>,
    /// The sources that have failed at it: they are asked for one article at a time.
    alone: HashSet<String>,
}

impl Together {
    /// Puts an article among those that wait; `None` if its source is to be asked for it alone.
    pub fn wait(&self, source: &Source, id: &str, lang: &Lang) -> Option<Receiver<Fetched>> {
        let mut state = self.state();
        if !source.offers.articles || state.alone.contains(&source.id) {
            return None;
        }
        let (tell, told) = channel();
        let among = state.waiting.entry((source.id.clone(), lang.clone())).or_default();
        among.push(Waiting { id: id.to_owned(), tell });
        Some(told)
    }

    /// Takes as many as may be asked for at once, those first that have waited longest.
    pub fn take(&self, source: &Source, lang: &Lang) -> Vec<Waiting> {
        let mut state = self.state();
        let Some(waiting) = state.waiting.get_mut(&(source.id.clone(), lang.clone())) else {
            return Vec::new();
        };
        let count = waiting.len().min(Operation::TOGETHER);
        waiting.drain(..count).collect()
    }

    /// Asks the source for one at a time from now on; those that wait, too.
    pub fn leave(&self, source: &Source) {
        let mut state = self.state();
        state.alone.insert(source.id.clone());
        state.waiting.retain(|(id, _), _| *id != source.id);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
