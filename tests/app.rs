//! In the browser: the whole app over a backend in the test. What happens between two pages.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use haidang::{
    app::App,
    i18n::{Msg, msg},
    navigation::{Kind, Step, scroll_to},
    preferences::{Preferences, storage},
    view::mount,
};
use haidang_engine::{
    model::Key,
    profile::Portal,
    route::{Page, Route, Target},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    PORTAL,
    backend::{Asked, Backend},
    lang, messages,
    samples::{article, with},
    text_of, until,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement};

wasm_bindgen_test_configure!(run_in_browser);

thread_local! {
    /// One for the whole file: it follows the reader for the life of the page.
    static APP: App = start();
}

fn start() -> App {
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let base = document().create_element("base").expect("an element");
    base.set_attribute("href", "/").expect("set");
    document().head().expect("a head").prepend_with_node_1(&base).expect("a place");
    let portal = Arc::new(Portal::parse(PORTAL).0.expect("a portal"));
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    let app = App::new(portal, Preferences::default());
    app.start(&[lang("vi")]);
    std::mem::forget(mount(&document().body().expect("a body"), move || app.view()));
    app
}

/// The app, speaking Vietnamese, over a backend; locales are answered unless `answer` does.
fn app(answer: impl Fn(&Asked) -> Option<(u16, Value)> + 'static) -> (App, Backend) {
    let backend = Backend::answering(move |asked| {
        answer(asked).unwrap_or_else(|| match asked.url.rsplit_once("locales/") {
            Some((_, "vi.json")) => (200, locale(include_str!("../locales/vi.json"))),
            Some(_) => (404, json!({})),
            None => (200, json!({"items": []})),
        })
    });
    let app = APP.with(|app| *app);
    app.i18n.speak(messages("vi"));
    (app, backend)
}

fn locale(json: &str) -> Value {
    serde_json::from_str(json).expect("a locale")
}

fn to(code: &str, id: &str, kind: Kind) -> Step {
    let page = Page::Article { key: Key::of(id), slug: String::new() };
    let target = Target::Route(Route { lang: lang(code), page });
    Step { target, fragment: String::new(), kind }
}

fn find(selector: &str) -> Option<Element> {
    document().query_selector(selector).expect("a selector")
}

fn text(selector: &str) -> String {
    find(selector).map(|element| text_of(&element)).unwrap_or_default()
}

fn said() -> String {
    text("body > p[role=status]")
}

/// Forgets what was said, for to hear it again.
fn hush() {
    if let Some(said) = find("body > p[role=status]") {
        let texts = said.child_nodes();
        (0..texts.length())
            .filter_map(|index| texts.get(index))
            .for_each(|text| text.set_node_value(None));
    }
}

fn click(selector: &str) {
    let element = find(selector).unwrap_or_else(|| panic!("no {selector}"));
    let element: HtmlElement = element.unchecked_into();
    element.focus().expect("focus");
    element.click();
}

fn has_focus(selector: &str) -> bool {
    let focused = document().active_element();
    focused.is_some() && focused == find(selector)
}

fn word(app: App, word: Msg) -> String {
    untrack(|| app.i18n.text(word))
}

#[wasm_bindgen_test]
async fn what_is_tried_again_in_vain_is_said_and_keeps_the_focus_and_what_comes_has_it() {
    let status = Rc::new(Cell::new(403));
    let (app, _backend) = app({
        let status = status.clone();
        move |asked| {
            let is_it = asked.url.contains("articles/again");
            is_it.then(|| (status.get(), article("again", json!({}))))
        }
    });
    app.go(to("vi", "again", Kind::Link));
    until("it has failed", || find(".failed button").is_some()).await;
    click(".failed button");
    let failed = word(app, msg::FAILURE_TITLE);
    until("the failure is said", || said() == failed).await;
    assert!(has_focus(".failed button"));
    status.set(200);
    click(".failed button");
    until("it is there", || find("main article").is_some()).await;
    until("the heading has the focus", || has_focus("main h1")).await;
    let loaded = untrack(|| app.i18n.fill(msg::STATUS_LOADED, &[("title", "Bài again")]));
    until("it is said", || said() == loaded).await;
}

