//! The built site: files, pages of the app, policy, sub-path.

use std::fs;

use axum::{body::Body, http::StatusCode};
use tempfile::TempDir;

use crate::service::{Service, request};

const SCRIPT: &str = "haidang-0123456789abcdef.js";

/// A site as Trunk writes it, smaller.
fn site() -> TempDir {
    let site = TempDir::new().unwrap();
    let write = |name: &str, text: &str| fs::write(site.path().join(name), text).unwrap();
    write(
        "index.html",
        "<!doctype html><html><head><base href=\"/\"><script>alert(1)</script></head>\
         <body><noscript><p>Needs a script.</p></noscript></body></html>",
    );
    write(SCRIPT, "export default 1;");
    write(&format!("{SCRIPT}.br"), "precompressed");
    write("portal.json", &portal("https://cms.example.org/api"));
    fs::create_dir(site.path().join("locales")).unwrap();
    write("locales/vi.json", "{}");
    site
}

fn portal(source: &str) -> String {
    format!(
        r#"{{"version": 1, "id": "p", "name": {{"en": "P"}}, "timezone": "Asia/Ho_Chi_Minh",
        "languages": [{{"code": "en", "name": "English"}}, {{"code": "vi", "name": "Tiếng Việt"}}],
        "default": "en", "fallback": ["vi"], "sources": [{{"id": "city", "base": "{source}"}}]}}"#
    )
}

async fn serve(site: &TempDir, arguments: &[&str]) -> Service {
    let folder = site.path().to_str().unwrap();
    Service::with(&[&["--site", folder], arguments].concat()).await
}

