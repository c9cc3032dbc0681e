//! In the browser: the reader's way. Links, jumps within a page, Back, and the place under the eye.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::{cell::RefCell, rc::Rc, sync::Arc};

use futures::future::join;
use haidang::navigation::{
    History, Kind, Place, Step, focus_fragment, focus_link, lay_out_text, lay_out_text_in_tasks,
    lay_out_whole, scroll_to,
};
use haidang::view::{View, el, later};
use haidang_engine::profile::Portal;
use leptos::prelude::{document, window};
use support::{PORTAL, Stage, until};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{DomParser, Element, HtmlElement, SupportedType};

wasm_bindgen_test_configure!(run_in_browser);

thread_local! {
    /// One for the whole file: it listens for the life of the page.
    static WAY: (History, Rc<RefCell<Vec<Step>>>) = follow();
}

fn follow() -> (History, Rc<RefCell<Vec<Step>>>) {
    let base = document().create_element("base").expect("an element");
    base.set_attribute("href", "/").expect("set");
    document().head().expect("a head").prepend_with_node_1(&base).expect("a place");
    let portal = Arc::new(Portal::parse(PORTAL).0.expect("a portal"));
    let steps: Rc<RefCell<Vec<Step>>> = Rc::default();
    let history = History::follow(portal, {
        let steps = steps.clone();
        move |step| steps.borrow_mut().push(step)
    });
    (history, steps)
}

/// The history, and the steps wished for since this was asked for.
fn way() -> (History, Rc<RefCell<Vec<Step>>>) {
    WAY.with(|(history, steps)| {
        steps.borrow_mut().clear();
        (history.clone(), steps.clone())
    })
}

/// Puts markup on the stage in the place of what is there; it is parsed apart, as bodies are.
fn place(stage: &Stage, html: &str) {
    let parser = DomParser::new().expect("a parser");
    let parsed = parser.parse_from_string(html, SupportedType::TextHtml).expect("a document");
    let body = parsed.body().expect("a body");
    stage.place().set_text_content(None);
    while let Some(node) = body.first_child() {
        stage.place().append_child(&node).expect("a place");
    }
}

fn y() -> f64 {
    window().scroll_y().expect("a window")
}

fn hash() -> String {
    window().location().hash().expect("a location")
}

fn back() {
    window().history().expect("a history").back().expect("back");
}

/// An article whose contents lead far down.
const ARTICLE: &str = "<main><h1>Bài</h1><a id=there href='vi/article/9/bai#far'>Mục</a>
    <div style='height:3000px'></div><h2 id=far>Xa</h2>
    <a id=return href='vi/article/9/bai#near'>Về</a>
    <div style='height:3000px'></div></main>";

#[wasm_bindgen_test]
async fn a_jump_within_a_page_asks_for_nothing_and_back_returns_to_where_the_reader_was() {
    let stage = Stage::new("vi");
    let (history, steps) = way();
    history.commit("vi/", "", Kind::Start);
    history.commit("vi/article/9/bai", "", Kind::Link);
    place(&stage, ARTICLE);
    scroll_to(40);
    until("it is scrolled", || y() == 40.0).await;
    stage.click("#there");
    until("it has jumped", || hash() == "#far" && y() > 2000.0).await;
    // From the note on to another place, and back from there.
    let far = y();
    stage.click("#return");
    until("it has gone on", || hash() == "#near").await;
    assert!(steps.borrow().is_empty());
    back();
    until("it is at the first jump", || hash() == "#far").await;
    until("that is a step", || steps.borrow().len() == 1).await;
    assert!(matches!(steps.borrow()[0].kind, Kind::Within(y) if (f64::from(y) - far).abs() <= 1.0));
    back();
    until("it is where it began", || hash().is_empty() && steps.borrow().len() == 2).await;
    assert!(matches!(steps.borrow()[1].kind, Kind::Within(40)));
    back();
    until("the front page is wished for", || steps.borrow().len() == 3).await;
    assert!(matches!(steps.borrow()[2].kind, Kind::Back(_)));
}

#[wasm_bindgen_test]
async fn a_jump_to_what_is_not_built_yet_leads_there() {
    let stage = Stage::new("vi");
    let (history, _) = way();
    history.commit("vi/article/8/bai", "", Kind::Link);
    let _shown = stage.show(|| {
        lay_out_whole(false);
        let target = || el("div").child(el("h2").attr("id", "below").child("Dưới"));
        let link = el("a").attr("href", "vi/article/8/bai#below").child("Mục");
        View::from([link.into(), el("hr").into(), later(target)])
    });
    stage.one::<HtmlElement>("hr").set_attribute("style", "height:3000px").expect("set");
    assert!(stage.find("#below").is_none());
    stage.click("a");
    until("it has jumped", || hash() == "#below" && y() > 1000.0).await;
    scroll_to(0);
}

