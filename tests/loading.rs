//! In the browser: what a page asks a backend for, and what it makes of the answers.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use haidang::{
    backend::{Loader, Mode, early_requests, fetch_text},
    pages::{self, ArticleData, DocumentsData, Failed, ListData, Loaded, NotFound, SearchData},
};
use haidang_engine::{
    content::{BlockKind, Href, Inline},
    model::{Key, NewComment},
    profile::{Failure, Operation, Portal, Reader, Write},
    route::{DocumentFilter, List, ListKind, Page, Route},
};
use js_sys::{Map, Object, Promise, Reflect};
use serde_json::{Value, json};
use support::{
    PORTAL,
    backend::Backend,
    lang,
    samples::{article, comment, document, headline, version, with},
};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::AbortController;

wasm_bindgen_test_configure!(run_in_browser);

/// Asks on behalf of a reader of `code` who also reads `reads`.
fn loader(portal: &str, code: &str, reads: &[&str], mode: Mode) -> Loader {
    let portal = Arc::new(Portal::parse(portal).0.expect("a portal"));
    let reads = reads.iter().map(|code| lang(code)).collect();
    let abort = AbortController::new().expect("a controller").signal();
    Loader::new(portal, lang(code), reads, mode, abort)
}

async fn load(code: &str, reads: &[&str], page: Page) -> Loaded {
    let route = Route { lang: lang(code), page };
    pages::load(&loader(PORTAL, code, reads, Mode::Network), &route).await
}

fn article_page(id: &str) -> Page {
    Page::Article { key: Key::of(id), slug: String::new() }
}

fn article_of(loaded: &Loaded) -> Arc<ArticleData> {
    loaded.of().expect("an article")
}

/// A Vietnamese article that also exists in English and Japanese, whichever is asked for.
fn in_three_languages(url: &str) -> (u16, Value) {
    let (id, code) = match url {
        url if url.contains("/e9") => ("e9", "en"),
        url if url.contains("/j9") => ("j9", "ja"),
        _ => ("9", "vi"),
    };
    let versions = json!([
        version("9", "vi", "original"),
        version("e9", "en", "translation"),
        version("j9", "ja", "machine"),
    ]);
    let changes = json!({"key": {"id": id}, "work": "9", "lang": code});
    (200, with(article("9", changes), json!({ "versions": versions })))
}

#[wasm_bindgen_test]
async fn an_article_is_shown_in_the_language_that_suits_the_reader_best() {
    for (code, reads, shown) in [
        ("vi", [].as_slice(), "9"),
        ("en", &[], "e9"),
        // Neither Chinese nor Korean is there: what else the reader reads, then the portal's order.
        ("zh", &["ko", "ja"], "j9"),
        ("ko", &[], "9"),
    ] {
        let _backend = Backend::answering(|asked| in_three_languages(&asked.url));
        let loaded = load(code, reads, article_page("9")).await;
        assert_eq!(article_of(&loaded).article.headline.key.id, shown, "{code}");
        // The address becomes that of the version that is shown.
        assert_eq!(loaded.route.href(), format!("{code}/article/{shown}/bai"));
    }
}

#[wasm_bindgen_test]
async fn a_body_becomes_blocks_and_is_not_kept_as_it_came() {
    let body = json!({"format": "html", "value": "<p>Một<script>alert(1)</script></p>"});
    let _backend = Backend::answering(move |_| {
        (200, with(article("b1", json!({})), json!({ "body": body.clone() })))
    });
    let loaded = load("vi", &[], article_page("b1")).await;
    let data = article_of(&loaded);
    assert!(data.article.body.is_none());
    let content = data.content.as_ref().expect("a text");
    assert_eq!(haidang_engine::content::text(&content.blocks), "Một");
}

