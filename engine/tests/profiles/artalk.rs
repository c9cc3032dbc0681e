//! Artalk: comments alone, over answers written after its documentation.

use haidang_engine::{
    model::{Badge, Comment, CommentState, Page},
    profile::{Failure, Operation, Refused},
};
use serde_json::{Value, json};

use crate::support::{Backend, post, recorded, shipped, thread_from, vote};

fn artalk() -> Backend {
    let params = json!({
        "site": "News", "page": "/{thread}", "email": "reader@portal.test", "zone": "+07:00",
        "per_page": 3,
    });
    let more = json!({ "params": params });
    Backend::new(shipped("artalk"), "https://c.example.org/api/v2", &more)
}

fn thread(cursor: Option<&str>) -> Operation {
    thread_from("pha-dem", cursor)
}

#[test]
fn a_thread_is_flat_with_parents_and_pages_to_the_end() {
    assert_eq!(
        artalk().url(&thread(None)),
        "https://c.example.org/api/v2/comments?flat_mode=true&sort_by=date_asc&site_name=News\
         &page_key=%2Fpha-dem&limit=3&offset=0"
    );
    let response = recorded("artalk", "comments");
    let page: Page<Comment> = artalk().read(&thread(None), &response);
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(tree, [("1", None), ("2", Some("1")), ("3", Some("2"))]);
    assert_eq!((page.items[0].votes, page.items[1].badge), (2, Badge::Staff));
    assert_eq!(page.items[0].created.unwrap().to_string(), "2026-03-29T03:00:00Z");
    assert_eq!((page.next.as_deref(), page.total), (Some("3"), Some(5)));
    let page: Page<Comment> = artalk().read(&thread(Some("3")), &response);
    assert_eq!(page.next, None);
}

#[test]
fn a_comment_is_published_held_or_refused() {
    let operation = post("pha-dem", Some("1"));
    let body: Value = serde_json::from_str(&artalk().request(&operation).body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "name": "Moussa", "email": "reader@portal.test", "content": "A reply", "rid": 1,
            "page_key": "/pha-dem", "site_name": "News",
        })
    );
    let comment: Comment = artalk().read(&operation, &recorded("artalk", "post_ok"));
    assert_eq!((comment.id.as_str(), comment.state), ("6", CommentState::Published));
    let comment: Comment = artalk().read(&operation, &recorded("artalk", "post_held"));
    assert_eq!(comment.state, CommentState::Held);
    let failure = |name: &str| artalk().failure(&operation, &recorded("artalk", name));
    let refused =
        |reason: &str| Failure::from(Refused { reason: reason.into(), field: None, kind: None });
    assert_eq!(failure("post_bad_email"), refused("Invalid Email"));
    assert_eq!(failure("post_no_parent"), refused("Parent comment not found"));
}

#[test]
fn a_vote_is_counted() {
    let vote = |by| vote("pha-dem", "1", by);
    assert_eq!(artalk().url(&vote(1)), "https://c.example.org/api/v2/votes/comment/1/up");
    assert_eq!(artalk().url(&vote(-1)), "https://c.example.org/api/v2/votes/comment/1/down");
    let comment: Comment = artalk().read(&vote(1), &recorded("artalk", "vote"));
    assert_eq!(comment.votes, 3);
}

#[test]
fn it_offers_comments_alone() {
    let offered = artalk().profile.capabilities();
    assert!(offered.comments && offered.post && offered.vote);
    assert!(!(offered.list || offered.article || offered.search || offered.front));
}