#[wasm_bindgen_test]
async fn a_language_whose_words_do_not_come_is_not_switched_to_until_they_do() {
    let are_there = Rc::new(Cell::new(false));
    let (app, backend) = app({
        let are_there = are_there.clone();
        move |asked| {
            if asked.url.contains("articles/words") {
                return Some((200, article("words", json!({}))));
            }
            let words = || locale(include_str!("../locales/ko.json"));
            (are_there.get() && asked.url.ends_with("ko.json")).then(|| (200, words()))
        }
    });
    let root = document().document_element().expect("a root");
    app.go(to("vi", "words", Kind::Link));
    until("the article is there", || text("main h1") == "Bài words").await;
    app.go(to("ko", "words", Kind::Language));
    until("it is shown", || find(".missed").is_some()).await;
    // In words the reader reads, and with the name of the language that is missing.
    assert!(text(".missed").contains("tiếng Hàn"), "{}", text(".missed"));
    until("it is said", || !said().is_empty() && text(".missed").starts_with(&said())).await;
    assert_eq!(root.get_attribute("lang").as_deref(), Some("vi"));
    let path = window().location().pathname().expect("a path");
    assert!(path.starts_with("/vi/article/words"), "{path}");
    // In vain once more: what was pressed is still there.
    let asked = || backend.addresses().iter().filter(|url| url.ends_with("ko.json")).count();
    assert_eq!(asked(), 1);
    hush();
    click(".missed button");
    until("it is tried", || asked() == 2).await;
    until("it is said again", || !said().is_empty()).await;
    assert!(has_focus(".missed button"));
    are_there.set(true);
    click(".missed button");
    until("it speaks Korean", || root.get_attribute("lang").as_deref() == Some("ko")).await;
    until("nothing is missed", || find(".missed").is_none()).await;
    until("the focus is on the page", || has_focus("main h1")).await;
    let path = window().location().pathname().expect("a path");
    assert!(path.starts_with("/ko/article/words"), "{path}");
}

#[wasm_bindgen_test]
async fn the_focus_leaves_what_goes_before_anything_else_changes() {
    let (app, _backend) = app(|asked| {
        if asked.url.ends_with("ja.json") {
            return Some((200, locale(include_str!("../locales/ja.json"))));
        }
        let (_, id) = asked.url.split_once("articles/leave-")?;
        let id = id.split('?').next().unwrap_or_default();
        Some((200, article(id, json!({}))))
    });
    let root = document().document_element().expect("a root");
    app.go(to("vi", "leave-a", Kind::Link));
    until("it is there", || text("main h1") == "Bài a" && has_focus("main h1")).await;
    // A browser that finds it on what is removed works out the styles of all that is about to go.
    let script = "document.querySelector('main h1').onblur = ({ target }) =>
        (window.left = `${document.documentElement.lang} ${target.isConnected} ${document.title}`)";
    js_sys::eval(script).expect("a script");
    app.go(to("ja", "leave-b", Kind::Language));
    until("it speaks Japanese", || root.get_attribute("lang").as_deref() == Some("ja")).await;
    until("the next heading has it", || text("main h1") == "Bài b" && has_focus("main h1")).await;
    let left = js_sys::eval("window.left").expect("a text").as_string().unwrap_or_default();
    assert!(left.starts_with("vi true Bài a"), "{left}");
}

#[wasm_bindgen_test]
async fn what_is_in_the_header_or_written_in_is_never_left_and_what_stays_is_gone_back_to() {
    let (app, _backend) = app(|asked| {
        asked.url.ends_with("ja.json").then(|| (200, locale(include_str!("../locales/ja.json"))))
    });
    let root = document().document_element().expect("a root");
    let search = |code: &str, kind: Kind| {
        let page = Page::Search { query: String::new(), cursor: None };
        let target = Target::Route(Route { lang: lang(code), page });
        Step { target, fragment: String::new(), kind }
    };
    app.go(search("vi", Kind::Link));
    until("the form is there", || find("main form button[type=submit]").is_some()).await;
    let script = "window.lefts = 0; document.addEventListener('focusout', () => window.lefts++)";
    js_sys::eval(script).expect("a script");
    let lefts = || js_sys::eval("window.lefts").ok().and_then(|number| number.as_f64());
    // The form stays in another language.
    for (field, is_left) in [
        (".languages a", 0.0),
        (".header-search input", 0.0),
        ("main form input", 0.0),
        ("main form button[type=submit]", 1.0),
    ] {
        let element: HtmlElement = find(field).expect("it").unchecked_into();
        element.focus().expect("focus");
        js_sys::eval("window.lefts = 0").expect("a script");
        for code in ["ja", "vi"] {
            hush();
            app.go(search(code, Kind::Language));
            until("it speaks it", || root.get_attribute("lang").as_deref() == Some(code)).await;
            until("it is over", || !said().is_empty()).await;
            assert!(has_focus(field), "{field}");
        }
        assert_eq!(lefts(), Some(2.0 * is_left), "{field}");
        // And is as much in the way of the keyboard as before.
        assert_eq!(element.tab_index(), 0, "{field}");
    }
}

