//! Drupal, over answers written after its documentation.

use haidang_engine::{
    model::{Article, Comment, CommentState, Headline, Page, Term, VersionKind},
    profile::{Failure, Headlines, Operation, OwnPage, Refused},
};
use serde_json::{Value, json};

use crate::support::{Backend, lang, post, recorded, shipped};

const FERRY: &str = "0d5f8a4e-0000-4000-8000-000000000026";

fn drupal_with(params: &Value) -> Backend {
    let more = json!({ "params": params });
    let backend = Backend::new(shipped("drupal"), "https://news.example.org/", &more);
    Backend { lang: lang("vi"), ..backend }
}

fn drupal() -> Backend {
    drupal_with(&json!({}))
}

fn list(change: impl FnOnce(&mut Headlines)) -> Operation {
    let mut list = Headlines::default();
    change(&mut list);
    Operation::Headlines(list)
}

#[test]
fn a_language_is_a_prefix_and_a_condition() {
    let conditions = "?include=uid,field_image,field_tags&sort=-sticky,-created&page[limit]=20\
                      &filter[status]=1&filter[langcode]=vi";
    let plain = list(|_| ());
    assert_eq!(
        drupal().url(&plain),
        format!("https://news.example.org/vi/jsonapi/node/article{conditions}")
    );
    let unprefixed = drupal_with(&json!({ "unprefixed": "vi" }));
    assert_eq!(
        unprefixed.url(&plain),
        format!("https://news.example.org/jsonapi/node/article{conditions}")
    );
}

#[test]
fn what_is_asked_for_cannot_break_out_of_its_condition() {
    let narrowed = list(|list| {
        list.section = Some("s".into());
        list.author = Some("u".into());
        list.query = Some("phà&page[limit]=1".into());
    });
    let url = drupal().url(&narrowed);
    assert!(url.contains("&filter[field_tags.id]=s&filter[uid.id]=u&filter[any]"), "{url}");
    assert!(url.contains("[value]=ph%C3%A0%26page%5Blimit%5D%3D1&"), "{url}");
}

#[test]
fn what_is_included_is_in_its_place() {
    let page: Page<Headline> = drupal().read(&list(|_| ()), &recorded("drupal", "list"));
    let first = &page.items[0];
    assert_eq!((first.key.id.as_str(), first.work.as_str()), (FERRY, FERRY));
    assert_eq!((first.lang.as_str(), first.kind), ("vi", VersionKind::Original));
    assert_eq!((first.slug.as_str(), first.rank), ("pha-dem-ben-da", Some(1)));
    assert_eq!(first.section.as_ref().unwrap().name, "Thành phố");
    let image = first.image.as_ref().unwrap();
    assert_eq!(image.url, "https://news.example.org/sites/default/files/2026-03/pha.jpg");
    assert_eq!((image.alt.as_str(), image.width), ("Một chuyến phà", Some(1600)));
    assert_eq!((page.items[1].image.as_ref(), page.items[1].slug.as_str()), (None, ""));
}

#[test]
fn pages_follow_the_links_to_the_end() {
    let page: Page<Headline> = drupal().read(&list(|_| ()), &recorded("drupal", "list"));
    let next = page.next.unwrap();
    assert!(next.contains("page%5Boffset%5D=2"), "{next}");
    let second = list(|list| list.cursor = Some(next.clone()));
    assert_eq!(drupal().url(&second), next);
    let page: Page<Headline> = drupal().read(&second, &recorded("drupal", "list_last"));
    assert_eq!((page.items.len(), page.next), (1, None));
    let elsewhere = list(|list| list.cursor = Some("https://evil.test/".into()));
    let backend = drupal();
    let planned = backend.profile.plan(&elsewhere, &backend.source, &backend.lang);
    assert!(matches!(planned, Err(Failure::Unreadable { .. })));
}

#[test]
fn an_article_has_its_byline_its_tags_and_its_versions() {
    let operation = Operation::Article(FERRY.into());
    assert_eq!(
        drupal().url(&operation),
        format!(
            "https://news.example.org/vi/jsonapi/node/article/{FERRY}\
             ?include=uid,field_image,field_tags"
        )
    );
    let article: Article = drupal().read(&operation, &recorded("drupal", "article_vi"));
    assert_eq!(article.authors[0].name, "Nguyễn Thị Hải Yến");
    let tags: Vec<_> = article.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(tags, ["Thành phố", "phà"]);
    assert!(article.body.unwrap().value.contains("<strong>23 giờ</strong>"));
    assert!(article.comments_open);
    let versions: Vec<_> =
        article.versions.iter().map(|one| (one.lang.as_str(), one.key.id.as_str())).collect();
    assert_eq!(versions, [("vi", FERRY), ("en", FERRY)]);
    let english = Backend { lang: lang("en"), ..drupal() };
    let article: Article = english.read(&operation, &recorded("drupal", "article_en"));
    assert_eq!(article.headline.kind, VersionKind::Translation);
}

