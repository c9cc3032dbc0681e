//! What pages are, held against what HTML and schema.org say.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result};
use haidang_e2e::{
    Portal, Setup, can_validate, html_errors, prerendered, schema_errors, unless_skipped,
};
use serde_json::Value;

/// The HTML files of a folder and of those in it.
fn pages(folder: &Path) -> Result<Vec<String>> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            pages.extend(self::pages(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "html") {
            pages.push(fs::read_to_string(path)?);
        }
    }
    Ok(pages)
}

/// What a page says of itself as JSON-LD.
fn described(page: &str) -> Result<Vec<Value>> {
    let blocks = page.split("type=\"application/ld+json\">").skip(1);
    let json = blocks.map(|block| block.split("</script>").next().unwrap_or_default());
    json.map(|json| serde_json::from_str(json).context("no JSON")).collect()
}

#[tokio::test]
async fn every_page_is_html_and_described_as_schema_org_has_it() -> Result<()> {
    unless_skipped(async {
        can_validate()?;
        let portal = Portal::open(&Setup { own_site: true, ..Setup::default() }).await?;
        let site = prerendered(&portal, "https://portal.example/below/")?;
        let pages = pages(&site)?;
        assert!(pages.len() > 200, "{} pages", pages.len());
        let errors = html_errors(&site)?;
        assert!(errors.is_empty(), "{errors}");

        let said = pages.iter().map(|page| described(page)).collect::<Result<Vec<_>>>()?.concat();
        let mut kinds = BTreeMap::new();
        for thing in &said {
            *kinds.entry(thing["@type"].as_str().unwrap_or_default()).or_insert(0) += 1;
        }
        assert_eq!(
            kinds.keys().copied().collect::<Vec<_>>(),
            ["BreadcrumbList", "DiscussionForumPosting", "NewsArticle"]
        );
        let errors = schema_errors(&said, &site)?;
        assert!(errors.is_empty(), "{errors}");
        Ok(())
    })
    .await
}
