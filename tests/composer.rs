//! In the browser: writing a comment. Nothing that was typed is ever lost or touched.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::Cell, rc::Rc};

use haidang::{
    i18n::{Msg, msg},
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
    send, text_of, until,
};
use wasm_bindgen::{JsCast, prelude::Closure};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    CompositionEvent, CompositionEventInit, CustomEvent, HtmlElement, HtmlInputElement,
    HtmlSelectElement, HtmlTextAreaElement, KeyboardEvent, KeyboardEventInit,
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
    assert_eq!(kept.as_deref(), Some(r#"{"email":"","name":"7","version":1}"#));
    drop((stage, shown));
    let (stage, _shown) = thread_of("signed", "en").await;
    assert_eq!(stage.one::<HtmlInputElement>(&format!("{TOP} [name=name]")).value(), "7");
}

#[wasm_bindgen_test]
async fn a_name_is_remembered_only_with_consent() {
    let _backend = taking();
    let storage = storage().expect("storage");
    let (stage, shown) = thread_of("consent", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    assert_eq!(storage.get_item("haidang:consent:name"), Ok(None));
    // Within the page it is the same in every form.
    stage.click("#comment-1 button[aria-expanded]");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlInputElement>("li [name=name]").value(), "Bình");
    let remember = format!("{TOP} [name=remember]");
    stage.click(&remember);
    assert!(storage.get_item("haidang:consent:name").expect("storage").is_some());
    drop((stage, shown));
    let (stage, _shown) = thread_of("consent", "en").await;
    assert_eq!(stage.one::<HtmlInputElement>(&format!("{TOP} [name=name]")).value(), "Bình");
    stage.click(&remember);
    assert_eq!(storage.get_item("haidang:consent:name"), Ok(None));
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
    let body = &posted[0].body;
    assert_eq!(body["author"], "Bình");
    assert_eq!(body["text"], "Lời hay.");
    assert_eq!(body["lang"], "en");
    assert!(body["parent"].is_null() && body["trap"].is_null() && body["email"].is_null());
    assert!(body["typed"].is_number());
    assert!(posted[0].key.len() >= 16, "{}", posted[0].key);
    assert_eq!(stage.text(".thread-said"), stage.words(msg::COMMENTS_POSTED));
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "");
    assert_eq!(stage.all("article.comment").len(), 2);
    assert_eq!(storage().expect("storage").get_item("haidang:sent:draft::9:"), Ok(None));
    assert_eq!(storage().expect("storage").get_item("haidang:sent:waiting"), Ok(None));
    // The next comment is signed the same.
    assert_eq!(stage.one::<HtmlInputElement>("[name=name]").value().trim(), "Bình");
}

