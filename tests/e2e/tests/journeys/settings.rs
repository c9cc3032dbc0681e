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
        // What surrounds the page, too.
        let around = "all('[name=theme-color]').map((meta) => meta.content)";
        let colours: Vec<String> = reader.evaluate(around).await?;
        assert_eq!(colours, ["#171513", "#171513"]);
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
        assert_eq!(reader.evaluate::<Vec<String>>(around).await?, colours);
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

#[tokio::test]
async fn the_portal_is_installed_by_a_button_where_the_browser_offers_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/settings").await?;
        reader.until_says(".install", &word("vi", "install.other")?).await?;
        // A browser under control offers nothing by itself.
        reader
            .run(
                "const offer = new Event('beforeinstallprompt');
                offer.prompt = async () => { window.asked = true; };
                dispatchEvent(offer);",
            )
            .await?;
        reader.until_says(".install button", &word("vi", "install.now")?).await?;
        reader.click(".install button").await?;
        reader.until("window.asked && !one('.install button')").await?;
        reader.run("dispatchEvent(new Event('appinstalled'))").await?;
        reader.until_says(".install", &word("vi", "install.done")?).await
    })
    .await
}
