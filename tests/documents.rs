//! In the browser: the register of documents and one document.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use std::sync::Arc;

use haidang::{
    i18n::msg,
    pages::{Data, DocumentData, DocumentsData},
};
use haidang_engine::{
    model::Key,
    route::{DocumentFilter, Page},
};
use leptos::prelude::*;
use serde_json::{Value, json};
use support::{
    Stage, followed, lang, messages,
    samples::{document, of, with},
    send, until,
};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{HtmlInputElement, HtmlSelectElement};

wasm_bindgen_test_configure!(run_in_browser);

/// A page of the register; `field` is what its field of government is called.
fn register(filter: &DocumentFilter, page: Value, field: &str) -> Data {
    let register = json!({
        "issuers": [{"id": "ubnd", "name": "UBND"}, {"id": "hdnd", "name": "HĐND"}],
        "fields": [{"id": "port", "name": field}],
        "kinds": ["decision", "plan"],
        "years": [2024, 2016],
    });
    let (filter, page, register) = (filter.clone(), of(page), Some(of(register)));
    Arc::new(DocumentsData { filter, page, register })
}

fn one_document() -> Value {
    json!({"items": [document("d1", "10-NQ/TU")], "total": 1})
}

fn no_filter() -> DocumentFilter {
    DocumentFilter::default()
}

fn page() -> Page {
    Page::Documents(no_filter())
}

fn value(stage: &Stage, name: &str) -> String {
    stage.one::<HtmlSelectElement>(&format!("select[name={name}]")).value()
}

fn choose(stage: &Stage, name: &str, value: &str) {
    stage.one::<HtmlSelectElement>(&format!("select[name={name}]")).set_value(value);
}

#[wasm_bindgen_test]
fn the_register_lists_its_documents_with_kind_number_and_status() {
    let stage = Stage::new("en");
    let _shown = stage.show_page(page(), register(&no_filter(), one_document(), "Ports"));
    assert_eq!(stage.text("[role=status]"), "1 document");
    let kind = stage.words(msg::DOCUMENTS_KIND_DECISION);
    assert_eq!(stage.text(".document-number"), format!("{kind} 10-NQ/TU"));
    assert_eq!(stage.attr("h2 a", "href").as_deref(), Some("en/documents/d1"));
    assert_eq!(stage.attr("h2 a", "lang").as_deref(), Some("vi"));
    assert_eq!(stage.attr(".label", "data-status").as_deref(), Some("in-force"));
    let status = stage.words(msg::DOCUMENTS_STATUS_IN_FORCE);
    assert_eq!(stage.text(".meta"), format!("9 December 2016 · UBND thành phố {status}"));
}

#[wasm_bindgen_test]
fn the_filters_offer_what_the_register_holds_and_show_those_in_force() {
    let stage = Stage::new("en");
    let filter = DocumentFilter {
        query: "cảng".to_owned(),
        kind: Some("plan".to_owned()),
        year: Some("2016".to_owned()),
        ..no_filter()
    };
    let _shown =
        stage.show_page(Page::Documents(filter.clone()), register(&filter, json!({}), "Ports"));
    assert_eq!(stage.attrs("select[name=kind] option", "value"), ["", "decision", "plan"]);
    assert_eq!(stage.texts("select[name=field] option")[1..], ["Ports"]);
    assert_eq!(stage.all("select[name=status] option").len(), 6);
    assert_eq!(stage.one::<HtmlInputElement>("input[name=q]").value(), "cảng");
    let chosen = ["kind", "issuer", "field", "year", "status"].map(|name| value(&stage, name));
    assert_eq!(chosen, ["plan", "", "", "2016", ""]);
    assert_eq!(stage.text("[role=status]"), stage.words(msg::DOCUMENTS_NONE));
}

#[wasm_bindgen_test]
fn without_what_there_is_to_choose_from_the_list_and_the_filter_in_force_stay() {
    let stage = Stage::new("en");
    let filter = DocumentFilter { year: Some("2016".to_owned()), ..no_filter() };
    let (page, register) = (of(one_document()), None);
    let data = Arc::new(DocumentsData { filter: filter.clone(), page, register });
    let _shown = stage.show_page(Page::Documents(filter), data);
    assert_eq!(stage.texts(".document-entry h2"), ["Về 10-NQ/TU"]);
    assert_eq!(stage.texts("form .hint"), [stage.words(msg::FAILURE_PART)]);
    assert_eq!((value(&stage, "year"), value(&stage, "issuer")), ("2016".into(), "".into()));
}

