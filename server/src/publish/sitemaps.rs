//! Sitemaps: all pages of the portal, and what is new.

use std::sync::Arc;

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use haidang_engine::{
    lang::Lang,
    model::{Headline, Key},
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
    at: Timestamp,
    published: Published,
    /// For the portal at the address that was asked for last.
    sitemaps: Option<(String, Arc<[Sitemap]>)>,
}

/// What the database tells of, at whatever address the portal is.
struct Published {
    articles: Vec<Listed>,
    /// Each with the languages that it has a title in.
    documents: Vec<(Key, Vec<Lang>)>,
    recent: Vec<Headline>,
}

impl Sitemaps {
    /// Something has changed: they are made anew.
    pub async fn forget(&self) {
        *self.0.lock().await = None;
    }

    async fn fresh(&self, app: &App, here: &Here) -> Result<Arc<[Sitemap]>> {
        let mut last = self.0.lock().await;
        let now = app.now();
        let is_fresh = |made: &Made| (0..FRESH).contains(&now.0.saturating_sub(made.at.0));
        let mut made = match last.take().filter(is_fresh) {
            Some(made) => made,
            None => Made { at: now, published: published(app, now).await?, sitemaps: None },
        };
        let sitemaps = match made.sitemaps.take().filter(|(base, _)| *base == here.base) {
            Some((_, sitemaps)) => sitemaps,
            None => make(here, &made.published, now).into(),
        };
        made.sitemaps = Some((here.base.clone(), Arc::clone(&sitemaps)));
        *last = Some(made);
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

async fn published(app: &App, now: Timestamp) -> Result<Published> {
    let since = Timestamp(now.0.saturating_sub(NEWS_WINDOW));
    let limit = u32::try_from(NEWS_MOST).unwrap_or(u32::MAX);
    Ok(Published {
        articles: app.store.listed().await?,
        documents: app.store.listed_documents().await?,
        recent: app.store.published_since(since, &app.editions.wanted(None), limit).await?,
    })
}

fn make(here: &Here, published: &Published, now: Timestamp) -> Vec<Sitemap> {
    let home = here.home();
    let listed: Vec<Listed> =
        published.articles.iter().map(|one| here.own_listed(one.clone())).collect();
    let mut locations = publish::locations(&here.portal, &listed);
    if here.portal.features.documents {
        locations.extend(register(here, &published.documents));
    }
    if here.portal.features.press {
        locations.push(Location::new(here.portal.codes(), Page::Press));
    }
    let recent: Vec<Headline> = published.recent.iter().map(|one| here.own(one.clone())).collect();
    let mut sitemaps = publish::sitemaps(&home, &locations).collect::<Vec<_>>();
    sitemaps.push(news(&home, &recent, now));
    sitemaps
}

/// The register and its documents, each in the languages that it has a title in.
fn register(here: &Here, documents: &[(Key, Vec<Lang>)]) -> Vec<Location<'static>> {
    let mut pages = vec![Location::new(here.portal.codes(), Page::Documents(Default::default()))];
    for (key, languages) in documents {
        let ours = languages.iter().filter(|lang| here.portal.language(lang).is_some()).cloned();
        pages.push(Location::new(ours, Page::Document(here.own_key(key.clone()))));
    }
    pages
}
