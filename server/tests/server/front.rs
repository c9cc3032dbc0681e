//! The front page.

use std::collections::HashSet;

use serde_json::Value;

use crate::service::{Service, id};

#[tokio::test]
async fn the_editors_lead_comes_first_and_no_article_twice() {
    let service = Service::start().await;
    for lang in ["vi", "en", "zh", "ja", "ko"] {
        let front = service.api(&format!("front?lang={lang}")).await;
        let lead = front["lead"].as_array().unwrap();
        assert_eq!(lead[0]["work"], "bao-so-9", "{lang}");
        assert!(lead.iter().all(|item| item["rank"].is_number()));
        let sections = front["sections"].as_array().unwrap();
        assert!(!sections.is_empty(), "{lang}");
        let parts = sections.iter().map(|section| &section["items"]);
        let all: Vec<&Value> = [&front["lead"], &front["latest"]]
            .into_iter()
            .chain(parts)
            .flat_map(|part| part.as_array().unwrap())
            .collect();
        assert!(all.iter().all(|item| item["lang"] == lang && item["withdrawn"] == false));
        let distinct: HashSet<&str> = all.iter().map(|item| id(item)).collect();
        assert_eq!(distinct.len(), all.len(), "{lang}");
    }
}

#[tokio::test]
async fn notices_in_force_are_in_the_readers_language() {
    let service = Service::start().await;
    let front = service.api("front?lang=ja").await;
    let notices = service.api("notices?lang=ja").await;
    assert_eq!(front["notices"], notices["items"]);
    assert_eq!(notices["items"][0]["level"], "emergency");
    assert_eq!(notices["items"][0]["lang"], "ja");
}
