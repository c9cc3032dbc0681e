//! Asks backends as they like it: so many questions at once and no more, what can be asked together with what else
//! waits, again after a while if they are busy, and by all who ask only then.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::LocalBoxFuture;
use haidang::backend::{Backend, Fetched};
use haidang_engine::{
    content::Block,
    lang::Lang,
    model::Key,
    profile::{Failure, Operation, Portal, Source},
};
use serde_json::Value;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until},
};

use super::together::{Together, Waiting};
use crate::print::Sources;

/// How often a question is asked again that a busy backend has put off.
const BUSY: u32 = 4;
/// How often one is asked again that nobody has answered.
const AWAY: u32 = 2;
/// What is waited at first; each time twice as long.
const FIRST: Duration = Duration::from_millis(250);
/// A backend that wants more than this is left alone: the page has failed.
const LONGEST: Duration = Duration::from_secs(120);

/// The sources of a portal, for all who ask.
pub struct Patient {
    sources: Sources,
    places: Semaphore,
    /// Until then nobody asks.
    pause: Mutex<Instant>,
    together: Together,
}

impl Patient {
    /// Asks `sources` at most so many questions at once.
    pub fn new(sources: Sources, at_once: usize) -> Self {
        let pause = Mutex::new(Instant::now());
        let (places, together) = (Semaphore::new(at_once), Together::default());
        Self { sources, places, pause, together }
    }

    /// The portal, offering what is there.
    pub fn portal(&self) -> &Arc<Portal> {
        self.sources.portal()
    }

    async fn rest(&self) {
        loop {
            let until = *self.pause.lock().unwrap_or_else(PoisonError::into_inner);
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }

    fn pause(&self, time: Duration) {
        let mut until = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *until = (*until).max(Instant::now() + time);
    }

    /// An article that came with others; `None` if it is to be asked for alone. Whoever gets a place first asks for
    /// all that wait.
    async fn with_others(
        &self,
        source: &Source,
        key: &str,
        id: &str,
        lang: &Lang,
    ) -> Option<Fetched> {
        let mut told = self.together.wait(source, id, lang)?;
        loop {
            self.rest().await;
            let _place = tokio::select! {
                biased;
                told = &mut told => return told.ok(),
                place = self.places.acquire() => place,
            };
            let waiting = self.together.take(source, lang);
            if waiting.is_empty() {
                break;
            }
            let ids: BTreeSet<&String> = waiting.iter().map(|waiting| &waiting.id).collect();
            let ids = ids.into_iter().cloned().collect();
            match self.articles(source, key, ids, lang).await {
                Ok(found) => {
                    self.together.went_well(source, waiting.len());
                    for Waiting { id, tell } in waiting {
                        if let Some(Fetched { value, no_store }) = found.get(&id) {
                            // Who does not wait any more does not need it.
                            let _ =
                                tell.send(Fetched { value: value.clone(), no_store: *no_store });
                        }
                    }
                }
                Err(failure) => self.together.went_wrong(source, &failure),
            }
        }
        // Another has asked for it.
        told.await.ok()
    }

    /// Several articles by their ids.
    async fn articles(
        &self,
        source: &Source,
        key: &str,
        ids: Vec<String>,
        lang: &Lang,
    ) -> Result<HashMap<String, Fetched>, Failure> {
        let operation = Operation::Articles { ids };
        let mut tries = 0;
        loop {
            let (answer, asked) = self.sources.ask(source, key, &operation, lang).await;
            let failure = match answer {
                Ok(fetched) => return Ok(by_id(fetched)),
                Err(failure) => failure,
            };
            // What takes too long takes less alone.
            let again = again_in(&failure, tries).filter(|_| failure != Failure::TimedOut);
            let Some(time) = again else {
                tracing::debug!("{asked}: {failure}: these are asked for one by one");
                return Err(failure);
            };
            tries += 1;
            self.pause(time);
            self.rest().await;
        }
    }
}

/// The articles of an answer, each as if it had been asked for alone.
fn by_id(Fetched { mut value, no_store }: Fetched) -> HashMap<String, Fetched> {
    let items = value.get_mut("items").and_then(Value::as_array_mut).map(std::mem::take);
    let articles = items.into_iter().flatten().filter_map(|value| {
        let id = value.pointer("/headline/key/id")?.as_str()?.to_owned();
        Some((id, Fetched { value, no_store }))
    });
    articles.collect()
}

/// What one page asks.
pub struct Asking {
    patient: Arc<Patient>,
    trouble: Mutex<Option<Trouble>>,
}

/// Why a page is not what it should be.
#[derive(Debug, Clone)]
pub struct Trouble {
    /// For the operator.
    pub cause: String,
    /// Whether nobody answered, or not now.
    pub is_away: bool,
}

impl Asking {
    /// Nothing has been asked yet.
    pub fn new(patient: Arc<Patient>) -> Self {
        Self { patient, trouble: Mutex::default() }
    }

