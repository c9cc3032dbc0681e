//! The proxy, as a page asks it, before a backend on this machine.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::{any, get},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    service::{Answer, Service, request},
    upstream::{json_of, upstream},
};

/// A server whose proxy knows these sources.
async fn proxying(sources: Value) -> (Service, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("proxy.json");
    fs::write(&file, sources.to_string()).unwrap();
    (Service::with(&["--proxy", file.to_str().unwrap()]).await, folder)
}

/// A backend that says what it was asked, below `/api`.
async fn echo() -> String {
    let echo = |method: Method, uri: Uri, headers: HeaderMap, body: String| async move {
        let names = headers.keys().map(|name| name.as_str()).collect::<Vec<_>>();
        let token = headers.get("x-token").map(|value| value.to_str().unwrap());
        let cookie = headers.get("cookie").map(|value| value.to_str().unwrap());
        let said = json!({
            "method": method.as_str(), "uri": uri.to_string(), "headers": names, "body": body,
            "token": token, "cookie": cookie,
        });
        let headers = [
            ("x-total", "7"),
            ("set-cookie", "session=1"),
            ("keep-alive", "timeout=5"),
            ("access-control-allow-origin", "*"),
            ("content-security-policy", "default-src *"),
        ];
        json_of(&said.to_string(), &headers)
    };
    upstream(|_| Router::new().route("/api/{*path}", any(echo)).route("/other", any(echo))).await
}

async fn ask(service: &Service, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut asked = request(path).method(method);
    for (name, value) in headers {
        asked = asked.header(*name, *value);
    }
    let body = if method == "POST" { Body::from("{\"text\":\"x\"}") } else { Body::empty() };
    service.send(asked.body(body).unwrap()).await
}

/// That this is a problem of a kind, about something.
fn is_problem(answer: &Answer, status: u16, kind: &str, about: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["type"], format!("urn:haidang:problem:{kind}"));
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(about), "{detail}");
}

#[tokio::test]
async fn what_is_allowed_is_passed_on() {
    let base = echo().await;
    let sources = json!({ "cms": { "base": format!("{base}/api"), "private": true } });
    let (service, _folder) = proxying(sources).await;
    let asked = [
        ("accept", "application/json"),
        ("x-client", "portal"),
        ("cookie", "secret=1"),
        ("authorization", "Basic x"),
        ("origin", "https://portal.test"),
        ("connection", "x-hop"),
        ("x-hop", "1"),
    ];
    let answer = ask(&service, "GET", "/proxy/cms/posts/7?a=b%20c", &asked).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let said = answer.json();
    assert_eq!(
        (said["method"].as_str(), said["uri"].as_str()),
        (Some("GET"), Some("/api/posts/7?a=b%20c"))
    );
    let names = said["headers"].as_array().unwrap();
    assert!(names.contains(&json!("accept")), "{names:?}");
    for kept in ["cookie", "authorization", "origin", "x-hop", "x-client"] {
        assert!(!names.contains(&json!(kept)), "{kept}");
    }
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("x-total"), "7");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; sandbox");
    for kept in ["set-cookie", "keep-alive", "access-control-allow-origin"] {
        assert_eq!(answer.header(kept), "", "{kept}");
    }
}

#[tokio::test]
async fn a_source_that_is_not_named_is_not_there() {
    let (service, _folder) = proxying(json!({ "cms": { "base": "https://cms.test" } })).await;
    for path in ["/proxy/other/posts", "/proxy/", "/proxy/CMS/posts"] {
        is_problem(&ask(&service, "GET", path, &[]).await, 404, "not-found", "address");
    }
    let without = Service::start().await;
    is_problem(&without.get("/proxy/cms/posts").await, 404, "not-found", "address");
}

#[tokio::test]
async fn no_path_leads_out_of_the_base() {
    let base = echo().await;
    let sources = json!({ "cms": { "base": format!("{base}/api"), "private": true } });
    let (service, _folder) = proxying(sources).await;
    for path in [
        "/proxy/cms/../other",
        "/proxy/cms/a/../../other",
        "/proxy/cms/%2e%2e/other",
        "/proxy/cms/..%2Fother",
        "/proxy/cms//other.test/",
        "/proxy/cms/a//b",
        "/proxy/cms/a%5C..%5Cb",
    ] {
        is_problem(&ask(&service, "GET", path, &[]).await, 400, "bad-request", "the path");
    }
    // What looks like an address is a step of the path.
    let answer = ask(&service, "GET", "/proxy/cms/http:other.test", &[]).await;
    assert_eq!(answer.json()["uri"], "/api/http:other.test");
}

