//! Drives the profile engine: profiles loaded once, requests planned, answers mapped in slices.

use std::{cell::RefCell, rc::Rc};

use haidang_engine::{
    content::Block,
    lang::Lang,
    profile::{
        Answer as Received, Capabilities, Failure, OwnLinks, Profile, Request, Response, Rules,
        Source,
    },
};
use serde_json::Value;
use web_sys::AbortSignal;

use super::{Translator, Wish, merged, zones};
use crate::{
    backend::{
        cache::{self, Answer, Question},
        fetch::{Fetched, Judge, send_for},
        fetch_text, warn,
    },
    browser::breathe,
};

/// Milliseconds of mapping in one go: half of a frame.
const SLICE: f64 = 8.0;
/// Items between two looks at the clock.
const STEP: usize = 20;

/// What is behind the door.
pub static TRANSLATOR: Translator = Translator {
    ask: |wish| Box::pin(ask(wish)),
    plan: |wish| Box::pin(plan(wish)),
    send: |wish, request| Box::pin(send(wish, request)),
    offers: |source| Box::pin(offers(source)),
    headlines: |loader, sources, query, lang| {
        Box::pin(merged::headlines(loader, sources, query, lang))
    },
    front: |loader, sources| Box::pin(merged::front(loader, sources)),
    own_links: |source, key, lang, blocks| Box::pin(own_links(source, key, lang, blocks)),
    hear: |wish, data| Box::pin(hear(wish, data)),
};

thread_local! {
    /// The profiles read so far, by what portal.json says of them.
    static PROFILES: RefCell<Vec<(Value, Rc<Profile>)>> = const { RefCell::new(Vec::new()) };
}

/// The profile of a source; the error says where it is and what is wrong with it.
async fn profile(source: &Source) -> Result<Rc<Profile>, String> {
    let name = source.profile.clone().unwrap_or_default();
    let known = PROFILES.with_borrow(|all| {
        all.iter().find(|(known, _)| *known == name).map(|(_, profile)| profile.clone())
    });
    if let Some(known) = known {
        return Ok(known);
    }
    let (parsed, notes) = match &name {
        Value::String(file) => {
            let is_address = file.contains('/') || file.ends_with(".json");
            let url = if is_address { file.clone() } else { ["profiles/", file, ".json"].concat() };
            let text = fetch_text(&url).await.map_err(|failure| format!("{url}: {failure}"))?;
            Profile::parse(&text)
        }
        inline => Profile::from_value(inline),
    };
    for note in notes {
        warn(&note);
    }
    let profile = Rc::new(parsed?.with_zones(Rules(zones::offset))?);
    PROFILES.with_borrow_mut(|all| all.push((name, profile.clone())));
    Ok(profile)
}

async fn offers(source: &Source) -> Result<Capabilities, String> {
    profile(source).await.map(|profile| profile.capabilities())
}

async fn usable(source: &Source) -> Result<Rc<Profile>, Failure> {
    profile(source).await.map_err(|cause| Failure::Unreadable { cause })
}

async fn ask(wish: Wish<'_>) -> (Result<Answer, Failure>, String) {
    let planned = async {
        let profile = usable(wish.source).await?;
        let request = profile.plan(wish.operation, wish.source, wish.lang)?;
        Ok::<_, Failure>((profile, request))
    };
    match planned.await {
        Ok((profile, request)) => {
            let asked = request.describe();
            // Two questions may have one address, and are mapped differently.
            let key = [&prefix(wish), wish.lang.as_str(), " ", &asked].concat();
            let question = Question {
                portal: wish.portal,
                key: &key,
                source: wish.key_source,
                operation: wish.operation,
                lang: wish.lang,
                mode: wish.mode,
                is_personal: request.session.is_some() || wish.operation.is_personal(),
            };
            let ask = Box::pin(fetch(&profile, &request, wish));
            (cache::get(question, ask).await, asked)
        }
        Err(failure) => (Err(failure), format!("source \"{}\"", wish.source.id)),
    }
}

async fn plan(wish: Wish<'_>) -> Result<Request, Failure> {
    usable(wish.source).await?.plan(wish.operation, wish.source, wish.lang)
}

async fn send(wish: Wish<'_>, request: &Request) -> Result<Value, Failure> {
    let profile = usable(wish.source).await?;
    let sent = fetch(&profile, request, wish).await.map(|fetched| fetched.value);
    cache::forget(&prefix(wish));
    sent
}

/// What keys of answers of the same kind begin with.
fn prefix(wish: Wish<'_>) -> String {
    format!("{} {} ", wish.source.id, wish.operation.kind())
}

/// Sends a request and maps what comes.
async fn fetch(profile: &Profile, request: &Request, wish: Wish<'_>) -> Result<Fetched, Failure> {
    let Wish { source, operation, lang, abort, .. } = wish;
    let mut received: Option<Received> = None;
    let mut no_store = false;
    let judge: Judge<'_> = &mut |response| {
        no_store = response.is_not_to_be_stored();
        received = Some(profile.receive(operation, request, &response, source, lang)?);
        Ok(())
    };
    send_for(request, abort, judge).await?;
    let Some(received) = received else { return Err(Failure::Unreachable) };
    let value = read_out(profile, &received, source, abort).await?;
    Ok(Fetched { value, no_store })
}

/// An event is read as an answer of its own would be.
async fn hear(wish: Wish<'_>, data: &str) -> Result<Value, Failure> {
    let Wish { source, operation, lang, abort, .. } = wish;
    let profile = usable(source).await?;
    let request = profile.plan(operation, source, lang)?;
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    let response =
        Response { status: 200, headers, body: data.to_owned(), url: request.url.clone() };
    let received = profile.receive(operation, &request, &response, source, lang)?;
    read_out(&profile, &received, source, abort).await
}

/// Maps an answer, in slices.
async fn read_out(
    profile: &Profile,
    received: &Received,
    source: &Source,
    abort: &AbortSignal,
) -> Result<Value, Failure> {
    // Reading the JSON was one go; what follows lets the page breathe.
    let mut rest = Rest::new(abort);
    rest.take().await?;
    let mut mapper = profile.map(received, source)?;
    while mapper.step(STEP) {
        rest.if_due().await?;
    }
    rest.take().await?;
    let (value, notes) = mapper.finish()?;
    rest.take().await?;
    for note in notes {
        warn(&note);
    }
    Ok(value)
}

/// Pauses of work that would otherwise hold the page up.
struct Rest<'a> {
    abort: &'a AbortSignal,
    began: f64,
}

impl<'a> Rest<'a> {
    fn new(abort: &'a AbortSignal) -> Self {
        Self { abort, began: js_sys::Date::now() }
    }

    /// Pauses if enough has been done in one go.
    async fn if_due(&mut self) -> Result<(), Failure> {
        if js_sys::Date::now() - self.began < SLICE { Ok(()) } else { self.take().await }
    }

    /// Pauses; [`Failure::Aborted`] if the reader has left meanwhile.
    async fn take(&mut self) -> Result<(), Failure> {
        breathe().await;
        self.began = js_sys::Date::now();
        if self.abort.aborted() { Err(Failure::Aborted) } else { Ok(()) }
    }
}

async fn own_links(source: &Source, key_source: &str, lang: &Lang, blocks: &mut [Block]) {
    if let Ok(profile) = profile(source).await {
        OwnLinks { profile: &profile, source, key_source, lang, page: "" }.place(blocks);
    }
}
