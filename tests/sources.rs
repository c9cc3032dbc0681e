//! In the browser: a portal whose sources are read by profiles, and one that has several.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    backend::{Loader, Mode, learn_offers},
    i18n::msg,
    pages::{self, ArticleData, Failed, FrontData, ListData, Loaded},
    ui,
};
use haidang_engine::{
    model::{Comment, CommentState, Key, NewComment},
    profile::{Failure, Operation, Portal, Reader, Write},
    route::{List, ListKind, Page, Route},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    PORTAL, Stage,
    backend::{Asked, Backend},
    lang,
    samples::{headline, with},
    until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::AbortController;

wasm_bindgen_test_configure!(run_in_browser);

/// A backend that nobody has heard of: its own names, entities in titles, links to its own pages, comments
/// elsewhere.
fn profile() -> Value {
    json!({
        "name": "chronicle",
        "list": {
            "get": "{+base}/stories{?topic,cursor}",
            "vars": { "topic": "params.section" },
            "items": "body.result.rows",
            "each": "{id: item.no, title: html_text(item.head), published: item.at, lang: lang}",
            "next": "body.result.more",
        },
        "article": {
            "get": "{+base}/stories/{id}",
            "items": "body.result",
            "each": "{id: item.no, title: html_text(item.head), lang: lang, body: {value: item.html}, \
                comments_open: `true`}",
        },
        "comments": {
            "list": {
                "get": "{+base}/stories/{thread}/talk",
                "items": "body.talk",
                "each": "{id: item.no, author: item.who, body: {value: item.html}, created: item.at}",
                "children": "item.answers",
            },
            "post": {
                "to": "{+base}/stories/{thread}/talk",
                "body": "{who: params.author, say: params.text}",
                "each": "{id: item.no, state: item.waiting && 'held' || 'published'}",
                "items": "body",
            },
        },
        "routes": { "article": ["/story/{id}"] },
    })
}

/// A portal with these sources.
fn portal(sources: Value) -> String {
    PORTAL.replace(r#"[{"id": "city", "base": "api/v1"}]"#, &sources.to_string())
}

fn chronicle() -> String {
    portal(
        json!([{ "id": "city", "base": "/api/c", "profile": profile(), "site": "https://c.test" }]),
    )
}

async fn loader(portal: &str, mode: Mode) -> Loader {
    let mut portal = Portal::parse(portal).0.expect("a portal");
    learn_offers(&mut portal).await.expect("profiles");
    let abort = AbortController::new().expect("a controller").signal();
    Loader::new(Arc::new(portal), lang("vi"), Vec::new(), mode, abort)
}

async fn load(portal: &str, page: Page) -> Loaded {
    pages::load(&loader(portal, Mode::Network).await, &Route { lang: lang("vi"), page }).await
}

fn news(cursor: Option<&str>) -> Page {
    Page::List(List {
        kind: ListKind::Section,
        key: Key::of("news"),
        organisation: None,
        cursor: cursor.map(str::to_owned),
    })
}

/// Answers as the chronicle does.
fn answer(asked: &Asked) -> (u16, Value) {
    match (&*asked.method, asked.url.split('?').next().unwrap_or_default()) {
        ("POST", _) => (200, json!({ "no": 9, "waiting": asked.body["say"] == "Chờ" })),
        (_, "api/c/stories") => {
            let rows = json!([
                { "no": 7, "head": "B&#225;n &amp; mua", "at": 1_481_247_120 },
                { "head": "no number" },
            ]);
            (200, json!({ "result": { "rows": rows, "more": "c2" } }))
        }
        (_, "api/c/stories/7/talk") => {
            let answers =
                json!([{ "no": 2, "who": "Bình", "html": "<p>Ừ</p>", "at": 1_481_247_300 }]);
            let first = json!({ "no": 1, "who": "An", "html": "<p>Hay</p>", "at": 1_481_247_200,
                "answers": answers });
            (200, json!({ "talk": [first] }))
        }
        (_, "api/c/stories/7") => {
            let html = "<p>Xem <a href=\"https://c.test/story/8\">bài trước</a> và <a href=\"/map\">bản đồ</a></p>";
            (200, json!({ "result": { "no": 7, "head": "B&#225;n", "html": html } }))
        }
        _ => (404, json!({})),
    }
}

#[wasm_bindgen_test]
async fn a_backend_nobody_has_heard_of_gives_lists_and_articles_by_its_profile_alone() {
    let backend = Backend::answering(answer);
    let list = load(&chronicle(), news(None)).await.of::<ListData>().expect("a list");
    assert_eq!(list.page.items.len(), 1, "a bad item costs itself only");
    let item = &list.page.items[0];
    assert_eq!((item.key.id.as_str(), item.title.as_str()), ("7", "Bán & mua"));
    assert_eq!(list.page.next.as_deref(), Some("c2"));
    let about = list.page.about.as_ref().map(|about| about.name.as_str());
    assert_eq!(about, Some("Tin tức"), "the portal's own name: this backend says none");
    assert!(
        backend.addresses()[0].ends_with("api/c/stories?topic=news"),
        "{:?}",
        backend.addresses()
    );
    let page = Page::Article { key: Key::of("7"), slug: String::new() };
    let loaded = load(&chronicle(), page).await;
    let stage = Stage::of(&chronicle(), "vi");
    let shown = RwSignal::new(loaded);
    let _shown = stage.show(|| pages::view(shown));
    assert_eq!(stage.text("h1"), "Bán");
    // The source's own pages are ours, the rest is the source's.
    assert_eq!(stage.attrs(".body a", "href"), ["vi/article/8", "https://c.test/map"]);
}

#[wasm_bindgen_test]
async fn dates_without_a_zone_are_of_the_place_the_profile_names() {
    let portal = |zone: &str| {
        let mut profile = profile();
        profile["zone"] = json!(zone);
        portal(json!([{ "id": "city", "base": "/api/c", "profile": profile }]))
    };
    let _backend = Backend::answering(|_| {
        let row = |no: u32, at: &str| json!({ "no": no, "head": "Tàu", "at": at });
        let rows = [row(1, "2024-07-15 12:00:00"), row(2, "2024-01-15 12:00:00")];
        (200, json!({ "result": { "rows": rows } }))
    });
    let list = load(&portal("Europe/Paris"), news(None)).await.of::<ListData>().expect("a list");
    let published: Vec<_> = list.page.items.iter().filter_map(|item| item.published).collect();
    let published: Vec<_> = published.iter().map(ToString::to_string).collect();
    assert_eq!(published, ["2024-07-15T10:00:00Z", "2024-01-15T11:00:00Z"]);
    let mut unknown = Portal::parse(&portal("Mars/Base")).0.expect("a portal");
    let error = learn_offers(&mut unknown).await.expect_err("no such zone");
    assert!(error.contains("zone: expected a zone known here"), "{error}");
}

#[wasm_bindgen_test]
async fn its_thread_is_read_at_any_depth_and_written_to() {
    let backend = Backend::answering(answer);
    let loader = loader(&chronicle(), Mode::Network).await;
    let operation = Operation::comments("7");
    let thread = loader.ask::<haidang_engine::model::Page<Comment>>("", &operation).await;
    let thread = thread.expect("a thread").items;
    let parents: Vec<_> = thread.iter().map(|one| (&*one.id, one.parent.as_deref())).collect();
    assert_eq!(parents, [("1", None), ("2", Some("1"))]);
    for (text, state) in [("Chào", CommentState::Published), ("Chờ", CommentState::Held)] {
        let comment =
            NewComment { author: "Chi".to_owned(), text: text.to_owned(), ..NewComment::default() };
        let operation = Operation::Write {
            thread: "7".to_owned(),
            write: Write::Post(Box::new(comment)),
            key: "k".to_owned(),
            reader: Reader::default(),
        };
        let request = loader.resolve("", &operation).await.expect("a request");
        let taken = loader.deliver("", &operation, &request).await.expect("taken");
        let taken = support::samples::of::<Comment>(taken);
        assert_eq!((taken.author.as_str(), taken.state), ("Chi", state));
    }
    let sent: Vec<Value> = backend.posted().into_iter().map(|asked| asked.body).collect();
    assert_eq!(sent[0], json!({ "who": "Chi", "say": "Chào" }));
}

#[wasm_bindgen_test]
async fn what_a_profile_lacks_is_not_offered() {
    let _backend = Backend::answering(answer);
    let loader = loader(&chronicle(), Mode::Network).await;
    let features = &loader.portal.features;
    assert!(features.comments);
    assert!(!features.search && !features.documents && !features.press && !features.notices);
    let route = Route { lang: lang("vi"), page: Page::Press };
    assert!(pages::load(&loader, &route).await.of::<pages::NotFound>().is_some());
    // A thread that cannot be written to says so.
    let mut mute = profile();
    mute["comments"].as_object_mut().expect("comments").remove("post");
    let mute = portal(json!([{ "id": "city", "base": "/api/c", "profile": mute }]));
    let page = Page::Article { key: Key::of("7"), slug: String::new() };
    let article = load(&mute, page).await.of::<ArticleData>().expect("an article");
    assert!(!article.thread.as_ref().expect("a thread").is_open);
}

#[wasm_bindgen_test]
async fn a_profile_that_is_wrong_names_the_place() {
    let mut wrong = profile();
    wrong["list"]["each"] = "{id: item.no".into();
    let json = portal(json!([{ "id": "city", "base": "/api/c", "profile": wrong }]));
    let mut portal = Portal::parse(&json).0.expect("a portal");
    let error = learn_offers(&mut portal).await.expect_err("it is wrong");
    assert!(error.starts_with("source \"city\": chronicle.list.each: "), "{error}");
}

#[wasm_bindgen_test]
async fn an_answer_in_html_has_failed_with_the_request_it_came_from() {
    let _backend = Backend::responding(|_| {
        Some(web_sys::Response::new_with_opt_str(Some("<!doctype html><p>Log in")).expect("one"))
    });
    // An address of its own: where something is kept, that is shown.
    let json = portal(json!([{ "id": "city", "base": "/api/login", "profile": profile() }]));
    let loaded = load(&json, news(None)).await;
    let failed = loaded.of::<Failed>().expect("a failure");
    let Failure::Unreadable { cause } = &failed.0 else { panic!("{:?}", failed.0) };
    assert!(cause.contains("api/login/stories") && cause.contains("HTML"), "{cause}");
}

/// A native source and the chronicle at `base`, both with news. What is kept is kept by address.
fn two(base: &str) -> String {
    portal(json!([
        { "id": "city", "base": "/api/v1", "name": { "vi": "Thành phố" }, "sections": { "news": "news" } },
        { "id": "port", "base": base, "name": { "vi": "Cảng vụ" }, "profile": profile(),
          "sections": { "news": "5" } },
    ]))
}

fn of_the_city(asked: &Asked) -> Option<(u16, Value)> {
    let newer = json!({ "published": "2016-12-10T00:00:00Z" });
    let older = json!({ "published": "2016-12-01T00:00:00Z" });
    let items = json!([with(headline("1"), newer), with(headline("2"), older)]);
    let front = json!({ "lead": [], "latest": items, "sections": [], "notices": [] });
    match asked.url.split('?').next() {
        Some("api/v1/articles") => Some((200, json!({ "items": items }))),
        Some("api/v1/front") => Some((200, front)),
        _ => None,
    }
}

#[wasm_bindgen_test]
async fn two_sources_are_one_list_the_newest_first_each_item_saying_whose_it_is() {
    let backend = Backend::answering(|asked| {
        of_the_city(asked).unwrap_or_else(|| {
            let (status, mut value) = answer(asked);
            if let Some(result) = value["result"].as_object_mut() {
                result.remove("more");
            }
            (status, value)
        })
    });
    let loaded = load(&two("/api/c"), news(None)).await;
    assert!(backend.addresses().iter().any(|url| url.ends_with("stories?topic=5")));
    let stage = Stage::of(&two("/api/c"), "vi");
    let shown = RwSignal::new(loaded);
    let _shown = stage.show(|| pages::view(shown));
    let links = stage.attrs(".headlines h2 a", "href");
    let links: Vec<&str> =
        links.iter().map(|href| href.trim_start_matches("vi/article/")).collect();
    assert_eq!(links, ["1/bai", "port:7", "2/bai"]);
    let whose: Vec<String> = stage.texts(".headlines .meta");
    let said = |index: usize, name: &str| whose[index].contains(name);
    assert!(said(0, "Thành phố") && said(1, "Cảng vụ") && said(2, "Thành phố"), "{whose:?}");
}

#[wasm_bindgen_test]
async fn a_source_that_is_down_costs_its_part_only_and_is_named() {
    let _backend = Backend::answering(|asked| of_the_city(asked).unwrap_or((500, json!({}))));
    let loaded = load(&two("/api/down"), news(None)).await;
    assert_eq!(loaded.of::<ListData>().expect("a list").page.items.len(), 2);
    let stage = Stage::of(&two("/api/down"), "vi");
    let shown = RwSignal::new(loaded);
    let _shown = stage.show(|| ui::staleness(shown));
    let text = stage.filled(msg::FAILURE_SOURCES, &[("sources", "Cảng vụ")]);
    until("it says so", || stage.texts(".stale") == [text.clone()]).await;
    let front = load(&two("/api/down"), Page::Front).await.of::<FrontData>().expect("a front page");
    assert_eq!((front.0.lead.len(), front.0.latest.len()), (0, 2));
}
