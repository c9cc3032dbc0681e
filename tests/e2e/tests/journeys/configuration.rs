//! A portal.json that is wrong: named to whoever keeps it, and no harm to readers who came before.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{RESOLUTION, STORM},
    journey, word,
};
use serde_json::{Value, json};

/// What is done to a portal.json.
type Change = fn(&mut Value);

/// Changes the portal.json in force.
fn configure(reader: &Reader, change: impl FnOnce(&mut Value)) -> Result<()> {
    let mut portal = reader.portal.configured()?;
    change(&mut portal);
    reader.portal.configure(&portal.to_string())
}

#[tokio::test]
async fn an_unknown_key_warns_with_the_nearest_known_one_and_nothing_else() -> Result<()> {
    journey(Setup::default(), async |reader| {
        configure(reader, |portal| portal["timzone"] = json!("Asia/Ho_Chi_Minh"))?;
        reader.open("vi/").await?;
        reader.until_console("unknown key \"timzone\", did you mean \"timezone\"?").await?;
        reader.until("all('main .headline').length > 3").await
    })
    .await
}

#[tokio::test]
async fn without_a_last_good_one_the_page_names_the_field_in_the_readers_language() -> Result<()> {
    journey(Setup { languages: "ja", ..Setup::default() }, async |reader| {
        let good = reader.portal.configured()?;
        let broken: [(Change, &str); 4] = [
            (
                |portal| portal["sources"][0]["base"] = json!(7),
                "portal.sources[0].base: expected text, found a number",
            ),
            (
                |portal| portal["languages"] = json!("vi"),
                "portal.languages: expected a list, found text",
            ),
            (
                |portal| portal["sources"] = json!([]),
                "portal.sources: expected at least one source, found none",
            ),
            (|portal| portal["name"] = Value::Null, "portal.name: expected"),
        ];
        for (change, said) in broken {
            configure(reader, change)?;
            reader.open("vi/").await?;
            assert_eq!(reader.text("h1").await?, word("ja", "boot.failed")?);
            let main = reader.text("main").await?;
            assert!(main.contains(&word("ja", "boot.config")?), "{main}");
            assert!(main.contains(said), "{said}: {main}");
            reader.until_console(said).await?;
            reader.portal.configure(&good.to_string())?;
        }
        // With the field mended the way on leads on.
        reader.click("main a").await?;
        reader.until("one('.front-lead')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_portal_json_that_is_none_is_said_with_the_place() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        reader.portal.configure("{ \"version\": 1, \"id\"")?;
        reader.open("en/").await?;
        assert_eq!(reader.text("h1").await?, word("en", "boot.failed")?);
        let cause = reader.text("main code").await?;
        assert!(cause.starts_with("portal.json: ") && cause.contains("line 1"), "{cause}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn with_a_last_good_one_readers_notice_nothing_and_the_console_names_the_field() -> Result<()>
{
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        configure(reader, |portal| portal["sources"][0]["base"] = json!(7))?;
        reader.open(&format!("ja/article/{STORM}")).await?;
        reader.until("one('main article [data-body]')").await?;
        reader.until_console("portal.sources[0].base: expected text, found a number").await?;
        reader.portal.configure("<!doctype html>")?;
        reader.open("vi/press").await?;
        assert_eq!(reader.text("h1").await?, word("vi", "press.title")?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_portal_json_that_never_comes_leaves_the_last_good_one_in_force() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        reader.hold("*portal.json*").await?;
        reader.open("vi/press").await?;
        assert_eq!(reader.text("h1").await?, word("vi", "press.title")?);
        reader.until_console("portal.json").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn words_that_never_come_are_said_in_those_built_in() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.hold("*locales/ja.json*").await?;
        reader.open("ja/").await?;
        assert_eq!(reader.text("h1").await?, word("ja", "boot.failed")?);
        assert!(reader.text("main").await?.contains(&word("ja", "boot.locale")?));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_switched_off_is_not_offered() -> Result<()> {
    journey(Setup::default(), async |reader| {
        configure(reader, |portal| {
            portal["features"] = json!({
                "comments": false, "search": false, "documents": false, "press": false, "notices": false,
            });
        })?;
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main article [data-body]')").await?;
        for gone in [
            ".thread",
            ".header-search",
            ".notices",
            ".site-nav a[href*='press']",
            ".site-nav a[href$='vi/documents']",
        ] {
            assert_eq!(reader.count(gone).await?, 0, "{gone}");
        }
        // Nor is it there for those who know the address.
        for page in ["vi/documents", &format!("vi/documents/{RESOLUTION}"), "vi/press", "vi/search?q=a"] {
            reader.open(page).await?;
            assert_eq!(reader.text("h1").await?, word("vi", "not-found.title")?, "{page}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_portal_is_called_what_its_configuration_says_without_a_rebuild() -> Result<()> {
    journey(Setup::default(), async |reader| {
        configure(reader, |portal| {
            portal["name"] = json!({ "vi": "Báo Bến Cảng", "en": "The Quay" });
            portal["navigation"] = json!([{ "section": "culture", "name": { "vi": "Phố" } }]);
            portal["legal"] = json!({ "editor": { "vi": "Người gác đèn" } });
        })?;
        reader.open("vi/").await?;
        assert_eq!(reader.text(".brand-name").await?, "Báo Bến Cảng");
        assert_eq!(reader.evaluate::<String>("document.title").await?, "Báo Bến Cảng");
        assert_eq!(reader.texts(".site-nav a").await?, ["Phố"]);
        assert!(reader.text(".site-footer").await?.contains("Người gác đèn"));
        reader.click(".languages a[hreflang=ja]").await?;
        // Neither name is Japanese: the first of the portal's fallbacks.
        reader.until_address("ja/").await?;
        reader.until_says(".brand-name", "Báo Bến Cảng").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_portals_own_colours_are_there_before_the_app() -> Result<()> {
    for printed in [false, true] {
        journey(Setup { printed, ..Setup::default() }, async |reader| {
            configure(reader, |portal| {
                portal["theme"] = json!({ "accent": "#00553f", "accent_dark": "#9fd8c4" });
            })?;
            reader.block(&["*.wasm*", "*portal.json*"]).await?;
            reader.go("vi/").await?;
            let accent = "getComputedStyle(one(':root')).getPropertyValue('--hd-accent')";
            for (scheme, colour) in [("light", "#00553f"), ("dark", "#9fd8c4")] {
                reader.prefer("prefers-color-scheme", scheme).await?;
                reader.until(&format!("{accent} === '{colour}'")).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn colours_that_a_portal_has_given_up_are_gone() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let accent = "getComputedStyle(one(':root')).getPropertyValue('--hd-accent-light')";
        configure(reader, |portal| portal["theme"] = json!({ "accent": "#00553f" }))?;
        reader.open("vi/").await?;
        reader.until(&format!("{accent} === '#00553f'")).await?;
        configure(reader, |portal| portal["theme"] = json!({ "accent_dark": "#9fd8c4" }))?;
        reader.open("vi/").await?;
        reader.until(&format!("{accent} === ''")).await
    })
    .await
}
