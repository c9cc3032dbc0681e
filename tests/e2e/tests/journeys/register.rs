//! The register of documents: its filters are its address.

use anyhow::Result;
use haidang_e2e::{Fault, Faulty, Setup, counted, journey, word};
use serde_json::Value;

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test]
async fn a_register_that_cannot_say_what_it_holds_still_lists_its_documents() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let faulty = Faulty::before(&reader.portal).await?;
        faulty.spoil("register", Fault::Status(403));
        reader.open("vi/documents").await?;
        reader.until("one('.document-entry')").await?;
        reader.until_says(".filters", &word("vi", "failure.part")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn filters_go_into_the_address_and_come_from_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/documents").await?;
        reader
            .type_into(".filters select[name=kind]", &word("vi", "documents.kind-decision")?)
            .await?;
        reader
            .type_into(".filters select[name=status]", &word("vi", "documents.status-in-force")?)
            .await?;
        reader.click(".filters button").await?;
        reader.until_address("vi/documents?kind=decision&status=in-force").await?;
        let list = reader.portal.api("documents?lang=vi&kind=decision&status=in-force").await?;
        let total = list["total"].as_u64().unwrap();
        reader.until_says(".count", &counted("vi", "documents.count", total)?).await?;
        let titles: Vec<&str> =
            list["items"].as_array().unwrap().iter().map(|item| text(&item["title"])).collect();
        assert_eq!(reader.texts(".document-list h2").await?, titles);
        reader.reload().await?;
        assert_eq!(reader.value(".filters select[name=kind]").await?, "decision");
        assert_eq!(reader.value(".filters select[name=status]").await?, "in-force");
        assert_eq!(reader.texts(".document-list h2").await?, titles);
        reader.click(".filters a").await?;
        reader.until_address("vi/documents").await?;
        reader.until("one('.filters select[name=kind]').value === ''").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn back_undoes_a_filter() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let all = reader.portal.api("documents?lang=en").await?["total"].as_u64().unwrap();
        reader.open("en/documents").await?;
        reader.type_into(".filters select[name=year]", "2013").await?;
        reader.click(".filters button").await?;
        reader.until_address("en/documents?year=2013").await?;
        reader.until_says(".count", &counted("en", "documents.count", 1)?).await?;
        reader.back().await?;
        reader.until_address("en/documents").await?;
        reader.until_says(".count", &counted("en", "documents.count", all)?).await?;
        reader.until("one('.filters select[name=year]').value === ''").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn filters_that_nothing_matches_say_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("zh/documents?year=2013&kind=plan").await?;
        assert_eq!(reader.text(".count").await?, word("zh", "documents.none")?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_document_has_its_particulars_its_file_and_leads_to_what_it_amends() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let list = reader.portal.api("documents?lang=vi&status=amended").await?;
        let id = text(&list["items"][0]["key"]["id"]).to_owned();
        let document = reader.portal.api(&format!("documents/{id}?lang=vi")).await?;
        reader.open(&format!("vi/documents/{id}")).await?;
        assert_eq!(reader.text("h1").await?, text(&document["entry"]["title"]));
        assert!(
            reader.text(".document-number").await?.contains(text(&document["entry"]["number"]))
        );
        let facts = reader.text(".facts").await?;
        for label in ["issuer", "signer", "issued", "effective", "amended-by"] {
            let label = word("vi", &format!("documents.{label}"))?;
            assert!(facts.contains(&label), "{label}: {facts}");
        }
        let by = &document["amended_by"][0];
        reader.click(&format!(".facts a[href$='documents/{}']", text(&by["id"]))).await?;
        reader.until_says("h1", text(&by["title"])).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_documents_file_can_be_had() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ja/documents/{}", haidang_e2e::demo::RESOLUTION)).await?;
        let answer: String = reader
            .evaluate("fetch(one('.files a').href).then((r) => `${r.status} ${r.headers.get('content-type')}`)")
            .await?;
        assert_eq!(answer, "200 application/pdf");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn directives_can_be_narrowed_to_one_organisation() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let list = reader.portal.api("articles?lang=vi&section=news&limit=20").await?;
        let one = &list["organisations"][0];
        reader.open("vi/section/news").await?;
        reader.click(&format!(".chips a[href$='organisation={}']", text(&one["id"]))).await?;
        reader.until_says(".chips a[aria-current=true]", text(&one["name"])).await?;
        let narrowed = reader
            .portal
            .api(&format!(
                "articles?lang=vi&section=news&limit=20&organisation={}",
                text(&one["id"])
            ))
            .await?;
        let titles: Vec<&str> =
            narrowed["items"].as_array().unwrap().iter().map(|item| text(&item["title"])).collect();
        assert_eq!(reader.texts("main > .headlines .headline-text a").await?, titles);
        Ok(())
    })
    .await
}
