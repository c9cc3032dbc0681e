//! In the browser: the comments under an article, as they are read.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use haidang::{
    i18n::msg,
    thread::{Place, thread},
    view::Mounted,
};
use serde_json::{Value, json};
use support::{
    Stage,
    backend::Backend,
    followed, messages,
    samples::{comment, with},
    text_of, until,
};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

wasm_bindgen_test_configure!(run_in_browser);

fn show(stage: &Stage, is_open: bool) -> Mounted {
    stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open }))
}

/// A backend with these comments and no more.
fn holding(items: Value) -> Backend {
    Backend::answering(move |_| (200, json!({ "items": items })))
}

#[wasm_bindgen_test]
async fn comments_on_their_way_are_given_up_when_the_page_is_left() {
    let backend = Backend::responding(|_| None);
    let stage = Stage::new("en");
    let shown = show(&stage, true);
    until("they are asked for", || backend.asked().len() == 1).await;
    assert_eq!(backend.given_up(), [false]);
    drop(shown);
    until("they are given up", || backend.given_up() == [true]).await;
}

async fn loaded(stage: &Stage, count: usize) {
    until("the comments are there", || stage.all("article.comment").len() == count).await;
}

#[wasm_bindgen_test]
async fn comments_stand_in_order_with_the_answers_below_what_they_answer() {
    let _backend = holding(json!([
        comment("1", None, "An"),
        comment("2", None, "Bình"),
        comment("3", Some("1"), "Chi"),
        comment("4", Some("3"), "Dũng"),
        comment("5", Some("1"), "Em"),
    ]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 5).await;
    let ids = ["1", "3", "4", "5", "2"].map(|id| format!("comment-{id}"));
    assert_eq!(stage.attrs("article.comment", "id"), ids);
    assert_eq!(stage.attrs("ol > li", "data-depth"), ["0", "1", "2", "1", "0"]);
    assert_eq!(stage.text("h2"), "5 comments");
    let by = |name| stage.filled(msg::COMMENTS_BY, &[("name", name)]);
    let answer =
        |name, to| stage.filled(msg::COMMENTS_ANSWER_BY, &[("name", name), ("parent", to)]);
    let level = |by: String, n| format!("{by}, {}", stage.filled(msg::THREAD_LEVEL, &[("n", n)]));
    assert_eq!(
        stage.texts("article.comment > header > :first-child"),
        [
            by("An"),
            level(answer("Chi", "An"), "2"),
            level(answer("Dũng", "Chi"), "3"),
            level(answer("Em", "An"), "2"),
            by("Bình")
        ]
    );
    assert_eq!(stage.texts(".comment-body")[0], "Lời 1");
    assert_eq!(stage.attr(".comment-body", "lang").as_deref(), Some("vi"));
}

#[wasm_bindgen_test]
async fn another_language_leaves_the_thread_where_it_is_and_asks_nobody() {
    let backend = holding(json!([comment("1", None, "An")]));
    let stage = Stage::new("en");
    let shown = show(&stage, true);
    loaded(&stage, 1).await;
    let before: Element = stage.one(".thread");
    stage.i18n.speak(messages("vi"));
    until("it speaks Vietnamese", || stage.text("h2") == "1 bình luận").await;
    assert!(stage.one::<Element>(".thread") == before);
    assert_eq!(backend.asked().len(), 1);
    drop(shown);
}

#[wasm_bindgen_test]
async fn deep_answers_are_indented_no_further_but_say_whom_they_answer() {
    let items: Vec<Value> = (1..10_u32)
        .map(|id| {
            let parent = (id > 1).then(|| (id - 1).to_string());
            comment(&id.to_string(), parent.as_deref(), &format!("N{id}"))
        })
        .collect();
    let _backend = holding(json!(items));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 9).await;
    assert_eq!(stage.attrs("ol > li", "data-depth"), ["0", "1", "2", "3", "4", "5", "5", "5", "5"]);
    let last = stage.filled(msg::COMMENTS_ANSWER_BY, &[("name", "N9"), ("parent", "N8")]);
    let level = stage.filled(msg::THREAD_LEVEL, &[("n", "9")]);
    assert_eq!(stage.text("ol > li:last-child h6"), format!("{last}, {level}"));
}

