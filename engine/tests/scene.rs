//! What of a thread shows: folded branches, long runs, deep branches, what a reader looks for.

#![allow(clippy::expect_used, reason = "a test says what it expects")]

mod conversation;

use conversation::{comment, conversation, store};
use haidang_engine::{
    lang::Lang,
    model::Comment,
    read::read,
    thread::{DEEPEST, Filter, Order, Rest, Store, lang_of, matches, words},
};

fn visible(store: &Store) -> String {
    store.visible().map(|row| store.id(row.node).to_owned()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_below_a_collapsed_comment_does_not_show() {
    let mut store = store(Order::Oldest, &conversation());
    let (a, a1) = (store.find("a").expect("a"), store.find("a1").expect("a1"));
    store.collapse(a1, true);
    assert_eq!(visible(&store), "a a1 a2 b c");
    store.collapse(a, true);
    assert_eq!(visible(&store), "a b c");
    store.merge([comment("a3", Some("a"), 9, 0)]);
    assert_eq!(visible(&store), "a b c", "what comes below it is folded too");
    store.reveal(store.find("a1x").expect("a1x"));
    assert_eq!(visible(&store), "a a1 a1x a2 a3 b c");
    store.collapse(a, true);
    store.collapse(a, false);
    assert!(!store.is_collapsed(a));
}

#[test]
fn a_long_run_of_replies_shows_its_first_ones_until_it_is_asked_for() {
    let mut comments = vec![comment("a", None, 0, 0), comment("z", None, 999, 0)];
    comments.extend((1..=60).map(|n| comment(&n.to_string(), Some("a"), n, 0)));
    comments.push(comment("x", Some("60"), 61, 0));
    let mut store = store(Order::Oldest, &comments);
    let scene = store.scene(None, None);
    let (a, last) = (store.find("a").expect("a"), store.find("40").expect("40"));
    assert_eq!(scene.rows(&store).count(), 42);
    assert_eq!(scene.rests.get(&last), Some(&Rest::Run(a, 21)));
    store.reveal(store.find("x").expect("x"));
    let scene = store.scene(None, None);
    assert_eq!((scene.rows(&store).count(), scene.rests.len()), (63, 0));
    store.unroll(a, false);
    assert_eq!(store.scene(None, None).rows(&store).count(), 42);
    store.collapse_all(true);
    assert_eq!(visible(&store), "a z");
    store.collapse_all(false);
    assert!(!store.is_collapsed(a));
}

#[test]
fn a_deep_branch_goes_on_in_a_view_of_its_own() {
    let comments: Vec<_> = (0..60)
        .map(|n: i64| {
            let parent = (n > 0).then(|| (n - 1).to_string());
            comment(&n.to_string(), parent.as_deref(), n, 0)
        })
        .collect();
    let store = store(Order::Oldest, &comments);
    let node = |id: &str| store.find(id).expect("a node");
    let scene = store.scene(None, None);
    assert_eq!(scene.rows(&store).count(), DEEPEST + 1);
    assert_eq!(scene.rests.get(&node("24")), Some(&Rest::Deep(35)));
    assert_eq!(store.branch_of(node("24")), None);
    for id in ["25", "48", "49", "59"] {
        let branch = store.branch_of(node(id));
        let scene = store.scene(branch, None);
        assert!(scene.rows(&store).any(|row| row.node == node(id)), "{id}");
    }
}

#[test]
fn a_reader_finds_words_the_author_and_a_language() {
    let read = |json| read::<Comment>(&json, "comment", "").0.expect("a comment");
    let body = |value: &str| serde_json::json!({ "format": "html", "value": value });
    let comments = [
        read(
            serde_json::json!({"id": "a", "author": "Đỗ", "body": body("<p>Cảng &amp; <b>biển</b></p>"), "lang": "vi"}),
        ),
        read(
            serde_json::json!({"id": "b", "author": "An", "badge": "author", "body": body("port")}),
        ),
        read(
            serde_json::json!({"id": "c", "author": "An", "body": body("cang"), "state": "deleted"}),
        ),
    ];
    let found = |filter: &Filter| {
        let words = words(&filter.words);
        let found = comments.iter().filter(|comment| matches(filter, &words, comment));
        found.map(|comment| comment.id.clone()).collect::<String>()
    };
    let words = |words: &str| Filter { words: words.into(), ..Filter::default() };
    assert_eq!(found(&words("CANG & bien")), "a");
    assert_eq!(found(&words("do")), "a");
    assert_eq!(found(&words("p")), "b", "tags are not text");
    assert_eq!(found(&Filter { author: true, ..Filter::default() }), "b");
    assert_eq!(found(&Filter { lang: Lang::parse("vi"), ..Filter::default() }), "a");
    assert_eq!(found(&Filter::default()), "ab");
}

#[test]
fn only_what_cannot_be_mistaken_is_taken_for_a_language() {
    let lang = |text: &str| {
        let json = serde_json::json!({ "id": "a", "body": { "format": "text", "value": text } });
        let comment = read::<Comment>(&json, "comment", "").0.expect("a comment");
        lang_of(&comment).map(|lang| lang.as_str().to_owned()).unwrap_or_default()
    };
    assert_eq!(lang("하이퐁 항구가 좋아요"), "ko");
    assert_eq!(lang("ハイフォンの港は大きい"), "ja");
    assert_eq!(lang("海防市的港口"), "", "Chinese or Japanese");
    assert_eq!(lang("Tôi thích từ 항구 trong tiếng Hàn"), "");
    assert_eq!(lang("Cảng Hải Phòng"), "");
}
