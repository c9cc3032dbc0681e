//! What other people's pages get: files that they may read, pages for frames, cards.

use std::fs;

use axum::{body::Body, http::StatusCode};
use tempfile::TempDir;

use crate::service::{Answer, Service, request};

/// A site with elements, smaller than it is.
fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    fs::create_dir_all(site.path().join("embed/v1")).unwrap();
    for (name, text) in [
        ("index.html", "<!doctype html><base href=\"/\"><p>Portal"),
        (
            "portal.json",
            r#"{"version": 1, "id": "p", "name": {"vi": "Cổng"}, "timezone": "Asia/Ho_Chi_Minh",
            "languages": [{"code": "vi", "name": "V"}, {"code": "en", "name": "E"}], "default": "vi",
            "sources": [{"id": "city", "base": "api/v1"}]}"#,
        ),
        ("embed/v1/embed.js", "export {}"),
        ("embed/haidang-0123456789abcdef_bg.wasm", "wasm"),
        ("embed/frame.html", "<!doctype html><base href=\"/\"><p>Frame"),
        ("embed/builder.html", "<!doctype html><base href=\"/\"><p>Builder"),
    ] {
        fs::write(site.path().join(name), text).unwrap();
    }
    site
}

async fn serve(site: &TempDir, arguments: &[&str]) -> Service {
    Service::with(&[&["--site", site.path().to_str().unwrap()], arguments].concat()).await
}

async fn from(service: &Service, origin: &str, path: &str) -> Answer {
    service.send(request(path).header("origin", origin).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn files_may_be_read_by_every_page_and_the_api_by_those_that_are_allowed() {
    let site = site();
    let service = serve(&site, &["--cors", "https://page.example"]).await;
    for path in ["/embed/v1/embed.js", "/embed/haidang-0123456789abcdef_bg.wasm", "/portal.json"] {
        for origin in ["https://page.example", "https://other.example", "null"] {
            let answer = from(&service, origin, path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            let all: Vec<_> =
                answer.headers.get_all("access-control-allow-origin").iter().collect();
            assert_eq!(all.len(), 1, "{path} for {origin}: {all:?}");
            assert!(all[0] == "*" || all[0] == origin, "{path} for {origin}: {all:?}");
        }
    }
    let api = "/api/v1/articles?limit=1";
    let allowed = from(&service, "https://page.example", api).await;
    assert_eq!(allowed.header("access-control-allow-origin"), "https://page.example");
    let other = from(&service, "https://other.example", api).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn the_script_may_change_and_what_it_loads_may_not() {
    let site = site();
    let service = serve(&site, &[]).await;
    let caching = async |path: &str| service.get(path).await.header("cache-control").to_owned();
    assert_eq!(caching("/embed/v1/embed.js").await, "no-cache");
    let part = "/embed/haidang-0123456789abcdef_bg.wasm";
    assert_eq!(caching(part).await, "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn pages_for_frames_may_be_framed_and_no_others() {
    let site = site();
    let service = serve(&site, &["--base", "/sub"]).await;
    for path in [
        "embed/article/7",
        "embed/comments/a~2Fb",
        "embed/headlines",
        "embed/headlines/news?lang=en",
    ] {
        let page = service.get(&format!("/sub/{path}")).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(page.text().contains("<base href=\"/sub/\"") && page.text().contains("Frame"));
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors *;"), "{policy}");
    }
    for path in ["embed/builder", "vi/"] {
        let policy = service.get(&format!("/sub/{path}")).await;
        let policy = policy.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'self';"), "{path}: {policy}");
    }
    assert_eq!(service.get("/sub/embed/nope").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_card_is_of_an_article_of_ours_in_the_language_of_its_address() {
    let site = site();
    let service = serve(&site, &[]).await;
    let card = async |query: &str| {
        let asked = request(&format!("/embed/oembed?{query}"))
            .header("host", "portal.example")
            .header("x-forwarded-proto", "https");
        service.send(asked.body(Body::empty()).unwrap()).await
    };
    let url = "url=https%3A%2F%2Fportal.example%2Fen%2Farticle%2Fbao-so-9";
    let answer = card(&format!("{url}&maxwidth=400&format=json")).await;
    let told = answer.json();
    assert_eq!((told["type"].as_str(), told["width"].as_u64()), (Some("rich"), Some(400)));
    let article = service.api("articles/bao-so-9?lang=en").await;
    assert_eq!(told["title"], article["headline"]["title"]);
    assert_eq!(told["provider_name"], "Cổng");
    let html = told["html"].as_str().unwrap();
    let id = article["headline"]["key"]["id"].as_str().or(article["headline"]["id"].as_str());
    let frame = format!("src=\"https://portal.example/embed/article/{}?lang=en\"", id.unwrap());
    assert!(html.contains(&frame), "{html}");
    assert!(told["thumbnail_url"].as_str().unwrap().starts_with("https://portal.example/"));
    for (query, status) in [
        ("url=https%3A%2F%2Fevil.example%2Fen%2Farticle%2Fbao-so-9", StatusCode::NOT_FOUND),
        ("url=https%3A%2F%2Fportal.example%2Fen%2Farticle%2Fnope", StatusCode::NOT_FOUND),
        ("url=https%3A%2F%2Fportal.example%2Fen%2F", StatusCode::NOT_FOUND),
        ("url=ftp%3A%2F%2Fportal.example%2Fen%2Farticle%2Fbao-so-9", StatusCode::NOT_FOUND),
        ("url=javascript%3A%2F%2Fportal.example%2Fen%2Farticle%2Fbao-so-9", StatusCode::NOT_FOUND),
        ("url=https%3A%2F%2Fme%40portal.example%2Fen%2Farticle%2Fbao-so-9", StatusCode::NOT_FOUND),
        ("url=nope", StatusCode::BAD_REQUEST),
        (&format!("{url}&format=xml"), StatusCode::NOT_IMPLEMENTED),
    ] {
        assert_eq!(card(query).await.status, status, "{query}");
    }
}

#[tokio::test]
async fn pages_of_articles_name_their_card_and_no_others() {
    let site = site();
    let service = serve(&site, &[]).await;
    let page = async |path: &str| {
        let asked =
            request(path).header("host", "portal.example").header("x-forwarded-proto", "https");
        service.send(asked.body(Body::empty()).unwrap()).await.text()
    };
    let named = page("/vi/article/bao-so-9").await;
    let card = "href=\"https://portal.example/embed/oembed?url=https%3A%2F%2Fportal.example%2Fvi%2Farticle%2Fbao-so-9\"";
    assert!(named.contains(card), "{named}");
    assert!(!page("/vi/").await.contains("oembed"));
}
