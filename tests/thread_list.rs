//! In the browser: a thread of any size on the page. What shows is there at once, the rest when there is
//! time, and a change costs what has changed.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::Cell, rc::Rc};

use haidang::{
    i18n::msg,
    thread::{Place, thread},
    view::Mounted,
};
use js_sys::{Array, Function, Promise, Reflect};
use serde_json::{Value, json};
use support::{Stage, backend::Backend, followed, samples::with, send, until};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, HtmlSelectElement, NodeList};

wasm_bindgen_test_configure!(run_in_browser);

fn show(stage: &Stage) -> Mounted {
    stage.show(|| thread(Place { source: String::new(), id: "9".to_owned(), is_open: true }))
}

/// All of the same second, as an import leaves them.
fn comment(id: usize, parent: Option<usize>) -> Value {
    json!({
        "id": id.to_string(), "parent": parent.map(|parent| parent.to_string()),
        "author": format!("N{id}"), "created": "2024-05-01T08:00:00Z",
        "body": {"format": "text", "value": format!("lời-{id}.")}
    })
}

/// Waits until the browser has looked what is near the viewport.
async fn frame() {
    let frame = Promise::new(&mut |resolve, _| {
        leptos::prelude::window().request_animation_frame(&resolve).expect("a frame");
    });
    JsFuture::from(frame).await.expect("a frame");
}

fn holding(items: Vec<Value>) -> Backend {
    Backend::answering(move |_| (200, json!({ "items": items })))
}

async fn some(stage: &Stage) {
    until("the first comments are there", || stage.find("article.comment").is_some()).await;
}

async fn all(stage: &Stage, count: usize) {
    until("all rows are made", || stage.all("article.comment").len() == count).await;
}

/// Counts the rows that are put on the page and taken from it from now on.
fn watch(stage: &Stage) -> (Rc<Cell<usize>>, impl Drop) {
    let count = Rc::new(Cell::new(0));
    let call = Closure::<dyn FnMut(Array)>::new({
        let count = count.clone();
        move |records: Array| {
            for (record, list) in
                records.iter().flat_map(|it| [(it.clone(), "addedNodes"), (it, "removedNodes")])
            {
                let nodes = Reflect::get(&record, &list.into()).expect("nodes");
                let nodes: NodeList = nodes.unchecked_into();
                let rows = (0..nodes.length()).filter_map(|index| nodes.get(index));
                count.set(count.get() + rows.filter(|node| node.node_name() == "LI").count());
            }
        }
    });
    let make = Function::new_with_args(
        "call, place",
        "new MutationObserver(call).observe(place, {childList: true, subtree: true})",
    );
    let place: Element = stage.one(".comments");
    make.call2(&JsValue::NULL, call.as_ref().unchecked_ref(), &place).expect("an observer");
    (count, call)
}

#[wasm_bindgen_test]
async fn ten_thousand_comments_show_their_first_screen_before_all_rows_are_made() {
    let _backend = holding((0..10_000).map(|id| comment(id, None)).collect());
    let stage = Stage::new("en");
    let _shown = show(&stage);
    some(&stage).await;
    let made = stage.all("article.comment").len();
    assert!((64..5_000).contains(&made), "{made} rows");
    assert_eq!(stage.text("h2"), "10,000 comments");
    assert_eq!(stage.all(".chunk").len(), 157);
    assert!(stage.find("#comment-0 .comment-actions").is_some(), "what is near is live");
}

#[wasm_bindgen_test]
async fn the_browsers_own_search_reaches_a_comment_that_was_never_on_screen() {
    let _backend = holding((0..700).map(|id| comment(id, None)).collect());
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 700).await;
    assert!(stage.find("#comment-650 .comment-actions").is_none(), "far away it is plain");
    let find = Function::new_with_args("text", "return window.find(text)");
    let found = find.call1(&JsValue::NULL, &"lời-650.".into()).expect("a search");
    assert_eq!(found.as_bool(), Some(true));
    until("it has come to life", || stage.find("#comment-650 .comment-actions").is_some()).await;
}

