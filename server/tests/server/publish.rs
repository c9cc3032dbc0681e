//! What search engines and feed readers get: feeds, sitemaps, robots.txt.

use std::fs;

use axum::{body::Body, http::StatusCode};
use tempfile::TempDir;

use crate::service::{Answer, Service, request};

/// A site with a portal whose articles are in the database.
fn site() -> TempDir {
    site_of("api/v1")
}

fn site_of(source: &str) -> TempDir {
    let site = TempDir::new().unwrap();
    let portal = format!(
        r#"{{"version": 1, "id": "p", "name": {{"vi": "Cổng", "en": "Portal"}}, "timezone": "Asia/Ho_Chi_Minh",
        "languages": [{{"code": "vi", "name": "V"}}, {{"code": "en", "name": "E"}},
            {{"code": "zh", "tag": "zh-Hans", "name": "Z"}}],
        "default": "vi", "fallback": ["vi"], "sources": [{{"id": "city", "base": "{source}"}}]}}"#
    );
    fs::write(site.path().join("portal.json"), portal).unwrap();
    fs::write(site.path().join("index.html"), "<!doctype html><base href=\"/\"><p>Portal").unwrap();
    site
}

async fn serve(site: &TempDir, arguments: &[&str]) -> Service {
    Service::with(&[&["--site", site.path().to_str().unwrap()], arguments].concat()).await
}

/// As whoever comes to `https://portal.example` asks.
async fn ask(service: &Service, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut asked = request(path)
        .method(method)
        .header("host", "portal.example")
        .header("x-forwarded-proto", "https");
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    service.send(asked.body(Body::empty()).unwrap()).await
}

async fn get(service: &Service, path: &str) -> Answer {
    let answer = ask(service, "GET", path, &[]).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text());
    answer
}

/// What stands in the elements of a name.
fn texts<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let pieces = xml.split(open.as_str()).skip(1);
    pieces.map(|piece| piece.split(close.as_str()).next().unwrap()).collect()
}

/// The path of an address of `https://portal.example`.
fn path(url: &str) -> &str {
    url.strip_prefix("https://portal.example").unwrap_or_else(|| panic!("{url} is elsewhere"))
}

#[tokio::test]
async fn an_edition_and_a_section_have_feeds_in_two_formats() {
    let site = site();
    let service = serve(&site, &[]).await;
    for (list, api) in
        [("en", "articles?lang=en"), ("en/section/news", "articles?lang=en&section=news")]
    {
        let atom = get(&service, &format!("/{list}/feed.atom")).await;
        assert_eq!(atom.header("content-type"), "application/atom+xml; charset=utf-8");
        let json = get(&service, &format!("/{list}/feed.json")).await;
        assert_eq!(json.header("content-type"), "application/feed+json; charset=utf-8");
        let json = json.json();
        let items = json["items"].as_array().unwrap();
        let ids: Vec<_> = items.iter().map(|item| item["id"].as_str().unwrap()).collect();
        let atom = atom.text();
        assert_eq!(texts(&atom, "id")[1..], ids);
        assert!(texts(&atom, "title")[0].ends_with("Portal"), "{atom}");
        let newest = service.api(&format!("{api}&limit=1")).await["items"][0].clone();
        assert_eq!(items[0]["title"], newest["title"]);
        let id = newest["key"]["id"].as_str().unwrap();
        assert_eq!(ids[0], format!("https://portal.example/en/article/{id}"));
        assert!(items.iter().all(|item| item["language"] == "en"));
        assert!(items.iter().any(|item| item["authors"][0]["name"].is_string()));
        let picture = items.iter().find_map(|item| item["image"].as_str()).unwrap();
        get(&service, path(picture)).await;
    }
}

#[tokio::test]
async fn a_feed_that_has_not_changed_is_not_sent_again() {
    let site = site();
    let service = serve(&site, &[]).await;
    for path in
        ["/vi/feed.atom", "/vi/feed.json", "/sitemap.xml", "/sitemaps/vi-1.xml", "/robots.txt"]
    {
        let tag = get(&service, path).await.header("etag").to_owned();
        let again = ask(&service, "GET", path, &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED, "{path}");
        let head = ask(&service, "HEAD", path, &[]).await;
        assert_eq!((head.status, head.body.len()), (StatusCode::OK, 0), "{path}");
        assert_ne!(head.header("content-type"), "", "{path}");
        let post = ask(&service, "POST", path, &[]).await;
        assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED, "{path}");
    }
}

