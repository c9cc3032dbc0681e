//! What axe does not look at: narrow windows, fingers, readers who space their text.

use anyhow::Result;
use haidang_e2e::{Setup, demo::pages, journey};
use serde_json::json;

/// At 320 pixels, which is also 1280 at 400 %.
async fn fits(lang: &str) -> Result<()> {
    journey(Setup { window: (320, 640), ..Setup::default() }, async |reader| {
        let mut found = Vec::new();
        for page in pages(lang) {
            reader.open(&page).await?;
            reader.run("one('#comments')?.scrollIntoView({ behavior: 'instant' })").await?;
            reader
                .until("!one('#comments') || one('.comment, .thread .hint, .thread .note')")
                .await?;
            for (what, said) in [
                ("wider than the window", reader.overflow().await?),
                ("too small to press", reader.small_targets(24).await?),
                ("cut off when spaced", reader.clipped_when_spaced().await?),
            ] {
                found.extend(said.into_iter().map(|said| format!("{page} {what}: {said}")));
            }
        }
        anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_vietnamese() -> Result<()> {
    fits("vi").await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_english() -> Result<()> {
    fits("en").await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_chinese() -> Result<()> {
    fits("zh").await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_japanese() -> Result<()> {
    fits("ja").await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_korean() -> Result<()> {
    fits("ko").await
}

#[tokio::test]
async fn targets_are_large_enough_for_a_finger() -> Result<()> {
    journey(Setup { window: (360, 740), ..Setup::default() }, async |reader| {
        reader.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        let mut found = Vec::new();
        for page in pages("vi") {
            reader.open(&page).await?;
            assert!(reader.evaluate::<bool>("matchMedia('(pointer: coarse)').matches").await?);
            let small = reader.small_targets(44).await?;
            found.extend(small.into_iter().map(|small| format!("{page}: {small}")));
        }
        anyhow::ensure!(found.is_empty(), "{}", found.join("\n"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_finger_on_the_button_of_an_entry_presses_the_button() -> Result<()> {
    journey(Setup { window: (360, 740), ..Setup::default() }, async |reader| {
        reader.devtools("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
        reader.open("vi/section/news").await?;
        assert!(reader.evaluate::<bool>("matchMedia('(pointer: coarse)').matches").await?);
        // All around it is the link of the entry.
        reader.click(".headline .save button").await?;
        reader.until("one('.headline .save button').ariaPressed === 'true'").await?;
        assert_eq!(reader.address().await?, "vi/section/news");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_page_fits_a_narrow_window_in_high_contrast() -> Result<()> {
    journey(Setup { window: (320, 640), ..Setup::default() }, async |reader| {
        reader.open("vi/settings").await?;
        reader.click("input[name=theme][value=contrast]").await?;
        for page in pages("vi") {
            reader.open(&page).await?;
            assert_eq!(reader.overflow().await?, Vec::<String>::new(), "{page}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_largest_text_still_fits_a_phone() -> Result<()> {
    journey(Setup { window: (360, 740), ..Setup::default() }, async |reader| {
        reader.open("vi/settings").await?;
        reader.click("input[name=size][value=huge]").await?;
        for page in pages("vi") {
            reader.open(&page).await?;
            assert_eq!(reader.overflow().await?, Vec::<String>::new(), "{page}");
        }
        Ok(())
    })
    .await
}