#[wasm_bindgen_test]
async fn folding_a_large_branch_away_moves_no_row_and_hides_whole_chunks() {
    let mut items = vec![comment(0, None)];
    items.extend((1..400).map(|id| comment(id, Some(if id % 40 == 1 { 0 } else { id - 1 }))));
    items.push(comment(400, None));
    // Deep branches would go on elsewhere: this is ten of forty.
    let items = items.into_iter().enumerate().map(|(at, item)| {
        if at % 40 > 20 && at < 400 {
            with(item, json!({"parent": (at - 20).to_string()}))
        } else {
            item
        }
    });
    let _backend = holding(items.collect());
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 401).await;
    let (moved, _watch) = watch(&stage);
    let hidden = || stage.all(".chunk[hidden]").len();
    assert_eq!(hidden(), 0);
    let fold = "#comment-0 [data-do=fold]";
    assert_eq!(stage.attr(fold, "aria-expanded").as_deref(), Some("true"));
    assert_eq!(stage.text(fold), "399 replies to N0");
    let toggle: HtmlElement = stage.one(fold);
    toggle.focus().expect("focus");
    toggle.click();
    until("it is folded", || stage.attr(fold, "aria-expanded").as_deref() == Some("false")).await;
    assert!(stage.has_focus(fold), "the focus stays");
    assert_eq!(hidden(), 5);
    assert_eq!(
        stage.all("li:not([hidden])").len() - stage.all("[hidden] > li:not([hidden])").len(),
        2
    );
    stage.click(fold);
    until("it shows again", || hidden() == 0).await;
    followed().await;
    assert_eq!(moved.get(), 0);
}

#[wasm_bindgen_test]
async fn another_order_moves_the_rows_and_makes_none_anew() {
    let items = (0..200).map(|id| {
        with(comment(id, None), json!({"votes": id % 7, "created": format!("2024-05-01T08:{:02}:{:02}Z", id / 60, id % 60)}))
    });
    let backend = holding(items.collect());
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 200).await;
    let row: Element = stage.one("#comment-199");
    let select: HtmlSelectElement = stage.one("[name=order]");
    select.set_value("newest");
    send(&select, "change");
    until("the last is first", || {
        stage.attrs("article.comment", "id").first().is_some_and(|id| id == "comment-199")
    })
    .await;
    all(&stage, 200).await;
    let expected: Vec<String> = (0..200).rev().map(|id| format!("comment-{id}")).collect();
    until("all are in order", || stage.attrs("article.comment", "id") == expected).await;
    assert!(stage.one::<Element>("#comment-199") == row);
    assert_eq!(backend.asked().len(), 1, "what is all there is not asked for again");
    select.set_value("best");
    send(&select, "change");
    until("the best is first", || {
        stage.attrs("article.comment", "id").first().is_some_and(|id| id == "comment-6")
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_thread_that_is_not_all_there_is_asked_for_in_the_other_order() {
    let backend = Backend::answering(|asked| {
        let (items, next) = match asked.url.split_once('?').map(|(_, query)| query) {
            None => ([1, 2, 3], Some("b")),
            Some("order=newest") => ([9, 8, 7], Some("c")),
            Some("order=newest&cursor=c") => ([7, 6, 5], None),
            Some(query) => panic!("{query}"),
        };
        let minute = |id: usize| json!({"created": format!("2024-05-01T08:0{id}:00Z")});
        let items = items.map(|id| with(comment(id, None), minute(id)));
        (200, json!({"items": items, "next": next, "total": 9}))
    });
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 3).await;
    until("the tools are there", || stage.find("[name=order]").is_some()).await;
    let select: HtmlSelectElement = stage.one("[name=order]");
    select.set_value("newest");
    send(&select, "change");
    let ids = || stage.attrs("article.comment", "id").concat().replace("comment-", "");
    until("the newest are there", || ids() == "987321").await;
    until("there is more", || stage.find(".more button").is_some()).await;
    stage.click(".more button");
    until("none is twice, and none is missing of what was sent", || ids() == "98765321").await;
    assert_eq!(backend.asked().len(), 3);
}

#[wasm_bindgen_test]
async fn who_presses_for_more_comments_goes_on_at_the_first_of_them_and_nothing_presses_for_them() {
    let _backend = Backend::answering(|asked| {
        let (ids, next) = match asked.url.contains("cursor=two") {
            false => ([1, 2], Some("two")),
            true => ([3, 4], None),
        };
        (200, json!({"items": ids.map(|id| comment(id, None)), "next": next, "total": 4}))
    });
    let stage = Stage::apart("list-more", "en");
    let _shown = show(&stage);
    all(&stage, 2).await;
    let more: HtmlElement = stage.one(".more button");
    more.focus().expect("focused");
    for _ in 0..3 {
        frame().await;
    }
    assert!(stage.has_focus(".more button"), "it is there as long as the reader is at it");
    more.click();
    all(&stage, 4).await;
    until("the reader is at the first new one", || stage.has_focus("#comment-3")).await;
}

#[wasm_bindgen_test]
async fn a_very_long_comment_is_folded_until_the_reader_wants_all_of_it() {
    let text = "Một câu dài để thử. ".repeat(5_000);
    let long = json!({"body": {"format": "text", "value": text}});
    let items = [with(comment(1, None), long), comment(2, None)];
    let _backend = Backend::answering(move |_| (200, json!({ "items": items })));
    let stage = Stage::apart("list-long", "en");
    let _shown = show(&stage);
    until("the comments are there", || stage.all("article.comment").len() == 2).await;
    let folded: Element = stage.one("#comment-1 .long");
    assert!(stage.find("#comment-2 .long").is_none());
    let is_folded = || folded.has_attribute("data-folded");
    assert!(is_folded() && support::text_of(&folded).len() > 100_000);
    let button = "#comment-1 [data-do=whole]";
    stage.click(button);
    assert!(!is_folded());
    assert_eq!(stage.attr(button, "aria-expanded").as_deref(), Some("true"));
    assert_eq!(stage.text(button), stage.words(msg::THREAD_LESS));
    stage.click(button);
    assert!(is_folded());
}

#[wasm_bindgen_test]
async fn a_long_run_of_replies_is_shown_on_demand_and_a_deep_branch_in_a_view_of_its_own() {
    let mut items = vec![comment(0, None)];
    items.extend((1..=60).map(|id| comment(id, Some(0))));
    items.extend((61..=100).map(|id| comment(id, Some(if id == 61 { 1 } else { id - 1 }))));
    let _backend = holding(items);
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 101).await;
    let shown = || stage.all("li:not([hidden])").len();
    let run = "[data-do=run]";
    assert_eq!(stage.text(run), "Show 20 more replies");
    let before = shown();
    stage.click(run);
    until("they are there", || shown() == before + 20).await;
    assert!(stage.has_focus("#comment-41"), "the focus goes to the first of them");
    let deep = "[data-do=deep]";
    let more = stage.text(deep);
    assert!(more.starts_with("Continue this thread ("), "{more}");
    stage.click(deep);
    let last = "#comment-100";
    let is_shown =
        |id: &str| stage.one::<Element>(id).closest("[hidden]").expect("valid").is_none();
    until("the rest of it is there", || is_shown(last)).await;
    assert!(!is_shown("#comment-0"));
    until("it says so", || stage.find(".note button").is_some()).await;
    assert!(stage.text(".note").starts_with(&stage.words(msg::THREAD_BRANCH)));
    assert_eq!(stage.text(".note button"), "Show all comments");
    stage.click(".note button");
    until("all is there again", || is_shown("#comment-0")).await;
}

