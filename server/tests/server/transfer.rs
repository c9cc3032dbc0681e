//! A thread as a file: out of one database and into another.

use std::{fs, process::Command};

use haidang_server::store::comments::KeptThread;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::Service;

fn program(folder: &TempDir, arguments: &[&str]) -> (bool, String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_haidang-server"));
    let output = program.args(arguments).arg("--data").arg(folder.path()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

fn thread(comments: &Value) -> KeptThread {
    serde_json::from_value(json!({"version": 1, "article": "w", "comments": comments})).unwrap()
}

#[tokio::test]
async fn a_thread_that_is_taken_out_and_in_is_the_same() {
    let service = Service::start().await;
    let body = json!({"author": "An", "text": "*Hay*.", "trap": "x"});
    service.post("bao-so-9", None, &body).await;
    let kept = service.app.store.export("bao-so-9").await.unwrap();
    assert_eq!(kept.comments.len(), 301);
    let json = serde_json::to_string(&kept).unwrap();
    let kept: KeptThread = serde_json::from_str(&json).unwrap();
    let other = Service::start().await;
    sqlx::query("DELETE FROM comments").execute(other.app.store.pool()).await.unwrap();
    assert_eq!(other.app.store.import("bao-so-9", &kept).await.unwrap(), 301);
    assert_eq!(other.app.store.export("bao-so-9").await.unwrap(), kept);
    assert_eq!(other.app.store.import("bao-so-9", &kept).await.unwrap(), 0, "a second time");
    let page = async |service: &Service| {
        let page = service.api("articles/bao-so-9/comments?limit=500&order=discussed").await;
        page["items"].as_array().unwrap().clone()
    };
    let plain = |mut items: Vec<Value>| {
        items.iter_mut().for_each(|item| item["revision"] = Value::Null);
        items
    };
    let count = async |service: &Service| service.api("comments/counts?ids=bao-so-9").await;
    let (there, here) = (page(&service).await, page(&other).await);
    // The order of equals is that in which they came, which the file keeps.
    assert_eq!(plain(there), plain(here));
    assert_eq!(count(&service).await, count(&other).await);
}

#[tokio::test]
async fn replies_may_stand_before_what_they_answer_but_not_without_it() {
    let service = Service::start().await;
    let store = &service.app.store;
    let comment = |id: &str, parent: Option<&str>| json!({"id": id, "parent": parent, "author": "An", "text": "x", "created": "2026-11-01T08:00:00Z"});
    let fine = json!([
        comment("c", Some("b")),
        comment("b", Some("a")),
        comment("a", None),
        comment("d", Some("b"))
    ]);
    assert_eq!(store.import("banh-da-cua", &thread(&fine)).await.unwrap(), 4);
    for (comments, says) in [
        (json!([comment("e", Some("nope"))]), "answers nope"),
        (json!([comment("f", None), comment("f", None)]), "f is there twice"),
        (json!([comment("g", Some("h")), comment("h", Some("g"))]), "answers itself"),
    ] {
        let error = store.import("banh-da-cua", &thread(&comments)).await.unwrap_err();
        assert!(format!("{error:#}").contains(says), "{error:#}");
    }
    let elsewhere = json!([comment("a", None)]);
    assert!(store.import("bao-so-9", &thread(&elsewhere)).await.is_err());
    let deep: Vec<Value> = (0..2_000)
        .map(|index| {
            comment(&format!("n{index}"), (index > 0).then(|| format!("n{}", index - 1)).as_deref())
        })
        .collect();
    assert_eq!(store.import("banh-da-cua", &thread(&json!(deep))).await.unwrap(), 2_000);
}

#[test]
fn the_program_takes_threads_out_and_in_and_makes_moderators() {
    let data = TempDir::new().unwrap();
    let (good, json, _) = program(&data, &["thread", "export", "banh-da-cua.en"]);
    assert!(good);
    let kept: KeptThread = serde_json::from_str(&json).unwrap();
    assert_eq!((kept.article.as_str(), kept.comments.len()), ("banh-da-cua", 8));
    let file = data.path().join("thread.json");
    fs::write(&file, json).unwrap();
    let (good, said, _) =
        program(&data, &["thread", "import", "banh-da-cua", file.to_str().unwrap()]);
    assert!(good && said == "0 comments more under banh-da-cua\n", "{said}");
    assert!(!program(&data, &["thread", "export", "nope"]).0);
    let (good, said, _) = program(&data, &["moderator", "add", "Lan", "--role", "editor"]);
    assert!(good && said.starts_with("Lan signs in with ") && said.len() > 30, "{said}");
    assert_eq!(program(&data, &["moderator", "list"]).1, "editor     Lan\n");
    assert!(program(&data, &["moderator", "retire", "Lan"]).0);
    assert_eq!(program(&data, &["moderator", "list"]).1, "retired    Lan\n");
    assert!(!program(&data, &["moderator", "retire", "Nobody"]).0);
}
