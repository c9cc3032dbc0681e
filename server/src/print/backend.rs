//! Answers what a page that is printed asks: by this server itself what is below the portal's own base, by
//! the network what is elsewhere.

use std::{collections::HashMap, path::PathBuf, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request as Asked, header},
};
use futures_util::future::LocalBoxFuture;
use haidang::backend::{Backend, Fetched};
use haidang_engine::{
    content::Block,
    lang::Lang,
    model::Key,
    profile::{
        Capabilities, Failure, Operation, OwnLinks, Portal, Profile, Request, Response, Rules,
        Source, classify, plan,
    },
};
use serde_json::Value;
use tokio::runtime::Handle;
use tower::ServiceExt;
use url::Url;

use crate::{
    outbound::{Cache, Limits, Outbound, Sent, Trouble},
    profile::{response, zones},
    publish,
};

/// The sources of a portal, ready to be asked.
pub struct Sources {
    portal: Arc<Portal>,
    /// By the id of the source.
    profiles: HashMap<String, Arc<Profile>>,
    network: Arc<Network>,
}

/// Where answers come from.
pub struct Network {
    /// This server, below its base.
    pub own: Router,
    /// Its base, `/` or `/…/`.
    pub base: String,
    /// Others.
    pub others: Outbound,
    /// Their answers, where the same is asked again and again: only for what has changed since.
    pub kept: Option<Cache>,
    /// What this server answers with.
    pub runtime: Handle,
}

impl Sources {
    /// Reads the profiles of `portal`, those that it names from the site in `folder`. A source whose profile
    /// cannot be used offers nothing, as with readers; beside them is what is wrong with such.
    pub fn open(
        mut portal: Portal,
        folder: &std::path::Path,
        network: Arc<Network>,
    ) -> (Self, Vec<String>) {
        let (mut profiles, mut wrong) = (HashMap::new(), Vec::new());
        for source in portal.sources.iter_mut().filter(|source| source.profile.is_some()) {
            match profile(source, folder) {
                Ok(profile) => {
                    source.offers = profile.capabilities();
                    profiles.insert(source.id.clone(), Arc::new(profile));
                }
                Err(error) => {
                    wrong.push(format!("source {}: {error}", source.id));
                    source.offers = Capabilities::NOTHING;
                }
            }
        }
        portal.offer_what_is_there();
        (Self { portal: Arc::new(portal), profiles, network }, wrong)
    }

    /// The portal, offering what is there.
    pub fn portal(&self) -> &Arc<Portal> {
        &self.portal
    }

    /// The key that the answer of a source with a profile has in the browser's cache; `None` if it has none.
    pub fn key(&self, source: &Source, operation: &Operation, lang: &Lang) -> Option<String> {
        let request = self.profiles.get(&source.id)?.plan(operation, source, lang).ok()?;
        Some(key(source, operation, lang, &request))
    }

    async fn answer(
        &self,
        source: &Source,
        operation: &Operation,
        lang: &Lang,
    ) -> (Result<Fetched, Failure>, String) {
        let Some(profile) = self.profiles.get(&source.id) else {
            if source.profile.is_some() {
                return (Err(Failure::NotOffered), String::new());
            }
            let request = plan(operation, source, lang);
            let answer = self.network.send(&request).await.and_then(|response| {
                let value = classify(response.status, retry_after(&response), &response.body)?;
                Ok(Fetched { value, no_store: response.is_not_to_be_stored() })
            });
            return (answer, request.url);
        };
        let request = match profile.plan(operation, source, lang) {
            Ok(request) => request,
            Err(failure) => return (Err(failure), String::new()),
        };
        let key = key(source, operation, lang, &request);
        let answer = async {
            let response = self.network.send(&request).await?;
            let received = profile.receive(operation, &request, &response, source, lang)?;
            let mut mapper = profile.map(&received, source)?;
            while mapper.step(usize::MAX) {}
            let (value, _) = mapper.finish()?;
            Ok(Fetched { value, no_store: response.is_not_to_be_stored() })
        };
        (answer.await, key)
    }
}

impl Backend for Sources {
    fn ask<'a>(
        &'a self,
        source: &'a Source,
        _: &'a str,
        operation: &'a Operation,
        lang: &'a Lang,
    ) -> LocalBoxFuture<'a, (Result<Fetched, Failure>, String)> {
        Box::pin(self.answer(source, operation, lang))
    }

    /// Of what is in the database of this server alone.
    fn has_feed(&self, home: &str, section: Option<&Key>) -> bool {
        let ours = publish::own_source(&self.portal, &self.network.base, home);
        ours.is_some_and(|ours| section.is_none_or(|section| section.source == ours))
    }

    fn own_links<'a>(
        &'a self,
        source: &'a Source,
        key: &'a str,
        lang: &'a Lang,
        blocks: &'a mut [Block],
    ) -> LocalBoxFuture<'a, ()> {
        if let Some(profile) = self.profiles.get(&source.id) {
            OwnLinks { profile, source, key_source: key, lang, page: "" }.place(blocks);
        }
        Box::pin(async {})
    }
}