#[wasm_bindgen_test]
async fn a_body_is_read_once_for_each_answer_that_says_something_new() {
    let text = Rc::new(RefCell::new("Một"));
    let _backend = Backend::answering({
        let text = text.clone();
        move |_| {
            let value = format!("<p>{}</p>", text.borrow());
            let body = json!({"body": {"format": "html", "value": value}});
            (200, with(article("once", json!({})), body))
        }
    });
    let portal = loader(PORTAL, "vi", &[], Mode::Cached).portal;
    let read = async |portal: &Arc<Portal>, mode: Mode| {
        let abort = AbortController::new().expect("a controller").signal();
        let loader = Loader::new(portal.clone(), lang("vi"), Vec::new(), mode, abort);
        let route = Route { lang: lang("vi"), page: article_page("once") };
        let data = article_of(&pages::load(&loader, &route).await);
        data.content.clone().expect("a text")
    };
    let first = read(&portal, Mode::Cached).await;
    assert!(Arc::ptr_eq(&first, &read(&portal, Mode::Cached).await));
    // The network says the same.
    assert!(Arc::ptr_eq(&first, &read(&portal, Mode::Network).await));
    // Elsewhere its links may lead to other pages.
    let another = loader(PORTAL, "vi", &[], Mode::Cached).portal;
    assert!(!Arc::ptr_eq(&first, &read(&another, Mode::Cached).await));
    *text.borrow_mut() = "Hai";
    let newer = read(&portal, Mode::Network).await;
    assert_eq!(haidang_engine::content::text(&newer.blocks), "Hai");
    assert!(Arc::ptr_eq(&newer, &read(&portal, Mode::Cached).await));
}

