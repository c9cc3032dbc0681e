//! Articles that wait for their turn, to be asked for together: a backend that can be asked so answers fifty in
//! little more time than one.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use haidang::backend::Fetched;
use haidang_engine::{
    lang::Lang,
    profile::{Failure, Operation, Source},
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
    /// The sources that cannot be asked so.
    alone: HashSet<String>,
    /// How many others are asked for at once, where all have been too many.
    most: HashMap<String, usize>,
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
        let most = state.most.get(&source.id).copied().unwrap_or(Operation::TOGETHER);
        let Some(waiting) = state.waiting.get_mut(&(source.id.clone(), lang.clone())) else {
            return Vec::new();
        };
        waiting.drain(..waiting.len().min(most)).collect()
    }

    /// The source has given `count` at once: if it may be asked for no more, then for one more the next time.
    pub fn went_well(&self, source: &Source, count: usize) {
        if let Some(most) = self.state().most.get_mut(&source.id).filter(|most| count >= **most) {
            *most = most.saturating_add(1).min(Operation::TOGETHER);
        }
    }

    /// The source has not: the next time it is asked for less, or, if it says that there is no such question, for
    /// one at a time from now on.
    pub fn went_wrong(&self, source: &Source, failure: &Failure) {
        let mut state = self.state();
        if let Failure::NotOffered
        | Failure::NotFound
        | Failure::Forbidden
        | Failure::Refused(_)
        | Failure::Unvouched { .. }
        | Failure::Broken { status: 400..500 } = failure
        {
            state.alone.insert(source.id.clone());
            state.waiting.retain(|(id, _), _| *id != source.id);
        } else {
            let most = state.most.entry(source.id.clone()).or_insert(Operation::TOGETHER);
            *most = (*most / 2).max(1);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
