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
        // What the browser itself offers would ask in a window of its own.
        let ours = "addEventListener('beforeinstallprompt', (event) => {
            if (event.isTrusted) event.stopImmediatePropagation();
        }, true);";
        let script = serde_json::json!({ "source": ours });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        reader.open("vi/settings").await?;
        reader.until_says(".install", &word("vi", "install.other")?).await?;
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

#[tokio::test]
async fn a_reader_asks_to_be_told_of_emergencies_and_ends_it_again() -> Result<()> {
    let server = &["--push-contact", "mailto:editor@example.org"];
    journey(Setup { server, worker: true, ..Setup::default() }, async |reader| {
        // No maker of browsers is asked: it would take the subscription of a browser that is known to it.
        // This one is subscribed by a key that the server does not have any more.
        let maker = "window.subscribed = {
                endpoint: 'https://push.example.org/0',
                options: { applicationServerKey: new Uint8Array(65).buffer },
                unsubscribe: async () => { window.subscribed = null; return true; },
            };
            PushManager.prototype.subscribe = async function (asked) {
                if (window.subscribed) throw new DOMException('by another key', 'InvalidStateError');
                window.asked = asked;
                const bytes = atob(asked.applicationServerKey.replaceAll('-', '+').replaceAll('_', '/'));
                window.subscribed = {
                    options: { applicationServerKey: Uint8Array.from(bytes, (c) => c.charCodeAt(0)).buffer },
                    endpoint: 'https://push.example.org/1',
                    toJSON: () => ({ endpoint: 'https://push.example.org/1', keys: {
                        p256dh: 'B' + 'A'.repeat(86), auth: 'A'.repeat(22) } }),
                    unsubscribe: async () => { window.subscribed = null; return true; },
                };
                return window.subscribed;
            };
            PushManager.prototype.getSubscription = async () => window.subscribed ?? null;";
        let script = serde_json::json!({ "source": maker });
        reader.devtools("Page.addScriptToEvaluateOnNewDocument", script).await?;
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        reader.open("vi/settings").await?;
        reader.until_says(".push button", &word("vi", "push.on")?).await?;
        reader.click(".push button").await?;
        reader.until_says(".push", &word("vi", "push.is-on")?).await?;
        let key = reader.portal.api("push").await?;
        let asked: serde_json::Value = reader.evaluate("window.asked").await?;
        assert_eq!(asked["applicationServerKey"], key["key"]);
        assert_eq!(asked["userVisibleOnly"], true);
        reader.click(".push button").await?;
        reader.until_says(".push button", &word("vi", "push.on")?).await
    })
    .await
}

#[tokio::test]
async fn a_portal_that_tells_nobody_of_emergencies_does_not_offer_to() -> Result<()> {
    journey(Setup { worker: true, ..Setup::default() }, async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        reader.open("vi/settings").await?;
        reader.until_answered("api/v1/push").await?;
        assert_eq!(reader.count(".push").await?, 0);
        Ok(())
    })
    .await
}
