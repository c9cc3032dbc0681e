//! Asks backends on behalf of one page, and remembers how fresh what it got is.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use futures::future::LocalBoxFuture;
use haidang_engine::{
    content::Block,
    json,
    kept::is_due,
    lang::Lang,
    model::{Front, Headline, Page as Slice},
    profile::{Failure, Headlines, Operation, Portal, Request, Source, plan},
    read::{Origin, Read, read_from},
    time::Timestamp,
};
use serde_json::Value;
use web_sys::AbortSignal;

use super::{
    cache::{self, Kept, Mode, Question},
    fetch::send,
    now,
    translate::{Wish, translator},
};

/// Milliseconds for which an answer is taken as new: going back and forth asks nobody.
pub(super) const FRESH: i64 = 30_000;

/// How far what a page shows can be trusted to be new.
#[derive(Clone, Copy, PartialEq, Default)]
pub struct Memory {
    /// Something is older than half a minute: the network should be asked.
    pub is_stale: bool,
    /// The network was asked in vain: the page shows what was fetched then.
    pub since: Option<Timestamp>,
    /// The network answered something else than memory held.
    pub is_new: bool,
    /// The sources whose part is missing, a bit each in the order of portal.json.
    pub missing: u32,
}

/// Natively there is no browser to ask: whoever prints pages answers.
#[cfg(not(target_arch = "wasm32"))]
pub trait Backend {
    /// Answers a question to `source`, `key` in keys of articles, in the shape of the native API; beside the
    /// answer is its key in the browser's cache.
    fn ask<'a>(
        &'a self,
        source: &'a Source,
        key: &'a str,
        operation: &'a Operation,
        lang: &'a Lang,
    ) -> LocalBoxFuture<'a, (Result<super::Fetched, Failure>, String)>;

    /// Whether there are feeds of the portal that lies at `home`, or of a section of it.
    fn has_feed(&self, home: &str, section: Option<&haidang_engine::model::Key>) -> bool;

    /// Makes links in a body that lead to the source's own pages ours.
    fn own_links<'a>(
        &'a self,
        source: &'a Source,
        key: &'a str,
        lang: &'a Lang,
        blocks: &'a mut [Block],
    ) -> LocalBoxFuture<'a, ()>;
}

/// Who answers.
enum Via {
    /// The network, and what is kept of it.
    Network { mode: Mode, abort: AbortSignal },
    /// See [`Backend`].
    #[cfg(not(target_arch = "wasm32"))]
    Native(Arc<dyn Backend>),
}

/// One page's questions. Dropped pages abort theirs.
pub struct Loader {
    /// The portal in force.
    pub portal: Arc<Portal>,
    /// The language of the interface.
    pub lang: Lang,
    /// What else the reader reads, in order of preference.
    pub reads: Vec<Lang>,
    via: Via,
    memory: Cell<Memory>,
    answers: RefCell<Vec<Rc<Kept>>>,
}

impl Loader {
    /// Asks for a page in `lang`, until `abort`.
    pub fn new(
        portal: Arc<Portal>,
        lang: Lang,
        reads: Vec<Lang>,
        mode: Mode,
        abort: AbortSignal,
    ) -> Self {
        Self::via(portal, lang, reads, Via::Network { mode, abort })
    }

