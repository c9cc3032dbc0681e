//! In the browser: the front page, lists, search, the press office, and pages that are none.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    i18n::msg,
    pages::{Data, Failed, FrontData, ListData, NotFound, PressData, SearchData, Settings},
    ui,
};
use haidang_engine::{
    model::{Front, Headline, Key, Page as Slice, Press},
    profile::Failure,
    route::{List, ListKind, Page},
    time::Timestamp,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    Stage, followed, lang, messages,
    samples::{document, headline, of, with},
    send, until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlInputElement;

wasm_bindgen_test_configure!(run_in_browser);

/// The titles of headlines, whatever level of heading they are.
const TITLE: &str = ".headline :is(h2, h3)";

fn front(value: Value) -> Data {
    Arc::new(FrontData(of::<Front>(value)))
}

#[wasm_bindgen_test]
fn the_front_page_puts_the_lead_first_then_the_latest_then_the_sections() {
    let stage = Stage::new("en");
    let data = front(json!({
        "lead": [headline("1"), headline("2"), headline("3")],
        "latest": [headline("4")],
        "sections": [{"section": {"id": "news", "name": "News"}, "items": [headline("5")]}],
    }));
    let _shown = stage.show_page(Page::Front, data);
    assert_eq!(stage.text("h1"), "Test portal");
    assert_eq!(stage.texts(TITLE), ["Bài 1", "Bài 2", "Bài 3", "Bài 4", "Bài 5"]);
    assert_eq!(stage.texts(".headlines-lead h2"), ["Bài 1"]);
    assert_eq!(stage.texts(".headlines-second h2"), ["Bài 2", "Bài 3"]);
    let more = stage.filled(msg::FRONT_MORE, &[("section", "News")]);
    let parts = [stage.words(msg::FRONT_LATEST), "News".to_owned()];
    assert_eq!(stage.texts("section > h2"), parts);
    assert_eq!(stage.texts("section h3"), ["Bài 4", "Bài 5"]);
    assert_eq!(stage.texts(".front-section .more"), [more]);
    assert_eq!(stage.attrs(".more a", "href"), ["en/section/news"]);
}

#[wasm_bindgen_test]
fn an_edition_without_articles_says_so() {
    let stage = Stage::new("ja");
    let _shown = stage.show_page(Page::Front, front(json!({})));
    assert_eq!(stage.text("p"), stage.words(msg::FRONT_EMPTY));
}

#[wasm_bindgen_test]
async fn a_page_shows_nothing_of_another_kind_on_its_way_out() {
    let stage = Stage::new("en");
    let data = front(json!({"lead": [headline("1")]}));
    let (_mounted, shown) = stage.show_page(Page::Front, data);
    shown.set(stage.loaded(Page::Settings, Arc::new(Settings)));
    until("it is empty", || stage.html().is_empty()).await;
}

fn list() -> List {
    List { kind: ListKind::Section, key: Key::of("news"), organisation: None, cursor: None }
}

fn list_data(list: List, page: Value, more: Vec<(&str, Value)>) -> Data {
    let more = more.into_iter().map(|(code, item)| (lang(code), vec![of::<Headline>(item)]));
    let data = ListData { list, page: of(page), more: more.collect() };
    Arc::new(data)
}

#[wasm_bindgen_test]
fn a_list_has_its_name_its_articles_and_those_of_other_languages_apart() {
    let stage = Stage::new("en");
    let page = json!({
        "items": [with(headline("1"), json!({"lang": "en"}))],
        "about": {"id": "news", "name": "News", "summary": "Of the city."},
    });
    let chinese = with(headline("2"), json!({"lang": "zh"}));
    let _shown = stage.show_page(
        Page::List(list()),
        list_data(list(), page, vec![("vi", headline("3")), ("zh", chinese)]),
    );
    assert_eq!(
        (stage.text("h1"), stage.text(".page-head .standfirst")),
        ("News".to_owned(), "Of the city.".to_owned())
    );
    let more = |language| stage.filled(msg::LIST_MORE_IN, &[("language", language)]);
    assert_eq!(stage.texts(".more-in h2"), [more("Vietnamese"), more("Simplified Chinese")]);
    assert_eq!(stage.texts(TITLE), ["Bài 1", "Bài 3", "Bài 2"]);
    assert_eq!(stage.texts("section h3"), ["Bài 3", "Bài 2"]);
    assert_eq!(stage.attrs(".more-in article", "lang"), ["vi", "zh-Hans"]);
    assert!(stage.find(".empty, .chips, .paging").is_none());
}

#[wasm_bindgen_test]
fn an_empty_list_says_so_unless_other_languages_have_something() {
    let stage = Stage::new("en");
    let empty = stage.show_page(Page::List(list()), list_data(list(), json!({}), Vec::new()));
    assert_eq!(stage.text(".empty"), stage.words(msg::LIST_EMPTY));
    assert_eq!(stage.text("h1"), "news");
    drop(empty);
    let stage = Stage::new("en");
    let more = vec![("vi", headline("3"))];
    let _shown = stage.show_page(Page::List(list()), list_data(list(), json!({}), more));
    assert!(stage.find(".empty").is_none());
}

#[wasm_bindgen_test]
fn a_section_can_be_narrowed_down_to_one_of_its_organisations() {
    let stage = Stage::new("en");
    let own =
        List { organisation: Some("port".to_owned()), cursor: Some("c".to_owned()), ..list() };
    let page = json!({
        "items": [headline("1")],
        "organisations": [{"id": "port", "name": "Port"}, {"id": "city", "name": "City"}],
    });
    let _shown = stage.show_page(Page::List(own.clone()), list_data(own, page, Vec::new()));
    let all = stage.words(msg::LIST_ALL);
    assert_eq!(stage.texts(".chips a"), [&*all, "Port", "City"]);
    assert_eq!(stage.attrs(".chips a", "aria-current"), ["", "true", ""]);
    assert_eq!(
        stage.attrs(".chips a", "href"),
        [
            "en/section/news",
            "en/section/news?organisation=port",
            "en/section/news?organisation=city",
        ]
    );
}

fn search(query: &str, articles: Value, documents: Value) -> Data {
    let (articles, documents): (Slice<_>, Slice<_>) = (of(articles), of(documents));
    let query = query.to_owned();
    Arc::new(SearchData { query, articles, documents, ..SearchData::default() })
}

fn search_page(query: &str) -> Page {
    Page::Search { query: query.to_owned(), cursor: None }
}

#[wasm_bindgen_test]
async fn search_goes_to_what_was_typed_and_says_what_was_found() {
    let stage = Stage::new("en");
    let nothing = search("", json!({}), json!({}));
    let (_mounted, shown) = stage.show_page(search_page(""), nothing);
    assert_eq!(stage.text(".hint"), stage.words(msg::SEARCH_HINT));
    let field: HtmlInputElement = stage.one("input[name=q]");
    field.set_value("cảng");
    send(&stage.one("form"), "submit");
    assert_eq!(
        stage.went.get_untracked().map(|route| route.href()).as_deref(),
        Some("en/search?q=c%E1%BA%A3ng")
    );
    let found = search(
        "cảng",
        json!({"items": [headline("1"), headline("2")], "total": 2}),
        json!({"items": [document("d", "10-NQ/TU")], "total": 1}),
    );
    shown.set(stage.loaded(search_page("cảng"), found));
    until("it was found", || stage.find(TITLE).is_some()).await;
    assert_eq!(stage.text("[role=status]"), "2 articles · 1 document");
    assert_eq!(stage.texts(TITLE), ["Bài 1", "Bài 2"]);
    assert_eq!(stage.attrs(".search-documents h2 a", "href"), ["en/documents/d"]);
    assert!(stage.one::<HtmlInputElement>("input[name=q]") == field);
}

#[wasm_bindgen_test]
fn search_shows_the_first_documents_and_the_way_to_all() {
    let stage = Stage::new("en");
    let items: Vec<Value> = (0..6).map(|n| document(&n.to_string(), "10-NQ/TU")).collect();
    let data = search("10-NQ/TU", json!({}), json!({"items": items, "total": 6}));
    let _shown = stage.show_page(search_page("10-NQ/TU"), data);
    assert_eq!(stage.all(".document-entry").len(), 5);
    assert_eq!(stage.attrs(".more a", "href"), ["en/documents?q=10-NQ%2FTU"]);
    assert_eq!(stage.text("[role=status]"), "6 documents");
}

#[wasm_bindgen_test]
async fn a_search_in_vain_says_so_and_the_field_follows_the_address() {
    let stage = Stage::new("en");
    let (_mounted, shown) =
        stage.show_page(search_page("xyz"), search("xyz", json!({}), json!({})));
    let none = |query| stage.filled(msg::SEARCH_NONE, &[("query", query)]);
    assert_eq!(stage.text("[role=status]"), none("xyz"));
    let field: HtmlInputElement = stage.one("input[name=q]");
    assert_eq!(field.value(), "xyz");
    followed().await;
    field.set_value("typed meanwhile");
    shown.set(stage.loaded(search_page("xyz"), search("xyz", json!({"total": 0}), json!({}))));
    followed().await;
    assert_eq!(field.value(), "typed meanwhile");
    shown.set(stage.loaded(search_page("abc"), search("abc", json!({}), json!({}))));
    until("the field follows", || field.value() == "abc").await;
    assert_eq!(stage.text("[role=status]"), none("abc"));
}

#[wasm_bindgen_test]
fn the_press_office_parts_briefings_to_come_from_past_ones() {
    let briefing = |id: &str, starts: &str, changes: Value| {
        let briefing = json!({"id": id, "title": id, "lang": "vi", "starts": starts});
        with(briefing, changes)
    };
    let press: Press = of(json!({
        "spokespersons": [{
            "id": "s", "role": "Chánh Văn phòng", "organisation": {"id": "ubnd", "name": "UBND"},
            "phone": "+84 225 300", "email": "press@portal.example.org", "languages": ["vi", "ja"],
        }],
        "briefings": [
            briefing("on", "2024-05-01T01:00:00Z", json!({
                "ends": "2024-05-01T03:00:00Z", "place": "Hội trường", "calendar": "on.ics",
            })),
            briefing("next", "2024-05-02T01:00:00Z", json!({})),
            briefing("past", "2024-04-30T01:00:00Z", json!({"article": {"id": "9"}})),
        ],
    }));
    let stage = Stage::new("en");
    let now = Timestamp::parse("2024-05-01T02:00:00Z").expect("an instant");
    let data = Arc::new(PressData { press, now });
    let _shown = stage.show_page(Page::Press, data);
    assert_eq!(stage.texts("section:first-of-type h3"), ["on", "next"]);
    assert_eq!(stage.texts("section:nth-of-type(2) h3"), ["past"]);
    assert_eq!(stage.attrs(".briefing h3", "lang"), ["vi", "vi", "vi"]);
    assert!(stage.text(".briefing .meta").ends_with("08:00 [GMT+7]–10:00"));
    assert_eq!(stage.attr("a[download]", "href").as_deref(), Some("on.ics"));
    assert_eq!(stage.attr("section:nth-of-type(2) a", "href").as_deref(), Some("en/article/9"));
    assert_eq!(
        stage.attrs(".spokesperson a", "href"),
        ["tel:+84225300", "mailto:press@portal.example.org"]
    );
    assert_eq!(stage.text(".spokesperson div:last-child dd"), "Tiếng Việt, 日本語");
    assert_eq!(stage.attrs(".spokesperson dd span", "lang"), ["vi", "ja"]);
}

#[wasm_bindgen_test]
fn without_briefings_to_come_the_press_office_says_so() {
    let stage = Stage::new("en");
    let data = PressData { press: of(json!({})), now: Timestamp(0) };
    let _shown = stage.show_page(Page::Press, Arc::new(data));
    assert_eq!(stage.text(".empty"), stage.words(msg::PRESS_NO_UPCOMING));
    assert!(!stage.texts("h2").contains(&stage.words(msg::PRESS_PAST)));
}

#[wasm_bindgen_test]
async fn a_page_that_is_none_offers_ways_on_in_the_readers_language() {
    let stage = Stage::new("en");
    let _shown = stage.show_page(Page::NotFound("en/x".to_owned()), Arc::new(NotFound));
    assert_eq!(stage.attrs("li a", "href"), ["en/", "en/search", "en/documents"]);
    assert_eq!(stage.text("h1"), stage.words(msg::NOT_FOUND_TITLE));
    stage.i18n.speak(messages("vi"));
    let title = messages("vi").text(msg::NOT_FOUND_TITLE).to_owned();
    until("it speaks Vietnamese", || stage.text("h1") == title).await;
    assert_eq!(stage.attrs("li a", "href"), ["vi/", "vi/search", "vi/documents"]);
}

#[wasm_bindgen_test]
fn a_page_that_failed_says_why_and_can_be_asked_again() {
    let stage = Stage::new("en");
    let failure = Failure::Busy { retry_after: 2 };
    let _shown = stage.show_page(Page::Front, Arc::new(Failed(failure.clone())));
    assert_eq!(stage.text("h1"), stage.words(msg::FAILURE_TITLE));
    assert_eq!(stage.text("p"), untrack(|| ui::failure_text(stage.i18n, &failure)));
    assert_eq!(stage.attr("a", "href").as_deref(), Some("en/"));
    stage.click("button");
    assert_eq!(stage.reloads.get_untracked(), 1);
}
