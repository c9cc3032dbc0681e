//! Pages for static hosts, from the database.

use std::{collections::HashSet, fs, future::pending, path::Path};

use clap::Parser;
use haidang_engine::time::Timestamp;
use haidang_server::{
    config::{Cli, Command, Prerender},
    prerender::{self, Report},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::service::Service;

const HOME: &str = "https://portal.example/";

pub fn now() -> Timestamp {
    Timestamp::parse("2026-11-13T08:00:00+07:00").unwrap()
}

/// A built site, as little of it as is needed.
pub fn site(portal: &Value) -> TempDir {
    let site = TempDir::new().unwrap();
    let index = "<!doctype html><html data-build=1 lang=\"vi\" id=\"top\"><head><base href=\"/\" /><title>x</title>\
                 </head><body><noscript><p>x</p></noscript><div id=\"boot\"></div></body></html>";
    fs::write(site.path().join("index.html"), index).unwrap();
    fs::write(site.path().join("index.html.br"), "of another page").unwrap();
    fs::write(site.path().join("portal.json"), portal.to_string()).unwrap();
    fs::create_dir(site.path().join("locales")).unwrap();
    for lang in ["vi", "en"] {
        let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../locales");
        let name = format!("{lang}.json");
        fs::copy(words.join(&name), site.path().join("locales").join(&name)).unwrap();
    }
    site
}

pub fn options(site: &TempDir, more: &[&str]) -> Prerender {
    let folder = site.path().to_str().unwrap();
    let fixed = ["haidang-server", "prerender", "--home", HOME, "--site", folder];
    let cli = Cli::try_parse_from([&fixed, more].concat()).unwrap();
    match cli.command {
        Some(Command::Prerender(options)) => *options,
        other => panic!("{other:?}"),
    }
}

pub async fn run(options: &Prerender) -> Report {
    prerender::run(options, now(), pending()).await.unwrap()
}

/// All that is there, by path, but for what the command keeps for itself.
pub fn files(site: &TempDir) -> HashSet<String> {
    fn collect(folder: &Path, of: &Path, all: &mut HashSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, of, all);
            } else {
                all.insert(path.strip_prefix(of).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    let mut all = HashSet::new();
    collect(site.path(), site.path(), &mut all);
    all.retain(|file| !file.starts_with(".haidang/"));
    all
}

pub fn text(site: &TempDir, file: &str) -> String {
    fs::read_to_string(site.path().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The portal of the database.
fn own() -> Value {
    json!({
        "version": 1, "id": "p", "name": { "vi": "Cổng", "en": "Portal" }, "timezone": "Asia/Ho_Chi_Minh",
        "languages": [{ "code": "vi", "name": "V" }, { "code": "en", "name": "E" }],
        "default": "vi", "fallback": ["vi"], "sources": [{ "id": "city", "base": "api/v1" }],
        "navigation": [{ "section": "news", "name": { "vi": "Tin", "en": "News" } }],
    })
}

#[tokio::test]
async fn every_page_is_written_once_and_what_has_not_changed_is_left_alone() {
    let (data, store) = Service::start().await.into_store();
    let site = site(&own());
    let options = options(&site, &["--data", data.path().to_str().unwrap()]);
    let first = run(&options).await;
    assert!(first.is_whole() && first.written > 100, "{first}");
    let written = files(&site);
    for file in [
        "vi/index.html",
        "en/section/news.html",
        "vi/documents.html",
        "en/press.html",
        "404.html",
        "vi/search.html",
        "robots.txt",
        "vi/feed.atom",
        "en/section/news/feed.json",
    ] {
        assert!(written.contains(file), "{file}");
    }
    assert!(!written.contains("index.html.br"));
    let index = text(&site, "index.html");
    assert!(index.contains("<html data-prints-pages data-build=1"), "{index}");
    assert!(index.contains("<a href=\"en/\""), "{index}");
    let front = text(&site, "en/index.html");
    assert!(
        front.contains("<html data-printed data-build=1") && front.contains("id=\"printed-data\"")
    );
    for sitemap in ["sitemaps/vi-1.xml", "sitemaps/en-1.xml"] {
        for page in text(&site, sitemap).split("<loc>").skip(1) {
            let path = page.split("</loc>").next().unwrap().strip_prefix(HOME).unwrap();
            let file = if path.ends_with('/') {
                format!("{path}index.html")
            } else {
                format!("{path}.html")
            };
            assert!(written.contains(&file), "{file}");
        }
    }

    let second = run(&options).await;
    assert_eq!((second.written, second.files, second.removed), (0, 0, 0), "{second}");
    assert!(second.unchanged < first.written / 5, "{second}");
    let whole = run(&Prerender { whole: true, ..options.clone() }).await;
    assert_eq!((whole.written, whole.files, whole.removed), (0, 0, 0), "{whole}");
    assert_eq!(whole.unchanged, first.written);

    let sql =
        "UPDATE versions SET withdrawn = 1794000000000, withdrawal = 'x' WHERE id = 'bao-so-9.en'";
    assert_eq!(sqlx::query(sql).execute(store.pool()).await.unwrap().rows_affected(), 1);
    let third = run(&options).await;
    assert!(third.is_whole() && third.written > 0 && third.written < 50, "{third}");
    let rules = text(&site, ".haidang/withdrawn.conf");
    assert!(rules.contains("location = /en/article/bao-so-9.en/"), "{rules}");
    assert!(!text(&site, "sitemaps/en-1.xml").contains("bao-so-9.en"));
    // Its pages stay, to say so; what they would be elsewhere is gone.
    let gone: HashSet<_> = written.difference(&files(&site)).cloned().collect();
    let is_card =
        |file: &String| file.starts_with("en/article/bao-so-9") && file.ends_with(".oembed.json");
    assert!(!gone.is_empty() && gone.iter().all(is_card), "{gone:?}");
    assert!(files(&site).is_subset(&written));
}

#[tokio::test]
async fn a_run_looks_only_at_what_lists_say_has_changed() {
    let (data, store) = Service::start().await.into_store();
    let site = site(&own());
    let options = options(&site, &["--data", data.path().to_str().unwrap()]);
    let first = run(&options).await;
    let change = async |sql: &'static str| {
        assert!(sqlx::query(sql).execute(store.pool()).await.unwrap().rows_affected() > 0, "{sql}");
        run(&options).await
    };
    let looked = |report: &Report| {
        assert!(report.is_whole(), "{report}");
        report.written + report.unchanged
    };

    let edit =
        "UPDATE versions SET title = 'Bão, lần nữa', updated = 1794400000000 WHERE id = 'bao-so-9'";
    let edited = change(edit).await;
    assert!(edited.written > 3 && looked(&edited) < first.written / 2, "{edited}");
    for file in
        ["vi/article/bao-so-9/bao-so-9-dong-luong-cang.html", "vi/index.html", "vi/feed.atom"]
    {
        let is_there = site.path().join(file).is_file();
        assert!(!is_there || text(&site, file).contains("Bão, lần nữa"), "{file}");
    }
    let told = files(&site).into_iter().filter(|file| file.starts_with("vi/article/bao-so-9/"));
    let told = told.filter(|file| file.ends_with(".html")).collect::<Vec<_>>();
    assert!(!told.is_empty());
    told.iter().for_each(|file| assert!(text(&site, file).contains("Bão, lần nữa"), "{file}"));

    // What fails is asked for again until it does not, and the rest is left alone.
    let page = site.path().join(&told[0]);
    fs::remove_file(&page).unwrap();
    fs::create_dir(&page).unwrap();
    let failing = change(
        "UPDATE versions SET title = 'Bão, nữa', updated = 1794500000000 WHERE id = 'bao-so-9'",
    )
    .await;
    assert_eq!(failing.failed.len(), 1, "{failing}");
    let again = run(&options).await;
    assert_eq!(again.failed.len(), 1, "{again}");
    assert!(again.written == 0 && again.unchanged < first.written / 4, "{again}");
    fs::remove_dir(&page).unwrap();
    assert!(looked(&run(&options).await) < first.written / 4);
    assert!(text(&site, &told[0]).contains("Bão, nữa"));

    // A document is in the register and nowhere else.
    let document = change(
        "UPDATE documents SET status = 'expired' WHERE id = (SELECT min(id) FROM documents)",
    )
    .await;
    assert!(document.written > 0 && looked(&document) < first.written / 4, "{document}");

    // What a build writes over is put back.
    let built = text(&site, ".haidang/index.html");
    fs::write(site.path().join("index.html"), built).unwrap();
    assert!(looked(&run(&options).await) < first.written / 4);
    assert!(text(&site, "index.html").contains("data-prints-pages"));

    // Other words are on every page.
    let words = site.path().join("locales/en.json");
    let said = fs::read_to_string(&words).unwrap().replace('{', "{ ");
    fs::write(&words, said).unwrap();
    assert_eq!(looked(&run(&options).await), first.written);

    // Notices stand on every page.
    let notice = change("DELETE FROM notices").await;
    assert_eq!(looked(&notice), first.written, "{notice}");

    // What no list tells is looked for daily.
    let next_day = Timestamp(now().0 + 24 * 3_600_000);
    let daily = prerender::run(&options, next_day, pending()).await.unwrap();
    assert_eq!(looked(&daily), first.written, "{daily}");
}

#[tokio::test]
async fn every_article_names_its_card_which_is_the_servers_answer_in_a_frame_that_is_a_file() {
    let service = Service::start().await;
    let site = site(&own());
    let own = site.path().to_str().unwrap();
    let server = Service::with(&["--site", own]).await;
    let (data, _store) = service.into_store();
    assert!(run(&options(&site, &["--data", data.path().to_str().unwrap()])).await.is_whole());
    let written = files(&site);
    let articles = written.iter().filter_map(|file| file.strip_suffix(".html"));
    let mut cards = 0;
    for article in articles.clone().filter(|file| file.contains("/article/")) {
        let page = text(&site, &format!("{article}.html"));
        let named = |article: &str| {
            let card = format!("{HOME}{article}.oembed.json");
            page.contains(&format!("type=\"application/json+oembed\" href=\"{card}\""))
        };
        // One page with one card, whatever address it has.
        let is_other = |main: &&str| *main != article && named(main);
        if let Some(main) = articles.clone().find(is_other) {
            assert!(written.contains(&format!("{main}.oembed.json")), "{main}");
            assert!(!written.contains(&format!("{article}.oembed.json")), "{article}");
            continue;
        }
        if !named(article) {
            let withdrawn = text(&site, ".haidang/withdrawn.txt");
            assert!(!page.contains("oembed"), "{article}");
            assert!(withdrawn.lines().any(|address| address[1..] == *article), "{article}");
            continue;
        }
        cards += 1;
        let mut card: Value =
            serde_json::from_str(&text(&site, &format!("{article}.oembed.json"))).unwrap();
        let asked = format!("/embed/oembed?url={HOME}{article}");
        let asked = crate::service::request(&asked)
            .header("host", "portal.example")
            .header("x-forwarded-proto", "https");
        let mut told = server.send(asked.body(axum::body::Body::empty()).unwrap()).await.json();
        let frame = card["html"].take();
        assert!(
            frame.as_str().unwrap().contains("/embed/frame.html?kind=article&amp;article="),
            "{frame}"
        );
        // Where its pictures are each portal says by the address of its source.
        for card in [&mut card, &mut told] {
            card["html"].take();
            card["thumbnail_url"].take();
        }
        assert_eq!(card, told, "{article}");
    }
    assert!(cards > 40, "{cards}");
}

#[tokio::test]
async fn a_source_that_nobody_answers_yet_is_told_of() {
    let site = site(&own());
    let error = prerender::run(&options(&site, &[]), now(), pending()).await.unwrap_err();
    assert!(error.to_string().contains("--data"), "{error}");
    let empty = TempDir::new().unwrap();
    let options = options(&site, &["--data", empty.path().to_str().unwrap()]);
    let error = prerender::run(&options, now(), pending()).await.unwrap_err();
    assert!(error.to_string().contains("no database"), "{error}");
}
