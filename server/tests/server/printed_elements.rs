//! What elements in other people's pages show, as text before the app is there.

use std::fs;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::json;

use crate::{
    printed::{serve, site},
    service::{Answer, Service, request},
};

async fn element(service: &Service, query: &str) -> Answer {
    let asked = request(&format!("/embed/printed?{query}")).header(header::HOST, "portal.example");
    service.send(asked.body(Body::empty()).unwrap()).await
}

/// An element once it is printed: where that takes longer than readers wait it goes on, and they get nothing.
async fn printed(service: &Service, query: &str) -> String {
    for _ in 0..50 {
        let answer = element(service, query).await;
        if answer.status == StatusCode::OK {
            return answer.text();
        }
    }
    panic!("{query} is not printed");
}

#[tokio::test]
async fn a_thread_is_printed_as_the_app_shows_it_in_the_language_of_the_page_around() {
    let site = site();
    let service = serve(&site, &[]).await;
    let html = printed(&service, "kind=comments&article=bao-so-9&lang=ja&reads=vi&level=3").await;
    assert!(html.contains("<base href=\"http://portal.example/\">"), "{html}");
    for part in [
        "<div class=\"hd\" part=\"content\" lang=\"ja\" data-accents=\"",
        "aria-level=\"3\">コメント300件</h2>",
        "<form class=\"composer\"",
        "data-do=\"fold\"",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    let comments = html.matches("class=\"comment\"").count();
    assert!((50..=100).contains(&comments), "{comments}");
    // Links to comments are of the page around, whose address nobody knows here.
    assert!(html.contains("href=\"#comment-"));
    // Without a language of the page's, that of the reader's browser.
    let html = printed(&service, "kind=comments&article=bao-so-9&reads=ko").await;
    assert!(html.contains("lang=\"ko\""), "{html}");
}

#[tokio::test]
async fn headlines_are_as_many_as_are_wanted() {
    let site = site();
    let service = serve(&site, &[]).await;
    let html = printed(&service, "kind=headlines&section=news&limit=3&lang=en").await;
    assert_eq!(html.matches("<h2").count(), 3, "{html}");
    assert!(html.contains("href=\"http://portal.example/en/article/"));
}

#[tokio::test]
async fn what_is_written_is_in_the_next_one() {
    let site = site();
    let service = serve(&site, &[]).await;
    let query = "kind=comments&article=banh-da-cua&lang=vi";
    let before = printed(&service, query).await;
    let comment = json!({ "author": "Bạn đọc", "text": "Bát này nóng hổi.", "lang": "vi" });
    assert_eq!(service.post("banh-da-cua", None, &comment).await.status, StatusCode::CREATED);
    let after = printed(&service, query).await;
    assert!(!before.contains("Bát này nóng hổi.") && after.contains("Bát này nóng hổi."));
}

#[tokio::test]
async fn what_cannot_be_printed_is_left_to_the_app() {
    let site = site();
    let service = serve(&site, &[]).await;
    for query in [
        "kind=comments",
        "kind=comments&article=nobody-wrote-this",
        "kind=comments&article=bao-so-9&source=nowhere",
        "kind=article&article=bao-so-9",
        "kind=headlines&source=nowhere",
    ] {
        assert_eq!(element(&service, query).await.status, StatusCode::NOT_FOUND, "{query}");
    }
    let alone = serve(&site, &["--pages", "app"]).await;
    let answer = element(&alone, "kind=comments&article=bao-so-9").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_script_asks_for_printed_elements_where_they_are_printed() {
    let site = site();
    fs::create_dir_all(site.path().join("embed/v1")).unwrap();
    fs::write(site.path().join("embed/v1/embed.js"), "alone").unwrap();
    fs::write(site.path().join("embed/v1/embed.printed.js"), "printed").unwrap();
    for (arguments, script) in [(&[][..], "printed"), (&["--pages", "app"][..], "alone")] {
        let service = serve(&site, arguments).await;
        let asked = request("/embed/v1/embed.js").body(Body::empty()).unwrap();
        assert_eq!(service.send(asked).await.text(), script);
    }
}