    /// Asks `backend` for a page in `lang`.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn native(portal: Arc<Portal>, lang: Lang, backend: Arc<dyn Backend>) -> Self {
        Self::via(portal, lang, Vec::new(), Via::Native(backend))
    }

    fn via(portal: Arc<Portal>, lang: Lang, reads: Vec<Lang>, via: Via) -> Self {
        let (memory, answers) = (Cell::default(), RefCell::default());
        Self { portal, lang, reads, via, memory, answers }
    }

    /// The languages to try for content, best first.
    pub fn preference(&self) -> Vec<Lang> {
        self.portal.preference(&self.lang, &self.reads)
    }

    /// How fresh the answers so far are.
    pub fn memory(&self) -> Memory {
        self.memory.get()
    }

    /// The answers so far, for whoever keeps them.
    pub fn answers(&self) -> Vec<Rc<Kept>> {
        self.answers.borrow().clone()
    }

    /// Asks the source `source` (empty: the first) in the language of the interface.
    pub async fn ask<T: Read>(&self, source: &str, operation: &Operation) -> Result<T, Failure> {
        self.ask_in(source, operation, &self.lang).await
    }

    /// Asks the source `source` (empty: the first) in `lang`.
    pub async fn ask_in<T: Read>(
        &self,
        source: &str,
        operation: &Operation,
        lang: &Lang,
    ) -> Result<T, Failure> {
        // What names no source is asked of the first that answers it.
        let source = if source.is_empty() { self.portal.answering(operation) } else { source };
        let (kept, url) = self.value(source, operation, lang).await?;
        let decoded = decode(&kept.value, &url, self.origin(source, lang));
        if decoded.is_err() {
            cache::spoil(&kept.key);
        }
        decoded
    }

    /// A page of articles: of one source, or of all that have such a list, the newest first.
    pub async fn headlines(
        &self,
        source: &str,
        query: &Headlines,
        lang: &Lang,
    ) -> Result<Slice<Headline>, Failure> {
        let sources = self.portal.feeding(source, query);
        if let [only] = sources.as_slice() {
            return self.ask_in(only, &Operation::Headlines(query.clone()), lang).await;
        }
        (translator().await?.headlines)(self, &sources, query, lang).await
    }

    /// The front page, of all sources that have one.
    pub async fn front(&self) -> Result<Front, Failure> {
        let all = self.portal.sources.iter().enumerate();
        let having = all.filter(|(_, source)| source.offers.front);
        let sources: Vec<&str> =
            having.map(|(index, source)| if index == 0 { "" } else { &*source.id }).collect();
        match sources.as_slice() {
            [] | [_] => {
                self.ask(sources.first().copied().unwrap_or_default(), &Operation::Front).await
            }
            several => (translator().await?.front)(self, several).await,
        }
    }

    /// Notes that the part of a source is missing.
    pub fn miss(&self, source: &str) {
        let index = self.portal.sources.iter().position(|known| known.id == source);
        let bit = u32::try_from(index.unwrap_or_default()).unwrap_or(u32::MAX);
        let mut memory = self.memory.get();
        memory.missing |= 1_u32.checked_shl(bit).unwrap_or_default();
        self.memory.set(memory);
    }

    /// Makes links in a body that lead to its source's own pages ours.
    pub async fn own_links(&self, key_source: &str, blocks: &mut [Block]) {
        let Some(source) = self.portal.source(key_source) else { return };
        if source.profile.is_none() {
            return;
        }
        match &self.via {
            Via::Network { .. } => {
                if let Ok(translator) = translator().await {
                    (translator.own_links)(source, key_source, &self.lang, blocks).await;
                }
            }
            #[cfg(not(target_arch = "wasm32"))]
            Via::Native(backend) => {
                backend.own_links(source, key_source, &self.lang, blocks).await;
            }
        }
    }

    fn origin<'a>(&'a self, source: &'a str, lang: &'a Lang) -> Origin<'a> {
        Origin { source, base: self.base(source), lang: Some(lang) }
    }

    /// What relative addresses in answers of a source are resolved against.
    pub fn base(&self, source: &str) -> &str {
        self.portal.source(source).map(Source::pages).unwrap_or_default()
    }

    /// Boxed, so that the code of asking is there once and not once for every type of answer.
    fn value<'a>(
        &'a self,
        source: &'a str,
        operation: &'a Operation,
        lang: &'a Lang,
    ) -> LocalBoxFuture<'a, Result<(Rc<Kept>, String), Failure>> {
        Box::pin(self.answer(source, operation, lang))
    }

    async fn answer(
        &self,
        source: &str,
        operation: &Operation,
        lang: &Lang,
    ) -> Result<(Rc<Kept>, String), Failure> {
        let Some(to) = self.portal.source(source) else { return Err(Failure::NotFound) };
        let (mode, abort) = match &self.via {
            Via::Network { mode, abort } => (*mode, abort),
            #[cfg(not(target_arch = "wasm32"))]
            Via::Native(backend) => {
                let (answer, key) = backend.ask(to, source, operation, lang).await;
                let kept = Rc::new(Kept::of(key.clone(), answer?));
                self.answers.borrow_mut().push(kept.clone());
                return Ok((kept, key));
            }
        };
        let (answer, asked) = if to.profile.is_some() {
            (translator().await?.ask)(self.wish(to, source, operation, lang)?).await
        } else {
            let request = plan(operation, to, lang);
            let question = Question {
                portal: &self.portal.id,
                key: &request.url,
                source,
                operation,
                lang,
                mode,
                is_personal: operation.is_personal(),
            };
            let ask = Box::pin(send(&request, abort));
            (cache::get(question, ask).await, request.url)
        };
        // An answer that nobody wants any more is no failure.
        if let Err(failure) = &answer
            && !abort.aborted()
        {
            warn(&format!("{asked}: {failure}"));
        }
        let answer = answer?;
        let mut memory = self.memory.get();
        // Of the future is what a clock says that was set back since.
        let fetched = answer.kept.fetched;
        memory.is_stale |= is_due(fetched, now(), FRESH);
        memory.is_new |= answer.is_new;
        if answer.is_fallback {
            memory.since = Some(memory.since.map_or(fetched, |since| since.min(fetched)));
        }
        self.memory.set(memory);
        self.answers.borrow_mut().push(answer.kept.clone());
        Ok((answer.kept, asked))
    }

    /// The network that is asked; natively nothing is written and nothing listened to.
    fn network(&self) -> Result<(Mode, &AbortSignal), Failure> {
        match &self.via {
            Via::Network { mode, abort } => Ok((*mode, abort)),
            #[cfg(not(target_arch = "wasm32"))]
            Via::Native(_) => Err(Failure::NotOffered),
        }
    }

    fn wish<'a>(
        &'a self,
        source: &'a Source,
        key_source: &'a str,
        operation: &'a Operation,
        lang: &'a Lang,
    ) -> Result<Wish<'a>, Failure> {
        let (mode, abort) = self.network()?;
        let portal = &*self.portal.id;
        Ok(Wish { portal, source, key_source, operation, lang, mode, abort })
    }

    /// How to send what a reader wrote: kept with it, so that it goes where it was meant to go.
    pub async fn resolve(&self, source: &str, operation: &Operation) -> Result<Request, Failure> {
        let Some(to) = self.portal.source(source) else { return Err(Failure::NotFound) };
        if to.profile.is_some() {
            return (translator().await?.plan)(self.wish(to, source, operation, &self.lang)?).await;
        }
        Ok(plan(operation, to, &self.lang))
    }

    /// Sends what a reader wrote, once; never from memory. Forgets the thread it belongs to. The answer is
    /// in the shape of the native API.
    pub async fn deliver(
        &self,
        source: &str,
        operation: &Operation,
        request: &Request,
    ) -> Result<Value, Failure> {
        let Some(to) = self.portal.source(source) else { return Err(Failure::NotFound) };
        let sent = if to.profile.is_some() {
            let wish = self.wish(to, source, operation, &self.lang)?;
            (translator().await?.send)(wish, request).await
        } else {
            let sent = send(request, self.network()?.1).await.map(|fetched| fetched.value);
            if let Operation::Write { thread, .. } = operation {
                let thread = plan(&Operation::comments(thread), to, &self.lang);
                cache::forget(&thread.url);
            }
            sent
        };
        if let Err(failure) = &sent {
            warn(&format!("{}: {failure}", request.describe()));
        }
        sent
    }
}

