//! In the browser: writing a comment. Nothing that was typed is ever lost or touched.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::Cell, rc::Rc};

use haidang::{
    i18n::msg,
    preferences::storage,
    thread::{Place, thread},
    view::Mounted,
};
use js_sys::{Function, Reflect};
use serde_json::{Value, json};
use support::{
    Stage,
    backend::{Asked, Backend},
    followed, messages,
    samples::{comment, with},
    send, until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    CompositionEvent, CompositionEventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
};

wasm_bindgen_test_configure!(run_in_browser);

/// A thread with one comment on it, in a portal of its own.
async fn thread_of(portal: &str, code: &str) -> (Stage, Mounted) {
    let stage = Stage::apart(portal, code);
    let shown =
        stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open: true }));
    until("the comments are there", || stage.find("article.comment").is_some()).await;
    (stage, shown)
}

/// Holds one comment, and answers what is posted.
fn backend(answer: impl Fn(&Asked) -> (u16, Value) + 'static) -> Backend {
    Backend::answering(move |asked| match &*asked.method {
        "POST" => answer(asked),
        _ => (200, json!({"items": [comment("1", None, "An")]})),
    })
}

/// Takes every comment as the eighth.
fn taking() -> Backend {
    backend(|asked| {
        let parent = asked.body.get("parent").and_then(Value::as_str);
        (201, comment("8", parent, asked.body["author"].as_str().unwrap_or_default()))
    })
}

/// Types into the form within `within` as a keyboard does.
fn write(stage: &Stage, within: &str, name: &str, text: &str) {
    let field: HtmlInputElement = stage.one(&format!("{within} [name=name]"));
    field.set_value(name);
    send(&field, "input");
    let field: HtmlTextAreaElement = stage.one(&format!("{within} [name=text]"));
    field.set_value(text);
    send(&field, "input");
}

fn press(stage: &Stage, within: &str) {
    stage.one::<HtmlElement>(&format!("{within} button[type=submit]")).click();
}

const TOP: &str = ".thread > form";

#[wasm_bindgen_test]
async fn an_empty_field_gives_an_error_and_takes_the_focus() {
    let backend = taking();
    let (stage, _shown) = thread_of("empty", "en").await;
    for (name, text, error, field) in [
        (" ", "Lời", msg::COMMENTS_NAME_MISSING, "[name=name]"),
        ("An", " \n ", msg::COMMENTS_TEXT_MISSING, "[name=text]"),
    ] {
        write(&stage, TOP, name, text);
        press(&stage, TOP);
        let error = stage.words(error);
        until("it says so", || stage.text("[role=alert]") == error).await;
        assert!(stage.has_focus(field));
    }
    write(&stage, TOP, "An", &"ă".repeat(5_001));
    press(&stage, TOP);
    until("it says so", || stage.text("[role=alert]").contains("5000")).await;
    assert!(stage.has_focus("[name=text]"));
    assert!(backend.posted().is_empty());
}

#[wasm_bindgen_test]
async fn the_name_is_kept_with_a_version_and_read_as_an_older_app_kept_it() {
    let _backend = taking();
    let storage = storage().expect("storage");
    storage.set_item("haidang:signed:name", "Chi").expect("storage");
    let (stage, shown) = thread_of("signed", "en").await;
    assert_eq!(stage.one::<HtmlInputElement>(&format!("{TOP} [name=name]")).value(), "Chi");
    write(&stage, TOP, "7", "Lời");
    let kept = storage.get_item("haidang:signed:name").expect("storage");
    assert_eq!(kept.as_deref(), Some(r#"{"name":"7","version":1}"#));
    drop((stage, shown));
    let (stage, _shown) = thread_of("signed", "en").await;
    assert_eq!(stage.one::<HtmlInputElement>(&format!("{TOP} [name=name]")).value(), "7");
}

#[wasm_bindgen_test]
async fn a_comment_is_sent_shown_announced_and_no_longer_kept() {
    let backend = taking();
    let (stage, _shown) = thread_of("sent", "en").await;
    write(&stage, TOP, " Bình ", " Lời hay. \n");
    press(&stage, TOP);
    until("it is there", || stage.has_focus("#comment-8")).await;
    let posted = backend.posted();
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0].url, "api/v1/articles/9/comments");
    assert_eq!(
        posted[0].body,
        json!({"parent": null, "author": "Bình", "text": "Lời hay.", "lang": "en"})
    );
    assert!(posted[0].key.len() >= 16, "{}", posted[0].key);
    assert_eq!(stage.text("[role=status]"), stage.words(msg::COMMENTS_POSTED));
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "");
    assert_eq!(storage().expect("storage").get_item("haidang:sent:draft::9:"), Ok(None));
    // The next comment is signed the same.
    assert_eq!(stage.one::<HtmlInputElement>("[name=name]").value().trim(), "Bình");
}

