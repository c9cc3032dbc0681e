//! In the browser: what others write while a thread is read, from a stream or asked for now and then.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::RefCell, rc::Rc};

use haidang::{
    backend::learn_offers,
    i18n::msg,
    thread::{Place, thread},
    view::Mounted,
};
use haidang_engine::profile::Portal;
use js_sys::{Array, Function, Promise, Reflect};
use serde_json::{Value, json};
use support::{
    PORTAL, Stage,
    backend::Backend,
    followed,
    samples::{comment, with},
    send, until,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{BroadcastChannel, Element, EventTarget, MessageEvent, MessageEventInit};

wasm_bindgen_test_configure!(run_in_browser);

fn show(stage: &Stage) -> Mounted {
    stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open: true }))
}

/// A backend with two comments, whose stream stands at 7.
fn backend() -> Backend {
    let items = json!([comment("1", None, "An"), comment("2", None, "Bình")]);
    Backend::answering(move |_| (200, json!({ "items": items, "at": "7" })))
}

/// Stands in for the browser's streams until it is dropped.
struct Streams {
    opened: Array,
    real: JsValue,
}

impl Streams {
    fn new() -> Self {
        let global = js_sys::global();
        let real = Reflect::get(&global, &"EventSource".into()).expect("streams");
        let opened = Array::new();
        let make = Function::new_with_args(
            "opened",
            "const it = class extends EventTarget {
                constructor(url) { super(); this.url = url; this.readyState = 0; opened.push(this); }
                close() { this.readyState = 2; }
            };
            it.CLOSED = 2; globalThis.EventSource = it;",
        );
        make.call1(&JsValue::NULL, &opened).expect("a class");
        Self { opened, real }
    }

    fn addresses(&self) -> Vec<String> {
        let url = |it: JsValue| Reflect::get(&it, &"url".into()).ok()?.as_string();
        self.opened.iter().filter_map(url).collect()
    }

    fn is_closed(&self, index: u32) -> bool {
        let state = Reflect::get(&self.opened.get(index), &"readyState".into());
        state.expect("a state").as_f64() == Some(2.0)
    }

    fn fire(&self, event: &web_sys::Event) {
        let stream: EventTarget = self.opened.get(self.opened.length() - 1).unchecked_into();
        stream.dispatch_event(event).expect("dispatched");
    }

    fn tell(&self, id: &str, name: &str, data: &str) {
        let init = MessageEventInit::new();
        init.set_last_event_id(id);
        init.set_data(&data.into());
        let event = MessageEvent::new_with_event_init_dict(name, &init).expect("an event");
        self.fire(&event);
    }

    fn say(&self, id: &str, comment: Value) {
        self.tell(id, "message", &comment.to_string());
    }

    fn plain(&self, name: &str) {
        self.fire(&web_sys::Event::new(name).expect("an event"));
    }
}

impl Drop for Streams {
    fn drop(&mut self) {
        Reflect::set(&js_sys::global(), &"EventSource".into(), &self.real).expect("set");
    }
}

async fn listening(stage: &Stage, streams: &Streams) {
    until("the comments are there", || stage.all("article.comment").len() >= 2).await;
    until("the stream is asked for", || !streams.addresses().is_empty()).await;
    streams.plain("open");
}

const ARRIVED: &str = ".thread-arrived button";

/// Hides the tab, or shows it again.
fn hide(is_hidden: bool) {
    let hide = Function::new_with_args(
        "hidden",
        "Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
        document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))",
    );
    hide.call1(&JsValue::NULL, &is_hidden.into()).expect("told");
}

/// Another tab with the same thread.
struct Tab {
    name: String,
    channel: BroadcastChannel,
    heard: Rc<RefCell<Vec<Value>>>,
    _listener: Closure<dyn Fn(MessageEvent)>,
}

impl Tab {
    /// With the thread of the tests, in the portal with this id.
    fn new(portal: &str) -> Self {
        let name = format!("haidang:{portal}:live::9");
        let channel = BroadcastChannel::new(&name).expect("a channel");
        let heard: Rc<RefCell<Vec<Value>>> = Rc::default();
        let listener = Closure::<dyn Fn(MessageEvent)>::new({
            let heard = heard.clone();
            move |event: MessageEvent| {
                let text = event.data().as_string().expect("text");
                heard.borrow_mut().push(serde_json::from_str(&text).expect("JSON"));
            }
        });
        channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        Self { name, channel, heard, _listener: listener }
    }