#[wasm_bindgen_test]
async fn the_head_follows_the_page() {
    let (app, _backend) = app(|asked| {
        let (_, id) = asked.url.split_once("articles/head-")?;
        let id = id.split('?').next().unwrap_or_default();
        Some((200, article(id, json!({}))))
    });
    let canonical = || {
        let link = find("link[rel=canonical]")?;
        link.get_attribute("href")
    };
    for id in ["a", "b"] {
        app.go(to("vi", &format!("head-{id}"), Kind::Link));
        until("its title is there", || document().title().starts_with(&format!("Bài {id}"))).await;
        until("its address is", || {
            canonical().is_some_and(|href| href.contains(&format!("/article/{id}")))
        })
        .await;
    }
}

#[wasm_bindgen_test]
async fn what_the_network_has_newer_takes_the_place_of_memory_under_the_readers_eye() {
    let title = Rc::new(RefCell::new("Cũ"));
    let body = |times: usize| {
        let paragraphs = "<p>Một đoạn.</p>".repeat(times);
        json!({"body": {"format": "html", "value": format!("<h2>Mục</h2>{paragraphs}")}})
    };
    let (app, _backend) = app({
        let title = title.clone();
        move |asked| {
            let title = *title.borrow();
            let changes = json!({ "title": title });
            let is_it = asked.url.contains("articles/newer");
            is_it.then(|| (200, with(article("newer", changes), body(200))))
        }
    });
    app.go(to("vi", "newer", Kind::Link));
    until("it is there", || text("main h1") == "Cũ").await;
    app.go(to("vi", "elsewhere", Kind::Link));
    until("it is left", || text("main h1") != "Cũ").await;
    // An hour passes.
    js_sys::eval("{ const now = Date.now; Date.now = () => now() + 3_600_000 }").expect("a clock");
    *title.borrow_mut() = "Mới";
    app.go(to("vi", "newer", Kind::Back(700)));
    until("it is new", || text("main h1") == "Mới").await;
    assert!(document().title().starts_with("Mới"));
    let y = window().scroll_y().expect("a window");
    assert!((y - 700.0).abs() <= 1.0, "{y}");
    scroll_to(0);
}

#[wasm_bindgen_test]
async fn a_reader_who_returns_is_told_of_the_storm_that_has_come_since() {
    let storage = storage().expect("storage");
    let record = json!({"version": 1, "ids": ["flood"]}).to_string();
    storage.set_item("haidang:test:dismissed", &record).expect("storage");
    let is_on = Rc::new(Cell::new(false));
    let (app, _backend) = app({
        let is_on = is_on.clone();
        move |asked| {
            if let Some((_, id)) = asked.url.split_once("articles/storm-") {
                let id = id.split('?').next().unwrap_or_default();
                return Some((200, article(id, json!({}))));
            }
            let storm = json!({
                "id": "storm", "level": "emergency", "title": "Bão", "text": "", "lang": "vi",
            });
            let flood = json!({ "id": "flood", "title": "Lũ", "dismissible": true });
            let flood = with(storm.clone(), flood);
            let items = if is_on.get() { vec![storm, flood] } else { Vec::new() };
            asked.url.contains("/notices").then(|| (200, json!({ "items": items })))
        }
    });
    let hour = "{ const now = Date.now; Date.now = () => now() + 3_600_000 }";
    app.go(to("vi", "storm-a", Kind::Link));
    until("all is quiet", || text("main h1") == "Bài a" && find(".notice").is_none()).await;
    js_sys::eval(hour).expect("a clock");
    is_on.set(true);
    app.go(to("vi", "storm-b", Kind::Link));
    until("it is told", || text(".notice strong") == "Bão").await;
    // Not of what was put away.
    until("who listens is told, too", || said() == "Bão").await;
    // What was told and is over goes.
    js_sys::eval(hour).expect("a clock");
    is_on.set(false);
    app.go(to("vi", "storm-c", Kind::Link));
    until("it is over", || find(".notice").is_none()).await;
}
