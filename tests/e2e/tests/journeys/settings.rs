//! The reader's settings take effect at once and stay.

use anyhow::Result;
use haidang_e2e::{Setup, journey, word};

#[tokio::test]
async fn an_appearance_is_in_force_at_once_and_from_the_first_moment_of_the_next_page() -> Result<()>
{
    journey(Setup::default(), async |reader| {
        reader.open("vi/settings").await?;
        let paper = "getComputedStyle(document.body).backgroundColor";
        let light: String = reader.evaluate(paper).await?;
        reader.click("input[name=theme][value=dark]").await?;
        reader.until("document.documentElement.dataset.theme === 'dark'").await?;
        let dark: String = reader.evaluate(paper).await?;
        assert_ne!(dark, light);
        // Before the app is there: its script never comes.
        let blocked = serde_json::json!({ "urls": ["*_bg.wasm"] });
        reader.devtools("Network.enable", serde_json::json!({})).await?;
        reader.devtools("Network.setBlockedURLs", blocked).await?;
        reader.go("vi/").await?;
        reader.until("document.documentElement.dataset.theme === 'dark'").await?;
        reader
            .devtools(
                "Network.setBlockedURLs",
                serde_json::json!({ "urls": ["*nothing-is-blocked*"] }),
            )
            .await?;
        reader.open("vi/settings").await?;
        assert_eq!(reader.evaluate::<String>(paper).await?, dark);
        assert!(reader.evaluate::<bool>("one('input[name=theme][value=dark]').checked").await?);
        reader.click("input[name=theme][value=contrast]").await?;
        reader.until("document.documentElement.dataset.theme === 'contrast'").await?;
        reader.click("input[name=theme][value='']").await?;
        reader.until("document.documentElement.dataset.theme === undefined").await?;
        assert_eq!(reader.evaluate::<String>(paper).await?, light);
        reader.prefer("prefers-color-scheme", "dark").await?;
        assert_eq!(reader.evaluate::<String>(paper).await?, dark);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_text_size_grows_all_text_and_stays() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let size = "parseFloat(getComputedStyle(one('main p')).fontSize)";
        reader.open("en/settings").await?;
        let normal: f64 = reader.evaluate(size).await?;
        reader.click("input[name=size][value=huge]").await?;
        reader.until("document.documentElement.dataset.size === 'huge'").await?;
        let huge: f64 = reader.evaluate(size).await?;
        assert!(huge > normal * 1.2, "{huge} {normal}");
        reader.reload().await?;
        assert_eq!(reader.evaluate::<f64>(size).await?, huge);
        assert!(reader.evaluate::<bool>("one('input[name=size][value=huge]').checked").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_languages_a_reader_reads_stay() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("zh/settings").await?;
        reader.click("input[name=reads][value=ko]").await?;
        reader.click("input[name=reads][value=en]").await?;
        reader.click("input[name=reads][value=ko]").await?;
        reader.reload().await?;
        let chosen: Vec<String> =
            reader.evaluate("all('input[name=reads]:checked').map((input) => input.value)").await?;
        assert_eq!(chosen, ["en"]);
        assert_eq!(reader.text("main [role=status]").await?, word("zh", "settings.saved")?);
        Ok(())
    })
    .await
}
