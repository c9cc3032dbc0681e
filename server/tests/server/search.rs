//! What words find, with and without their marks, in five languages.

use serde_json::Value;

use crate::service::{Service, ids, query};

async fn articles(service: &Service, lang: &str, words: &str) -> Value {
    service
        .api(&format!("articles{}", query(&[("lang", lang), ("q", words), ("limit", "100")])))
        .await
}

async fn documents(service: &Service, words: &str) -> Vec<String> {
    let page = service.api(&format!("documents{}", query(&[("lang", "vi"), ("q", words)]))).await;
    let items = page["items"].as_array().unwrap();
    items.iter().map(|item| item["number"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn vietnamese_is_found_without_its_marks() {
    let service = Service::start().await;
    let bare = articles(&service, "vi", "do son").await;
    assert_eq!(ids(&bare)[0], "le-hoi-choi-trau-do-son");
    let marked = articles(&service, "vi", "Đồ Sơn").await;
    assert_eq!(marked["total"], bare["total"]);
    let city = articles(&service, "vi", "hai phong").await;
    assert!(city["total"].as_u64().unwrap() >= 10);
    assert!(ids(&city).contains(&"bao-so-9"));
    assert!(!documents(&service, "hai phong").await.is_empty());
    assert!(documents(&service, "do son").await.contains(&"151/KH-UBND".to_owned()));
}

#[tokio::test]
async fn what_has_the_marks_as_typed_comes_first() {
    let service = Service::start().await;
    let page = articles(&service, "vi", "bão").await;
    let items = page["items"].as_array().unwrap();
    let mut texts = Vec::new();
    for item in items {
        let path = format!("articles/{}?lang=vi", item["key"]["id"].as_str().unwrap());
        let article = service.api(&path).await;
        let text = format!("{} {} {}", item["title"], item["standfirst"], article["body"]["value"]);
        texts.push(text.to_lowercase().contains("bão"));
    }
    // `bao` folded is `báo` and `bảo` too: those are found, but after.
    assert!(texts.contains(&true) && texts.contains(&false));
    assert!(texts.is_sorted_by(|one, next| one >= next), "{texts:?}");
}

#[tokio::test]
async fn ideographs_and_hangul_are_found_within_longer_words() {
    let service = Service::start().await;
    for (lang, words, work) in [
        ("zh", "海防", "bao-so-9"),
        ("zh", "港", "bao-so-9"),
        ("ja", "港", "bao-so-9"),
        ("ja", "海防", "tau-hoa-ha-noi-hai-phong"),
        ("ko", "항구", "bao-so-9"),
    ] {
        let page = articles(&service, lang, words).await;
        let (found, expected) = (ids(&page), format!("{work}.{lang}"));
        assert!(found.contains(&expected.as_str()), "{lang} {words}: {found:?}");
    }
    assert_eq!(articles(&service, "ko", "港").await["total"], 0);
}

#[tokio::test]
async fn a_number_finds_its_document_first_and_who_cites_it() {
    let service = Service::start().await;
    assert_eq!(documents(&service, "10-NQ/TU").await[0], "10-NQ/TU");
    assert_eq!(documents(&service, "nq 10/2").await, Vec::<String>::new());
    let decisions = documents(&service, "QD-UBND").await;
    assert!(
        decisions.iter().all(|number| number.ends_with("/QĐ-UBND")) && decisions.len() >= 8,
        "{decisions:?}"
    );
    let citing = articles(&service, "vi", "10-NQ/TU").await;
    assert!(ids(&citing).contains(&"nghi-quyet-10-nq-tu-nhin-lai"));
    let citing = articles(&service, "vi", "QD-UBND").await;
    assert!(ids(&citing).contains(&"dich-vu-cong-truc-tuyen"));
}

#[tokio::test]
async fn the_last_word_may_be_unfinished() {
    let service = Service::start().await;
    assert!(ids(&articles(&service, "vi", "chọi tr").await).contains(&"le-hoi-choi-trau-do-son"));
    assert!(ids(&articles(&service, "en", "buff").await).contains(&"le-hoi-choi-trau-do-son.en"));
}

#[tokio::test]
async fn whatever_is_typed_is_words_and_never_syntax() {
    let service = Service::start().await;
    for words in [
        "\"",
        "a\"b",
        "* OR *",
        "NEAR(a b)",
        "title:bao",
        "-",
        "^x",
        "'; DROP TABLE works; --",
        "\u{0}",
        "()",
    ] {
        let page = articles(&service, "vi", words).await;
        assert!(page["items"].is_array(), "{words}");
        documents(&service, words).await;
    }
    assert_eq!(articles(&service, "vi", "- /").await["total"], 0);
}

#[tokio::test]
async fn what_is_found_has_pages_too() {
    let service = Service::start().await;
    let whole = articles(&service, "vi", "hải phòng").await;
    let first = service
        .api(&format!("articles{}", query(&[("lang", "vi"), ("q", "hải phòng"), ("limit", "5")])))
        .await;
    let cursor = first["next"].as_str().unwrap();
    let second = service
        .api(&format!(
            "articles{}",
            query(&[("lang", "vi"), ("q", "hải phòng"), ("limit", "5"), ("cursor", cursor)])
        ))
        .await;
    assert_eq!([ids(&first), ids(&second)].concat(), ids(&whole)[..10]);
    let back = service
        .api(&format!(
            "articles{}",
            query(&[
                ("lang", "vi"),
                ("q", "hải phòng"),
                ("limit", "5"),
                ("cursor", second["previous"].as_str().unwrap())
            ])
        ))
        .await;
    assert_eq!(ids(&back), ids(&first));
}
