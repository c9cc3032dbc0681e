//! Discourse: comments alone, to read, over answers written after its documentation.

use haidang_engine::{
    model::{Comment, CommentState, Page},
    profile::{Failure, Operation, Response},
};
use serde_json::json;

use crate::support::{Backend, recorded, shipped, thread_from};

fn discourse() -> Backend {
    Backend::new(shipped("discourse"), "https://forum.example.org/", &json!({}))
}

fn thread(cursor: Option<&str>) -> Operation {
    thread_from("pha-dem", cursor)
}

#[test]
fn a_thread_is_a_topic() {
    assert_eq!(
        discourse().url(&thread(None)),
        "https://forum.example.org/t/external_id/pha-dem.json"
    );
    let more = json!({ "params": { "topic": "/t/{thread}" } });
    let numbered = Backend::new(shipped("discourse"), "https://forum.example.org", &more);
    assert_eq!(numbered.url(&thread(None)), "https://forum.example.org/t/pha-dem.json");
}

#[test]
fn posts_are_comments_but_for_the_first_and_the_systems() {
    let page: Page<Comment> = discourse().read(&thread(None), &recorded("discourse", "topic"));
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(tree, [("2", None), ("3", Some("2"))]);
    assert_eq!((page.items[0].votes, page.total), (2, Some(5)));
    assert!(page.items[1].edited.is_some());
}

#[test]
fn a_topic_has_pages_to_the_end() {
    let page: Page<Comment> = discourse().read(&thread(None), &recorded("discourse", "topic"));
    let next = page.next.unwrap();
    assert_eq!(next, "https://forum.example.org/t/77.json?page=2");
    let second = thread(Some(&next));
    assert_eq!(discourse().url(&second), next);
    let page: Page<Comment> = discourse().read(&second, &recorded("discourse", "topic_page2"));
    // To answer the first post is to answer the article.
    assert_eq!((page.items[0].parent.as_deref(), page.next), (None, None));
    assert_eq!(page.items[1].state, CommentState::Deleted);
}

#[test]
fn where_nobody_has_said_anything_there_is_no_topic() {
    let missing = recorded("discourse", "topic_404");
    let page: Page<Comment> = discourse().read(&thread(None), &missing);
    assert!(page.items.is_empty());
    // The page of a café's network says nothing of it.
    let wifi = Response { status: 404, body: "<title>Wi-Fi</title>".into(), ..Response::default() };
    let failure = discourse().failure(&thread(None), &wifi);
    assert_eq!(failure, Failure::Unvouched { status: 404 });
}

#[test]
fn it_offers_comments_to_read() {
    let offered = discourse().profile.capabilities();
    assert!(offered.comments && !offered.post && !offered.vote && !offered.list);
}
