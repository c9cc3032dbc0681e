//! Two APIs nobody has heard of, each read by a profile alone.
//!
//! The harbour office wraps everything three times, counts ids, dates in seconds since 1970, escapes its
//! titles and hands out the thread within the article. The museum speaks GraphQL and knows blocks.

use haidang_engine::{
    content::{BlockKind, from_html},
    model::{Article, BodyFormat, Comment, Document, DocumentEntry, Headline, Notice, Page},
    profile::{Failure, Headlines, Method, Operation, Profile, Refused},
    route::DocumentFilter,
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, lang, post, written};

fn harbour_profile() -> Profile {
    written(&json!({
        "name": "harbour",
        "zone": "+07:00",
        "headers": { "X-Client": "portal {lang}" },
        "params": { "desk": { "about": "The desk whose news it is.", "required": true } },
        "tables": {
            "people": { "items": "body.envelope.lookup.people", "key": "no" },
            "desks": { "values": { "1": "Quay", "2": "Sea" } },
        },
        "parts": {
            "entry": "let $id = item.meta.no in {id: $id, title: html_text(item.head.title), \
                lang: item.meta.tongue, section: {id: item.meta.desk, name: lookup('desks', item.meta.desk)}, \
                published: item.meta.at, updated: item.meta.changed, \
                image: {url: item.head.photo.path, sizes: {template: item.head.photo.path_of, widths: `[320, 640]`}}}",
        },
        "error": "(body.envelope.fault && {kind: lookup('kinds', body.envelope.fault.code) || 'broken', \
                   reason: body.envelope.fault.say}) || null",
        "list": {
            "get": "{+base}/desk/{desk}/news{?from,many}",
            "vars": { "from": "params.cursor || '0'", "many": "params.limit || '2'" },
            "items": "body.envelope.content.rows[*].row",
            "each": "part('entry', item)",
            "next": "let $next = sum([to_number(params.from), to_number(params.many)]) \
                     in $next < body.envelope.content.count && $next || null",
            "total": "body.envelope.content.count",
        },
        "article": {
            "get": "{+base}/news/{id}",
            "items": "body.envelope.content",
            "each": "merge(part('entry', item), {authors: item.meta.by[*].lookup('people', @).name, \
                     body: item.text, comments_open: item.talk.open})",
        },
        "comments": {
            "list": {
                "get": "{+base}/news/{thread}",
                "items": "body.envelope.content.talk.said",
                "each": "{id: item.no, author: item.who, body: {format: 'text', value: item.what}, created: item.at}",
                "children": "item.answers",
            },
            "post": {
                "to": "{+base}/news/{thread}/say",
                "encoding": "form",
                "body": "{who: params.author, what: params.text, answer_to: params.parent}",
                "items": "headers.location",
                "each": "{state: (status == `202` && 'held') || 'published'}",
            },
        },
    }).as_object_mut().map(|profile| {
        profile["tables"]["kinds"] = json!({ "values": { "E17": "not_found", "E40": "refused" } });
        Value::Object(profile.clone())
    }).unwrap())
}

fn harbour() -> Backend {
    let more = json!({
        "params": { "desk": "2" }, "sections": { "bien": "2" },
        "languages": { "codes": ["vi", "en"], "names": { "vi": "viet" } },
    });
    let mut backend = Backend::new(harbour_profile(), "https://harbour.test/v0", &more);
    backend.lang = lang("vi");
    backend
}

fn row(no: u64) -> Value {
    json!({
        "meta": { "no": no, "tongue": "viet", "desk": 2, "at": 1_481_247_120, "changed": 1_481_247_120_500.0,
                  "by": [4, 5] },
        "head": { "title": "T&agrave;u &lt;S&oacute;ng&gt; &amp; bi&#7875;n",
                  "photo": { "path": "/p/1.jpg", "path_of": "/p/1-{width}.jpg" } },
    })
}

fn envelope(content: Value) -> Value {
    json!({ "envelope": {
        "content": content,
        "lookup": { "people": [{ "no": 4, "name": "An" }, { "no": 5, "name": "Bình" }] },
    }})
}

