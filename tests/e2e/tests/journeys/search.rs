//! Finding: with and without marks, in Chinese and Korean, by a document's number.

use anyhow::Result;
use haidang_e2e::{Reader, Setup, counted, filled, journey, word};
use serde_json::Value;

/// Types into the header's search box and waits for what is found.
async fn search(reader: &Reader, lang: &str, query: &str) -> Result<()> {
    reader.run("one('.header-search input').value = ''").await?;
    reader.type_into(".header-search input", query).await?;
    reader.click(".header-search button").await?;
    reader
        .until(&format!(
            "new URLSearchParams(location.search).get('q') === {}",
            serde_json::json!(query)
        ))
        .await?;
    assert!(reader.address().await?.starts_with(&format!("{lang}/search?q=")));
    Ok(())
}

/// What the API finds: articles and documents.
async fn found(reader: &Reader, lang: &str, query: &str) -> Result<(Value, Value)> {
    let query: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let articles = reader.portal.api(&format!("articles?lang={lang}&limit=20&q={query}")).await?;
    let documents = reader.portal.api(&format!("documents?lang={lang}&q={query}")).await?;
    Ok((articles, documents))
}

fn titles(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().into_iter().flatten();
    items.filter_map(|item| item["title"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn marks_may_be_left_out() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        let mut results = Vec::new();
        for query in ["Đồ Sơn", "do son", "DO SON"] {
            search(reader, "vi", query).await?;
            let (articles, documents) = found(reader, "vi", query).await?;
            let total = |list: &Value| list["total"].as_u64().unwrap();
            let said = format!(
                "{} · {}",
                counted("vi", "search.results", total(&articles))?,
                counted("vi", "search.documents", total(&documents))?
            );
            reader.until_says(".count", &said).await?;
            let shown = reader.texts("main > .headlines .headline-text a").await?;
            assert_eq!(shown, titles(&articles), "{query}");
            results.push(total(&articles));
        }
        assert!(results.iter().all(|total| *total > 1 && *total == results[0]), "{results:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn chinese_and_korean_words_are_found_down_to_one_character() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for (lang, query) in [("zh", "海防"), ("zh", "港"), ("ko", "항구"), ("ja", "港")] {
            reader.open(&format!("{lang}/")).await?;
            search(reader, lang, query).await?;
            let (articles, _) = found(reader, lang, query).await?;
            let total = articles["total"].as_u64().unwrap();
            reader.until_says(".count", &counted(lang, "search.results", total)?).await?;
            let shown = reader.texts("main > .headlines .headline-text a").await?;
            assert_eq!(shown, titles(&articles), "{query}");
            assert!(!shown.is_empty(), "{query}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_documents_number_finds_the_document_with_or_without_marks() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        for query in ["10-NQ/TU", "QD-UBND"] {
            search(reader, "vi", query).await?;
            let (_, documents) = found(reader, "vi", query).await?;
            let first = documents["items"][0]["number"].as_str().unwrap();
            reader.until_says(".search-documents .document-number", first).await?;
        }
        let number = reader.text(".search-documents .document-number").await?;
        assert!(number.contains("QĐ-UBND"), "{number}");
        reader.click(".search-documents .more a").await?;
        reader.until_address("vi/documents?q=QD-UBND").await?;
        assert_eq!(reader.value(".filters input[name=q]").await?, "QD-UBND");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_of_a_search_opens_it_and_the_form_on_the_page_changes_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("en/search?q=port+city").await?;
        let field = ".search-form input[name=q]";
        assert_eq!(reader.value(field).await?, "port city");
        reader.type_into(field, " festival").await?;
        reader.click(".search-form button").await?;
        reader.until_address("en/search?q=port+city+festival").await?;
        reader.back().await?;
        reader.until_address("en/search?q=port+city").await?;
        reader.until(&format!("one('{field}').value === 'port city'")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_found_and_nothing_asked_are_said() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("ko/search").await?;
        assert_eq!(reader.text("main .hint").await?, word("ko", "search.hint")?);
        search(reader, "ko", "qqqq").await?;
        reader.until_says(".count", &filled("ko", "search.none", &[("query", "qqqq")])?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_typed_is_shown_as_it_is() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let query = "<b>\"cảng\" & 100% #?";
        reader.open("vi/").await?;
        search(reader, "vi", query).await?;
        reader
            .until(&format!("one('.search-form input').value === {}", serde_json::json!(query)))
            .await?;
        reader.until("one('main .count')").await?;
        reader.reload().await?;
        assert_eq!(reader.value(".search-form input").await?, query);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_edition_lacks_is_found_in_other_languages() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let vietnamese = reader.language_name("vi", "ja").await?;
        let title = filled("ja", "list.more-in", &[("language", &vietnamese)])?;
        reader.open("ja/search?q=tr%C6%B0%E1%BB%9Dng+h%E1%BB%8Dc").await?;
        reader.until_says(".more-in h2", &title).await?;
        assert!(reader.count(".more-in .headline").await? > 0);
        Ok(())
    })
    .await
}
