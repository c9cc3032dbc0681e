//! A portal over a backend that says what was changed last: its lists are not gone through each time.

use std::{
    collections::HashMap,
    fs,
    future::pending,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use axum::{Router, http::Uri};
use haidang_engine::time::Timestamp;
use haidang_server::prerender::{self, Report};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::form_urlencoded;

use crate::{
    prerender::{now, options, site},
    upstream::{json_of, upstream},
};

/// How many it gives at a time, whatever it is asked for.
const SLICE: usize = 20;
/// In how many slices its list is at first.
const SLICES: usize = 5;
/// Milliseconds between one article and the next.
const MINUTE: i64 = 60_000;

#[derive(Clone)]
struct Post {
    id: usize,
    title: String,
    changed: i64,
}

impl Post {
    fn new(id: usize) -> Self {
        Self { id, title: format!("Of {id}"), changed: published(id) }
    }

    fn json(&self) -> Value {
        let at = |time| Timestamp(time).to_string();
        let body = format!("<p>Text of {}.</p>", self.title);
        json!({ "id": self.id, "title": self.title, "at": at(published(self.id)), "changed": at(self.changed), "body": body })
    }
}

fn published(id: usize) -> i64 {
    now().0 - (1_000 - i64::try_from(id).unwrap()) * MINUTE
}

struct Backend {
    posts: Mutex<Vec<Post>>,
    /// Slices that were asked for to see what there is.
    slices: AtomicUsize,
    /// Whether it says how many there are.
    counts: AtomicBool,
    site: TempDir,
}

impl Backend {
    async fn start() -> Arc<Self> {
        let posts = (0..SLICE * SLICES).map(Post::new).collect();
        let (ready, mut backend) = tokio::sync::watch::channel(None::<Arc<Self>>);
        let base = upstream(|_| {
            Router::new().fallback(move |uri: Uri| {
                let backend = backend.borrow_and_update().clone();
                async move { json_of(&backend.unwrap().answer(&uri).to_string(), &[]) }
            })
        })
        .await;
        let off = json!({ "comments": false, "search": false, "documents": false, "press": false, "notices": false });
        let each =
            "{id: item.id, slug: 's', title: item.title, published: item.at, updated: item.changed";
        let profile = json!({
            "name": "posts",
            "list": {
                "get": "{+base}/list{?page,by,limit}",
                "vars": { "page": "params.cursor", "by": "params.changed && 'change' || null" },
                "items": "body.posts", "each": format!("{each}}}"), "next": "body.next", "total": "body.total",
            },
            "article": { "get": "{+base}/post{?id}", "each": format!("{each}, body: item.body}}") },
        });
        let portal = json!({
            "version": 1, "id": "p", "name": { "en": "Portal" }, "timezone": "UTC", "features": off,
            "languages": [{ "code": "en", "name": "E" }], "default": "en",
            "sources": [{ "id": "posts", "base": base, "profile": profile }],
        });
        let backend = Arc::new(Self {
            posts: Mutex::new(posts),
            slices: AtomicUsize::new(0),
            counts: AtomicBool::new(true),
            site: site(&portal),
        });
        ready.send(Some(backend.clone())).unwrap();
        backend
    }

    fn answer(&self, uri: &Uri) -> Value {
        let query = uri.query().unwrap_or_default().as_bytes();
        let query: HashMap<_, _> = form_urlencoded::parse(query).into_owned().collect();
        let mut posts = self.posts.lock().unwrap().clone();
        if uri.path() == "/post" {
            return posts
                .iter()
                .find(|post| post.id.to_string() == query["id"])
                .map(Post::json)
                .into();
        }
        let by_change = query.get("by").is_some_and(|by| by == "change");
        posts.sort_by_key(|post| {
            std::cmp::Reverse(if by_change { post.changed } else { published(post.id) })
        });
        if query.get("limit").is_some_and(|limit| limit == "100") {
            self.slices.fetch_add(1, Ordering::SeqCst);
        }
        let page: usize = query.get("page").map_or(1, |page| page.parse().unwrap());
        let total = self.counts.load(Ordering::SeqCst).then_some(posts.len());
        let is_last = page * SLICE >= posts.len();
        let slice: Vec<_> =
            posts.iter().skip((page - 1) * SLICE).take(SLICE).map(Post::json).collect();
        json!({ "posts": slice, "total": total, "next": (!is_last).then_some(page + 1) })
    }

    /// Edits a post in the future of all others.
    fn edit(&self, id: usize, title: &str) {
        let mut posts = self.posts.lock().unwrap();
        let last = posts.iter().map(|post| post.changed).max().unwrap();
        let post = posts.iter_mut().find(|post| post.id == id).unwrap();
        (post.title, post.changed) = (title.to_owned(), last + MINUTE);
    }

    /// Prints; gives for how many slices it was asked.
    async fn run(&self, more: &[&str]) -> (Report, usize) {
        let before = self.slices.load(Ordering::SeqCst);
        let report = prerender::run(&options(&self.site, more), now(), pending()).await.unwrap();
        assert!(report.is_whole(), "{report}");
        (report, self.slices.load(Ordering::SeqCst) - before)
    }

    /// That all is as it is for who goes through the whole list.
    async fn is_as_whole(&self) {
        let (report, slices) = self.run(&["--whole"]).await;
        let changed = report.written + report.removed + report.files;
        assert!(changed == 0 && slices >= SLICES, "{report}, {slices} slices");
    }

    fn text(&self, file: &str) -> String {
        fs::read_to_string(self.site.path().join(file)).unwrap()
    }
}

#[tokio::test]
async fn what_has_changed_is_asked_for_and_not_the_whole_list() {
    let backend = Backend::start().await;
    assert_eq!(backend.run(&[]).await.1, SLICES);
    let (report, slices) = backend.run(&[]).await;
    assert_eq!((report.written, report.files, slices), (0, 0, 1), "{report}");

    backend.edit(3, "Edited");
    backend.edit(97, "Edited as well");
    backend.posts.lock().unwrap().push(Post::new(SLICE * SLICES));
    let (_, slices) = backend.run(&[]).await;
    assert_eq!(slices, 2);
    assert!(backend.text("en/article/3/s.html").contains("Text of Edited."));
    assert!(backend.text("en/feed.atom").contains("Edited as well"));
    assert!(backend.text("en/feed.atom").contains("Of 100"));
    assert!(backend.text("sitemaps/en-1.xml").contains("/en/article/100/s"));
    backend.is_as_whole().await;

    // More than one slice of edits.
    (10..40).for_each(|id| backend.edit(id, &format!("Again {id}")));
    assert_eq!(backend.run(&[]).await.1, 3);
    assert!(backend.text("en/article/10/s.html").contains("Text of Again 10."));
    backend.is_as_whole().await;
}

#[tokio::test]
async fn what_is_gone_is_found_in_the_whole_list() {
    let backend = Backend::start().await;
    backend.run(&[]).await;
    backend.posts.lock().unwrap().remove(50);
    let (report, slices) = backend.run(&[]).await;
    assert_eq!((report.removed, slices), (1, 1 + SLICES), "{report}");
    assert_eq!(backend.run(&[]).await.1, 1);
    // One goes as another comes.
    backend.posts.lock().unwrap().remove(60);
    backend.posts.lock().unwrap().push(Post::new(200));
    let (report, slices) = backend.run(&[]).await;
    assert_eq!((report.removed, slices), (1, 2 + SLICES), "{report}");
    assert!(backend.site.path().join("en/article/200/s.html").is_file());
    backend.is_as_whole().await;
}

#[tokio::test]
async fn what_comes_out_at_its_time_is_found_though_it_was_changed_long_before() {
    let backend = Backend::start().await;
    backend.run(&[]).await;
    // As many as before.
    backend.posts.lock().unwrap().remove(50);
    backend.posts.lock().unwrap().push(Post { changed: published(0), ..Post::new(150) });
    backend.run(&[]).await;
    assert!(backend.text("en/article/150/s.html").contains("Text of Of 150."));
    assert!(!backend.site.path().join("en/article/50/s.html").exists());
    backend.is_as_whole().await;
}

#[tokio::test]
async fn a_list_is_gone_through_where_nobody_says_how_many_there_are_or_what_was_kept_is_spoilt() {
    let backend = Backend::start().await;
    backend.counts.store(false, Ordering::SeqCst);
    backend.run(&[]).await;
    assert_eq!(backend.run(&[]).await.1, SLICES);
    backend.counts.store(true, Ordering::SeqCst);
    assert_eq!(backend.run(&[]).await.1, SLICES);
    assert_eq!(backend.run(&[]).await.1, 1);
    let folder = backend.site.path().join(".haidang/lists");
    let kept = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&kept).unwrap();
    let lines: Vec<_> = text.lines().collect();
    for (number, spoilt) in [&text[..text.len() - 9], &lines[..80].join("\n")].iter().enumerate() {
        fs::write(&kept, spoilt).unwrap();
        backend.edit(3, &format!("Edited {number}"));
        assert_eq!(backend.run(&[]).await.1, SLICES);
        assert_eq!(fs::read_to_string(&kept).unwrap().lines().count(), lines.len());
    }
    backend.edit(3, "Edited");
    backend.run(&[]).await;
    assert!(backend.text("en/article/3/s.html").contains("Text of Edited."));
    backend.is_as_whole().await;
}