#[tokio::test]
async fn only_methods_that_are_allowed_are_sent() {
    let base = echo().await;
    let api = format!("{base}/api");
    let sources = json!({
        "read": { "base": api, "private": true },
        "write": { "base": api, "private": true, "methods": ["GET", "POST"] },
    });
    let (service, _folder) = proxying(sources).await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"] {
        let answer = ask(&service, method, "/proxy/read/posts", &[]).await;
        is_problem(&answer, 405, "status-405", "method");
        assert_eq!(answer.header("allow"), "GET");
    }
    let json = [("content-type", "application/json")];
    let answer = ask(&service, "POST", "/proxy/write/posts", &json).await;
    assert_eq!(
        (&answer.json()["method"], &answer.json()["body"]),
        (&json!("POST"), &json!("{\"text\":\"x\"}"))
    );
    is_problem(
        &ask(&service, "DELETE", "/proxy/write/posts", &[]).await,
        405,
        "status-405",
        "method",
    );
    let head = ask(&service, "HEAD", "/proxy/read/posts", &[]).await;
    assert!(head.status == StatusCode::OK && head.body.is_empty());
}

#[tokio::test]
async fn no_request_asks_a_backend_for_another_method_or_address_than_its_own() {
    let base = echo().await;
    let sources = json!({ "cms": {
        "base": format!("{base}/api"), "private": true, "methods": ["GET", "POST"],
    }});
    let (service, _folder) = proxying(sources).await;
    let forged = ["x-http-method", "x-http-method-override", "x-method-override", "x-original-url"];
    let asked: Vec<_> = forged.iter().map(|name| (*name, "DELETE")).collect();
    for method in ["GET", "POST"] {
        let said = ask(&service, method, "/proxy/cms/posts/7", &asked).await.json();
        for name in forged {
            assert!(!said["headers"].as_array().unwrap().contains(&json!(name)), "{name}");
        }
    }
    // The last ones are how PHP reads names.
    for query in [
        "_method=DELETE",
        "a=b&_method=delete",
        "%5Fmeth%6Fd=DELETE",
        "_METHOD=POST",
        "a=b;_method=DELETE",
        "rest_route=/wp/v2/users",
        "+.method=DELETE",
        "_method%00x=DELETE",
        "rest%5Broute=/wp/v2/users",
        "rest+route=/wp/v2/users",
    ] {
        let answer = ask(&service, "GET", &format!("/proxy/cms/posts/7?{query}"), &[]).await;
        is_problem(&answer, 400, "bad-request", "another method or address");
    }
    let plain = ask(&service, "GET", "/proxy/cms/posts?q=_method&methods=x", &[]).await;
    assert_eq!(plain.json()["uri"], "/api/posts?q=_method&methods=x");
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "text=x&_method=DELETE"),
        ("Application/X-WWW-Form-Urlencoded, x", "rest_route=/wp/v2/users"),
        ("application/json", "{\"text\": \"x\", \"_method\": \"DELETE\"}"),
    ] {
        let asked = request("/proxy/cms/posts").method("POST").header("content-type", kind);
        let answer = service.send(asked.body(Body::from(body)).unwrap()).await;
        is_problem(&answer, 400, "bad-request", "another method or address");
    }
    let parts = [("content-type", "multipart/form-data; boundary=x")];
    let answer = ask(&service, "POST", "/proxy/cms/posts", &parts).await;
    is_problem(&answer, 415, "status-415", "");
    let text = "{\"text\": \"a=b&_method=DELETE\", \"more\": {\"_method\": 1}}";
    let json =
        request("/proxy/cms/posts").method("POST").header("content-type", "application/json");
    let answer = service.send(json.body(Body::from(text)).unwrap()).await;
    assert_eq!(answer.json()["body"], text, "what readers write about is theirs");
}

#[tokio::test]
async fn who_reads_sends_nothing() {
    let base = echo().await;
    let sources = json!({ "cms": { "base": format!("{base}/api"), "private": true } });
    let (service, _folder) = proxying(sources).await;
    let asked = request("/proxy/cms/posts").body(Body::from("_method=DELETE")).unwrap();
    assert_eq!(service.send(asked).await.json()["body"], "");
}