#[wasm_bindgen_test]
async fn all_versions_of_a_work_share_a_thread_unless_the_portal_has_it_otherwise() {
    let by_version = PORTAL.replace(
        r#""id": "test""#,
        r#""id": "test", "comments": {"source": "city", "scope": "version"}"#,
    );
    let none =
        PORTAL.replace(r#""id": "test""#, r#""id": "test", "features": {"comments": false}"#);
    for (portal, thread) in
        [(PORTAL, Some(("", "9"))), (&by_version, Some(("city", "e9"))), (&none, None)]
    {
        let _backend = Backend::answering(|asked| in_three_languages(&asked.url));
        let loader = loader(portal, "en", &[], Mode::Network);
        let route = Route { lang: lang("en"), page: article_page("e9") };
        let data = article_of(&pages::load(&loader, &route).await);
        let place = data.thread.as_ref();
        let place = place.map(|place| (place.source.as_str(), place.id.as_str()));
        assert_eq!(place, thread);
    }
}

#[wasm_bindgen_test]
async fn what_is_not_there_is_not_found_and_what_fails_has_failed() {
    for (status, failure) in [(404, None), (410, None), (403, Some(Failure::Forbidden))] {
        let _backend = Backend::answering(move |_| (status, json!({})));
        let loaded = load("vi", &[], article_page("x")).await;
        match &failure {
            None => assert!(loaded.of::<NotFound>().is_some()),
            Some(failure) => assert_eq!(&loaded.of::<Failed>().expect("a failure").0, failure),
        }
    }
}

#[wasm_bindgen_test]
async fn an_answer_that_makes_no_sense_has_failed_with_the_place_for_the_developer() {
    let _backend = Backend::answering(|_| (200, json!({"headline": {"key": {"id": "m"}}})));
    let loaded = load("vi", &[], article_page("m")).await;
    let failed = loaded.of::<Failed>().expect("a failure");
    let Failure::Unreadable { cause } = &failed.0 else { panic!("it was read") };
    assert!(cause.starts_with("answer.headline."), "{cause}");
}

fn list(cursor: Option<&str>) -> Page {
    Page::List(List {
        kind: ListKind::Section,
        key: Key::of("news"),
        organisation: None,
        cursor: cursor.map(str::to_owned),
    })
}

#[wasm_bindgen_test]
async fn the_last_page_of_a_list_adds_what_other_languages_have_no_work_twice() {
    let backend = Backend::answering(|asked| {
        let work = |id: &str, work: &str| with(headline(id), json!({ "work": work }));
        let items = match &*asked.url {
            url if !url.contains("missing=ko") => json!([work("1", "w1")]),
            url if url.contains("lang=vi") => json!([work("2", "w2"), work("3", "w3")]),
            url if url.contains("lang=en") => json!([work("e2", "w2"), work("e4", "w4")]),
            _ => json!([work("j3", "w3")]),
        };
        (200, json!({ "items": items }))
    });
    let loaded = load("ko", &["ja"], list(None)).await;
    let data = loaded.of::<ListData>().expect("a list");
    let more: Vec<(&str, Vec<&str>)> = data
        .more
        .iter()
        .map(|(lang, items)| {
            (lang.as_str(), items.iter().map(|item| item.key.id.as_str()).collect())
        })
        .collect();
    assert_eq!(
        more,
        [("ja", vec!["j3"]), ("vi", vec!["2"]), ("en", vec!["e4"])].map(|x| x.clone())
    );
    assert_eq!(backend.asked().len(), 4);
}

#[wasm_bindgen_test]
async fn a_list_that_goes_on_asks_no_other_language() {
    let backend = Backend::answering(|_| {
        (200, json!({"items": [headline("1")], "next": "c2", "previous": "c0"}))
    });
    let loaded = load("vi", &["en"], list(Some("c1"))).await;
    let data = loaded.of::<ListData>().expect("a list");
    assert!(data.more.is_empty());
    let addresses = backend.addresses();
    assert_eq!(addresses.len(), 1);
    assert!(addresses[0].contains("section=news") && addresses[0].contains("cursor=c1"));
}

#[wasm_bindgen_test]
async fn another_language_that_cannot_be_had_leaves_the_list_whole() {
    let _backend = Backend::answering(|asked| match asked.url.contains("missing") {
        true => (403, json!({})),
        false => (200, json!({"items": [headline("1")]})),
    });
    let loaded = load("en", &[], list(None)).await;
    let data = loaded.of::<ListData>().expect("a list");
    assert_eq!((data.page.items.len(), data.more.len()), (1, 0));
}

#[wasm_bindgen_test]
async fn a_search_for_nothing_asks_nobody_and_one_without_register_still_finds_articles() {
    let search = |query: &str| Page::Search { query: query.to_owned(), cursor: None };
    let backend = Backend::answering(|asked| match asked.url.contains("/documents") {
        true => (403, json!({})),
        false => (200, json!({"items": [headline("1")], "next": "n", "total": 40})),
    });
    let nothing = load("vi", &[], search("")).await;
    assert!(nothing.of::<SearchData>().expect("a search").query.is_empty());
    assert!(backend.asked().is_empty());
    let found = load("vi", &[], search("cảng")).await;
    let data = found.of::<SearchData>().expect("a search");
    assert_eq!((data.articles.items.len(), data.documents.items.len()), (1, 0));
}

#[wasm_bindgen_test]
async fn what_was_answered_is_shown_again_from_memory_and_when_the_network_is_gone() {
    let status = Rc::new(Cell::new(200));
    let backend = Backend::answering({
        let status = status.clone();
        move |_| (status.get(), article("m1", json!({})))
    });
    let route = Route { lang: lang("vi"), page: article_page("m1") };
    let again = async |mode| pages::load(&loader(PORTAL, "vi", &[], mode), &route).await;
    let first = again(Mode::Cached).await;
    assert!(!first.memory.is_stale && first.memory.since.is_none());
    again(Mode::Cached).await;
    assert_eq!(backend.asked().len(), 1);
    status.set(503);
    let stale = again(Mode::Network).await;
    assert!(stale.memory.since.is_some());
    assert_eq!(article_of(&stale).article.headline.key.id, "m1");
    // What is withdrawn is not shown from memory.
    status.set(410);
    assert!(again(Mode::Network).await.of::<NotFound>().is_some());
    assert!(again(Mode::Cached).await.of::<NotFound>().is_some());
}

/// What the start-up script of index.html has asked for: an answer by its address.
fn early(url: &str, answer: &Value) -> Map {
    let base = haidang::backend::document_base().expect("a base");
    let url = web_sys::Url::new_with_base(url, &base).expect("an address").href();
    let response = web_sys::Response::new_with_opt_str(Some(&answer.to_string())).expect("one");
    let early = Map::new();
    early.set(&url.into(), &Promise::resolve(&response));
    let haidang = Object::new();
    Reflect::set(&haidang, &"early".into(), &early).expect("set");
    Reflect::set(&js_sys::global(), &"haidang".into(), &haidang).expect("set");
    early
}

#[wasm_bindgen_test]
async fn what_was_asked_early_is_taken_over_once() {
    let backend = Backend::answering(|_| (200, article("late", json!({}))));
    let early = early("api/v1/articles/y1?lang=vi", &article("early", json!({})));
    early_requests().await;
    let first = load("vi", &[], article_page("y1")).await;
    assert_eq!(article_of(&first).article.headline.title, "Bài early");
    assert!(backend.asked().is_empty());
    assert_eq!(early.size(), 0);
    let second = load("vi", &[], article_page("y1")).await;
    assert_eq!(article_of(&second).article.headline.title, "Bài late");
}

#[wasm_bindgen_test]
async fn what_was_asked_early_and_not_taken_is_not_taken_for_new_later() {
    let _backend = Backend::answering(|_| (200, article("late", json!({}))));
    let _early = early("api/v1/articles/y3?lang=vi", &article("early", json!({})));
    early_requests().await;
    let minute = "globalThis.clock = Date.now; Date.now = () => clock() + 60_000";
    js_sys::eval(minute).expect("a clock");
    let page = load("vi", &[], article_page("y3")).await;
    js_sys::eval("Date.now = globalThis.clock").expect("the clock");
    assert_eq!(article_of(&page).article.headline.title, "Bài late");
}

#[wasm_bindgen_test]
async fn what_was_asked_early_answers_nothing_that_is_sent() {
    let backend = Backend::answering(|_| (201, comment("8", None, "Bình")));
    let early = early("api/v1/articles/y2/comments", &json!({"items": []}));
    let operation = said("y2");
    let loader = loader(PORTAL, "vi", &[], Mode::Network);
    let request = loader.resolve("", &operation).await.expect("a request");
    let taken = loader.deliver("", &operation, &request).await;
    assert_eq!(taken.map(|comment| comment["id"].clone()), Ok("8".into()));
    assert_eq!(backend.posted().len(), 1);
    assert_eq!(early.size(), 1);
}

#[wasm_bindgen_test]
async fn a_read_that_failed_for_the_moment_is_tried_again_and_a_comment_is_not() {
    let answers = Rc::new(RefCell::new(vec![200, 502]));
    let backend = Backend::answering({
        let answers = answers.clone();
        move |_| (answers.borrow_mut().pop().unwrap_or(502), article("t1", json!({})))
    });
    let loaded = load("vi", &[], article_page("t1")).await;
    assert_eq!(article_of(&loaded).article.headline.key.id, "t1");
    assert_eq!(backend.asked().len(), 2);
    let operation = said("t1");
    let loader = loader(PORTAL, "vi", &[], Mode::Network);
    let request = loader.resolve("", &operation).await.expect("a request");
    let taken = loader.deliver("", &operation, &request).await;
    assert_eq!(taken, Err(Failure::Broken { status: 502 }));
    assert_eq!(backend.posted().len(), 1);
}

/// Something new to say in a thread.
fn said(thread: &str) -> Operation {
    let comment = NewComment { author: "A".into(), text: "B".into(), ..NewComment::default() };
    Operation::Write {
        thread: thread.into(),
        write: Write::Post(Box::new(comment)),
        key: "k".into(),
        reader: Reader::default(),
    }
}

/// Lets what waits wait for no time at all, until it is dropped.
struct Hurry(JsValue);

impl Hurry {
    fn begin() -> Self {
        let global = js_sys::global();
        let timer = Reflect::get(&global, &"setTimeout".into()).expect("a timer");
        js_sys::eval("{ const wait = setTimeout; globalThis.setTimeout = (f) => wait(f, 5) }")
            .expect("a timer");
        Self(timer)
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"setTimeout".into(), &self.0).expect("set");
    }
}

