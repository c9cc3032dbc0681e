//! Isso: comments alone.

use haidang_engine::{
    model::{Comment, CommentState, Page},
    profile::{Capabilities, Failure, Operation, Refused},
};
use serde_json::json;

use crate::support::{Backend, post, recorded, shipped, vote};

const PAGE: &str = "floods-the-new-map-of-the-delta";

fn isso() -> Backend {
    let more = json!({ "params": { "page": "/articles/{thread}/" } });
    Backend::new(shipped("isso"), "https://c.test/", &more)
}

fn thread() -> Operation {
    Operation::comments(PAGE)
}

#[test]
fn a_thread_is_that_of_a_page() {
    assert_eq!(
        isso().url(&thread()),
        "https://c.test/?uri=%2Farticles%2Ffloods-the-new-map-of-the-delta%2F"
    );
}

#[test]
fn replies_are_followed_down() {
    let page: Page<Comment> = isso().read(&thread(), &recorded("isso", "comments"));
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(
        tree[..5],
        [("1", None), ("2", Some("1")), ("3", Some("1")), ("4", Some("1")), ("5", None),]
    );
    assert_eq!(page.items[3].votes, 2);
    assert_eq!(page.items[0].created.unwrap().to_string(), "2026-03-29T00:35:00Z");
    let page: Page<Comment> = isso().read(&thread(), &recorded("isso", "comments_none"));
    assert!(page.items.is_empty());
}

#[test]
fn a_comment_that_is_not_there_is_not_found_though_a_page_says_so() {
    let gone = recorded("isso", "one_404");
    assert_eq!(isso().failure(&post(PAGE, None), &gone), Failure::NotFound);
}

#[test]
fn a_comment_is_published_or_held() {
    let comment: Comment = isso().read(&post(PAGE, Some("1")), &recorded("isso", "post_ok"));
    assert_eq!((comment.id.as_str(), comment.state), ("49", CommentState::Published));
    assert_eq!(comment.created.unwrap().0, 1_795_637_978_835);
    let held = recorded("isso", "post_moderated_held");
    let comment: Comment = isso().read(&post(PAGE, None), &held);
    assert_eq!(comment.state, CommentState::Held);
}

#[test]
fn a_reply_to_a_reply_stands_where_the_server_puts_it() {
    let response = recorded("isso", "post_reply_to_reply");
    let comment: Comment = isso().read(&post(PAGE, Some("2")), &response);
    assert_eq!(comment.parent.as_deref(), Some("1"));
    let nobody = recorded("isso", "post_missing_author");
    let comment: Comment = isso().read(&post(PAGE, None), &nobody);
    assert_eq!((comment.author.as_str(), comment.state), ("Moussa", CommentState::Published));
}

#[test]
fn a_thread_has_many_languages_and_more_than_one_version_has_its_own() {
    let page: Page<Comment> = isso().read(&thread(), &recorded("isso", "comments_languages"));
    assert_eq!(page.items[0].author, "Trần Văn Bình");
    assert_eq!((page.items[1].votes, page.total), (2, Some(8)));
    let page: Page<Comment> = isso().read(&thread(), &recorded("isso", "comments_of_translation"));
    assert!(!page.items.is_empty());
}

#[test]
fn a_refusal_in_html_gives_its_reason() {
    let failure = |name: &str| isso().failure(&post(PAGE, None), &recorded("isso", name));
    let refused =
        |reason: &str| Failure::from(Refused { reason: reason.into(), field: None, kind: None });
    assert_eq!(failure("post_too_short"), refused("text is too short (minimum length: 3)"));
    assert_eq!(failure("post_form_refused"), refused("CSRF"));
    assert_eq!(
        failure("guard_post_missing_author"),
        refused("author address required but not provided")
    );
    assert_eq!(failure("guard_post_3"), Failure::Busy { retry_after: 0 });
}

#[test]
fn a_vote_is_counted() {
    let vote = vote(PAGE, "2", 1);
    assert_eq!(isso().url(&vote), "https://c.test/id/2/like");
    let comment: Comment = isso().read(&vote, &recorded("isso", "like"));
    assert_eq!((comment.id.as_str(), comment.votes), ("2", 1));
}

#[test]
fn it_offers_comments_alone() {
    let Capabilities { comments, post, vote, list, search, article, front, live, .. } =
        isso().profile.capabilities();
    assert!(comments && post && vote);
    assert!(!(list || search || article || front || live));
}