#[tokio::test]
async fn an_answer_that_is_kept_is_given_to_whoever_asks_alike() {
    let said = |headers: HeaderMap| async move {
        let desk = headers.get("x-desk").map(|value| value.to_str().unwrap());
        json_of(&json!({ "desk": desk }).to_string(), &[("cache-control", "max-age=600")])
    };
    let base = upstream(|_| Router::new().route("/{*path}", any(said))).await;
    let sources = json!({
        "plain": { "base": base, "private": true },
        "desks": { "base": base, "private": true, "pass": ["x-desk"] },
    });
    let (service, _folder) = proxying(sources).await;
    for (source, desk, expected) in [
        ("plain", "sport", json!(null)),
        ("plain", "news", json!(null)),
        ("desks", "sport", json!("sport")),
        ("desks", "news", json!("news")),
    ] {
        let path = format!("/proxy/{source}/of-{source}");
        let answer = ask(&service, "GET", &path, &[("x-desk", desk)]).await;
        assert_eq!(answer.json()["desk"], expected, "{source}, {desk}");
    }
}

#[tokio::test]
async fn credentials_go_only_where_that_is_configured() {
    let base = echo().await;
    let sources = json!({ "cms": {
        "base": format!("{base}/api"), "private": true, "methods": ["GET", "POST"], "pass": ["cookie"],
        // Cargo sets it for every test.
        "secret": { "header": "X-Token", "env": "CARGO_PKG_NAME" },
    }});
    let (service, _folder) = proxying(sources).await;
    let asked = [("cookie", "session=1"), ("authorization", "Basic x"), ("x-token", "forged")];
    let answer = ask(&service, "GET", "/proxy/cms/posts", &asked).await;
    let said = answer.json();
    assert_eq!((&said["token"], &said["cookie"]), (&json!("haidang-server"), &json!("session=1")));
    assert!(!said["headers"].as_array().unwrap().contains(&json!("authorization")));
    assert_eq!(answer.header("set-cookie"), "session=1");
    let elsewhere = [("cookie", "session=1"), ("sec-fetch-site", "cross-site")];
    let answer = ask(&service, "POST", "/proxy/cms/posts", &elsewhere).await;
    is_problem(&answer, 403, "status-403", "Forbidden");
}