#[test]
fn nested_envelopes_are_opened() {
    let list =
        Operation::Headlines(Headlines { section: Some("bien".into()), ..Headlines::default() });
    let request = harbour().request(&list);
    assert_eq!(request.url, "https://harbour.test/v0/desk/2/news?from=0&many=2");
    assert_eq!(request.headers, [("X-Client".to_owned(), "portal viet".to_owned())]);
    let content = json!({ "count": 3, "rows": [{ "row": row(7) }, { "row": row(8) }] });
    let page: Page<Headline> = harbour().read(&list, &answered(&envelope(content)));
    let first = &page.items[0];
    assert_eq!((first.key.id.as_str(), first.work.as_str()), ("7", "7"));
    assert_eq!(first.title, "Tàu <Sóng> & biển");
    assert_eq!(first.lang, lang("vi"));
    assert_eq!(first.section.as_ref().unwrap().id, "bien");
    assert_eq!(first.published.unwrap().to_string(), "2016-12-09T01:32:00Z");
    let sizes: Vec<_> = first.image.as_ref().unwrap().sizes.iter().map(|size| &*size.url).collect();
    assert_eq!(sizes, ["https://harbour.test/p/1-320.jpg", "https://harbour.test/p/1-640.jpg"]);
    assert_eq!((page.next.as_deref(), page.total), (Some("2"), Some(3)));
}

#[test]
fn people_are_looked_up_and_a_thread_is_found_within_its_article() {
    let mut content = row(7);
    content["text"] = json!("<p>Sóng</p>");
    content["talk"] = json!({ "open": true, "said": [
        { "no": 1, "who": "Chi", "what": "A", "at": 5, "answers": [
            { "no": 2, "who": "Dũng", "what": "B", "at": 6, "answers": [{ "no": 3, "what": "C" }] },
        ]},
        { "no": 4, "what": "D" },
    ]});
    let response = answered(&envelope(content));
    let article: Article = harbour().read(&Operation::Article("7".into()), &response);
    let names: Vec<_> = article.authors.iter().map(|author| author.name.as_str()).collect();
    assert_eq!(names, ["An", "Bình"]);
    assert!(article.comments_open);
    let thread = Operation::comments("7");
    let page: Page<Comment> = harbour().read(&thread, &response);
    let tree: Vec<_> =
        page.items.iter().map(|item| (item.id.as_str(), item.parent.as_deref())).collect();
    assert_eq!(tree, [("1", None), ("2", Some("1")), ("3", Some("2")), ("4", None)]);
}

#[test]
fn a_success_with_only_a_location_is_one() {
    let operation = post("7", Some("2"));
    let request = harbour().request(&operation);
    assert_eq!(request.body.as_deref(), Some("answer_to=2&what=A+reply&who=Moussa"));
    assert!(request.headers.iter().any(|(name, value)| {
        name == "Content-Type" && value == "application/x-www-form-urlencoded"
    }));
    let mut response = answered(&Value::Null);
    response.body.clear();
    response.status = 202;
    let comment: Comment = harbour().read(&operation, &response);
    assert_eq!((comment.id.as_str(), comment.state.wire()), ("key-1", "held"));
    response.status = 201;
    response.headers = vec![("Location".into(), "https://harbour.test/say/99?x".into())];
    let comment: Comment = harbour().read(&operation, &response);
    assert_eq!((comment.id.as_str(), comment.state.wire()), ("99", "published"));
    assert_eq!(comment.body.unwrap().value, "A reply");
    assert_eq!((comment.author.as_str(), comment.parent.as_deref()), ("Moussa", Some("2")));
}

#[test]
fn an_error_within_a_success_is_one() {
    let fault = |code: &str| {
        let body = json!({ "envelope": { "fault": { "code": code, "say": "N&agrave;o" } } });
        harbour().failure(&Operation::Article("7".into()), &answered(&body))
    };
    assert_eq!(fault("E17"), Failure::NotFound);
    assert_eq!(
        fault("E40"),
        Failure::from(Refused { reason: "Nào".into(), field: None, kind: None })
    );
    assert_eq!(fault("E99"), Failure::Broken { status: 200 });
}

