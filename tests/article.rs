//! In the browser: an article says what a reader must know of the version that is shown.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    backend::{parse_article, parse_html},
    i18n::msg,
    pages::{ArticleData, Data, Loaded},
    thread::Place,
    view::Mounted,
};
use haidang_engine::{
    content::{Content, text},
    model::{Article, Body, BodyFormat, Key},
    route::Page,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    Stage, followed, messages,
    samples::{article, of, version, with},
    until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

fn data(article: Value, body: &str, thread: Option<&str>) -> Data {
    let article: Article = of(article);
    let content = (!body.is_empty()).then(|| parse_html(body, ""));
    let content: Option<Content> = content;
    let thread = thread.map(|id| Place {
        source: String::new(),
        id: id.to_owned(),
        is_open: article.comments_open,
    });
    Arc::new(ArticleData { article, content: content.map(Arc::new), thread })
}

fn page() -> Page {
    Page::Article { key: Key::of("9"), slug: String::new() }
}

/// Shows an article to a reader of `code`.
fn show(code: &str, article: Value) -> (Stage, (Mounted, RwSignal<Loaded>)) {
    let stage = Stage::new(code);
    let shown = stage.show_page(page(), data(article, "<p>Thân bài</p>", None));
    (stage, shown)
}

#[wasm_bindgen_test]
fn an_article_in_the_readers_language_needs_no_label() {
    let (stage, _shown) = show("vi", article("9", json!({"kicker": "Cảng"})));
    assert_eq!(stage.text("h1"), "Bài 9");
    assert_eq!(stage.text(".kicker"), "Cảng");
    assert_eq!(stage.text(".article-head > .standfirst"), "Sapo 9");
    assert_eq!(stage.text(".body"), "Thân bài");
    assert_eq!(stage.attr("article", "lang").as_deref(), Some("vi"));
    assert_eq!(stage.attr(".article-meta", "lang"), None);
    assert!(stage.find(".note, .alert, .correction").is_none());
    assert!(stage.text(".dates").contains("Thứ Sáu, 09/12/2016, 08:32 [GMT+7]"));
}

#[wasm_bindgen_test]
fn an_article_in_another_language_says_so_in_the_readers() {
    let (stage, _shown) = show("en", article("9", json!({"lang": "zh"})));
    let sentence = stage.filled(msg::ARTICLE_FALLBACK, &[("language", "Simplified Chinese")]);
    assert_eq!(stage.text(".note"), sentence);
    assert_eq!(stage.attr("article", "lang").as_deref(), Some("zh-Hans"));
    assert_eq!(stage.attr(".article-meta", "lang").as_deref(), Some("en"));
    assert_eq!(stage.attr(".article-foot", "lang").as_deref(), Some("en"));
}

#[wasm_bindgen_test]
fn in_a_footer_of_another_language_attachments_keep_that_of_the_article() {
    let changes = json!({"attachments": [{"url": "a.pdf", "title": "Toàn văn"}]});
    for (code, lang) in [("en", "vi"), ("vi", "")] {
        let (stage, _shown) = show(code, with(article("9", json!({})), changes.clone()));
        assert_eq!(stage.attrs(".files a", "lang"), [lang]);
    }
}

#[wasm_bindgen_test]
fn authors_and_tags_are_lists_of_the_articles_own_source() {
    let changes = json!({
        "authors": [{"id": "an", "name": "An Bình"}], "tags": [{"id": "cang", "name": "Cảng biển"}],
    });
    let stage = Stage::new("vi");
    let mut article: Article = of(with(article("9", json!({})), changes));
    article.headline.key.source = "port".to_owned();
    let data: Data = Arc::new(ArticleData { article, content: None, thread: None });
    let _shown = stage.show_page(page(), data);
    assert_eq!(
        stage.attrs("a[rel=author], a[rel=tag]", "href"),
        ["vi/author/port:an", "vi/tag/port:cang"]
    );
}

/// A translation into English of a Vietnamese original that was last changed at `updated`.
fn translation(kind: &str, updated: &str) -> Value {
    let original = with(version("9", "vi", "original"), json!({ "updated": updated }));
    let own = version("e9", "en", kind);
    let changes = json!({"key": {"id": "e9"}, "lang": "en", "kind": kind});
    with(article("9", changes), json!({"versions": [original, own]}))
}

#[wasm_bindgen_test]
fn a_translation_names_its_language_and_leads_to_the_original() {
    let (stage, _shown) = show("en", translation("translation", "2016-12-09T01:32:00Z"));
    let sentence = stage.filled(msg::ARTICLE_TRANSLATION, &[("language", "Vietnamese")]);
    let original = stage.words(msg::ARTICLE_ORIGINAL);
    assert_eq!(stage.text(".note"), format!("{sentence} · {original}"));
    assert_eq!(stage.attr(".note a", "href").as_deref(), Some("vi/article/9/ban"));
    assert_eq!(stage.attr(".note a", "hreflang").as_deref(), Some("vi"));
}

#[wasm_bindgen_test]
fn a_machines_translation_says_so() {
    let (stage, _shown) = show("en", translation("machine", "2016-12-09T01:32:00Z"));
    let sentence = stage.filled(msg::ARTICLE_MACHINE, &[("language", "Vietnamese")]);
    assert!(stage.text(".note").starts_with(&sentence));
}

#[wasm_bindgen_test]
fn a_translation_older_than_its_original_says_so() {
    let (stage, _shown) = show("en", translation("translation", "2016-12-09T01:33:00Z"));
    assert_eq!(stage.text(".note strong"), stage.words(msg::ARTICLE_OUTDATED));
}

#[wasm_bindgen_test]
fn a_withdrawn_article_says_why_and_loses_its_picture() {
    let withdrawal = json!({"date": "2016-12-10T00:00:00Z", "text": "Sai số liệu."});
    let headline = json!({"lang": "zh", "withdrawn": true, "image": {"url": "a.jpg"}});
    let (stage, _shown) =
        show("en", with(article("9", headline), json!({ "withdrawal": withdrawal })));
    assert_eq!(stage.text(".alert strong"), stage.words(msg::ARTICLE_WITHDRAWN));
    assert_eq!(stage.text(".alert span"), "Sai số liệu.");
    assert_eq!(stage.attr(".alert span", "lang").as_deref(), Some("zh-Hans"));
    assert!(stage.find("img").is_none());
}

#[wasm_bindgen_test]
fn corrections_stand_before_the_text() {
    let corrections = json!([{"date": "2016-12-10T00:00:00Z", "text": "Mười, không phải chín."}]);
    let (stage, _shown) =
        show("vi", with(article("9", json!({})), json!({ "corrections": corrections })));
    assert_eq!(stage.text(".correction strong"), stage.words(msg::ARTICLE_CORRECTION));
    assert!(stage.text(".correction").ends_with("Mười, không phải chín."));
    assert!(stage.find(".correction ~ .body, header:has(.correction) ~ .body").is_some());
}

#[wasm_bindgen_test]
fn the_byline_names_the_authors_as_printed_and_links_to_those_with_a_page() {
    let changes = json!({
        "dateline": "Cát Hải",
        "authors": [{"id": "an", "name": "An Bình", "role": "Ban Kinh tế"}, {"name": "Ban Biên tập"}],
    });
    let (stage, _shown) = show("vi", with(article("9", json!({})), changes));
    assert_eq!(stage.text(".dateline"), "Cát Hải");
    assert_eq!(stage.texts(".author"), ["An Bình · Ban Kinh tế", "Ban Biên tập"]);
    assert_eq!(stage.attrs("a[rel=author]", "href"), ["vi/author/an"]);
}

#[wasm_bindgen_test]
fn the_update_is_said_only_if_it_came_after_publication() {
    for (updated, times) in [("2016-12-09T01:32:00Z", 1), ("2016-12-09T02:00:00Z", 2)] {
        let (stage, _shown) = show("vi", article("9", json!({ "updated": updated })));
        assert_eq!(stage.all(".dates time").len(), times);
    }
}

#[wasm_bindgen_test]
fn the_lead_picture_is_loaded_first_and_names_who_made_it() {
    let image = json!({"url": "a.jpg", "alt": "Cảng", "caption": "Chiều", "credit": "Ảnh: An"});
    let (stage, _shown) = show("vi", article("9", json!({ "image": image })));
    assert_eq!(stage.attr("figure.lead img", "fetchpriority").as_deref(), Some("high"));
    assert_eq!(stage.text("figcaption"), "Chiều Ảnh: An");
    assert_eq!(stage.text("figcaption small"), "Ảnh: An");
}

#[wasm_bindgen_test]
fn tags_attachments_and_what_to_read_next_follow_the_text() {
    let changes = json!({
        "tags": [{"id": "cang", "name": "Cảng biển"}],
        "attachments": [{"url": "a.pdf", "title": "Toàn văn"}],
        "related": [support::samples::headline("10")],
    });
    let (stage, _shown) = show("vi", with(article("9", json!({})), changes));
    assert_eq!(stage.attr("a[rel=tag]", "href").as_deref(), Some("vi/tag/cang"));
    assert_eq!(stage.texts(".files a"), ["Toàn văn"]);
    assert_eq!(stage.texts(".related h3"), ["Bài 10"]);
}

#[wasm_bindgen_test]
fn a_long_article_has_its_contents_and_a_short_one_does_not() {
    let stage = Stage::new("vi");
    stage.site.address.set("vi/article/9".to_owned());
    let body = "<h2>A</h2><p>a</p><h3>B</h3><p>b</p><h2>C</h2><p>c</p><h2>D</h2><p>d</p>";
    let long = stage.show_page(page(), data(article("9", json!({})), body, None));
    assert_eq!(stage.texts(".contents li"), ["A", "B", "C", "D"]);
    assert_eq!(stage.attrs(".contents li[data-sub]", "data-sub"), [""]);
    for href in stage.attrs(".contents a", "href") {
        let id = href.strip_prefix("vi/article/9#").expect("a place on this page");
        assert!(stage.find(&format!(".body [id='{id}']")).is_some());
    }
    drop(long);
    let (short, _shown) = show("vi", article("9", json!({})));
    assert!(short.find(".contents").is_none());
}

#[wasm_bindgen_test]
fn an_article_without_text_or_title_says_so() {
    let stage = Stage::new("vi");
    let empty = data(article("9", json!({"title": ""})), "", None);
    let _shown = stage.show_page(page(), empty);
    assert_eq!(stage.text("h1"), stage.words(msg::ARTICLE_UNTITLED));
    assert_eq!(stage.text(".empty"), stage.words(msg::ARTICLE_NO_BODY));
    assert!(stage.find(".body").is_none());
}

#[wasm_bindgen_test]
async fn another_version_of_the_work_leaves_the_thread_and_what_is_typed_alone() {
    let stage = Stage::apart("versions", "vi");
    let original = data(article("9", json!({})), "<p>Thân</p>", Some("work-9"));
    let (_mounted, shown) = stage.show_page(page(), original);
    let before = shown.with_untracked(|shown| shown.data.identity());
    until("the form is there", || stage.find("textarea").is_some()).await;
    let field: HtmlTextAreaElement = stage.one("textarea");
    field.set_value("Đang viết");
    field.focus().expect("focus");
    let changes = json!({"key": {"id": "e9"}, "lang": "en", "title": "Article 9"});
    let translated = data(article("9", changes), "<p>Body</p>", Some("work-9"));
    stage.i18n.speak(messages("en"));
    shown.set(stage.loaded(page(), translated));
    until("the text is the other", || stage.text(".body") == "Body").await;
    followed().await;
    assert_eq!(shown.with_untracked(|shown| shown.data.identity()), before);
    assert!(stage.one::<HtmlTextAreaElement>("textarea") == field);
    assert_eq!(field.value(), "Đang viết");
    assert!(stage.has_focus("textarea"));
    assert_eq!(stage.text(".composer-title"), stage.words(msg::COMMENTS_WRITE));
}

#[wasm_bindgen_test]
async fn an_update_from_the_network_replaces_the_text_and_nothing_else() {
    let stage = Stage::new("vi");
    let article = || article("9", json!({}));
    let (_mounted, shown) = stage.show_page(page(), data(article(), "<p>Cũ</p>", Some("w")));
    until("the thread is here", || stage.find("textarea").is_some()).await;
    let thread: Element = stage.one(".thread");
    shown.set(stage.loaded(page(), data(article(), "<p>Mới</p>", Some("w"))));
    until("it is new", || stage.text(".body") == "Mới").await;
    assert!(stage.one::<Element>(".thread") == thread);
}

#[wasm_bindgen_test]
async fn bodies_of_markdown_and_plain_text_are_read_as_well_as_html() {
    for (format, value, shown) in [
        (BodyFormat::Html, "<p>Cảng <b>mở</b></p>", "Cảng mở"),
        (BodyFormat::Markdown, "Cảng **mở**", "Cảng mở"),
        (BodyFormat::Text, "Cảng **mở**", "Cảng **mở**"),
    ] {
        let body = Body { format, value: value.to_owned() };
        let content = parse_article(&body, "").await.expect("what reads it");
        assert_eq!(text(&content.blocks), shown);
    }
}
