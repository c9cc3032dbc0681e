//! The press room.

use anyhow::Result;
use haidang_e2e::{Setup, journey};

#[tokio::test]
async fn every_briefing_can_be_put_into_a_calendar() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let press = reader.portal.api("press?lang=en").await?;
        let briefings = press["briefings"].as_array().unwrap().len();
        reader.open("en/press").await?;
        assert_eq!(reader.count(".briefing").await?, briefings);
        let answers: Vec<(u16, String, String)> = reader
            .evaluate(
                "Promise.all(all('.briefing a[download]').map((a) => fetch(a.href).then(async (r) =>
                    [r.status, r.headers.get('content-type'), (await r.text()).slice(0, 15)])))",
            )
            .await?;
        assert_eq!(answers.len(), briefings);
        for (status, kind, begins) in answers {
            assert_eq!((status, begins.as_str()), (200, "BEGIN:VCALENDAR"));
            assert!(kind.starts_with("text/calendar"), "{kind}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_briefing_leads_to_its_report() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/press").await?;
        reader.click(".briefing a[href*='vi/article/']").await?;
        reader.until("one('main article [data-body]')").await?;
        assert!(reader.address().await?.starts_with("vi/article/"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn spokespersons_can_be_rung_and_written_to() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let press = reader.portal.api("press?lang=ko").await?;
        reader.open("ko/press").await?;
        let people = press["spokespersons"].as_array().unwrap().len();
        assert_eq!(reader.count(".spokesperson").await?, people);
        assert!(
            reader.count(".spokesperson a[href^='tel:+'], .spokesperson a[href^='tel:0']").await?
                > 0
        );
        assert!(reader.count(".spokesperson a[href^='mailto:']").await? > 0);
        Ok(())
    })
    .await
}
