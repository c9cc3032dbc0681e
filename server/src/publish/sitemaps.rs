//! Sitemaps: all pages of the portal, and what is new.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use haidang_engine::{
    model::Headline,
    publish::{self, Listed, Location, NEWS_MOST, NEWS_WINDOW, Sitemap, news},
    route::Page,
    time::Timestamp,
};
use tokio::sync::Mutex;

use super::{Here, answer, elsewhere};
use crate::{
    app::App,
    problem::{Problem, Result},
};

const XML: &str = "application/xml";
/// How long they stay as they are: milliseconds. Each time the whole database is looked through.
const FRESH: i64 = 60_000;

/// The sitemaps as they were last made; who asks meanwhile waits for them.
#[derive(Default)]
pub struct Sitemaps(Mutex<Option<Made>>);

struct Made {
    /// For the portal at this address.
    base: String,
    at: Timestamp,
    sitemaps: Arc<[Sitemap]>,
}

impl Sitemaps {
    /// Something has changed: they are made anew.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }

    async fn fresh(&self, app: &App, here: &Here) -> Result<Arc<[Sitemap]>> {
        let mut last = self.0.lock().await;
        let now = app.now();
        if let Some(made) = &*last
            && made.base == here.base
            && (0..FRESH).contains(&now.0.saturating_sub(made.at.0))
        {
            return Ok(Arc::clone(&made.sitemaps));
        }
        let sitemaps: Arc<[Sitemap]> = make(app, here, now).await?.into();
        let base = here.base.clone();
        *last = Some(Made { base, at: now, sitemaps: Arc::clone(&sitemaps) });
        Ok(sitemaps)
    }
}

/// The index of all.
pub async fn index(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let Some(here) = Here::of(&app, request.headers())? else {
        return elsewhere(app, request).await;
    };
    let sitemaps = app.sitemaps.fresh(&app, &here).await?;
    let listed = sitemaps.iter().filter(|map| map.has_pages());
    let listed = listed.map(|map| (map.name.as_str(), map.updated));
    Ok(answer(XML, publish::index(&here.home(), listed)))
}

/// One, by the name of its file.
pub async fn one(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    request: Request,
) -> Result<Response> {
    let Some(here) = Here::of(&app, request.headers())? else {
        return elsewhere(app, request).await;
    };
    let sitemaps = app.sitemaps.fresh(&app, &here).await?;
    let name = file.strip_suffix(".xml");
    let found = sitemaps.iter().find(|sitemap| Some(sitemap.name.as_str()) == name);
    let found = found.ok_or(Problem::not_found("such sitemap"))?;
    Ok(answer(XML, found.xml.clone()))
}

async fn make(app: &App, here: &Here, now: Timestamp) -> Result<Vec<Sitemap>> {
    let home = here.home();
    let listed = app.store.listed().await?;
    let listed: Vec<Listed> = listed.into_iter().map(|one| here.own_listed(one)).collect();
    let mut locations = publish::locations(&here.portal, &listed);
    locations.extend(register(app, here).await?);
    if here.portal.features.press {
        locations.push(Location::new(here.portal.codes(), Page::Press));
    }
    let since = Timestamp(now.0.saturating_sub(NEWS_WINDOW));
    let limit = u32::try_from(NEWS_MOST).unwrap_or(u32::MAX);
    let recent = app.store.published_since(since, &app.editions.wanted(None), limit).await?;
    let recent: Vec<Headline> = recent.into_iter().map(|one| here.own(one)).collect();
    let mut sitemaps = publish::sitemaps(&home, &locations).collect::<Vec<_>>();
    sitemaps.push(news(&home, &recent, now));
    Ok(sitemaps)
}

/// The register and its documents, each in the languages that it has a title in.
async fn register(app: &App, here: &Here) -> Result<Vec<Location<'static>>> {
    if !here.portal.features.documents {
        return Ok(Vec::new());
    }
    let mut pages = vec![Location::new(here.portal.codes(), Page::Documents(Default::default()))];
    for (key, languages) in app.store.listed_documents().await? {
        let ours = languages.into_iter().filter(|lang| here.portal.language(lang).is_some());
        pages.push(Location::new(ours, Page::Document(here.own_key(key))));
    }
    Ok(pages)
}
