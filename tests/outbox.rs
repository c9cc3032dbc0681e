//! In the browser: what is written gets through, once, whatever happens to the network, the page and the tab.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use haidang::{
    database::{Database, Store},
    i18n::{Msg, msg},
    offline::Outbox,
    preferences::storage,
    thread::{Place, thread},
    view::Mounted,
};
use haidang_engine::{
    lang::Lang,
    model::NewComment,
    outbox::State,
    profile::{Portal, Reader, Write},
};
use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    PORTAL, Stage,
    backend::{Asked, Backend},
    samples::comment,
    send, text_of, until,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{CustomEvent, HtmlElement, HtmlInputElement, HtmlTextAreaElement, Response};

wasm_bindgen_test_configure!(run_in_browser);

/// A portal with the id `id`, in a browser with a network; `profile` describes its backend.
fn portal(id: &str, profile: Option<Value>) -> String {
    set_online(true);
    let mut portal: Value = serde_json::from_str(PORTAL).expect("a portal");
    portal["id"] = id.into();
    if let Some(profile) = profile {
        portal["sources"][0]["profile"] = profile;
    }
    portal.to_string()
}

fn parsed(json: &str) -> Arc<Portal> {
    Arc::new(Portal::parse(json).0.expect("a portal"))
}

/// What a function promises.
async fn called(function: &Function, argument: &JsValue) -> JsValue {
    let promised = function.call1(&JsValue::NULL, argument).expect("a promise");
    JsFuture::from(Promise::from(promised)).await.expect("kept")
}

/// A backend that knows no keys: it takes a comment as often as it is sent.
fn forgetful() -> Value {
    json!({
        "name": "forgetful",
        "comments": {
            "list": {
                "get": "{+base}/comments",
                "items": "body",
                "each": "{id: to_string(item.id), author: item.by, body: {format: 'text', value: item.text}, created: item.at}"
            },
            "post": {
                "to": "{+base}/comments",
                "body": "{by: params.author, text: params.text}",
                "each": "{id: to_string(item.id), author: item.by, body: {format: 'text', value: item.text}, created: item.at}"
            }
        }
    })
}

fn post(text: &str) -> Write {
    let comment = NewComment { author: "An".into(), text: text.into(), ..NewComment::default() };
    Write::Post(Box::new(comment))
}

fn add(outbox: &Rc<Outbox>, text: &str) -> String {
    let lang = Lang::parse("en").expect("a language");
    outbox.add(("", "9"), lang, Reader::default(), post(text), || {})
}

/// Adds what is to be done to a comment.
fn act(outbox: &Rc<Outbox>, write: Write) -> String {
    let lang = Lang::parse("en").expect("a language");
    outbox.add(("", "9"), lang, Reader::default(), write, || {})
}

/// Adds a comment, and tells when it will outlive the page.
fn add_watched(outbox: &Rc<Outbox>, text: &str) -> (String, Rc<Cell<bool>>) {
    let kept = Rc::new(Cell::new(false));
    let lang = Lang::parse("en").expect("a language");
    let key = outbox.add(("", "9"), lang, Reader::default(), post(text), {
        let kept = kept.clone();
        move || kept.set(true)
    });
    (key, kept)
}

fn is_empty(outbox: &Outbox) -> bool {
    untrack(|| outbox.entries()).is_empty()
}

fn state(outbox: &Outbox) -> Option<State> {
    untrack(|| outbox.entries()).first().map(|entry| entry.state.clone())
}

/// The texts that a backend has been sent, each once for each key.
fn texts_by_key(asked: &[Asked]) -> Vec<String> {
    let mut keys = Vec::new();
    let posts = asked.iter().filter(|asked| asked.method == "POST");
    let first = posts.filter(|asked| {
        let is_new = !keys.contains(&&asked.key);
        keys.push(&asked.key);
        is_new
    });
    first.map(|asked| asked.body["text"].as_str().unwrap_or_default().to_owned()).collect()
}

/// Puts a value in the place of what the browser says.
fn define(object: &JsValue, name: &str, value: &JsValue) {
    let define = Function::new_with_args(
        "object, name, value",
        "Object.defineProperty(object, name, { configurable: true, value });",
    );
    define.call3(&JsValue::NULL, object, &name.into(), value).expect("a property");
}

/// A method of the browser, until it is dropped another one.
struct Instead {
    prototype: JsValue,
    name: &'static str,
    before: JsValue,
}

impl Instead {
    /// `body` takes the place of the method of an interface; within it `before` is the browser's own.
    fn of(interface: &str, name: &'static str, body: &str) -> Self {
        let interface = Reflect::get(&js_sys::global(), &interface.into()).expect("an interface");
        let prototype = Reflect::get(&interface, &"prototype".into()).expect("a prototype");
        let before = Reflect::get(&prototype, &name.into()).expect("a method");
        let make = format!("return function (...given) {{ {body} }};");
        let made = Function::new_with_args("before", &make).call1(&JsValue::NULL, &before);
        Reflect::set(&prototype, &name.into(), &made.expect("a function")).expect("set");
        Self { prototype, name, before }
    }

    /// The device has no room for records that hold `text`.
    fn full_for(text: &str) -> Self {
        let body = format!(
            "if (given[0].includes('{text}')) throw new DOMException('', 'QuotaExceededError');
             return before.apply(this, given);"
        );
        Self::of("IDBObjectStore", "put", &body)
    }
}