    /// Has the stream from now on; what it gives ends that when it is called.
    async fn lead(&self) -> Function {
        let ask = Function::new_with_args(
            "name",
            "return new Promise(led => navigator.locks.request(name,
                () => new Promise(release => led(release))))",
        );
        let led = ask.call1(&JsValue::NULL, &self.name.as_str().into()).expect("a promise");
        JsFuture::from(Promise::from(led)).await.expect("the lock").unchecked_into()
    }

    /// Tells of a comment; its stream stood at `after` before.
    fn say(&self, after: &str, id: &str, comment: Value) {
        let data = comment.to_string();
        self.post(json!({"after": after, "id": id, "kind": "message", "data": data}));
    }

    fn post(&self, message: Value) {
        self.channel.post_message(&message.to_string().into()).expect("posted");
    }

    /// How many messages of this kind and with this id it has heard.
    fn count(&self, kind: &str, id: &str) -> usize {
        let is_it = |told: &&Value| told["kind"] == kind && told["id"] == id;
        self.heard.borrow().iter().filter(is_it).count()
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.channel.close();
    }
}

#[wasm_bindgen_test]
async fn what_others_write_waits_behind_a_button_and_moves_nothing() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    assert_eq!(streams.addresses(), ["api/v1/articles/9/comments/live?after=7"]);
    streams.say("8", comment("3", Some("1"), "Chi"));
    streams.say("9", comment("4", None, "Dũng"));
    // The same once more.
    streams.say("9", comment("4", None, "Dũng"));
    until("they are announced", || stage.find(ARRIVED).is_some()).await;
    until("both", || stage.text(ARRIVED) == "Show 2 new comments").await;
    assert_eq!(stage.all("article.comment").len(), 2);
    stage.click(ARRIVED);
    until("they are there", || stage.all("article.comment").len() == 4).await;
    let ids = ["1", "3", "2", "4"].map(|id| format!("comment-{id}"));
    assert_eq!(stage.attrs("article.comment", "id"), ids);
    assert!(stage.has_focus("#comment-3"), "the focus goes to the first of them");
    until("nothing waits", || stage.find(ARRIVED).is_none()).await;
}

#[wasm_bindgen_test]
async fn edits_votes_and_deletions_change_what_is_there_in_place() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-edit", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    let row: Element = stage.one("#comment-1");
    let state = |revision: u32, text: &str| {
        with(
            comment("1", None, "An"),
            json!({"revision": revision, "body": {"format": "text", "value": text}}),
        )
    };
    streams.say("8", state(3, "ba"));
    until("it says so", || stage.text("#comment-1 .comment-body") == "ba").await;
    // Late, garbage, empty, not a comment, of a kind nobody knows.
    streams.say("7", state(2, "hai"));
    streams.tell("10", "message", "{");
    streams.tell("11", "message", "");
    streams.tell("12", "message", "[1]");
    streams.tell("13", "rules", "no");
    streams.say("14", with(comment("2", None, "Bình"), json!({"state": "deleted", "body": null})));
    let gone = stage.words(msg::COMMENTS_DELETED);
    until("the other is gone", || stage.text("#comment-2 .comment-body") == gone).await;
    assert_eq!(stage.text("#comment-1 .comment-body"), "ba");
    assert!(stage.one::<Element>("#comment-1") == row);
    assert!(stage.find(ARRIVED).is_none());
}

#[wasm_bindgen_test]
async fn nothing_changes_while_updates_are_paused_and_all_of_it_afterwards() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-pause", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    let line = |msg| stage.text(".thread-line").starts_with(&stage.words(msg));
    until("it says that it is live", || line(msg::THREAD_IS_LIVE)).await;
    stage.click(".thread-line button");
    until("it says that it is not", || line(msg::THREAD_IS_PAUSED)).await;
    let said = json!({"revision": 2, "body": {"format": "text", "value": "khác"}});
    streams.say("8", with(comment("1", None, "An"), said));
    streams.say("9", comment("3", None, "Chi"));
    followed().await;
    assert_eq!(stage.text("#comment-1 .comment-body"), "Lời 1");
    assert!(stage.find(ARRIVED).is_none());
    stage.click(".thread-line button");
    until("it has changed", || stage.text("#comment-1 .comment-body") == "khác").await;
    until("what is new waits", || stage.find(ARRIVED).is_some()).await;
}

