//! Remark42: comments alone, over answers written after its documentation.

use haidang_engine::{
    model::{Badge, Comment, CommentState, Page},
    profile::{Failure, Method, Operation, Refused},
};
use serde_json::{Value, json};

use crate::support::{Backend, post, recorded, shipped, vote};

fn remark42() -> Backend {
    let more = json!({
        "params": { "page": "https://news.example.org/{thread}" },
        "auth": { "cookies": true, "csrf_cookie": "XSRF-TOKEN", "csrf_header": "X-XSRF-TOKEN" },
    });
    Backend::new(shipped("remark42"), "https://c.example.org/", &more)
}

fn thread() -> Operation {
    Operation::comments("pha-dem")
}

#[test]
fn a_thread_is_that_of_an_address() {
    assert_eq!(
        remark42().url(&thread()),
        "https://c.example.org/api/v1/find?format=tree&sort=%2Btime&site=remark\
         &url=https%3A%2F%2Fnews.example.org%2Fpha-dem"
    );
    let bare = Backend::new(shipped("remark42"), "https://c.example.org", &json!({}));
    let named = Operation::comments("https://y.test/a?b");
    assert!(bare.url(&named).ends_with("&url=https%3A%2F%2Fy.test%2Fa%3Fb"));
}

#[test]
fn replies_are_followed_down() {
    let page: Page<Comment> = remark42().read(&thread(), &recorded("remark42", "find"));
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(tree, [("a1", None), ("a2", Some("a1")), ("a3", Some("a2")), ("a4", None)]);
    assert_eq!((page.items[0].votes, page.total), (3, Some(4)));
    assert_eq!((page.items[1].badge, page.items[1].edited.is_some()), (Badge::Staff, true));
    assert_eq!(page.items[3].state, CommentState::Deleted);
    assert_eq!(page.items[0].created.unwrap().to_string(), "2026-03-29T03:00:00Z");
    let page: Page<Comment> = remark42().read(&thread(), &recorded("remark42", "find_none"));
    assert!(page.items.is_empty());
}

#[test]
fn a_reader_who_is_signed_in_there_writes() {
    let operation = post("pha-dem", Some("a1"));
    let request = remark42().request(&operation);
    assert_eq!(request.session.unwrap().csrf.unwrap().1, "X-XSRF-TOKEN");
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({
            "text": "A reply", "pid": "a1",
            "locator": { "site": "remark", "url": "https://news.example.org/pha-dem" },
        })
    );
    let comment: Comment = remark42().read(&operation, &recorded("remark42", "post_ok"));
    assert_eq!((comment.id.as_str(), comment.state), ("a5", CommentState::Published));
    let failure = |name: &str| remark42().failure(&operation, &recorded("remark42", name));
    let refused =
        |reason: &str| Failure::from(Refused { reason: reason.into(), field: None, kind: None });
    assert_eq!(failure("post_unsigned"), Failure::Unvouched { status: 401 });
    let Failure::Refused(closed) = failure("post_read_only") else { panic!() };
    assert_eq!(closed.kind.as_deref(), Some("closed"));
    assert_eq!(failure("post_invalid"), refused("invalid comment"));
}

#[test]
fn a_vote_is_counted() {
    let vote = vote("pha-dem", "a1", 1);
    let request = remark42().request(&vote);
    assert_eq!(request.method, Method::Put);
    assert_eq!(
        request.url,
        "https://c.example.org/api/v1/vote/a1?site=remark\
         &url=https%3A%2F%2Fnews.example.org%2Fpha-dem&vote=1"
    );
    let comment: Comment = remark42().read(&vote, &recorded("remark42", "vote"));
    assert_eq!((comment.id.as_str(), comment.votes), ("a1", 4));
}

#[test]
fn it_offers_comments_alone() {
    let offered = remark42().profile.capabilities();
    assert!(offered.comments && offered.post && offered.vote);
    assert!(!(offered.list || offered.article || offered.search || offered.front));
}
