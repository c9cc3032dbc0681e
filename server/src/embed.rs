//! `/embed/…`: the elements for other people's pages, as files, and what they show, printed; as pages for a frame, where a page may run no
//! script of ours; and as oEmbed (<https://oembed.com>), so that a pasted link becomes a card.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Extension,
    extract::{Query, Request, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use haidang::elements;
use haidang_engine::{
    lang::Lang,
    model::Article,
    publish::{Frame, Home, card},
    route::{Page, Route, Scope, Target},
};
use serde::Deserialize;
use url::Url;

use crate::{
    answer::Answer,
    app::App,
    home::{home, host},
    print::{Press, Sheet},
    problem::{Problem, Result},
    shell,
};

/// The page of a frame for one element, and which of its paths lead to it.
const FRAMES: &[&str] = &["article", "comments", "headlines"];

/// The page for `path`, relative to the base: of a frame, or the builder of tags.
pub fn page(app: &App, path: &str) -> Option<Response> {
    let kind = path.strip_prefix("embed/")?.split('/').next()?;
    let (file, may_be_framed) = match kind {
        "builder" => ("embed/builder.html", false),
        kind if FRAMES.contains(&kind) => ("embed/frame.html", true),
        _ => return None,
    };
    let shell::Page { html, mut policy, .. } = app.site.document(file)?;
    if may_be_framed {
        policy = policy.replace("frame-ancestors 'self'", "frame-ancestors *");
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
    ];
    Some((StatusCode::OK, headers, html).into_response())
}

/// The script of the elements, and what it is where elements are printed.
const SCRIPT: (&str, &str) = ("/embed/v1/embed.js", "/embed/v1/embed.printed.js");

/// The request for a file: for the script that asks for printed elements, where they are printed.
pub fn scripted(app: &App, mut request: Request, prints: bool) -> Request {
    let path = request.uri().path();
    if prints && path == SCRIPT.0 && app.site.has(SCRIPT.1.trim_start_matches('/')) {
        *request.uri_mut() = Uri::from_static(SCRIPT.1);
    }
    request
}

/// What an element shows, as a document: its script takes the one element in it, whose addresses go by the portal's.
/// Only what is the same for everybody.
pub async fn printed(
    State(app): State<Arc<App>>,
    press: Option<Extension<Arc<Press>>>,
    headers: HeaderMap,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response> {
    let unknown = || Problem::not_found("such element");
    let Extension(press) = press.ok_or_else(unknown)?;
    let home = String::from(home(&app, &headers).ok_or_else(unknown)?);
    let asked = elements::Asked::of(|name| asked.get(name).cloned());
    let material = app.site.material().ok_or_else(unknown)?;
    // One for all readers of a language, whatever else they read.
    let lang = Some(elements::printed::language(&asked, &material.portal));
    let mut asked = elements::Asked { portal: home.clone(), lang, reads: Vec::new(), ..asked };
    // Nor what is nothing to this kind.
    match asked.kind {
        elements::Kind::Headlines => asked.article = None,
        elements::Kind::Comments | elements::Kind::Article => {
            (asked.section, asked.limit) = (None, 1);
        }
    }
    let sheet = Sheet::Element(asked);
    let print = press.sheet(material, sheet, home.clone()).await.ok_or_else(unknown)?;
    let base = shell::escape(&home);
    let document =
        format!("<!doctype html><meta charset=\"utf-8\"><base href=\"{base}\">{}", print.html);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        // Nobody is to look at it by itself.
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; base-uri 'self'"),
    ];
    Ok((headers, document).into_response())
}

/// What a page asks that was given a link.
#[derive(Debug, Deserialize)]
pub struct Asked {
    url: String,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    maxwidth: Option<u32>,
    #[serde(default)]
    maxheight: Option<u32>,
}

/// The card of an article, by its address here.
pub async fn oembed(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    if asked.format.as_deref().is_some_and(|format| format != "json") {
        return Err(Problem::of_status(StatusCode::NOT_IMPLEMENTED));
    }
    let unknown = || Problem::not_found("such article");
    let url = Url::parse(&asked.url)
        .map_err(|_| Problem::bad_request("expected an address").on("url"))?;
    // Only our own: a card must not lead to where somebody else wants.
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none();
    let is_ours =
        is_plain && host(&headers).is_some_and(|host| Some(host) == authority(&url).as_deref());
    let path = url.path().strip_prefix(app.site.base()).filter(|_| is_ours).ok_or_else(unknown)?;
    let portal = app.site.portal().ok_or_else(unknown)?;
    let scope = Scope { languages: &portal.codes(), sources: &[] };
    let Target::Route(route) = scope.parse(path, "") else { return Err(unknown()) };
    let Page::Article { key, .. } = &route.page else { return Err(unknown()) };
    let wanted = app.editions.wanted(Some(&route.lang));
    let article = app.store.article(&key.id, &wanted).await?.ok_or_else(unknown)?;
    let home = home(&app, &headers).ok_or_else(unknown)?;
    let home = Home::new(&portal, home.as_str());
    let frame = frame(&home, &asked, &article, &route.lang);
    let card = card(&home, &article, &frame).ok_or_else(unknown)?;
    let open = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    Ok((open, Answer(card)).into_response())
}

/// Where an article is shown, as large as whoever asks wants it at most.
fn frame(home: &Home<'_>, asked: &Asked, article: &Article, lang: &Lang) -> Frame {
    let headline = &article.headline;
    let page = Page::Article { key: headline.key.clone(), slug: String::new() };
    // `vi/article/7`: what a frame shows is below `embed/` instead of the language.
    let path = Route { lang: headline.lang.clone(), page }.href();
    let path = path.split_once('/').map_or("", |(_, path)| path);
    Frame {
        url: format!("{}embed/{path}?lang={lang}", home.base()),
        width: asked.maxwidth.unwrap_or(Frame::WIDTH).min(Frame::WIDTH),
        height: asked.maxheight.unwrap_or(Frame::HEIGHT).min(Frame::HEIGHT),
    }
}

/// What the head of an article's page says of its card; `None` where no host is named.
pub fn discovery(app: &App, uri: &Uri, headers: &HeaderMap) -> Option<String> {
    let home = home(app, headers)?;
    let article = home.join(uri.path().trim_start_matches('/')).ok()?;
    let mut card = home.join("embed/oembed").ok()?;
    card.query_pairs_mut().append_pair("url", article.as_str());
    let href = shell::escape(card.as_str());
    Some(format!("<link rel=\"alternate\" type=\"application/json+oembed\" href=\"{href}\">"))
}

/// Host and port as a `Host` header says them.
fn authority(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}
