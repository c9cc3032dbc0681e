//! Several sources at once: the demo's own API and a WordPress.

use anyhow::Result;
use haidang_e2e::{Backends, Reader, Setup, filled, journey};
use serde_json::{Value, json};

/// The portal of the demo with the WordPress as second source, feeding the section of culture.
fn both(reader: &Reader, running: &Backends) -> Result<String> {
    let mut portal = reader.portal.configured()?;
    let base = format!("{}/wp-json/wp/v2", running.origin("wordpress")?);
    let mut sources = portal["sources"].as_array().cloned().unwrap_or_default();
    sources[0]["sections"] = json!({ "culture": "culture" });
    sources.push(json!({
        "id": "courier", "base": base, "profile": "wordpress",
        "name": { "en": "Courier" }, "sections": { "culture": "37" },
    }));
    portal["sources"] = Value::Array(sources);
    Ok(portal.to_string())
}

#[tokio::test]
async fn their_lists_are_one_and_one_that_is_down_costs_its_part_only() -> Result<()> {
    journey(Setup { languages: "en", ..Setup::default() }, async |reader| {
        let mut running = Backends::start(&["wordpress"], &reader.portal).await?;
        reader.portal.configure(&both(reader, &running)?)?;
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
