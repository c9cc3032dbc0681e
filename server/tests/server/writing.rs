//! What readers do in a thread, each thing once: votes, changes, reports.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use haidang_engine::time::Timestamp;
use serde_json::{Value, json};

use crate::service::{Answer, Service};

const AN: &str = "token-of-an-0123456789";
const BINH: &str = "token-of-binh-0123456789";

async fn say(service: &Service, token: &str, text: &str) -> String {
    let body = json!({"author": "An", "text": text});
    let headers = [("author-token", token)];
    let answer = service.ask("POST", "articles/banh-da-cua/comments", &headers, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn act(service: &Service, method: &str, comment: &str, token: &str, body: Value) -> Answer {
    let path = format!("articles/banh-da-cua/comments/{comment}");
    service.ask(method, &path, &[("author-token", token)], &body).await
}

fn kind(answer: &Answer) -> String {
    let kind = answer.json()["type"].as_str().unwrap().to_owned();
    kind.trim_start_matches("urn:haidang:problem:").to_owned()
}

/// A comment as `token` sees it.
async fn seen(service: &Service, comment: &str, token: &str) -> Value {
    let headers = [("author-token", token)];
    let path = "articles/banh-da-cua/comments?limit=500";
    let page = service.ask("GET", path, &headers, &Value::Null).await.json();
    let items = page["items"].as_array().unwrap();
    items.iter().find(|item| item["id"] == comment).cloned().unwrap_or_default()
}

#[tokio::test]
async fn a_reader_has_one_vote_and_can_change_it_and_take_it_back() {
    let service = Service::start().await;
    let comment = say(&service, AN, "Bánh đa.").await;
    let vote = async |token: &str, vote: i8| {
        let answer =
            act(&service, "POST", &format!("{comment}/vote"), token, json!({"vote": vote})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let comment = answer.json();
        (comment["votes"].as_i64().unwrap(), comment["voted"].as_i64().unwrap())
    };
    assert_eq!(vote(BINH, 1).await, (1, 1));
    assert_eq!(vote(BINH, 1).await, (1, 1), "twice is once");
    assert_eq!(vote(AN, 1).await, (2, 1));
    assert_eq!(vote(BINH, -1).await, (0, -1));
    assert_eq!(vote(BINH, 0).await, (1, 0));
    assert_eq!(seen(&service, &comment, AN).await["voted"], 1);
    assert_eq!(seen(&service, &comment, BINH).await["voted"], 0);
    let wrong = act(&service, "POST", &format!("{comment}/vote"), AN, json!({"vote": 2})).await;
    assert_eq!((kind(&wrong), &wrong.json()["field"]), ("invalid".to_owned(), &json!("vote")));
    let path = format!("articles/banh-da-cua/comments/{comment}/vote");
    let nobody = service.ask("POST", &path, &[], &json!({"vote": 1})).await;
    assert_eq!(nobody.json()["field"], "Author-Token");
}

#[tokio::test]
async fn who_wrote_it_changes_it_and_nobody_else() {
    let service = Service::start().await;
    let comment = say(&service, AN, "Bánh đa.").await;
    let before = seen(&service, &comment, AN).await;
    assert!(
        before["editable"].is_string()
            && seen(&service, &comment, BINH).await["editable"].is_null()
    );
    let other = act(&service, "PUT", &comment, BINH, json!({"text": "Không."})).await;
    assert_eq!((other.status.as_u16(), kind(&other)), (403, "not-yours".to_owned()));
    let changed = act(&service, "PUT", &comment, AN, json!({"text": "*Bánh đa* cua."})).await;
    assert_eq!(changed.status, 200);
    let changed = changed.json();
    assert_eq!(changed["body"]["value"], "*Bánh đa* cua.");
    assert!(changed["edited"].is_string());
    assert!(changed["revision"].as_u64() > before["revision"].as_u64());
    assert_eq!(kind(&act(&service, "PUT", "nope", AN, json!({"text": "x"})).await), "not-found");
    assert_eq!(kind(&act(&service, "PUT", &comment, AN, json!({"text": " "})).await), "invalid");
}

#[tokio::test]
async fn what_is_taken_away_keeps_its_replies_and_says_nothing() {
    let service = Service::start().await;
    let comment = say(&service, AN, "Bí mật.").await;
    let reply = json!({"author": "Bình", "text": "Sao thế?", "parent": comment});
    let reply = service.post("banh-da-cua", None, &reply).await.json();
    let count = async || {
        service.api("comments/counts?ids=banh-da-cua").await["items"][0]["count"].as_u64().unwrap()
    };
    let before = count().await;
    let deleted = act(&service, "DELETE", &comment, AN, Value::Null).await;
    assert_eq!((deleted.status.as_u16(), &deleted.json()["state"]), (200, &json!("deleted")));
    let stub = seen(&service, &comment, BINH).await;
    assert!(stub["body"].is_null() && stub["author"] == "" && stub["state"] == "deleted", "{stub}");
    assert_eq!(seen(&service, reply["id"].as_str().unwrap(), BINH).await["parent"], comment);
    assert_eq!(count().await, before - 1);
    for (method, path, body) in [
        ("PUT", comment.clone(), json!({"text": "x"})),
        ("DELETE", comment.clone(), Value::Null),
        ("POST", format!("{comment}/vote"), json!({"vote": 1})),
        ("POST", format!("{comment}/report"), json!({"reason": "spam"})),
    ] {
        let answer = act(&service, method, &path, AN, body).await;
        assert_eq!(
            (answer.status.as_u16(), kind(&answer)),
            (410, "gone".to_owned()),
            "{method} {path}"
        );
    }
    let answer = json!({"author": "Bình", "text": "x", "parent": comment});
    assert_eq!(service.post("banh-da-cua", None, &answer).await.json()["field"], "parent");
}

/// The clock of the one test in which time passes.
static NOW: AtomicI64 = AtomicI64::new(0);

#[tokio::test]
async fn after_the_window_it_is_too_late() {
    let start = Timestamp::parse("2026-11-13T08:00:00+07:00").unwrap().0;
    NOW.store(start, Ordering::SeqCst);
    let clock = || Timestamp(NOW.load(Ordering::SeqCst));
    let service = Service::first_at(clock, &["--edit-window", "60"]).await;
    let comment = say(&service, AN, "Bánh đa.").await;
    NOW.store(start + 60_000, Ordering::SeqCst);
    assert_eq!(act(&service, "PUT", &comment, AN, json!({"text": "a"})).await.status, 200);
    NOW.store(start + 60_001, Ordering::SeqCst);
    for (method, body) in [("PUT", json!({"text": "b"})), ("DELETE", Value::Null)] {
        let late = act(&service, method, &comment, AN, body).await;
        assert_eq!((late.status.as_u16(), kind(&late)), (403, "too-late".to_owned()));
    }
}

#[tokio::test]
async fn whatever_is_asked_twice_with_one_key_is_done_once_and_answered_alike() {
    let service = Service::start().await;
    let comment = say(&service, AN, "Bánh đa.").await;
    for (method, path, body) in [
        ("POST", format!("{comment}/vote"), json!({"vote": 1})),
        ("PUT", comment.clone(), json!({"text": "Bánh đa cua."})),
        ("POST", format!("{comment}/report"), json!({"reason": "other", "detail": "x"})),
        ("DELETE", comment.clone(), Value::Null),
    ] {
        let path = format!("articles/banh-da-cua/comments/{path}");
        let key = format!("{method} {path}");
        let headers = [("author-token", AN), ("idempotency-key", key.as_str())];
        let first = service.ask(method, &path, &headers, &body).await;
        assert!(first.status.is_success(), "{}", first.text());
        let again = service.ask(method, &path, &headers, &body).await;
        assert_eq!((again.status, again.body), (first.status, first.body), "{method} {path}");
        // The key of one reader says nothing of another's.
        let other = [("author-token", BINH), headers[1]];
        let other = service.ask(method, &path, &other, &body).await;
        assert_ne!(other.status, 422, "{}", other.text());
        let misused = service
            .ask(
                "POST",
                &format!("articles/banh-da-cua/comments/{comment}/vote"),
                &headers,
                &json!({"vote": 0}),
            )
            .await;
        assert_eq!(misused.json()["field"], "Idempotency-Key", "{method}");
    }
    assert_eq!(service.app.store.waiting().await.unwrap(), (0, 0), "reports of it went with it");
}

#[tokio::test]
async fn a_client_that_goes_away_at_any_moment_finds_its_comment_once() {
    let service = Service::with(&["--rate", "0"]).await;
    for moment in 0..40u64 {
        let (key, text) = (format!("k-{moment}"), format!("Zzyzx {moment}."));
        let body = json!({"author": "An", "text": text});
        let post = service.post("banh-da-cua", Some(&key), &body);
        // Whether it was done by then or not: the one who comes back asks again.
        let _ = tokio::time::timeout(Duration::from_micros(moment * 150), post).await;
        let again = service.post("banh-da-cua", Some(&key), &body).await;
        assert_eq!(again.status, 201, "{}", again.text());
    }
    let page = service.api("articles/banh-da-cua/comments?limit=500").await.to_string();
    assert_eq!(page.matches("Zzyzx").count(), 40);
}

#[tokio::test]
async fn votes_and_reports_are_limited_apart_from_writing() {
    let service = Service::with(&["--rate", "2"]).await;
    let comment = say(&service, AN, "Bánh đa.").await;
    let path = format!("{comment}/vote");
    for _ in 0..2 {
        assert_eq!(act(&service, "POST", &path, AN, json!({"vote": 1})).await.status, 200);
    }
    let busy = act(&service, "POST", &path, AN, json!({"vote": 0})).await;
    assert_eq!((busy.status.as_u16(), kind(&busy)), (429, "busy".to_owned()));
    assert!(!busy.header("retry-after").is_empty());
    assert_eq!(act(&service, "PUT", &comment, AN, json!({"text": "x"})).await.status, 200);
    assert_eq!(kind(&act(&service, "DELETE", &comment, AN, Value::Null).await), "busy");
}

#[tokio::test]
async fn enough_reports_hold_a_comment_until_it_has_been_read() {
    let service = Service::with(&["--hold-reports", "2"]).await;
    let comment = say(&service, AN, "Nói xấu.").await;
    let report = async |token: &str, reason: &str| {
        act(&service, "POST", &format!("{comment}/report"), token, json!({"reason": reason})).await
    };
    assert_eq!(report(BINH, "abuse").await.status, 204);
    assert_eq!(report(BINH, "abuse").await.status, 204);
    assert_eq!(
        seen(&service, &comment, BINH).await["state"],
        "published",
        "one reader counts once"
    );
    assert_eq!(report(BINH, "dull").await.json()["field"], "reason");
    assert_eq!(report("token-of-a-third-reader", "spam").await.status, 204);
    assert_eq!(seen(&service, &comment, BINH).await["state"], "deleted");
    assert_eq!(seen(&service, &comment, AN).await["state"], "held");
    assert_eq!(service.app.store.waiting().await.unwrap(), (1, 1));
}

#[tokio::test]
async fn suspicious_comments_are_held_and_never_dropped() {
    let folder = tempfile::TempDir::new().unwrap();
    let spam = folder.path().join("spam.json");
    std::fs::write(&spam, r#"{"words": ["cá độ"], "links": 1}"#).unwrap();
    let service = Service::with(&["--spam", spam.to_str().unwrap()]).await;
    let state = async |more: Value| {
        let mut body = json!({"author": "An", "text": "Chào."});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let answer = service.post("banh-da-cua", None, &body).await;
        assert_eq!(answer.status, 201);
        answer.json()["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(json!({"typed": 2000, "trap": ""})).await, "published");
    assert_eq!(state(json!({})).await, "published");
    for more in [
        json!({"trap": "http://x.test"}),
        json!({"typed": 1999}),
        json!({"text": "CA DO bóng đá"}),
        json!({"text": "http://a.test http://b.test"}),
    ] {
        assert_eq!(state(more.clone()).await, "held", "{more}");
    }
    assert_eq!(service.app.store.waiting().await.unwrap().0, 4);
}

#[tokio::test]
async fn a_portal_may_ask_a_question_before_it_takes_a_comment() {
    let folder = tempfile::TempDir::new().unwrap();
    let spam = folder.path().join("spam.json");
    let asks = r#"{"questions": [{"ask": {"vi": "Hoa nào đỏ?", "en": "Which flower?"}, "answers": ["Phượng"]}]}"#;
    std::fs::write(&spam, asks).unwrap();
    let service = Service::with(&["--spam", spam.to_str().unwrap()]).await;
    let mut body = json!({"author": "An", "text": "Chào.", "lang": "en"});
    let asked = service.post("banh-da-cua", Some("k-1"), &body).await;
    assert_eq!((asked.status.as_u16(), kind(&asked)), (403, "challenge".to_owned()));
    assert_eq!(asked.json()["challenge"], json!({"kind": "question", "question": "Which flower?"}));
    body["challenge"] = json!("hoa hồng");
    assert_eq!(kind(&service.post("banh-da-cua", Some("k-2"), &body).await), "challenge");
    body["challenge"] = json!("phượng");
    assert_eq!(service.post("banh-da-cua", Some("k-3"), &body).await.status, 201);
}

#[tokio::test]
async fn floods_are_cleaned_and_what_is_too_long_is_refused() {
    let service = Service::start().await;
    let zalgo = format!("a{}", "\u{0336}".repeat(300));
    let text = format!("{zalgo} \u{202E}ngược {}b", "\u{200B}".repeat(999));
    let answer =
        service.post("banh-da-cua", None, &json!({"author": "<b>An</b>", "text": text})).await;
    let comment = answer.json();
    assert_eq!(comment["author"], "<b>An</b>", "a name is text");
    assert_eq!(comment["body"]["value"], format!("a{} ngược b", "\u{0336}".repeat(8)));
    let huge = json!({"author": "An", "text": "x".repeat(100 * 1024)});
    let refused = service.post("banh-da-cua", None, &huge).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["field"]), (422, &json!("text")));
    for name in ["\u{3164}", "\u{200D}\u{200D}", "\u{2800}"] {
        let refused =
            service.post("banh-da-cua", None, &json!({"author": name, "text": "x"})).await;
        assert_eq!(refused.json()["field"], "author", "{name:?}");
    }
}

#[tokio::test]
async fn a_reader_gets_what_they_wrote_and_takes_it_all_away() {
    let service = Service::with(&["--edit-window", "0"]).await;
    let comment = say(&service, AN, "Qwerty.").await;
    say(&service, AN, "Hai.").await;
    say(&service, BINH, "Ba.").await;
    act(&service, "POST", &format!("{comment}/vote"), AN, json!({"vote": 1})).await;
    let own = async |token: &str| {
        let answer =
            service.ask("GET", "me/comments", &[("author-token", token)], &Value::Null).await;
        answer.json()["items"].as_array().unwrap().clone()
    };
    let mine = own(AN).await;
    assert_eq!(mine.len(), 2);
    assert_eq!(
        (&mine[0]["article"], &mine[0]["comment"]["body"]["value"]),
        (&json!("banh-da-cua"), &json!("Qwerty."))
    );
    let erased = service.ask("DELETE", "me/comments", &[("author-token", AN)], &Value::Null).await;
    assert_eq!(erased.status, 204);
    assert!(own(AN).await.is_empty() && own(BINH).await.len() == 1);
    assert_eq!(seen(&service, &comment, BINH).await["state"], "deleted");
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT COUNT(*) FROM comments WHERE body LIKE 'Qwerty%') + (SELECT COUNT(*) FROM votes)
              + (SELECT COUNT(*) FROM requests WHERE answer LIKE '%Qwerty%')",
    )
    .fetch_one(service.app.store.pool())
    .await
    .unwrap();
    assert_eq!(left, 0);
    assert_eq!(service.ask("GET", "me/comments", &[], &Value::Null).await.status, 400);
}

#[tokio::test]
async fn who_wrote_is_forgotten_after_a_time_and_what_they_wrote_is_not() {
    let service = Service::start().await;
    let body = json!({"author": "An", "text": "Qwerty.", "email": "an@example.org"});
    let headers = [("author-token", AN), ("idempotency-key", "k")];
    service.ask("POST", "articles/banh-da-cua/comments", &headers, &body).await;
    let store = &service.app.store;
    let kept = async || {
        let sql = "SELECT COUNT(*) FROM comments WHERE email IS NOT NULL AND token IS NOT NULL";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(store.pool()).await.unwrap()
    };
    let now = service.app.now();
    store.forget(now).await.unwrap();
    assert_eq!(kept().await, 1, "it is not older");
    let forgotten = store.forget(Timestamp(now.0 + 1)).await.unwrap();
    assert_eq!((forgotten.comments, forgotten.traces), (1, 1));
    assert_eq!(kept().await, 0);
    let page = service.api("articles/banh-da-cua/comments?limit=500").await;
    assert!(page.to_string().contains("Qwerty."));
}