#[wasm_bindgen_test]
async fn a_lost_stream_is_said_and_opened_again_from_where_it_broke_off() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-lost", "en");
    let shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("12", comment("3", None, "Chi"));
    let stream = streams.opened.get(0);
    Reflect::set(&stream, &"readyState".into(), &2.into()).expect("set");
    streams.plain("error");
    let line = |msg| stage.text(".thread-line").starts_with(&stage.words(msg));
    until("it is said", || line(msg::THREAD_IS_LOST)).await;
    until("it is opened again", || streams.addresses().len() == 2).await;
    assert!(streams.addresses()[1].ends_with("live?after=12"), "{:?}", streams.addresses());
    streams.plain("open");
    until("it is said", || line(msg::THREAD_IS_LIVE)).await;
    drop(shown);
    assert!(streams.is_closed(1), "it goes with the thread");
}

#[wasm_bindgen_test]
async fn one_tab_has_the_stream_and_tells_the_others() {
    let (_backend, streams) = (backend(), Streams::new());
    let other = Tab::new("live-tabs");
    let stage = Stage::apart("live-tabs", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("8", comment("3", None, "Chi"));
    until("the others are told", || other.count("message", "8") == 1).await;
    // And the other way round.
    other.say("8", "9", comment("4", None, "Em"));
    until("both wait", || {
        stage.find(ARRIVED).is_some() && stage.text(ARRIVED) == "Show 2 new comments"
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_tab_that_was_hidden_goes_on_where_it_broke_off_though_another_told_of_later() {
    let (_backend, streams) = (backend(), Streams::new());
    let other = Tab::new("live-behind");
    let stage = Stage::apart("live-behind", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("9", comment("3", None, "Chi"));
    hide(true);
    other.say("100", "101", comment("4", None, "Dũng"));
    until("it is told", || stage.find(ARRIVED).is_some() && stage.text(ARRIVED).contains('2'))
        .await;
    hide(false);
    until("it is opened again", || streams.addresses().len() == 2).await;
    assert!(streams.addresses()[1].ends_with("live?after=9"), "{:?}", streams.addresses());
}

#[wasm_bindgen_test]
async fn a_tab_that_follows_asks_for_what_it_has_missed_and_leads_from_where_it_has_heard_all() {
    let (_backend, streams) = (backend(), Streams::new());
    let other = Tab::new("live-follows");
    let release = other.lead().await;
    let stage = Stage::apart("live-follows", "en");
    let _shown = show(&stage);
    // What was told between the answer and the opening of the channel.
    until("it says where it stands", || other.count("since", "7") == 1).await;
    other.say("7", "8", comment("3", None, "Chi"));
    other.say("12", "13", comment("4", None, "Dũng"));
    until("it asks for what is missing", || other.count("since", "8") == 1).await;
    // One that does not say where its stream stood.
    let told = comment("5", None, "Em").to_string();
    other.post(json!({"id": "14", "kind": "message", "data": told}));
    until("all wait", || stage.find(ARRIVED).is_some() && stage.text(ARRIVED).contains('3')).await;
    assert!(streams.addresses().is_empty(), "{:?}", streams.addresses());
    release.call0(&JsValue::NULL).expect("released");
    until("it leads", || !streams.addresses().is_empty()).await;
    assert!(streams.addresses()[0].ends_with("live?after=8"), "{:?}", streams.addresses());
}

#[wasm_bindgen_test]
async fn the_tab_that_has_the_stream_goes_back_to_where_another_stands() {
    let (_backend, streams) = (backend(), Streams::new());
    let other = Tab::new("live-back");
    let stage = Stage::apart("live-back", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("12", comment("3", None, "Chi"));
    // As far, further, nowhere, back.
    for id in ["12", "13", "", "x", "9"] {
        other.post(json!({"id": id, "kind": "since", "data": ""}));
    }
    until("it is opened again", || streams.addresses().len() == 2).await;
    assert!(streams.is_closed(0));
    assert!(streams.addresses()[1].ends_with("live?after=9"), "{:?}", streams.addresses());
    streams.say("10", comment("4", None, "Dũng"));
    until("the other is told", || other.count("message", "10") == 1).await;
    let heard = other.heard.borrow();
    assert_eq!(heard.last().expect("told")["after"], "9");
}

#[wasm_bindgen_test]
async fn a_hidden_tab_listens_to_nothing_and_catches_up_when_it_is_seen() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-hidden", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("9", comment("3", None, "Chi"));
    hide(true);
    assert!(streams.is_closed(0));
    hide(false);
    until("it is opened again", || streams.addresses().len() == 2).await;
    assert!(streams.addresses()[1].ends_with("live?after=9"), "{:?}", streams.addresses());
    streams.say("10", comment("4", None, "Dũng"));
    until("both wait", || stage.find(ARRIVED).is_some() && stage.text(ARRIVED).contains('2')).await;
}

#[wasm_bindgen_test]
async fn rules_close_the_thread_while_it_is_read() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-rules", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    assert!(stage.find(".thread > form").is_some());
    streams.tell("8", "rules", r#"{"open": false}"#);
    until("it is closed", || stage.find(".thread > form").is_none()).await;
    assert!(stage.html().contains(&stage.words(msg::COMMENTS_CLOSED)));
}

#[wasm_bindgen_test]
async fn after_a_reset_the_thread_is_compared_with_what_is_there() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_later = is_later.clone();
        move |_| {
            let mut items = vec![comment("1", None, "An"), comment("2", None, "Bình")];
            if is_later.get() {
                items[0] = with(items[0].clone(), json!({"pinned": true}));
                items.push(comment("3", None, "Chi"));
            }
            (200, json!({ "items": items, "at": "7" }))
        }
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-reset", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    is_later.set(true);
    streams.tell("90", "reset", "");
    until("what is new waits", || stage.find(ARRIVED).is_some()).await;
    until("what was there has changed", || stage.find("#comment-1 .label").is_some()).await;
    assert_eq!(stage.all("article.comment").len(), 2);
}

#[wasm_bindgen_test]
async fn after_a_reset_all_pages_are_compared_and_what_is_gone_goes() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_later = is_later.clone();
        move |asked| {
            let is_second = asked.url.contains("cursor=second");
            let page = match (is_second, is_later.get()) {
                (false, _) => json!({
                    "items": [comment("0", None, "An"), comment("1", None, "An")],
                    "next": "second",
                    "at": "7",
                }),
                (true, false) => json!({
                    "items": [comment("2", None, "Bình"), comment("3", None, "Chi")],
                }),
                (true, true) => {
                    let pinned = with(comment("2", None, "Bình"), json!({"pinned": true}));
                    json!({ "items": [pinned] })
                }
            };
            (200, page)
        }
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-reset-pages", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    stage.click(".more button");
    until("both pages are there", || stage.all("article.comment").len() == 4).await;
    is_later.set(true);
    streams.tell("90", "reset", "");
    until("what was there has changed", || stage.find("#comment-2 .label").is_some()).await;
    until("what is gone has gone", || stage.find("#comment-3").is_none()).await;
    assert_eq!(stage.all("article.comment").len(), 3);
}

#[wasm_bindgen_test]
async fn a_reset_while_updates_are_paused_is_made_up_for_afterwards() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_later = is_later.clone();
        move |_| {
            let pinned = json!({"pinned": is_later.get()});
            let items = [with(comment("1", None, "An"), pinned), comment("2", None, "Bình")];
            (200, json!({ "items": items, "at": "7" }))
        }
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-reset-paused", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    let is_paused = || stage.text(".thread-line").starts_with(&stage.words(msg::THREAD_IS_PAUSED));
    until("there is a line", || stage.find(".thread-line button").is_some()).await;
    stage.click(".thread-line button");
    until("it says that it is paused", is_paused).await;
    is_later.set(true);
    streams.tell("90", "reset", "");
    followed().await;
    assert!(stage.find("#comment-1 .label").is_none());
    stage.click(".thread-line button");
    until("it is made up for", || stage.find("#comment-1 .label").is_some()).await;
}

#[wasm_bindgen_test]
async fn an_answer_that_was_under_way_takes_away_nothing_that_came_meanwhile() {
    let streams = Rc::new(Streams::new());
    let is_later = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let (streams, is_later) = (streams.clone(), is_later.clone());
        move |_| {
            if is_later.get() {
                // While the answer, which does not know it, is on its way.
                streams.say("91", comment("3", None, "Chi"));
            }
            let pinned = json!({"pinned": is_later.get()});
            let items = [with(comment("1", None, "An"), pinned), comment("2", None, "Bình")];
            (200, json!({ "items": items, "at": "7" }))
        }
    });
    let stage = Stage::apart("live-under-way", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    is_later.set(true);
    streams.tell("90", "reset", "");
    until("the answer has come", || stage.find("#comment-1 .label").is_some()).await;
    followed().await;
    assert!(stage.find(ARRIVED).is_some());
}

#[wasm_bindgen_test]
async fn what_was_posted_here_stays_though_a_cached_answer_does_not_know_it() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_later = is_later.clone();
        move |asked| {
            if asked.method == "POST" {
                return (201, comment("8", None, "An"));
            }
            let pinned = json!({"pinned": is_later.get()});
            let items = [with(comment("1", None, "An"), pinned), comment("2", None, "Bình")];
            (200, json!({ "items": items, "at": "7" }))
        }
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-posted", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    for (name, text) in [("name", "An"), ("text", "Lời")] {
        let field: JsValue = stage.one::<Element>(&format!(".thread > form [name={name}]")).into();
        Reflect::set(&field, &"value".into(), &text.into()).expect("set");
        send(&field.unchecked_into(), "input");
    }
    stage.click(".thread > form button[type=submit]");
    until("it is there", || stage.find("#comment-8").is_some()).await;
    is_later.set(true);
    streams.tell("90", "reset", "");
    until("the answer has come", || stage.find("#comment-1 .label").is_some()).await;
    assert!(stage.find("#comment-8").is_some());
}

