//! RealWorld, over answers written after its specification.

use haidang_engine::{
    content::{BlockKind, from_html},
    model::{Article, Comment, Headline, Page, Term},
    profile::{Failure, Headlines, Operation, OwnPage, Refused},
};
use serde_json::json;

use crate::support::{Backend, post, recorded, shipped};

fn realworld() -> Backend {
    let more = json!({ "params": { "per_page": "2" } });
    Backend::new(shipped("realworld"), "https://conduit.example/api/", &more)
}

fn list(change: impl FnOnce(&mut Headlines)) -> Operation {
    let mut list = Headlines::default();
    change(&mut list);
    Operation::Headlines(list)
}

#[test]
fn articles_page_to_the_end() {
    let page: Page<Headline> = realworld().read(&list(|_| ()), &recorded("realworld", "articles"));
    assert_eq!((page.items[0].key.id.as_str(), page.total), ("night-boats", Some(3)));
    let second = list(|list| list.cursor = page.next);
    assert_eq!(realworld().url(&second), "https://conduit.example/api/articles?limit=2&offset=2");
    let page: Page<Headline> = realworld().read(&second, &recorded("realworld", "articles_last"));
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[test]
fn tags_are_sections_and_lists_have_names() {
    let sections = Operation::Sections { cursor: None };
    let page: Page<Term> = realworld().read(&sections, &recorded("realworld", "tags"));
    assert_eq!((page.items[1].id.as_str(), &*page.items[1].name), ("harbour", "harbour"));
    let written = list(|list| list.author = Some("yen".into()));
    assert!(realworld().url(&written).ends_with("&author=yen"));
    let page: Page<Headline> = realworld().read(&written, &recorded("realworld", "articles"));
    assert_eq!(page.about.unwrap().name, "yen");
}

#[test]
fn an_article_is_written_in_markdown() {
    let operation = Operation::Article("night-boats".into());
    let article: Article = realworld().read(&operation, &recorded("realworld", "article"));
    assert_eq!(article.authors[0].name, "yen");
    assert_eq!(article.headline.updated.unwrap().to_string(), "2026-03-29T02:00:00Z");
    let content = from_html(&article.body.unwrap().value);
    let kinds: Vec<_> = content.blocks.iter().map(|block| &block.kind).collect();
    assert!(matches!(kinds[1], BlockKind::Heading { .. }), "{kinds:?}");
    assert!(matches!(kinds[2], BlockKind::List { items, .. } if items.len() == 2), "{kinds:?}");
    assert!(matches!(kinds[3], BlockKind::Quote { .. }), "{kinds:?}");
    let gone = realworld().failure(&operation, &recorded("realworld", "article_404"));
    assert_eq!(gone, Failure::NotFound);
    let own = realworld().profile.route_of("/article/night-boats", &realworld().source);
    assert_eq!(own, Some(OwnPage::Article("night-boats".into())));
}

#[test]
fn a_thread_is_flat() {
    let thread = Operation::comments("night-boats");
    let page: Page<Comment> = realworld().read(&thread, &recorded("realworld", "comments"));
    assert_eq!((page.items.len(), page.items[0].parent.as_ref()), (2, None));
    assert_eq!(page.items[0].body.as_ref().unwrap().value, "<p>It <em>works</em>.</p>");
}

#[test]
fn a_comment_needs_an_account() {
    let operation = post("night-boats", None);
    let comment: Comment = realworld().read(&operation, &recorded("realworld", "comment_post_ok"));
    assert_eq!((comment.id.as_str(), comment.author.as_str()), ("3", "reader"));
    let failure = |name: &str| realworld().failure(&operation, &recorded("realworld", name));
    assert_eq!(failure("comment_post_unsigned"), Failure::Forbidden);
    assert_eq!(
        failure("comment_post_invalid"),
        Failure::from(Refused {
            reason: "body can't be blank".into(),
            field: Some("text".into()),
            kind: None
        })
    );
}

#[test]
fn it_offers_no_search_and_no_register() {
    let offered = realworld().profile.capabilities();
    assert!(offered.list && offered.sections && offered.comments && offered.post);
    assert!(!(offered.search || offered.documents || offered.vote));
}
