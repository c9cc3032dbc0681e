//! What portal.json says of a source: languages, sections, who asks. And shapes of answers: JSON:API,
//! headers.

use haidang_engine::{
    model::{Article, Comment, Headline, Page},
    profile::{Failure, Headlines, Method, Operation, Session},
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, written};

fn library(more: &Value) -> Backend {
    let profile = written(&json!({
        "name": "library",
        "shape": "jsonapi",
        "headers": { "Accept": "application/vnd.api+json", "Accept-Language": "{lang}" },
        "parts": { "entry": "{id: item.id, title: item.attributes.title, lang: item.attributes.langcode, \
                     section: item.relationships.topic.data.{id: id, name: attributes.name}}" },
        "list": {
            "get": "{+base}/{lang}/articles?include=topic{&section,tag}",
            "items": "body.data", "each": "part('entry', item)", "next": "links.next || body.links.next.href",
        },
        "article": {
            "get": "{+base}/{lang}/articles/{id}?include=topic,by.photo",
            "items": "body.data",
            "each": "merge(part('entry', item), {tags: item.attributes.tags, image: item.relationships.by.data.relationships.photo.data.attributes.url, \
                      authors: item.relationships.by.data.attributes.name})",
        },
    }));
    Backend::new(profile, "https://l.test/api", more)
}

fn article(id: u64, langcode: &str) -> Value {
    json!({
        "type": "articles", "id": id.to_string(),
        "attributes": { "title": "A", "langcode": langcode, "tags": ["t1"] },
        "relationships": {
            "topic": { "data": { "type": "topics", "id": "9" } },
            "by": { "data": { "type": "people", "id": "an" } },
        },
    })
}

fn included() -> Value {
    json!([
        { "type": "topics", "id": "9", "attributes": { "name": "Biển" } },
        { "type": "people", "id": "an", "attributes": { "name": "An" },
          "relationships": { "photo": { "data": { "type": "files", "id": "f" } } } },
        { "type": "files", "id": "f", "attributes": { "url": "/f.jpg" } },
    ])
}

fn list() -> Operation {
    Operation::Headlines(Headlines::default())
}

#[test]
fn what_is_included_is_read_in_place() {
    let body = json!({ "data": article(1, "en"), "included": included() });
    let article: Article =
        library(&json!({})).read(&Operation::Article("1".into()), &answered(&body));
    assert_eq!(article.headline.section.unwrap().name, "Biển");
    assert_eq!(article.headline.image.unwrap().url, "https://l.test/f.jpg");
    assert_eq!(article.authors[0].name, "An");
}

#[test]
fn the_way_on_may_be_a_link_header_or_a_link() {
    let body = json!({ "data": [article(1, "en")], "links": { "next": { "href": "https://l.test/api/p3" } } });
    let mut response = answered(&body);
    let page: Page<Headline> = library(&json!({})).read(&list(), &response);
    assert_eq!(page.next.as_deref(), Some("https://l.test/api/p3"));
    response.headers = vec![("LINK".into(), "</api/p2>; rel=next".into())];
    let page: Page<Headline> = library(&json!({})).read(&list(), &response);
    let next = Headlines { cursor: page.next, ..Headlines::default() };
    assert_eq!(library(&json!({})).url(&Operation::Headlines(next)), "https://l.test/api/p2");
}

#[test]
fn languages_have_names_and_bases_at_the_source() {
    let mut backend = library(&json!({ "languages": {
        "codes": ["en", "zh"], "names": { "zh": "zh-hans" }, "bases": { "zh": "https://zh.l.test/" },
    }}));
    backend.lang = lang("zh-TW");
    let request = backend.request(&list());
    assert_eq!(request.url, "https://zh.l.test/zh-hans/articles?include=topic");
    assert_eq!(request.headers[1], ("Accept-Language".to_owned(), "zh-hans".to_owned()));
    let body = json!({ "data": [article(1, "zh-hans")] });
    let page: Page<Headline> = backend.read(&list(), &answered(&body));
    assert_eq!(page.items[0].lang.as_str(), "zh");
}

#[test]
fn a_language_that_cannot_be_asked_for_is_filtered_here() {
    let body = json!({ "data": [article(1, "en"), article(2, "fr"), article(3, "en-GB")] });
    let ids = |more: Value| -> Vec<String> {
        let page: Page<Headline> = library(&more).read(&list(), &answered(&body));
        page.items.into_iter().map(|item| item.key.id).collect()
    };
    assert_eq!(ids(json!({})), ["1", "2", "3"]);
    assert_eq!(ids(json!({ "languages": { "filter": true } })), ["1", "3"]);
}

