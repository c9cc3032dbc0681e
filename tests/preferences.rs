//! In the browser: what a reader has set is kept, shown, and never lost to an older app.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    i18n::msg,
    pages::Settings,
    preferences::{Preferences, storage},
};
use haidang_engine::route::Page;
use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use support::{Stage, followed, lang, messages, until};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlInputElement;

wasm_bindgen_test_configure!(run_in_browser);

/// `localStorage` as the browser denies it, until dropped.
struct Denied(JsValue);

impl Denied {
    /// Whoever asks for it gets an error, as where a browser forbids it.
    fn altogether() -> Self {
        let throw = Function::new_no_args("throw new DOMException('denied', 'SecurityError')");
        Self::with("get", &throw)
    }

    /// It is there and takes nothing, as where it is full.
    fn to_write() -> Self {
        let full = "return { getItem: () => null,
            setItem() { throw new DOMException('full', 'QuotaExceededError') } }";
        Self::with("get", &Function::new_no_args(full))
    }

    fn with(key: &str, value: &Function) -> Self {
        let window: Object = js_sys::global();
        let own = Object::get_own_property_descriptor(&window, &"localStorage".into());
        let other = Object::new();
        Reflect::set(&other, &key.into(), value).expect("set");
        Reflect::set(&other, &"configurable".into(), &true.into()).expect("set");
        Object::define_property(&window, &"localStorage".into(), &other);
        Self(own)
    }
}

impl Drop for Denied {
    fn drop(&mut self) {
        let own = self.0.clone().into();
        Object::define_property(&js_sys::global(), &"localStorage".into(), &own);
    }
}

fn kept(portal: &str) -> Option<String> {
    storage()?.get_item(&format!("haidang:{portal}:preferences")).expect("storage")
}

fn keep(portal: &str, record: &str) {
    let key = format!("haidang:{portal}:preferences");
    storage().expect("storage").set_item(&key, record).expect("storage");
}

fn root(name: &str) -> Option<String> {
    document().document_element().expect("a root").get_attribute(name)
}

#[wasm_bindgen_test]
fn what_was_saved_is_loaded_for_the_same_portal_only() {
    let set = Preferences {
        theme: "dark".to_owned(),
        size: "large".to_owned(),
        lang: Some(lang("ja")),
        reads: vec![lang("zh"), lang("en")],
        saves_data: true,
    };
    assert!(set.save("saved"));
    assert!(Preferences::load("saved") == set);
    assert!(Preferences::load("another") == Preferences::default());
}

#[wasm_bindgen_test]
fn what_cannot_be_read_counts_as_nothing_and_is_replaced() {
    for broken in ["", "{", "[]", r#"{"theme": "dark"}"#, r#"{"version": "one"}"#] {
        keep("broken", broken);
        assert!(Preferences::load("broken") == Preferences::default(), "{broken}");
        assert!(Preferences { theme: "light".to_owned(), ..Default::default() }.save("broken"));
        assert_eq!(Preferences::load("broken").theme, "light");
    }
}

#[wasm_bindgen_test]
fn the_record_of_a_newer_app_is_neither_read_nor_written_over() {
    let newer = r#"{"version": 2, "theme": {"name": "sepia"}}"#;
    keep("newer", newer);
    assert!(Preferences::load("newer") == Preferences::default());
    assert!(!Preferences { theme: "dark".to_owned(), ..Default::default() }.save("newer"));
    assert_eq!(kept("newer").as_deref(), Some(newer));
}

#[wasm_bindgen_test]
fn without_storage_there_are_the_defaults_and_nothing_is_kept() {
    for denied in [Denied::altogether, Denied::to_write] {
        let _denied = denied();
        assert!(Preferences::load("denied") == Preferences::default());
        assert!(!Preferences { size: "huge".to_owned(), ..Default::default() }.save("denied"));
    }
    assert_eq!(kept("denied"), None);
}