#[test]
fn what_a_source_must_say_is_asked_for() {
    let backend = Backend::new(harbour_profile(), "https://harbour.test/v0", &json!({}));
    let failure = backend.profile.plan(&Operation::Front, &backend.source, &backend.lang);
    assert_eq!(
        failure.unwrap_err(),
        Failure::Unreadable {
            cause: "source \"s\", params.desk: the profile harbour needs it \
                    (The desk whose news it is.)"
                .into()
        }
    );
}

#[test]
fn a_language_it_lacks_is_not_offered_but_an_article_is_shown() {
    let mut backend = harbour();
    backend.lang = lang("ko");
    let plan = |operation| backend.profile.plan(&operation, &backend.source, &backend.lang);
    assert_eq!(plan(Operation::Front), Err(Failure::NotOffered));
    assert!(plan(Operation::Article("7".into())).is_ok());
    assert_eq!(plan(Operation::Press), Err(Failure::NotOffered));
}

fn museum() -> Backend {
    let fields =
        "id title blocks { kind words level items { kind words } } translations { locale id }";
    let profile = written(&json!({
        "name": "museum",
        "shape": "graphql",
        "parts": {
            "story": "{id: item.id, title: item.title, lang: item.locale, work: item.group, \
                       published: item.date, versions: item.translations[*].{id: id, lang: locale}, \
                       body: item.blocks[*].part('block', @)}",
            "block": "part(join('-', ['block', item.kind]), item)",
            "block-text": "{type: 'paragraph', text: item.words}",
            "block-title": "{type: 'heading', level: item.level, text: item.words}",
            "block-list": "{type: 'list', items: item.items[*].part('block', @)}",
        },
        "list": {
            "to": "{+base}/graphql",
            "query": format!("query($lang: String!, $after: String) {{ stories(lang: $lang, after: $after) \
                              {{ edges {{ node {{ {fields} }} }} pageInfo {{ endCursor hasNextPage }} }} }}"),
            "variables": "{lang: params.lang, after: params.cursor}",
            "items": "body.stories.edges[*].node",
            "each": "part('story', item)",
            "next": "body.stories.pageInfo.hasNextPage && body.stories.pageInfo.endCursor || null",
        },
        "article": {
            "get": "{+base}/graphql",
            "method": "GET",
            "query": format!("query($id: ID!) {{ story(id: $id) {{ {fields} }} }}"),
            "variables": "{id: params.id}",
            "items": "body.story",
            "each": "part('story', item)",
        },
        "documents": {
            "to": "{+base}/graphql", "query": "{ acts }", "items": "body.acts",
            "each": "{id: item.no, number: item.no, title: item.name, issued: item.day, issuer: item.by}",
        },
        "document": {
            "like": "documents",
            "each": "{id: item.no, number: item.no, title: item.name, issued: item.day, \
                      files: [{url: item.scan, title: item.name}], amends: item.changes[*].{id: @, number: @}}",
        },
        "notices": {
            "to": "{+base}/graphql", "query": "{ alerts }", "items": "body.alerts",
            "each": "{id: item.id, title: item.say, level: 'warning', issued: item.at, dismissible: `1`}",
        },
    }));
    Backend::new(
        profile,
        "https://museum.test",
        &json!({ "auth": { "query": "key", "value": "public" } }),
    )
}

fn story() -> Value {
    json!({
        "id": "gid://story/1", "title": "Sóng", "locale": "en", "group": 12, "date": "2026-03-29",
        "translations": [{ "locale": "en", "id": "gid://story/1" }, { "locale": "vi", "id": "gid://story/2" }],
        "blocks": [
            { "kind": "title", "level": 3, "words": "A <b>" },
            { "kind": "list", "items": [{ "kind": "text", "words": "one" }, { "kind": "list", "items": [
                { "kind": "text", "words": "deep" },
            ]}]},
            { "kind": "text", "words": "end" },
        ],
    })
}

