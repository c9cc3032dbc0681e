//! docs/backends.md: what it shows is what there is.

use std::collections::BTreeSet;

use axum::{Router, http::Uri, routing::get};
use haidang_engine::profile::{Portal, Profile};
use serde_json::{Value, json};

use crate::{
    profile::{checked, written},
    upstream::{json_of, jsons, upstream},
};

const PAGE: &str = include_str!("../../../docs/backends.md");

/// A fenced block: what stands after the fence, and what is in it.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut pieces = PAGE.split("\n```");
    pieces.next();
    let mut blocks = Vec::new();
    while let (Some(open), Some(_)) = (pieces.next(), pieces.next()) {
        blocks.push(open.split_once('\n').unwrap());
    }
    blocks
}

fn of(kind: &str) -> Vec<&'static str> {
    blocks().into_iter().filter(|(info, _)| *info == kind).map(|(_, text)| text).collect()
}

fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn is_profile(profile: &Value) {
    let (read, notes) = Profile::from_value(profile);
    assert!(read.is_ok() && notes.is_empty(), "{:?}\n{notes:?}\n{profile:#}", read.err());
}

fn is_portal(portal: &Value) {
    let (read, notes) = Portal::parse(&portal.to_string());
    assert!(notes.is_empty(), "{notes:?}\n{portal:#}");
    for source in read.unwrap_or_else(|error| panic!("{error}\n{portal:#}")).sources {
        let Some(Value::String(name)) = source.profile else { continue };
        let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../profiles");
        let is_there = std::path::Path::new(shipped).join(format!("{name}.json")).is_file();
        assert!(is_there || name.ends_with(".json"), "{name} is not shipped");
    }
}

#[test]
fn every_example_reads() {
    let mut seen = BTreeSet::new();
    for (info, text) in blocks() {
        let mut words = info.split(' ');
        if words.next() != Some("json") {
            continue;
        }
        let kind = words.next().unwrap_or_default();
        seen.insert(kind);
        let mut value = value(text);
        match kind {
            "profile" => is_profile(&value),
            "part" => {
                value["name"] = "part".into();
                is_profile(&value);
            }
            "portal" => is_portal(&value),
            "source" => is_portal(&json!({
                "version": 1, "id": "p", "name": { "en": "P" }, "timezone": "UTC", "default": "en",
                "languages": [{ "code": "en", "name": "English" }], "sources": [value],
            })),
            "answer" => {}
            _ => panic!("what is this block of JSON?\n{text}"),
        }
    }
    assert_eq!(
        seen.into_iter().collect::<Vec<_>>(),
        ["answer", "part", "portal", "profile", "source"]
    );
}

#[tokio::test]
async fn the_worked_example_prints_what_is_shown() {
    let list = value(of("json answer /v0/news")[0]);
    let article = value(of("json answer /v0/news/41")[0]);
    let news = move |uri: Uri| {
        let query = uri.query().unwrap_or_default().to_owned();
        let mut answer = list.clone();
        if query.contains("from=2") {
            answer["rows"] = json!([{ "no": 39, "head": "Mùa rươi" }]);
        }
        if query.contains("desk=2") {
            answer["rows"].as_array_mut().unwrap().truncate(1);
            answer["count"] = json!(1);
        }
        async move { json_of(&answer.to_string(), &[]) }
    };
    let base = upstream(|_| {
        Router::new().route("/v0/news", get(news)).merge(jsons(&[("/v0/news/41", article)]))
    })
    .await;
    let (_folder, file) = written(&value(of("json profile")[0]));
    let report = checked(&[&file, "--live", &format!("{base}/v0"), "--lang", "vi"]).await;
    let printed = report.text().replace(&base, "https://api.seaport.example");
    assert_eq!(of("text check"), [printed.trim_end()], "{printed}");
}

#[test]
fn every_profile_that_is_shipped_has_its_row() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../profiles");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned());
    let table = PAGE.rsplit_once("## What is shipped").unwrap().1;
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let rows: BTreeSet<_> = rows.map(|(name, _)| name.to_owned()).collect();
    assert_eq!(rows, names.collect());
}

/// The keys that a schema knows, at a place in it.
fn keys(schema: &Value, place: &str) -> Vec<String> {
    let keys = schema.pointer(place).unwrap().as_object().unwrap().keys();
    keys.cloned().collect()
}

#[test]
fn every_key_is_explained() {
    let (profile, portal) = (Profile::schema(), Portal::schema());
    let mut all = keys(&profile, "/properties");
    all.extend(keys(&profile, "/$defs/Endpoint/properties"));
    all.extend(keys(&profile, "/$defs/Routes/properties"));
    all.extend(keys(&profile, "/$defs/Param/properties"));
    all.extend(
        keys(&profile, "/$defs/Thread/properties").iter().map(|key| format!("comments.{key}")),
    );
    all.extend(keys(&portal, "/$defs/Source/properties"));
    all.extend(keys(&portal, "/$defs/Auth/properties"));
    all.extend(keys(&portal, "/$defs/Served/properties"));
    all.retain(|key| key != "comments");
    for key in all {
        assert!(PAGE.contains(&format!("`{key}`")), "{key}");
    }
}
