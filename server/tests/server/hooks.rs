//! Somebody says that something was published: pages are printed anew, here and in prerendered sites.

use std::{fs, time::Duration};

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use haidang_server::prerender;
use serde_json::json;
use tokio::{sync::oneshot, time::sleep};

use crate::{
    cms::{Cms, article},
    prerender::{now, options},
    printed,
    service::{Answer, Service, request},
};

const SECRET: &str = "correct horse";

async fn tell(service: &Service, secret: &str, body: &str) -> Answer {
    let asked = request("/hooks/publish").method("POST");
    let asked = asked.header(header::AUTHORIZATION, format!("Bearer {secret}"));
    service.send(asked.body(Body::from(body.to_owned())).unwrap()).await
}

#[tokio::test]
async fn whoever_shows_no_secret_is_not_believed() {
    let service = Service::with(&["--publish-secret", SECRET]).await;
    assert_eq!(tell(&service, SECRET, "").await.status, StatusCode::ACCEPTED);
    for wrong in ["", "correct", "correct horse battery"] {
        let answer = tell(&service, wrong, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{wrong}");
    }
    assert_eq!(tell(&service, SECRET, r#"{"artcle": "7"}"#).await.status, StatusCode::BAD_REQUEST);
    let without = Service::start().await;
    for secret in ["", SECRET] {
        let answer = tell(&without, secret, "").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.text().contains("--publish-secret"), "{}", answer.text());
    }
}

#[tokio::test]
async fn what_was_edited_elsewhere_is_on_the_next_page_once_the_server_is_told() {
    let (cms, site) = Cms::start(vec![article("1", "one", "<p>before</p>")]).await;
    let service =
        Service::with(&["--publish-secret", SECRET, "--site", site.path().to_str().unwrap()]).await;
    let page = async || printed::printed(&service, "/en/article/1/one").await.text();
    assert!(page().await.contains("<p>before</p>"));
    *cms.articles.lock().unwrap() = vec![article("1", "one", "<p>after</p>")];
    assert!(page().await.contains("<p>before</p>"), "a page is kept for a minute");
    assert_eq!(tell(&service, "wrong", "").await.status, StatusCode::UNAUTHORIZED);
    assert!(page().await.contains("<p>before</p>"), "nobody prints anew on a stranger's word");
    let unknown = tell(&service, SECRET, r#"{"source": "nobody"}"#).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    let told = tell(&service, SECRET, r#"{"source": "cms", "article": "1"}"#).await;
    assert_eq!(told.status, StatusCode::ACCEPTED);
    assert!(page().await.contains("<p>after</p>"));
}

#[tokio::test]
async fn the_database_is_not_looked_through_again_for_another_host_until_the_server_is_told() {
    let site = printed::site();
    let folder = site.path().to_str().unwrap();
    let service = Service::with(&["--publish-secret", SECRET, "--site", folder]).await;
    let listed = async |host: &str| {
        let asked = request("/sitemaps/en-1.xml").header(header::HOST, host);
        let text = service.send(asked.body(Body::empty()).unwrap()).await.text();
        text.matches(&format!("<loc>http://{host}/en/article/")).count()
    };
    let before = listed("one.example").await;
    assert!(before > 0);
    sqlx::query("UPDATE versions SET withdrawn = 1 WHERE lang = 'en'")
        .execute(service.app.store.pool())
        .await
        .unwrap();
    for host in ["other.example", "one.example", "other.example"] {
        assert_eq!(listed(host).await, before, "{host}");
    }
    assert_eq!(tell(&service, SECRET, "").await.status, StatusCode::ACCEPTED);
    for host in ["one.example", "other.example"] {
        assert_eq!(listed(host).await, 0, "{host}");
    }
}

/// An address that nobody listens at: none of those that systems give to whoever takes any, as other tests do
/// before it is listened at.
fn free_address() -> String {
    let first = 20_000 + u16::try_from(std::process::id() % 1_000).unwrap() * 10;
    let free = |port: &u16| std::net::TcpListener::bind(("127.0.0.1", *port)).is_ok();
    format!("127.0.0.1:{}", (first..32_000).find(free).unwrap())
}

async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..2400 {
        if holds() {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("{what} in two minutes");
}

#[tokio::test]
async fn a_site_that_is_watched_follows_edits_and_leaves_the_rest_alone() {
    let many = (0..60).map(|id| article(&id.to_string(), "s", "<p>before</p>"));
    let (cms, site) = Cms::start(many.collect()).await;
    let address = free_address();
    let options = options(&site, &["--watch=1", "--listen", &address, "--publish-secret", SECRET]);
    let (stop, stopped) = oneshot::channel::<()>();
    let file = |id: &str| site.path().join(format!("en/article/{id}/s.html"));
    let has = |file: &str, part: &str| {
        fs::read_to_string(site.path().join(file)).is_ok_and(|there| there.contains(part))
    };
    let set = |at: usize, title: &str, body: &str| {
        let mut changed = article(&at.to_string(), "s", &format!("<p>{body}</p>"));
        changed["headline"]["title"] = title.into();
        cms.articles.lock().unwrap()[at] = changed;
    };
    let edits = async {
        until("all is written", || has("sitemaps/en-1.xml", "en/article/59/s")).await;
        // Near the beginning of the list: it is seen.
        set(3, "Of a new title", "after");
        until("an edit is seen", || has("en/article/3/s.html", "<p>after</p>")).await;
        until("the front page follows", || has("en/index.html", "Of a new title")).await;
        until("feeds follow", || has("en/feed.atom", "Of a new title")).await;

        // Far down, and no headline tells of it: whoever edits says so.
        let before = fs::metadata(file("51")).unwrap().modified().unwrap();
        set(50, "Of 50", "told");
        let told = reqwest::Client::new()
            .post(format!("http://{address}/hooks/publish"))
            .bearer_auth(SECRET)
            .body(json!({ "article": "50" }).to_string());
        assert_eq!(told.send().await.unwrap().status(), 202);
        until("an edit that was told of", || has("en/article/50/s.html", "<p>told</p>")).await;
        assert_eq!(fs::metadata(file("51")).unwrap().modified().unwrap(), before);

        // New, and taken away.
        cms.articles.lock().unwrap().insert(0, article("new", "s", "<p>new</p>"));
        until("what is new", || has("en/article/new/s.html", "<p>new</p>")).await;
        until("sitemaps follow", || has("sitemaps/en-1.xml", "en/article/new/s")).await;
        cms.articles.lock().unwrap().retain(|one| one["headline"]["key"]["id"] != "5");
        until("what is taken away", || !file("5").exists()).await;
        let rule = "/en/article/5/s { return 410; }";
        until("it is said to be gone", || has(".haidang/withdrawn.conf", rule)).await;
        stop.send(()).unwrap();
    };
    let watching = prerender::watch(&options, now, |_| {}, async { stopped.await.unwrap() });
    tokio::join!(edits, async { watching.await.unwrap() });
    // Another run may begin, and has nothing to do but for what no edit touches.
    let plain = crate::prerender::options(&site, &[]);
    assert!(prerender::run(&plain, now(), std::future::pending()).await.unwrap().is_whole());
}

#[tokio::test]
async fn a_watched_site_goes_on_when_its_backend_comes_back() {
    let (cms, site) = Cms::start(vec![article("1", "one", "<p>before</p>")]).await;
    let options = options(&site, &["--watch=1"]);
    let (stop, stopped) = oneshot::channel::<()>();
    let has = |part: &str| {
        let there = fs::read_to_string(site.path().join("en/article/1/one.html"));
        there.is_ok_and(|there| there.contains(part))
    };
    let edits = async {
        until("all is written", || has("before") && site.path().join("sitemap.xml").exists()).await;
        let failed = cms.asked.load(std::sync::atomic::Ordering::SeqCst);
        *cms.dies_after.lock().unwrap() = Some(failed);
        let asked = || cms.asked.load(std::sync::atomic::Ordering::SeqCst);
        until("it is asked in vain", || asked() > failed + 2).await;
        let mut changed = article("1", "one", "<p>after</p>");
        changed["headline"]["title"] = "Another".into();
        *cms.articles.lock().unwrap() = vec![changed];
        *cms.dies_after.lock().unwrap() = None;
        until("what was edited meanwhile", || has("after")).await;
        stop.send(()).unwrap();
    };
    let watching = prerender::watch(&options, now, |_| {}, async { stopped.await.unwrap() });
    tokio::join!(edits, async { watching.await.unwrap() });
}