#[tokio::test]
async fn every_address_of_the_app_is_its_page() {
    let site = site();
    let service = serve(&site, &[]).await;
    for path in ["/", "/index.html", "/en/", "/en", "/vi/article/bao-so-9.en", "/vi/search?q=x"] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
    }
    for path in ["/en/nope", "/nope", "/nope/"] {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{path}");
    }
    for path in
        ["/nope.js", "/locales/xx.json", "/api/nope", "/moderate/nope", "/../server", "/locales"]
    {
        let answer = service.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/nope.js", "/api/nope", "/embed/nope"] {
        assert_eq!(
            service.get(path).await.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
}

#[tokio::test]
async fn only_hashed_files_are_kept_for_ever() {
    let site = site();
    let service = serve(&site, &[]).await;
    let script = service.get(&format!("/{SCRIPT}")).await;
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    for path in ["/portal.json", "/locales/vi.json"] {
        let answer = service.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-cache", "{path}");
        let tag = answer.header("etag");
        let again = request(path).header("if-none-match", tag).body(Body::empty()).unwrap();
        assert_eq!(service.send(again).await.status, StatusCode::NOT_MODIFIED, "{path}");
    }
}

#[tokio::test]
async fn a_file_goes_out_as_it_was_precompressed() {
    let site = site();
    let service = serve(&site, &[]).await;
    let ask = |encoding: &str| {
        let request = request(&format!("/{SCRIPT}")).header("accept-encoding", encoding);
        request.body(Body::empty()).unwrap()
    };
    let brotli = service.send(ask("br, gzip")).await;
    assert_eq!(
        (brotli.header("content-encoding"), brotli.text().as_str()),
        ("br", "precompressed")
    );
    let plain = service.send(ask("identity")).await;
    assert_eq!(
        (plain.header("content-encoding"), plain.text().as_str()),
        ("", "export default 1;")
    );
}

#[tokio::test]
async fn the_policy_knows_the_scripts_and_the_sources() {
    let site = site();
    let service = serve(&site, &[]).await;
    let policy = service.get("/en/").await.header("content-security-policy").to_owned();
    assert!(policy.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"), "{policy}");
    assert!(policy.contains("connect-src 'self' https://cms.example.org;"), "{policy}");
    assert!(policy.contains("require-trusted-types-for 'script'; trusted-types haidang"));
    assert!(!policy.contains("unsafe-inline"));
    assert_eq!(haidang_server::site::policy(site.path(), None).unwrap(), policy);
}

#[tokio::test]
async fn a_portal_of_its_own_replaces_the_sites() {
    let site = site();
    let own = TempDir::new().unwrap();
    let file = own.path().join("city.json");
    fs::write(&file, portal("https://other.example.org/api")).unwrap();
    let service = serve(&site, &["--portal", file.to_str().unwrap()]).await;
    let answer = service.get("/portal.json").await;
    assert_eq!(answer.json()["sources"][0]["base"], "https://other.example.org/api");
    let policy = service.get("/").await.header("content-security-policy").to_owned();
    assert!(policy.contains("https://other.example.org"), "{policy}");
    // Its default language is the API's too.
    assert_eq!(service.api("articles?limit=1").await["items"][0]["lang"], "en");
}

#[tokio::test]
async fn a_broken_portal_is_served_as_it_is_and_the_rest_goes_on() {
    let site = site();
    fs::write(site.path().join("portal.json"), "{\"version\": 1,").unwrap();
    let service = serve(&site, &[]).await;
    assert_eq!(service.get("/portal.json").await.text(), "{\"version\": 1,");
    let page = service.get("/").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.header("content-security-policy").contains("connect-src 'self';"));
    assert_eq!(service.api("articles?limit=1").await["items"][0]["lang"], "vi");
}

#[tokio::test]
async fn a_portal_that_breaks_later_leaves_the_last_good_policy_in_force() {
    let site = site();
    let service = serve(&site, &[]).await;
    let policy = async || service.get("/").await.header("content-security-policy").to_owned();
    let asks =
        |policy: &str, origin: &str| policy.contains(&format!("connect-src 'self' {origin}; "));
    let before = policy().await;
    assert!(asks(&before, "https://cms.example.org"), "{before}");
    fs::write(site.path().join("portal.json"), "{\"version\": 1,").unwrap();
    assert_eq!(policy().await, before);
    fs::remove_file(site.path().join("portal.json")).unwrap();
    assert_eq!(policy().await, before);
    fs::write(site.path().join("portal.json"), portal("https://new.example.org/api")).unwrap();
    let after = policy().await;
    assert!(asks(&after, "https://new.example.org"), "{after}");
}

#[tokio::test]
async fn without_script_the_page_lists_the_languages() {
    let site = site();
    let own = portal("api/v1").replace("\"name\": \"English\"", "\"name\": \"<English>\"");
    let own = own.replace("\"code\": \"vi\"", "\"code\": \"vi\", \"tag\": \"vi-VN\"");
    fs::write(site.path().join("portal.json"), own).unwrap();
    let service = serve(&site, &["--base", "/sub"]).await;
    let page = service.get("/sub/").await.text();
    assert!(
        page.contains(
            "<noscript><p>Needs a script.</p><ul>\
             <li><a href=\"en/\" lang=\"en\" hreflang=\"en\">&lt;English></a></li>\
             <li><a href=\"vi/\" lang=\"vi-VN\" hreflang=\"vi-VN\">Tiếng Việt</a></li>\
             </ul></noscript>"
        ),
        "{page}"
    );
    // They lead on below the base.
    assert!(page.contains("<base href=\"/sub/\">"), "{page}");
    assert_eq!(service.get("/sub/vi/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn everything_can_be_below_a_path() {
    let site = site();
    let service = serve(&site, &["--base", "/sub/path"]).await;
    let page = service.get("/sub/path/vi/article/bao-so-9").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("<base href=\"/sub/path/\">"), "{}", page.text());
    for path in [
        "/sub/path/",
        "/sub/path/portal.json",
        "/sub/path/api/v1/front",
        "/sub/path/media/bao-so-9-480.webp",
        "/healthz",
    ] {
        assert_eq!(service.get(path).await.status, StatusCode::OK, "{path}");
    }
    let home = service.get("/sub/path").await;
    assert_eq!(
        (home.status, home.header("location")),
        (StatusCode::PERMANENT_REDIRECT, "/sub/path/")
    );
    for path in ["/", "/portal.json", "/api/v1/front", "/sub/pathology"] {
        assert_eq!(service.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn without_a_site_there_is_the_api() {
    let service = Service::start().await;
    assert_eq!(service.get("/api/v1/front").await.status, StatusCode::OK);
    let root = service.get("/").await;
    assert_eq!(root.status, StatusCode::NOT_FOUND);
    assert!(root.json()["detail"].as_str().unwrap().contains("api/v1"));
}

#[tokio::test]
async fn a_new_build_counts_at_once() {
    let site = site();
    let service = serve(&site, &[]).await;
    let before = service.get("/").await;
    fs::write(site.path().join("index.html"), "<base href=\"/\"><script>alert(2)</script>")
        .unwrap();
    let after = service.get("/").await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert_ne!(before.header("content-security-policy"), after.header("content-security-policy"));
}
