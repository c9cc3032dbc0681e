//! Feeds: the newest of an edition, or of one section of it.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use haidang_engine::{
    model::{Headline, Key},
    publish::{Entry, Feed, FeedFormat},
    route::{ListKind, Page, Route, Scope, Target},
};

use super::{Here, answer, elsewhere};
use crate::{
    app::App,
    problem::{Problem, Result},
    store::{headlines::Filter, terms::TermKind},
};

/// How many articles a feed holds.
const ENTRIES: u32 = 50;

/// The feed of the list that the address begins with, in the format by which it ends.
pub async fn feed(State(app): State<Arc<App>>, request: Request) -> Result<Response> {
    let Some(here) = Here::of(&app, request.headers())? else {
        return elsewhere(app, request).await;
    };
    let path = request.uri().path();
    let found =
        FeedFormat::ALL.iter().find_map(|format| Some((format, path.strip_suffix(format.file())?)));
    let (format, list) = found.ok_or(Problem::not_found("such feed"))?;
    let Route { lang, page } = route(&here, list)?;
    let wanted = app.editions.wanted(Some(&lang));
    let section = match page {
        Page::Front => None,
        page => {
            let unknown = || Problem::not_found("such section");
            let key = section(page).filter(|key| key.source == here.source).ok_or_else(unknown)?;
            let term = app.store.term(TermKind::Section, &key.id, &wanted).await?;
            Some((key, term.ok_or_else(unknown)?))
        }
    };
    let filter =
        Filter { section: section.as_ref().map(|(key, _)| key.id.clone()), ..Filter::default() };
    let newest = app.store.newest(&filter, &lang, &wanted, ENTRIES).await?;
    let works: Vec<&str> = newest.iter().map(|headline| headline.work.as_str()).collect();
    let authors = app.store.authors_of_all(&works, &wanted).await?;
    let headlines: Vec<Headline> = newest.into_iter().map(|one| here.own(one)).collect();
    let entries = headlines.iter().map(|headline| Entry {
        headline,
        authors: authors.get(&headline.work).map(Vec::as_slice).unwrap_or_default(),
    });
    let home = here.home();
    let section = section.as_ref().map(|(key, term)| (key, term));
    let feed = Feed::new(&home, &lang, section, entries);
    Ok(answer(format.media_type(), feed.write(*format)))
}

/// The page at `path` in one of the portal's languages.
fn route(here: &Here, path: &str) -> Result<Route> {
    let languages = here.portal.codes();
    let sources: Vec<String> = here.portal.sources.iter().map(|one| one.id.clone()).collect();
    match (Scope { languages: &languages, sources: &sources }).parse(path, "") {
        Target::Route(route) => Ok(route),
        Target::Root | Target::Unknown(_) => Err(Problem::not_found("such language")),
    }
}

fn section(page: Page) -> Option<Key> {
    match page {
        Page::List(list) if list.kind == ListKind::Section => Some(list.key),
        _ => None,
    }
}
