//! What a page says of itself to browsers, search engines and chat previews.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{ENGLISH_ONLY, LANGUAGES, STORM, VIETNAMESE_ONLY},
    journey, word,
};

/// `hreflang` and address of every link to the page in another language.
async fn alternates(reader: &Reader) -> Result<Vec<(String, String)>> {
    let expression = "all('link[rel=alternate][hreflang]').map((link) =>
        [link.hreflang, link.href.slice(document.baseURI.length)])";
    let mut links: Vec<(String, String)> = reader.evaluate(expression).await?;
    links.sort();
    Ok(links)
}

async fn canonical(reader: &Reader) -> Result<Vec<String>> {
    let expression =
        "all('link[rel=canonical]').map((link) => link.href.slice(document.baseURI.length))";
    reader.evaluate(expression).await
}

async fn content(reader: &Reader, name: &str) -> Result<Vec<String>> {
    reader
        .evaluate(&format!(
            "all('meta[name=\"{name}\"], meta[property=\"{name}\"]').map((meta) => meta.content)"
        ))
        .await
}

/// Waits until the head is that of a page whose address has this in it: it follows the page a frame later.
async fn until_described(reader: &Reader, page: &str) -> Result<()> {
    let address = "one('meta[property=\"og:url\"]')?.content";
    reader.until(&format!("{address}?.slice(document.baseURI.length).includes('{page}')")).await
}

#[tokio::test]
async fn an_article_names_itself_its_versions_and_its_own_address() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for (lang, tag) in LANGUAGES {
            let article = reader.portal.api(&format!("articles/{STORM}?lang={lang}")).await?;
            let headline = &article["headline"];
            reader.open(&format!("{lang}/article/{STORM}")).await?;
            until_described(reader, &format!("{lang}/article/")).await?;
            let name = reader.portal.configured()?["name"][lang].as_str().unwrap().to_owned();
            let title = format!("{} – {name}", headline["title"].as_str().unwrap());
            assert_eq!(reader.evaluate::<String>("document.title").await?, title);
            assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some(tag));
            let own = |lang: &str, id: &serde_json::Value, slug: &serde_json::Value| {
                format!("{lang}/article/{}/{}", id.as_str().unwrap(), slug.as_str().unwrap())
            };
            let here = own(lang, &headline["key"]["id"], &headline["slug"]);
            assert_eq!(canonical(reader).await?, [here]);
            let versions = article["versions"].as_array().unwrap().iter();
            let mut expected: Vec<(String, String)> = versions
                .flat_map(|version| {
                    let lang = version["lang"].as_str().unwrap();
                    let address = own(lang, &version["key"]["id"], &version["slug"]);
                    let (_, tag) = LANGUAGES.iter().find(|(code, _)| *code == lang).unwrap();
                    let fallback =
                        (lang == "vi").then(|| ("x-default".to_owned(), address.clone()));
                    [Some((tag.to_string(), address)), fallback]
                })
                .flatten()
                .collect();
            expected.sort();
            assert_eq!(alternates(reader).await?, expected);
            assert_eq!(
                content(reader, "description").await?,
                [headline["standfirst"].as_str().unwrap()]
            );
            assert_eq!(content(reader, "og:title").await?, [title]);
            assert_eq!(content(reader, "og:type").await?, ["article"]);
            assert_eq!(content(reader, "og:image").await?.len(), 1);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_of_one_language_claims_no_other() -> Result<()> {
    journey(Setup::default(), async |reader| {
        // Shown to readers of Japanese too, it is still the Vietnamese page.
        reader.open(&format!("ja/article/{VIETNAMESE_ONLY}")).await?;
        until_described(reader, "vi/article/").await?;
        let tags: Vec<String> = alternates(reader).await?.into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, ["vi", "x-default"]);
        let canonical = canonical(reader).await?;
        assert!(
            canonical.iter().all(|address| address.starts_with("vi/article/")),
            "{canonical:?}"
        );
        reader.open(&format!("vi/article/{ENGLISH_ONLY}")).await?;
        until_described(reader, "en/article/").await?;
        let tags: Vec<String> = alternates(reader).await?.into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, ["en"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn going_on_replaces_what_the_last_page_said_of_itself() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        until_described(reader, "vi/").await?;
        let tags: Vec<String> = alternates(reader).await?.into_iter().map(|(tag, _)| tag).collect();
        assert_eq!(tags, ["en", "ja", "ko", "vi", "x-default", "zh-Hans"]);
        reader.click(".site-nav a[href$='vi/press']").await?;
        let press = word("vi", "press.title")?;
        reader.until(&format!("document.title.startsWith('{press} – ')")).await?;
        until_described(reader, "vi/press").await?;
        assert_eq!(canonical(reader).await?, ["vi/press"]);
        assert_eq!(content(reader, "description").await?, [word("vi", "press.summary")?]);
        assert_eq!(content(reader, "og:type").await?, ["website"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_that_are_the_readers_own_or_none_are_not_for_search_engines() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for page in ["vi/settings", "vi/search?q=cang", "vi/nowhere"] {
            reader.open(page).await?;
            until_described(reader, "vi/").await?;
            assert_eq!(content(reader, "robots").await?, ["noindex"], "{page}");
            assert!(canonical(reader).await?.is_empty(), "{page}");
        }
        reader.open("vi/documents").await?;
        until_described(reader, "vi/documents").await?;
        assert!(content(reader, "robots").await?.is_empty());
        Ok(())
    })
    .await
}