/// As the app names an answer: two questions may have one address, and are mapped differently.
fn key(source: &Source, operation: &Operation, lang: &Lang, request: &Request) -> String {
    format!("{} {} {} {}", source.id, operation.kind(), lang, request.describe())
}

/// The profile of a source: in portal.json itself, or in a file of the site.
fn profile(source: &Source, folder: &std::path::Path) -> Result<Profile, String> {
    let (parsed, notes) = match &source.profile {
        Some(Value::String(name)) => {
            let is_address = name.contains('/') || name.ends_with(".json");
            let file = if is_address { name.clone() } else { format!("profiles/{name}.json") };
            let file: PathBuf = folder.join(file);
            let text = std::fs::read_to_string(&file);
            Profile::parse(&text.map_err(|error| format!("{}: {error}", file.display()))?)
        }
        Some(inline) => Profile::from_value(inline),
        None => return Err("it has no profile".to_owned()),
    };
    for note in notes {
        tracing::debug!(source = source.id, "{note}");
    }
    parsed?.with_zones(Rules(zones::offset))
}

impl Network {
    async fn send(&self, request: &Request) -> Result<Response, Failure> {
        match Url::parse(&request.url) {
            Ok(url) => self.ask_others(request, url).await,
            // Relative to the portal's base.
            Err(_) => self.ask_ourselves(request).await,
        }
    }

    async fn ask_ourselves(&self, request: &Request) -> Result<Response, Failure> {
        let unreadable =
            |error: &dyn std::fmt::Display| Failure::Unreadable { cause: error.to_string() };
        let path = request.url.trim_start_matches("./").trim_start_matches('/');
        let mut asked = Asked::builder()
            .method(request.method.as_str())
            .uri(format!("{}{path}", self.base))
            .body(Body::from(request.body.clone().unwrap_or_default()))
            .map_err(|error| unreadable(&error))?;
        *asked.headers_mut() = headers(request);
        let answering = self.own.clone().oneshot(asked);
        // By the runtime that serves: the database and the network are that one's.
        let answering = self.runtime.spawn(async move {
            let Ok(answer) = answering.await;
            let (parts, body) = answer.into_parts();
            to_bytes(body, Limits::default().bytes).await.map(|body| (parts, body))
        });
        let answer = answering.await.map_err(|error| unreadable(&error))?;
        let (parts, body) = answer.map_err(|error| unreadable(&error))?;
        let headers = parts.headers.iter().map(|(name, value)| {
            (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        });
        Ok(Response {
            status: parts.status.as_u16(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(&body).into_owned(),
            url: request.url.clone(),
        })
    }

    async fn ask_others(&self, request: &Request, url: Url) -> Result<Response, Failure> {
        let method = Method::from_bytes(request.method.as_str().as_bytes());
        let sent = Sent {
            method: method.map_err(|error| Failure::Unreadable { cause: error.to_string() })?,
            url: url.clone(),
            headers: headers(request),
            body: request.body.clone().unwrap_or_default().into_bytes(),
        };
        // Who wrote portal.json trusts these backends, and nobody they may send us to.
        let host = url.host().map(|host| host.to_owned());
        let may_follow = |to: &Url| to.host().map(|host| host.to_owned()) == host;
        let send = |sent| self.others.send(sent, Limits::default(), may_follow);
        let received = match &self.kept {
            // What is asked by another method is not named by its address.
            Some(kept) if sent.method == Method::GET => kept.renew(sent, send).await,
            _ => send(sent).await,
        };
        match received {
            Ok(received) => Ok(response(received)),
            Err(Trouble::TimedOut) => Err(Failure::TimedOut),
            Err(_) => Err(Failure::Unreachable),
        }
    }
}

fn headers(request: &Request) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let json = HeaderValue::from_static("application/json");
    headers.insert(header::ACCEPT, json.clone());
    if request.body.is_some() {
        headers.insert(header::CONTENT_TYPE, json);
    }
    for (name, value) in &request.headers {
        // What cannot be sent the backend does without, as in a browser.
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
        {
            headers.insert(name, value);
        }
    }
    headers
}

fn retry_after(response: &Response) -> Option<u32> {
    let mut headers = response.headers.iter();
    let (_, value) = headers.find(|(name, _)| name.eq_ignore_ascii_case("retry-after"))?;
    value.parse().ok()
}