impl Drop for Instead {
    fn drop(&mut self) {
        Reflect::set(&self.prototype, &self.name.into(), &self.before).expect("set");
    }
}

/// What is in the outbox of a portal's database.
async fn records(portal: &str) -> Vec<Value> {
    let read = Function::new_with_args(
        "name",
        "return new Promise((resolve, reject) => {
             const open = indexedDB.open(name);
             open.onerror = reject;
             open.onsuccess = () => {
                 const all = open.result.transaction('outbox').objectStore('outbox').getAll();
                 all.onsuccess = () => {
                     open.result.close();
                     resolve(all.result);
                 };
             };
         });",
    );
    let records = called(&read, &format!("haidang:{portal}").into()).await;
    let records = js_sys::Array::from(&records);
    let records = records.iter().filter_map(|record| record.as_string());
    records.map(|record| serde_json::from_str(&record).expect("a record")).collect()
}

/// Makes a database that does not come until the function is called.
async fn held_up(portal: &str) -> Function {
    let hold = Function::new_with_args(
        "name",
        "return new Promise((held) => {
             const open = indexedDB.open(name, 1);
             open.onupgradeneeded = () => {
                 const store = open.result.createObjectStore('outbox');
                 let isHeld = true;
                 const again = () => { if (isHeld) store.count().onsuccess = again; };
                 again();
                 held(() => { isHeld = false; });
             };
             open.onsuccess = () => open.result.close();
         });",
    );
    called(&hold, &format!("haidang:{portal}").into()).await.into()
}

/// Makes the browser say that it has a network, or none; tells the page.
fn set_online(is_online: bool) {
    let navigator = window().navigator();
    define(&navigator, "onLine", &is_online.into());
    let event = web_sys::Event::new(if is_online { "online" } else { "offline" });
    window().dispatch_event(&event.expect("an event")).expect("a window");
}

/// Ends what a test has begun, so that nothing of it is sent in the next one.
fn end(outboxes: &[&Rc<Outbox>]) {
    for outbox in outboxes {
        for entry in untrack(|| outbox.entries()) {
            outbox.discard(&entry.key);
        }
    }
}

#[wasm_bindgen_test]
async fn what_was_written_without_a_network_is_sent_when_it_is_back() {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let outbox = Outbox::new(parsed(&portal("away", None)));
    set_online(false);
    add(&outbox, "Lời");
    until("it waits", || state(&outbox) == Some(State::Queued)).await;
    let is_noted = || {
        let storage = storage().expect("storage");
        storage.get_item("haidang:away:waiting").expect("get").is_some()
    };
    until("the next start will know", is_noted).await;
    assert!(backend.posted().is_empty());
    set_online(true);
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(backend.posted().len(), 1);
    assert!(!is_noted());
}

#[wasm_bindgen_test]
async fn what_waits_survives_the_page_and_is_sent_by_the_next_one() {
    let json = portal("crashed", None);
    set_online(false);
    let first = Outbox::new(parsed(&json));
    let kept = Rc::new(Cell::new(false));
    let lang = Lang::parse("en").expect("a language");
    let key = first.add(("", "9"), lang, Reader::default(), post("Lời"), {
        let kept = kept.clone();
        move || kept.set(true)
    });
    until("it is kept", || kept.get()).await;
    // The page dies: nothing of it is asked again.
    drop(first);
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let second = Outbox::new(parsed(&json));
    until("it is found", || untrack(|| second.entry(&key)).is_some()).await;
    set_online(true);
    until("it is sent", || is_empty(&second)).await;
    assert_eq!(backend.posted()[0].key, key);
}

#[wasm_bindgen_test]
async fn two_tabs_send_one_thing_once_and_both_hear_what_became_of_it() {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let json = portal("tabs", None);
    let (one, two) = (Outbox::new(parsed(&json)), Outbox::new(parsed(&json)));
    let heard: Rc<RefCell<Vec<Option<String>>>> = Rc::default();
    for outbox in [&one, &two] {
        let heard = heard.clone();
        outbox.on_news(move |news| {
            heard.borrow_mut().push(news.comment.as_ref().map(|comment| comment.id.clone()));
        });
    }
    set_online(false);
    for text in ["a", "b", "c"] {
        add(&one, text);
    }
    until("the other tab knows", || untrack(|| two.entries()).len() == 3).await;
    set_online(true);
    one.kick();
    two.kick();
    until("both know", || is_empty(&one) && is_empty(&two) && heard.borrow().len() == 6).await;
    assert_eq!(backend.posted().len(), 3);
    assert!(heard.borrow().iter().all(|id| id.as_deref() == Some("8")));
}

#[wasm_bindgen_test]
async fn a_server_that_takes_and_drops_the_connection_gets_the_same_key_again() {
    let times = Rc::new(Cell::new(0));
    let backend = Backend::responding({
        let times = times.clone();
        move |_| {
            times.set(times.get() + 1);
            let body = comment("8", None, "An").to_string();
            Some(match times.get() {
                1 | 2 => Response::error(),
                _ => Response::new_with_opt_str(Some(&body)).expect("a response"),
            })
        }
    });
    let outbox = Outbox::new(parsed(&portal("dropped", None)));
    let key = add(&outbox, "Lời");
    for tries in 1..3 {
        let is_tried = || untrack(|| outbox.entry(&key)).is_some_and(|it| it.tries == tries);
        until("it was tried", is_tried).await;
        outbox.again(&key);
    }
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(backend.posted().len(), 3);
    assert_eq!(texts_by_key(&backend.asked()), ["Lời"]);
}

