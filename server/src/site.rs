//! The built site: its files as they are, and index.html for every address that a reader may go to.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use anyhow::{Context, ensure};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use haidang_engine::{
    profile::Portal,
    route::{Page, Route, Scope, Target},
};
use tower::ServiceExt;
use tower_http::services::ServeDir;

use crate::{
    app::App,
    config::Serve,
    csp, embed, home, manifest,
    portal::{self, InForce},
    print::{self, Material, Press, Print, Sheet},
    problem::Problem,
    shell::{self, Shell},
};

/// First segments of a path that are the server's: no page of the app stands there.
const RESERVED: &[&str] = &["api", "proxy", "embed", "moderate", "hooks", "media", "files"];

/// Where the site is, and below which path.
pub struct Site {
    folder: Option<PathBuf>,
    portal: Option<PathBuf>,
    base: String,
    made: Mutex<Made>,
}

/// What is made of the site's files.
struct Made {
    portal: Option<InForce>,
    shell: Option<Shell>,
}

impl Site {
    /// The site of a configuration; the base is made to begin and end with `/`.
    pub fn new(config: &Serve) -> anyhow::Result<Self> {
        let base = match config.base.trim_matches('/') {
            "" => "/".to_owned(),
            path => format!("/{path}/"),
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~".contains(c);
        ensure!(base.chars().all(plain), "--base: expected a path of plain letters, found {base}");
        if let Some(folder) = &config.site {
            let index = folder.join("index.html");
            ensure!(index.is_file(), "--site: there is no {}", index.display());
        }
        let beside = config.site.as_ref().map(|folder| folder.join("portal.json"));
        let shell = config.site.as_ref().map(|folder| folder.join("index.html"));
        let made = Made {
            portal: config.portal.clone().or(beside).map(InForce::open),
            shell: shell.map(|index| Shell::new(index, &base)),
        };
        Ok(Self {
            folder: config.site.clone(),
            portal: config.portal.clone(),
            base,
            made: Mutex::new(made),
        })
    }

    /// The path everything is below, `/` or `/…/`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The portal in force.
    pub fn portal(&self) -> Option<Portal> {
        self.made().portal.as_ref()?.portal().cloned()
    }

    /// The page for every address of the app, as the files are now: a new build, or a new portal.json,
    /// counts at once.
    fn page(&self) -> Option<shell::Page> {
        let Made { portal, shell } = &mut *self.made();
        shell.as_mut()?.page(portal.as_mut())
    }

    /// What pages are printed from; `None` where there is no site to print them into.
    pub fn material(&self) -> Option<Material> {
        let shell::Page { edition, html, .. } = self.page()?;
        let (portal, folder) = (self.portal()?, self.folder.clone()?);
        Some(Material { edition, portal, index: html, folder })
    }

    /// Another document of the site, the file `name`, as it is now.
    pub fn document(&self, name: &str) -> Option<shell::Page> {
        let html = std::fs::read_to_string(self.folder.as_ref()?.join(name)).ok()?;
        let policy = csp::policy(&html, self.portal().as_ref());
        Some(shell::Page { html: shell::with_base(&html, &self.base), policy, edition: 0 })
    }

    /// Whether the file `name` is one of the site's.
    pub fn has(&self, name: &str) -> bool {
        self.folder.as_ref().is_some_and(|folder| folder.join(name).is_file())
    }

    /// The web app manifest at `path`, of the portal in force.
    fn manifest(&self, path: &str, folder: &Path) -> Option<String> {
        let made = self.made();
        let portal = made.portal.as_ref()?.portal()?;
        let lang = manifest::language(portal, path)?;
        Some(manifest::manifest(portal, &lang, folder).to_string())
    }

    fn made(&self) -> MutexGuard<'_, Made> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The policy of the site in `folder`, see [`csp::policy`].
pub fn policy(folder: &Path, portal: Option<&Path>) -> anyhow::Result<String> {
    let index = folder.join("index.html");
    let html = std::fs::read_to_string(&index).with_context(|| index.display().to_string())?;
    let beside = folder.join("portal.json");
    let file = portal.unwrap_or(&beside);
    let portal = portal::read(file).0.map_err(anyhow::Error::msg);
    let portal = portal.with_context(|| file.display().to_string())?;
    Ok(csp::policy(&html, Some(&portal)))
}

/// Whatever is no route of the server: a file, or a page of the app.
pub async fn serve(State(app): State<Arc<App>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::of_status(StatusCode::METHOD_NOT_ALLOWED).into_response();
    }
    let uri = request.uri().clone();
    let path = uri.path();
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    let headers = request.headers().clone();
    let press = request.extensions().get::<Arc<Press>>().cloned();
    if first == "embed" {
        return match embed::page(&app, path.trim_start_matches('/')) {
            Some(page) => page,
            None => file(&app.site, embed::scripted(&app, request, press.is_some()))
                .await
                .unwrap_or_else(|| Problem::not_found("such address").into_response()),
        };
    }
    if RESERVED.contains(&first) {
        return Problem::not_found("such address").into_response();
    }
    if !matches!(path, "/" | "/index.html")
        && let Some(response) = file(&app.site, request).await
    {
        return response;
    }
    page(&app, press, &uri, &headers).await
}

/// The file at the path of `request`, precompressed if the client takes that.
async fn file(site: &Site, request: Request) -> Option<Response> {
    let path = request.uri().path().to_owned();
    if path == "/portal.json"
        && let Some(portal) = &site.portal
    {
        let json = tokio::fs::read(portal).await.ok()?;
        let headers = [
            (header::CONTENT_TYPE, "application/json"),
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        ];
        return Some((headers, json).into_response());
    }
    let folder = site.folder.as_ref()?;
    if let Some(manifest) = site.manifest(&path, folder) {
        let kind = (header::CONTENT_TYPE, "application/manifest+json");
        return Some(([kind], manifest).into_response());
    }
    let files = ServeDir::new(folder)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let mut response = files.oneshot(request).await.ok()?.map(Body::new);
    if response.status() == StatusCode::NOT_FOUND {
        return None;
    }
    let caching = if is_hashed(&path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    // They are the same for everybody, and elements in other people's pages need them.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    weaken(&mut response);
    Some(response)
}

/// Makes the tag of a file a weak one, since the same file also goes out compressed on the way.
fn weaken(response: &mut Response) {
    let tag = response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok());
    let weak = tag.and_then(|tag| HeaderValue::try_from(format!("W/{tag}")).ok());
    if let Some(weak) = weak {
        response.headers_mut().insert(header::ETAG, weak);
    }
}

/// Whether a digest is in the name (`haidang-0123456789abcdef_thread.wasm`), so that the file never
/// changes. The digest is 64 bits in hexadecimal, by Trunk without leading zeros.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split(['.', '_']).next().unwrap_or_default();
    let digest = stem.rsplit_once('-').map(|(_, digest)| digest).unwrap_or_default();
    (12..=16).contains(&digest.len()) && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// index.html, if `uri` is an address to go to: one of the app's, or one that names no file.
async fn page(app: &App, press: Option<Arc<Press>>, uri: &Uri, asked: &HeaderMap) -> Response {
    // First: with it a portal.json that has changed comes into force.
    let shell = app.site.page();
    let portal = app.site.portal();
    let languages = portal.as_ref().map(Portal::codes);
    let languages = languages.as_deref().unwrap_or(app.editions.all());
    let sources = portal.as_ref().map(|portal| portal.sources.as_slice()).unwrap_or_default();
    let sources: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    let scope = Scope { languages, sources: &sources };
    let target = scope.parse(uri.path(), uri.query().unwrap_or_default());
    let is_article =
        matches!(&target, Target::Route(route) if matches!(route.page, Page::Article { .. }));
    let route = match &target {
        Target::Route(route) => Some(route.clone()),
        _ => None,
    };
    let mut status = match target {
        Target::Root => StatusCode::OK,
        Target::Route(route) if matches!(route.page, Page::NotFound(_)) => StatusCode::NOT_FOUND,
        Target::Route(_) => StatusCode::OK,
        Target::Unknown(path) if path == "index.html" => StatusCode::OK,
        Target::Unknown(path) if names_a_file(&path) => {
            return Problem::not_found("such file").into_response();
        }
        Target::Unknown(_) => StatusCode::NOT_FOUND,
    };
    let Some(shell::Page { mut html, policy, .. }) = shell else {
        return Problem::not_found("site, only the API at api/v1").into_response();
    };
    if let Some(press) = press {
        match printed(app, &press, route, asked).await {
            Some(page) => {
                html.clone_from(&page.html);
                status = if page.is_found { StatusCode::OK } else { StatusCode::NOT_FOUND };
            }
            None => html = print::shell(&html),
        }
    }
    if let Some(link) = is_article.then(|| embed::discovery(app, uri, asked)).flatten() {
        html = shell::after_base(&html, &link);
    }
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
    ];
    (status, headers, html).into_response()
}

/// The page at a route as it is printed, if it is.
async fn printed(
    app: &App,
    press: &Arc<Press>,
    route: Option<Route>,
    asked: &HeaderMap,
) -> Option<Arc<Print>> {
    let home = home::home(app, asked)?;
    press.sheet(app.site.material()?, Sheet::Page(route?), home.into()).await
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_digest_never_change() {
        for path in [
            "/haidang-0123456789abcdef.js",
            "/haidang-123456789abcdef_bg.wasm",
            "/haidang-0123456789abcdef_thread.wasm",
            "/embed/elements-0123456789abcdef.css",
        ] {
            assert!(is_hashed(path), "{path}");
        }
        for path in ["/portal.json", "/embed.js", "/locales/vi.json", "/icon-192.png", "/a-b.js"] {
            assert!(!is_hashed(path), "{path}");
        }
    }
}