#[wasm_bindgen_test]
async fn a_file_of_the_portal_that_is_held_is_not_waited_for_for_ever() {
    let backend = Backend::responding(|_| None);
    let hurry = Hurry::begin();
    assert_eq!(fetch_text("portal.json").await, Err(Failure::TimedOut));
    assert_eq!(fetch_text("locales/vi.json").await, Err(Failure::TimedOut));
    drop(hurry);
    // Nor is the connection kept.
    assert_eq!(backend.given_up(), [true, true]);
}

#[wasm_bindgen_test]
async fn a_file_of_the_portal_that_fails_for_the_moment_is_asked_for_again() {
    let statuses = Rc::new(RefCell::new(vec![200, 503, 502]));
    let backend = Backend::answering({
        let statuses = statuses.clone();
        move |_| (statuses.borrow_mut().pop().unwrap_or(404), json!("text"))
    });
    let hurry = Hurry::begin();
    assert_eq!(fetch_text("portal.json").await.as_deref(), Ok("\"text\""));
    drop(hurry);
    assert_eq!(backend.asked().len(), 3);
    assert_eq!(fetch_text("portal.json").await, Err(Failure::NotFound));
}

#[wasm_bindgen_test]
async fn a_server_says_in_seconds_or_by_a_date_when_to_come_again() {
    let in_a_minute = js_sys::Date::new(&(js_sys::Date::now() + 60_000.0).into());
    let date = String::from(in_a_minute.to_utc_string());
    for (header, least, most) in [("60", 60, 60), (&date, 55, 61)] {
        let header = header.to_owned();
        let _backend = Backend::responding(move |_| {
            let options = web_sys::ResponseInit::new();
            options.set_status(429);
            let response = web_sys::Response::new_with_opt_str_and_init(None, &options);
            let response = response.expect("a response");
            response.headers().set("Retry-After", &header).expect("a header");
            Some(response)
        });
        let loaded = load("vi", &[], article_page("busy")).await;
        let failed = loaded.of::<Failed>().expect("a failure");
        let Failure::Busy { retry_after } = failed.0 else { panic!("not busy") };
        assert!((least..=most).contains(&retry_after), "{retry_after}");
    }
}