/// A backend without keys that has taken what it was posted if `takes`, and then gives no answer.
fn silent(takes: bool) -> (Backend, Rc<RefCell<Vec<Value>>>) {
    let has: Rc<RefCell<Vec<Value>>> = Rc::default();
    let backend = Backend::answering({
        let has = has.clone();
        move |asked| match &*asked.method {
            "GET" => (200, has.borrow().iter().cloned().collect()),
            _ => {
                if takes || !has.borrow().is_empty() {
                    let mut comment = asked.body.clone();
                    comment["id"] = 7.into();
                    comment["at"] = "2999-01-01T00:00:00Z".into();
                    has.borrow_mut().push(comment);
                }
                (502, json!({}))
            }
        }
    });
    (backend, has)
}

#[wasm_bindgen_test]
async fn elsewhere_what_may_have_arrived_is_looked_for_and_not_sent_again() {
    let (backend, has) = silent(true);
    let outbox = Outbox::new(parsed(&portal("looked-for", Some(forgetful()))));
    let found = Rc::new(RefCell::new(None));
    outbox.on_news({
        let found = found.clone();
        move |news| *found.borrow_mut() = news.comment.as_ref().map(|comment| comment.id.clone())
    });
    add(&outbox, "Lời *hay*");
    until("no answer came", || state(&outbox) == Some(State::Unsure)).await;
    outbox.again(&untrack(|| outbox.entries())[0].key);
    until("it is found", || is_empty(&outbox)).await;
    assert_eq!(found.borrow().as_deref(), Some("7"));
    assert_eq!((backend.posted().len(), has.borrow().len()), (1, 1));
}

#[wasm_bindgen_test]
async fn elsewhere_the_reader_is_asked_when_it_is_not_found() {
    let (backend, _has) = silent(false);
    let outbox = Outbox::new(parsed(&portal("asked", Some(forgetful()))));
    let key = add(&outbox, "Lời");
    until("no answer came", || state(&outbox) == Some(State::Unsure)).await;
    outbox.again(&key);
    until("the reader is asked", || state(&outbox) == Some(State::Asking)).await;
    outbox.kick();
    set_online(true);
    assert_eq!(backend.posted().len(), 1);
    // Only the reader's word sends it again.
    outbox.again(&key);
    until("it was sent again", || backend.posted().len() == 2).await;
    until("no answer came", || state(&outbox) != Some(State::Sending)).await;
    end(&[&outbox]);
}

#[wasm_bindgen_test]
async fn without_a_database_it_is_sent_all_the_same_and_the_reader_is_told() {
    let backend = Backend::answering(|_| (500, json!({})));
    let global = js_sys::global();
    let name = JsValue::from("indexedDB");
    let before = js_sys::Object::get_own_property_descriptor(&global, &name);
    define(&global, "indexedDB", &JsValue::NULL);
    let outbox = Outbox::new(parsed(&portal("denied", None)));
    let key = add(&outbox, "Lời");
    until("it was tried", || untrack(|| outbox.entry(&key)).is_some_and(|it| it.tries == 1)).await;
    Reflect::define_property(&global, &name, before.unchecked_ref()).expect("as it was");
    assert!(!untrack(|| outbox.is_kept()));
    drop(backend);
    let _backend = Backend::answering(|_| (201, comment("8", None, "An")));
    outbox.again(&key);
    until("it is sent", || is_empty(&outbox)).await;
}

#[wasm_bindgen_test]
async fn where_the_database_does_not_come_it_is_sent_all_the_same_and_what_is_in_it_is_not_forgotten()
 {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let let_go = held_up("held").await;
    // As the last page noted.
    let storage = storage().expect("storage");
    storage.set_item("haidang:held:waiting", "1").expect("noted");
    let outbox = Outbox::new(parsed(&portal("held", None)));
    add(&outbox, "Lời");
    until("it is sent", || is_empty(&outbox) && backend.posted().len() == 1).await;
    assert!(!untrack(|| outbox.is_kept()));
    assert!(storage.get_item("haidang:held:waiting").expect("storage").is_some());
    let_go.call0(&JsValue::NULL).expect("let go");
    let is_noted = || storage.get_item("haidang:held:waiting").expect("storage").is_some();
    until("it is looked what is in it", || !is_noted()).await;
    add(&outbox, "Lời nữa");
    until("it is sent", || is_empty(&outbox) && backend.posted().len() == 2).await;
    assert!(untrack(|| outbox.is_kept()));
}

#[wasm_bindgen_test]
async fn where_locks_are_denied_it_is_sent_all_the_same() {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let locks = Reflect::get(&window().navigator(), &"locks".into()).expect("locks");
    let denied = "return Promise.reject(new DOMException('', 'SecurityError'))";
    define(&locks, "request", &Function::new_no_args(denied));
    let outbox = Outbox::new(parsed(&portal("lockless", None)));
    add(&outbox, "Lời");
    until("it is sent", || is_empty(&outbox) && backend.posted().len() == 1).await;
    Reflect::delete_property(&locks.into(), &"request".into()).expect("the browser's own");
}

