//! Every page as a file on a host that knows of nothing else.

use std::fs;

use anyhow::Result;
use haidang_e2e::{
    Files, Reader, Setup,
    demo::{NOODLES, STORM},
    journey, prerendered, word,
};

/// Puts every page of the portal on a static host.
async fn on_files(reader: &Reader) -> Result<Files> {
    let mut files = Files::take().await?;
    let site = prerendered(&reader.portal, files.address())?;
    files.serve(&site, &reader.portal);
    Ok(files)
}

fn with_own_site() -> Setup {
    Setup { worker: true, own_site: true, ..Setup::default() }
}

#[tokio::test]
async fn a_portal_of_files_is_read_and_opens_without_its_host() -> Result<()> {
    journey(with_own_site(), async |reader| {
        let files = on_files(reader).await?;
        let page = |path: &str| format!("{}{path}", files.address());
        let storm = page(&format!("vi/article/{STORM}"));
        reader.visit(&storm).await?;
        reader.until("one('main h1')").await?;
        reader.call_app().await?;
        let title = reader.text("main article h1").await?;
        // The file has the text, whoever reads it.
        assert!(reqwest_text(&storm).await?.contains("id=\"printed\""));
        reader.until_app_kept().await?;
        // In the worker's hands from the beginning.
        reader.visit(&page("vi/")).await?;
        reader.until("one('.front-lead') && !one('#printed')").await?;
        reader.click(&format!(".headline a[href*='article/{NOODLES}']")).await?;
        reader.until("one('main [data-body] p')").await?;
        reader
            .until_record("abouts", &format!("record.key.includes('articles/{NOODLES}?')"))
            .await?;
        assert_eq!(reader.console().await?, Vec::<String>::new());

        let (front, search) = (page("vi/"), page("vi/search"));
        drop(files);
        reader.portal.stop();
        reader.connect(false).await?;
        reader.visit(&storm).await?;
        reader.until_says("main article h1", &title).await?;
        reader.until("one('main [data-body] p')").await?;
        reader.visit(&front).await?;
        reader.until("one('.front-lead') && !one('#printed')").await?;
        reader.click(&format!(".headline a[href*='article/{NOODLES}']")).await?;
        reader.until("one('main [data-body] p')").await?;
        reader.visit(&search).await?;
        reader.until_says("main h1", &word("vi", "search.title")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_a_portal_of_files_has_none_for_is_shown_by_the_app() -> Result<()> {
    journey(Setup { own_site: true, ..Setup::default() }, async |reader| {
        let mut files = Files::take().await?;
        let site = prerendered(&reader.portal, files.address())?;
        // As of an article that is newer than its files.
        let article = site.join(format!("vi/article/{NOODLES}"));
        fs::remove_dir_all(&article)?;
        fs::remove_file(article.with_extension("html"))?;
        files.serve(&site, &reader.portal);
        reader.visit(&format!("{}vi/documents?year=2013", files.address())).await?;
        reader.until("!one('#printed') && one('main select[name=year]')?.value === '2013'").await?;
        assert_eq!(reader.evaluate::<String>("location.search").await?, "?year=2013");
        // As who has never been here.
        reader.run("localStorage.clear()").await?;
        reader.visit(&format!("{}vi/article/{NOODLES}", files.address())).await?;
        reader.until("!one('#printed') && one('main [data-body] p')").await
    })
    .await
}

async fn reqwest_text(address: &str) -> Result<String> {
    Ok(reqwest::get(address).await?.error_for_status()?.text().await?)
}
