//! The door to backends that are read by a profile.
//!
//! Behind it, a part of its own (see [`crate::chunk`]), are the profile engine and what drives it: a portal
//! whose sources all speak the native API never fetches it.

mod driver;
mod merged;
mod zones;

use futures::future::LocalBoxFuture;
use haidang_engine::{
    content::Block,
    lang::Lang,
    model::{Front, Headline, Page as Slice},
    profile::{Capabilities, Failure, Headlines, Operation, Portal, Request, Source},
};
use serde_json::Value;
use web_sys::AbortSignal;

use super::{
    Loader,
    cache::{Answer, Mode},
    warn,
};
use crate::chunk::{Missing, chunk};

/// A question to a source that has a profile.
#[derive(Clone, Copy)]
pub struct Wish<'a> {
    /// The portal's id.
    pub portal: &'a str,
    /// Whom to ask.
    pub source: &'a Source,
    /// The source, as keys of articles name it.
    pub key_source: &'a str,
    /// What to ask.
    pub operation: &'a Operation,
    /// In which of the portal's languages.
    pub lang: &'a Lang,
    /// Where the answer may come from.
    pub mode: Mode,
    /// Ends it.
    pub abort: &'a AbortSignal,
}

/// An answer, and how it was asked, for messages.
type Asked = (Result<Answer, Failure>, String);

/// What a task behind the door gives.
type Task<'a, T> = LocalBoxFuture<'a, Result<T, Failure>>;
/// Sources by their ids in our keys.
type Ids<'a> = &'a [&'a str];

/// What is behind the door.
pub struct Translator {
    /// Asks; beside the answer, in the shape of the native API, is how it was asked, for messages.
    pub ask: for<'a> fn(Wish<'a>) -> LocalBoxFuture<'a, Asked>,
    /// How to send what a reader wrote.
    pub plan: for<'a> fn(Wish<'a>) -> Task<'a, Request>,
    /// Sends it; never from memory, never twice.
    pub send: for<'a> fn(Wish<'a>, &'a Request) -> Task<'a, Value>,
    /// What the source offers; the error says what is wrong with its profile.
    pub offers: for<'a> fn(&'a Source) -> LocalBoxFuture<'a, Result<Capabilities, String>>,
    /// A page of the lists of several sources, by their ids in our keys: see [`merged`].
    pub headlines:
        for<'a> fn(&'a Loader, Ids<'a>, &'a Headlines, &'a Lang) -> Task<'a, Slice<Headline>>,
    /// The front pages of several sources as one.
    pub front: for<'a> fn(&'a Loader, Ids<'a>) -> Task<'a, Front>,
    /// Makes links in a body that lead to the source's own pages ours: source, its id in our keys, language.
    pub own_links:
        for<'a> fn(&'a Source, &'a str, &'a Lang, &'a mut [Block]) -> LocalBoxFuture<'a, ()>,
    /// What an event of a stream says, in the shape of the native API.
    pub hear: for<'a> fn(Wish<'a>, &'a str) -> Task<'a, Value>,
}

chunk!(profile, open: &'static Translator = &driver::TRANSLATOR);

/// Opens the door.
pub async fn translator() -> Result<&'static Translator, Failure> {
    open().await.map_err(|Missing| Failure::Unreachable)
}

/// Finds out what the portal's sources offer and offers no more.
///
/// The error says what is wrong with the profile of the only source; where there are others, one that
/// cannot be used costs its part only.
pub async fn learn_offers(portal: &mut Portal) -> Result<(), String> {
    let mut wrong = None;
    for source in portal.sources.iter_mut().filter(|source| source.profile.is_some()) {
        let offers = match open().await {
            Ok(translator) => (translator.offers)(source).await,
            Err(Missing) => Err("the part that reads profiles did not come".to_owned()),
        };
        source.offers = offers.unwrap_or_else(|cause| {
            let cause = format!("source \"{}\": {cause}", source.id);
            warn(&cause);
            wrong = Some(cause);
            Capabilities::NOTHING
        });
    }
    portal.offer_what_is_there();
    match wrong {
        Some(cause) if portal.sources.len() == 1 => Err(cause),
        _ => Ok(()),
    }
}
