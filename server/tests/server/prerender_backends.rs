//! Pages for static hosts, from backends that misbehave.

use std::{future::ready, sync::atomic::Ordering};

use haidang_server::prerender;
use serde_json::{Value, json};

use crate::{
    cms::{Cms, article},
    prerender::{files, now, options, run, text},
};

fn thirty(word: &str) -> Vec<Value> {
    (0..30).map(|id| article(&id.to_string(), "s", &format!("<p>{word}</p>"))).collect()
}

#[tokio::test]
async fn a_busy_backend_is_asked_again() {
    let (cms, site) = Cms::start(vec![article("1", "one", "<p>x</p>")]).await;
    cms.is_busy.store(true, Ordering::SeqCst);
    let report = run(&options(&site, &[])).await;
    assert!(report.is_whole(), "{report}");
    assert!(text(&site, "en/article/1/one.html").contains("Of 1"));
}

#[tokio::test]
async fn a_backend_that_dies_halfway_leaves_the_last_good_site_and_the_next_run_goes_on() {
    let (cms, site) = Cms::start(thirty("before")).await;
    let options = options(&site, &[]);
    assert!(run(&options).await.is_whole());
    let before = files(&site);
    *cms.articles.lock().unwrap() = thirty("after");
    let asked = cms.asked.load(Ordering::SeqCst);
    *cms.dies_after.lock().unwrap() = Some(asked + 12);
    let report = run(&options).await;
    assert!(!report.is_whole() && report.ended.is_some(), "{report}");
    assert!(report.to_string().contains("  en/article/"), "{report}");
    assert_eq!(files(&site), before);
    let pages = |word: &str| {
        let pages = before.iter().filter(|file| file.starts_with("en/article/"));
        pages.filter(|file| text(&site, file).contains(word)).count()
    };
    let (old, new) = (pages("<p>before</p>"), pages("<p>after</p>"));
    assert_eq!((old + new, old == 0, new == 0), (30, false, false));

    *cms.dies_after.lock().unwrap() = None;
    let asked = cms.asked.load(Ordering::SeqCst);
    let report = run(&options).await;
    assert!(report.is_whole(), "{report}");
    assert_eq!(pages("<p>after</p>"), 30);
    let again = cms.asked.load(Ordering::SeqCst) - asked;
    // The list, the front page and each article once; some of the run before may have been under way still.
    assert!((32..36).contains(&again), "{again}: {report}");
}

#[tokio::test]
async fn what_is_told_to_stop_goes_on_the_next_time() {
    let (_cms, site) = Cms::start(thirty("x")).await;
    let options = options(&site, &[]);
    let report = prerender::run(&options, now(), ready(())).await.unwrap();
    assert!(report.ended.is_some());
    assert!(run(&options).await.is_whole());
    // Also one that only has to look what has changed.
    let report = prerender::run(&options, now(), ready(())).await.unwrap();
    assert!(report.ended.is_some() && report.written + report.unchanged == 0, "{report}");
    assert!(run(&options).await.is_whole());
}

#[tokio::test]
async fn what_a_backend_no_longer_has_is_taken_away_and_said_to_be_gone() {
    let (cms, site) = Cms::start(thirty("x")).await;
    let options = options(&site, &[]);
    run(&options).await;
    let last = cms.articles.lock().unwrap().pop().unwrap();
    let report = run(&options).await;
    assert!(report.is_whole() && report.removed == 1, "{report}");
    let there = files(&site);
    assert!(!there.iter().any(|file| file.starts_with("en/article/29/")), "{there:?}");
    assert_eq!(text(&site, ".haidang/withdrawn.txt"), "/en/article/29/s\n");
    assert_eq!(
        text(&site, ".haidang/withdrawn.conf"),
        "location = /en/article/29/s { return 410; }\n"
    );
    cms.articles.lock().unwrap().push(last);
    assert!(run(&options).await.is_whole());
    assert_eq!(text(&site, ".haidang/withdrawn.txt"), "");
}

#[tokio::test]
async fn an_article_whose_address_has_no_words_is_taken_away_as_any_other() {
    let (cms, site) =
        Cms::start((0..3).map(|id| article(&id.to_string(), "", "<p>x</p>")).collect()).await;
    let options = options(&site, &["--whole"]);
    run(&options).await;
    assert!(files(&site).contains("en/article/2.html"));
    cms.articles.lock().unwrap().pop();
    let report = run(&options).await;
    assert!(report.is_whole() && report.removed == 1, "{report}");
    assert!(!files(&site).contains("en/article/2.html"));
    assert_eq!(text(&site, ".haidang/withdrawn.txt"), "/en/article/2\n");
}

