//! The marks by which a backend is known: what each says of itself, as its own documentation names it.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use haidang_engine::lang::Lang;
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use url::Url;

use crate::outbound::{Limits, Outbound, Received, Sent};

/// A page of another origin.
const ELSEWHERE: &str = "https://portal.example";

/// A backend that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The name of its profile.
    pub profile: &'static str,
    /// The base of its API.
    pub base: String,
    /// What it calls itself.
    pub name: Option<String>,
    /// Its time zone, an IANA name.
    pub timezone: Option<String>,
    /// Whether pages of other origins may read it.
    pub is_open: bool,
}

/// A page, and what is asked around it.
pub struct Site<'a> {
    outbound: &'a Outbound,
    page: Received,
    elements: Vec<Element>,
}

/// An element that may hold a mark.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<'a> Site<'a> {
    /// Fetches the page at `url`.
    pub async fn open(outbound: &'a Outbound, url: &Url) -> Result<Self, String> {
        let page = fetch(outbound, url.clone()).await?;
        let elements = elements(&String::from_utf8_lossy(&page.body));
        Ok(Self { outbound, page, elements })
    }

    /// The language the page says it is in.
    pub fn lang(&self) -> Option<Lang> {
        let html = self.elements.iter().find(|element| element.name == "html")?;
        let lang = Lang::parse(html.get("lang")?)?;
        // The portal's editions are named by the language alone.
        Lang::parse(lang.as_str().split('-').next().unwrap_or_default())
    }

    /// All that can be found.
    pub async fn backends(&self) -> Vec<Found> {
        let articles = match self.wordpress().await {
            Some(found) => Some(found),
            None => self.ghost().await,
        };
        let articles = match articles {
            Some(found) => Some(found),
            None => self.drupal().await,
        };
        let articles = match articles {
            Some(found) => Some(found),
            None => self.realworld().await,
        };
        // What has an API of its own often has a feed as well, which says less.
        let articles = match articles {
            Some(found) => Some(found),
            None => self.feed().await,
        };
        articles.into_iter().chain(self.isso().await).collect()
    }

    /// WordPress names its API in a `Link` header and in every page; the API lists its namespaces.
    async fn wordpress(&self) -> Option<Found> {
        let rel = "https://api.w.org/";
        let named =
            self.link_header(rel).or_else(|| self.link(|link| link.get("rel") == Some(rel)));
        let mut roots: Vec<Url> = named.into_iter().collect();
        // The API's own address, or one below it.
        if let Some((site, _)) = self.page.url.as_str().split_once("/wp-json") {
            roots.extend(Url::parse(&format!("{site}/wp-json/")));
        }
        roots.extend(self.below("wp-json/"));
        for root in roots {
            let Some((answer, json)) = self.json(root).await else { continue };
            let spaces = json.get("namespaces").and_then(Value::as_array);
            if !spaces.is_some_and(|spaces| spaces.iter().any(|space| space == "wp/v2")) {
                continue;
            }
            let base = format!("{}/wp/v2", answer.url.as_str().trim_end_matches('/'));
            let zone = text(&json, "timezone_string").filter(|zone| zone.contains('/'));
            let name = text(&json, "name");
            return Some(Found { name, timezone: zone, ..found("wordpress", base, &answer) });
        }
        None
    }

    /// Ghost's content API answers JSON errors to those without a key.
    async fn ghost(&self) -> Option<Found> {
        let root = self.below("ghost/api/content/")?;
        let (answer, json) = self.json(root.join("settings/").ok()?).await?;
        let error = json.pointer("/errors/0/type").and_then(Value::as_str);
        let keyless = matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        (keyless && error.is_some()).then_some(())?;
        let base = root.as_str().trim_end_matches('/').to_owned();
        let name = self.meta("og:site_name");
        Some(Found { name, ..found("ghost", base, &answer) })
    }

    /// Drupal's JSON:API has a root with links to its resources; others speak JSON:API too, so the site must
    /// say that it is Drupal, or have nodes.
    async fn drupal(&self) -> Option<Found> {
        let root = self.below("jsonapi")?;
        let (answer, json) = self.json(root).await?;
        let links = json.get("links").and_then(Value::as_object)?;
        json.get("jsonapi")?;
        let headers = [&self.page.headers, &answer.headers];
        let says = |headers: &&HeaderMap| {
            let generator = headers.get("x-generator").and_then(|value| value.to_str().ok());
            generator.is_some_and(|generator| generator.starts_with("Drupal"))
                || headers.keys().any(|name| name.as_str().starts_with("x-drupal"))
        };
        let nodes = links.keys().any(|name| name.starts_with("node--"));
        (nodes || headers.iter().any(says)).then_some(())?;
        let base = self.below("")?.as_str().trim_end_matches('/').to_owned();
        let name = self.meta("og:site_name");
        Some(Found { name, ..found("drupal", base, &answer) })
    }

    /// RealWorld has no mark but the shape of its list.
    async fn realworld(&self) -> Option<Found> {
        let own = self.page.url.path().trim_end_matches('/').ends_with("/api");
        let root = if own { self.below("")? } else { self.below("api/")? };
        let (answer, json) = self.json(root.join("articles?limit=1").ok()?).await?;
        json.get("articlesCount")?.as_u64()?;
        json.get("articles")?.as_array()?;
        Some(found("realworld", root.as_str().trim_end_matches('/').to_owned(), &answer))
    }

    /// A JSON Feed is linked as an alternate, or is itself what stands here.
    async fn feed(&self) -> Option<Found> {
        let is_feed = |link: &Element| {
            let kind = link.get("type");
            let alternate =
                link.get("rel").is_some_and(|rel| rel.split(' ').any(|rel| rel == "alternate"));
            alternate && matches!(kind, Some("application/feed+json" | "application/json"))
        };
        let mut feeds = vec![self.page.url.clone()];
        feeds.extend(self.link(is_feed));
        feeds.extend(self.below("feed.json"));
        for feed in feeds {
            let Some((answer, json)) = self.json(feed).await else { continue };
            let version = text(&json, "version").unwrap_or_default();
            if version.contains("//jsonfeed.org/version/")
                || version.contains("//www.jsonfeed.org/version/")
            {
                let name = text(&json, "title");
                return Some(Found { name, ..found("jsonfeed", answer.url.to_string(), &answer) });
            }
        }
        None
    }

    /// Isso is named by the script on the page, or its server stands here.
    async fn isso(&self) -> Option<Found> {
        let script =
            |element: &&Element| element.name == "script" && element.get("data-isso").is_some();
        let named = self.elements.iter().find(script).and_then(|script| script.get("data-isso"));
        let named = named.and_then(|address| self.page.url.join(address).ok());
        let mut roots: Vec<Url> = named.map(with_slash).into_iter().collect();
        roots.extend(self.below(""));
        for root in roots {
            let Some((answer, json)) = self.json(root.join("config").ok()?).await else { continue };
            if json.pointer("/config/reply-to-self").is_some() {
                let base = root.as_str().trim_end_matches('/').to_owned();
                return Some(found("isso", base, &answer));
            }
        }
        None
    }

    /// What stands below the page.
    fn below(&self, path: &str) -> Option<Url> {
        let mut here = self.page.url.clone();
        here.set_query(None);
        here.set_fragment(None);
        with_slash(here).join(path).ok()
    }

    /// The address of the first `<link>` that is the one.
    fn link(&self, is_it: impl Fn(&Element) -> bool) -> Option<Url> {
        let mut links = self.elements.iter().filter(|element| element.name == "link");
        let link = links.find(|link| is_it(link))?;
        self.page.url.join(link.get("href")?).ok()
    }

    /// The address of a relation in the `Link` header (RFC 8288).
    fn link_header(&self, rel: &str) -> Option<Url> {
        let all = self.page.headers.get_all(header::LINK);
        let links = all.iter().filter_map(|value| value.to_str().ok());
        let mut links = links.flat_map(|value| value.split('<').skip(1));
        let link = links.find(|link| link.contains(&format!("\"{rel}\"")))?;
        self.page.url.join(link.split('>').next()?).ok()
    }

    fn meta(&self, property: &str) -> Option<String> {
        let is_it = |meta: &&Element| meta.name == "meta" && meta.get("property") == Some(property);
        let meta = self.elements.iter().find(is_it)?;
        meta.get("content").map(str::to_owned).filter(|content| !content.is_empty())
    }

    /// The JSON at an address, whatever the status.
    async fn json(&self, url: Url) -> Option<(Received, Value)> {
        let answer = fetch(self.outbound, url).await.ok()?;
        let json = serde_json::from_slice(&answer.body).ok()?;
        Some((answer, json))
    }
}