#[wasm_bindgen_test]
async fn an_answer_goes_below_what_it_answers_and_closes_its_form() {
    let backend = taking();
    let (stage, _shown) = thread_of("answer", "en").await;
    stage.click("#comment-1 button");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    write(&stage, "li", "Bình", "Đúng.");
    press(&stage, "li");
    until("it is there", || stage.has_focus("#comment-8")).await;
    assert_eq!(backend.posted()[0].body["parent"], "1");
    assert_eq!(stage.attrs("ol > li", "data-depth"), ["0", "1"]);
    assert!(stage.find("li form").is_none());
}

#[wasm_bindgen_test]
async fn a_comment_that_waits_for_an_editor_is_announced_as_that() {
    let _backend = backend(|_| (201, with(comment("8", None, "Bình"), json!({"state": "held"}))));
    let (stage, _shown) = thread_of("held", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    let held = stage.words(msg::COMMENTS_HELD);
    until("it says so", || stage.text("[role=status]") == held).await;
}

#[wasm_bindgen_test]
async fn two_presses_send_one_comment() {
    let backend = taking();
    let (stage, _shown) = thread_of("twice", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    press(&stage, TOP);
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert_eq!(backend.posted().len(), 1);
}

#[wasm_bindgen_test]
async fn a_comment_that_was_not_taken_is_still_there_and_the_same_when_sent_again() {
    let backend = backend(|_| (500, json!({})));
    let (stage, _shown) = thread_of("failed", "en").await;
    let failed = stage.words(msg::COMMENTS_FAILED);
    for (times, text) in [(1, "Lời"), (2, "Lời"), (3, "Lời khác")] {
        write(&stage, TOP, "Bình", text);
        press(&stage, TOP);
        let is_idle = || stage.attr("[type=submit]", "aria-disabled").as_deref() == Some("false");
        until("it was tried", || backend.posted().len() == times && is_idle()).await;
        assert!(stage.text("[role=alert]").starts_with(&failed));
        assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), text);
    }
    let keys: Vec<String> = backend.posted().into_iter().map(|asked| asked.key).collect();
    assert!(keys[0] == keys[1] && keys[1] != keys[2], "{keys:?}");
}

#[wasm_bindgen_test]
async fn a_refusal_gives_the_servers_reason() {
    let _backend = backend(|_| (422, json!({"detail": "Links are not allowed", "field": "text"})));
    let (stage, _shown) = thread_of("refused", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    let reason = [("reason", "Links are not allowed")];
    let sentence = stage.filled(msg::COMMENTS_REFUSED, &reason);
    until("it says why", || stage.text("[role=alert]") == sentence).await;
}

#[wasm_bindgen_test]
async fn what_was_typed_is_there_again_after_a_reload() {
    let _backend = taking();
    let (stage, shown) = thread_of("draft", "en").await;
    write(&stage, TOP, "Bình", "Đang viết\ndở");
    stage.click("#comment-1 button");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlInputElement>("li [name=name]").value(), "Bình");
    write(&stage, "li", "Bình", "Một câu trả lời");
    drop(shown);
    drop(stage);
    let (stage, _shown) = thread_of("draft", "en").await;
    assert_eq!(stage.one::<HtmlInputElement>("[name=name]").value(), "Bình");
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "Đang viết\ndở");
    stage.click("#comment-1 button");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("li textarea").value(), "Một câu trả lời");
    let (other, _shown) = thread_of("draft-elsewhere", "en").await;
    assert_eq!(other.one::<HtmlTextAreaElement>("[name=text]").value(), "");
}

#[wasm_bindgen_test]
async fn the_draft_of_a_newer_app_is_neither_read_nor_written_over() {
    let (place, newer) = ("haidang:newer-draft:draft::9:", r#"{"version": 2, "text": ["a"]}"#);
    let storage = storage().expect("storage");
    storage.set_item(place, newer).expect("storage");
    let backend = backend(|_| (500, json!({})));
    let (stage, _shown) = thread_of("newer-draft", "en").await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "");
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    until("it was tried", || backend.posted().len() == 1).await;
    assert_eq!(storage.get_item(place), Ok(Some(newer.to_owned())));
}

/// From here on counts how often anybody sets the value of a field.
fn watch(field: &HtmlTextAreaElement) {
    let watch = Function::new_with_args(
        "field",
        "const own = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');
         field.writes = 0;
         field.typeIn = text => own.set.call(field, text);
         Object.defineProperty(field, 'value', {
             get: () => own.get.call(field),
             set: text => { field.writes += 1; own.set.call(field, text); },
         });",
    );
    watch.call1(&field.into(), field).expect("a field");
}

