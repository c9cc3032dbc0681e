//! In the browser: the small views that several pages use.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    backend::Memory,
    i18n::msg,
    pages::NotFound,
    ui::{self, Look},
    view::{Mounted, View, live},
};
use haidang_engine::{
    model::{Headline, Image, Page as Slice},
    profile::{Failure, Refused},
    route::Page,
    time::Timestamp,
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    Stage,
    backend::Backend,
    followed, messages,
    samples::{headline, of, with},
    until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// A stage with headlines on it.
fn headlines(code: &str, look: Look, items: &[Value]) -> (Stage, Mounted) {
    let stage = Stage::new(code);
    let items: Vec<Headline> = items.iter().cloned().map(of).collect();
    let Stage { site, i18n, .. } = stage;
    let shown = stage.show(|| live(move || ui::headlines(site, i18n, &items, look)));
    (stage, shown)
}

fn image() -> Value {
    json!({
        "url": "a 1.jpg", "width": 1600, "height": 900, "alt": "Cảng",
        "sizes": [{"url": "a 400.jpg", "width": 400}, {"url": "a.jpg", "width": 1600}]
    })
}

#[wasm_bindgen_test]
fn a_headline_leads_to_its_article_and_says_when_it_was_published() {
    let (stage, _shown) = headlines("vi", Look::Row, &[headline("9")]);
    assert_eq!(stage.attr("h2 a", "href").as_deref(), Some("vi/article/9/bai"));
    assert_eq!(stage.text("h2"), "Bài 9");
    assert_eq!(stage.text(".standfirst"), "Sapo 9");
    assert_eq!(stage.text("time"), "09/12/2016");
    assert_eq!(stage.attr("time", "datetime").as_deref(), Some("2016-12-09T01:32:00Z"));
    assert_eq!(stage.attr("article", "lang"), None);
    assert!(stage.find(".label").is_none());
}

#[wasm_bindgen_test]
fn a_headline_in_another_language_is_marked_for_eyes_and_for_machines() {
    let (stage, _shown) =
        headlines("vi", Look::Card, &[with(headline("9"), json!({"lang": "zh"}))]);
    assert_eq!(stage.attr("article", "lang").as_deref(), Some("zh-Hans"));
    assert_eq!(stage.texts(".label"), ["中文"]);
    // The date is said in the reader's language, the name of the other in that one.
    assert_eq!(stage.attrs(".meta, .label", "lang"), ["vi", "zh-Hans"]);
    // The page it leads to speaks the reader's language.
    assert_eq!(stage.attr("h3 a", "href").as_deref(), Some("vi/article/9/bai"));
}

#[wasm_bindgen_test]
fn a_headline_that_was_withdrawn_says_so_and_one_without_title_has_a_word_for_it() {
    let withdrawn = with(headline("1"), json!({"withdrawn": true}));
    let untitled = with(headline("2"), json!({"title": " "}));
    let (stage, _shown) = headlines("en", Look::Card, &[withdrawn, untitled]);
    assert!(stage.texts(".label").contains(&stage.words(msg::ARTICLE_WITHDRAWN)));
    assert_eq!(stage.texts("h3"), ["Bài 1".to_owned(), stage.words(msg::ARTICLE_UNTITLED)]);
}

#[wasm_bindgen_test]
fn only_one_link_of_a_headline_is_for_the_keyboard() {
    let item = with(headline("9"), json!({"image": image()}));
    let (stage, _shown) = headlines("vi", Look::Lead, &[item]);
    assert_eq!(stage.all("a").len(), 2);
    assert_eq!(stage.attr("a:has(img)", "tabindex").as_deref(), Some("-1"));
    assert_eq!(stage.attr("a:has(img)", "aria-hidden").as_deref(), Some("true"));
    assert_eq!(stage.attrs("a", "href"), ["vi/article/9/bai", "vi/article/9/bai"]);
}

#[wasm_bindgen_test]
fn a_column_has_a_picture_and_a_standfirst_for_the_first_only() {
    let item = |id| with(headline(id), json!({"image": image()}));
    let (stage, _shown) = headlines("vi", Look::Column, &[item("1"), item("2")]);
    assert_eq!(stage.all("li").len(), 2);
    assert_eq!(stage.all("li:first-child img, li:first-child .standfirst").len(), 2);
    assert_eq!(stage.all("li:last-child img, li:last-child .standfirst").len(), 0);
}

#[wasm_bindgen_test]
fn a_card_without_a_picture_has_its_standfirst_instead() {
    let pictured = with(headline("1"), json!({"image": image()}));
    let (stage, _shown) = headlines("vi", Look::Card, &[pictured, headline("2")]);
    assert_eq!(stage.texts(".standfirst"), ["Sapo 2"]);
}

#[wasm_bindgen_test]
fn no_headlines_are_no_list() {
    let (stage, _shown) = headlines("vi", Look::Row, &[]);
    assert_eq!(stage.html(), "");
}

#[wasm_bindgen_test]
fn a_picture_lets_the_browser_choose_and_keeps_its_room() {
    let stage = Stage::new("vi");
    let image: Image = of(image());
    let _shown = stage.show(|| {
        View::from([ui::picture(&image, "50vw", true), ui::picture(&image, "50vw", false)])
    });
    assert_eq!(stage.attr("img", "srcset").as_deref(), Some("a%20400.jpg 400w, a.jpg 1600w"));
    assert_eq!(stage.attrs("img", "sizes"), ["50vw", "50vw"]);
    assert_eq!(stage.attrs("img", "width"), ["1600", "1600"]);
    assert_eq!(stage.attrs("img", "height"), ["900", "900"]);
    assert_eq!(stage.attrs("img", "alt"), ["Cảng", "Cảng"]);
    assert_eq!(stage.attrs("img", "loading"), ["", "lazy"]);
    assert_eq!(stage.attrs("img", "fetchpriority"), ["high", ""]);
}

#[wasm_bindgen_test]
fn a_picture_of_one_size_says_no_sizes_and_one_without_words_is_decoration() {
    let stage = Stage::new("vi");
    let image: Image = of(json!({"url": "a.jpg"}));
    let _shown = stage.show(|| ui::picture(&image, "50vw", true));
    let names = ["srcset", "sizes", "width", "height"];
    assert!(names.iter().all(|name| stage.attr("img", name).is_none()));
    assert_eq!(stage.attr("img", "alt").as_deref(), Some(""));
}

#[wasm_bindgen_test]
fn files_say_their_type_and_size() {
    let stage = Stage::new("vi");
    let files = json!([
        {"url": "a.pdf", "title": "Toàn văn", "media_type": "application/pdf", "size": 1_432_000},
        {"url": "b.ods", "title": "Bảng",
         "media_type": "application/vnd.oasis.opendocument.spreadsheet"},
        {"url": "c", "title": "Khác"}
    ]);
    let files: Vec<_> = files.as_array().expect("a list").iter().cloned().map(of).collect();
    let i18n = stage.i18n;
    let _shown = stage.show(|| live(move || ui::files(i18n, &files, None)));
    assert_eq!(stage.texts("li"), ["Toàn văn (PDF, 1,4 MB)", "Bảng (ODS)", "Khác"]);
    assert_eq!(stage.attrs("a[download]", "href"), ["a.pdf", "b.ods", "c"]);
}

#[wasm_bindgen_test]
fn paging_links_to_the_neighbours_and_is_not_there_without_any() {
    let links = |previous: Option<&str>, next: Option<&str>| {
        let stage = Stage::new("vi");
        let slice: Slice<Headline> = of(json!({"items": [], "previous": previous, "next": next}));
        let Stage { site, i18n, .. } = stage;
        let at = |cursor| Page::Search { query: "cảng".to_owned(), cursor };
        let _shown = stage.show(|| live(move || ui::paging(site, i18n, &slice, at)));
        stage
            .attrs("nav a", "href")
            .into_iter()
            .zip(stage.attrs("nav a", "rel"))
            .collect::<Vec<_>>()
    };
    let link =
        |query: &str, rel: &str| (format!("vi/search?q=c%E1%BA%A3ng{query}"), rel.to_owned());
    assert_eq!(links(None, None), []);
    assert_eq!(links(None, Some("n")), [link("&page=n", "next")]);
    assert_eq!(
        links(Some("p"), Some("n")),
        [link("", ""), link("&page=p", "prev"), link("&page=n", "next")]
    );
    assert_eq!(links(Some("p"), None), [link("", ""), link("&page=p", "prev")]);
}

#[wasm_bindgen_test]
fn every_failure_has_a_sentence_of_its_own_in_every_language() {
    let failures = [
        Failure::Unreachable,
        Failure::TimedOut,
        Failure::Forbidden,
        Failure::NotFound,
        Failure::Busy { retry_after: 0 },
        Failure::Busy { retry_after: 7 },
        Failure::from(Refused { kind: None, reason: "Too long".to_owned(), field: None }),
        Failure::Broken { status: 502 },
        Failure::Unreadable { cause: "secret".to_owned() },
    ];
    for code in ["vi", "en", "zh", "ja", "ko"] {
        let stage = Stage::new(code);
        let text = |failure| untrack(|| ui::failure_text(stage.i18n, failure));
        let mut sentences: Vec<String> = failures.iter().map(text).collect();
        assert!(sentences.iter().any(|text| text.contains('7')), "{code}");
        assert!(sentences.iter().any(|text| text.contains("Too long")), "{code}");
        assert!(sentences.iter().any(|text| text.contains("502")), "{code}");
        assert!(!sentences.iter().any(|text| text.is_empty() || text.contains("secret")), "{code}");
        sentences.sort();
        sentences.dedup();
        assert_eq!(sentences.len(), failures.len(), "{code}");
    }
}

#[wasm_bindgen_test]
async fn a_page_from_memory_says_since_when_and_can_be_asked_again() {
    let stage = Stage::new("en");
    let shown = RwSignal::new(stage.loaded(Page::Front, Arc::new(NotFound)));
    let _shown = stage.show(|| ui::staleness(shown));
    assert_eq!(stage.html(), "");
    let since = Timestamp::parse("2016-12-09T01:32:00Z");
    shown.update(|shown| shown.memory = Memory { is_stale: true, since, ..Memory::default() });
    until("it says so", || stage.find(".stale").is_some()).await;
    assert!(stage.text(".stale").contains("9 December 2016, 08:32"));
    stage.click(".stale button");
    assert_eq!(stage.reloads.get_untracked(), 1);
    shown.update(|shown| shown.memory = Memory::default());
    until("it is new", || stage.html().is_empty()).await;
}

#[wasm_bindgen_test]
async fn the_bar_shows_only_while_a_page_is_on_its_way() {
    let stage = Stage::new("en");
    let is_waiting = RwSignal::new(false);
    let _shown = stage.show(|| ui::progress(is_waiting));
    assert!(stage.find("[role=progressbar][hidden]").is_some());
    is_waiting.set(true);
    until("it shows", || stage.find("[role=progressbar]:not([hidden])").is_some()).await;
    is_waiting.set(false);
    until("it does not", || stage.find("[role=progressbar][hidden]").is_some()).await;
}

#[wasm_bindgen_test]
async fn sharing_follows_the_language_and_says_what_came_of_copying() {
    let stage = Stage::new("en");
    let _shown = stage.show(|| ui::share("Bài".to_owned()));
    let copy = stage.words(msg::ARTICLE_COPY);
    let print = stage.words(msg::ARTICLE_PRINT);
    let buttons = stage.texts("button");
    assert!(buttons.ends_with(&[copy.clone(), print]), "{buttons:?}");
    let index = buttons.iter().position(|text| *text == copy).expect("a button") + 1;
    stage.click(&format!("button:nth-of-type({index})"));
    until("it says so", || !stage.text("[role=status]").is_empty()).await;
    let said = stage.text("[role=status]");
    let failed = stage.words(msg::ARTICLE_COPY_FAILED);
    let address = window().location().href().expect("an address");
    assert!(
        said == stage.words(msg::ARTICLE_COPIED) || said == format!("{failed} {address}"),
        "{said}"
    );
    stage.i18n.speak(messages("ja"));
    followed().await;
    assert!(stage.texts("button").contains(&messages("ja").text(msg::ARTICLE_COPY).to_owned()));
}

/// A browser that lets itself be told of emergencies once it is `willing`; how often it was `looked` whether it does.
const PUSH: &str = "
    globalThis.willing = false;
    globalThis.looked = 0;
    let subscribed = null;
    const made = {
        endpoint: 'https://push.example/1', keys: { p256dh: 'a', auth: 'b' },
        unsubscribe: async () => { subscribed = null; return true; },
        toJSON: () => made,
    };
    const pushManager = {
        getSubscription: async () => { looked += 1; return subscribed; },
        subscribe: async () => { if (!willing) throw Error('no'); return subscribed = made; },
    };
    const value = { getRegistration: async () => ({ pushManager }) };
    Object.defineProperty(navigator, 'serviceWorker', { value, configurable: true });
    const granted = class { static permission = 'granted' };
    Object.defineProperty(globalThis, 'Notification', { value: granted, configurable: true });";

#[wasm_bindgen_test]
async fn the_group_of_being_told_of_emergencies_stays_with_its_focus_and_says_what_failed() {
    js_sys::eval(PUSH).expect("a browser");
    let _backend = Backend::answering(|_| (200, json!({ "key": "BNc" })));
    let stage = Stage::apart("told", "vi");
    let Stage { site, i18n, .. } = stage;
    let _shown = stage.show(|| ui::push(site, i18n));
    let label = |msg| stage.texts("button") == [stage.words(msg)];
    until("it is offered", || label(msg::PUSH_ON)).await;
    let (group, said): (Element, Element) = (stage.one("fieldset"), stage.one("[role=status]"));
    let button: Element = stage.one("button");
    stage.click("button");
    until("it is said that it failed", || {
        stage.text("[role=status]") == stage.words(msg::PUSH_FAILED)
    })
    .await;
    // At first, before and after it failed, and how it stands now.
    let looked = || js_sys::eval("looked").ok().and_then(|looked| looked.as_f64());
    until("it is known how it stands", || looked() == Some(4.0)).await;
    followed().await;
    assert_eq!(stage.find("button"), Some(button));
    js_sys::eval("willing = true").expect("a browser");
    stage.click("button");
    until("it is on", || label(msg::PUSH_OFF)).await;
    assert!(stage.has_focus("fieldset"));
    assert_eq!(stage.text("[role=status]"), "");
    stage.click("button");
    until("it is off", || label(msg::PUSH_ON)).await;
    assert!(stage.has_focus("fieldset"));
    assert_eq!((stage.find("fieldset"), stage.find("[role=status]")), (Some(group), Some(said)));
}

#[wasm_bindgen_test]
async fn the_focus_stays_with_the_group_when_the_offer_to_install_is_taken_up() {
    js_sys::eval("globalThis.haidang = { offer: { prompt: async () => {} } }").expect("an offer");
    let stage = Stage::new("vi");
    let i18n = stage.i18n;
    let _shown = stage.show(|| ui::install(i18n));
    stage.click("button");
    until("it is taken up", || stage.find("button").is_none()).await;
    assert!(stage.has_focus("fieldset"));
}