#[wasm_bindgen_test]
async fn an_answer_goes_below_what_it_answers_and_closes_its_form() {
    let backend = taking();
    let (stage, _shown) = thread_of("answer", "en").await;
    stage.click("#comment-1 button[aria-expanded]");
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
    until("it says so", || stage.text(".thread-said") == held).await;
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

/// Presses the button with these words at the comment that waits.
fn press_at(stage: &Stage, words: Msg) {
    let words = stage.words(words);
    let buttons = stage.all(".comment-status button");
    let button = buttons.into_iter().find(|button| text_of(button) == words);
    let button = button.unwrap_or_else(|| panic!("no {words} in {}", stage.html()));
    button.dyn_into::<HtmlElement>().expect("a button").click();
}

/// What the comment that waits says of itself.
fn state(stage: &Stage) -> Option<String> {
    stage.find(".comment-status")?.get_attribute("data-state")
}

#[wasm_bindgen_test]
async fn a_comment_that_was_not_taken_waits_where_it_shows_and_is_the_same_when_sent_again() {
    let is_up = Rc::new(Cell::new(false));
    let backend = backend({
        let is_up = is_up.clone();
        move |asked| match is_up.get() {
            true => (201, comment("8", None, asked.body["author"].as_str().unwrap_or_default())),
            false => (500, json!({})),
        }
    });
    let (stage, _shown) = thread_of("failed", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    let trying = stage.words(msg::WRITING_TRYING);
    until("it was tried", || {
        stage.find(".comment-status").is_some_and(|at| text_of(&at).starts_with(&trying))
    })
    .await;
    assert_eq!(stage.texts("article.comment .comment-body"), ["Lời 1", "Lời"]);
    is_up.set(true);
    press_at(&stage, msg::WRITING_TRY_NOW);
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert!(stage.find(".comment-status").is_none());
    let keys: Vec<String> = backend.posted().into_iter().map(|asked| asked.key).collect();
    assert!(keys.len() >= 2 && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[wasm_bindgen_test]
async fn a_refusal_gives_the_servers_reason_and_the_text_is_sent_again_otherwise() {
    let backend = backend(|asked| match asked.body["text"].as_str() {
        Some("Không liên kết") => (201, comment("8", None, "Bình")),
        _ => (422, json!({"detail": "Links are not allowed", "field": "text"})),
    });
    let (stage, _shown) = thread_of("refused", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    let reason = [("reason", "Links are not allowed")];
    let sentence = stage.filled(msg::COMMENTS_REFUSED, &reason);
    until("it says why", || state(&stage).as_deref() == Some("refused")).await;
    assert!(stage.text(".comment-status").starts_with(&sentence));
    press_at(&stage, msg::WRITING_CHANGE);
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("li textarea").value(), "Lời");
    assert_eq!(stage.one::<HtmlInputElement>("li [name=name]").value(), "Bình");
    write(&stage, "li", "Bình", "Không liên kết");
    press(&stage, "li");
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert_eq!(stage.all("article.comment").len(), 2);
    let posted = backend.posted();
    assert!(posted.len() == 2 && posted[0].key != posted[1].key);
}

#[wasm_bindgen_test]
async fn what_was_refused_can_be_discarded() {
    let _backend = backend(|_| (422, json!({"detail": "No"})));
    let (stage, _shown) = thread_of("discarded", "en").await;
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    until("it says why", || state(&stage).as_deref() == Some("refused")).await;
    press_at(&stage, msg::WRITING_DISCARD);
    until("it is gone", || stage.all("article.comment").len() == 1).await;
    assert!(
        storage().expect("storage").get_item("haidang:discarded:waiting").expect("get").is_none()
    );
}

#[wasm_bindgen_test]
async fn what_was_typed_is_there_again_after_a_reload() {
    let _backend = taking();
    let (stage, shown) = thread_of("draft", "en").await;
    write(&stage, TOP, "Bình", "Đang viết\ndở");
    stage.click("#comment-1 button[aria-expanded]");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlInputElement>("li [name=name]").value(), "Bình");
    write(&stage, "li", "Bình", "Một câu trả lời");
    drop(shown);
    drop(stage);
    let (stage, _shown) = thread_of("draft", "en").await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "Đang viết\ndở");
    stage.click("#comment-1 button[aria-expanded]");
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
    let _backend = taking();
    let (stage, _shown) = thread_of("newer-draft", "en").await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("[name=text]").value(), "");
    write(&stage, TOP, "Bình", "Lời");
    press(&stage, TOP);
    until("it is there", || stage.find("#comment-8").is_some()).await;
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
    stage.click("#comment-1 button[aria-expanded]");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    let field: HtmlTextAreaElement = stage.one("li textarea");
    field.set_value("đang viết");
    watch(&field);
    is_late.set(true);
    // Whether the reader asks for them or they come by themselves, being near.
    until("they are there", || {
        if stage.find(".more button").is_some() {
            stage.click(".more button");
        }
        stage.all("article.comment").len() == 3
    })
    .await;
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
        ("refused-guest", 401, "identity", None, msg::WRITING_IDENTITY),
    ] {
        let _backend = backend(move |_| {
            let kind = format!("urn:haidang:problem:{kind}");
            (status, json!({ "type": kind, "detail": "In English", "field": field }))
        });
        let (stage, _shown) = thread_of(portal, "ja").await;
        write(&stage, TOP, "An", "Chào");
        press(&stage, TOP);
        until("it says why", || state(&stage).as_deref() == Some("refused")).await;
        assert!(stage.text(".comment-status").starts_with(&stage.words(said)));
        press_at(&stage, msg::WRITING_CHANGE);
        until("the text is there", || stage.find("li textarea").is_some()).await;
        assert_eq!(stage.one::<HtmlTextAreaElement>("li textarea").value(), "Chào");
    }
}