/// Streams of changes.
impl Loader {
    /// The address of the stream that `operation` names.
    pub async fn stream(&self, source: &str, operation: &Operation) -> Result<String, Failure> {
        self.resolve(source, operation).await.map(|request| request.url)
    }

    /// What the data of an event says.
    pub async fn hear<T: Read>(
        &self,
        source: &str,
        operation: &Operation,
        data: &str,
    ) -> Result<T, Failure> {
        let Some(of) = self.portal.source(source) else { return Err(Failure::NotFound) };
        let value = if of.profile.is_none() {
            json::parse(data).map_err(|error| Failure::Unreadable { cause: error.to_string() })?
        } else {
            let wish = self.wish(of, source, operation, &self.lang)?;
            (translator().await?.hear)(wish, data).await?
        };
        decode(&value, "stream", self.origin(source, &self.lang))
    }
}

/// Reads an answer; what it lacks goes to the console, with the request it came from.
fn decode<T: Read>(value: &Value, url: &str, origin: Origin<'_>) -> Result<T, Failure> {
    let (result, notes) = read_from::<T>(value, "answer", origin);
    for note in notes {
        warn(&format!("{url}: {note}"));
    }
    result.map_err(|error| {
        let cause = error.to_string();
        warn(&format!("{url}: {cause}"));
        Failure::Unreadable { cause }
    })
}

/// Tells the developer.
pub fn warn(text: &str) {
    leptos::logging::warn!("haidang: {text}");
}
