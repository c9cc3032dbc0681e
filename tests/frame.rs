//! In the browser: what is around every page. Header, notices, footer, and the head of the document.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    head,
    i18n::msg,
    pages::{ArticleData, Data, FrontData, ListData, Loaded, NotFound, Settings},
    preferences::storage,
    ui,
    view::Mounted,
};
use haidang_engine::{
    model::{Front, Key, Notice},
    route::{List, ListKind, Page},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    Stage, followed, lang, messages,
    samples::{article, headline, of, version, with},
    send, until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlInputElement};

wasm_bindgen_test_configure!(run_in_browser);

fn front() -> Data {
    Arc::new(FrontData(of::<Front>(json!({}))))
}

/// An article in Vietnamese that has a version in Japanese.
fn an_article() -> (Page, Data) {
    let versions = json!([version("9", "vi", "original"), version("j9", "ja", "translation")]);
    let article = of(with(article("9", json!({})), json!({ "versions": versions })));
    let page = Page::Article { key: Key::of("9"), slug: "bai".to_owned() };
    (page, Arc::new(ArticleData { article, content: None, thread: None }))
}

fn header(stage: &Stage, page: Page, data: Data) -> (Mounted, RwSignal<Loaded>) {
    let shown = RwSignal::new(stage.loaded(page, data));
    (stage.show(|| ui::header(shown)), shown)
}

#[wasm_bindgen_test]
fn each_language_has_a_link_in_that_language() {
    let stage = Stage::new("vi");
    let _shown = header(&stage, Page::Front, front());
    let links = ".languages a[rel=alternate]";
    assert_eq!(stage.texts(links), ["Tiếng Việt", "English", "中文", "日本語", "한국어"]);
    assert_eq!(stage.attrs(links, "hreflang"), ["vi", "en", "zh-Hans", "ja", "ko"]);
    assert_eq!(stage.attrs(links, "lang"), ["vi", "en", "zh-Hans", "ja", "ko"]);
    assert_eq!(stage.attrs(links, "href"), ["vi/", "en/", "zh/", "ja/", "ko/"]);
    assert_eq!(stage.attrs(links, "aria-current"), ["true", "", "", "", ""]);
    assert!(stage.find("[data-missing]").is_none());
}

#[wasm_bindgen_test]
async fn a_language_an_article_lacks_is_marked_and_leads_to_it_all_the_same() {
    let stage = Stage::new("vi");
    let (page, data) = an_article();
    let (_mounted, shown) = header(&stage, page, data);
    let links = ".languages a";
    assert_eq!(stage.attrs("a[data-missing]", "hreflang"), ["en", "zh-Hans", "ko"]);
    assert_eq!(
        stage.attrs(links, "href"),
        [
            "vi/article/9/ban",
            "en/article/9/bai",
            "zh/article/9/bai",
            "ja/article/j9/ban",
            "ko/article/9/bai",
        ]
    );
    let missing = stage.words(msg::LANG_MISSING);
    assert_eq!(stage.text("a[hreflang=en]"), format!("English – {missing}"));
    assert_eq!(stage.attr("a[hreflang=en] span", "lang").as_deref(), Some("vi"));
    shown.set(stage.loaded(Page::Front, front()));
    until("nothing is missing", || stage.find("[data-missing]").is_none()).await;
    assert_eq!(stage.attrs(links, "href"), ["vi/", "en/", "zh/", "ja/", "ko/"]);
}

#[wasm_bindgen_test]
async fn the_header_follows_the_language_and_keeps_what_is_typed() {
    let stage = Stage::new("vi");
    let (_mounted, shown) = header(&stage, Page::Front, front());
    let field: HtmlInputElement = stage.one("input[name=q]");
    field.set_value("cảng");
    field.focus().expect("focus");
    assert_eq!(stage.text(".brand"), "Cổng thử");
    stage.i18n.speak(messages("en"));
    shown.set(stage.loaded(Page::Front, front()));
    until("it speaks English", || stage.text(".brand") == "Test portal").await;
    followed().await;
    assert_eq!(stage.attr(".brand", "href").as_deref(), Some("en/"));
    assert_eq!(stage.attrs(".languages a", "aria-current"), ["", "true", "", "", ""]);
    assert_eq!(stage.attr("input", "aria-label"), Some(stage.words(msg::SEARCH_LABEL)));
    assert!(stage.has_focus("input") && stage.one::<HtmlInputElement>("input") == field);
    assert_eq!(field.value(), "cảng");
}