#[wasm_bindgen_test]
async fn the_trap_is_met_by_no_person_and_what_is_in_it_is_sent() {
    let backend = taking();
    let (stage, _shown) = thread_of("trap", "en").await;
    let trap: HtmlInputElement = stage.one(&format!("{TOP} [name=link]"));
    assert_eq!(trap.get_attribute("tabindex").as_deref(), Some("-1"));
    assert!(trap.closest("[aria-hidden=true]").expect("a selector").is_some());
    trap.set_value("https://spam.example");
    write(&stage, TOP, "An", "Lời");
    press(&stage, TOP);
    until("it was sent", || backend.posted().len() == 1).await;
    assert_eq!(backend.posted()[0].body["trap"], "https://spam.example");
}

/// Presses a key in a field.
fn key(field: &HtmlTextAreaElement, name: &str, ctrl: bool, is_composing: bool) {
    let options = KeyboardEventInit::new();
    options.set_bubbles(true);
    options.set_cancelable(true);
    options.set_key(name);
    options.set_ctrl_key(ctrl);
    options.set_is_composing(is_composing);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options);
    field.dispatch_event(&event.expect("a key")).expect("a field in the document");
}

#[wasm_bindgen_test]
async fn ctrl_and_enter_send_but_not_what_an_input_method_is_at_work_on() {
    let backend = taking();
    let (stage, _shown) = thread_of("ctrl-enter", "ja").await;
    write(&stage, TOP, "An", "海防");
    let field: HtmlTextAreaElement = stage.one(&format!("{TOP} textarea"));
    key(&field, "Enter", true, true);
    key(&field, "Enter", false, false);
    followed().await;
    assert!(backend.posted().is_empty());
    key(&field, "Enter", true, false);
    until("it was sent", || backend.posted().len() == 1).await;
}

#[wasm_bindgen_test]
async fn a_preview_shows_the_text_as_it_will_be_and_follows_it() {
    let _backend = taking();
    let (stage, _shown) = thread_of("preview", "en").await;
    write(&stage, TOP, "An", "*Hay* <b>x</b> @An https://x.test");
    stage.click(&format!("{TOP} [aria-expanded]"));
    until("it is there", || stage.find(".preview em").is_some()).await;
    assert_eq!(stage.text(".preview .comment-body"), "Hay <b>x</b> @An https://x.test");
    assert_eq!(
        stage.attrs(".preview a", "href").last().map(String::as_str),
        Some("https://x.test")
    );
    assert!(stage.attrs(".preview a", "href")[0].ends_with("#comment-1"));
    let rel = stage.attrs(".preview a[rel]", "rel");
    assert_eq!(rel, ["nofollow ugc noopener"]);
    write(&stage, TOP, "An", "> khác");
    until("it follows", || stage.find(".preview blockquote").is_some()).await;
}