#[wasm_bindgen_test]
fn the_appearance_is_said_on_the_root_and_the_default_is_not() {
    let set = Preferences { theme: "dark".into(), size: "huge".into(), ..Default::default() };
    set.apply();
    assert_eq!((root("data-theme"), root("data-size")), (Some("dark".into()), Some("huge".into())));
    Preferences::default().apply();
    assert_eq!((root("data-theme"), root("data-size")), (None, None));
}

#[wasm_bindgen_test]
async fn a_choice_on_the_settings_page_takes_effect_at_once_and_is_kept() {
    let stage = Stage::apart("settings", "en");
    let _shown = stage.show_page(Page::Settings, Arc::new(Settings));
    assert!(stage.one::<HtmlInputElement>("[name=theme][value='']").checked());
    stage.click("[name=theme][value=contrast]");
    stage.click("[name=size][value=large]");
    assert_eq!(root("data-theme").as_deref(), Some("contrast"));
    assert_eq!(root("data-size").as_deref(), Some("large"));
    let set = Preferences::load("settings");
    assert_eq!((&*set.theme, &*set.size), ("contrast", "large"));
    stage.click("[name=theme][value='']");
    assert_eq!(root("data-theme"), None);
    Preferences::default().apply();
}

#[wasm_bindgen_test]
async fn the_settings_page_shows_what_was_chosen_before() {
    let set = Preferences { theme: "dark".into(), reads: vec![lang("ja")], ..Default::default() };
    set.save("before");
    let stage = Stage::apart("before", "en");
    let _shown = stage.show_page(Page::Settings, Arc::new(Settings));
    assert_eq!(stage.attrs("[name=theme]:checked", "value"), ["dark"]);
    assert_eq!(stage.attrs("[name=size]:checked", "value"), [""]);
    assert_eq!(stage.attrs("[name=reads]:checked", "value"), ["ja"]);
}

#[wasm_bindgen_test]
async fn languages_are_read_in_the_order_they_were_chosen() {
    let stage = Stage::apart("reads", "en");
    let _shown = stage.show_page(Page::Settings, Arc::new(Settings));
    let names = stage.texts("label:has([name=reads])");
    assert_eq!(names, ["Tiếng Việt", "English", "中文", "日本語", "한국어"]);
    assert_eq!(stage.attr("label:has([value=zh]) span", "lang").as_deref(), Some("zh-Hans"));
    for code in ["ko", "zh", "vi", "zh"] {
        stage.click(&format!("[name=reads][value={code}]"));
    }
    assert!(Preferences::load("reads").reads == [lang("ko"), lang("vi")]);
}

#[wasm_bindgen_test]
async fn the_settings_page_says_so_where_the_browser_keeps_nothing() {
    let stage = Stage::apart("not-kept", "en");
    let _shown = stage.show_page(Page::Settings, Arc::new(Settings));
    let said = |msg| stage.words(msg);
    assert_eq!(stage.text("[role=status]"), said(msg::SETTINGS_SAVED));
    let denied = Denied::altogether();
    stage.click("[name=theme][value=light]");
    until("it says so", || stage.text("[role=status]") == said(msg::SETTINGS_NOT_SAVED)).await;
    assert_eq!(root("data-theme").as_deref(), Some("light"));
    drop(denied);
    stage.click("[name=theme][value='']");
    until("it is kept", || stage.text("[role=status]") == said(msg::SETTINGS_SAVED)).await;
}

#[wasm_bindgen_test]
async fn the_settings_page_follows_the_language_and_keeps_its_fields() {
    let stage = Stage::apart("follows", "en");
    let _shown = stage.show_page(Page::Settings, Arc::new(Settings));
    let field: HtmlInputElement = stage.one("[name=size][value=huge]");
    field.focus().expect("focus");
    stage.i18n.speak(messages("ko"));
    let title = messages("ko").text(msg::SETTINGS_TITLE).to_owned();
    until("it speaks Korean", || stage.text("h1") == title).await;
    followed().await;
    assert!(stage.has_focus("[name=size][value=huge]"));
}
