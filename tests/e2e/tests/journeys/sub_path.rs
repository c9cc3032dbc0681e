//! The whole portal below a path of somebody's site.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{ATTACHED, RESOLUTION, STORM},
    journey, word,
};

fn below() -> Setup {
    Setup { base: "/cong/", ..Setup::default() }
}

/// Links of ours and files that lead out of the path.
async fn strays(reader: &Reader) -> Result<Vec<String>> {
    reader
        .evaluate(
            "[...all('a[href]').map((a) => a.href), ...all('img').map((i) => i.currentSrc || i.src)]
                .filter((url) => url.startsWith(location.origin + '/'))
                .filter((url) => !url.startsWith(location.origin + '/cong/'))",
        )
        .await
}

#[tokio::test]
async fn the_root_and_deep_links_open_below_the_path() -> Result<()> {
    journey(below(), async |reader| {
        reader.open("").await?;
        reader.until_address("vi/").await?;
        let address: String = reader.evaluate("location.pathname").await?;
        assert_eq!(address, "/cong/vi/");
        for page in [
            format!("ja/article/{STORM}.ja"),
            "zh/section/news".to_owned(),
            "ko/search?q=%ED%95%AD%EA%B5%AC".to_owned(),
            format!("vi/documents/{RESOLUTION}"),
            "en/press".to_owned(),
            format!("vi/article/{ATTACHED}"),
        ] {
            reader.open(&page).await?;
            assert_eq!(reader.count(".failed").await?, 0, "{page}");
            assert_eq!(strays(reader).await?, Vec::<String>::new(), "{page}");
        }
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn links_languages_search_and_pictures_work_below_the_path() -> Result<()> {
    journey(below(), async |reader| {
        reader.open("vi/").await?;
        reader.run("window.marker = 'kept'").await?;
        reader.click(".headlines-lead .headline-text a").await?;
        reader.until("one('main article [data-body]')").await?;
        reader.until("one('figure.lead img').naturalWidth > 0").await?;
        reader.click(".languages a[hreflang=en]").await?;
        reader.until("document.documentElement.lang === 'en'").await?;
        reader.type_into(".header-search input", "port").await?;
        reader.click(".header-search button").await?;
        reader.until_address("en/search?q=port").await?;
        reader.click(".site-nav a[href$='en/documents']").await?;
        reader.until_says("h1", &word("en", "documents.title")?).await?;
        reader.click(".filters button").await?;
        reader.until_address("en/documents").await?;
        assert!(reader.evaluate::<bool>("window.marker === 'kept'").await?);
        let address: String = reader.evaluate("location.pathname").await?;
        assert_eq!(address, "/cong/en/documents");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn links_within_a_page_and_files_stay_below_the_path() -> Result<()> {
    journey(below(), async |reader| {
        reader.open(&format!("vi/article/{ATTACHED}")).await?;
        let status: u16 = reader
            .evaluate("fetch(one('.article .file-list a').href).then((r) => r.status)")
            .await?;
        assert_eq!(status, 200);
        let skip: String =
            reader.evaluate("one('.skip').href.slice(document.baseURI.length)").await?;
        assert!(skip.starts_with(&format!("vi/article/{ATTACHED}/")), "{skip}");
        assert!(skip.ends_with("#content"), "{skip}");
        Ok(())
    })
    .await
}