#[tokio::test]
async fn where_a_browser_does_not_say_whose_page_writes_its_origin_does() {
    let base = echo().await;
    let sources = json!({ "cms": {
        "base": format!("{base}/api"), "private": true, "methods": ["GET", "POST"], "pass": ["cookie"],
    }});
    let (service, _folder) = proxying(sources).await;
    let writing = async |said: &[(&str, &str)]| {
        let asked = [&[("cookie", "session=1"), ("host", "portal.example:8443")], said].concat();
        ask(&service, "POST", "/proxy/cms/posts", &asked).await.status
    };
    assert_eq!(writing(&[("origin", "https://portal.example:8443")]).await, StatusCode::OK);
    assert_eq!(writing(&[("sec-fetch-site", "same-origin")]).await, StatusCode::OK);
    for origin in ["https://elsewhere.example", "https://portal.example", "null", ""] {
        let status = writing(&[("origin", origin)]).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(writing(&[]).await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn private_addresses_are_refused_by_figures_and_by_name() {
    let base = echo().await;
    let port = base.rsplit(':').next().unwrap();
    let sources = json!({
        "figures": { "base": format!("{base}/api") },
        "six": { "base": "http://[::1]:1/api" },
        "odd": { "base": format!("http://0x7f.1:{port}/api") },
        "name": { "base": format!("http://localhost:{port}/api") },
    });
    let (service, _folder) = proxying(sources).await;
    for source in ["figures", "six", "odd", "name"] {
        let answer = ask(&service, "GET", &format!("/proxy/{source}/posts"), &[]).await;
        is_problem(&answer, 502, "backend", "is not an address of the public internet");
    }
}

#[tokio::test]
async fn redirects_are_followed_within_the_base_only() {
    let elsewhere = echo().await;
    let target = format!("{elsewhere}/other");
    let base = upstream(|_| {
        Router::new()
            .route("/api/old", get(|| async { Redirect::permanent("new") }))
            .route("/api/new", any(|| async { json_of("{\"here\":true}", &[]) }))
            .route("/api/out", get(|| async { Redirect::temporary("/private") }))
            .route("/api/away", get(move || async move { Redirect::temporary(&target) }))
            .route("/api/round", any(|| async { Redirect::temporary("round") }))
            .route("/private", get(|| async { "secret" }))
    })
    .await;
    let sources = json!({ "cms": {
        "base": format!("{base}/api"), "private": true, "methods": ["GET", "POST"],
    }});
    let (service, _folder) = proxying(sources).await;
    let answer = ask(&service, "GET", "/proxy/cms/old", &[]).await;
    assert_eq!(answer.json(), json!({ "here": true }));
    for path in ["out", "away", "round"] {
        let answer = ask(&service, "GET", &format!("/proxy/cms/{path}"), &[]).await;
        is_problem(&answer, 502, "backend", "leads to");
    }
    is_problem(&ask(&service, "POST", "/proxy/cms/round", &[]).await, 502, "backend", "leads to");
}

#[tokio::test]
async fn answers_have_a_size_and_a_time() {
    let base = upstream(|_| {
        Router::new()
            .route("/large", get(|| async { vec![b' '; 2001] }))
            .route("/fits", get(|| async { vec![b' '; 2000] }))
            .route("/slow", get(std::future::pending::<()>))
    })
    .await;
    // Each on its own: what is large takes its time where much else is done.
    let sources = json!({
        "cms": { "base": base, "private": true, "max_bytes": 2000, "timeout": 120 },
        "slow": { "base": base, "private": true, "timeout": 1 },
    });
    let (service, _folder) = proxying(sources).await;
    assert_eq!(ask(&service, "GET", "/proxy/cms/fits", &[]).await.body.len(), 2000);
    is_problem(&ask(&service, "GET", "/proxy/cms/large", &[]).await, 502, "backend", "larger");
    is_problem(&ask(&service, "GET", "/proxy/slow/slow", &[]).await, 504, "backend", "in time");
}

#[tokio::test]
async fn a_backend_that_is_not_there_is_a_problem_and_its_own_errors_are_its_own() {
    let base = upstream(|_| {
        let refused = || async { (StatusCode::BAD_REQUEST, "too short").into_response() };
        Router::new().route("/new", get(refused))
    })
    .await;
    let sources = json!({
        "cms": { "base": base, "private": true },
        "gone": { "base": "http://127.0.0.1:1", "private": true },
    });
    let (service, _folder) = proxying(sources).await;
    let answer = ask(&service, "GET", "/proxy/cms/new", &[]).await;
    assert_eq!((answer.status, answer.text().as_str()), (StatusCode::BAD_REQUEST, "too short"));
    is_problem(&ask(&service, "GET", "/proxy/gone/new", &[]).await, 502, "backend", "no answer");
}

/// A backend that counts how often it was asked, and that it was told of what is known.
async fn counting() -> (String, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let answer = move |uri: Uri, headers: HeaderMap| {
        let counted = Arc::clone(&counted);
        async move {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            let control = match uri.path() {
                "/kept" => "max-age=600",
                "/never" => "no-store",
                _ => "no-cache",
            };
            let known = headers.get("if-none-match").is_some_and(|tag| tag == "\"a\"");
            let fields = [("cache-control", control), ("etag", "\"a\"")];
            if known && uri.path() == "/renewed" {
                let mut response: Response = json_of("", &fields);
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                return response;
            }
            json_of(&format!("{{\"number\":{number}}}"), &fields)
        }
    };
    (upstream(|_| Router::new().route("/{*path}", get(answer))).await, count)
}

#[tokio::test]
async fn answers_are_kept_as_long_as_the_backend_allows() {
    let (base, count) = counting().await;
    let (service, _folder) = proxying(json!({ "cms": { "base": base, "private": true } })).await;
    let number = async |path: &str| {
        let answer = ask(&service, "GET", &format!("/proxy/cms/{path}"), &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["number"].as_u64().unwrap()
    };
    assert_eq!((number("kept").await, number("kept").await), (0, 0));
    assert_eq!(count.load(Ordering::SeqCst), 1);
    assert_eq!(number("kept?page=2").await, 1, "another address is another answer");
    assert_eq!((number("renewed").await, number("renewed").await), (2, 2));
    assert_eq!(count.load(Ordering::SeqCst), 4, "it was asked whether it has changed");
    assert_eq!((number("never").await, number("never").await), (4, 5));
}

#[tokio::test]
async fn who_has_an_answer_is_not_sent_it_again() {
    let (base, _count) = counting().await;
    let (service, _folder) = proxying(json!({ "cms": { "base": base, "private": true } })).await;
    let first = ask(&service, "GET", "/proxy/cms/kept", &[]).await;
    assert_eq!(first.header("cache-control"), "max-age=600");
    let known = [("if-none-match", first.header("etag"))];
    let again = ask(&service, "GET", "/proxy/cms/kept", &known).await;
    assert!(again.status == StatusCode::NOT_MODIFIED && again.body.is_empty());
}

#[tokio::test]
async fn a_portal_below_a_path_has_its_proxy_there() {
    let base = echo().await;
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("proxy.json");
    fs::write(&file, json!({ "cms": { "base": base, "private": true } }).to_string()).unwrap();
    let service = Service::with(&["--base", "/portal/", "--proxy", file.to_str().unwrap()]).await;
    let answer = ask(&service, "GET", "/portal/proxy/cms/api/x", &[]).await;
    assert_eq!(answer.json()["uri"], "/api/x");
}