#[wasm_bindgen_test]
async fn people_of_the_thread_are_chosen_with_the_keyboard() {
    let _backend = taking();
    let (stage, _shown) = thread_of("mention", "vi").await;
    write(&stage, TOP, "Chi", "Đúng @a");
    until("An is offered", || stage.texts(&format!("{TOP} [role=option]")) == ["An"]).await;
    let field: HtmlTextAreaElement = stage.one(&format!("{TOP} textarea"));
    let active = field.get_attribute("aria-activedescendant").expect("a chosen one");
    assert_eq!(stage.text(&format!("#{active}")), "An");
    // An input method's own Enter chooses nothing.
    key(&field, "Enter", false, true);
    assert_eq!(field.value(), "Đúng @a");
    key(&field, "Enter", false, false);
    assert_eq!(field.value(), "Đúng @An ");
    until("nobody is offered", || stage.find(&format!("{TOP} [role=option]")).is_none()).await;
    write(&stage, TOP, "Chi", "x@a");
    followed().await;
    assert!(stage.find(&format!("{TOP} [role=option]")).is_none());
}

#[wasm_bindgen_test]
async fn characters_are_counted_when_they_become_few_as_many_as_the_thread_takes() {
    let _backend = Backend::answering(|_| {
        let rules = json!({"open": true, "longest": 10});
        (200, json!({"items": [comment("1", None, "An")], "rules": rules}))
    });
    let (stage, _shown) = thread_of("count", "en").await;
    write(&stage, TOP, "An", "đường");
    until("they are counted", || stage.text(".composer-count") == "5 characters left").await;
    write(&stage, TOP, "An", "đường phố lớn");
    until("they are counted", || stage.text(".composer-count") == "3 characters too many").await;
    press(&stage, TOP);
    until("it says so", || stage.text(".composer-error").contains("10")).await;
}

#[wasm_bindgen_test]
async fn the_rules_of_the_house_are_open_before_the_first_comment_and_folded_after_it() {
    let _backend = taking();
    let json = support::PORTAL.replace(
        r#""id": "test""#,
        r#""id": "house", "comments": {"rules": {"en": "Be kind."}, "privacy": {"en": "Kept a year."}}"#,
    );
    let show = |stage: &Stage| {
        stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open: true }))
    };
    let stage = Stage::of(&json, "en");
    let shown = show(&stage);
    until("they are told", || stage.texts("details[open] p") == ["Be kind.", "Kept a year."]).await;
    until("the comments are there", || stage.find("article.comment").is_some()).await;
    write(&stage, TOP, "An", "Lời");
    press(&stage, TOP);
    until("it is there", || stage.find("#comment-8").is_some()).await;
    drop((stage, shown));
    let stage = Stage::of(&json, "en");
    let _shown = show(&stage);
    until("the form is there", || stage.find(TOP).is_some()).await;
    assert_eq!(stage.all("details").len(), 2);
    assert!(stage.find("details[open]").is_none());
}

#[wasm_bindgen_test]
async fn a_name_that_is_html_and_a_text_of_100_kb_are_text() {
    let backend = taking();
    let (stage, _shown) = thread_of("hostile", "en").await;
    write(&stage, TOP, "<img src=x onerror=alert(1)>", &"<b>[x](javascript:y) ".repeat(5_000));
    press(&stage, TOP);
    until("it is too long", || stage.text(".composer-error").contains("5000")).await;
    write(&stage, TOP, "<img src=x onerror=alert(1)>", "<b>");
    press(&stage, TOP);
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert!(stage.find("article img").is_none());
    assert_eq!(backend.posted().len(), 1);
}

#[wasm_bindgen_test]
async fn a_question_of_the_backend_is_asked_and_its_answer_sent_along() {
    let backend = backend(|asked| match asked.body["challenge"].as_str() {
        Some("4") => (201, comment("8", None, "An")),
        _ => {
            let challenge = json!({"kind": "question", "question": "2 + 2?"});
            (403, json!({"type": "urn:haidang:problem:challenge", "challenge": challenge}))
        }
    });
    let (stage, _shown) = thread_of("question", "en").await;
    write(&stage, TOP, "An", "Lời");
    press(&stage, TOP);
    until("it is asked", || stage.find("form.challenge").is_some()).await;
    assert!(stage.text("form.challenge").contains("2 + 2?"));
    stage.one::<HtmlInputElement>(".challenge [name=answer]").set_value("4");
    stage.click(".challenge [type=submit]");
    until("it is there", || stage.find("#comment-8").is_some()).await;
    assert_eq!(backend.posted()[1].body["text"], "Lời");
}