#[test]
fn a_query_is_posted_with_its_variables() {
    let list = Headlines { cursor: Some("c1".into()), ..Headlines::default() };
    let list = Operation::Headlines(list);
    let request = museum().request(&list);
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.url, "https://museum.test/graphql?key=public");
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(body["variables"], json!({ "lang": "en", "after": "c1" }));
    let answer = json!({ "data": { "stories": {
        "edges": [{ "node": story() }], "pageInfo": { "endCursor": "c2", "hasNextPage": true },
    }}});
    let page: Page<Headline> = museum().read(&list, &answered(&answer));
    assert_eq!(page.items[0].key.id, "gid://story/1");
    assert_eq!(page.items[0].work, "12");
    assert_eq!(page.next.as_deref(), Some("c2"));
}

#[test]
fn a_query_may_be_read_with_get() {
    let request = museum().request(&Operation::Article("1".into()));
    assert_eq!(request.method, Method::Get);
    assert!(request.url.starts_with("https://museum.test/graphql?query=query%28%24id"));
    assert!(request.url.ends_with("&variables=%7B%22id%22%3A%221%22%7D&key=public"));
    assert_eq!(request.body, None);
}

#[test]
fn trees_of_blocks_become_content() {
    let response = answered(&json!({ "data": { "story": story() } }));
    let article: Article = museum().read(&Operation::Article("1".into()), &response);
    let body = article.body.unwrap();
    assert_eq!(body.format, BodyFormat::Html);
    let content = from_html(&body.value);
    assert!(content.problems.is_empty(), "{:?}", content.problems);
    let kinds: Vec<_> = content.blocks.iter().map(|block| &block.kind).collect();
    assert!(matches!(kinds[0], BlockKind::Heading { .. }));
    let BlockKind::List { items, .. } = kinds[1] else { panic!("{kinds:?}") };
    assert!(matches!(&items[1][0].kind, BlockKind::List { items, .. } if items.len() == 1));
    assert!(matches!(kinds[2], BlockKind::Paragraph(_)));
    let langs: Vec<_> = article.versions.iter().map(|version| version.lang.as_str()).collect();
    assert_eq!(langs, ["en", "vi"]);
}

#[test]
fn errors_of_a_query_are_a_failure_only_without_data() {
    let errors = json!([{ "message": "No such story", "path": ["story", 0] }]);
    let article = Operation::Article("1".into());
    let nothing = answered(&json!({ "data": null, "errors": errors }));
    assert_eq!(
        museum().failure(&article, &nothing),
        Failure::from(Refused { reason: "story.0: No such story".into(), field: None, kind: None })
    );
    let partly = answered(&json!({ "data": { "story": story() }, "errors": errors }));
    let (_, notes) = museum().decode(&article, &partly).unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].ends_with("story.0: No such story"), "{notes:?}");
    let missing = answered(&json!({ "data": { "story": null } }));
    assert_eq!(museum().failure(&article, &missing), Failure::NotFound);
}

#[test]
fn registers_and_notices_are_endpoints_like_any() {
    let acts = json!({ "data": { "acts": [{
        "no": "10-NQ/TU", "name": "Nghị quyết", "day": "2013-12-27T00:00:00", "by": "Thành ủy",
        "scan": "/scan.pdf", "changes": ["9-NQ/TU"],
    }]}});
    let list = Operation::Documents(DocumentFilter::default());
    let page: Page<DocumentEntry> = museum().read(&list, &answered(&acts));
    let entry = &page.items[0];
    assert_eq!(entry.issued.unwrap().to_string(), "2013-12-27");
    assert_eq!(entry.issuer.as_ref().unwrap().name, "Thành ủy");
    let one = Operation::Document("10-NQ/TU".into());
    let document: Document = museum().read(&one, &answered(&acts));
    assert_eq!(document.files[0].url, "https://museum.test/scan.pdf");
    assert_eq!(document.amends[0].number, "9-NQ/TU");
    let alerts =
        json!({ "data": { "alerts": [{ "id": 1, "say": "Bão số 9", "at": 1_481_247_120 }] } });
    let page: Page<Notice> = museum().read(&Operation::Notices, &answered(&alerts));
    assert!(page.items[0].dismissible);
    assert_eq!(page.items[0].level.wire(), "warning");
}