#[wasm_bindgen_test]
fn the_form_goes_to_the_address_of_what_was_chosen() {
    let stage = Stage::new("en");
    let _shown = stage.show_page(page(), register(&no_filter(), one_document(), "Ports"));
    stage.one::<HtmlInputElement>("input[name=q]").set_value("10-NQ");
    choose(&stage, "kind", "decision");
    choose(&stage, "status", "expired");
    send(&stage.one("form"), "submit");
    assert_eq!(
        stage.went.get_untracked().map(|route| route.href()).as_deref(),
        Some("en/documents?q=10-NQ&kind=decision&status=expired")
    );
    assert_eq!(stage.attr("form", "action").as_deref(), Some("en/documents"));
    assert_eq!(stage.attr(".actions a", "href").as_deref(), Some("en/documents"));
}

#[wasm_bindgen_test]
async fn a_change_of_language_keeps_what_was_chosen_and_not_applied() {
    let stage = Stage::new("en");
    let (_mounted, shown) =
        stage.show_page(page(), register(&no_filter(), one_document(), "Ports"));
    followed().await;
    choose(&stage, "kind", "plan");
    choose(&stage, "field", "port");
    let query: HtmlInputElement = stage.one("input[name=q]");
    query.set_value("typed");
    stage.one::<HtmlSelectElement>("select[name=field]").focus().expect("focus");
    stage.i18n.speak(messages("vi"));
    shown.set(stage.loaded(page(), register(&no_filter(), one_document(), "Cảng biển")));
    let words = messages("vi").text(msg::DOCUMENTS_KIND_PLAN).to_owned();
    let plan = "select[name=kind] option[value=plan]";
    until("the words follow", || stage.text(plan) == words).await;
    followed().await;
    assert_eq!(stage.text("select[name=field] option[value=port]"), "Cảng biển");
    assert_eq!((value(&stage, "kind"), value(&stage, "field")), ("plan".into(), "port".into()));
    assert_eq!(query.value(), "typed");
    assert!(stage.has_focus("select[name=field]"));
}

#[wasm_bindgen_test]
async fn another_filter_in_force_is_what_the_form_shows() {
    let stage = Stage::new("en");
    let (_mounted, shown) =
        stage.show_page(page(), register(&no_filter(), one_document(), "Ports"));
    choose(&stage, "kind", "plan");
    let filter = DocumentFilter { kind: Some("decision".to_owned()), ..no_filter() };
    shown.set(
        stage.loaded(Page::Documents(filter.clone()), register(&filter, one_document(), "Ports")),
    );
    until("it is chosen", || value(&stage, "kind") == "decision").await;
    shown.set(stage.loaded(page(), register(&no_filter(), one_document(), "Ports")));
    until("none is chosen", || value(&stage, "kind").is_empty()).await;
}

fn a_document(changes: Value) -> Data {
    let document = with(json!({ "entry": document("d1", "10-NQ/TU") }), changes);
    Arc::new(DocumentData { document: of(document), asked: lang("vi") })
}

#[wasm_bindgen_test]
fn a_document_shows_what_is_known_of_it_and_nothing_else() {
    let stage = Stage::new("vi");
    let data = a_document(json!({
        "summary": "Tóm tắt", "signer": "Chủ tịch", "effective": "2017-01-01",
        "files": [{"url": "d.pdf", "title": "Toàn văn"}],
        "amends": [{"id": "a", "number": "1-QĐ", "title": "Cũ"}],
        "replaced_by": [{"id": "b", "number": "2-QĐ"}, {"id": "c", "number": "3-QĐ"}],
    }));
    let _shown = stage.show_page(Page::Document(Key::of("d1")), data);
    assert_eq!((stage.text("h1"), stage.attr("h1", "lang")), ("Về 10-NQ/TU".to_owned(), None));
    let labels = [
        msg::DOCUMENTS_ISSUER,
        msg::DOCUMENTS_SIGNER,
        msg::DOCUMENTS_ISSUED,
        msg::DOCUMENTS_EFFECTIVE,
        msg::DOCUMENTS_AMENDS,
        msg::DOCUMENTS_REPLACED_BY,
    ];
    assert_eq!(stage.texts("dt"), labels.map(|label| stage.words(label)));
    assert_eq!(
        stage.texts("dd"),
        ["UBND thành phố", "Chủ tịch", "09/12/2016", "01/01/2017", "1-QĐ Cũ", "2-QĐ", "3-QĐ"]
    );
    assert_eq!(stage.attrs("dd a", "href"), ["vi/documents/a", "vi/documents/b", "vi/documents/c"]);
    assert_eq!(stage.texts("section.files a"), ["Toàn văn"]);
}

#[wasm_bindgen_test]
async fn a_document_in_another_language_says_so_to_machines() {
    let stage = Stage::new("en");
    let data = a_document(json!({
        "summary": "Tóm tắt", "files": [{"url": "d.pdf", "title": "Toàn văn"}],
        "amends": [{"id": "a", "number": "1-QĐ", "title": "Cũ"}],
    }));
    let _shown = stage.show_page(Page::Document(Key::of("d1")), data);
    assert_eq!(stage.attrs("h1, section p, .files a, dd span", "lang"), ["vi"; 4]);
}
