//! The same walk through a portal on each backend: they hold the same content.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};
use haidang_e2e::{Backends, Reader, Setup, journey};
use serde_json::Value;

use super::{LIGHTHOUSE, LIGHTHOUSE_VI, lighthouse_thread, search, to_the_end};

/// Who wrote about the lighthouse.
const AUTHOR: &str = "Nguyễn Thị Hải Yến";
/// A picture that has come.
const SHOWN: &str = "all('main img').some((img) => img.complete && img.naturalWidth > 0)";

/// The titles that a section has in a language.
fn titles(section: &str, lang: &str) -> Result<BTreeSet<String>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../backends/content/articles.json");
    let articles: Vec<Value> = serde_json::from_str(&fs::read_to_string(file)?)?;
    let is = |article: &Value, key: &str, value: &str| {
        article.get(key).and_then(Value::as_str) == Some(value)
    };
    let published = articles
        .iter()
        .filter(|article| is(article, "section", section) && is(article, "status", "published"));
    let versions = published.filter_map(|article| article.get("versions")?.get(lang));
    let title = |version: &Value| Some(version.get("title")?.as_str()?.to_owned());
    versions.map(|version| title(version).context("a version without title")).collect()
}

/// Front page, section to its end, search, article, translation, thread.
async fn opens(backends: &'static [&'static str], comments: u64) -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let _running = Backends::behind(backends, &reader.portal).await?;
        reader.open("en/").await?;
        assert!(reader.count("main .headline").await? > 5);
        reader.until(SHOWN).await?;

        reader.click(".site-nav li:first-child a").await?;
        reader.until("one('main > .headlines')").await?;
        // Wagtail's lists know a section by its slug only.
        reader.until("words(one('h1')).toLowerCase() === 'culture'").await?;
        let found = to_the_end(reader).await?;
        let once: BTreeSet<String> = found.iter().cloned().collect();
        assert_eq!(once, titles("culture", "en")?);
        assert_eq!(found.len(), once.len(), "twice: {found:?}");

        search(reader, "en", "lighthouse").await?;
        reader.until_says("main .headlines a", LIGHTHOUSE).await?;
        article(reader).await?;

        lighthouse_thread(reader, comments).await?;
        for said in ["Leo xong mỏi chân", "About forty minutes", "带小孩可以上去吗？"] {
            reader.until_says(".comment .comment-body", said).await?;
        }
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

/// The article that was found: title, byline, picture, text; then its translation.
async fn article(reader: &Reader) -> Result<()> {
    reader.click("main > .headlines .headline-text a").await?;
    reader.until_says("h1", LIGHTHOUSE).await?;
    reader.until_says(".byline", AUTHOR).await?;
    reader.until("one('figure.lead img')?.naturalWidth > 0").await?;
    reader.until_says("[data-body] p", "A hundred and twenty-eight spiral steps").await?;
    assert_eq!(reader.count("[data-body] li").await?, 2);
    reader.click(".languages a[hreflang=vi]").await?;
    reader.until_says("h1", LIGHTHOUSE_VI).await?;
    reader.until_says("[data-body] p", "Một trăm hai mươi tám bậc thang xoắn").await?;
    assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("vi"));
    Ok(())
}

#[tokio::test]
async fn a_portal_on_wordpress() -> Result<()> {
    opens(&["wordpress"], 5).await
}

#[tokio::test]
async fn a_portal_on_isso() -> Result<()> {
    opens(&["wordpress", "isso"], 5).await
}

#[tokio::test]
async fn a_portal_on_wagtail() -> Result<()> {
    opens(&["wagtail"], 5).await
}

#[tokio::test]
#[ignore = "takes minutes to install: cargo xtask backends ghost"]
async fn a_portal_on_ghost() -> Result<()> {
    opens(&["ghost"], 5).await
}

#[tokio::test]
#[ignore = "takes minutes to install: cargo xtask backends directus"]
async fn a_portal_on_directus() -> Result<()> {
    opens(&["directus"], 5).await
}
