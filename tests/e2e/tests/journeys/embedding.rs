//! Elements in somebody else's page, which is of another origin than the portal: each of them, what they tell
//! the page and what they take from it.

use anyhow::Result;
use haidang_e2e::{Host, Reader, Setup, demo, journey, word};
use serde_json::{Value, json};

/// Every page may ask the portal.
fn open_to_all() -> Setup {
    Setup { server: &["--cors", "*", "--comments", "40"], ..Setup::default() }
}

/// Waits until the element `css` shows what it was asked for.
async fn until_shown(reader: &Reader, css: &str) -> Result<()> {
    reader.until(&format!("inside({}, '.hd > *')", json!(css))).await
}

/// The words within the element `css`.
async fn says(reader: &Reader, css: &str, within: &str) -> Result<Vec<String>> {
    let (css, within) = (json!(css), json!(within));
    let all = format!("[...one({css}).shadowRoot.querySelectorAll({within})].map(words)");
    reader.evaluate(&all).await
}

#[tokio::test]
async fn each_element_shows_what_the_portal_shows() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let article = demo::ARTICLE;
        let body = format!(
            "<haidang-headlines limit=\"3\"></haidang-headlines>
             <haidang-article article=\"{article}\">đang tải</haidang-article>
             <haidang-comments article=\"{article}\" loading=\"eager\"></haidang-comments>
             <p>Có <haidang-count article=\"{article}\">nhiều</haidang-count> bình luận</p>
             <a href=\"#\" data-haidang-count=\"{article}\">Bình luận</a>"
        );
        host.show(reader, &body).await?;
        let told = reader.portal.api("articles?limit=3&lang=vi").await?;
        let titles: Vec<&str> = told["items"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|item| item["title"].as_str())
            .collect();
        until_shown(reader, "haidang-headlines").await?;
        assert_eq!(says(reader, "haidang-headlines", "h2").await?, titles);
        until_shown(reader, "haidang-article").await?;
        let told = reader.portal.api(&format!("articles/{article}?lang=vi")).await?;
        assert_eq!(says(reader, "haidang-article", "h1").await?, [told["headline"]["title"].as_str().unwrap_or_default()]);
        reader.until("inside('haidang-comments', 'article.comment')").await?;
        let thread = reader.portal.api(&format!("articles/{article}/comments")).await?;
        let total = thread["total"].as_u64().unwrap_or_default();
        reader.until(&format!("one('haidang-count').shadowRoot.textContent === '{total}'")).await?;
        reader.until(&format!("words(one('a[data-haidang-count]')) === 'Bình luận ({total})'")).await?;
        // Links lead to the portal, whatever page they are on.
        let hrefs: Vec<String> = reader
            .evaluate("[...one('haidang-headlines').shadowRoot.querySelectorAll('h2 a')].map((a) => a.href)")
            .await?;
        let home = format!("{}vi/article/", reader.portal.address());
        assert!(hrefs.iter().all(|href| href.starts_with(&home)), "{hrefs:?}");
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}
