//! A thread as it changes.

use std::time::Duration;

use axum::body::Body;
use futures_util::StreamExt;
use haidang_server::store::{moderation::Verdict, threads::Opening};
use serde_json::{Value, json};

use crate::service::{Service, request};

const AN: &str = "token-of-an-0123456789";

/// An open stream of events.
struct Stream {
    body: axum::body::BodyDataStream,
    read: String,
}

/// One event.
#[derive(Debug)]
struct Event {
    id: i64,
    name: String,
    data: Value,
}

impl Stream {
    async fn of(service: &Service, query: &str, last: Option<&str>) -> Self {
        let mut asked = request(&format!("/api/v1/articles/banh-da-cua/comments/live{query}"));
        if let Some(last) = last {
            asked = asked.header("last-event-id", last);
        }
        let asked = asked.header("accept-encoding", "br, gzip");
        let response = service.open(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert!(!response.headers().contains_key("content-encoding"));
        Self { body: response.into_body().into_data_stream(), read: String::new() }
    }

    /// The next event; `None` when the stream has ended.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.read = rest;
                let field = |name: &str| {
                    let line = block.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim_start_matches(':').trim().to_owned())
                };
                let Some(id) = field("id") else { continue };
                return Some(Event {
                    id: id.parse().unwrap(),
                    name: field("event").unwrap_or_default(),
                    data: serde_json::from_str(&field("data").unwrap_or_default())
                        .unwrap_or_default(),
                });
            }
            let next = tokio::time::timeout(Duration::from_secs(20), self.body.next());
            let chunk = next.await.unwrap()?;
            self.read += std::str::from_utf8(&chunk.unwrap()).unwrap();
        }
    }
}

async fn say(service: &Service, text: &str) -> String {
    let body = json!({"author": "An", "text": text});
    let headers = [("author-token", AN)];
    let answer = service.ask("POST", "articles/banh-da-cua/comments", &headers, &body).await;
    answer.json()["id"].as_str().unwrap().to_owned()
}

async fn act(service: &Service, method: &str, path: &str, body: Value) {
    let path = format!("articles/banh-da-cua/comments/{path}");
    let answer = service.ask(method, &path, &[("author-token", AN)], &body).await;
    assert!(answer.status.is_success(), "{}", answer.text());
}

#[tokio::test]
async fn every_change_comes_as_everybody_sees_it_and_counts_up() {
    let service = Service::start().await;
    let at = service.api("articles/banh-da-cua/comments").await["at"].clone();
    let mut stream = Stream::of(&service, &format!("?after={}", at.as_str().unwrap()), None).await;
    let id = say(&service, "Một.").await;
    let posted = stream.next().await.unwrap();
    assert_eq!((&posted.data["id"], posted.name.as_str()), (&json!(id), ""));
    assert_eq!(posted.data["body"]["value"], "Một.");
    assert!(posted.data["editable"].is_null(), "that is the author's alone");
    act(&service, "POST", &format!("{id}/vote"), json!({"vote": 1})).await;
    let voted = stream.next().await.unwrap();
    assert_eq!((&voted.data["votes"], &voted.data["voted"]), (&json!(1), &json!(0)));
    act(&service, "PUT", &id, json!({"text": "Hai."})).await;
    let edited = stream.next().await.unwrap();
    act(&service, "DELETE", &id, Value::Null).await;
    let deleted = stream.next().await.unwrap();
    assert_eq!(deleted.data["state"], "deleted");
    let events = [&posted, &voted, &edited, &deleted];
    assert!(events.is_sorted_by(|one, next| one.id < next.id));
    let revision = |event: &&Event| event.data["revision"].as_u64().unwrap();
    assert!(events.iter().map(revision).is_sorted_by(|one, next| one < next));
    let now = service.api("articles/banh-da-cua/comments").await["at"].clone();
    assert_eq!(now, deleted.id.to_string());
}

#[tokio::test]
async fn what_was_missed_comes_after_the_last_event() {
    let service = Service::start().await;
    let mut stream = Stream::of(&service, "?after=0", None).await;
    let first = say(&service, "Một.").await;
    let seen = stream.next().await.unwrap();
    assert_eq!(seen.data["id"], first);
    drop(stream);
    let missed = [say(&service, "Hai.").await, say(&service, "Ba.").await];
    // The header is what a browser sends when it connects again, to the same address.
    let mut stream = Stream::of(&service, "?after=0", Some(&seen.id.to_string())).await;
    for id in missed {
        assert_eq!(stream.next().await.unwrap().data["id"], id);
    }
    let next = say(&service, "Bốn.").await;
    assert_eq!(stream.next().await.unwrap().data["id"], next);
}

#[tokio::test]
async fn who_asks_from_an_event_that_is_not_known_reads_anew() {
    let service = Service::start().await;
    say(&service, "Một.").await;
    for last in ["99999", "garbage", "-1"] {
        let mut stream = Stream::of(&service, "", Some(last)).await;
        let event = stream.next().await.unwrap();
        assert_eq!(event.name, "reset", "{last}");
        let id = say(&service, "Sau.").await;
        assert_eq!(stream.next().await.unwrap().data["id"], id);
    }
}

#[tokio::test]
async fn what_is_held_comes_when_it_is_approved_and_goes_when_it_is_rejected() {
    let service = Service::with(&["--moderation", "held"]).await;
    let mut stream = Stream::of(&service, "?after=0", None).await;
    let id = say(&service, "Chờ duyệt.").await;
    let judge = async |verdict| {
        let by = ("editor", Some("vì thế"));
        service.app.store.judge(&id, verdict, by, service.app.now()).await.unwrap()
    };
    assert!(judge(Verdict::Approve).await);
    let approved = stream.next().await.unwrap();
    assert_eq!((&approved.data["id"], &approved.data["state"]), (&json!(id), &json!("published")));
    judge(Verdict::Pin).await;
    assert_eq!(stream.next().await.unwrap().data["pinned"], true);
    judge(Verdict::Reject).await;
    let rejected = stream.next().await.unwrap();
    assert_eq!(rejected.data["state"], "deleted");
    assert!(rejected.data["body"].is_null() && rejected.data["reason"].is_null());
}

#[tokio::test]
async fn a_thread_that_is_closed_says_so() {
    let service = Service::start().await;
    let mut stream = Stream::of(&service, "", None).await;
    let closed = Opening { open: false, close_after: None };
    let by = ("editor", None);
    service.app.store.open_thread("banh-da-cua", closed, by, service.app.now()).await.unwrap();
    let event = stream.next().await.unwrap();
    assert_eq!((event.name.as_str(), &event.data["open"]), ("rules", &json!(false)));
    let by = ("editor", None);
    let open = Opening { open: true, close_after: None };
    service.app.store.open_thread("banh-da-cua", open, by, service.app.now()).await.unwrap();
    assert_eq!(stream.next().await.unwrap().data["open"], true);
}

#[tokio::test]
async fn streams_end_when_the_server_stops_and_there_are_only_so_many() {
    let service = Service::with(&["--streams", "1"]).await;
    let mut stream = Stream::of(&service, "", None).await;
    let refused = service.get("/api/v1/articles/banh-da-cua/comments/live").await;
    assert_eq!(refused.status, 429);
    service.app.stopping.send_replace(true);
    assert!(stream.next().await.is_none());
}
