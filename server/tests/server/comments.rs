//! Threads: read in order, and written to once.

use axum::{body::Body, http::StatusCode};
use haidang_server::store::moderation::{Queue, Verdict};
use serde_json::{Value, json};

use crate::service::{Service, request};

fn comment(text: &str) -> Value {
    json!({ "author": "Bạn đọc", "text": text, "lang": "vi" })
}

async fn whole_thread(service: &Service, article: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut path = format!("articles/{article}/comments");
    loop {
        let page = service.api(&path).await;
        items.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { return items };
        path = format!("articles/{article}/comments?cursor={next}");
    }
}

#[tokio::test]
async fn a_thread_is_read_oldest_first_whoever_asks_by_which_version() {
    let service = Service::start().await;
    let first = service.api("articles/bao-so-9/comments").await;
    assert_eq!(first["items"].as_array().unwrap().len(), 100);
    assert_eq!(first["total"], 300);
    let thread = whole_thread(&service, "bao-so-9.ja").await;
    assert_eq!(thread.len(), 300);
    let created = |item: &&Value| item["created"].as_str().unwrap().to_owned();
    let tops = thread.iter().filter(|item| item["parent"].is_null());
    assert!(tops.is_sorted_by_key(|top| created(&top)));
    let mut ids: Vec<&str> = thread.iter().map(|item| item["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 300);
    let headline = &service.api("articles/bao-so-9?lang=en").await["headline"];
    assert_eq!(headline["comments"], 300);
}

#[tokio::test]
async fn a_comment_appears_below_its_parent() {
    let service = Service::start().await;
    let thread = whole_thread(&service, "banh-da-cua").await;
    let mut reply = comment("Cảm ơn công thức.\n\nTôi sẽ thử.");
    reply["parent"] = thread[0]["id"].clone();
    let answer = service.post("banh-da-cua.en", None, &reply).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let written = answer.json();
    assert_eq!(written["state"], "published");
    assert_eq!(written["badge"], "reader");
    assert_eq!(
        written["body"],
        json!({"format": "markdown", "value": "Cảm ơn công thức.\n\nTôi sẽ thử."})
    );
    let after = whole_thread(&service, "banh-da-cua").await;
    assert_eq!(after.len(), thread.len() + 1);
    assert_eq!(after.iter().find(|item| item["id"] == written["id"]), Some(&written));
    assert_eq!(written["parent"], thread[0]["id"]);
}

#[tokio::test]
async fn the_same_request_is_carried_out_once() {
    let service = Service::start().await;
    let before = whole_thread(&service, "banh-da-cua").await.len();
    let text = comment("Một lần thôi.");
    let (one, two) = tokio::join!(
        service.post("banh-da-cua", Some("k-1"), &text),
        service.post("banh-da-cua", Some("k-1"), &text),
    );
    assert_eq!((one.status, two.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(one.json(), two.json());
    assert_eq!(whole_thread(&service, "banh-da-cua").await.len(), before + 1);
    let other = service.post("banh-da-cua", Some("k-1"), &comment("Chuyện khác.")).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(other.json()["field"], "Idempotency-Key");
    let elsewhere = service.post("truong-hoc-so", Some("k-1"), &text).await;
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_was_taken_away_is_not_given_to_who_asks_for_it_again() {
    let service = Service::start().await;
    let thread = "articles/banh-da-cua/comments";
    let ask = async |path: &str, token: &str, body: &Value| {
        let headers = [("author-token", token), ("idempotency-key", "k-1")];
        let answer = service.ask("POST", path, &headers, body).await;
        assert!(answer.status.is_success(), "{}", answer.text());
        (answer.status, answer.json())
    };
    let secret = json!({ "author": "Một người", "text": "Bí mật.", "lang": "vi" });
    for (number, by_moderator) in [true, false].into_iter().enumerate() {
        let (writer, voter) =
            (format!("writer-{number}-0123456789"), format!("voter-{number}-0123456789"));
        let (_, written) = ask(thread, &writer, &secret).await;
        let id = written["id"].as_str().unwrap();
        let vote = format!("{thread}/{id}/vote");
        ask(&vote, &voter, &json!({ "vote": 1 })).await;
        if by_moderator {
            let (store, now) = (&service.app.store, service.app.now());
            assert!(store.judge(id, Verdict::Delete, ("An", None), now).await.unwrap());
        } else {
            let own = [("author-token", writer.as_str())];
            let path = format!("{thread}/{id}");
            assert_eq!(service.ask("DELETE", &path, &own, &Value::Null).await.status, 200);
        }
        let all = whole_thread(&service, "banh-da-cua").await;
        let stub = all.iter().find(|item| item["id"] == id).unwrap();
        assert_eq!(stub["state"], "deleted");
        assert_eq!(ask(thread, &writer, &secret).await, (StatusCode::CREATED, stub.clone()));
        assert_eq!(ask(&vote, &voter, &json!({ "vote": 1 })).await.1, *stub);
        assert_eq!(whole_thread(&service, "banh-da-cua").await.len(), all.len(), "nothing is new");
    }
    let kept: Vec<String> = sqlx::query_scalar("SELECT answer FROM requests")
        .fetch_all(service.app.store.pool())
        .await
        .unwrap();
    assert!(!kept.is_empty());
    let says = |part| kept.iter().any(|answer: &String| answer.contains(part));
    assert!(!says("Bí mật") && !says("Một người"), "{kept:?}");
}

#[tokio::test]
async fn who_reported_a_comment_is_heard_again_once_it_was_changed() {
    let service = Service::start().await;
    let thread = "articles/banh-da-cua/comments";
    let (writer, reader) =
        ([("author-token", "writer-0123456789")], [("author-token", "reader-0123456789")]);
    let written = service.ask("POST", thread, &writer, &comment("Hiền lành.")).await.json();
    let path = format!("{thread}/{}", written["id"].as_str().unwrap());
    let report = async |detail: &str| {
        let body = json!({ "reason": "other", "detail": detail });
        let answer = service.ask("POST", &format!("{path}/report"), &reader, &body).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    };
    let store = &service.app.store;
    let reported = async || {
        let cases = store.queue(Queue::Reported, 10).await.unwrap();
        let reports = cases.into_iter().flat_map(|case| case.reports);
        reports.map(|(_, detail)| detail).collect::<Vec<_>>()
    };
    report("trước").await;
    assert_eq!(reported().await, ["trước"]);
    let id = written["id"].as_str().unwrap();
    let now = service.app.now();
    assert!(store.judge(id, Verdict::Approve, ("An", None), now).await.unwrap());
    report("như cũ").await;
    assert!(reported().await.is_empty(), "that was read and let stand");
    let changed = service.ask("PUT", &path, &writer, &json!({ "text": "Chửi bới." })).await;
    assert_eq!(changed.status, StatusCode::OK);
    report("sau").await;
    assert_eq!(reported().await, ["sau"]);
}

#[tokio::test]
async fn what_cannot_be_accepted_names_the_field() {
    let service = Service::start().await;
    let elsewhere = whole_thread(&service, "bao-so-9").await[0]["id"].clone();
    let cases = [
        (json!({"author": "", "text": "x"}), "author"),
        (json!({"author": " \u{7}", "text": "x"}), "author"),
        (json!({"author": "a".repeat(81), "text": "x"}), "author"),
        (json!({"author": "An", "text": "\n \n"}), "text"),
        (json!({"author": "An", "text": "ă".repeat(5001)}), "text"),
        (json!({"author": "An", "text": 7}), "text"),
        (json!({"author": "An"}), "text"),
        (json!({"text": "x"}), "author"),
        (json!({"author": "An", "text": "x", "lang": "!"}), "lang"),
        (json!({"author": "An", "text": "x", "parent": "nope"}), "parent"),
        (json!({"author": "An", "text": "x", "parent": elsewhere}), "parent"),
    ];
    for (body, field) in cases {
        let answer = service.post("banh-da-cua", None, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert_eq!(problem["field"], field, "{problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with(&format!("{field}: ")), "{detail}");
    }
    let longest = json!({"author": "ă".repeat(80), "text": "ă".repeat(5000)});
    assert_eq!(service.post("banh-da-cua", None, &longest).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn bodies_that_are_no_json_or_too_large_are_refused() {
    let service = Service::with(&["--body-limit", "200"]).await;
    let post = |kind: &'static str, body: String| {
        request("/api/v1/articles/banh-da-cua/comments")
            .method("POST")
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap()
    };
    let whole = comment("x").to_string();
    for (kind, body, status) in [
        ("application/json", whole[..whole.len() - 3].to_owned(), StatusCode::BAD_REQUEST),
        ("text/plain", whole.clone(), StatusCode::UNSUPPORTED_MEDIA_TYPE),
        ("application/json", comment(&"x".repeat(200)).to_string(), StatusCode::PAYLOAD_TOO_LARGE),
        ("application/json; charset=utf-8", whole.clone(), StatusCode::CREATED),
    ] {
        let answer = service.send(post(kind, body)).await;
        assert_eq!(answer.status, status, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_closed_thread_takes_nothing() {
    let service = Service::start().await;
    let article = service.api("articles/khu-cong-nghiep-sinh-thai?lang=vi").await;
    assert_eq!(article["comments_open"], false);
    let answer = service.post("khu-cong-nghiep-sinh-thai", None, &comment("x")).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(answer.json()["type"], "urn:haidang:problem:closed");
}

#[tokio::test]
async fn a_held_comment_is_told_to_its_author_and_shown_to_nobody() {
    let service = Service::with(&["--moderation", "held"]).await;
    let before = whole_thread(&service, "banh-da-cua").await;
    let answer = service.post("banh-da-cua", Some("k"), &comment("Chờ duyệt.")).await;
    assert_eq!(answer.json()["state"], "held");
    assert_eq!(whole_thread(&service, "banh-da-cua").await, before);
    // Nor can it be answered.
    let mut reply = comment("x");
    reply["parent"] = answer.json()["id"].clone();
    assert_eq!(service.post("banh-da-cua", None, &reply).await.json()["field"], "parent");
}

#[tokio::test]
async fn one_client_posts_only_so_often() {
    let service = Service::with(&["--rate", "2", "--client-header", "x-real-ip"]).await;
    let post = |client: &'static str| {
        request("/api/v1/articles/banh-da-cua/comments")
            .method("POST")
            .header("content-type", "application/json")
            .header("x-real-ip", client)
            .body(Body::from(comment("x").to_string()))
            .unwrap()
    };
    for _ in 0..2 {
        assert_eq!(service.send(post("192.0.2.1")).await.status, StatusCode::CREATED);
    }
    let refused = service.send(post("192.0.2.1")).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() > 0);
    assert_eq!(service.send(post("192.0.2.2")).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn any_number_of_comments_can_be_generated() {
    let service = Service::first(&["--comments", "250"]).await;
    let seeded = service.app.store.newest_open_thread().await.unwrap().unwrap();
    let thread = whole_thread(&service, &seeded).await;
    assert!(thread.len() >= 250, "{}", thread.len());
    let known = ids_of(&thread);
    assert!(thread.iter().all(|item| item["parent"].as_str().is_none_or(|id| known.contains(&id))));
}

fn ids_of(thread: &[Value]) -> Vec<&str> {
    thread.iter().map(|item| item["id"].as_str().unwrap()).collect()
}
