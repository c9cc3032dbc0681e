//! In the browser: `DOMParser` and html5ever give the same blocks of the engine's corpus.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, reason = "a test says what it expects")]

#[path = "../engine/tests/corpus/mod.rs"]
mod corpus;

use corpus::{cases, notation};
use haidang::backend::parse_html;
use haidang_engine::content::{BlockKind, text};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn the_corpus_becomes_the_blocks_it_becomes_natively() {
    let mut wrong = String::new();
    for case in cases() {
        let found = notation::write(&parse_html(&case.html, case.base()).blocks);
        if found != case.blocks {
            wrong.push_str(&format!("\n== {}\n{found}\n-- not\n{}\n", case.name, case.blocks));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[wasm_bindgen_test]
fn however_deep_a_body_is_nested_its_text_stays() {
    for open in ["div", "blockquote", "ul><li", "b", "span lang=en", "table><tr><td", "x-y"] {
        let html = format!("<p>before</p>{}deep", format!("<{open}>").repeat(10_000));
        let found = text(&parse_html(&html, "").blocks);
        assert!(found.contains("before") && found.contains("deep"), "{open}: {found:.60}");
    }
}

#[wasm_bindgen_test]
fn a_body_of_five_megabytes_is_cut_and_says_so() {
    let html = "<p>Cảng mở cửa lúc tám giờ sáng, <a href=/b>tàu</a> vào.</p>\n".repeat(75_000);
    let blocks = parse_html(&html, "").blocks;
    assert_eq!(blocks.last().map(|block| &block.kind), Some(&BlockKind::Truncated));
}
