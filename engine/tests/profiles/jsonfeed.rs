//! JSON Feed, over feeds written after its specification.

use haidang_engine::{
    model::{Article, Headline, Page},
    profile::{Failure, Headlines, Operation},
};
use serde_json::json;

use crate::support::{Backend, recorded, shipped};

fn jsonfeed() -> Backend {
    Backend::new(shipped("jsonfeed"), "https://harbour.example/feed.json", &json!({}))
}

fn list(change: impl FnOnce(&mut Headlines)) -> Operation {
    let mut list = Headlines::default();
    change(&mut list);
    Operation::Headlines(list)
}

fn ids(operation: &Operation, name: &str) -> Vec<String> {
    let page: Page<Headline> = jsonfeed().read(operation, &recorded("jsonfeed", name));
    page.items.into_iter().map(|item| item.key.id).collect()
}

const FERRY: &str = "https://harbour.example/2026/pha-dem";
const RADIO: &str = "https://harbour.example/2026/radio";

#[test]
fn a_feed_is_a_list_that_ends() {
    let page: Page<Headline> = jsonfeed().read(&list(|_| ()), &recorded("jsonfeed", "feed"));
    let first = &page.items[0];
    assert_eq!((first.key.id.as_str(), first.lang.as_str()), (FERRY, "vi"));
    assert_eq!(first.image.as_ref().unwrap().url, "https://harbour.example/img/pha.jpg");
    assert_eq!(first.published.unwrap().to_string(), "2026-03-28T22:45:00Z");
    assert_eq!(page.items[1].lang.as_str(), "en");
    let second = list(|list| list.cursor = page.next);
    assert_eq!(jsonfeed().url(&second), "https://harbour.example/feed.json?page=2");
    let page: Page<Headline> = jsonfeed().read(&second, &recorded("jsonfeed", "feed_last"));
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[test]
fn tags_and_authors_narrow_what_is_there() {
    let tagged = list(|list| list.tag = Some("phà".into()));
    assert_eq!(ids(&tagged, "feed"), [FERRY]);
    let written = list(|list| list.author = Some("Hải Yến".into()));
    assert_eq!(ids(&written, "feed"), [FERRY]);
    // What names nobody is by whom the feed is.
    let of_all = list(|list| list.author = Some("Toà soạn".into()));
    assert_eq!(ids(&of_all, "feed"), [RADIO]);
    let page: Page<Headline> = jsonfeed().read(&of_all, &recorded("jsonfeed", "feed"));
    assert_eq!(page.about.unwrap().name, "Toà soạn");
    // Version 1.0 has one author.
    assert_eq!(ids(&list(|list| list.author = Some("An".into())), "feed_1_0"), ["1"]);
}

#[test]
fn an_article_has_its_byline_and_what_is_attached() {
    let read = |id: &str, name: &str| -> Article {
        jsonfeed().read(&Operation::Article(id.into()), &recorded("jsonfeed", name))
    };
    let ferry = read(FERRY, "feed");
    assert_eq!((ferry.authors[0].id.as_str(), &*ferry.authors[0].name), ("Hải Yến", "Hải Yến"));
    assert_eq!(ferry.tags.len(), 2);
    let radio = read(RADIO, "feed");
    assert_eq!(radio.authors[0].name, "Toà soạn");
    assert_eq!(
        (radio.attachments[0].title.as_str(), radio.attachments[0].size),
        ("The programme", Some(31_000_000))
    );
    assert_eq!(radio.body.unwrap().format.wire(), "text");
    assert_eq!(read("2", "feed_1_0").authors[0].name, "Bình");
}

#[test]
fn what_is_no_feed_is_a_failure() {
    let failure = jsonfeed().failure(&list(|_| ()), &recorded("jsonfeed", "not_a_feed"));
    assert_eq!(failure, Failure::Unvouched { status: 404 });
}

#[test]
fn it_offers_neither_search_nor_comments() {
    let offered = jsonfeed().profile.capabilities();
    assert!(offered.list && offered.article && offered.front);
    assert!(!(offered.search || offered.comments || offered.sections || offered.authors));
}
