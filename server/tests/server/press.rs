//! The press office and the other names a portal has.

use haidang_engine::time::Timestamp;
use serde_json::Value;

use crate::service::{Service, ids};

#[tokio::test]
async fn briefings_to_come_stand_before_those_that_were() {
    let service = Service::start().await;
    let press = service.api("press?lang=en").await;
    let briefings = press["briefings"].as_array().unwrap();
    assert_eq!(briefings.len(), 4);
    let now = "2026-11-13T01:00:00Z";
    let starts: Vec<&str> = briefings.iter().map(|one| one["starts"].as_str().unwrap()).collect();
    let (coming, past): (Vec<&str>, Vec<&str>) = starts.iter().partition(|start| **start > now);
    assert!(!coming.is_empty() && !past.is_empty());
    assert_eq!(starts, [coming.clone(), past.clone()].concat());
    assert!(coming.is_sorted() && past.is_sorted_by(|one, next| one >= next));
    assert!(press["spokespersons"].as_array().unwrap().len() >= 4);
}

#[tokio::test]
async fn the_press_office_and_the_notices_are_of_the_day_of_the_first_start() {
    let clock = || Timestamp::parse("2031-05-06T08:00:00+07:00").unwrap();
    let service = Service::first_at(clock, &[]).await;
    let now = clock().to_string();
    let press = service.api("press?lang=en").await;
    let briefings = press["briefings"].as_array().unwrap();
    let is_coming = |one: &Value| one["starts"].as_str() > Some(now.as_str());
    assert!(is_coming(&briefings[0]) && !is_coming(briefings.last().unwrap()), "{briefings:?}");
    assert_eq!(service.api("notices?lang=en").await["items"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn a_briefing_goes_into_a_calendar() {
    let service = Service::start().await;
    let press = service.api("press?lang=ja").await;
    let calendar = press["briefings"][0]["calendar"].as_str().unwrap();
    let answer = service.get(&format!("/api/v1/{calendar}")).await;
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    let text = answer.text().replace("\r\n ", "");
    let title = press["briefings"][0]["title"].as_str().unwrap();
    assert!(text.contains(&format!("SUMMARY;LANGUAGE=ja:{title}")), "{text}");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
}

#[tokio::test]
async fn names_are_listed_in_the_portals_order() {
    let service = Service::start().await;
    let sections = service.api("sections?lang=zh").await;
    assert_eq!(
        ids(&sections),
        ["news", "directives", "press", "investment", "culture", "documents"]
    );
    assert_eq!(sections["items"][0]["name"], "新闻");
    assert_eq!(ids(&service.api("organisations?lang=ko").await).len(), 6);
    assert_eq!(service.api("organisations/cang-vu?lang=ko").await["name"], "하이퐁 해사항만청");
    assert_eq!(service.api("authors/kinh-te?lang=en").await["name"], "Business Desk");
    assert_eq!(ids(&service.api("tags").await).len(), 15);
}