#[wasm_bindgen_test]
async fn what_a_newer_app_has_written_is_left_to_it() {
    let json = portal("newer", None);
    let outbox = Outbox::new(parsed(&json));
    set_online(false);
    let kept = Rc::new(Cell::new(false));
    let lang = Lang::parse("en").expect("a language");
    let key = outbox.add(("", "9"), lang, Reader::default(), post("Lời"), {
        let kept = kept.clone();
        move || kept.set(true)
    });
    until("it is kept", || kept.get()).await;
    end(&[&outbox]);
    until("it is gone", || untrack(|| outbox.entry(&key)).is_none()).await;
    let write = Function::new_with_args(
        "name",
        "return new Promise((resolve, reject) => {
             const open = indexedDB.open(name);
             open.onerror = reject;
             open.onsuccess = () => {
                 const change = open.result.transaction('outbox', 'readwrite');
                 change.objectStore('outbox').put('{\"version\": 2, \"key\": \"x\"}', 'x');
                 change.oncomplete = resolve;
             };
         });",
    );
    called(&write, &"haidang:newer".into()).await;
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    set_online(true);
    let second = Outbox::new(parsed(&json));
    add(&second, "Lời");
    until("ours is sent", || is_empty(&second) && backend.posted().len() == 1).await;
}

/// The thread of the article 9.
async fn shown(json: &str) -> (Stage, Mounted) {
    let stage = Stage::of(json, "vi");
    let place = || Place { source: String::new(), id: "9".to_owned(), is_open: true };
    let shown = stage.show(|| thread(place()));
    until("the form is there", || stage.find(".thread > form, .thread form").is_some()).await;
    (stage, shown)
}

fn write(stage: &Stage, text: &str) {
    let field: HtmlInputElement = stage.one("[name=name]");
    field.set_value("An");
    send(&field, "input");
    let field: HtmlTextAreaElement = stage.one("[name=text]");
    field.set_value(text);
    send(&field, "input");
    stage.click("[type=submit]");
}

/// Presses the button with these words.
fn press(stage: &Stage, words: Msg) {
    let words = stage.words(words);
    let button = stage.all("button").into_iter().find(|button| text_of(button) == words);
    button.expect("a button").dyn_into::<HtmlElement>().expect("a button").click();
}

#[wasm_bindgen_test]
async fn a_comment_written_without_a_network_is_shown_as_that_and_again_after_a_reload() {
    let backend = Backend::answering(|asked| match &*asked.method {
        "GET" => (200, json!({"items": [comment("1", None, "Bình")]})),
        _ => (201, comment("8", None, "An")),
    });
    let json = portal("shown-away", None);
    let (stage, view) = shown(&json).await;
    until("the comments are there", || stage.find("article.comment").is_some()).await;
    set_online(false);
    write(&stage, "Lời");
    let waits = stage.words(msg::WRITING_OFFLINE);
    let says = |stage: &Stage| {
        stage.find(".comment-status").is_some_and(|at| text_of(&at).starts_with(&waits))
    };
    until("it says that it waits", || says(&stage)).await;
    drop(view);
    drop(stage);
    let (stage, _view) = shown(&json).await;
    until("it says that it waits", || says(&stage)).await;
    assert!(backend.posted().is_empty());
    set_online(true);
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert_eq!(stage.all("article.comment").len(), 2);
}

#[wasm_bindgen_test]
async fn the_reader_answers_at_the_comment_whether_it_is_to_be_sent_again() {
    let (backend, _has) = silent(false);
    let json = portal("asked-there", Some(forgetful()));
    let mut portal = Portal::parse(&json).0.expect("a portal");
    haidang::backend::learn_offers(&mut portal).await.expect("a profile");
    let (stage, _view) = shown(&json).await;
    write(&stage, "Lời");
    until("no answer came", || stage.find(".comment-status[data-state=unsure]").is_some()).await;
    // Time passes.
    let outbox = Outbox::of(&parsed(&json));
    outbox.again(&untrack(|| outbox.entries())[0].key);
    until("it is asked", || stage.find(".comment-status[data-state=asking]").is_some()).await;
    assert!(stage.text(".comment-status").starts_with(&stage.words(msg::WRITING_ASKING)));
    press(&stage, msg::WRITING_DISCARD);
    until("it is gone", || stage.find("article.comment").is_none()).await;
    assert_eq!(backend.posted().len(), 1);
}

