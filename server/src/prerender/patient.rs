//! Asks backends as they like it: so many questions at once and no more, again after a while if they are busy,
//! and by all who ask only then.

use std::{
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
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep_until},
};

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
}

impl Patient {
    /// Asks `sources` at most so many questions at once.
    pub fn new(sources: Sources, at_once: usize) -> Self {
        let pause = Mutex::new(Instant::now());
        Self { sources, places: Semaphore::new(at_once), pause }
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