#[wasm_bindgen_test]
async fn an_answer_far_below_says_whom_it_answers_once_that_has_come() {
    let _backend = Backend::answering(|asked| {
        let page = match asked.url.contains("cursor=two") {
            false => json!({"items": [comment(1, None), comment(999, Some(300))], "next": "two"}),
            true => json!({"items": (2..=300).map(|id| comment(id, None)).collect::<Vec<_>>()}),
        };
        (200, page)
    });
    let stage = Stage::apart("list-heading", "en");
    let _shown = show(&stage);
    all(&stage, 2).await;
    assert!(stage.find("#comment-999 h3").is_some());
    stage.click(".more button");
    all(&stage, 301).await;
    let answer = [("name", "N999"), ("parent", "N300")];
    let answer = stage.filled(msg::COMMENTS_ANSWER_BY, &answer) + ", level 2";
    until("it says so", || {
        stage.find("#comment-999 h4").is_some() && stage.text("#comment-999 h4") == answer
    })
    .await;
}

#[wasm_bindgen_test]
async fn to_a_screen_reader_it_is_one_list_of_articles_with_headings() {
    let _backend = holding(vec![comment(0, None), comment(1, Some(0)), comment(2, None)]);
    let stage = Stage::new("en");
    let _shown = show(&stage);
    all(&stage, 3).await;
    assert_eq!(stage.attrs(".comments", "role"), ["list"]);
    assert_eq!(stage.attrs(".chunk", "role"), ["presentation"]);
    assert_eq!(stage.attrs("ol > li", "role"), ["listitem"; 3]);
    for id in ["0", "1", "2"] {
        let label = stage.attr(&format!("#comment-{id}"), "aria-labelledby").expect("a name");
        let heading: Element = stage.one(&format!("#comment-{id} #{label}"));
        assert!(["H3", "H4"].contains(&heading.tag_name().as_str()));
    }
    assert!(stage.text("#comment-1 h4").ends_with(", level 2"));
}