#[wasm_bindgen_test]
async fn the_frame_lists_what_waits_and_the_reader_takes_it_back_or_writes_it_otherwise() {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let json = portal("tray", None);
    let stage = Stage::of(&json, "vi");
    let _shown = stage.show(haidang::ui::waiting);
    support::followed().await;
    assert!(stage.find(".tray").is_none());
    set_online(false);
    let outbox = Outbox::of(&parsed(&json));
    add(&outbox, "Một");
    add(&outbox, "Hai");
    until("they are listed", || stage.texts(".tray blockquote") == ["Một", "Hai"]).await;
    assert_eq!(stage.text(".tray summary"), "2 nội dung bạn viết đang chờ gửi");
    press(&stage, msg::WRITING_DISCARD);
    until("one is gone", || stage.texts(".tray blockquote") == ["Hai"]).await;
    press(&stage, msg::WRITING_CHANGE);
    until("the form is there", || stage.find(".tray textarea").is_some()).await;
    stage.one::<HtmlTextAreaElement>(".tray textarea").set_value("Ba");
    stage.click(".tray [type=submit]");
    until("it is otherwise", || stage.texts(".tray blockquote") == ["Ba"]).await;
    set_online(true);
    until("nothing waits", || stage.find(".tray").is_none()).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Ba"]);
}

#[wasm_bindgen_test]
async fn on_a_full_device_what_was_sent_is_not_sent_again_now_or_by_the_next_page() {
    let (backend, has) = silent(true);
    let outbox = Outbox::new(parsed(&portal("full", Some(forgetful()))));
    set_online(false);
    let (key, kept) = add_watched(&outbox, "Lời");
    until("it is kept", || kept.get()).await;
    let full = Instead::full_for("Lời");
    set_online(true);
    until("no answer came", || state(&outbox) == Some(State::Unsure)).await;
    outbox.again(&key);
    until("it is found", || is_empty(&outbox)).await;
    assert_eq!((backend.posted().len(), has.borrow().len()), (1, 1));
    drop(full);
    assert!(records("full").await.is_empty());
}

#[wasm_bindgen_test]
async fn on_a_full_device_the_next_page_does_not_find_as_unsent_what_was_sent() {
    let (_backend, _has) = silent(false);
    let outbox = Outbox::new(parsed(&portal("full-left", Some(forgetful()))));
    set_online(false);
    let (_, kept) = add_watched(&outbox, "Lời");
    until("it is kept", || kept.get()).await;
    let full = Instead::full_for("Lời");
    set_online(true);
    until("no answer came", || state(&outbox) == Some(State::Unsure)).await;
    assert!(records("full-left").await.is_empty());
    drop(full);
    // There is room again.
    outbox.kick();
    let is_kept = || untrack(|| outbox.is_kept());
    until("it is kept again", is_kept).await;
    let kept = records("full-left").await;
    assert!(["unsure", "asking"].contains(&kept[0]["state"].as_str().expect("a state")));
    end(&[&outbox]);
}

#[wasm_bindgen_test]
async fn on_a_full_device_what_has_not_been_sent_stays_kept() {
    let json = portal("full-unsent", Some(forgetful()));
    set_online(false);
    let first = Outbox::new(parsed(&json));
    let (key, kept) = add_watched(&first, "Lời");
    until("it is kept", || kept.get()).await;
    drop(first);
    let full = Instead::full_for("Lời");
    let second = Outbox::new(parsed(&json));
    // A page that begins tries at once.
    until("it could not be kept so", || !untrack(|| second.is_kept())).await;
    assert_eq!(records("full-unsent").await[0]["key"], key);
    drop(full);
    end(&[&second]);
}

#[wasm_bindgen_test]
async fn on_a_full_device_what_may_have_been_sent_stays_kept_as_that() {
    let (_backend, _has) = silent(false);
    let json = portal("full-unsure", Some(forgetful()));
    let first = Outbox::new(parsed(&json));
    add(&first, "Lời");
    until("no answer came", || state(&first) == Some(State::Unsure)).await;
    set_online(false);
    while records("full-unsure").await[0]["state"] != "unsure" {}
    drop(first);
    let full = Instead::full_for("Lời");
    let second = Outbox::new(parsed(&json));
    until("it could not be kept so", || !untrack(|| second.is_kept())).await;
    assert_eq!(records("full-unsure").await[0]["state"], "unsure");
    drop(full);
    end(&[&second]);
}

#[wasm_bindgen_test]
async fn what_another_tab_has_gone_on_with_is_not_put_back() {
    let json = portal("full-then-sent", Some(forgetful()));
    set_online(false);
    let first = Outbox::new(parsed(&json));
    let (key, kept) = add_watched(&first, "Lời");
    until("it is kept", || kept.get()).await;
    drop(first);
    let full = Instead::full_for("Lời");
    let second = Outbox::new(parsed(&json));
    until("it could not be kept so", || !untrack(|| second.is_kept())).await;
    drop(full);
    // Another tab has had room again.
    let mut record = records("full-then-sent").await.remove(0);
    record["state"] = "sending".into();
    let database = Database::open("full-then-sent").await.expect("a database");
    let is_put = database.put(Store::Outbox, &key, &record.to_string()).await;
    is_put.expect("room");
    second.kick();
    until("nothing is kept in vain", || untrack(|| second.is_kept())).await;
    assert_eq!(records("full-then-sent").await[0]["state"], "sending");
    assert_eq!(state(&second), Some(State::Sending));
    end(&[&second]);
}