/// How often the value of a watched field was set.
fn writes(field: &HtmlTextAreaElement) -> Option<f64> {
    Reflect::get(field, &"writes".into()).expect("a watched field").as_f64()
}

/// What an input method does: the field's value changes, the app sets nothing.
fn type_in(field: &HtmlTextAreaElement, text: &str) {
    let set = Reflect::get(field, &"typeIn".into()).expect("a watched field");
    let set: Function = set.into();
    set.call1(field, &text.into()).expect("a text");
    send(field, "input");
}

fn compose(field: &HtmlTextAreaElement, event: &str, data: &str) {
    let options = CompositionEventInit::new();
    options.set_bubbles(true);
    options.set_data(data);
    let event =
        CompositionEvent::new_with_event_init_dict(event, &options).expect("a composition event");
    field.dispatch_event(&event).expect("a field in the document");
}

#[wasm_bindgen_test]
async fn a_field_is_never_written_to_while_an_input_method_is_at_work() {
    let _backend = taking();
    let (stage, _shown) = thread_of("ime", "vi").await;
    let field: HtmlTextAreaElement = stage.one("[name=text]");
    watch(&field);
    field.focus().expect("focus");
    // Telex makes "tiếng" of t i e e s n g; a Japanese reader composes かいぼう before 海防.
    let steps = [
        (["t", "ti", "tie", "tiê", "tiế", "tiến", "tiếng"].as_slice(), "vi", "en"),
        (["か", "かい", "かいぼう", "海防"].as_slice(), "en", "ja"),
        (["ㅎ", "하", "항", "항구"].as_slice(), "ja", "ko"),
    ];
    for (composed, from, to) in steps {
        let before = field.value();
        compose(&field, "compositionstart", "");
        for (index, text) in composed.iter().enumerate() {
            compose(&field, "compositionupdate", text);
            type_in(&field, &format!("{before}{text}"));
            // Everything else goes on meanwhile: another language, an answer opened.
            stage.i18n.speak(messages(if index % 2 == 0 { to } else { from }));
            followed().await;
            assert_eq!(field.value(), format!("{before}{text}"));
        }
        compose(&field, "compositionend", composed[composed.len() - 1]);
        followed().await;
    }
    assert_eq!(field.value(), "tiếng海防항구");
    assert!(stage.one::<HtmlTextAreaElement>("[name=text]") == field);
    assert!(stage.has_focus("[name=text]"));
    assert_eq!(writes(&field), Some(0.0));
    let kept = storage().expect("storage").get_item("haidang:ime:draft::9:");
    assert!(kept.expect("storage").is_some_and(|kept| kept.contains("tiếng海防항구")));
}

#[wasm_bindgen_test]
async fn a_comment_that_comes_in_while_somebody_writes_moves_nothing_that_is_written() {
    let is_late = Rc::new(Cell::new(false));
    let _backend = Backend::answering({
        let is_late = is_late.clone();
        move |_| match is_late.get() {
            true => (
                200,
                json!({"items": [comment("2", None, "Bình"), comment("3", Some("1"), "Chi")]}),
            ),
            false => (200, json!({"items": [comment("1", None, "An")], "next": "c"})),
        }
    });
    let (stage, _shown) = thread_of("late", "vi").await;
    stage.click("#comment-1 button");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    let field: HtmlTextAreaElement = stage.one("li textarea");
    field.set_value("đang viết");
    watch(&field);
    is_late.set(true);
    stage.click(".more button");
    until("they are there", || stage.all("article.comment").len() == 3).await;
    assert!(stage.one::<HtmlTextAreaElement>("li textarea") == field);
    assert!(stage.has_focus("li textarea"));
    assert_eq!((field.value().as_str(), writes(&field)), ("đang viết", Some(0.0)));
}

#[wasm_bindgen_test]
async fn what_the_native_api_refuses_is_said_in_the_readers_language_and_the_text_stays() {
    for (portal, status, kind, field, said) in [
        ("refused-closed", 409, "closed", None, msg::COMMENTS_CLOSED),
        ("refused-parent", 422, "invalid", Some("parent"), msg::COMMENTS_PARENT_GONE),
        ("refused-name", 422, "invalid", Some("author"), msg::COMMENTS_NAME_MISSING),
    ] {
        let _backend = backend(move |_| {
            let kind = format!("urn:haidang:problem:{kind}");
            (status, json!({ "type": kind, "detail": "In English", "field": field }))
        });
        let (stage, _shown) = thread_of(portal, "ja").await;
        write(&stage, TOP, "An", "Chào");
        press(&stage, TOP);
        let error = format!("{TOP} .composer-error");
        until("it is said", || stage.text(&error) == stage.words(said)).await;
        assert_eq!(stage.one::<HtmlTextAreaElement>(&format!("{TOP} textarea")).value(), "Chào");
    }
}
