//! In the browser: words, plurals, numbers and dates come out as they do on the host.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use haidang::{
    i18n::{I18n, Messages, Zone, msg},
    view::{el, live},
};
use haidang_engine::time::{Date, Timestamp};
use leptos::prelude::*;
use support::{Stage, lang, messages, until};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const LANGUAGES: [&str; 5] = ["vi", "en", "zh", "ja", "ko"];

/// The portal's zone, in each language.
fn each<T>(print: impl Fn(I18n) -> T) -> [T; 5] {
    let owner = Owner::new();
    LANGUAGES.map(|code| {
        let i18n = owner.with(|| I18n::new(messages(code), "Asia/Ho_Chi_Minh"));
        untrack(|| print(i18n))
    })
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("an instant")
}

#[wasm_bindgen_test]
fn each_language_prints_an_instant_its_own_way() {
    let printed = each(|i18n| i18n.instant(at("2016-12-09T01:32:00Z")));
    assert_eq!(
        printed,
        [
            "Thứ Sáu, 09/12/2016, 08:32 [GMT+7]",
            "Friday, 9 December 2016, 08:32 [GMT+7]",
            "2016年12月9日 星期五 08:32 [GMT+7]",
            "2016年12月9日（金）08:32 [GMT+7]",
            "2016년 12월 9일 금요일 08:32 [GMT+7]",
        ]
    );
}

#[wasm_bindgen_test]
fn each_language_prints_a_day_its_own_way() {
    let day = Date::new(2016, 12, 9).expect("a day");
    assert_eq!(
        each(|i18n| i18n.day(day)),
        ["09/12/2016", "9 December 2016", "2016年12月9日", "2016年12月9日", "2016. 12. 9."]
    );
}

#[wasm_bindgen_test]
fn days_and_clocks_are_those_of_the_portal_and_not_of_the_reader() {
    let late = at("2016-12-31T17:05:00Z");
    let shown = each(|i18n| (i18n.day_of(late), i18n.clock(late)));
    let [(day, clock), ..] = shown;
    assert_eq!((&*day, &*clock), ("01/01/2017", "00:05"));
}

#[wasm_bindgen_test]
fn midnight_is_hour_nought_and_days_of_the_week_hold_far_away() {
    let printed = |text| each(|i18n| i18n.instant(at(text)))[1].clone();
    assert_eq!(printed("2024-02-28T17:00:00Z"), "Thursday, 29 February 2024, 00:00 [GMT+7]");
    assert_eq!(printed("1969-12-31T23:59:00Z"), "Thursday, 1 January 1970, 07:59 [GMT+8]");
}

#[wasm_bindgen_test]
fn an_unknown_zone_is_utc() {
    let owner = Owner::new();
    let i18n = owner.with(|| I18n::new(messages("en"), "Mars/Base"));
    let printed = untrack(|| i18n.instant(at("2016-12-09T01:32:00Z")));
    assert_eq!(printed, "Friday, 9 December 2016, 01:32 [GMT]");
}

#[wasm_bindgen_test]
fn counts_take_the_plural_of_the_language_and_its_separators() {
    let [vi, en, zh, ja, ko] =
        each(|i18n| [0, 1, 2, 1234].map(|count| i18n.plural(msg::COMMENTS_COUNT, count)));
    assert_eq!(en, ["0 comments", "1 comment", "2 comments", "1,234 comments"]);
    assert_eq!(vi, ["0 bình luận", "1 bình luận", "2 bình luận", "1.234 bình luận"]);
    for counts in [zh, ja, ko] {
        assert!(counts[1].contains('1') && counts[3].contains("1,234"), "{counts:?}");
    }
}

#[wasm_bindgen_test]
fn sizes_are_round() {
    let [vi, en, ..] =
        each(|i18n| [900, 48_123, 1_432_000, 2_500_000_000].map(|bytes| i18n.size(bytes)));
    assert_eq!(vi, ["1\u{a0}kB", "49\u{a0}kB", "1,4\u{a0}MB", "2,5\u{a0}GB"]);
    assert_eq!(en, ["1\u{a0}kB", "49\u{a0}kB", "1.4\u{a0}MB", "2.5\u{a0}GB"]);
}

