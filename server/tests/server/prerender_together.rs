//! A portal over a backend that gives several articles at once and says what was changed last: what it is asked.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};

use axum::{
    Router,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use haidang_server::prerender::{self, Report};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::time::sleep;
use url::form_urlencoded;

use crate::{
    prerender::{now, options, site},
    upstream::{json_of, upstream},
};

/// How many articles it has.
const ALL: usize = 200;
/// One question at a time: whoever else is under way waits meanwhile.
const ONE: &[&str] = &["--jobs", "1"];
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What the backend does when it is asked for several.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Answers,
    /// The one with the id 7 is only there alone.
    Forgets,
    /// As one that has no such question.
    Refuses,
    /// The first time.
    IsBusy,
    /// When it is asked for more than ten.
    Fails,
}

struct Backend {
    manner: Manner,
    /// What was asked, as the path, and for which articles at once.
    asked: Mutex<Vec<(String, Vec<usize>)>>,
    /// Articles that were given.
    given: Mutex<HashSet<usize>>,
    /// Where their pages are written.
    site: OnceLock<PathBuf>,
}

impl Backend {
    async fn start(manner: Manner) -> (Arc<Self>, TempDir) {
        let backend = Arc::new(Self {
            manner,
            asked: Mutex::default(),
            given: Mutex::default(),
            site: OnceLock::new(),
        });
        let answering = backend.clone();
        let base = upstream(|_| {
            Router::new().fallback(move |uri: Uri| {
                let backend = answering.clone();
                async move {
                    if matches!(manner, Manner::Answers | Manner::Fails) && uri.path() == "/posts" {
                        backend.until_printed().await;
                    }
                    // Long enough for others to wait meanwhile.
                    sleep(LOOK_AGAIN).await;
                    backend.answer(&uri)
                }
            })
        })
        .await;
        let off = json!({ "comments": false, "search": false, "documents": false, "press": false, "notices": false });
        let each = "{id: item.id, slug: item.slug, title: item.title, body: item.body}";
        let profile = json!({
            "name": "posts",
            "list": { "get": "{+base}/list", "each": "{id: item.id, slug: item.slug, title: item.title}" },
            "article": { "get": "{+base}/post{?id}", "each": each },
            "articles": {
                "like": "article", "get": "{+base}/posts{?ids}", "vars": { "ids": "join('-', params.ids)" }
            },
        });
        let portal = json!({
            "version": 1, "id": "p", "name": { "en": "Portal" }, "timezone": "UTC", "features": off,
            "languages": [{ "code": "en", "name": "E" }], "default": "en",
            "sources": [{ "id": "posts", "base": base, "profile": profile }],
        });
        let site = site(&portal);
        backend.site.set(site.path().to_owned()).unwrap();
        (backend, site)
    }

    /// Waits until the pages of all that was given are printed, however slowly that goes: then others are under
    /// way in their places. Not for ever, should one never come.
    async fn until_printed(&self) {
        let site = self.site.get().unwrap();
        let is_printed = |id: &usize| page(site, *id).exists();
        for _ in 0..250 {
            if self.given.lock().unwrap().iter().all(is_printed) {
                return;
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    fn answer(&self, uri: &Uri) -> Response {
        let query = uri.query().unwrap_or_default().as_bytes();
        let query: HashMap<_, _> = form_urlencoded::parse(query).into_owned().collect();
        let ids: Vec<usize> = match uri.path() {
            "/list" => (0..ALL).collect(),
            _ => query
                .values()
                .flat_map(|ids| ids.split('-'))
                .filter_map(|id| id.parse().ok())
                .collect(),
        };
        let is_first = {
            let mut asked = self.asked.lock().unwrap();
            let is_first = !asked.iter().any(|(path, _)| path == uri.path());
            asked.push((uri.path().to_owned(), ids.clone()));
            is_first
        };
        let several = uri.path() == "/posts";
        match self.manner {
            Manner::Refuses if several => return StatusCode::NOT_FOUND.into_response(),
            Manner::IsBusy if several && is_first => {
                return (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "0")]).into_response();
            }
            Manner::Fails if several && ids.len() > 10 => {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
            _ => {}
        }
        let is_there = |id: &usize| !(several && self.manner == Manner::Forgets && *id == 7);
        if uri.path() != "/list" {
            self.given.lock().unwrap().extend(ids.iter().copied().filter(is_there));
        }
        let post = |id| json!({ "id": id, "slug": "s", "title": format!("Of {id}"), "body": format!("<p>Text {id}.</p>") });
        // In an order of its own.
        let posts: Vec<Value> = ids.into_iter().rev().filter(is_there).map(post).collect();
        json_of(&json!(posts).to_string(), &[])
    }

    /// What it was asked for at this path, each time.
    fn asked_at(&self, path: &str) -> Vec<Vec<usize>> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(asked, _)| asked == path).map(|(_, ids)| ids.clone()).collect()
    }

