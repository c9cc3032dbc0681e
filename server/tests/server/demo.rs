//! The import: faults in content are named by file and field.

use std::borrow::Cow;

use haidang_engine::time::Timestamp;
use haidang_server::{
    demo::{Content, import},
    store::Store,
};
use tempfile::TempDir;

/// What the import says of the demo with `from` in `file` written as `to`.
async fn fault(file: &str, from: &str, to: &str) -> String {
    let mut content = Content::embedded();
    let text = std::str::from_utf8(content.get(file).unwrap()).unwrap().to_owned();
    assert!(text.contains(from), "{file} does not hold {from}");
    content.0.insert(file.to_owned(), Cow::Owned(text.replacen(from, to, 1).into_bytes()));
    refused(&content).await
}

async fn refused(content: &Content) -> String {
    let data = TempDir::new().unwrap();
    let store = Store::open(data.path()).await.unwrap();
    let error = import(&store, content, Timestamp(0)).await.unwrap_err();
    assert!(store.is_empty().await.unwrap(), "nothing is written of content with a fault");
    format!("{error:#}")
}

#[tokio::test]
async fn a_fault_names_the_file_and_the_field() {
    let article = "articles/01-bao-so-9/article.json";
    for (file, from, to, says) in [
        (
            article,
            "\"section\": \"news\"",
            "\"section\": \"sport\"",
            "section: there is no \"sport\"",
        ),
        (article, "\"published\"", "\"pulished\"", "versions"),
        (article, "\"original\"", "\"translation\"", "versions: expected one original, found 0"),
        ("articles/01-bao-so-9/vi.html", "src=\"media:", "src=\"media:no-", "not in media.json"),
        ("sections.json", "\"vi\"", "\"?\"", "[0].names"),
        ("documents.json", "\"issued\": \"", "\"issued\": \"x", "documents[0].issued"),
        (
            "press.json",
            "\"organisation\": \"ubnd\"",
            "\"organisation\": \"x\"",
            "organisation: there is no \"x\"",
        ),
        (
            "notices.json",
            "\"article\": \"bao-so-9\"",
            "\"article\": \"x\"",
            "article: there is no \"x\"",
        ),
        ("comments.json", "\"bao-so-9\"", "\"bao-so-99\"", "there is no \"bao-so-99\""),
        ("media.json", "-480.webp", "-481.webp", "there is no media/"),
    ] {
        let error = fault(file, from, to).await;
        assert!(error.contains(file) && error.contains(says), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_is_missing_is_named() {
    let mut content = Content::embedded();
    content.0.remove("articles/01-bao-so-9/ko.html");
    assert!(refused(&content).await.starts_with("articles/01-bao-so-9/ko.html: "));
    let mut content = Content::embedded();
    content.0.remove("tags.json");
    assert!(refused(&content).await.starts_with("tags.json: "));
}

#[tokio::test]
async fn what_is_written_survives_a_restart_and_is_not_imported_again() {
    let data = TempDir::new().unwrap();
    let store = Store::open(data.path()).await.unwrap();
    import(&store, &Content::embedded(), Timestamp(0)).await.unwrap();
    store.close().await;
    let store = Store::open(data.path()).await.unwrap();
    assert!(!store.is_empty().await.unwrap());
    let languages = store.languages().await.unwrap();
    let languages: Vec<&str> = languages.iter().map(|lang| lang.as_str()).collect();
    assert_eq!(languages[..2], ["vi", "en"]);
    assert_eq!(languages.len(), 5);
}
