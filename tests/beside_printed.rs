//! In the browser: what the app does beside a printed page that is being read, in tasks that hold up nobody.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, reason = "a test says what it expects")]

#[path = "../engine/tests/corpus/mod.rs"]
mod corpus;

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use corpus::{cases, notation};
use haidang::{
    backend::parse_article,
    browser::{PRINTED, breathe},
    view::{View, el, mount_in_tasks},
};
use haidang_engine::model::{Body, BodyFormat};
use leptos::prelude::document;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::Element;

wasm_bindgen_test_configure!(run_in_browser);

/// A printed page, until it is dropped.
struct Page(Element);

impl Page {
    fn printed() -> Self {
        let page = document().create_element("div").expect("an element");
        page.set_id(PRINTED);
        document().body().expect("a body").append_child(&page).expect("its place");
        Self(page)
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn three_parts() -> View {
    View::from([el("i"), el("b"), el("u")])
}

/// In how many tasks `work` is done, and what comes of it.
async fn tasks<T>(work: impl Future<Output = T>) -> (usize, T) {
    let mut work = pin!(work);
    for tasks in 1.. {
        if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return (tasks, done);
        }
        breathe().await;
    }
    panic!("it never ends")
}

#[wasm_bindgen_test]
async fn what_is_made_beside_a_printed_page_is_made_part_by_part() {
    let _page = Page::printed();
    let place = document().create_element("div").expect("an element");
    let (tasks, _made) = tasks(mount_in_tasks(&place, three_parts)).await;
    assert_eq!(place.inner_html(), "<i></i><b></b><u></u>");
    assert_eq!(tasks, 4, "one for each part, after that which asks for them");
}

/// 2,000 nodes.
fn long_body() -> Body {
    Body { format: BodyFormat::Html, value: "<p>Cảng".repeat(1_000) }
}

#[wasm_bindgen_test]
async fn where_nothing_was_printed_nobody_waits() {
    let place = document().create_element("div").expect("an element");
    assert_eq!(tasks(mount_in_tasks(&place, three_parts)).await.0, 1);
    assert_eq!(place.inner_html(), "<i></i><b></b><u></u>");
    assert_eq!(tasks(parse_article(&long_body(), "")).await.0, 1);
}

#[wasm_bindgen_test]
async fn a_long_body_is_read_in_many_tasks_beside_a_printed_page() {
    let _page = Page::printed();
    let (tasks, content) = tasks(parse_article(&long_body(), "")).await;
    assert!(tasks > 10, "{tasks}");
    assert_eq!(content.expect("a body").blocks.len(), 1_000);
}

#[wasm_bindgen_test]
async fn a_body_read_in_several_tasks_becomes_the_blocks_it_becomes_in_one() {
    let _page = Page::printed();
    for case in cases() {
        let body = Body { format: BodyFormat::Html, value: case.html.clone() };
        let content = parse_article(&body, case.base()).await.expect("a body");
        assert_eq!(notation::write(&content.blocks), case.blocks, "{}", case.name);
    }
}