#[wasm_bindgen_test]
async fn back_knows_the_link_the_page_was_left_by() {
    let stage = Stage::new("vi");
    let (history, steps) = way();
    history.commit("vi/section/news", "", Kind::Link);
    place(&stage, "<a href='vi/article/1'>Một</a> <a id=it href='vi/article/2'>Hai</a>");
    stage.click("#it");
    assert_eq!(steps.borrow().len(), 1);
    history.commit("vi/article/2", "", Kind::Link);
    assert_eq!(history.left_by(), None);
    back();
    until("it is back", || steps.borrow().len() == 2).await;
    assert!(matches!(steps.borrow()[1].kind, Kind::Back(_)));
    let href = history.left_by().expect("a link");
    assert!(focus_link(&href) && stage.has_focus("#it"));
    assert!(!focus_link("vi/article/3"));
}

#[wasm_bindgen_test]
fn a_fragment_is_found_as_written_and_decoded() {
    let stage = Stage::new("vi");
    place(&stage, "<h2 id='body-mục'>Mục</h2><p id='50%'>Nửa</p>");
    assert!(focus_fragment("body-m%E1%BB%A5c") && stage.has_focus("h2"));
    assert!(focus_fragment("50%") && stage.has_focus("p"));
    assert!(!focus_fragment("body-m%E1%BB%A5"));
}

/// A body of parts, each a heading with so many paragraphs below.
fn body(stage: &Stage, parts: &[usize]) {
    let part = |(number, paragraphs): (usize, &usize)| {
        let paragraph = |n| format!("<p id=p{number}-{n} style='height:300px;margin:0'>{n}</p>");
        let paragraphs: String = (0..*paragraphs).map(paragraph).collect();
        format!("<h2 style='height:50px;margin:0'>{number}</h2>{paragraphs}")
    };
    let parts: String = parts.iter().enumerate().map(part).collect();
    let after = "<div style='height:3000px'></div>";
    place(stage, &format!("<div data-body>{parts}</div>{after}"));
}

fn top(stage: &Stage, selector: &str) -> f64 {
    stage.one::<Element>(selector).get_bounding_client_rect().top()
}

/// Scrolls so that the block begins 30 pixels above the window.
fn read(stage: &Stage, selector: &str) {
    stage.one::<HtmlElement>(selector).scroll_into_view();
    let y = y();
    #[expect(clippy::as_conversions, reason = "a test")]
    scroll_to(y as i32 + 30);
}

#[wasm_bindgen_test]
fn the_paragraph_stays_under_the_eye_in_a_text_of_as_many() {
    let stage = Stage::new("vi");
    body(&stage, &[4, 4, 4]);
    read(&stage, "#p1-2");
    let at = top(&stage, "#p1-2");
    let place = Place::now();
    body(&stage, &[4, 4, 4]);
    scroll_to(0);
    place.restore();
    assert!((top(&stage, "#p1-2") - at).abs() <= 1.0);
}

#[wasm_bindgen_test]
fn in_a_text_of_more_or_fewer_it_is_found_below_the_same_heading() {
    let stage = Stage::new("vi");
    body(&stage, &[2, 4, 2]);
    read(&stage, "#p1-2");
    let at = top(&stage, "#p1-2");
    let place = Place::now();
    for (parts, block) in [([6, 5, 1].as_slice(), "#p1-2"), (&[1, 2, 9], "#p1-1")] {
        body(&stage, parts);
        scroll_to(0);
        place.restore();
        assert!((top(&stage, block) - at).abs() <= 1.0, "{block}");
    }
    // Without that heading the same part of the page is shown.
    let proportion = {
        body(&stage, &[2, 4, 2]);
        read(&stage, "#p1-2");
        y() / f64::from(document().document_element().expect("a root").scroll_height())
    };
    body(&stage, &[3]);
    place.restore();
    let height = f64::from(document().document_element().expect("a root").scroll_height());
    assert!((y() - proportion * height).abs() <= 2.0, "{} of {height}", y());
}

/// A text of three blocks of which only the first screen is laid out.
fn first_screen(stage: &Stage) -> Element {
    place(stage, "<div data-body><p>One</p><p>Two</p><p>Three</p></div>");
    let root = document().document_element().expect("a root");
    root.set_attribute("data-first-screen", "").expect("set");
    root
}

#[wasm_bindgen_test]
async fn below_its_first_screen_a_text_is_laid_out_block_by_block() {
    let stage = Stage::new("vi");
    let root = first_screen(&stage);
    lay_out_text_in_tasks().await;
    assert_eq!(stage.all("[data-body] > [data-laid-out]").len(), 3);
    assert!(!root.has_attribute("data-first-screen"));
}

#[wasm_bindgen_test]
async fn a_text_that_has_become_another_is_laid_out_whole() {
    let stage = Stage::new("vi");
    let root = first_screen(&stage);
    join(lay_out_text_in_tasks(), async { lay_out_text() }).await;
    assert!(!root.has_attribute("data-first-screen"));
    assert_eq!(stage.all("[data-body] > [data-laid-out]").len(), 0);
}
