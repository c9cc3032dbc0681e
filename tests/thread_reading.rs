//! In the browser: ways through a thread. Keys, links, what is new, what is looked for, who is muted.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use haidang::{
    i18n::msg,
    preferences::storage,
    thread::{Place, thread},
    view::Mounted,
};
use serde_json::{Value, json};
use support::{
    Stage,
    backend::Backend,
    samples::{comment, with},
    send, until,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    Element, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent, KeyboardEventInit,
};

wasm_bindgen_test_configure!(run_in_browser);

fn show(stage: &Stage) -> Mounted {
    stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open: true }))
}

fn holding(items: Value) -> Backend {
    Backend::answering(move |_| (200, json!({ "items": items })))
}

fn conversation() -> Value {
    json!([
        comment("1", None, "An"),
        comment("2", Some("1"), "Bình"),
        comment("3", Some("2"), "Chi"),
        comment("4", None, "Dũng"),
    ])
}

async fn loaded(stage: &Stage, count: usize) {
    until("the comments are there", || stage.all("article.comment").len() == count).await;
}

/// The ids of the comments that show.
fn shown(stage: &Stage) -> Vec<String> {
    let is_shown = |it: &Element| it.closest("[hidden]").expect("valid").is_none();
    let all = stage.all("article.comment").into_iter().filter(is_shown);
    all.map(|it| it.id().replace("comment-", "")).collect()
}

fn press(stage: &Stage, within: &str, key: &str, change: impl Fn(&KeyboardEventInit)) {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_bubbles(true);
    init.set_cancelable(true);
    change(&init);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init);
    let at: Element = stage.one(within);
    at.dispatch_event(&event.expect("an event")).expect("dispatched");
}

#[wasm_bindgen_test]
async fn single_keys_move_through_the_thread_while_the_focus_is_in_it() {
    let _backend = holding(conversation());
    let stage = Stage::apart("keys", "en");
    let _shown = show(&stage);
    loaded(&stage, 4).await;
    stage.one::<HtmlElement>("#comment-1").focus().expect("focus");
    for (from, key, to) in
        [("1", "j", "2"), ("2", "j", "3"), ("3", "p", "2"), ("2", "k", "1"), ("1", "k", "1")]
    {
        press(&stage, &format!("#comment-{from}"), key, |_| {});
        assert!(stage.has_focus(&format!("#comment-{to}")), "{from} {key} {to}");
    }
    assert_eq!(stage.attrs("[data-found]", "id"), ["comment-1"]);
    press(&stage, "#comment-1", "c", |_| {});
    until("the branch is folded away", || shown(&stage) == ["1", "4"]).await;
    assert!(stage.has_focus("#comment-1 [data-do=fold]"), "what has changed has the focus");
    // Not what was meant for the browser, an input method or a field.
    press(&stage, "#comment-1", "j", |init| init.set_ctrl_key(true));
    press(&stage, "#comment-1", "j", |init| init.set_is_composing(true));
    press(&stage, "#comment-1", "j", |init| init.set_key_code(229));
    press(&stage, ".composer textarea", "j", |_| {});
    assert_eq!(stage.attrs("[data-found]", "id"), ["comment-1"]);
}

