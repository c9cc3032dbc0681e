//! The server's policy is enforced, and no page needs what it forbids.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{DECADE, LANGUAGES, STORM, pages},
    journey,
};

/// Goes through pages to their ends, so that everything lazy comes, and returns what was refused.
async fn refused(reader: &Reader, pages: &[String]) -> Result<Vec<String>> {
    for page in pages {
        reader.open(page).await?;
        reader.run("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })").await?;
        reader.until("!one('#comments') || one('.comment, .thread .hint, .thread .note')").await?;
    }
    reader.errors().await
}

#[tokio::test]
async fn trusted_types_are_enforced() -> Result<()> {
    journey(Setup { worker: true, ..Setup::default() }, async |reader| {
        reader.open("vi/").await?;
        let thrown: String = reader
            .evaluate(
                "(() => { try { document.createElement('p').innerHTML = '<b>'; return 'nothing'; }
                    catch (error) { return error.name; } })()",
            )
            .await?;
        assert_eq!(thrown, "TypeError");
        // Only the app can name a worker.
        let refused: String = reader
            .evaluate(
                "navigator.serviceWorker.register('worker.js?portal=other')
                    .then(() => 'nothing', (error) => error.name)",
            )
            .await?;
        assert_eq!(refused, "TypeError");
        let policy: String = reader
            .evaluate("fetch(location.href).then((r) => r.headers.get('content-security-policy'))")
            .await?;
        assert!(policy.contains("require-trusted-types-for 'script'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_kind_of_page_does_what_the_policy_forbids() -> Result<()> {
    journey(Setup::default(), async |reader| {
        assert_eq!(refused(reader, &pages("vi")).await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn no_language_of_the_long_articles_does_what_the_policy_forbids() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for article in [DECADE, STORM] {
            let versions = LANGUAGES.map(|(lang, _)| format!("{lang}/article/{article}"));
            assert_eq!(refused(reader, &versions).await?, Vec::<String>::new());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn going_from_page_to_page_does_nothing_that_the_policy_forbids() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        let ways: usize = reader.count(".site-nav a").await?;
        for way in 1..=ways {
            reader.click(&format!(".site-nav li:nth-child({way}) a")).await?;
            let here = format!("one('.site-nav li:nth-child({way}) a[aria-current=page]')");
            reader.until(&here).await?;
        }
        for (_, tag) in LANGUAGES {
            reader.click(&format!(".languages a[hreflang={tag}]")).await?;
            reader.until(&format!("document.documentElement.lang === '{tag}'")).await?;
        }
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}