#[wasm_bindgen_test]
async fn where_no_lock_may_be_had_every_tab_has_a_stream() {
    let (_backend, streams) = (backend(), Streams::new());
    let refuse = Function::new_no_args(
        "const request = () => Promise.reject(new DOMException('no', 'SecurityError'));
        Object.defineProperty(navigator, 'locks', {value: {request}, configurable: true})",
    );
    refuse.call0(&JsValue::NULL).expect("no locks");
    let stage = Stage::apart("live-sandbox", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    Function::new_no_args("delete navigator.locks").call0(&JsValue::NULL).expect("locks");
    assert_eq!(streams.addresses().len(), 1);
}

/// A portal whose backend has no stream: it is asked every second.
async fn polling(id: &str) -> Portal {
    foreign(id, json!({})).await
}

/// A portal whose backend speaks by a profile; `live` is what that says of comments beside their list.
async fn foreign(id: &str, live: Value) -> Portal {
    let profile = json!({
        "profile": "1", "name": "Poll",
        "list": {"get": "{+base}/list", "items": "body.items", "each": "item"},
        "article": {"get": "{+base}/articles/{id}", "items": "[body]", "each": "item"},
        "comments": with(json!({"list": {
            "get": "{+base}/articles/{thread}/comments{?page}", "items": "body.items", "each": "item",
            "vars": {"page": "params.cursor"}, "next": "body.next"
        }}), live)
    });
    let source = json!({"id": "city", "base": "api/v1", "profile": profile}).to_string();
    let portal = PORTAL
        .replace(r#"{"id": "city", "base": "api/v1"}"#, &source)
        .replace(r#""embeds""#, r#""comments": {"poll": 1}, "embeds""#)
        .replace(r#""id": "test""#, &format!(r#""id": "{id}""#));
    let mut portal = Portal::parse(&portal).0.expect("a portal");
    learn_offers(&mut portal).await.expect("a profile");
    portal
}

#[wasm_bindgen_test]
async fn without_a_stream_new_comments_are_looked_for_now_and_then() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let backend = Backend::answering({
        let is_later = is_later.clone();
        move |_| {
            let items = [comment("1", None, "An"), comment("2", None, "Bình")];
            let more = is_later.get().then(|| comment("3", None, "Chi"));
            (200, json!({ "items": items.into_iter().chain(more).collect::<Vec<_>>() }))
        }
    });
    let stage = Stage::within(polling("poll").await, "en");
    let _shown = show(&stage);
    until("the comments are there", || stage.all("article.comment").len() == 2).await;
    is_later.set(true);
    until("what is new waits", || stage.find(ARRIVED).is_some()).await;
    assert!(backend.asked().len() > 1);
    send(&stage.one(".thread"), "focusin");
    let said = "1 new comment has arrived.";
    until("it is said", || stage.texts("[role=status]").iter().any(|it| it == said)).await;
}

/// Whether screen readers are told this.
fn is_said(stage: &Stage, words: &str) -> bool {
    stage.texts("[role=status]").iter().any(|said| said == words)
}

#[wasm_bindgen_test]
async fn what_arrives_after_the_first_was_shown_is_said_too() {
    let (_backend, streams) = (backend(), Streams::new());
    let stage = Stage::apart("live-said", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    send(&stage.one(".thread"), "focusin");
    let said = "1 new comment has arrived.";
    streams.say("8", comment("3", None, "Chi"));
    until("it is said", || is_said(&stage, said)).await;
    stage.click(ARRIVED);
    until("what shows is said no more", || !is_said(&stage, said)).await;
    let later = "const now = Date.now; Date.now = () => now() + 60000; return () => Date.now = now";
    let now = Function::new_no_args(later).call0(&JsValue::NULL).expect("a later clock");
    streams.say("9", comment("4", None, "Dũng"));
    until("it waits", || stage.find(ARRIVED).is_some()).await;
    until("the next is said", || is_said(&stage, said)).await;
    now.unchecked_into::<Function>().call0(&JsValue::NULL).expect("the clock as it was");
}

#[wasm_bindgen_test]
async fn what_has_come_with_a_page_meanwhile_is_not_said_to_have_arrived() {
    let _backend = Backend::answering(|asked| {
        let page = match asked.url.contains("cursor=second") {
            false => json!({
                "items": [comment("1", None, "An"), comment("2", None, "Bình")],
                "next": "second",
                "at": "7",
            }),
            true => json!({ "items": [comment("3", None, "Chi")] }),
        };
        (200, page)
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-said-page", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    streams.say("8", comment("3", None, "Chi"));
    streams.say("9", comment("4", None, "Dũng"));
    let waits = |words| stage.find(ARRIVED).is_some() && stage.text(ARRIVED) == words;
    until("both wait", || waits("Show 2 new comments")).await;
    stage.click(".more button");
    until("one has come otherwise", || waits("Show 1 new comment")).await;
    send(&stage.one(".thread"), "focusin");
    let is_any_said = || stage.texts("[role=status]").iter().any(|it| it.contains("arrived"));
    until("it is said", is_any_said).await;
    assert!(is_said(&stage, "1 new comment has arrived."));
}

#[wasm_bindgen_test]
async fn an_answer_says_whom_it_answers_as_long_as_that_is_there() {
    let is_gone = Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_gone = is_gone.clone();
        move |asked| {
            let page = match asked.url.contains("cursor=second") {
                false => json!({
                    "items": [comment("1", None, "An"), comment("2", None, "Em")],
                    "next": "second",
                    "at": "7",
                }),
                true if is_gone.get() => json!({ "items": [comment("6", Some("5"), "Chi")] }),
                true => json!({ "items": [comment("5", None, "Bình")] }),
            };
            (200, page)
        }
    });
    let streams = Streams::new();
    let stage = Stage::apart("live-heading", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    let heading = || stage.text("#comment-6 > header > :first-child");
    let alone = stage.filled(msg::COMMENTS_BY, &[("name", "Chi")]);
    let below = [("name", "Chi"), ("parent", "Bình")];
    let below = stage.filled(msg::COMMENTS_ANSWER_BY, &below) + ", level 2";
    streams.say("8", comment("6", Some("5"), "Chi"));
    until("it waits", || stage.find(ARRIVED).is_some()).await;
    stage.click(ARRIVED);
    until("it is at the top", || stage.find("#comment-6").is_some()).await;
    assert_eq!(heading(), alone);
    stage.click(".more button");
    until("what it answers is there", || stage.find("#comment-5").is_some()).await;
    until("it says so", || heading() == below && stage.find("#comment-6 h4").is_some()).await;
    is_gone.set(true);
    streams.tell("90", "reset", "");
    until("that has gone", || stage.find("#comment-5").is_none()).await;
    until("it says so", || heading() == alone && stage.find("#comment-6 h3").is_some()).await;
}

/// A thread of one comment at a backend that has nothing to say of what it takes.
async fn taciturn(id: &str) -> (Backend, Stage, Mounted) {
    let backend = Backend::answering(|asked| {
        let later = json!({"votes": 2, "editable": "2999-01-01T00:00:00Z"});
        match &*asked.method {
            "GET" => (200, json!({"items": [with(comment("1", None, "An"), later)]})),
            _ => (204, Value::Null),
        }
    });
    let to = |address: &str| json!({"to": address, "body": "params"});
    let writes = json!({
        "vote": to("{+base}/vote"), "edit": to("{+base}/edit"), "delete": to("{+base}/delete")
    });
    let stage = Stage::within(foreign(id, writes).await, "en");
    let shown = show(&stage);
    until("the comment is awake", || stage.find("#comment-1 .vote").is_some()).await;
    (backend, stage, shown)
}

fn press_on_first(stage: &Stage, words: haidang::i18n::Msg) {
    let words = stage.words(words);
    let buttons = stage.all("#comment-1 .comment-actions button");
    let button = buttons.into_iter().find(|button| support::text_of(button) == words);
    button.expect("a button").unchecked_into::<web_sys::HtmlElement>().click();
}

#[wasm_bindgen_test]
async fn a_vote_of_which_the_backend_says_nothing_counts_as_it_was_given() {
    let (backend, stage, _shown) = taciturn("taciturn-vote").await;
    let outbox = haidang::offline::Outbox::of(&stage.site.portal());
    stage.click("#comment-1 .vote");
    until("it is taken", || {
        backend.posted().len() == 1 && leptos::prelude::untrack(|| outbox.entries()).is_empty()
    })
    .await;
    followed().await;
    assert_eq!(stage.text("#comment-1 .votes [aria-hidden]"), "3");
    assert_eq!(stage.attr("#comment-1 .vote", "aria-pressed").as_deref(), Some("true"));
    assert_eq!(stage.all("article.comment").len(), 1);
}

#[wasm_bindgen_test]
async fn an_edit_and_a_deletion_of_which_the_backend_says_nothing_are_as_they_were_asked_for() {
    let (_backend, stage, _shown) = taciturn("taciturn-edit").await;
    press_on_first(&stage, msg::WRITING_EDIT);
    until("the form is there", || stage.find("li textarea").is_some()).await;
    let field: web_sys::HtmlTextAreaElement = stage.one("li textarea");
    field.set_value("Khác");
    send(&field, "input");
    stage.click("li form button[type=submit]");
    let said = stage.words(msg::WRITING_SAVED);
    until("it is taken", || stage.text(".thread-said") == said).await;
    followed().await;
    assert_eq!(stage.text("#comment-1 .comment-body"), "Khác");
    assert_eq!(stage.all("article.comment").len(), 1);
    press_on_first(&stage, msg::WRITING_DELETE);
    until("it is asked", || stage.find(".comment-form").is_some()).await;
    stage.click(".comment-form button");
    let gone = stage.words(msg::COMMENTS_DELETED);
    until("it is gone", || stage.text("#comment-1 .comment-body") == gone).await;
    assert_eq!(stage.all("article.comment").len(), 1);
}

#[wasm_bindgen_test]
async fn a_stream_of_another_shape_is_read_by_its_profile_and_garbage_in_it_costs_nothing() {
    let (_backend, streams) = (backend(), Streams::new());
    let live = json!({"live": {
        "sse": "{+base}/{thread}/events",
        "each": "{id: item.n, parent: item.to, author: item.who, body: item.text, revision: item.rev}",
    }});
    let stage = Stage::within(foreign("stream", live).await, "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    assert!(streams.addresses()[0].ends_with("/events"), "{:?}", streams.addresses());
    for garbage in ["", "{", "[]", "null", "{\"n\": {}}", "<html>"] {
        streams.tell("1", "message", garbage);
    }
    streams.tell("2", "message", r#"{"n": 1, "who": "An", "text": "khác", "rev": 2}"#);
    streams.tell("2", "message", r#"{"n": 1, "who": "An", "text": "khác", "rev": 2}"#);
    streams.tell("1", "message", r#"{"n": 1, "who": "An", "text": "cũ", "rev": 1}"#);
    until("it has changed", || stage.text("#comment-1 .comment-body") == "khác").await;
    for _ in 0..2 {
        streams.tell("3", "message", r#"{"n": 5, "to": 1, "who": "Chi", "text": "mới"}"#);
    }
    until("what is new waits", || stage.find(ARRIVED).is_some()).await;
    stage.click(ARRIVED);
    until("it is there", || stage.find("#comment-5").is_some()).await;
    assert_eq!(stage.all("article.comment").len(), 3);
    assert_eq!(stage.text("#comment-1 .comment-body"), "khác");
}

#[wasm_bindgen_test]
async fn looking_now_and_then_finds_what_has_changed_on_any_page() {
    let is_later = Rc::new(std::cell::Cell::new(false));
    let backend = Backend::answering({
        let is_later = is_later.clone();
        move |asked| {
            let page = if asked.url.contains("page=2") {
                json!({ "items": [comment("3", None, "Chi")] })
            } else {
                let pinned = json!({"pinned": is_later.get()});
                let items = [with(comment("1", None, "An"), pinned), comment("2", None, "Bình")];
                json!({ "items": items, "next": "2" })
            };
            (200, page)
        }
    });
    let stage = Stage::within(polling("pages").await, "en");
    let _shown = show(&stage);
    until("the first page is there", || stage.all("article.comment").len() == 2).await;
    stage.click(".more button");
    until("the second page is there", || stage.all("article.comment").len() == 3).await;
    is_later.set(true);
    until("the change is found", || stage.find("#comment-1 .label").is_some()).await;
    assert!(backend.asked().iter().filter(|asked| asked.url.contains("page=2")).count() > 1);
}

#[wasm_bindgen_test]
async fn one_more_among_ten_thousand_costs_one_row() {
    let items: Vec<Value> = (0..10_000_u32)
        .map(|id| {
            with(comment(&id.to_string(), None, "An"), json!({"created": "2024-05-01T08:00:00Z"}))
        })
        .collect();
    let _backend = Backend::answering(move |_| (200, json!({ "items": items, "at": "7" })));
    let streams = Streams::new();
    let stage = Stage::apart("live-many", "en");
    let _shown = show(&stage);
    listening(&stage, &streams).await;
    let first: Element = stage.one("#comment-0");
    let clock = leptos::prelude::window().performance().expect("a clock");
    let begun = clock.now();
    streams.say("8", with(comment("10001", Some("0"), "Chi"), json!({"votes": 3})));
    until("it waits", || stage.find(ARRIVED).is_some()).await;
    let waits = clock.now();
    stage.click(ARRIVED);
    let shown = clock.now();
    assert!(stage.has_focus("#comment-10001"));
    assert_eq!(
        stage.one::<Element>("#comment-10001").closest("li").expect("valid"),
        first.closest("li").expect("valid").and_then(|row| row.next_element_sibling())
    );
    let folded = clock.now();
    stage.click("#comment-0 [data-do=fold]");
    until("it is folded away", || stage.find("[hidden] #comment-10001").is_some()).await;
    let done = clock.now();
    // This is not the optimised program.
    let took =
        format!("heard {}, shown {}, folded {} ms", waits - begun, shown - waits, done - folded);
    leptos::logging::log!("{took}");
    assert!(shown - waits < 1_000.0 && done - folded < 1_000.0, "{took}");
}