#[wasm_bindgen_test]
async fn a_comment_says_what_its_author_is_and_where_it_stands() {
    let _backend = holding(json!([
        with(comment("1", None, ""), json!({"badge": "staff", "edited": "2024-05-02T00:00:00Z"})),
        with(comment("2", None, "Bình"), json!({"state": "held", "badge": "author"})),
        with(comment("3", None, "Chi"), json!({"state": "deleted", "body": null})),
        comment("4", Some("3"), "Dũng"),
    ]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 4).await;
    let words = |msg| stage.words(msg);
    assert!(stage.text("#comment-1 h3").contains(&words(msg::COMMENTS_ANONYMOUS)));
    let labels = [msg::COMMENTS_BADGE_STAFF, msg::COMMENTS_BADGE_AUTHOR, msg::COMMENTS_HELD_LABEL];
    assert_eq!(stage.texts(".label"), labels.map(words));
    assert!(stage.text("#comment-1 .meta").ends_with(&words(msg::COMMENTS_EDITED)));
    assert_eq!(stage.text("#comment-3 .comment-body"), words(msg::COMMENTS_DELETED));
    // What waits or is gone cannot be answered; what answered it can.
    let answered = || {
        ["#comment-1", "#comment-2", "#comment-3", "#comment-4"]
            .map(|id| stage.texts(&format!("{id} button")).contains(&words(msg::COMMENTS_REPLY)))
    };
    until("the last one is awake", || answered()[3]).await;
    assert_eq!(answered(), [true, false, false, true]);
}

#[wasm_bindgen_test]
async fn the_title_counts_what_everybody_can_read() {
    let _backend = Backend::answering(|_| {
        let state = |id, state| with(comment(id, None, "An"), json!({ "state": state }));
        let items = json!([
            comment("1", None, "An"),
            state("2", "held"),
            state("3", "deleted"),
            state("4", "rejected"),
            comment("5", None, "Bình"),
        ]);
        (200, json!({ "items": items, "total": 2 }))
    });
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 5).await;
    until("they are counted", || stage.text("h2") != stage.words(msg::COMMENTS_TITLE)).await;
    followed().await;
    assert_eq!(stage.text("h2"), "2 comments");
}