#[wasm_bindgen_test]
async fn another_challenge_is_met_by_the_page_around() {
    let _backend = backend(|asked| match asked.body["challenge"].as_str() {
        Some("solved") => (201, comment("8", None, "An")),
        _ => {
            let challenge = json!({"kind": "captcha", "site": "s"});
            (403, json!({"type": "urn:haidang:problem:challenge", "challenge": challenge}))
        }
    });
    let page = Closure::<dyn Fn(CustomEvent)>::new(|event: CustomEvent| {
        let detail = event.detail();
        let get = |name: &str| Reflect::get(&detail, &name.into()).expect("a member");
        assert!(get("challenge").as_string().expect("a text").contains("captcha"));
        let answer: Function = get("answer").into();
        answer.call1(&wasm_bindgen::JsValue::NULL, &"solved".into()).expect("an answer");
    });
    let (stage, _shown) = thread_of("captcha", "en").await;
    let listener = page.as_ref().unchecked_ref();
    stage.place().add_event_listener_with_callback("haidang:challenge", listener).expect("listen");
    write(&stage, TOP, "An", "Lời");
    press(&stage, TOP);
    until("it is there", || stage.find("#comment-8").is_some()).await;
}

/// A thread whose only comment is the reader's own, voted on and editable.
fn own(answer: impl Fn(&Asked) -> (u16, Value) + 'static) -> Backend {
    let mine = || {
        let later = "2999-01-01T00:00:00Z";
        with(comment("1", None, "An"), json!({"editable": later, "votes": 2, "voted": 0}))
    };
    Backend::answering(move |asked| match &*asked.method {
        "GET" => (200, json!({"items": [mine(), comment("2", None, "Bình")]})),
        _ => answer(asked),
    })
}

/// Presses the button with these words below the comment `id`.
fn press_on(stage: &Stage, id: &str, words: Msg) {
    let words = stage.words(words);
    let buttons = stage.all(&format!("#comment-{id} .comment-actions button"));
    let button = buttons.into_iter().find(|button| text_of(button) == words);
    let button = button.unwrap_or_else(|| panic!("no {words} in {}", stage.html()));
    button.dyn_into::<HtmlElement>().expect("a button").click();
}

#[wasm_bindgen_test]
async fn a_comment_of_ones_own_is_written_otherwise() {
    let backend = own(|asked| {
        let body = json!({"format": "markdown", "value": asked.body["text"]});
        (
            200,
            with(comment("1", None, "An"), json!({"body": body, "edited": "2024-05-01T09:00:00Z"})),
        )
    });
    let (stage, _shown) = thread_of("edited", "en").await;
    press_on(&stage, "1", msg::WRITING_EDIT);
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    let field: HtmlTextAreaElement = stage.one("li textarea");
    assert_eq!(field.value(), "Lời 1");
    field.set_value("Lời *khác*");
    send(&field, "input");
    press(&stage, "li");
    until("it is otherwise", || stage.text("#comment-1 .comment-body") == "Lời khác").await;
    let asked = backend.asked().into_iter().find(|asked| asked.method == "PUT").expect("an edit");
    assert_eq!(asked.url, "api/v1/articles/9/comments/1");
    assert_eq!(stage.text(".thread-said"), stage.words(msg::WRITING_SAVED));
}

#[wasm_bindgen_test]
async fn an_edit_that_comes_too_late_is_told_where_it_was_made_and_its_text_stays() {
    let _backend = own(|_| (409, json!({"type": "urn:haidang:problem:too-late", "title": "Late"})));
    let (stage, _shown) = thread_of("late-edit", "ko").await;
    press_on(&stage, "1", msg::WRITING_EDIT);
    until("the form is there", || stage.find("li textarea").is_some()).await;
    let field: HtmlTextAreaElement = stage.one("li textarea");
    field.set_value("Muộn");
    send(&field, "input");
    press(&stage, "li");
    until("it is told", || state(&stage).as_deref() == Some("refused")).await;
    assert!(stage.text(".comment-status").starts_with(&stage.words(msg::WRITING_TOO_LATE)));
    assert_eq!(stage.text("#comment-1 .comment-body"), "Lời 1");
    press_at(&stage, msg::WRITING_CHANGE);
    until("the form is there", || stage.find("li textarea").is_some()).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("li textarea").value(), "Muộn");
}

