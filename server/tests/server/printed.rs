//! Pages with their text: printed by the app's views from what the API answers.

use std::fs;

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::{Answer, Service, request};

/// The demo portal's site without the app.
pub fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    let index = "<!doctype html><html lang=\"vi\" id=\"top\"><head><base href=\"/\"><title>x</title></head>\
                 <body><div id=\"boot\"></div></body></html>";
    fs::write(site.path().join("index.html"), index).unwrap();
    fs::copy("../public/portal.json", site.path().join("portal.json")).unwrap();
    fs::create_dir(site.path().join("locales")).unwrap();
    for lang in ["vi", "en", "zh", "ja", "ko"] {
        let name = format!("locales/{lang}.json");
        fs::copy(format!("../{name}"), site.path().join(name)).unwrap();
    }
    site
}

pub async fn serve(site: &TempDir, arguments: &[&str]) -> Service {
    let folder = site.path().to_str().unwrap();
    Service::with(&[&["--site", folder], arguments].concat()).await
}

async fn page(service: &Service, path: &str) -> Answer {
    let asked = request(path).header(header::HOST, "portal.example");
    service.send(asked.body(Body::empty()).unwrap()).await
}

/// A page once it is printed: where that takes longer than readers wait it goes on, and they get the app.
pub async fn printed(service: &Service, path: &str) -> Answer {
    for _ in 0..50 {
        let answer = page(service, path).await;
        if answer.text().contains("<html data-printed") {
            return answer;
        }
    }
    panic!("{path} is not printed");
}

/// The answers that go with a page, by their keys.
fn data(html: &str) -> Vec<String> {
    let (_, rest) = html.split_once("id=\"printed-data\">").unwrap();
    let data: Value = serde_json::from_str(rest.split_once("</script>").unwrap().0).unwrap();
    let answers = data["answers"].as_array().unwrap();
    answers.iter().map(|answer| answer["key"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_kind_of_page_is_printed_in_its_language() {
    let site = site();
    let service = serve(&site, &[]).await;
    for (path, lang, words) in [
        ("/vi/", "vi", "Bão số 9"),
        ("/en/section/news", "en", "More in"),
        ("/ja/documents", "ja", "文書"),
        ("/ko/press", "ko", "브리핑"),
        ("/zh/tag/cang-bien", "zh-Hans", "海防"),
        ("/vi/author/van-hoa", "vi", "Hải Phòng"),
        ("/en/article/bao-so-9", "en", "300"),
    ] {
        let answer = printed(&service, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let html = answer.text();
        assert!(html.contains(&format!("lang=\"{lang}\"")), "{path}");
        assert!(html.contains(words), "{path}: {words}");
        assert!(!data(&html).is_empty(), "{path}");
    }
}

#[tokio::test]
async fn an_article_says_what_it_is_and_where_else_it_is() {
    let site = site();
    let service = serve(&site, &[]).await;
    let html = printed(&service, "/en/article/bao-so-9").await.text();
    let (head, body) = html.split_once("<body>").unwrap();
    for part in [
        "<link data-page rel=\"canonical\" href=\"http://portal.example/en/article/",
        "hreflang=\"x-default\"",
        "<meta data-page property=\"og:type\" content=\"article\">",
        "\"@type\":\"NewsArticle\"",
        "\"@type\":\"BreadcrumbList\"",
        "\"@type\":\"DiscussionForumPosting\"",
        "type=\"application/feed+json\"",
    ] {
        assert!(head.contains(part), "{part} in {head}");
    }
    assert_eq!(body.matches("<h1").count(), 1);
    assert!(body.matches("class=\"comment\"").count() > 50);
    // As the app asks for them.
    assert!(
        data(&html).contains(&"api/v1/articles/bao-so-9?lang=en".to_owned()),
        "{:?}",
        data(&html)
    );
}

#[tokio::test]
async fn what_is_not_there_is_printed_too_and_what_is_the_readers_own_is_not() {
    let site = site();
    let service = serve(&site, &[]).await;
    for path in ["/vi/nowhere", "/vi/article/nobody-wrote-this", "/vi/section/none"] {
        let answer = printed(&service, path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("application/feed+json"), "{path}");
    }
    for path in ["/", "/vi/saved", "/vi/settings", "/vi/search?q=x"] {
        let answer = page(&service, path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("<html data-prints-pages"), "{path}");
    }
}

#[tokio::test]
async fn what_is_written_is_on_the_next_page() {
    let site = site();
    let service = serve(&site, &[]).await;
    let path = "/vi/article/banh-da-cua";
    let before = printed(&service, path).await.text();
    assert_eq!(printed(&service, path).await.text(), before);
    let comment = json!({ "author": "Bạn đọc", "text": "Bát này nóng hổi.", "lang": "vi" });
    assert_eq!(service.post("banh-da-cua", None, &comment).await.status, StatusCode::CREATED);
    let after = printed(&service, path).await.text();
    assert!(!before.contains("Bát này nóng hổi.") && after.contains("Bát này nóng hổi."));
    // What is refused changes nothing: the page is the same one, and not another that is alike.
    let refused = service.post("banh-da-cua", None, &json!({ "text": 1 })).await;
    assert!(refused.status.is_client_error());
    assert_eq!(printed(&service, path).await.text(), after);
}

#[tokio::test]
async fn below_a_path_addresses_are_below_it() {
    let site = site();
    let service = serve(&site, &["--base", "/cong"]).await;
    let html = printed(&service, "/cong/vi/").await.text();
    assert!(html.contains("<base href=\"/cong/\""), "{html}");
    assert!(html.contains("href=\"http://portal.example/cong/vi/\""));
}

#[tokio::test]
async fn a_portal_whose_words_are_missing_goes_out_as_the_app() {
    let site = site();
    fs::remove_file(site.path().join("locales/ko.json")).unwrap();
    let service = serve(&site, &[]).await;
    let answer = page(&service, "/ko/").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("id=\"boot\""));
}

#[tokio::test]
async fn a_language_that_the_portal_gets_while_it_is_served_has_pages_at_once() {
    let site = site();
    let service = serve(&site, &["--pages", "app"]).await;
    assert_eq!(page(&service, "/fr/").await.status, StatusCode::NOT_FOUND);
    let config = site.path().join("portal.json");
    let mut portal: Value = serde_json::from_str(&fs::read_to_string(&config).unwrap()).unwrap();
    let languages = portal["languages"].as_array_mut().unwrap();
    languages.push(json!({ "code": "fr", "name": "Français" }));
    fs::write(config, portal.to_string()).unwrap();
    assert_eq!(page(&service, "/fr/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn where_nobody_wants_it_nothing_is_printed() {
    let site = site();
    let service = serve(&site, &["--pages", "app"]).await;
    let html = page(&service, "/vi/").await.text();
    assert!(html.contains("id=\"boot\"") && !html.contains("data-print"));
}
