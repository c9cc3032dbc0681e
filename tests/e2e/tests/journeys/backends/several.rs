//! Several sources at once: the demo's own API and a WordPress.

use anyhow::Result;
use haidang_e2e::{Backends, Setup, filled, journey};
use serde_json::json;

#[tokio::test]
async fn their_lists_are_one_and_one_that_is_down_costs_its_part_only() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let mut running = Backends::start(&["wordpress"], &reader.portal).await?;
        let base = format!("{}/wp-json/wp/v2", running.origin("wordpress")?);
        let mut portal = reader.portal.configured()?;
        portal["sources"][0]["sections"] = json!({ "culture": "culture" });
        portal["sources"].as_array_mut().unwrap().push(json!({
            "id": "courier", "base": base, "profile": "wordpress",
            "name": { "en": "Courier" }, "sections": { "culture": "37" },
        }));
        reader.portal.configure(&portal.to_string())?;
        reader.open("en/section/culture").await?;
        reader.until_says(".headlines .meta", "Courier").await?;
        reader.until_says(".headlines .meta", "City").await?;
        let dates = "all('main > .headlines time').map((time) => time.dateTime)";
        let dates: Vec<String> = reader.evaluate(dates).await?;
        assert!(dates.len() > 7 && dates.is_sorted_by(|a, b| a >= b), "{dates:?}");
        assert_eq!(reader.errors().await?, Vec::<String>::new());

        running.stop("wordpress");
        reader.open("en/").await?;
        let missing = filled("en", "failure.sources", &[("sources", "Courier")])?;
        reader.until_says(".stale", &missing).await?;
        assert!(reader.count("main .headline").await? > 5);
        assert!(!reader.texts(".headlines .meta").await?.join(" ").contains("Courier"));
        Ok(())
    })
    .await
}
