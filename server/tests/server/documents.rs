//! The register.

use crate::service::{Service, id, ids};

#[tokio::test]
async fn the_register_lists_newest_first_and_pages() {
    let service = Service::start().await;
    let page = service.api("documents?lang=vi").await;
    assert_eq!(page["total"], 20);
    let issued: Vec<&str> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["issued"].as_str().unwrap())
        .collect();
    assert!(issued.is_sorted_by(|one, next| one >= next));
}

#[tokio::test]
async fn every_filter_the_register_offers_finds_something() {
    let service = Service::start().await;
    let register = service.api("register?lang=en").await;
    let values = |name: &str| register[name].as_array().unwrap().clone();
    let terms =
        |name: &str| values(name).iter().map(|term| id(term).to_owned()).collect::<Vec<_>>();
    let mut filters: Vec<String> = Vec::new();
    filters.extend(terms("issuers").iter().map(|id| format!("issuer={id}")));
    filters.extend(terms("fields").iter().map(|id| format!("field={id}")));
    filters.extend(values("kinds").iter().map(|kind| format!("kind={}", kind.as_str().unwrap())));
    filters.extend(values("years").iter().map(|year| format!("year={year}")));
    assert!(filters.len() > 15, "{filters:?}");
    for filter in filters {
        let page = service.api(&format!("documents?lang=en&{filter}")).await;
        assert!(!ids(&page).is_empty(), "{filter}");
        assert!(page["total"].as_u64().unwrap() < 20, "{filter} narrows nothing");
    }
}

#[tokio::test]
async fn filters_narrow_together_and_with_words() {
    let service = Service::start().await;
    let page = service.api("documents?lang=vi&kind=decision&issuer=ubnd&year=2026").await;
    assert_eq!(ids(&page), ["qd-1790-2026", "qd-640-2026"]);
    let page = service.api("documents?lang=vi&status=replaced").await;
    assert_eq!(ids(&page), ["qd-02-2015"]);
    let page = service.api("documents?lang=vi&q=UBND&kind=directive&cursor=").await;
    assert_eq!(page["total"], 2);
}

#[tokio::test]
async fn a_document_tells_what_it_changes_and_what_changed_it() {
    let service = Service::start().await;
    let old = service.api("documents/qd-02-2015?lang=en").await;
    assert_eq!(old["entry"]["status"], "replaced");
    assert_eq!(old["replaced_by"][0]["number"], "15/2021/QĐ-UBND");
    assert_eq!(old["replaces"].as_array().unwrap().len(), 0);
    let new = service.api("documents/qd-15-2021?lang=en").await;
    assert_eq!(new["replaces"][0]["id"], "qd-02-2015");
    let changed = service.api("documents/qd-1502-2024?lang=vi").await;
    assert_eq!(changed["amended_by"][0]["id"], "qd-1790-2026");
    let file = &new["files"][0];
    let url = format!("/{}", file["url"].as_str().unwrap());
    assert_eq!(
        service.get(&url).await.body.len(),
        usize::try_from(file["size"].as_u64().unwrap()).unwrap()
    );
}

#[tokio::test]
async fn a_title_that_lacks_a_language_says_which_it_is_in() {
    let service = Service::start().await;
    // Only in Vietnamese and English.
    let document = service.api("documents/qd-02-2015?lang=ja").await;
    assert_eq!(document["entry"]["lang"], "vi");
    assert_eq!(document["signer"], "市人民委員会副委員長");
    let document = service.api("documents/nq-10-2013?lang=ja").await;
    assert_eq!(document["entry"]["lang"], "ja");
    // Who is no organisation of the portal has a name and nothing to link to.
    assert_eq!(document["entry"]["issuer"]["id"], "");
    assert_eq!(document["entry"]["issuer"]["name"], "ハイフォン市党委員会");
}