#[tokio::test]
async fn a_backend_that_says_of_everything_that_it_is_not_there_takes_nothing_away() {
    let (cms, site) = Cms::start(thirty("x")).await;
    let options = options(&site, &[]);
    run(&options).await;
    let before = files(&site);
    cms.is_off.store(true, Ordering::SeqCst);
    let report = run(&options).await;
    assert!(!report.is_whole() && report.removed == 0, "{report}");
    assert_eq!(files(&site), before);
    assert_eq!(text(&site, ".haidang/withdrawn.txt"), "");
}

#[tokio::test]
async fn what_came_back_in_a_run_that_was_interrupted_is_not_said_to_be_gone() {
    let (cms, site) = Cms::start(thirty("x")).await;
    let options = options(&site, &[]);
    run(&options).await;
    let last = cms.articles.lock().unwrap().pop().unwrap();
    run(&options).await;
    // First in the list, so that it is done before nobody answers any more.
    cms.articles.lock().unwrap().insert(0, last);
    *cms.dies_after.lock().unwrap() = Some(cms.asked.load(Ordering::SeqCst) + 12);
    assert!(!run(&options).await.is_whole());
    *cms.dies_after.lock().unwrap() = None;
    assert!(run(&options).await.is_whole());
    assert!(files(&site).contains("en/article/29/s.html"));
    assert_eq!(text(&site, ".haidang/withdrawn.txt"), "");
}

#[tokio::test]
async fn hostile_articles_break_nothing_but_themselves() {
    let hostile =
        "</p></div></main></body></html><script>alert(1)</script><!-- <style>*{display:none}";
    let long = "x".repeat(300);
    let (_cms, site) = Cms::start(vec![
        article("../../out", "..", hostile),
        article("...", "same", "<p>one</p>"),
        article("a/b", "same", "<p>two</p>"),
        article("long", &long, "<p>three</p>"),
    ])
    .await;
    let report = run(&options(&site, &[])).await;
    assert_eq!(report.failed.len(), 1, "{report}");
    assert_eq!(report.failed[0].0, format!("en/article/long/{long}"));
    let there = files(&site);
    for file in [
        "en/article/..~2F..~2Fout/~2E~2E.html",
        "en/article/~2E~2E~2E/same.html",
        "en/article/a~2Fb/same.html",
    ] {
        assert!(there.contains(file), "{file} is not among {there:?}");
    }
    let page = text(&site, "en/article/..~2F..~2Fout/~2E~2E.html");
    let (shown, _) = page.split_once("id=\"printed-data\"").unwrap();
    assert!(!shown.contains("alert(1)</script>") && page.ends_with("</html>"), "{page}");
    assert_eq!(page.matches("</body>").count(), 1);
    assert!(!there.iter().any(|file| file.contains("beside")));
}

#[tokio::test]
async fn a_page_is_asked_for_once_whatever_addresses_lead_to_it() {
    let article = |id: &str, related: &str, body: &str| {
        let mut article = article(id, "words", body);
        // Nothing more is known of it there than its id.
        let headline =
            json!({ "key": { "id": related }, "work": related, "lang": "en", "title": "To" });
        article["related"] = json!([headline]);
        article
    };
    let (cms, site) =
        Cms::start(vec![article("1", "2", "<p>x</p>"), article("2", "1", "<p>y</p>")]).await;
    let options = options(&site, &[]);
    let questions = async |written| {
        let before = cms.asked.load(Ordering::SeqCst);
        let report = run(&options).await;
        assert!(report.is_whole() && report.written == written, "{report}");
        cms.asked.load(Ordering::SeqCst) - before
    };
    let same = |word: &str| {
        let page = text(&site, "en/article/2/words.html");
        assert!(page.contains(word) && page == text(&site, "en/article/2.html"), "{page}");
        assert!(page.contains("/en/article/2/words.oembed.json\""), "{page}");
    };
    // The front page, two articles at two addresses each, and the page of what is missing. Asked for are the list,
    // the front page and each article.
    assert_eq!(questions(6).await, 4);
    same("<p>y</p>");
    let there = files(&site);
    assert!(there.contains("en/article/2/words.oembed.json"), "{there:?}");
    assert!(!there.contains("en/article/2.oembed.json"), "{there:?}");
    assert_eq!(questions(0).await, 4);
    cms.articles.lock().unwrap()[1]["body"]["value"] = json!("<p>z</p>");
    assert_eq!(questions(2).await, 4);
    same("<p>z</p>");
}
