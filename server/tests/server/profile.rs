//! `profile check` and `profile detect`, over what real servers answered and over small ones here.

use std::{fs, path::PathBuf};

use axum::{
    Router,
    http::StatusCode,
    response::{Html, IntoResponse},
    routing::get,
};
use clap::Parser;
use haidang_engine::profile::Portal;
use haidang_server::{
    config::{Cli, Command, ProfileCommand},
    profile::{Report, check, detect},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::upstream::{json_of, jsons, upstream};

fn project(path: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join(path).to_str().unwrap().to_owned()
}

fn command(arguments: &[&str]) -> ProfileCommand {
    let all = [&["haidang-server", "profile"], arguments].concat();
    match Cli::try_parse_from(all).unwrap().command {
        Some(Command::Profile(command)) => command,
        other => panic!("{other:?}"),
    }
}

pub async fn checked(arguments: &[&str]) -> Report {
    match command(&[&["check"], arguments].concat()) {
        ProfileCommand::Check(args) => check(&args).await.unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn recorded(name: &str, more: &[&str]) -> Report {
    let profile = project(&format!("profiles/{name}.json"));
    let samples = project(&format!("tests/backends/{name}/samples"));
    checked(&[&[profile.as_str(), "--sample", &samples], more].concat()).await
}

/// What the recorded WordPress calls the kinds of its documents, and what is in force.
const KINDS: &str = r#"kinds=[["decision", "quyet-dinh"], ["resolution", "nghi-quyet"],
    ["notice", "thong-bao"], ["plan", "ke-hoach"], ["circular", "thong-tu"]]"#;
const STATUSES: &str =
    r#"statuses=[["in-force", "con-hieu-luc"], ["not-yet", "chua-co-hieu-luc"]]"#;

/// A profile in a file of its own.
pub fn written(profile: &Value) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("profile.json");
    fs::write(&file, profile.to_string()).unwrap();
    let path = file.to_str().unwrap().to_owned();
    (folder, path)
}

fn says(report: &Report, lines: &[&str]) {
    for line in lines {
        assert!(report.text().contains(line), "{line}\n---\n{}", report.text());
    }
}

#[tokio::test]
async fn what_wordpress_answered_is_read_without_a_complaint() {
    let report = recorded("wordpress", &["--param", KINDS, "--param", STATUSES]).await;
    assert_eq!(report.wrong(), 0, "{}", report.text());
    says(
        &report,
        &[
            "\nlist\n  GET http://127.0.0.1:8101/posts?",
            "  200, from list_embed.json (",
            "  3 items of 70, more from \"2\" on\n",
            "\narticle\n",
            "\"Floods & the new map of the delta\", en,",
            "  empty: attachments, citations,",
            "  201, from comment_post_ok_approved.json (",
            "  no press office: `press` is not mapped\n",
            "\nNothing is wrong.\n",
        ],
    );
}

#[tokio::test]
async fn names_that_the_portal_does_not_know_are_wrong() {
    let report = recorded("wordpress", &[]).await;
    says(&report, &["WRONG: documents.items[0].kind: \"thong-tu\" is not a value known here"]);
}

#[tokio::test]
async fn where_nothing_was_answered_nothing_is_right() {
    let samples = project("tests/backends/isso/samples");
    let (_folder, file) = written(&json!({ "name": "x", "list": { "get": "{+base}/none" } }));
    let report = checked(&[&file, "--sample", &samples]).await;
    assert_eq!(report.wrong(), 1, "{}", report.text());
    says(&report, &["WRONG: nothing was answered: is the base right?\n1 thing is wrong.\n"]);
}

#[tokio::test]
async fn what_isso_answered_is_read_without_a_complaint() {
    let report = recorded("isso", &[]).await;
    assert_eq!(report.wrong(), 0, "{}", report.text());
    says(
        &report,
        &[
            "\ncomments.list\n",
            "\ncomments.post\n  POST ",
            "  201, from post_ok.json (",
            "  200, from like.json (http://127.0.0.1:8102/id/1/like)\n",
            "  no articles: `article` is not mapped\n",
        ],
    );
}

#[tokio::test]
async fn a_profile_with_a_mistake_is_refused_with_its_place() {
    let list = json!({ "get": "{+base}/a{?pag}", "each": "item" });
    let (_folder, file) = written(&json!({ "name": "x", "lst": {}, "list": list }));
    let report = checked(&[&file, "--live", "http://127.0.0.1:9"]).await;
    assert_eq!(report.wrong(), 2, "{}", report.text());
    says(
        &report,
        &["x: unknown key \"lst\", did you mean \"list\"?", "x.list.get: unknown variable \"pag\""],
    );
}

/// Articles of an invented backend, two a page.
fn pages(second: &'static [u32]) -> Router {
    let page = move |from: usize| {
        let ids: &[u32] = if from == 1 { &[1, 2] } else { second };
        let rows: Vec<_> = ids.iter().map(|id| json!({ "no": id, "head": "Sông" })).collect();
        json_of(&json!({ "rows": rows, "on": (from == 1).then_some(2) }).to_string(), &[])
    };
    Router::new().route(
        "/news",
        get(move |uri: axum::http::Uri| async move {
            page(if uri.query().is_some_and(|query| query.contains("page=2")) { 2 } else { 1 })
        }),
    )
}

fn invented() -> Value {
    json!({
        "name": "invented",
        "list": {
            "get": "{+base}/news{?page}", "vars": { "page": "params.cursor" },
            "items": "body.rows", "each": "{id: item.no, title: item.head, published: item.at}", "next": "body.on",
        },
        "article": { "get": "{+base}/news/{id}", "each": "item" },
    })
}

#[tokio::test]
async fn a_backend_is_asked_page_after_page_and_for_its_first_article() {
    let base = upstream(|_| pages(&[3])).await;
    let (_folder, file) = written(&invented());
    let report = checked(&[&file, "--live", &base]).await;
    let text = report.text();
    says(
        &report,
        &[
            "  2 items, more from \"2\" on\n  first: id 1, \"Sông\", en\n",
            "  empty: comments, image, kicker, organisation, published,",
            &format!("  GET {base}/news?page=2\n  200\n  1 item\n"),
            &format!(
                "  GET {base}/news/1\n  404\n  WRONG: 404 without JSON: is it the backend that answers?"
            ),
            "\n1 thing is wrong.\n",
        ],
    );
    assert_eq!(report.wrong(), 1, "{text}");
}

#[tokio::test]
async fn a_page_that_begins_again_is_wrong() {
    let base = upstream(|_| pages(&[2, 3])).await;
    let (_folder, file) = written(&invented());
    let report = checked(&[&file, "--live", &base]).await;
    says(&report, &["WRONG: `next`: \"2\" was on the page before as well"]);
}

#[tokio::test]
async fn a_section_that_is_not_asked_for_would_show_all() {
    let row = json!({ "no": 1, "head": "A", "desk": "Sea" });
    let base = upstream(|_| jsons(&[("/news", json!({ "rows": [row] }))])).await;
    let mut profile = invented();
    profile.as_object_mut().unwrap().remove("article");
    profile["list"]["each"] = json!("{id: item.no, title: item.head, section: item.desk}");
    let (_folder, file) = written(&profile);
    let report = checked(&[&file, "--live", &base]).await;
    assert_eq!(report.wrong(), 1, "{}", report.text());
    says(
        &report,
        &["list of the section \"Sea\"\n  WRONG: `section` changes nothing in the request"],
    );
    profile["list"]["get"] = json!("{+base}/news{?page,section}");
    let (_folder, file) = written(&profile);
    let report = checked(&[&file, "--live", &base]).await;
    assert_eq!(report.wrong(), 0, "{}", report.text());
    says(&report, &[&format!("GET {base}/news?section=Sea\n")]);
}

#[tokio::test]
async fn what_cannot_be_read_is_said_with_its_path() {
    let body = json!({ "rows": [{ "no": 1, "head": "A", "at": "tomorrow" }, { "head": "no id" }] });
    let base = upstream(|_| jsons(&[("/news", body)])).await;
    let mut profile = invented();
    profile.as_object_mut().unwrap().remove("article");
    let (_folder, file) = written(&profile);
    let report = checked(&[&file, "--live", &base]).await;
    assert_eq!(report.wrong(), 2, "{}", report.text());
    says(
        &report,
        &["invented.list.items[0].published: expected a date and time", "invented.list.items[1]"],
    );
}

#[tokio::test]
async fn several_articles_that_are_not_those_asked_for_are_wrong() {
    let rows = |no: [u32; 2]| json!({ "rows": no.map(|no| json!({ "no": no, "head": "A" })) });
    let mut profile = invented();
    let articles = "{+base}/several{?ids}";
    profile["articles"] = json!({
        "get": articles, "vars": { "ids": "join(',', params.ids)" }, "items": "body.rows",
        "each": "{id: item.no, title: item.head}",
    });
    let (_folder, file) = written(&profile);
    for (several, wrong) in [([1, 2], false), ([2, 3], true)] {
        let one = json!({ "id": 1, "title": "A" });
        let answers = [("/news", rows([1, 2])), ("/news/1", one), ("/several", rows(several))];
        let base = upstream(|_| jsons(&answers)).await;
        let report = checked(&[&file, "--live", &base]).await;
        let said = format!("\narticles\n  GET {base}/several?ids=1\n  200\n  2 items\n");
        says(&report, &[&said]);
        let complaint = "WRONG: \"1\" was asked for, and is not among them";
        assert_eq!(report.text().contains(complaint), wrong, "{}", report.text());
    }
}

#[tokio::test]
async fn a_portal_says_what_more_there_is_of_its_source() {
    let profile = json!({
        "name": "keyed",
        "params": { "desk": { "about": "Whose news.", "required": true } },
        "list": { "get": "{+base}/{desk}", "each": "{id: item, title: item, lang: 'vi'}" },
    });
    let (folder, file) = written(&profile);
    let base = upstream(|_| jsons(&[("/sea", json!(["a"]))])).await;
    let report = checked(&[&file, "--live", &base]).await;
    says(
        &report,
        &["WRONG: source \"checked\", params.desk: the profile keyed needs it (Whose news.)"],
    );
    let portal = json!({
        "version": 1, "id": "p", "name": { "vi": "P" }, "timezone": "UTC", "default": "vi",
        "languages": [{ "code": "vi", "name": "Tiếng Việt" }],
        "sources": [{ "id": "city", "base": "api/v1" },
                    { "id": "sea", "base": "x", "profile": "keyed", "params": { "desk": "sea" },
                      "auth": { "query": "key", "value": "public" } }],
    });
    let path = folder.path().join("portal.json");
    fs::write(&path, portal.to_string()).unwrap();
    let report = checked(&[&file, "--live", &base, "--portal", path.to_str().unwrap()]).await;
    assert_eq!(report.wrong(), 0, "{}", report.text());
    says(&report, &[&format!("GET {base}/sea?key=public\n  200\n  1 item\n")]);
}

/// What is found at an address: the portal, and what is left to do.
async fn found(url: &str) -> (Portal, String) {
    let ProfileCommand::Detect(args) = command(&["detect", url]) else { panic!("no detect") };
    let detected = detect(&args).await.unwrap();
    assert_eq!(detected.report.wrong(), 0, "{}", detected.report.text());
    let (portal, notes) = Portal::parse(&detected.portal.unwrap());
    // `$schema` is for editors.
    assert!(notes.iter().all(|note| note.contains("$schema")), "{notes:?}");
    (portal.unwrap(), detected.report.text().to_owned())
}

/// The profile and the base of each source.
fn sources(portal: &Portal) -> Vec<(&str, &str)> {
    let all = portal.sources.iter();
    all.map(|source| (source.profile.as_ref().unwrap().as_str().unwrap(), &*source.base)).collect()
}

fn page(html: String) -> Router {
    Router::new().route("/", get(move || async move { Html(html) }))
}

#[tokio::test]
async fn wordpress_is_known_by_the_link_to_its_api() {
    let root = json!({ "name": "Báo Biển", "timezone_string": "Asia/Ho_Chi_Minh", "namespaces": ["oembed/1.0", "wp/v2"] });
    let base = upstream(|base| {
        let link = format!("<{base}/blog/wp-json/>; rel=\"https://api.w.org/\"");
        let html = "<html lang='vi-VN'><title>Báo Biển</title>";
        jsons(&[("/blog/wp-json/", root)])
            .route("/", get(move || async move { ([("link", link)], Html(html)).into_response() }))
    })
    .await;
    let (portal, left) = found(&base).await;
    assert_eq!(sources(&portal), [("wordpress", &*format!("{base}/blog/wp-json/wp/v2"))]);
    assert_eq!((portal.default.as_str(), portal.timezone.as_str()), ("vi", "Asia/Ho_Chi_Minh"));
    assert_eq!(portal.name.get(&portal.default, &[]), "Báo Biển");
    assert!(left.contains("(CORS)") && left.contains("params.email"), "{left}");
    let (below, _) = found(&format!("{base}/blog")).await;
    assert_eq!(sources(&below), sources(&portal), "a 404 with the API below it");
}

#[tokio::test]
async fn ghost_is_known_by_what_it_says_to_those_without_a_key() {
    let answer =
        json!({ "errors": [{ "message": "Authorization failed", "type": "NoPermissionError" }] });
    let base = upstream(|_| {
        page("<html lang=en><meta property=og:site_name content=Sea>".to_owned()).route(
            "/ghost/api/content/settings/",
            get(move || async move {
                let open = [("access-control-allow-origin", "*")];
                (StatusCode::FORBIDDEN, json_of(&answer.to_string(), &open)).into_response()
            }),
        )
    })
    .await;
    let (portal, left) = found(&base).await;
    assert_eq!(sources(&portal), [("ghost", &*format!("{base}/ghost/api/content"))]);
    let auth = portal.sources[0].auth.as_ref().unwrap();
    assert_eq!(auth.query.as_deref(), Some("key"));
    assert_eq!(portal.comments.as_ref().unwrap().scope.as_deref(), Some("version"));
    assert!(left.contains("auth.value: in place of your-content-api-key"), "{left}");
    assert!(!left.contains("(CORS)"), "{left}");
}

#[tokio::test]
async fn drupal_is_known_by_its_nodes() {
    let root = json!({ "jsonapi": { "version": "1.0" }, "links": { "node--article": { "href": "x" }, "self": {} } });
    let base = upstream(|_| page("<p>x".to_owned()).merge(jsons(&[("/jsonapi", root)]))).await;
    assert_eq!(sources(&found(&base).await.0), [("drupal", &*base)]);
}

#[tokio::test]
async fn realworld_is_known_by_the_shape_of_its_list() {
    let list = json!({ "articles": [], "articlesCount": 0 });
    let base = upstream(|_| jsons(&[("/api/articles", list)])).await;
    for url in [base.clone(), format!("{base}/api"), format!("{base}/api/")] {
        assert_eq!(
            sources(&found(&url).await.0),
            [("realworld", &*format!("{base}/api"))],
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_feed_is_known_by_its_link_and_isso_by_its_script() {
    let feed =
        json!({ "version": "https://jsonfeed.org/version/1.1", "title": "Nhật ký", "items": [] });
    let isso =
        upstream(|_| jsons(&[("/talk/config", json!({ "config": { "reply-to-self": false } }))]))
            .await;
    let html = format!(
        "<html lang=ja><link rel=alternate type=application/feed+json href=/blog/feed>\
         <script data-isso='{isso}/talk' src='{isso}/js/embed.min.js'></script>"
    );
    let base = upstream(|_| page(html).merge(jsons(&[("/blog/feed", feed)]))).await;
    let (portal, left) = found(&base).await;
    assert_eq!(
        sources(&portal),
        [("jsonfeed", &*format!("{base}/blog/feed")), ("isso", &*format!("{isso}/talk"))]
    );
    let comments = portal.comments.as_ref().unwrap();
    assert_eq!((comments.source.as_deref(), comments.key.as_deref()), (Some("isso"), Some("path")));
    assert!(left.contains("params.page"), "{left}");
    let (alone, left) = found(&format!("{isso}/talk")).await;
    assert_eq!(sources(&alone), [("isso", &*format!("{isso}/talk"))]);
    assert!(left.contains("sources: one with articles"), "{left}");
}

#[tokio::test]
async fn where_nothing_is_known_nothing_is_made_up() {
    let base = upstream(|_| page("<p>Hello".to_owned())).await;
    let ProfileCommand::Detect(args) = command(&["detect", &base]) else { panic!("no detect") };
    let detected = detect(&args).await.unwrap();
    assert!(detected.portal.is_none() && detected.report.wrong() == 1);
    assert!(detected.report.text().contains("docs/backends.md"));
}

#[test]
fn the_program_fails_when_something_is_wrong() {
    let run = |profile: &str| {
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_haidang-server"));
        let samples = project("tests/backends/isso/samples");
        program.args(["profile", "check", profile, "--sample", &samples]).output().unwrap()
    };
    assert!(run(&project("profiles/isso.json")).status.success());
    let (_folder, file) =
        written(&json!({ "name": "x", "list": { "get": "{+base}", "each": "item.id ||" } }));
    let failed = run(&file);
    assert_eq!(failed.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&failed.stdout).contains("x.list.each: expected an expression")
    );
}