#[wasm_bindgen_test]
fn languages_are_called_by_their_names_in_the_readers_language() {
    let names = each(|i18n| i18n.language_name("vi", "Tiếng Việt"));
    assert_eq!(names, ["tiếng Việt", "Vietnamese", "越南语", "ベトナム語", "베트남어"]);
    let own = each(|i18n| (i18n.language_name("qqq", "Own"), i18n.language_name("?", "Own")));
    assert_eq!(own[0], ("Own".to_owned(), "Own".to_owned()));
}

#[wasm_bindgen_test]
fn every_language_has_every_word() {
    for code in LANGUAGES {
        let words = messages(code);
        for msg in [msg::NAV_SKIP, msg::COMMENTS_POST, msg::FAILURE_TITLE, msg::DATE_SUNDAY] {
            assert!(!words.text(msg).is_empty(), "{code}");
        }
    }
}

#[wasm_bindgen_test]
fn without_a_locale_there_are_the_words_to_say_so_in_the_readers_language() {
    let sentence = |code| Messages::boot(lang(code)).text(msg::BOOT_LOCALE).to_owned();
    assert_eq!(sentence("vi"), messages("vi").text(msg::BOOT_LOCALE));
    assert_eq!(sentence("zh-Hant"), messages("zh").text(msg::BOOT_LOCALE));
    assert_eq!(sentence("fr"), messages("en").text(msg::BOOT_LOCALE));
}

#[wasm_bindgen_test]
async fn what_is_shown_follows_the_language() {
    let stage = Stage::new("vi");
    let i18n = stage.i18n;
    let _shown = stage.show(|| {
        el("p")
            .live_attr("title", i18n.t(msg::NAV_SEARCH))
            .child(live(move || i18n.plural(msg::COMMENTS_COUNT, 1)))
    });
    assert_eq!(stage.text("p"), "1 bình luận");
    i18n.speak(messages("en"));
    until("it speaks English", || stage.text("p") == "1 comment").await;
    assert_eq!(stage.attr("p", "title").as_deref(), Some("Search"));
    assert_eq!(untrack(|| i18n.lang()), lang("en"));
}

#[wasm_bindgen_test]
fn the_clocks_of_a_zone_are_changed_at_the_minute() {
    let paris = Zone::new("Europe/Paris");
    for (text, offset) in [
        ("2024-03-31T00:59:59Z", 60),
        ("2024-03-31T01:00:00Z", 120),
        ("2024-07-15T22:30:00Z", 120),
        ("2024-10-27T00:59:59Z", 120),
        ("2024-10-27T01:00:00Z", 60),
    ] {
        // Asked for, and known by then.
        assert_eq!([paris.offset(at(text)), paris.offset(at(text))], [offset; 2], "{text}");
    }
    assert_eq!(Zone::new("America/St_Johns").offset(at("1969-12-31T23:59:59Z")), -210);
}

#[wasm_bindgen_test]
fn an_instant_that_is_none_ends_nothing() {
    let far = |at| Zone::new("Asia/Ho_Chi_Minh").offset(Timestamp(at));
    assert_eq!([far(i64::MAX), far(8_640_000_000_000_000)], [420, 420]);
    far(i64::MIN);
}

#[wasm_bindgen_test]
fn what_a_printed_page_brings_of_its_clocks_is_taken_for_its_own_zone() {
    let brought = serde_json::json!({ "zone": "Europe/Paris", "spans": [[0, 1_000, 777]] });
    let owner = Owner::new();
    let clock = |zone: &str, at: i64| {
        let i18n = owner.with(|| I18n::new(messages("en"), zone));
        i18n.learn_clocks(&brought);
        untrack(|| i18n.clock(Timestamp(at)))
    };
    assert_eq!(clock("Europe/Paris", 0), "12:57");
    assert_eq!(clock("Europe/Paris", 1_000), "01:00");
    assert_eq!(clock("Europe/Berlin", 0), "01:00");
}