#[wasm_bindgen_test]
async fn more_votes_against_than_for_are_said_to_everybody() {
    let votes = |id: &str, votes: i32| with(comment(id, None, "An"), json!({ "votes": votes }));
    let _backend = holding(json!([votes("1", -3), votes("2", -1), votes("3", 1), votes("4", 0)]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 4).await;
    until("all are awake", || stage.all(".votes").len() == 4).await;
    assert_eq!(stage.texts(".votes [aria-hidden]"), ["−3", "−1", "1", "0"]);
    assert_eq!(
        stage.texts(".votes .visually-hidden"),
        ["−3 votes", "−1 vote", "1 vote", "0 votes"]
    );
}

#[wasm_bindgen_test]
async fn nothing_of_a_hostile_comment_gets_on_the_page() {
    let html = "<p onclick=alert(1)>a <b>b</b></p><script>alert(1)</script><img src=x onerror=y>";
    let hostile =
        with(comment("1", None, "<i>An</i>"), json!({"body": {"format": "html", "value": html}}));
    let text = json!({"body": {"format": "text", "value": "<b>x</b>\n\nhttps://x.example/"}});
    let _backend = holding(json!([hostile, with(comment("2", None, "Bình"), text)]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 2).await;
    let body: Element = stage.one("#comment-1 .comment-body");
    let html = body.inner_html();
    assert!(html.starts_with("<p>a <strong>b</strong></p>"), "{html}");
    assert!(!html.contains("alert") && !html.contains("onerror"), "{html}");
    assert!(stage.text("#comment-1 h3").contains("<i>An</i>"));
    assert_eq!(stage.texts("#comment-2 .comment-body p")[0], "<b>x</b>");
    assert_eq!(stage.attrs("#comment-2 .comment-body a", "href"), ["https://x.example/"]);
}

#[wasm_bindgen_test]
async fn a_thread_without_comments_says_so() {
    let _backend = holding(json!([]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    let none = stage.words(msg::COMMENTS_NONE);
    assert_eq!(stage.text(".thread > .hint"), stage.words(msg::COMMENTS_LOADING));
    until("it says so", || stage.texts(".thread > .hint") == [none.clone()]).await;
    assert_eq!(stage.text("h2"), stage.words(msg::COMMENTS_TITLE));
    assert_eq!(stage.attr(".thread", "aria-busy"), None);
}

#[wasm_bindgen_test]
async fn a_closed_thread_can_be_read_and_not_written_in() {
    let _backend = holding(json!([comment("1", None, "An")]));
    let stage = Stage::new("en");
    let _shown = show(&stage, false);
    loaded(&stage, 1).await;
    assert_eq!(stage.text(".note"), stage.words(msg::COMMENTS_CLOSED));
    assert!(stage.find("form").is_none());
    assert!(!stage.texts("button").contains(&stage.words(msg::COMMENTS_REPLY)));
}

#[wasm_bindgen_test]
async fn more_comments_come_on_demand_and_leave_those_that_are_there() {
    let backend = Backend::answering(|asked| {
        let is_first = !asked.url.contains("cursor");
        let items = if is_first {
            [comment("1", None, "An"), comment("3", None, "Chi")]
        } else {
            [comment("2", Some("1"), "Bình"), comment("4", None, "Dũng")]
        };
        (200, json!({"items": items, "next": is_first.then_some("c"), "total": 4}))
    });
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 2).await;
    assert_eq!(stage.text("h2"), "4 comments");
    let first: Element = stage.one("#comment-1");
    stage.click(".more button");
    loaded(&stage, 4).await;
    let ids = ["1", "2", "3", "4"].map(|id| format!("comment-{id}"));
    assert_eq!(stage.attrs("article.comment", "id"), ids);
    assert!(stage.one::<Element>("#comment-1") == first);
    until("there are no more", || stage.find(".more").is_none()).await;
    let asked = ["api/v1/articles/9/comments", "api/v1/articles/9/comments?cursor=c"];
    assert_eq!(backend.addresses(), asked);
}

#[wasm_bindgen_test]
async fn a_thread_that_cannot_be_loaded_says_why_and_can_be_asked_again() {
    let is_there = std::rc::Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_there = is_there.clone();
        move |_| match is_there.get() {
            true => (200, json!({"items": [comment("1", None, "An")]})),
            false => (403, json!({})),
        }
    });
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    until("it says why", || stage.find("[role=alert] button").is_some()).await;
    assert!(stage.text(".alert").contains(&stage.words(msg::FAILURE_FORBIDDEN)));
    is_there.set(true);
    stage.click(".alert button");
    loaded(&stage, 1).await;
    assert!(stage.find(".alert").is_none());
}

#[wasm_bindgen_test]
async fn a_thread_from_memory_says_since_when_and_can_be_asked_for_again() {
    let is_away = std::rc::Rc::new(std::cell::Cell::new(false));
    let _backend = Backend::answering({
        let is_away = is_away.clone();
        move |_| match is_away.get() {
            true => (503, json!({})),
            false => (200, json!({"items": [comment("1", None, "An")]})),
        }
    });
    let stage = Stage::new("en");
    {
        let _shown = show(&stage, true);
        loaded(&stage, 1).await;
        assert!(stage.find(".thread .stale").is_none());
    }
    is_away.set(true);
    let _shown = show(&stage, true);
    loaded(&stage, 1).await;
    let said = stage.words(msg::FAILURE_STALE);
    let begins = said.split('{').next().unwrap_or_default();
    until("it says so", || stage.find(".thread .stale").is_some()).await;
    assert!(stage.text(".thread .stale").starts_with(begins));
    is_away.set(false);
    stage.click(".thread .stale button");
    until("it is new", || stage.find(".thread .stale").is_none()).await;
}

#[wasm_bindgen_test]
async fn the_reply_button_opens_a_form_and_takes_focus() {
    let _backend = holding(json!([comment("1", None, "An"), comment("2", None, "Bình")]));
    let stage = Stage::new("en");
    let _shown = show(&stage, true);
    loaded(&stage, 2).await;
    let reply = "#comment-1 .comment-actions > button";
    assert_eq!(
        stage.attr(reply, "aria-label"),
        Some(stage.filled(msg::COMMENTS_REPLY_TO, &[("name", "An")]))
    );
    assert_eq!(stage.attr(reply, "aria-expanded").as_deref(), Some("false"));
    stage.click(reply);
    until("it has the focus", || stage.has_focus("li:first-child textarea")).await;
    assert_eq!(stage.attr(reply, "aria-expanded").as_deref(), Some("true"));
    let title = stage.filled(msg::COMMENTS_REPLYING, &[("name", "An")]);
    assert_eq!(stage.text("li .composer-title"), title);
    // Only one answer is written at a time.
    stage.click("#comment-2 .comment-actions > button");
    until("it has moved", || stage.has_focus("li:last-child textarea")).await;
    assert_eq!(stage.all("li form").len(), 1);
    let cancel = stage.words(msg::COMMENTS_CANCEL);
    let all = stage.all("li form button");
    let cancel = all.into_iter().find(|button| text_of(button) == cancel).expect("a way out");
    cancel.dyn_into::<HtmlElement>().expect("a button").click();
    until("it is closed", || stage.find("li form").is_none()).await;
}

#[wasm_bindgen_test]
async fn a_change_of_language_keeps_the_comments_and_what_is_typed() {
    let backend = holding(json!([comment("1", None, "An")]));
    let stage = Stage::apart("thread-language", "vi");
    let _shown = show(&stage, true);
    loaded(&stage, 1).await;
    stage.click("#comment-1 .comment-actions > button");
    until("the form has the focus", || stage.has_focus("li textarea")).await;
    let field: HtmlTextAreaElement = stage.one("li textarea");
    field.set_value("Đang viết");
    let row: Element = stage.one("#comment-1");
    stage.i18n.speak(messages("en"));
    until("it speaks English", || stage.text("h2") == "1 comment").await;
    followed().await;
    assert!(stage.one::<Element>("#comment-1") == row);
    assert!(stage.one::<HtmlTextAreaElement>("li textarea") == field);
    assert!(stage.has_focus("li textarea") && field.value() == "Đang viết");
    assert_eq!(
        stage.text("#comment-1 .comment-actions > button"),
        stage.words(msg::COMMENTS_REPLY)
    );
    assert_eq!(backend.asked().len(), 1);
}
