//! What is wrong, in profiles and in answers: each with its message, and what was good still there.

use haidang_engine::{
    model::{Comment, Headline, Page},
    profile::{Failure, Headlines, Operation, Profile, Response, Rules, Write},
    time::Timestamp,
};
use serde_json::{Value, json};

use crate::support::{Backend, answered, write, written};

fn error(profile: &Value) -> String {
    Profile::from_value(profile).0.unwrap_err()
}

fn profile(more: &Value) -> Value {
    let mut profile = json!({
        "name": "p",
        "list": {
            "get": "{+base}/list{?cursor}", "items": "body.items", "each": "item",
            "next": "body.next", "previous": "body.previous", "total": "body.total",
        },
        "comments": { "list": { "get": "{+base}/thread", "each": "{id: item.id, parent: item.parent}", "children": "item.replies" } },
    });
    profile.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    profile
}

fn backend() -> Backend {
    Backend::new(written(&profile(&json!({}))), "https://x.test", &json!({}))
}

fn list(cursor: Option<&str>) -> Operation {
    Operation::Headlines(Headlines { cursor: cursor.map(str::to_owned), ..Headlines::default() })
}

/// Ids of what was read, and the notes.
fn decoded(operation: &Operation, body: &Value) -> (Vec<String>, Vec<String>) {
    let (value, notes) = backend().decode(operation, &answered(body)).unwrap();
    let items = value["items"].as_array().unwrap().iter();
    let id = |item: &Value| {
        let id = item.pointer("/key/id").or(item.get("id")).unwrap();
        id.as_str().unwrap().to_owned()
    };
    (items.map(id).collect(), notes)
}