    /// How often it was asked for one, and for how many each time that it was asked for several.
    fn asked(&self) -> (usize, Vec<usize>) {
        (self.asked_at("/post").len(), self.asked_at("/posts").iter().map(Vec::len).collect())
    }
}

/// Where the page of an article is written.
fn page(site: &Path, id: usize) -> PathBuf {
    site.join(format!("en/article/{id}/s.html"))
}

/// Prints everything, each article with its own text.
async fn printed(site: &TempDir, more: &[&str]) -> Report {
    let options = options(site, more);
    let report = prerender::run(&options, now(), std::future::pending()).await.unwrap();
    assert!(report.is_whole(), "{report}");
    for id in 0..ALL {
        let file = page(site.path(), id);
        let html = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file:?}: {error}"));
        assert!(html.contains(&format!("<p>Text {id}.</p>")), "{html}");
    }
    report
}

#[tokio::test]
async fn articles_that_wait_are_asked_for_together() {
    let (backend, site) = Backend::start(Manner::Answers).await;
    printed(&site, ONE).await;
    let (alone, together) = backend.asked();
    assert_eq!((alone, together.iter().sum::<usize>()), (0, ALL), "{together:?}");
    assert!(together.len() <= ALL / 4 && together.iter().all(|many| *many <= 50), "{together:?}");
    // They are what they are alone: nothing has changed for who asks so.
    let config = site.path().join("portal.json");
    let mut portal: Value = serde_json::from_str(&fs::read_to_string(&config).unwrap()).unwrap();
    let profile = portal.pointer_mut("/sources/0/profile").unwrap().as_object_mut().unwrap();
    profile.remove("articles").unwrap();
    fs::write(config, portal.to_string()).unwrap();
    let report = printed(&site, &[]).await;
    assert_eq!((report.written, backend.asked().0), (0, ALL), "{report}");
}

#[tokio::test]
async fn what_is_not_in_the_answer_is_asked_for_alone() {
    let (backend, site) = Backend::start(Manner::Forgets).await;
    printed(&site, &[]).await;
    assert_eq!(backend.asked().0, 1);
}

#[tokio::test]
async fn a_backend_that_cannot_is_asked_for_one_at_a_time() {
    let (backend, site) = Backend::start(Manner::Refuses).await;
    printed(&site, &[]).await;
    let (alone, together) = backend.asked();
    assert_eq!(alone, ALL);
    // Those under way by then.
    assert!(together.len() <= 4, "{together:?}");
}

#[tokio::test]
async fn a_backend_that_fails_is_asked_for_fewer() {
    let (backend, site) = Backend::start(Manner::Fails).await;
    printed(&site, ONE).await;
    let (alone, together) = backend.asked();
    let too_many = together.iter().filter(|many| **many > 10).count();
    assert!(too_many > 0 && alone > 0, "{together:?}");
    // Those that failed are asked for alone; the others by tens at most.
    let well = together.iter().filter(|many| **many <= 10).sum::<usize>();
    assert!(well >= ALL / 4 && well + alone == ALL, "{alone} {together:?}");
}

#[tokio::test]
async fn a_busy_backend_is_asked_for_the_same_ones_again() {
    let (backend, site) = Backend::start(Manner::IsBusy).await;
    printed(&site, &[]).await;
    let together = backend.asked_at("/posts");
    // Others are under way meanwhile, so it need not be the next one.
    let again = together.iter().filter(|ids| **ids == together[0]).count();
    assert_eq!((backend.asked().0, again), (0, 2), "{together:?}");
}