fn found(profile: &'static str, base: String, answer: &Received) -> Found {
    let allowed = answer.headers.get(header::ACCESS_CONTROL_ALLOW_ORIGIN);
    let is_open = allowed.is_some_and(|origin| origin == "*" || origin == ELSEWHERE);
    Found { profile, base, name: None, timezone: None, is_open }
}

/// Asks as a page of another origin would.
async fn fetch(outbound: &Outbound, url: Url) -> Result<Received, String> {
    let headers = HeaderMap::from_iter([
        (header::ACCEPT, HeaderValue::from_static("application/json, text/html;q=0.9, */*;q=0.8")),
        (header::ORIGIN, HeaderValue::from_static(ELSEWHERE)),
    ]);
    let sent = Sent { method: Method::GET, url, headers, body: Vec::new() };
    let received = outbound.send(sent, Limits::default(), |_| true).await;
    received.map_err(|trouble| trouble.to_string())
}

fn with_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

fn text(json: &Value, key: &str) -> Option<String> {
    let text = json.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The elements of a page that may hold a mark.
fn elements(html: &str) -> Vec<Element> {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut found = Vec::new();
    // The tree is held whole: a node that goes takes what is below it along.
    let mut waiting = vec![dom.document.clone()];
    while let Some(node) = waiting.pop() {
        found.extend(element(&node));
        waiting.extend(node.children.borrow().iter().rev().cloned());
    }
    found
}

fn element(node: &Handle) -> Option<Element> {
    let NodeData::Element { name, attrs, .. } = &node.data else { return None };
    let name = name.local.to_string();
    if !matches!(name.as_str(), "html" | "link" | "meta" | "script") {
        return None;
    }
    let attributes = attrs.borrow();
    let attributes =
        attributes.iter().map(|one| (one.name.local.to_string(), one.value.to_string()));
    Some(Element { name, attributes: attributes.collect() })
}