fn cause(operation: &Operation, response: &Response) -> String {
    match backend().failure(operation, response) {
        Failure::Unreadable { cause } => cause,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_mistake_in_an_expression_shows_its_place() {
    assert_eq!(
        error(
            &json!({ "name": "p", "list": { "get": "{+base}", "each": "{id: item.id, title: item.[}" } })
        ),
        "p.list.each: expected an expression, found \"}\" (line 1, column 28)\n    \
         {id: item.id, title: item.[}\n                               ^"
    );
    assert_eq!(
        error(&json!({ "name": "p", "list": { "get": "{+base}", "each": 7 } })),
        "p.list.each: expected an expression (JMESPath), found a number"
    );
}

#[test]
fn an_unknown_variable_of_a_template_names_the_known_ones() {
    assert_eq!(
        error(&json!({
            "name": "p", "params": { "site": {} },
            "article": { "get": "{+base}/{ids}", "vars": { "x": "lang" } },
        })),
        "p.article.get: unknown variable \"ids\", did you mean \"id\"?; known are base, lang, id, x, site"
    );
    assert_eq!(
        error(&json!({ "name": "p", "article": { "get": "{+base" } })),
        "p.article.get: expected a URI template, found an unclosed brace at byte 0 of \"{+base\""
    );
}

#[test]
fn an_unknown_key_warns_with_the_nearest() {
    let (profile, notes) = Profile::from_value(&json!({
        "name": "p", "list": { "get": "{+base}", "itmes": "body" }, "serach": {},
    }));
    assert!(profile.is_ok());
    assert_eq!(
        notes,
        [
            "p: unknown key \"serach\", did you mean \"search\"?",
            "p.list: unknown key \"itmes\", did you mean \"items\"?",
        ]
    );
}

#[test]
fn what_does_not_make_sense_is_said() {
    for (more, message) in [
        (json!({ "list": {} }), "p.list: expected `get`, `to` or `sse`, found none"),
        (
            json!({ "search": { "like": "lists" } }),
            "p.search.like: expected an endpoint that is itself written out, found \"lists\"",
        ),
        (json!({ "shape": "graphql" }), "p.list.query: expected a GraphQL query, found nothing"),
        (json!({ "shape": "xml" }), "p.shape: expected \"jsonapi\" or \"graphql\", found \"xml\""),
        (
            json!({ "zone": "noon" }),
            "p.zone: expected UTC, an offset such as \"+07:00\" or a name such as \"Europe/Paris\", found \"noon\"",
        ),
        (
            json!({ "routes": { "article": ["/about"] } }),
            "p.routes.article: expected a pattern with {id}, found \"/about\"",
        ),
        (
            json!({ "tables": { "t": { "items": "body" } } }),
            "p.tables.t: expected `items` with `key`, found one of them",
        ),
        (
            json!({ "error": "part('oops', item)", "parts": { "a": "item" } }),
            "p.error: expected a part of the profile (a), found \"oops\" (line 1, column 1)\n    \
             part('oops', item)\n    ^",
        ),
    ] {
        assert_eq!(error(&profile(&more)), message);
    }
    assert!(Profile::parse("{").0.unwrap_err().starts_with("profile: cut off"));
}

#[test]
fn an_expression_of_the_wrong_type_says_path_expected_and_found() {
    let operation = list(None);
    let response = answered(&json!({ "items": { "a": 1 } }));
    assert_eq!(
        cause(&operation, &response),
        "GET https://x.test/list: p.list.items: expected a list, found an object"
    );
    let (ids, notes) = decoded(
        &operation,
        &json!({ "items": [{ "id": 1 }, "two", { "id": [3] }, { "title": "4" }, { "id": 5, "title": ["5"] }] }),
    );
    assert_eq!(ids, ["1", "5"]);
    assert_eq!(
        notes,
        [
            "GET https://x.test/list: p.list.items[1]: expected an object, found \"two\"",
            "GET https://x.test/list: p.list.items[2].id: expected an id (text or number), found a list",
            "GET https://x.test/list: p.list.items[3].id: expected an id (text or number), found null",
            "GET https://x.test/list: p.list.items[4].title: expected text, found a list",
        ]
    );
}

#[test]
fn a_function_that_fails_costs_one_item() {
    let mut profile = profile(&json!({}));
    profile["list"]["each"] = json!("{id: item.id, title: join(', ', item.words)}");
    let backend = Backend::new(written(&profile), "https://x.test", &json!({}));
    let body = json!({ "items": [{ "id": 1, "words": ["a", "b"] }, { "id": 2, "words": 7 }] });
    let (value, notes) = backend.decode(&list(None), &answered(&body)).unwrap();
    assert_eq!(value["items"].as_array().unwrap().len(), 1);
    assert_eq!(
        notes,
        ["GET https://x.test/list: p.list.items[1]: join(), argument 2: expected a list, found 7"]
    );
}

#[test]
fn the_same_cursor_twice_ends_the_list() {
    let body = json!({ "items": [{ "id": 1 }], "next": "a" });
    let response = answered(&body);
    let (value, notes) = backend().decode(&list(Some("a")), &response).unwrap();
    assert_eq!(value["next"], Value::Null);
    assert_eq!(
        notes,
        [
            "GET https://x.test/list?cursor=a: p.list.next: the cursor \"a\" came twice: the list ends here"
        ]
    );
    let page: Page<Headline> = backend().read(&list(None), &response);
    assert_eq!(page.next.as_deref(), Some("a"));
}

#[test]
fn a_page_of_nothing_has_nothing_after_it() {
    let body = json!({ "items": [], "next": "b" });
    let page: Page<Headline> = backend().read(&list(Some("a")), &answered(&body));
    assert_eq!(page.next, None);
}

#[test]
fn a_total_that_lies_is_left_out() {
    let note = |total: Value| {
        let body = json!({ "items": [{ "id": 1 }, { "id": 2 }], "total": total });
        let (value, notes) = backend().decode(&list(None), &answered(&body)).unwrap();
        (value["total"].clone(), notes)
    };
    assert_eq!(note(json!("12")), (json!(12), vec![]));
    let (total, notes) = note(json!(1));
    assert_eq!(total, Value::Null);
    assert_eq!(notes, ["GET https://x.test/list: p.list.total: expected at least 2, found 1"]);
    let (_, notes) = note(json!("many"));
    assert_eq!(
        notes,
        ["GET https://x.test/list: p.list.total: expected a whole number, found \"many\""]
    );
}

#[test]
fn an_id_twice_is_shown_once() {
    let (ids, notes) =
        decoded(&list(None), &json!({ "items": [{ "id": 1 }, { "id": "1" }, { "id": 2 }] }));
    assert_eq!(ids, ["1", "2"]);
    assert_eq!(
        notes,
        [
            "GET https://x.test/list: p.list.items[1].id: \"1\" is there twice, the later one is left out"
        ]
    );
}

#[test]
fn a_date_that_is_none_is_left_out() {
    let (ids, notes) =
        decoded(&list(None), &json!({ "items": [{ "id": 1, "published": "soon" }] }));
    assert_eq!(ids, ["1"]);
    assert_eq!(
        notes,
        [
            "GET https://x.test/list: p.list.items[0].published: expected a date and time, found \"soon\""
        ]
    );
}

#[test]
fn a_circle_of_parents_is_said_and_all_are_there() {
    let thread = Operation::comments("t");
    let comment = |id: u64, parent: u64| json!({ "id": id, "parent": parent });
    let body = json!([
        comment(1, 3),
        comment(2, 1),
        comment(3, 2),
        comment(4, 1),
        comment(5, 5),
        comment(6, 99)
    ]);
    let (ids, notes) = decoded(&thread, &body);
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(
        notes,
        ["GET https://x.test/thread: p.comments.list.parent: a circle: 1 → 3 → 2 → 1"]
    );
}

#[test]
fn html_where_json_should_be_is_said() {
    let mut response = answered(&Value::Null);
    response.body = "<!doctype html><title>Sign in &amp; go</title>".into();
    assert_eq!(
        cause(&list(None), &response),
        "GET https://x.test/list: expected JSON, found HTML (\"Sign in & go\")"
    );
    response.url = "https://x.test/login?next=/list".into();
    assert_eq!(
        cause(&list(None), &response),
        "GET https://x.test/list: led to https://x.test/login?next=/list: expected JSON, found HTML \
         (\"Sign in & go\")"
    );
    response.url.clear();
    response.body = "{\"items\": [".into();
    assert_eq!(
        cause(&list(None), &response),
        "GET https://x.test/list: cut off at line 1 column 12"
    );
}

#[test]
fn a_cursor_that_is_an_address_stays_on_the_host() {
    let mut profile = profile(&json!({}));
    profile["list"]["get"] = json!("{+base}/list");
    let backend = Backend::new(written(&profile), "https://x.test/api", &json!({}));
    assert_eq!(
        backend.url(&list(Some("https://x.test/api/list?page=2"))),
        "https://x.test/api/list?page=2"
    );
    assert_eq!(backend.url(&list(Some("/other?page=2"))), "https://x.test/other?page=2");
    for cursor in
        ["https://y.test/list", "//y.test/list", "https://x.test.y.test/list", "http://x.test/"]
    {
        let planned = backend.profile.plan(&list(Some(cursor)), &backend.source, &backend.lang);
        assert_eq!(
            planned.unwrap_err(),
            Failure::Unreadable {
                cause: format!(
                    "p.list.next: expected an address of https://x.test/api, found \"{cursor}\""
                )
            }
        );
    }
}

#[test]
fn a_cursor_that_is_the_backends_own_address_goes_through_the_proxy() {
    let mut profile = profile(&json!({}));
    profile["list"]["get"] = json!("{+base}/list");
    let more = json!({ "behind": "https://city.test/api/" });
    let backend = Backend::new(written(&profile), "proxy/city", &more);
    for (cursor, asked) in [
        ("https://city.test/api/list?page=2", "proxy/city/list?page=2"),
        ("https://city.test/api?page=2", "proxy/city?page=2"),
    ] {
        assert_eq!(backend.url(&list(Some(cursor))), asked);
    }
    for cursor in ["https://city.test/apiary", "https://city.test/", "https://y.test/api/list"] {
        let planned = backend.profile.plan(&list(Some(cursor)), &backend.source, &backend.lang);
        assert!(matches!(planned, Err(Failure::Unreadable { .. })), "{cursor}");
    }
}

#[test]
fn a_zone_nobody_knows_is_said() {
    let mut named = profile(&json!({}));
    named["zone"] = json!("Mars/Base");
    let none = |_: &str, _: Timestamp| None;
    assert_eq!(
        written(&named).with_zones(Rules(none)).unwrap_err(),
        "p.zone: expected a zone known here, found \"Mars/Base\""
    );
}

#[test]
fn statuses_decide_where_the_profile_does_not() {
    let status = |status: u16| {
        let response = Response { status, body: "{}".into(), ..Response::default() };
        backend().failure(&list(None), &response)
    };
    assert_eq!(status(403), Failure::Forbidden);
    assert_eq!(status(404), Failure::NotFound);
    assert_eq!(status(500), Failure::Broken { status: 500 });
    assert_eq!(status(304), Failure::Broken { status: 304 });
}

#[test]
fn a_thousand_notes_are_fifty() {
    let items: Vec<Value> = (0..1000).map(|_| json!({ "title": "no id" })).collect();
    let (ids, notes) = decoded(&list(None), &json!({ "items": items }));
    assert!(ids.is_empty());
    assert_eq!(notes.len(), 50);
}

#[test]
fn a_picture_has_so_many_sizes_and_no_more() {
    let sizes: Vec<Value> =
        (1..1_000).rev().map(|width| json!({ "url": "/a.jpg", "width": width })).collect();
    let mut profile = profile(&json!({}));
    profile["list"]["each"] = json!("{id: item.id, image: item.image}");
    let backend = Backend::new(written(&profile), "https://x.test", &json!({}));
    let body = json!({ "items": [{ "id": 1, "image": { "url": "/a.jpg", "sizes": sizes } }] });
    let page: Page<Headline> = backend.read(&list(None), &answered(&body));
    assert_eq!(page.items[0].image.as_ref().unwrap().sizes.len(), 50);
}

/// What can be done to the comment 7, and what is said of it.
fn done(each: &Value, response: &Response) -> [Value; 4] {
    let endpoint = json!({ "to": "{+base}/{comment}", "each": each });
    let mut profile = profile(&json!({}));
    for name in ["edit", "delete", "vote", "report"] {
        profile["comments"][name] = endpoint.clone();
    }
    let backend = Backend::new(written(&profile), "https://x.test", &json!({}));
    let comment = || "7".to_owned();
    [
        Write::Edit { comment: comment(), text: "so".to_owned() },
        Write::Delete { comment: comment() },
        Write::Vote { comment: comment(), vote: 1 },
        Write::Report { comment: comment(), reason: "spam".to_owned(), detail: String::new() },
    ]
    .map(|what| backend.decode(&write("t", what), response).unwrap().0)
}

#[test]
fn where_a_backend_says_nothing_of_what_was_done_to_a_comment_nothing_is_made_up() {
    let nothing = [Value::Null, Value::Null, Value::Null, Value::Null];
    let empty = Response { status: 204, ..Response::default() };
    let said = answered(&json!({ "ok": true }));
    assert_eq!(done(&Value::Null, &empty), nothing);
    assert_eq!(done(&Value::Null, &said), nothing);
    assert_eq!(done(&json!("`null`"), &said), nothing);
    assert_eq!(done(&json!("{id: item.id, votes: item.votes}"), &said), nothing);
    let location = vec![("Location".to_owned(), "/votes/99".to_owned())];
    let created = Response { status: 201, headers: location, ..Response::default() };
    assert_eq!(done(&Value::Null, &created), nothing);
}

#[test]
fn what_was_done_to_a_comment_was_done_to_that_one() {
    let said = json!({ "votes": 3, "body": { "format": "text", "value": "so" } });
    let [edited, deleted, voted, reported] = done(&Value::Null, &answered(&said));
    for comment in [edited, deleted, voted] {
        assert_eq!(comment["id"], "7", "{comment}");
        assert_eq!((&comment["votes"], &comment["body"]["value"]), (&json!(3), &json!("so")));
    }
    assert_eq!(reported, Value::Null);
}

#[test]
fn replies_are_followed_two_thousand_deep() {
    let mut text = String::new();
    for id in 0..2000 {
        text.push_str(&format!("[{{\"id\": {id}, \"replies\": "));
    }
    text.push_str("[]");
    text.push_str(&"}]".repeat(2000));
    let response = Response { status: 200, body: text, ..Response::default() };
    let thread = Operation::comments("t");
    let page: Page<Comment> = backend().read(&thread, &response);
    assert_eq!(page.items.len(), 2000);
    assert_eq!(page.items[1999].parent.as_deref(), Some("1998"));
}

#[test]
fn what_nests_without_end_is_refused_and_in_a_thread_left_out() {
    let deep = ["[".repeat(9_000), "]".repeat(9_000)].concat();
    let answer = |body: String| Response { status: 200, body, ..Response::default() };
    let items = answer(format!("{{\"items\": [{{\"id\": 1, \"extra\": {deep}}}]}}"));
    assert!(cause(&list(None), &items).contains("too many lists and objects in one another"));
    let each = "{id: item.id, body: {format: 'text', extra: item, more: merge(item, {a: item}), \
        value: join(' ', [to_string(item.extra == item.extra), to_string(item.extra)])}}";
    let endpoint = json!({ "list": { "get": "{+base}/thread", "each": each } });
    let profile = written(&profile(&json!({ "comments": endpoint })));
    let backend = Backend::new(profile, "https://x.test", &json!({}));
    let thread =
        answer(format!("[{{\"id\": 1, \"extra\": {deep}}}, {{\"id\": 2, \"extra\": []}}]"));
    let (value, _) = backend.decode(&Operation::comments("t"), &thread).unwrap();
    let comments = value["items"].as_array().unwrap();
    let said = |at: usize| comments[at]["body"]["value"].as_str().unwrap();
    assert!(said(0).starts_with("false [[[") && said(0).len() < 400, "{}", said(0));
    assert_eq!(said(1), "true []");
}
