//! The profiles that are shipped, and those written after public documentation: answers here are as it
//! describes them.

use std::{fs, path::PathBuf};

use haidang_engine::{
    content::from_html,
    model::{Article, Comment, CommentState, Front, Headline, Page, Term},
    profile::{Failure, Headlines, Operation, OwnPage, Profile, Refused},
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, post, shipped};

fn list(change: impl FnOnce(&mut Headlines)) -> Operation {
    let mut list = Headlines::default();
    change(&mut list);
    Operation::Headlines(list)
}

#[test]
fn every_profile_reads_without_a_warning_and_is_named_as_its_file() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../profiles");
    let mut names = Vec::new();
    for file in fs::read_dir(folder).unwrap() {
        let name = file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(shipped(&name).name, name);
        names.push(name);
    }
    assert!(names.len() >= 5, "{names:?}");
}

#[test]
fn the_schema_names_every_key() {
    let schema = Profile::schema();
    let pointer = "/properties/comments/anyOf/0/$ref";
    assert_eq!(schema.pointer(pointer), Some(&json!("#/$defs/Thread")));
    let endpoint = schema.pointer("/$defs/Endpoint/properties").unwrap();
    for key in ["get", "to", "items", "each", "children", "next", "error", "query", "vars"] {
        assert!(endpoint.get(key).is_some(), "{key}");
    }
    assert_eq!(schema.pointer("/$defs/Expression/type"), Some(&json!("string")));
}

fn hackernews() -> Backend {
    Backend::new(shipped("hackernews"), "https://hn.test/api/v1", &json!({}))
}

fn hit(id: &str) -> Value {
    json!({ "objectID": id, "title": "A", "author": "an", "num_comments": 2,
            "created_at": "2026-03-29T00:35:00Z", "created_at_i": 1_774_744_500 })
}

#[test]
fn hacker_news_pages_by_number() {
    let asked = list(|list| {
        list.author = Some("an".into());
        list.cursor = Some("1".into());
    });
    assert_eq!(
        hackernews().url(&asked),
        "https://hn.test/api/v1/search_by_date?tags=story,author_an&page=1&hitsPerPage=30"
            .replace(',', "%2C")
    );
    let body = json!({ "hits": [hit("1"), hit("2")], "page": 1, "nbPages": 3, "nbHits": 70 });
    let page: Page<Headline> = hackernews().read(&asked, &answered(&body));
    assert_eq!((page.next.as_deref(), page.total), (Some("2"), Some(70)));
    assert_eq!(page.items[0].comments, Some(2));
    let front: Front = hackernews().read(&Operation::Front, &answered(&body));
    assert_eq!((&*front.lead[0].key.id, &*front.latest[0].key.id), ("1", "2"));
    let sections: Page<Term> =
        hackernews().read(&Operation::Sections { cursor: None }, &answered(&body));
    assert_eq!(sections.items[1].name, "Show HN");
}

#[test]
fn hacker_news_has_deep_threads() {
    let item = json!({
        "id": 1, "title": "A", "author": "an", "url": "https://y.test/a\"b", "text": null,
        "created_at": "2026-03-29T00:35:00.000Z",
        "children": [
            { "id": 2, "author": "b", "text": "<p>x", "children": [
                { "id": 3, "author": null, "text": null, "children": [
                    { "id": 4, "author": "c", "text": "y", "children": [] },
                ]},
            ]},
        ],
    });
    let article: Article = hackernews().read(&Operation::Article("1".into()), &answered(&item));
    let body = from_html(&article.body.unwrap().value);
    assert!(body.problems.is_empty(), "{:?}", body.problems);
    assert!(format!("{:?}", body.blocks).contains("https://y.test/a%22b"), "{:?}", body.blocks);
    let thread = Operation::comments("1");
    let page: Page<Comment> = hackernews().read(&thread, &answered(&item));
    let parents: Vec<_> = page.items.iter().map(|item| item.parent.as_deref()).collect();
    assert_eq!(parents, [None, Some("2"), Some("3")]);
    assert_eq!(page.items[1].state, CommentState::Deleted);
    assert!(!hackernews().profile.capabilities().post);
    let Backend { profile, mut source, .. } = hackernews();
    source.site = Some("https://news.ycombinator.com".into());
    let own = profile.route_of("https://news.ycombinator.com/item?id=7", &source);
    assert_eq!(own, Some(OwnPage::Article("7".into())));
}