#[wasm_bindgen_test]
async fn an_answer_is_new_only_if_it_is_another_than_before() {
    let title = Rc::new(Cell::new("Một"));
    let _backend = Backend::answering({
        let title = title.clone();
        move |_| (200, article("new", json!({ "title": title.get() })))
    });
    let is_new = async || load("vi", &[], article_page("new")).await.memory.is_new;
    assert!(is_new().await);
    assert!(!is_new().await);
    title.set("Hai");
    assert!(is_new().await);
}

#[wasm_bindgen_test]
async fn a_register_that_cannot_say_what_it_holds_still_lists_its_documents() {
    let _backend = Backend::answering(|asked| match asked.url.contains("/register") {
        true => (403, json!({})),
        false => (200, json!({"items": [document("d1", "10-NQ/TU")]})),
    });
    let loaded = load("vi", &[], Page::Documents(DocumentFilter::default())).await;
    let data = loaded.of::<DocumentsData>().expect("a register");
    assert_eq!((data.page.items.len(), data.register.is_none()), (1, true));
}

#[wasm_bindgen_test]
async fn what_is_switched_off_has_no_page_and_asks_nobody() {
    let off = r#""id": "off", "features": {"search": false, "press": false, "documents": false}"#;
    let portal = PORTAL.replace(r#""id": "test""#, off);
    let backend = Backend::answering(|_| (200, json!({})));
    for page in [
        Page::Documents(DocumentFilter::default()),
        Page::Document(Key::of("d1")),
        Page::Press,
        Page::Search { query: "cảng".to_owned(), cursor: None },
    ] {
        let loader = loader(&portal, "vi", &[], Mode::Network);
        let loaded = pages::load(&loader, &Route { lang: lang("vi"), page }).await;
        assert!(loaded.of::<NotFound>().is_some());
    }
    assert!(backend.asked().is_empty());
}

#[wasm_bindgen_test]
async fn what_a_body_points_at_is_of_its_source() {
    let portal = PORTAL.replace(r#""base": "api/v1"#, r#""base": "https://agency.example/api/v1"#);
    let body = json!({"format": "html", "value": "<p><a href=/tin>tin</a></p>"});
    let _backend = Backend::answering(move |_| {
        (200, with(article("rel", json!({})), json!({ "body": body.clone() })))
    });
    let loader = loader(&portal, "vi", &[], Mode::Network);
    let route = Route { lang: lang("vi"), page: article_page("rel") };
    let data = article_of(&pages::load(&loader, &route).await);
    let blocks = &data.content.as_ref().expect("a text").blocks;
    let BlockKind::Paragraph(line) = &blocks[0].kind else { panic!("no paragraph") };
    let there = Href::External("https://agency.example/tin".to_owned());
    assert!(matches!(&line[0], Inline::Link { href, .. } if *href == there));
}

#[wasm_bindgen_test]
async fn a_document_is_in_the_languages_that_its_title_is_not_known_to_lack() {
    let _backend = Backend::answering(|_| (200, json!({"entry": document("d1", "10-NQ/TU")})));
    for (code, missing) in [("vi", None), ("ja", Some("ja"))] {
        let loaded = load(code, &[], Page::Document(Key::of("d1"))).await;
        for other in ["vi", "en", "ja"] {
            let exists = loaded.in_language(&lang(other)).1;
            assert_eq!(exists, missing != Some(other), "{other} from {code}");
        }
    }
}