#[wasm_bindgen_test]
async fn a_vote_that_is_kept_does_not_hide_that_a_comment_is_not() {
    let outbox = Outbox::new(parsed(&portal("full-for-one", None)));
    let _full = Instead::full_for("Lời dài");
    set_online(false);
    let (_, kept) = add_watched(&outbox, "Lời dài");
    until("it is not kept", || !untrack(|| outbox.is_kept())).await;
    let vote = act(&outbox, Write::Vote { comment: "1".into(), vote: 1 });
    let other = Outbox::new(parsed(&portal("full-for-one", None)));
    set_online(false);
    until("the vote is kept", || untrack(|| other.entry(&vote)).is_some()).await;
    assert!(!untrack(|| outbox.is_kept()));
    assert!(!kept.get());
    end(&[&outbox, &other]);
    assert!(kept.get());
}

#[wasm_bindgen_test]
async fn what_was_written_before_the_database_came_is_put_into_it() {
    let let_go = held_up("came-late").await;
    let outbox = Outbox::new(parsed(&portal("came-late", None)));
    set_online(false);
    let (key, kept) = add_watched(&outbox, "Lời");
    until("it is not kept", || !untrack(|| outbox.is_kept())).await;
    assert!(!kept.get());
    let_go.call0(&JsValue::NULL).expect("let go");
    until("it is kept", || kept.get()).await;
    assert!(untrack(|| outbox.is_kept()));
    assert_eq!(records("came-late").await[0]["key"], key);
    end(&[&outbox]);
}

#[wasm_bindgen_test]
async fn a_draft_goes_when_the_outbox_keeps_it_or_a_server_has_it_and_not_before() {
    let is_there = Rc::new(Cell::new(false));
    let backend = Backend::answering({
        let is_there = is_there.clone();
        move |asked| match &*asked.method {
            "GET" => (200, json!({"items": [comment("1", None, "Bình")]})),
            _ if is_there.get() => (201, comment("8", None, "An")),
            _ => (500, json!({})),
        }
    });
    let json = portal("full-draft", None);
    let (stage, _view) = shown(&json).await;
    let _full = Instead::full_for("Lời");
    write(&stage, "Lời");
    let outbox = Outbox::of(&parsed(&json));
    until("it was tried", || untrack(|| outbox.entries()).iter().any(|it| it.tries == 1)).await;
    let storage = storage().expect("storage");
    let draft = || storage.get_item("haidang:full-draft:draft::9:").expect("storage");
    assert!(draft().is_some_and(|draft| draft.contains("Lời")));
    is_there.set(true);
    outbox.again(&untrack(|| outbox.entries())[0].key);
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(draft(), None);
    assert_eq!(texts_by_key(&backend.asked()), ["Lời"]);
}

fn edit(text: &str) -> Write {
    Write::Edit { comment: "1".into(), text: text.into() }
}

/// Fails once, and then takes everything.
fn failing_once() -> Backend {
    let has_failed = Cell::new(false);
    Backend::answering(move |_| match has_failed.replace(true) {
        false => (500, json!({})),
        true => (200, comment("1", None, "An")),
    })
}

#[wasm_bindgen_test]
async fn a_newer_edit_takes_the_place_of_one_that_is_tried_again_later() {
    let backend = failing_once();
    let outbox = Outbox::new(parsed(&portal("edited-twice", None)));
    let first = act(&outbox, edit("Một"));
    until("it was tried", || untrack(|| outbox.entry(&first)).is_some_and(|it| it.tries == 1))
        .await;
    act(&outbox, edit("Hai"));
    until("nothing waits", || is_empty(&outbox)).await;
    let texts: Vec<Value> = backend.asked().iter().map(|it| it.body["text"].clone()).collect();
    assert_eq!(texts, ["Một", "Hai"]);
}

#[wasm_bindgen_test]
async fn a_newer_vote_takes_the_place_of_one_that_is_tried_again_later() {
    let backend = failing_once();
    let outbox = Outbox::new(parsed(&portal("voted-twice", None)));
    let vote = |vote| act(&outbox, Write::Vote { comment: "1".into(), vote });
    let first = vote(1);
    until("it was tried", || untrack(|| outbox.entry(&first)).is_some_and(|it| it.tries == 1))
        .await;
    vote(-1);
    until("nothing waits", || is_empty(&outbox)).await;
    let votes: Vec<Value> = backend.asked().iter().map(|it| it.body["vote"].clone()).collect();
    assert_eq!(votes, [1, -1]);
}

#[wasm_bindgen_test]
async fn what_is_done_to_a_comment_goes_out_in_the_order_it_was_said() {
    let backend = failing_once();
    let outbox = Outbox::new(parsed(&portal("in-order", None)));
    let first = act(&outbox, edit("Một"));
    until("it was tried", || untrack(|| outbox.entry(&first)).is_some_and(|it| it.tries == 1))
        .await;
    act(&outbox, Write::Delete { comment: "1".into() });
    add(&outbox, "Hai");
    until("nothing waits", || is_empty(&outbox)).await;
    let asked = backend.asked();
    let methods: Vec<&str> = asked.iter().map(|it| &*it.method).collect();
    // What has nothing to do with it does not wait for it.
    assert_eq!(methods, ["PUT", "POST", "PUT", "DELETE"]);
}

/// Opens the form of the one comment that waits, and types another text.
async fn change(stage: &Stage, text: &str) {
    until("it waits", || stage.find(".comment-status").is_some()).await;
    press(stage, msg::WRITING_CHANGE);
    until("the form is there", || stage.find(".comment-reply textarea").is_some()).await;
    let field: HtmlTextAreaElement = stage.one(".comment-reply textarea");
    field.set_value(text);
    send(&field, "input");
}

