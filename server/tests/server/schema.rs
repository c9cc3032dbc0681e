//! The schemas of portal.json and of profiles: as published, and against what the reader itself takes.

use std::fs;

use haidang_engine::profile::{Portal, Profile};
use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("../../../public/portal.schema.json");
const OF_PROFILES: &str = include_str!("../../../public/profile.schema.json");

fn demo() -> Value {
    serde_json::from_str(include_str!("../../../public/portal.json")).unwrap()
}

/// What the published schema says against `portal`.
fn errors(portal: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(PUBLISHED).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    validator.iter_errors(portal).map(|error| error.instance_path().to_string()).collect()
}

#[test]
fn the_published_schema_is_that_of_the_types() {
    let written = format!("{:#}\n", Portal::schema());
    assert!(PUBLISHED == written, "run `cargo xtask schema`:\n{written}");
    assert_eq!(demo()["$schema"], "portal.schema.json");
}

#[test]
fn it_takes_the_demo_and_the_smallest_portal() {
    assert_eq!(errors(&demo()), [""; 0]);
    let smallest = json!({
        "version": 1, "id": "p", "name": { "vi": "Cổng" }, "timezone": "Asia/Ho_Chi_Minh",
        "languages": [{ "code": "vi", "name": "Tiếng Việt" }], "default": "vi",
        "sources": [{ "id": "city", "base": "api/v1" }], "features": { "press": false },
    });
    assert!(Portal::parse(&smallest.to_string()).0.is_ok());
    assert_eq!(errors(&smallest), [""; 0]);
}

#[test]
fn what_the_reader_refuses_it_refuses_there_too() {
    for (place, value) in [
        ("/version", json!("one")),
        ("/id", json!("a:b")),
        ("/languages", json!([])),
        ("/sources", json!([])),
        ("/sources/0/id", json!("")),
        ("/sources/0/base", json!(7)),
        ("/sources/0/media", json!("https://media.example.org")),
        ("/features", json!({ "comments": "no" })),
        ("/comments/scope", json!("thread")),
        ("/canonical", json!("both")),
        ("/navigation/2/page", json!("home")),
        ("/early/0/page", json!("home")),
        ("/embeds", json!([1])),
    ] {
        let mut portal = demo();
        let (parent, key) = place.rsplit_once('/').unwrap();
        portal.pointer_mut(parent).unwrap()[key] = value;
        assert!(Portal::parse(&portal.to_string()).0.is_err(), "{place}");
        let errors = errors(&portal);
        // Of something that may be left out, the schema names the whole.
        let is_there =
            |error: &String| error.starts_with(place) || *error == parent && !error.is_empty();
        assert!(errors.iter().any(is_there), "{place}: {errors:?}");
    }
    for missing in ["version", "id", "name", "timezone", "languages", "default", "sources"] {
        let mut portal = demo();
        portal.as_object_mut().unwrap().remove(missing);
        assert!(Portal::parse(&portal.to_string()).0.is_err(), "{missing}");
        assert_eq!(errors(&portal), [""], "{missing}");
    }
}

#[test]
fn the_published_schema_of_profiles_is_that_of_the_types() {
    let written = format!("{:#}\n", Profile::schema());
    assert!(OF_PROFILES == written, "run `cargo xtask schema`:\n{written}");
}

#[test]
fn it_takes_every_profile_that_is_shipped_and_refuses_what_the_reader_refuses() {
    let schema: Value = serde_json::from_str(OF_PROFILES).unwrap();
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../profiles");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 5, "{files:?}");
    for file in files {
        let profile: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let errors: Vec<_> = validator.iter_errors(&profile).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{file:?}: {errors:?}");
    }
    for wrong in [
        json!({}),
        json!({ "name": "x", "shape": "xml" }),
        json!({ "name": "x", "list": { "get": 7 } }),
        json!({ "name": "x", "list": { "get": "{+base}", "each": { "id": "item.id" } } }),
        json!({ "name": "x", "comments": { "post": { "to": "{+base}", "encoding": "xml" } } }),
    ] {
        assert!(Profile::from_value(&wrong).0.is_err(), "{wrong}");
        assert!(!validator.is_valid(&wrong), "{wrong}");
    }
}
