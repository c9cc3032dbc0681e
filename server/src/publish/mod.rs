//! What search engines and feed readers get: feeds, sitemaps, robots.txt, by [`haidang_engine::publish`].
//!
//! They tell of what is in the database. A portal whose articles come from somewhere else has none of these from
//! here: such addresses are then the site's, as any other.

mod feeds;
mod sitemaps;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::get,
};
use haidang_engine::{
    model::{Headline, Key},
    profile::Portal,
    publish::{Home, Listed},
};

use crate::{
    app::App,
    home::home,
    problem::{Problem, Result},
    site,
};

pub use sitemaps::Sitemaps;

/// Where this server's own API is, seen from the portal.
const API: &str = "api/v1";

/// The routes, below the portal's base.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/robots.txt", get(robots))
        .route("/sitemap.xml", get(sitemaps::index))
        .route("/sitemaps/{name}", get(sitemaps::one))
        .route("/{lang}/feed.atom", get(feeds::feed))
        .route("/{lang}/feed.json", get(feeds::feed))
        .route("/{lang}/section/{id}/feed.atom", get(feeds::feed))
        .route("/{lang}/section/{id}/feed.json", get(feeds::feed))
}

/// robots.txt: the site's own if it has one.
pub async fn robots(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let portal = app.site.portal().filter(|_| !app.site.has("robots.txt"));
    let Some(portal) = portal else { return elsewhere(app, request).await };
    let base = base(&app, request.headers())?;
    let text = haidang_engine::publish::robots(&Home::new(&portal, &base));
    Ok(answer("text/plain", text))
}

/// The portal in force, as whoever asks has it.
struct Here {
    portal: Portal,
    /// The portal's address.
    base: String,
    /// Which of its sources this server is, as in keys.
    source: String,
}

/// Which source of a portal that lies at `home` this server is, as in keys, if its site is below `base`.
pub fn own_source(portal: &Portal, base: &str, home: &str) -> Option<String> {
    let absolute = [home, API].concat();
    let is_here = |at: &str| {
        let at = at.trim_end_matches('/');
        at == API || at == absolute || at.strip_prefix(base) == Some(API)
    };
    let sources = &portal.sources;
    let ours = sources.iter().position(|one| one.profile.is_none() && is_here(&one.base));
    ours.and_then(|index| {
        // Keys of the first source do not name it.
        sources.get(index).map(|one| if index == 0 { String::new() } else { one.id.clone() })
    })
}

impl Here {
    /// `None` if there is no portal, or none of its sources is here.
    fn of(app: &App, headers: &HeaderMap) -> Result<Option<Self>> {
        let Some(portal) = app.site.portal() else { return Ok(None) };
        let base = base(app, headers)?;
        let source = own_source(&portal, app.site.base(), &base);
        Ok(source.map(|source| Self { portal, base, source }))
    }

    fn home(&self) -> Home<'_> {
        Home::new(&self.portal, &self.base)
    }

    /// A key of the database as one of the portal.
    fn own_key(&self, key: Key) -> Key {
        Key { source: self.source.clone(), ..key }
    }

    fn own(&self, headline: Headline) -> Headline {
        Headline { key: self.own_key(headline.key), ..headline }
    }

    fn own_listed(&self, listed: Listed) -> Listed {
        let section = listed.section.map(|key| self.own_key(key));
        Listed { key: self.own_key(listed.key), section, ..listed }
    }
}

/// The address of the portal, as whoever asks has it.
fn base(app: &App, headers: &HeaderMap) -> Result<String> {
    let home = home(app, headers);
    home.map(String::from).ok_or_else(|| Problem::bad_request("The request names no host"))
}

/// What is not published from here is the site's, if it is anybody's.
async fn elsewhere(app: Arc<App>, request: Request) -> Result<Response> {
    Ok(Box::pin(site::serve(State(app), request)).await)
}

fn answer(media_type: &str, text: String) -> Response {
    let media_type = format!("{media_type}; charset=utf-8");
    ([(header::CONTENT_TYPE, media_type)], text).into_response()
}