/// Takes what it is posted as the eighth.
fn taking() -> Backend {
    Backend::answering(|asked| match &*asked.method {
        "GET" => (200, json!({"items": [comment("1", None, "Bình")]})),
        _ => (201, comment("8", None, "An")),
    })
}

#[wasm_bindgen_test]
async fn what_is_being_changed_is_not_sent_as_it_was() {
    let backend = taking();
    let json = portal("changing", None);
    let (stage, _view) = shown(&json).await;
    set_online(false);
    write(&stage, "Một");
    change(&stage, "Hai").await;
    set_online(true);
    let outbox = Outbox::of(&parsed(&json));
    add(&outbox, "Khác");
    until("another one is sent", || texts_by_key(&backend.asked()) == ["Khác"]).await;
    stage.click(".comment-reply [type=submit]");
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Khác", "Hai"]);
}

#[wasm_bindgen_test]
async fn what_was_being_changed_is_sent_as_it_was_once_the_reader_has_left() {
    let backend = taking();
    let json = portal("changing-left", None);
    let (stage, view) = shown(&json).await;
    set_online(false);
    write(&stage, "Một");
    change(&stage, "Hai").await;
    set_online(true);
    let outbox = Outbox::of(&parsed(&json));
    add(&outbox, "Khác");
    until("another one is sent", || texts_by_key(&backend.asked()) == ["Khác"]).await;
    drop(view);
    drop(stage);
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Khác", "Một"]);
}

#[wasm_bindgen_test]
async fn what_another_tab_has_sent_meanwhile_is_not_sent_otherwise_and_the_text_stays() {
    let (backend, _has) = silent(false);
    let json = portal("changed-elsewhere", Some(forgetful()));
    let mut portal = Portal::parse(&json).0.expect("a portal");
    haidang::backend::learn_offers(&mut portal).await.expect("a profile");
    let (stage, _view) = shown(&json).await;
    set_online(false);
    write(&stage, "Một");
    change(&stage, "Hai").await;
    let other = Outbox::new(parsed(&json));
    set_online(true);
    until("no answer came", || stage.find(".comment-status[data-state=unsure]").is_some()).await;
    stage.click(".comment-reply [type=submit]");
    let says = stage.words(msg::WRITING_UNSURE);
    until("it says so", || stage.text(".comment-reply [role=alert]") == says).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>(".comment-reply textarea").value(), "Hai");
    assert_eq!(backend.posted().len(), 1);
    end(&[&other, &Outbox::of(&parsed(&json))]);
}

#[wasm_bindgen_test]
async fn in_the_frame_what_is_being_changed_is_not_sent_as_it_was_and_its_text_stays() {
    let (backend, _has) = silent(false);
    let json = portal("tray-changing", Some(forgetful()));
    let stage = Stage::of(&json, "vi");
    let _shown = stage.show(haidang::ui::waiting);
    set_online(false);
    let outbox = Outbox::of(&parsed(&json));
    add(&outbox, "Một");
    until("it is listed", || stage.texts(".tray blockquote") == ["Một"]).await;
    press(&stage, msg::WRITING_CHANGE);
    until("the form is there", || stage.find(".tray textarea").is_some()).await;
    stage.one::<HtmlTextAreaElement>(".tray textarea").set_value("Hai");
    set_online(true);
    let other = add(&outbox, "Khác");
    let is_unsure = || untrack(|| outbox.entry(&other)).is_some_and(|it| it.state == State::Unsure);
    until("another one is sent", is_unsure).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Khác"]);
    // Another tab knows nothing of the form.
    let tab = Outbox::new(parsed(&json));
    until("it was sent there", || stage.attrs(".tray li", "data-state") == ["unsure", "unsure"])
        .await;
    assert_eq!(stage.one::<HtmlTextAreaElement>(".tray textarea").value(), "Hai");
    let posted = backend.posted().len();
    stage.click(".tray [type=submit]");
    let says = stage.words(msg::WRITING_UNSURE);
    until("it says so", || stage.text(".tray [role=alert]") == says).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>(".tray textarea").value(), "Hai");
    assert_eq!(backend.posted().len(), posted);
    // Closed, the form holds nothing back any more.
    press(&stage, msg::WRITING_CHANGE);
    until("the form has gone", || stage.find(".tray textarea").is_none()).await;
    assert!(!stage.texts(".tray button").contains(&stage.words(msg::WRITING_CHANGE)));
    end(&[&tab, &outbox]);
}