#[wasm_bindgen_test]
async fn the_keys_are_explained_and_can_be_switched_off() {
    let _backend = holding(conversation());
    let stage = Stage::apart("keys-off", "en");
    let _shown = show(&stage);
    loaded(&stage, 4).await;
    until("the tools are there", || stage.find("#thread-keys").is_some()).await;
    stage.one::<HtmlElement>("#comment-1").focus().expect("focus");
    press(&stage, "#comment-1", "?", |_| {});
    assert!(stage.one::<Element>("#thread-keys").has_attribute("open"));
    assert_eq!(stage.all("#thread-keys kbd").len(), 6);
    stage.click("#thread-keys input");
    stage.click("#thread-keys .actions button");
    assert!(!stage.one::<Element>("#thread-keys").has_attribute("open"));
    press(&stage, "#comment-1", "j", |_| {});
    assert!(stage.find("[data-found]").is_none());
    // The buttons do the same.
    stage.click(".thread-moves button:nth-child(2)");
    assert!(stage.find("[data-found]").is_some());
    let kept = storage().expect("storage").get_item("haidang:keys-off:keys").expect("kept");
    assert_eq!(kept.as_deref(), Some(r#"{"on":false,"version":1}"#));
}

#[wasm_bindgen_test]
async fn a_link_to_a_comment_unfolds_what_is_above_it_and_takes_the_focus_there() {
    let _backend = holding(conversation());
    let stage = Stage::apart("links", "en");
    let _shown = show(&stage);
    loaded(&stage, 4).await;
    stage.click("#comment-1 [data-do=fold]");
    until("the branch is folded away", || shown(&stage) == ["1", "4"]).await;
    let location = leptos::prelude::window().location();
    location.set_hash("comment-3").expect("a hash");
    until("it has the focus", || stage.has_focus("#comment-3")).await;
    assert_eq!(shown(&stage), ["1", "2", "3", "4"]);
    location.set_hash("").expect("a hash");
}

#[wasm_bindgen_test]
async fn a_link_to_a_comment_that_is_not_loaded_yet_loads_until_it_is_there() {
    let backend = Backend::answering(|asked| {
        let (items, next) = match asked.url.rsplit_once("cursor=") {
            None => (json!([comment("1", None, "An")]), Some("b")),
            Some((_, "b")) => (json!([comment("2", Some("1"), "Bình")]), Some("c")),
            Some(_) => (json!([comment("3", Some("2"), "Chi")]), None),
        };
        (200, json!({"items": items, "next": next}))
    });
    let stage = Stage::apart("links-far", "en");
    let location = leptos::prelude::window().location();
    location.set_hash("comment-3").expect("a hash");
    let _shown = show(&stage);
    until("it has the focus", || stage.has_focus("#comment-3")).await;
    // The rows that nobody waits for come in idle slices.
    until("all show", || shown(&stage) == ["1", "2", "3"]).await;
    assert_eq!(backend.addresses().len(), 3);
    location.set_hash("").expect("a hash");
}

#[wasm_bindgen_test]
async fn what_came_since_the_last_visit_is_marked_and_can_be_gone_to() {
    let storage = storage().expect("storage");
    let place = "haidang:visit:seen::9";
    storage.remove_item(place).expect("storage");
    let _backend = holding(conversation());
    let stage = Stage::apart("visit", "en");
    let first = show(&stage);
    loaded(&stage, 4).await;
    assert!(stage.find("[data-new]").is_none(), "the first time nothing is new");
    assert!(storage.get_item(place).expect("storage").is_some(), "but it is kept");
    drop(first);
    drop(stage);
    let record = r#"{"version": 1, "at": "2024-05-01T08:02:30Z"}"#;
    storage.set_item(place, record).expect("storage");
    let stage = Stage::apart("visit", "en");
    let _shown = show(&stage);
    loaded(&stage, 4).await;
    assert_eq!(stage.attrs("[data-new]", "id"), ["comment-3", "comment-4"]);
    assert_eq!(stage.texts("#comment-3 .label"), [stage.words(msg::THREAD_NEW)]);
    until("it is said", || stage.find(".thread-new").is_some()).await;
    assert!(stage.text(".thread-new").starts_with("2 new since your last visit"));
    stage.click("#comment-1 [data-do=fold]");
    stage.click(".thread-new button");
    assert!(stage.has_focus("#comment-3"), "also what is folded away");
    stage.click(".thread-new button");
    assert!(stage.has_focus("#comment-4"));
}

#[wasm_bindgen_test]
async fn words_the_author_and_a_language_narrow_what_shows() {
    let _backend = holding(json!([
        with(
            comment("1", None, "Đỗ An"),
            json!({"body": {"format": "text", "value": "Cảng Hải Phòng"}})
        ),
        with(comment("2", Some("1"), "Bình"), json!({"badge": "author", "lang": "en"})),
        comment("3", None, "Chi"),
    ]));
    let stage = Stage::apart("filter", "en");
    let _shown = show(&stage);
    loaded(&stage, 3).await;
    until("the tools are there", || stage.find("[name=language]").is_some()).await;
    let words: HtmlInputElement = stage.one("[name=words]");
    let look_for = |text: &str| {
        words.set_value(text);
        send(&words, "input");
    };
    look_for("hai phong");
    until("one shows", || shown(&stage) == ["1"]).await;
    until("it is said", || stage.text(".count") == "1 comment found").await;
    look_for("do an");
    until("names count", || shown(&stage) == ["1"]).await;
    look_for("");
    until("all show", || shown(&stage) == ["1", "2", "3"]).await;
    let lang: HtmlSelectElement = stage.one("[name=language]");
    lang.set_value("en");
    send(&lang, "change");
    until("one shows", || shown(&stage) == ["2"]).await;
    lang.set_value("");
    send(&lang, "change");
    stage.click(".thread-tools input[type=checkbox]");
    until("the author's shows", || shown(&stage) == ["2"]).await;
}

#[wasm_bindgen_test]
async fn who_is_muted_is_not_read_here_until_that_is_taken_back() {
    let _backend = holding(conversation());
    let stage = Stage::apart("muted", "en");
    let before = show(&stage);
    loaded(&stage, 4).await;
    stage.click("#comment-2 [data-do=mute]");
    let says = stage.filled(msg::THREAD_MUTED, &[("name", "Bình")]);
    until("it is gone", || stage.text("#comment-2 .comment-body").starts_with(&says)).await;
    assert!(!stage.html().contains("Lời 2") && stage.html().contains("Lời 3"), "replies stay");
    drop(before);
    drop(stage);
    let stage = Stage::apart("muted", "en");
    let _shown = show(&stage);
    until("it is kept", || stage.find("#comment-2 [data-do=unmute]").is_some()).await;
    stage.click("#comment-2 [data-do=unmute]");
    until("it is there again", || stage.text("#comment-2 .comment-body") == "Lời 2").await;
}

#[wasm_bindgen_test]
async fn all_replies_fold_at_once() {
    let _backend = holding(conversation());
    let stage = Stage::apart("fold-all", "vi");
    let _shown = show(&stage);
    loaded(&stage, 4).await;
    let button = |msg| {
        let all = stage.all(".thread-tools > button");
        let words = stage.words(msg);
        all.into_iter().position(|it| it.text_content() == Some(words.clone()))
    };
    until("the tools are there", || button(msg::THREAD_COLLAPSE_ALL) == Some(0)).await;
    stage.all(".thread-tools > button")[0].clone().dyn_into::<HtmlElement>().expect("one").click();
    until("they are folded", || shown(&stage) == ["1", "4"]).await;
    stage.all(".thread-tools > button")[1].clone().dyn_into::<HtmlElement>().expect("one").click();
    until("they are not", || shown(&stage).len() == 4).await;
}
