//! Hacker News by its search service, over answers written after its documentation.

use haidang_engine::{
    content::from_html,
    model::{Article, Comment, CommentState, Headline, Page},
    profile::{Failure, Headlines, Operation},
};
use serde_json::json;

use crate::support::{Backend, recorded, shipped};

fn hackernews() -> Backend {
    let more = json!({ "params": { "per_page": 2 }, "languages": { "codes": ["en"] } });
    Backend::new(shipped("hackernews"), "https://hn.algolia.com/api/v1/", &more)
}

fn list(change: impl FnOnce(&mut Headlines)) -> Operation {
    let mut list = Headlines::default();
    change(&mut list);
    Operation::Headlines(list)
}

#[test]
fn stories_page_to_the_end() {
    let page: Page<Headline> =
        hackernews().read(&list(|_| ()), &recorded("hackernews", "search_by_date"));
    assert_eq!((page.items.len(), page.next.as_deref(), page.total), (2, Some("1"), Some(3)));
    let last = list(|list| list.cursor = page.next);
    assert!(hackernews().url(&last).ends_with("&page=1&hitsPerPage=2"));
    let page: Page<Headline> =
        hackernews().read(&last, &recorded("hackernews", "search_by_date_last"));
    assert_eq!((page.items[0].key.id.as_str(), page.next), ("103", None));
    let beyond = list(|list| list.cursor = Some("9".into()));
    let page: Page<Headline> = hackernews().read(&beyond, &recorded("hackernews", "search_beyond"));
    assert!(page.items.is_empty() && page.next.is_none());
}

#[test]
fn search_is_by_relevance() {
    let search = list(|list| list.query = Some("lighthouse & co".into()));
    assert_eq!(
        hackernews().url(&search),
        "https://hn.algolia.com/api/v1/search?tags=story&query=lighthouse%20%26%20co&hitsPerPage=2"
    );
    let page: Page<Headline> = hackernews().read(&search, &recorded("hackernews", "search"));
    assert_eq!(page.items[0].title, "A lighthouse that counts ships");
}

#[test]
fn a_story_is_a_link_or_a_text() {
    let read = |id: &str, name: &str| -> Article {
        hackernews().read(&Operation::Article(id.into()), &recorded("hackernews", name))
    };
    let link = read("101", "item");
    assert_eq!((link.authors[0].id.as_str(), &*link.authors[0].name), ("binh", "binh"));
    assert_eq!(link.canonical.as_deref(), Some("https://harbour.example/count?a=1&b=2"));
    let text = read("102", "item_text");
    let content = from_html(&text.body.unwrap().value);
    assert!(content.problems.is_empty() && content.blocks.len() == 1, "{content:?}");
    let missing = recorded("hackernews", "item_404");
    let gone = hackernews().failure(&Operation::Article("9".into()), &missing);
    assert_eq!(gone, Failure::NotFound);
}

#[test]
fn threads_are_followed_to_any_depth() {
    let thread = Operation::comments("101");
    let page: Page<Comment> = hackernews().read(&thread, &recorded("hackernews", "item"));
    assert_eq!(page.items.len(), 14);
    assert_eq!(page.items[0].parent, None);
    for pair in page.items[..12].windows(2) {
        assert_eq!(pair[1].parent.as_ref(), Some(&pair[0].id));
    }
    assert_eq!(page.items[12].state, CommentState::Deleted);
    assert_eq!(page.items[13].parent.as_deref(), Some("220"));
}

#[test]
fn it_is_to_read_only() {
    let offered = hackernews().profile.capabilities();
    assert!(offered.front && offered.search && offered.comments);
    assert!(!(offered.post || offered.vote || offered.documents || offered.authors));
}
