//! The one way out: requests of this server to others, with limits, and not to private addresses unless
//! that is wanted.
//!
//! An address is checked when its name has been resolved, and the connection goes to exactly what was
//! checked; redirects are followed here, so that each is checked as well.

mod address;
mod cache;

use std::{error::Error, fmt, io, net::IpAddr, sync::Arc, time::Duration};

use anyhow::Context;
use axum::http::{HeaderMap, Method, StatusCode, header};
use reqwest::{
    Client,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};
use url::{Host, Url};

pub use address::is_public;
pub use cache::Cache;

/// Redirects followed at most.
const MAX_REDIRECTS: usize = 5;

/// Sends requests.
pub struct Outbound {
    client: Client,
    private: bool,
}

/// What one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of the answer's body at most, unpacked.
    pub bytes: usize,
    /// Time until the body is there.
    pub time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 8 * 1024 * 1024, time: Duration::from_secs(10) }
    }
}

/// A request to another server.
#[derive(Debug, Clone)]
pub struct Sent {
    /// How.
    pub method: Method,
    /// Whereto.
    pub url: Url,
    /// As they are.
    pub headers: HeaderMap,
    /// What.
    pub body: Vec<u8>,
}

/// What it answered.
#[derive(Debug, Clone)]
pub struct Received {
    /// The status.
    pub status: StatusCode,
    /// As they came.
    pub headers: HeaderMap,
    /// The whole body, unpacked.
    pub body: Vec<u8>,
    /// Where it came from in the end.
    pub url: Url,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Trouble {
    /// The address is not public, and only public ones are allowed.
    Private(String),
    /// A redirect that must not be followed.
    Redirected(String),
    /// The body is larger than the limit.
    TooLarge,
    /// It took longer than the limit.
    TimedOut,
    /// No connection, no certificate, no HTTP.
    Unreachable(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Private(host) => write!(f, "{host} is not an address of the public internet"),
            Trouble::Redirected(to) => write!(f, "it leads to {to}, which is not followed"),
            Trouble::TooLarge => f.write_str("the answer is larger than is allowed"),
            Trouble::TimedOut => f.write_str("no answer in time"),
            Trouble::Unreachable(cause) => write!(f, "no answer: {cause}"),
        }
    }
}

impl Outbound {
    /// `private`: whether addresses may be asked that are not of the public internet.
    pub fn new(private: bool) -> anyhow::Result<Self> {
        // Whoever was first has installed the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Resolver { private }))
            .user_agent(concat!("haidang/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("requests to other servers cannot be sent")?;
        Ok(Self { client, private })
    }

    /// Sends a request and follows redirects of a GET as far as `may_follow` allows the address.
    pub async fn send(
        &self,
        sent: Sent,
        limits: Limits,
        may_follow: impl Fn(&Url) -> bool,
    ) -> Result<Received, Trouble> {
        let whole = self.follow(sent, limits, may_follow);
        tokio::time::timeout(limits.time, whole).await.unwrap_or(Err(Trouble::TimedOut))
    }

    async fn follow(
        &self,
        mut sent: Sent,
        limits: Limits,
        may_follow: impl Fn(&Url) -> bool,
    ) -> Result<Received, Trouble> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.once(&sent).await?;
            if !response.status().is_redirection() || response.status() == StatusCode::NOT_MODIFIED
            {
                return read(response, sent.url, limits.bytes).await;
            }
            let location = response.headers().get(header::LOCATION);
            let location = location.and_then(|to| to.to_str().ok()).unwrap_or_default();
            let refused = || Trouble::Redirected(format!("\"{location}\""));
            let next = sent.url.join(location).map_err(|_| refused())?;
            if sent.method != Method::GET || !may_follow(&next) {
                return Err(refused());
            }
            sent.url = next;
        }
        Err(Trouble::Redirected("one address after the other".to_owned()))
    }

    async fn once(&self, sent: &Sent) -> Result<reqwest::Response, Trouble> {
        // An address in figures is not resolved: the resolver never sees it.
        let figures = match sent.url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if let Some(address) = figures.filter(|address| !self.private && !is_public(*address)) {
            return Err(Trouble::Private(address.to_string()));
        }
        let request = self.client.request(sent.method.clone(), sent.url.clone());
        let request = request.headers(sent.headers.clone()).body(sent.body.clone());
        request.send().await.map_err(|error| trouble(&error))
    }
}

async fn read(mut response: reqwest::Response, url: Url, most: usize) -> Result<Received, Trouble> {
    let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| trouble(&error))? {
        if body.len() + chunk.len() > most {
            return Err(Trouble::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Received { status, headers, body, url })
}

fn trouble(error: &reqwest::Error) -> Trouble {
    let mut cause: &dyn Error = error;
    loop {
        if let Some(Hidden(host)) = cause.downcast_ref() {
            return Trouble::Private(host.clone());
        }
        match cause.source() {
            Some(deeper) => cause = deeper,
            None => return Trouble::Unreachable(cause.to_string()),
        }
    }
}

/// Resolves names, to public addresses unless others are wanted too.
struct Resolver {
    private: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let private = self.private;
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let nothing = found.is_empty();
            let allowed: Vec<_> =
                found.into_iter().filter(|found| private || is_public(found.ip())).collect();
            if allowed.is_empty() && !nothing {
                return Err(Hidden(name.as_str().to_owned()).into());
            }
            if nothing {
                return Err(io::Error::from(io::ErrorKind::NotFound).into());
            }
            Ok::<Addrs, _>(Box::new(allowed.into_iter()))
        })
    }
}

/// A name that leads to private addresses alone.
#[derive(Debug)]
struct Hidden(String);

impl fmt::Display for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} has no public address", self.0)
    }
}

impl Error for Hidden {}
