//! Lists of articles, and one in full.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::service::{Service, id, ids};

#[tokio::test]
async fn an_edition_lists_its_own_versions_newest_first() {
    let service = Service::start().await;
    let korean = service.api("articles?lang=ko&limit=100").await;
    let items = korean["items"].as_array().unwrap();
    assert_eq!(items.len(), 8);
    assert_eq!(korean["total"], 8);
    assert!(items.iter().all(|item| item["lang"] == "ko"));
    let published = |item: &Value| item["published"].as_str().unwrap().to_owned();
    assert!(items.is_sorted_by(|one, next| published(one) >= published(next)));
}

#[tokio::test]
async fn without_a_language_the_edition_is_the_one_most_is_written_in() {
    let service = Service::start().await;
    assert_eq!(service.api("articles?limit=1").await["items"][0]["lang"], "vi");
    let nearest = service.api("articles?lang=zh-CN&limit=1").await;
    assert_eq!(nearest["items"][0]["lang"], "zh");
}

#[tokio::test]
async fn pages_lead_on_and_back_without_gap_or_repeat() {
    let service = Service::start().await;
    let all = service.api("articles?lang=vi&limit=100").await;
    let all = ids(&all);
    let mut seen = Vec::new();
    let mut page = service.api("articles?lang=vi&limit=7").await;
    assert!(page.get("previous").is_none());
    let mut pages = 1;
    loop {
        seen.extend(ids(&page).into_iter().map(str::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        page = service.api(&format!("articles?lang=vi&limit=7&cursor={next}")).await;
        pages += 1;
    }
    assert_eq!(seen, all);
    for _ in 1..pages {
        let previous = page["previous"].as_str().unwrap();
        page = service.api(&format!("articles?lang=vi&limit=7&cursor={previous}")).await;
    }
    assert_eq!(ids(&page), all[..7]);
    assert!(page.get("previous").is_none());
}

#[tokio::test]
async fn a_section_says_what_it_is_and_narrows_to_an_organisation() {
    let service = Service::start().await;
    let directives = service.api("articles?lang=vi&section=directives").await;
    assert_eq!(directives["about"]["name"], "Chỉ đạo, điều hành");
    let organisations = directives["organisations"].as_array().unwrap();
    assert!(organisations.iter().any(|one| one["id"] == "ubnd"), "{organisations:?}");
    let narrowed = service.api("articles?lang=vi&section=directives&organisation=ubnd").await;
    let items = narrowed["items"].as_array().unwrap();
    assert!(!items.is_empty());
    assert!(items.iter().all(|item| item["organisation"]["id"] == "ubnd"));
    assert!(items.iter().all(|item| item["section"]["id"] == "directives"));
    assert_eq!(narrowed["organisations"], directives["organisations"]);
}

#[tokio::test]
async fn lists_are_of_a_tag_or_an_author_too() {
    let service = Service::start().await;
    let tagged = service.api("articles?lang=en&tag=cang-bien").await;
    assert_eq!(tagged["about"]["name"], "Seaports");
    assert!(ids(&tagged).contains(&"bao-so-9.en"));
    let written = service.api("articles?lang=ja&author=van-hoa").await;
    assert_eq!(written["about"]["name"], "文化取材班");
    assert!(ids(&written).contains(&"le-hoi-choi-trau-do-son.ja"));
}

#[tokio::test]
async fn what_an_edition_lacks_can_be_asked_for() {
    let service = Service::start().await;
    let lacking = service.api("articles?lang=vi&missing=en&limit=100").await;
    let lacking = ids(&lacking);
    assert!(lacking.contains(&"truong-hoc-so") && !lacking.contains(&"bao-so-9"));
    assert_eq!(ids(&service.api("articles?lang=en&missing=vi").await), ["foreign-residents-guide"]);
}

#[tokio::test]
async fn what_is_not_there_is_said_and_wrong_parameters_are_named() {
    let service = Service::start().await;
    for path in [
        "articles/nope",
        "articles/nope/comments",
        "articles?section=nope",
        "nope",
        "articles?tag=nope",
        "articles?author=nope",
        "articles?organisation=nope",
        "documents/nope",
        "authors/nope",
        "organisations/nope",
        "press/briefings/nope.ics",
    ] {
        let answer = service.get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    for (path, field) in [
        ("articles?lang=!", "lang"),
        ("articles?limit=many", "limit"),
        ("articles?missing=1", "missing"),
        ("articles?cursor=x", "cursor"),
        ("documents?kind=poem", "kind"),
        ("documents?year=MMXX", "year"),
        ("documents?status=lost", "status"),
    ] {
        let answer = service.get(&format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(answer.json()["field"], field, "{path}");
    }
}

#[tokio::test]
async fn any_version_leads_to_the_one_in_the_language_asked_for() {
    let service = Service::start().await;
    let japanese = service.api("articles/bao-so-9.en?lang=ja").await;
    assert_eq!(japanese["headline"]["key"]["id"], "bao-so-9.ja");
    assert_eq!(japanese["headline"]["work"], "bao-so-9");
    assert_eq!(japanese["headline"]["kind"], "translation");
    assert_eq!(japanese["versions"].as_array().unwrap().len(), 5);
    let vietnamese = service.api("articles/bao-so-9.en?lang=vi").await;
    assert_eq!(vietnamese["headline"]["key"]["id"], "bao-so-9");
    assert_eq!(vietnamese["headline"]["kind"], "original");
}

#[tokio::test]
async fn an_article_without_a_version_in_the_language_is_the_one_named() {
    let service = Service::start().await;
    let only_vietnamese = service.api("articles/truong-hoc-so?lang=ko").await;
    assert_eq!(only_vietnamese["headline"]["lang"], "vi");
    // The names around it are in the reader's language, and so is what to read next.
    assert_eq!(only_vietnamese["headline"]["section"]["name"], "뉴스");
    let only_english = service.api("articles/foreign-residents-guide?lang=vi").await;
    assert_eq!(only_english["headline"]["lang"], "en");
    assert_eq!(only_english["versions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn related_articles_come_in_the_readers_language_where_there_is_one() {
    let service = Service::start().await;
    let article = service.api("articles/hop-bao-thang-muoi-mot?lang=en").await;
    let related: Vec<&str> = article["related"].as_array().unwrap().iter().map(id).collect();
    assert!(related.contains(&"cang-lach-huyen-ben-moi.en"), "{related:?}");
    assert!(!related.contains(&"cang-lach-huyen-ben-moi"), "{related:?}");
}

#[tokio::test]
async fn corrections_withdrawals_and_attachments_are_told() {
    let service = Service::start().await;
    let corrected = service.api("articles/dau-thu-truyen-hinh-ho-ngheo?lang=en").await;
    assert_eq!(corrected["corrections"].as_array().unwrap().len(), 1);
    assert!(
        corrected["headline"]["updated"].as_str() > corrected["headline"]["published"].as_str()
    );
    let withdrawn = service.api("articles/gia-nuoc-sach-thong-tin-sai?lang=vi").await;
    assert_eq!(withdrawn["headline"]["withdrawn"], true);
    assert!(!withdrawn["withdrawal"]["text"].as_str().unwrap().is_empty());
    let directive = service.api("articles/chi-thi-ve-sinh-moi-truong?lang=vi").await;
    let file = &directive["attachments"][0];
    assert_eq!(file["media_type"], "application/pdf");
    let bytes = service.get(&format!("/api/v1/{}", file["url"].as_str().unwrap())).await.body;
    assert!(bytes.starts_with(b"%PDF") && file["size"] == bytes.len());
}

#[tokio::test]
async fn who_keeps_articles_learns_what_was_taken_back_since() {
    let service = Service::start().await;
    const FALSE: &str = "gia-nuoc-sach-thong-tin-sai";
    let article = service.api(&format!("articles/{FALSE}?lang=vi")).await;
    let date = article["withdrawal"]["date"].as_str().unwrap();
    let since = async |moment: &str| {
        let list = service.api(&format!("withdrawn?since={}", moment.replace(':', "%3A"))).await;
        list["items"].as_array().unwrap().clone()
    };
    let all = since(date).await;
    let item = all.iter().find(|item| item["id"] == FALSE).unwrap();
    assert_eq!((&item["lang"], &item["date"]), (&json!("vi"), &json!(date)));
    let versions = article["versions"].as_array().unwrap();
    let ids: Vec<_> = versions.iter().map(|version| &version["key"]["id"]).collect();
    assert!(ids.iter().all(|id| item["versions"].as_array().unwrap().contains(id)));
    assert!(since("2999-01-01T00:00:00Z").await.is_empty());
    assert_eq!(service.api("withdrawn").await["items"].as_array().unwrap().len(), all.len());
}

#[tokio::test]
async fn a_translation_older_than_its_original_can_be_seen() {
    let service = Service::start().await;
    let article = service.api("articles/tau-hoa-ha-noi-hai-phong?lang=ko").await;
    let updated = |lang: &str| {
        let versions = article["versions"].as_array().unwrap();
        versions.iter().find(|version| version["lang"] == lang).unwrap()["updated"].clone()
    };
    assert!(updated("ko").as_str() < updated("vi").as_str());
}

#[tokio::test]
async fn numbers_with_their_date_cite_the_register() {
    let service = Service::start().await;
    for (id, lang) in [
        ("muoi-nam-so-thong-tin-va-truyen-thong", "vi"),
        ("muoi-nam-so-thong-tin-va-truyen-thong", "en"),
        ("nghi-quyet-10-nq-tu-nhin-lai", "vi"),
    ] {
        let article = service.api(&format!("articles/{id}?lang={lang}")).await;
        let citations = article["citations"].as_array().unwrap();
        let resolution = citations.iter().find(|one| one["number"] == "10-NQ/TU").unwrap();
        assert_eq!(resolution["document"], "nq-10-2013");
        assert_eq!(resolution["date"], "2013-12-27");
    }
    let english = service.api("articles/muoi-nam-so-thong-tin-va-truyen-thong?lang=en").await;
    let titles = english["citations"][0]["title"].as_str().unwrap();
    assert!(titles.starts_with("Establishing the Department"), "{titles}");
}

#[tokio::test]
async fn both_ways_to_write_a_date_cite_the_same_document() {
    let service = Service::start().await;
    let article = service.api("articles/nghi-quyet-10-nq-tu-nhin-lai?lang=vi").await;
    let body = article["body"]["value"].as_str().unwrap();
    assert!(body.contains("22-12-2006") && body.contains("27/12/2013"));
    let cited: Vec<&str> = article["citations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["document"].as_str().unwrap())
        .collect();
    assert!(cited.contains(&"nq-10-2013") && cited.contains(&"qd-2517-2006"), "{cited:?}");
}

#[tokio::test]
async fn pictures_of_a_body_are_there_in_every_size() {
    let service = Service::start().await;
    let article = service.api("articles/bao-so-9?lang=vi").await;
    let body = article["body"]["value"].as_str().unwrap();
    let srcset = body.split("srcset=\"").nth(1).unwrap().split('"').next().unwrap();
    for candidate in srcset.split(", ") {
        let url = candidate.split(' ').next().unwrap();
        for base in ["/", "/api/v1/"] {
            let picture = service.get(&format!("{base}{url}")).await;
            assert_eq!(picture.status, StatusCode::OK, "{base}{url}");
            assert_eq!(picture.header("content-type"), "image/webp");
        }
    }
    assert!(!body.contains("media:") && !body.contains("article:") && !body.contains("document:"));
}