#[test]
fn a_source_of_one_language_need_not_say_it() {
    let mut bare = article(1, "en");
    bare["attributes"]["langcode"] = Value::Null;
    let backend = library(&json!({ "languages": { "codes": ["en"] } }));
    let page: Page<Headline> = backend.read(&list(), &answered(&json!({ "data": [bare] })));
    assert_eq!(page.items[0].lang.as_str(), "en");
}

#[test]
fn sections_and_tags_are_the_portals() {
    let backend = library(&json!({ "sections": { "sea": "9" }, "tags": { "first": "t1" } }));
    let asked = Headlines {
        section: Some("sea".into()),
        tag: Some("first".into()),
        ..Headlines::default()
    };
    let url = backend.url(&Operation::Headlines(asked));
    assert_eq!(url, "https://l.test/api/en/articles?include=topic&section=9&tag=t1");
    let body = json!({ "data": article(1, "en"), "included": included() });
    let article: Article = backend.read(&Operation::Article("1".into()), &answered(&body));
    assert_eq!((&*article.headline.section.unwrap().id, &*article.tags[0].id), ("sea", "first"));
}

#[test]
fn the_portal_is_known_by_header_key_or_session() {
    let request = |auth: Value| library(&json!({ "auth": auth })).request(&list());
    let header = request(json!({ "header": "X-Key", "value": "public" }));
    assert_eq!(header.headers.last(), Some(&("X-Key".to_owned(), "public".to_owned())));
    assert_eq!(header.session, None);
    let query = request(json!({ "query": "key", "value": "a b" }));
    assert_eq!(query.url, "https://l.test/api/en/articles?include=topic&key=a+b");
    let session = request(json!({ "cookies": true, "csrf_cookie": "c", "csrf_header": "X-C" }));
    let csrf = Some(("c".to_owned(), "X-C".to_owned()));
    assert_eq!(session.session, Some(Session { csrf }));
}

#[test]
fn each_event_of_a_stream_is_a_comment() {
    let profile = written(&json!({ "name": "stream", "comments": { "live": {
        "sse": "{+base}/{thread}/events", "each": "{id: item.n, parent: item.to, body: item.html, created: item.at}",
    }}}));
    let backend = Backend::new(profile, "https://l.test", &json!({}));
    let live = Operation::Live { thread: "7".into(), after: None };
    let request = backend.request(&live);
    assert_eq!((request.method, &*request.url), (Method::Get, "https://l.test/7/events"));
    let event = json!({ "n": 5, "to": 4, "html": "<p>x", "at": 1_481_247_120 });
    let comment: Comment = backend.read(&live, &answered(&event));
    assert_eq!((&*comment.id, comment.parent.as_deref()), ("5", Some("4")));
    assert!(backend.profile.capabilities().live);
}

#[test]
fn what_is_not_mapped_is_not_offered() {
    let backend = library(&json!({}));
    let words = Headlines { query: Some("x".into()), ..Headlines::default() };
    for operation in [Operation::Headlines(words), Operation::Notices, Operation::Register] {
        let planned = backend.profile.plan(&operation, &backend.source, &backend.lang);
        assert_eq!(planned, Err(Failure::NotOffered));
    }
    let can = backend.profile.capabilities();
    assert!(can.list && can.front && can.article);
    assert!(!(can.search || can.comments || can.post || can.notices || can.documents));
}

#[test]
fn a_large_answer_is_mapped_in_slices() {
    let backend = library(&json!({}));
    let items: Vec<Value> = (0..1000).map(|id| article(id, "en")).collect();
    let response = answered(&json!({ "data": items }));
    let request = backend.request(&list());
    let Backend { profile, source, lang } = &backend;
    let answer = profile.receive(&list(), &request, &response, source, lang).unwrap();
    let mut mapper = profile.map(&answer, source).unwrap();
    let mut slices = 1;
    while mapper.step(300) {
        slices += 1;
        assert!(mapper.done() < 1000);
    }
    assert_eq!((slices, mapper.done()), (4, 1000));
    let (value, notes) = mapper.finish().unwrap();
    assert!(notes.is_empty(), "{notes:?}");
    assert_eq!(value["items"].as_array().unwrap().len(), 1000);
    let whole = profile.decode(&list(), &request, &response, source, lang).unwrap().0;
    assert_eq!(value, whole);
}
