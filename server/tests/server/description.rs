//! The description of the API, held against a schema and against the answers.

use serde_json::{Value, json};

use crate::service::Service;

/// The schema of the OpenAPI Initiative, as published (Apache-2.0).
const OPENAPI_3_1: &str = include_str!("openapi-3.1.schema.json");

async fn description(service: &Service) -> Value {
    service.api("openapi.json").await
}

#[tokio::test]
async fn the_description_is_valid_openapi() {
    let document = description(&Service::start().await).await;
    let schema: Value = serde_json::from_str(OPENAPI_3_1).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let licence = document["info"]["license"]["identifier"].as_str().unwrap();
    let text = include_str!("../../../LICENSE");
    assert!(text.starts_with(&format!("{licence} License")), "{licence}");
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(jsonschema::draft202012::meta::is_valid(schema), "{name}");
    }
}

/// What a path of the description is asked for, to see that its answer is as described.
const SAMPLES: &[(&str, &str)] = &[
    ("/front", "front?lang=zh"),
    ("/articles", "articles?lang=ja&section=news&limit=3"),
    ("/articles/{id}", "articles/dau-thu-truyen-hinh-ho-ngheo?lang=en"),
    ("/withdrawn", "withdrawn"),
    ("/articles/{id}/comments", "articles/bao-so-9/comments"),
    ("/articles/{id}/comments/live", "articles/bao-so-9/comments/live"),
    ("/comments/counts", "comments/counts?ids=bao-so-9"),
    ("/documents", "documents?lang=ko&q=UBND"),
    ("/documents/{id}", "documents/qd-02-2015?lang=en"),
    ("/register", "register"),
    ("/press", "press?lang=ja"),
    ("/press/briefings/{id}.ics", "press/briefings/bao-so-9-11-11.ics"),
    ("/notices", "notices"),
    ("/push", "push"),
    ("/sections", "sections"),
    ("/tags", "tags"),
    ("/authors", "authors"),
    ("/authors/{id}", "authors/van-hoa"),
    ("/organisations", "organisations"),
    ("/organisations/{id}", "organisations/ubnd"),
];

#[tokio::test]
async fn every_path_answers_what_it_says() {
    let service = Service::with(&["--push-contact", "mailto:editor@example.org"]).await;
    let document = description(&service).await;
    for (path, item) in document["paths"].as_object().unwrap() {
        if item["get"].is_null() || path == "/me/comments" {
            continue;
        }
        let sample = SAMPLES.iter().find(|(described, _)| described == path);
        let (_, sample) = sample.unwrap_or_else(|| panic!("no sample of {path}"));
        let content = item["get"]["responses"]["200"]["content"].as_object().unwrap();
        let (kind, media) = content.iter().next().unwrap();
        // A stream does not end until the server does.
        service.app.stopping.send_replace(kind == "text/event-stream");
        let answer = service.get(&format!("/api/v1/{sample}")).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}");
        if kind == "application/json" {
            check(&document, &media["schema"], &answer.json(), path);
        }
    }
}

#[tokio::test]
async fn problems_are_as_described_and_nothing_is_null() {
    let service = Service::start().await;
    let document = description(&service).await;
    let problem = service.get("/api/v1/articles?lang=!").await;
    let schema = json!({ "$ref": "#/components/schemas/Problem" });
    check(&document, &schema, &problem.json(), "Problem");
    let written = service.post("banh-da-cua", None, &json!({"author": "An", "text": "x"})).await;
    let schema = &document["paths"]["/articles/{id}/comments"]["post"]["responses"]["201"]["content"]
        ["application/json"]["schema"];
    check(&document, schema, &written.json(), "postComment");
    for path in ["front", "articles/truong-hoc-so", "documents", "press"] {
        assert!(!service.get(&format!("/api/v1/{path}")).await.text().contains("null"), "{path}");
    }
}

/// That `value` is as `schema`, which refers to `document`.
fn check(document: &Value, schema: &Value, value: &Value, what: &str) {
    let mut schema = schema.clone();
    schema["components"] = document["components"].clone();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}