#[test]
fn what_comes_in_another_language_says_in_which() {
    let korean = Backend { lang: lang("ko"), ..drupal() };
    let operation = Operation::Article(FERRY.into());
    assert!(korean.url(&operation).contains("/ko/jsonapi/"));
    let article: Article = korean.read(&operation, &recorded("drupal", "article_fallback"));
    assert_eq!(article.headline.lang, lang("vi"));
}

#[test]
fn pictures_may_be_media_and_authors_hidden() {
    let article: Article =
        drupal().read(&Operation::Article(FERRY.into()), &recorded("drupal", "media"));
    assert_eq!(article.headline.image.unwrap().width, Some(800));
    assert!(article.authors.is_empty());
}

#[test]
fn links_within_are_found_by_number() {
    let own = drupal().profile.route_of("/vi/node/26", &drupal().source);
    assert_eq!(own, Some(OwnPage::Article("26".into())));
    let operation = Operation::Article("26".into());
    assert_eq!(
        drupal().url(&operation),
        "https://news.example.org/vi/jsonapi/node/article?filter[drupal_internal__nid]=26\
         &include=uid,field_image,field_tags"
    );
    let article: Article = drupal().read(&operation, &recorded("drupal", "article_by_nid"));
    assert_eq!(article.headline.key.id, FERRY);
}

#[test]
fn what_is_not_there_or_not_allowed_is_said() {
    let failure =
        |name: &str| drupal().failure(&Operation::Article(FERRY.into()), &recorded("drupal", name));
    assert_eq!(failure("article_404"), Failure::NotFound);
    assert_eq!(failure("article_403"), Failure::Forbidden);
}

#[test]
fn terms_are_sections() {
    let operation = Operation::Sections { cursor: None };
    let page: Page<Term> = drupal().read(&operation, &recorded("drupal", "sections"));
    assert_eq!(page.items[0].name, "Thành phố");
    assert_eq!(page.items[0].summary.as_deref(), Some("Chuyện của phố & bến"));
    let section = list(|list| list.section = Some("0d5f8a4e-0000-4000-8000-000000000062".into()));
    let page: Page<Headline> = drupal().read(&section, &recorded("drupal", "list"));
    assert_eq!(page.about.unwrap().name, "phà");
}

#[test]
fn a_thread_is_flat_with_parents() {
    let operation = Operation::comments(FERRY);
    assert!(drupal().url(&operation).ends_with(&format!("&filter[entity_id.id]={FERRY}")));
    let page: Page<Comment> = drupal().read(&operation, &recorded("drupal", "comments"));
    assert_eq!(page.items[0].author, "Bình");
    assert_eq!(page.items[1].author, "Nguyễn Thị Hải Yến");
    assert_eq!(page.items[2].parent.as_ref(), Some(&page.items[1].id));
    assert_eq!(page.items[0].edited, None);
}

#[test]
fn a_comment_is_published_held_or_refused() {
    let operation = post(FERRY, Some("c1"));
    let request = drupal().request(&operation);
    let json_api = "application/vnd.api+json".to_owned();
    assert!(request.headers.contains(&("Content-Type".to_owned(), json_api)));
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(body["data"]["type"], "comment--comment");
    assert_eq!(
        body["data"]["attributes"]["comment_body"],
        json!({ "value": "A reply", "format": "plain_text" })
    );
    assert_eq!(
        body["data"]["relationships"],
        json!({
            "entity_id": { "data": { "type": "node--article", "id": FERRY } },
            "pid": { "data": { "type": "comment--comment", "id": "c1" } },
        })
    );
    let state = |name: &str| {
        let comment: Comment = drupal().read(&operation, &recorded("drupal", name));
        comment.state
    };
    assert_eq!(state("comment_post_ok"), CommentState::Published);
    assert_eq!(state("comment_post_held"), CommentState::Held);
    let failure = |name: &str| drupal().failure(&operation, &recorded("drupal", name));
    assert_eq!(
        failure("comment_post_refused"),
        Failure::from(Refused {
            reason: "comment_body: This value should not be null.".into(),
            field: Some("text".into()),
            kind: None
        })
    );
    assert_eq!(failure("comment_post_read_only"), Failure::Broken { status: 405 });
}

#[test]
fn what_the_edition_has_is_not_among_what_it_lacks() {
    let lacks = list(|list| list.missing = Some(lang("en")));
    let page: Page<Headline> = drupal().read(&lacks, &recorded("drupal", "list"));
    let titles: Vec<_> = page.items.iter().map(|item| item.title.as_str()).collect();
    assert_eq!(titles, ["Mỗi phường một vườn"]);
    let by = list(|list| list.author = Some("0d5f8a4e-0000-4000-8000-000000000005".into()));
    let page: Page<Headline> = drupal().read(&by, &recorded("drupal", "list"));
    assert_eq!(page.about.unwrap().name, "Nguyễn Thị Hải Yến");
}
