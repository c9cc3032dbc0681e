//! Articles cite documents, and the citation leads to the register.

use anyhow::Result;
use haidang_e2e::{
    Setup,
    demo::{DECADE, LANGUAGES, RESOLUTION},
    journey,
};

#[tokio::test]
async fn a_citation_leads_to_the_document_in_every_edition() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for (lang, _) in LANGUAGES {
            let document =
                reader.portal.api(&format!("documents/{RESOLUTION}?lang={lang}")).await?;
            reader.open(&format!("{lang}/article/{DECADE}")).await?;
            let link = format!("[data-body] a[data-document][href$='documents/{RESOLUTION}']");
            reader.click(&link).await?;
            reader.until_address(&format!("{lang}/documents/{RESOLUTION}")).await?;
            reader.until_says("h1", document["entry"]["title"].as_str().unwrap()).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_document_that_the_article_cites_is_linked() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let article = reader.portal.api(&format!("articles/{DECADE}?lang=vi")).await?;
        let citations = article["citations"].as_array().unwrap();
        assert!(citations.len() > 2);
        reader.open(&format!("vi/article/{DECADE}")).await?;
        for citation in citations {
            let id = citation["document"].as_str().unwrap();
            let links = reader
                .count(&format!("[data-body] a[data-document][href$='documents/{id}']"))
                .await?;
            assert!(links > 0, "{citation}");
        }
        Ok(())
    })
    .await
}