#[wasm_bindgen_test]
async fn a_challenge_is_answered_once_however_often_the_page_around_answers() {
    let backend = Backend::answering(|asked| match (&*asked.method, &asked.body["challenge"]) {
        ("GET", _) => (200, json!({"items": []})),
        (_, Value::Null) => {
            let challenge = json!({"kind": "captcha"});
            (403, json!({"type": "urn:haidang:problem:challenge", "challenge": challenge}))
        }
        _ => (201, comment("8", None, "An")),
    });
    let json = portal("answered-twice", None);
    let (stage, view) = shown(&json).await;
    let answer: Rc<RefCell<Option<Function>>> = Rc::default();
    let listen = Closure::<dyn Fn(CustomEvent)>::new({
        let answer = answer.clone();
        move |event: CustomEvent| {
            let given = Reflect::get(&event.detail(), &"answer".into()).expect("a function");
            answer.replace(Some(given.unchecked_into()));
        }
    });
    let listener = listen.as_ref().unchecked_ref();
    stage.place().add_event_listener_with_callback("haidang:challenge", listener).expect("listen");
    write(&stage, "Lời");
    until("the page is asked", || answer.borrow().is_some()).await;
    let answer = answer.borrow().clone().expect("a function");
    let say = |token: &str| answer.call1(&JsValue::NULL, &token.into());
    say("một").expect("taken");
    say("hai").expect("passed over");
    let outbox = Outbox::of(&parsed(&json));
    until("it is sent", || is_empty(&outbox)).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Lời", "Lời"]);
    drop(view);
    drop(stage);
    say("ba").expect("passed over");
    assert_eq!(backend.posted().len(), 2);
}

#[wasm_bindgen_test]
async fn a_connection_that_the_browser_closes_is_made_anew() {
    let connections = js_sys::Array::new();
    define(&js_sys::global(), "connections", &connections);
    let _caught = Instead::of(
        "IDBFactory",
        "open",
        "const request = before.apply(this, given);
         request.addEventListener('success', () => connections.push(request.result));
         return request;",
    );
    let outbox = Outbox::new(parsed(&portal("closed", None)));
    set_online(false);
    let (_, kept) = add_watched(&outbox, "Một");
    until("it is kept", || kept.get()).await;
    // As browsers do with pages in the background.
    let close =
        "for (const it of connections) { it.close(); it.dispatchEvent(new Event('close')); }";
    Function::new_no_args(close).call0(&JsValue::NULL).expect("closed");
    add(&outbox, "Hai");
    let other = Outbox::new(parsed(&portal("closed", None)));
    set_online(false);
    until("both are kept", || untrack(|| other.entries()).len() == 2).await;
    assert!(untrack(|| outbox.is_kept()));
    // As a reader does who clears what the site keeps.
    let delete = Function::new_with_args(
        "name",
        "return new Promise((resolve, reject) => {
             const asked = indexedDB.deleteDatabase(name);
             asked.onsuccess = resolve;
             asked.onerror = reject;
         });",
    );
    called(&delete, &"haidang:closed".into()).await;
    let (key, kept) = add_watched(&outbox, "Ba");
    until("it is kept", || kept.get()).await;
    assert!(untrack(|| outbox.is_kept()));
    assert!(records("closed").await.iter().any(|record| record["key"] == key));
    end(&[&outbox, &other]);
}

#[wasm_bindgen_test]
async fn what_another_page_may_have_sent_is_not_sent_while_the_database_cannot_be_read() {
    let backend = Backend::answering(|_| (201, json!({"id": 7, "by": "An", "text": "Lời"})));
    let outbox = Outbox::new(parsed(&portal("unreadable", Some(forgetful()))));
    set_online(false);
    let (_, kept) = add_watched(&outbox, "Một");
    until("it is kept", || kept.get()).await;
    let closed =
        "if (this.name === 'haidang:unreadable' && given.length < 2) window.isRefused = true;
                  throw new DOMException('', 'InvalidStateError');";
    let closed = Instead::of("IDBDatabase", "transaction", closed);
    add(&outbox, "Hai");
    let is_refused = || Reflect::has(&window(), &"isRefused".into()).expect("a window");
    until("it could not be read", is_refused).await;
    set_online(true);
    until("what only this page has is sent", || untrack(|| outbox.entries()).len() == 1).await;
    assert_eq!(texts_by_key(&backend.asked()), ["Hai"]);
    drop(closed);
    until("it is sent", || is_empty(&outbox)).await;
    let texts: Vec<Value> = backend.posted().iter().map(|it| it.body["text"].clone()).collect();
    assert_eq!(texts, ["Hai", "Một"]);
}

#[wasm_bindgen_test]
async fn a_page_that_could_not_look_does_not_say_that_nothing_waits() {
    let backend = Backend::answering(|_| (201, comment("8", None, "An")));
    let json = portal("not-looked", None);
    let global = js_sys::global();
    let name = JsValue::from("indexedDB");
    let before = js_sys::Object::get_own_property_descriptor(&global, &name);
    define(&global, "indexedDB", &JsValue::NULL);
    // As the last page noted.
    let storage = storage().expect("storage");
    storage.set_item("haidang:not-looked:waiting", "1").expect("noted");
    let stage = Stage::of(&json, "vi");
    let _shown = stage.show(haidang::ui::waiting);
    let outbox = Outbox::of(&parsed(&json));
    add(&outbox, "Lời");
    until("it is sent", || is_empty(&outbox) && backend.posted().len() == 1).await;
    Reflect::define_property(&global, &name, before.unchecked_ref()).expect("as it was");
    assert!(storage.get_item("haidang:not-looked:waiting").expect("storage").is_some());
    // What is not known to wait is not listed.
    until("nothing is listed", || stage.find(".tray:not([hidden])").is_none()).await;
    outbox.kick();
    let is_noted = || storage.get_item("haidang:not-looked:waiting").expect("storage").is_some();
    until("it has looked", || !is_noted()).await;
}