    /// What was not answered this time, though the page might be shown without it.
    pub fn trouble(&self) -> Option<Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn answer(
        &self,
        source: &Source,
        key: &str,
        operation: &Operation,
        lang: &Lang,
    ) -> (Result<Fetched, Failure>, String) {
        let patient = &self.patient;
        if let Operation::Article(id) = operation
            && let Some(asked) = patient.sources.key(source, operation, lang)
            && let Some(article) = patient.with_others(source, key, id, lang).await
        {
            return (Ok(article), asked);
        }
        let mut tries = 0;
        loop {
            patient.rest().await;
            let place = patient.places.acquire().await;
            let (answer, asked) = patient.sources.ask(source, key, operation, lang).await;
            drop(place);
            let Err(failure) = &answer else { return (answer, asked) };
            if let Some(time) = again_in(failure, tries) {
                tries += 1;
                patient.pause(time);
                continue;
            }
            // Whatever else fails, fails the same way next time: readers have the page without it.
            if failure.is_transient() {
                let trouble = Trouble { cause: format!("{asked}: {failure}"), is_away: true };
                self.trouble.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(trouble);
            }
            return (answer, asked);
        }
    }
}

/// After what time a question is asked again; `None` if it is not.
fn again_in(failure: &Failure, tries: u32) -> Option<Duration> {
    let (most, wanted) = match failure {
        Failure::Busy { retry_after } => (BUSY, Duration::from_secs((*retry_after).into())),
        failure if failure.is_transient() => (AWAY, Duration::ZERO),
        _ => return None,
    };
    (tries < most && wanted <= LONGEST).then(|| wanted.max(FIRST * 2_u32.saturating_pow(tries)))
}

impl Backend for Asking {
    fn ask<'a>(
        &'a self,
        source: &'a Source,
        key: &'a str,
        operation: &'a Operation,
        lang: &'a Lang,
    ) -> LocalBoxFuture<'a, (Result<Fetched, Failure>, String)> {
        Box::pin(self.answer(source, key, operation, lang))
    }

    /// They are written with the pages.
    fn has_feed(&self, _: &str, _: Option<&Key>) -> bool {
        true
    }

    fn own_links<'a>(
        &'a self,
        source: &'a Source,
        key: &'a str,
        lang: &'a Lang,
        blocks: &'a mut [Block],
    ) -> LocalBoxFuture<'a, ()> {
        self.patient.sources.own_links(source, key, lang, blocks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_backend_is_asked_again_when_it_says_and_not_for_ever() {
        let busy = |retry_after| Failure::Busy { retry_after };
        assert_eq!(again_in(&busy(7), 0), Some(Duration::from_secs(7)));
        assert_eq!(again_in(&busy(0), 2), Some(Duration::from_secs(1)));
        assert_eq!(again_in(&busy(7), BUSY), None);
        assert_eq!(again_in(&busy(3_600), 0), None);
        assert_eq!(again_in(&Failure::Unreachable, 0), Some(FIRST));
        assert_eq!(again_in(&Failure::NotFound, 0), None);
    }
}