#[test]
fn a_json_feed_is_a_portal() {
    let backend = Backend::new(shipped("jsonfeed"), "https://x.test/feed.json", &json!({}));
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1", "title": "Feed", "language": "vi",
        "authors": [{ "name": "An" }], "next_url": "https://x.test/feed.json?page=2",
        "items": [
            { "id": "https://x.test/2", "url": "https://x.test/2", "title": "B",
              "content_html": "<p>b</p>", "date_published": "2026-03-29T07:35:00+07:00",
              "attachments": [{ "url": "https://x.test/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 9 }] },
            { "id": 1, "content_text": "a", "language": "en", "authors": [{ "name": "Bình" }], "tags": ["x"] },
        ],
    });
    let first = list(|_| ());
    let page: Page<Headline> = backend.read(&first, &answered(&feed));
    assert_eq!(page.items[0].lang.as_str(), "vi");
    let next = page.next.unwrap();
    let second = list(|list| list.cursor = Some(next));
    assert_eq!(backend.url(&second), "https://x.test/feed.json?page=2");
    let article: Article =
        backend.read(&Operation::Article("https://x.test/2".into()), &answered(&feed));
    assert_eq!((&*article.authors[0].name, article.attachments[0].size), ("An", Some(9)));
    let article: Article = backend.read(&Operation::Article("1".into()), &answered(&feed));
    assert_eq!((&*article.authors[0].name, &*article.tags[0].id), ("Bình", "x"));
    assert_eq!(article.body.unwrap().value, "a");
    let gone = Operation::Article("9".into());
    assert_eq!(backend.failure(&gone, &answered(&feed)), Failure::NotFound);
}

fn realworld() -> Backend {
    let auth = json!({ "auth": { "header": "Authorization", "value": "Token public" } });
    Backend::new(shipped("realworld"), "https://r.test/api", &auth)
}

#[test]
fn realworld_pages_by_offset_and_writes_markdown() {
    let story = json!({
        "slug": "a-b", "title": "A", "description": "d", "body": "**a**\n\n- b",
        "tagList": ["x"], "createdAt": "2026-03-29T00:35:00.000Z",
        "updatedAt": "2026-03-29T00:35:00.000Z", "author": { "username": "an" },
    });
    let asked = list(|list| {
        list.section = Some("x".into());
        list.cursor = Some("20".into());
    });
    assert_eq!(realworld().url(&asked), "https://r.test/api/articles?limit=20&offset=20&tag=x");
    let body = json!({ "articles": [story], "articlesCount": 41 });
    let page: Page<Headline> = realworld().read(&asked, &answered(&body));
    assert_eq!((page.next.as_deref(), page.total), (Some("40"), Some(41)));
    assert_eq!(page.items[0].updated, None);
    let article: Article = realworld()
        .read(&Operation::Article("a-b".into()), &answered(&json!({ "article": story })));
    assert_eq!(article.body.unwrap().value, "<p><strong>a</strong></p><ul><li>b</li></ul>");
}

#[test]
fn realworld_takes_comments_with_a_token() {
    let operation = post("a-b", None);
    let request = realworld().request(&operation);
    assert_eq!(request.headers, [("Authorization".to_owned(), "Token public".to_owned())]);
    assert_eq!(request.body.as_deref(), Some(r#"{"comment":{"body":"A reply"}}"#));
    let answer = json!({ "comment": {
        "id": 7, "createdAt": "2026-03-29T00:35:00.000Z", "body": "A reply", "author": { "username": "an" },
    }});
    let comment: Comment = realworld().read(&operation, &answered(&answer));
    assert_eq!((&*comment.id, &*comment.author), ("7", "an"));
    let mut refused = answered(&json!({ "errors": { "body": ["can't be blank"] } }));
    refused.status = 422;
    assert_eq!(
        realworld().failure(&operation, &refused),
        Failure::from(Refused {
            reason: "body can't be blank".into(),
            field: Some("text".into()),
            kind: None
        })
    );
}