#[tokio::test]
async fn what_does_not_exist_has_no_feed_and_no_sitemap() {
    let site = site();
    let service = serve(&site, &[]).await;
    for (path, what) in [
        ("/fr/feed.atom", "language"),
        ("/ja/section/news/feed.json", "language"),
        ("/vi/section/nope/feed.atom", "section"),
        ("/vi/section/~Z/feed.json", "section"),
        ("/sitemaps/fr-1.xml", "sitemap"),
        ("/sitemaps/vi-1", "sitemap"),
    ] {
        let answer = ask(&service, "GET", path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        assert_eq!(answer.json()["detail"], format!("There is no such {what} here"), "{path}");
    }
}

#[tokio::test]
async fn the_sitemaps_lead_to_every_page_there_is() {
    let site = site();
    let service = serve(&site, &[]).await;
    let index = get(&service, "/sitemap.xml").await;
    assert_eq!(index.header("content-type"), "application/xml; charset=utf-8");
    let index = index.text();
    let names = ["vi-1", "en-1", "zh-1", "news"];
    let all = names.map(|name| format!("https://portal.example/sitemaps/{name}.xml"));
    assert_eq!(texts(&index, "loc"), all);
    for lang in ["vi", "en", "zh"] {
        let xml = get(&service, &format!("/sitemaps/{lang}-1.xml")).await.text();
        let pages = texts(&xml, "loc");
        let articles = service.api(&format!("articles?lang={lang}&limit=100")).await;
        let articles = articles["items"].as_array().unwrap().iter();
        let articles = articles.filter(|item| item["withdrawn"] != true).count();
        let listed = pages.iter().filter(|page| page.contains("/article/")).count();
        assert_eq!(listed, articles, "{lang}");
        for page in pages {
            assert!(path(page).starts_with(&format!("/{lang}/")), "{page}");
            get(&service, path(page)).await;
        }
    }
    let vi = get(&service, "/sitemaps/vi-1.xml").await.text();
    for page in ["vi/", "vi/section/news", "vi/documents", "vi/press"] {
        assert!(vi.contains(&format!("<loc>https://portal.example/{page}</loc>")), "{page}");
    }
    assert!(vi.contains("hreflang=\"zh-Hans\" href=\"https://portal.example/zh/"));
    assert!(vi.contains("hreflang=\"x-default\" href=\"https://portal.example/vi/"));
}

#[tokio::test]
async fn what_is_withdrawn_is_told_to_nobody() {
    let site = site();
    let service = serve(&site, &[]).await;
    let listed = service.api("articles?lang=vi&limit=100").await;
    let listed = listed["items"].as_array().unwrap().iter();
    let withdrawn = listed.clone().find(|item| item["withdrawn"] == true).unwrap();
    let id = withdrawn["key"]["id"].as_str().unwrap();
    for path in ["/vi/feed.atom", "/vi/section/news/feed.json", "/sitemaps/vi-1.xml"] {
        let text = get(&service, path).await.text();
        assert!(!text.contains(id), "{path}");
    }
}

#[tokio::test]
async fn news_is_what_was_published_in_two_days() {
    let site = site();
    let service = serve(&site, &[]).await;
    let news = get(&service, "/sitemaps/news.xml").await.text();
    let dates = texts(&news, "news:publication_date");
    assert!(!dates.is_empty());
    assert!(
        dates.iter().all(|date| ("2026-11-11T01:00:00Z"..="2026-11-13T01:00:00Z").contains(date)),
        "{dates:?}"
    );
    assert!(texts(&news, "news:language").contains(&"zh-cn"), "{news}");
}

#[tokio::test]
async fn everything_is_below_the_base_and_crawlers_are_told_at_the_root() {
    let site = site();
    let service = serve(&site, &["--base", "/sub"]).await;
    let feed = get(&service, "/sub/vi/feed.json").await.json();
    assert_eq!(feed["feed_url"], "https://portal.example/sub/vi/feed.json");
    let index = get(&service, "/sub/sitemap.xml").await.text();
    for sitemap in texts(&index, "loc") {
        get(&service, path(sitemap)).await;
    }
    let robots = get(&service, "/robots.txt").await;
    assert_eq!(robots.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(robots.text(), get(&service, "/sub/robots.txt").await.text());
    for line in [
        "Disallow: /sub/api/",
        "Disallow: /sub/en/search",
        "Sitemap: https://portal.example/sub/sitemap.xml",
    ] {
        assert!(robots.text().lines().any(|one| one == line), "{}", robots.text());
    }
}

#[tokio::test]
async fn a_site_says_itself_what_crawlers_shall_leave_alone() {
    let site = site();
    fs::write(site.path().join("robots.txt"), "User-agent: *\nDisallow: /\n").unwrap();
    let service = serve(&site, &[]).await;
    assert_eq!(get(&service, "/robots.txt").await.text(), "User-agent: *\nDisallow: /\n");
}

#[tokio::test]
async fn a_portal_whose_articles_are_elsewhere_has_its_own_files_or_none() {
    let site = site_of("https://cms.example.org/api");
    fs::write(site.path().join("sitemap.xml"), "<urlset/>").unwrap();
    let service = serve(&site, &[]).await;
    assert_eq!(get(&service, "/sitemap.xml").await.text(), "<urlset/>");
    for path in ["/vi/feed.atom", "/vi/section/news/feed.json", "/sitemaps/vi-1.xml"] {
        let answer = ask(&service, "GET", path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    let robots = get(&service, "/robots.txt").await.text();
    assert!(robots.contains("Disallow: /vi/search"), "{robots}");
}