#[wasm_bindgen_test]
async fn the_navigation_is_that_of_the_edition_and_says_where_the_reader_is() {
    let stage = Stage::new("vi");
    let (_mounted, shown) = header(&stage, Page::Press, Arc::new(NotFound));
    let links = ".site-nav a";
    assert_eq!(stage.texts(links), ["Tin tức", "Văn bản", "Báo chí", "Bản đồ"]);
    assert_eq!(
        stage.attrs(links, "href"),
        ["vi/section/news", "vi/documents", "vi/press", "https://map.example.org/"]
    );
    assert_eq!(stage.attrs(links, "aria-current"), ["", "", "page", ""]);
    stage.i18n.speak(messages("en"));
    shown.set(stage.loaded(Page::Document(Key::of("d")), Arc::new(NotFound)));
    until("it is the English one", || stage.texts(links) == ["News", "Documents", "Map"]).await;
    assert_eq!(stage.attrs(links, "aria-current"), ["", "page", ""]);
}

#[wasm_bindgen_test]
fn what_a_portal_does_not_offer_has_no_way_there() {
    let off = r#""features": {"search": false, "press": false, "documents": false}, "id": "off""#;
    let stage = Stage::of(&support::PORTAL.replace(r#""id": "test""#, off), "vi");
    let _shown = header(&stage, Page::Front, front());
    assert!(stage.find("[role=search]").is_none());
    assert_eq!(stage.texts(".site-nav a"), ["Tin tức", "Bản đồ"]);
}

#[wasm_bindgen_test]
fn the_search_field_goes_to_what_was_typed() {
    let stage = Stage::new("vi");
    let _shown = header(&stage, Page::Front, front());
    stage.one::<HtmlInputElement>("input[name=q]").set_value("hai phong");
    send(&stage.one("form"), "submit");
    let went = stage.went.get_untracked().expect("a route");
    assert_eq!(went.href(), "vi/search?q=hai+phong");
    // Without script it is a form that asks for the same page.
    assert_eq!(stage.attr("form", "action").as_deref(), Some("vi/search"));
}

fn notice(id: &str, changes: Value) -> Notice {
    let notice = json!({"id": id, "title": format!("Báo {id}"), "text": "Lời", "lang": "vi"});
    of(with(notice, changes))
}

fn notices(stage: &Stage, data: Data, items: Vec<Notice>) -> (Mounted, RwSignal<Loaded>) {
    let shown = RwSignal::new(stage.loaded(Page::Front, data));
    let items = RwSignal::new(items);
    (stage.show(|| ui::notices(shown, items)), shown)
}

#[wasm_bindgen_test]
async fn the_front_page_has_all_notices_by_urgency_and_other_pages_emergencies_only() {
    let stage = Stage::new("vi");
    let items = vec![
        notice("a", json!({"level": "info"})),
        notice("b", json!({"level": "emergency"})),
        notice("c", json!({"level": "warning"})),
        notice("d", json!({"level": "emergency"})),
    ];
    let (_mounted, shown) = notices(&stage, front(), items);
    assert_eq!(stage.texts(".notice strong"), ["Báo b", "Báo d", "Báo c", "Báo a"]);
    assert_eq!(stage.attr(".notice", "data-level").as_deref(), Some("emergency"));
    assert_eq!(stage.text(".notice .label"), stage.words(msg::NOTICE_EMERGENCY));
    shown.set(stage.loaded(Page::Settings, Arc::new(Settings)));
    until("only those are there", || stage.texts(".notice strong") == ["Báo b", "Báo d"]).await;
}

#[wasm_bindgen_test]
fn a_notice_that_is_over_is_not_shown() {
    let stage = Stage::new("vi");
    let items = vec![
        notice("past", json!({"level": "emergency", "expires": "2016-12-09T01:32:00Z"})),
        notice("on", json!({"level": "emergency", "expires": "2999-12-09T01:32:00Z"})),
    ];
    let _shown = notices(&stage, front(), items);
    assert_eq!(stage.texts(".notice strong"), ["Báo on"]);
}

#[wasm_bindgen_test]
fn a_notice_that_may_not_be_put_away_cannot_be() {
    let stage = Stage::new("vi");
    let items = vec![
        notice("storm", json!({"level": "emergency"})),
        notice("works", json!({"dismissible": true})),
    ];
    let _shown = notices(&stage, front(), items);
    assert!(stage.find("[data-level=emergency] button").is_none());
    let label = format!("{}: Báo works", stage.words(msg::NOTICE_DISMISS));
    assert_eq!(stage.attr("[data-level=info] button", "aria-label"), Some(label));
}

#[wasm_bindgen_test]
async fn a_notice_that_was_put_away_stays_away_on_this_device() {
    let items = || ["one", "two"].map(|id| notice(id, json!({"dismissible": true}))).to_vec();
    let stage = Stage::apart("dismissed", "vi");
    let shown = notices(&stage, front(), items());
    stage.click(".notice button");
    until("it is away", || stage.texts("strong") == ["Báo two"]).await;
    drop(shown);
    drop(stage);
    let stage = Stage::apart("dismissed", "vi");
    let _shown = notices(&stage, front(), items());
    assert_eq!(stage.texts("strong"), ["Báo two"]);
    stage.click(".notice button");
    until("nothing is left, not even the region", || stage.html().is_empty()).await;
}

#[wasm_bindgen_test]
async fn the_focus_goes_on_from_a_notice_that_is_put_away() {
    let items = ["one", "two", "three"].map(|id| notice(id, json!({"dismissible": true})));
    let stage = Stage::apart("going-on", "vi");
    let _shown = notices(&stage, front(), items.to_vec());
    let heading = "<main><h1>Trang nhất</h1></main>";
    stage.place().insert_adjacent_html("beforeend", heading).expect("a heading");
    stage.click(".notice:nth-child(2) button");
    until("the next one has it", || {
        stage.texts("strong") == ["Báo one", "Báo three"]
            && stage.has_focus(".notice:nth-child(2) button")
    })
    .await;
    stage.click(".notice:nth-child(2) button");
    until("the page has it", || stage.has_focus("main h1")).await;
    assert_eq!(stage.texts("strong"), ["Báo one"]);
}

#[wasm_bindgen_test]
async fn what_was_put_away_is_kept_with_a_version_and_only_as_long_as_the_notice_lasts() {
    let storage = storage().expect("storage");
    let key = "haidang:records:dismissed";
    // As an older app kept it.
    storage.set_item(key, "over\none").expect("storage");
    let items = ["one", "two"].map(|id| notice(id, json!({"dismissible": true}))).to_vec();
    let stage = Stage::apart("records", "vi");
    let _shown = notices(&stage, front(), items);
    assert_eq!(stage.texts("strong"), ["Báo two"]);
    stage.click(".notice button");
    let kept = || serde_json::from_str(&storage.get_item(key).ok()??).ok();
    let record = json!({"version": 1, "ids": ["one", "two"]});
    until("it is kept", || kept() == Some(record.clone())).await;
    // What a newer app keeps is left alone.
    storage.set_item(key, r#"{"version": 2, "ids": ["three"]}"#).expect("storage");
    drop(stage);
    let stage = Stage::apart("records", "vi");
    let item = vec![notice("three", json!({"dismissible": true}))];
    let _shown = notices(&stage, front(), item);
    assert_eq!(stage.texts("strong"), ["Báo three"]);
    stage.click(".notice button");
    until("it is away", || stage.html().is_empty()).await;
    let kept = storage.get_item(key).expect("storage").expect("a record");
    assert_eq!(kept, r#"{"version": 2, "ids": ["three"]}"#);
}

#[wasm_bindgen_test]
fn an_emergency_is_shown_whatever_was_put_away_before() {
    let storage = storage().expect("storage");
    storage.set_item("haidang:put-away:dismissed", "storm").expect("storage");
    let stage = Stage::apart("put-away", "vi");
    let _shown = notices(&stage, front(), vec![notice("storm", json!({"level": "emergency"}))]);
    assert_eq!(stage.texts("strong"), ["Báo storm"]);
}

#[wasm_bindgen_test]
fn a_notice_says_its_language_its_time_and_where_there_is_more() {
    let stage = Stage::new("en");
    let item = json!({"issued": "2016-12-09T01:32:00Z", "article": {"id": "9"}});
    let _shown = notices(&stage, front(), vec![notice("a", item)]);
    assert_eq!(stage.attrs("strong, p > span:not(.label)", "lang"), ["vi", "vi"]);
    assert_eq!(stage.attr("a", "href").as_deref(), Some("en/article/9"));
    assert!(stage.text("small").contains("Friday, 9 December 2016, 08:32 [GMT+7]"));
}

#[wasm_bindgen_test]
async fn the_footer_prints_what_the_law_asks_in_the_readers_language() {
    let stage = Stage::new("vi");
    let _shown = stage.show(ui::footer);
    assert_eq!(stage.text(".agency"), "Cơ quan chủ quản");
    let labels = || [stage.words(msg::FOOTER_EDITOR), stage.words(msg::FOOTER_CONTACT)];
    assert_eq!(stage.texts("dt"), labels());
    assert_eq!(stage.texts("dd"), ["Trưởng ban", "toasoan@portal.example.org"]);
    assert_eq!(stage.attrs(".footer-links a", "href"), ["https://portal.example.org/privacy"]);
    stage.i18n.speak(messages("en"));
    until("it speaks English", || stage.texts(".agency") == ["Published by the city"]).await;
    assert_eq!(stage.texts("dt"), labels());
    assert_eq!(stage.texts("dd"), ["Editor-in-chief", "editor@portal.example.org"]);
    stage.i18n.speak(messages("ko"));
    until("it falls back", || stage.texts(".agency") == ["Cơ quan chủ quản"]).await;
}

#[wasm_bindgen_test]
async fn the_way_to_the_top_stays_on_the_page() {
    let stage = Stage::new("vi");
    let _shown = stage.show(ui::footer);
    stage.site.address.set("vi/article/9".to_owned());
    let there = Some("vi/article/9#top".to_owned());
    until("it leads there", || stage.attr(".top a", "href") == there).await;
}

/// The tags of the document's head that are the page's.
fn tags(selector: &str, attribute: &str) -> Vec<String> {
    let found = document().query_selector_all(&format!("head {selector}")).expect("a selector");
    let element = |index| found.get(index).map(wasm_bindgen::JsCast::unchecked_into::<Element>);
    let elements = (0..found.length()).filter_map(element);
    elements.filter_map(|element| element.get_attribute(attribute)).collect()
}

#[wasm_bindgen_test]
fn the_head_names_the_page_its_languages_and_its_one_address() {
    let stage = Stage::new("vi");
    let (page, data) = an_article();
    let loaded = stage.loaded(page, data);
    untrack(|| head::apply(stage.site, stage.i18n, &loaded));
    assert_eq!(document().title(), "Bài 9 – Cổng thử");
    assert_eq!(tags("meta[name=description]", "content"), ["Sapo 9"]);
    assert_eq!(tags("meta[property='og:type']", "content"), ["article"]);
    // Open Graph's locales are a language and a territory: a portal knows no territory.
    assert!(tags("meta[property='og:locale']", "content").is_empty());
    let own = |href: &String| href.ends_with("vi/article/9/ban");
    assert!(tags("link[rel=canonical]", "href").iter().all(own));
    assert_eq!(tags("link[rel=alternate]", "hreflang"), ["x-default", "vi", "ja"]);
    // A page that is none is not to be found, and what was said of the one before is gone.
    let lost = stage.loaded(Page::NotFound("vi/x".to_owned()), Arc::new(NotFound));
    stage.i18n.speak(messages("en"));
    untrack(|| head::apply(stage.site, stage.i18n, &lost));
    assert_eq!(tags("meta[name=robots]", "content"), ["noindex"]);
    assert!(tags("link[rel=canonical]", "href").is_empty());
    let root = document().document_element().expect("a root");
    assert_eq!(root.get_attribute("lang").as_deref(), Some("en"));
    assert_eq!(lang("vi"), loaded.route.lang);
}

#[wasm_bindgen_test]
fn a_further_page_of_a_list_has_none_in_other_languages() {
    let stage = Stage::new("vi");
    let alternates = |cursor: Option<&str>| {
        let list = List {
            kind: ListKind::Section,
            key: Key::of("news"),
            organisation: None,
            cursor: cursor.map(str::to_owned),
        };
        let slice = of(json!({ "items": [headline("9")] }));
        let data = ListData { list: list.clone(), page: slice, more: Vec::new() };
        let loaded = stage.loaded(Page::List(list), Arc::new(data));
        untrack(|| head::apply(stage.site, stage.i18n, &loaded));
        tags("link[rel=alternate]", "hreflang")
    };
    assert_eq!(alternates(None), ["x-default", "vi", "en", "zh-Hans", "ja", "ko"]);
    assert_eq!(alternates(Some("2")), ["x-default", "vi"]);
}