#[wasm_bindgen_test]
async fn a_comment_is_deleted_only_when_the_reader_is_sure() {
    let backend = own(|_| (200, with(comment("1", None, ""), json!({"state": "deleted"}))));
    let (stage, _shown) = thread_of("deleted", "en").await;
    press_on(&stage, "1", msg::WRITING_DELETE);
    until("it is asked", || stage.find(".comment-form").is_some()).await;
    assert!(backend.asked().iter().all(|asked| asked.method == "GET"));
    stage.click(".comment-form button");
    let gone = stage.words(msg::COMMENTS_DELETED);
    until("it is gone", || stage.text("#comment-1 .comment-body") == gone).await;
}

#[wasm_bindgen_test]
async fn a_vote_counts_at_once_and_is_taken_back_if_it_is_refused() {
    let is_gone = Rc::new(Cell::new(false));
    let backend = own({
        let is_gone = is_gone.clone();
        move |asked| match is_gone.get() {
            true => (410, json!({"type": "urn:haidang:problem:gone", "title": "Gone"})),
            false => {
                let vote = asked.body["vote"].as_i64().unwrap_or_default();
                (200, with(comment("1", None, "An"), json!({"votes": 2 + vote, "voted": vote})))
            }
        }
    });
    let (stage, _shown) = thread_of("votes", "en").await;
    let count = || stage.text("#comment-1 .votes [aria-hidden]");
    let pressed = || stage.attr("#comment-1 .vote", "aria-pressed");
    assert_eq!((count().as_str(), pressed().as_deref()), ("2", Some("false")));
    stage.click("#comment-1 .vote");
    until("it counts", || count() == "3" && pressed().as_deref() == Some("true")).await;
    until("it was sent", || backend.posted().len() == 1).await;
    assert_eq!(backend.posted()[0].url, "api/v1/articles/9/comments/1/vote");
    until("it is taken", || stage.find("#comment-1 .comment-status").is_none()).await;
    is_gone.set(true);
    stage.click("#comment-1 .vote");
    until("it is told", || state(&stage).as_deref() == Some("refused")).await;
    assert!(stage.text(".comment-status").starts_with(&stage.words(msg::WRITING_GONE)));
    assert_eq!((count().as_str(), pressed().as_deref()), ("3", Some("true")));
}

#[wasm_bindgen_test]
async fn a_report_goes_to_the_moderators_with_its_reason() {
    let backend = own(|_| (204, Value::Null));
    let (stage, _shown) = thread_of("report", "en").await;
    assert!(stage.find("#comment-1 [aria-label^=Report]").is_none());
    stage.click("#comment-2 [aria-label^=Report]");
    until("the form has the focus", || stage.has_focus("[name=reason]")).await;
    stage.one::<HtmlSelectElement>("[name=reason]").set_value("abuse");
    press(&stage, "li");
    let thanks = stage.words(msg::WRITING_REPORTED);
    until("it is thanked for", || stage.text(".thread-said") == thanks).await;
    assert_eq!(backend.posted()[0].body, json!({"reason": "abuse", "detail": ""}));
}

#[wasm_bindgen_test]
async fn an_answer_begins_with_what_is_quoted() {
    let _backend = taking();
    let (stage, _shown) = thread_of("quote", "en").await;
    stage.click("#comment-1 [aria-label^=Quote]");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    assert_eq!(stage.one::<HtmlTextAreaElement>("li textarea").value(), "> Lời 1\n\n");
}
