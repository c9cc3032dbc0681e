//! A new build of the app: it waits until the reader agrees, harms no page of the old one, and gives way to
//! it if it does not start.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{NOODLES, STORM},
    journey, word,
};
use serde_json::json;

/// What is in the names of the newer builds' files.
const NEWER: &str = "1111111111111111";
const NEWEST: &str = "2222222222222222";

fn renewable() -> Setup {
    Setup { worker: true, own_site: true, ..Setup::default() }
}

/// Waits for the line that says so.
async fn until_offered(reader: &Reader) -> Result<()> {
    reader.until_says(".update", &word("vi", "update.ready")?).await
}

/// Opens the portal and puts another build in its place, which waits to be agreed to.
async fn begin(reader: &Reader) -> Result<String> {
    reader.open("vi/").await?;
    reader.until_app_kept().await?;
    let newer = reader.portal.renew(NEWER, false)?;
    reader.look_for_update().await?;
    until_offered(reader).await?;
    Ok(newer)
}

async fn agree(reader: &Reader) -> Result<()> {
    reader.click(".update button:first-child").await
}

/// Whether the browser keeps a version.
fn keeps(caches: &[String], version: &str) -> bool {
    caches.iter().any(|name| name.ends_with(version))
}

#[tokio::test]
async fn a_new_build_comes_when_the_reader_agrees_and_not_before() -> Result<()> {
    journey(renewable(), async |reader| {
        let older = {
            reader.open("vi/").await?;
            reader.version().await?
        };
        let newer = begin(reader).await?;
        // Whoever goes on, goes on with what they have; the server has nothing of it any more.
        reader.reload().await?;
        assert_eq!(reader.version().await?, older);
        until_offered(reader).await?;
        reader.run("one('footer a').focus()").await?;
        reader.click(".update button:last-child").await?;
        reader.until("!one('.update button')").await?;
        // Who puts it off is back where they were.
        reader.until("document.activeElement === one('footer a')").await?;
        reader.reload().await?;
        until_offered(reader).await?;
        agree(reader).await?;
        reader
            .until(&format!("document.documentElement.dataset.build === {}", json!(newer)))
            .await?;
        reader.until("one('.front-lead')").await?;
        // What nobody runs any more is gone, once the new one has started.
        reader.until_started().await?;
        reader
            .until(&format!(
                "caches.keys().then((names) => !names.join().includes({}))",
                json!(older)
            ))
            .await?;
        reader.portal.stop();
        reader.reload().await?;
        assert_eq!(reader.version().await?, newer);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_of_the_old_build_goes_on_while_another_tab_has_the_new_one() -> Result<()> {
    journey(renewable(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let older = reader.version().await?;
        let old = reader.another_tab().await?;
        let newer = begin(reader).await?;
        agree(reader).await?;
        reader
            .until(&format!("document.documentElement.dataset.build === {}", json!(newer)))
            .await?;
        reader.until_started().await?;
        assert!(keeps(&reader.caches().await?, &older));
        let new = reader.another_tab().await?;
        reader.close_for(old).await?;
        // Parts, words and pages of the old build, which the server has no more.
        assert_eq!(reader.version().await?, older);
        reader.click(".settings-link[href$=settings]").await?;
        reader.until("one('.settings input[name=theme]')").await?;
        reader.click(".languages a[hreflang=ja]").await?;
        reader.until_says(".settings-link", &word("ja", "nav.settings")?).await?;
        reader.click(".brand").await?;
        reader.until("one('.front-lead')").await?;
        assert_eq!(reader.version().await?, older);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        // Gone with its last page.
        reader.close_for(new).await?;
        reader.reload().await?;
        reader
            .until(&format!(
                "caches.keys().then((names) => !names.join().includes({}))",
                json!(older)
            ))
            .await
    })
    .await
}

#[tokio::test]
async fn a_new_build_says_nothing_while_the_reader_types() -> Result<()> {
    journey(renewable(), async |reader| {
        reader.open(&format!("vi/article/{NOODLES}")).await?;
        reader.until_app_kept().await?;
        reader.type_into(".header-search input", "cảng").await?;
        reader.portal.renew(NEWER, false)?;
        reader.look_for_update().await?;
        reader.until("one('.update')").await?;
        assert_eq!(reader.text(".update").await?, "");
        reader.until_focus(".header-search input").await?;
        reader.run("document.activeElement.blur()").await?;
        until_offered(reader).await?;
        reader.until("!document.activeElement.closest('.update')").await?;
        assert_eq!(reader.value(".header-search input").await?, "cảng");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_build_that_does_not_start_gives_way_to_the_last_that_did() -> Result<()> {
    journey(renewable(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let good = reader.version().await?;
        let broken = reader.portal.renew(NEWER, true)?;
        reader.look_for_update().await?;
        until_offered(reader).await?;
        agree(reader).await?;
        reader
            .until(&format!("document.documentElement.dataset.build === {}", json!(broken)))
            .await?;
        // It says that it does not start; whoever tries again gets what did, in the end.
        reader.until("one('#boot .stopped').checkVisibility()").await?;
        for _ in 0..2 {
            assert_eq!(reader.version().await?, broken);
            reader.go("vi/").await?;
        }
        reader.go(&format!("vi/article/{STORM}")).await?;
        reader.until("one('main article h1')").await?;
        assert_eq!(reader.version().await?, good);
        // A mended one comes as any other.
        let mended = reader.portal.mend(NEWEST)?;
        reader.look_for_update().await?;
        until_offered(reader).await?;
        agree(reader).await?;
        reader
            .until(&format!("document.documentElement.dataset.build === {}", json!(mended)))
            .await?;
        reader.until("one('main article h1')").await
    })
    .await
}

#[tokio::test]
async fn what_an_older_worker_kept_is_cleared_away_and_what_the_reader_saved_is_not() -> Result<()>
{
    journey(renewable(), async |reader| {
        // As a worker of another format would have left it, and somebody else's.
        reader.open("vi/").await?;
        reader
            .evaluate::<()>(
                "Promise.all(['haidang:haiphong:shell-v0', 'haidang:haiphong:worker:0:state',
                    'haidang:haiphong:pages:0:abc', 'haidang:haiphong:kept', 'haidang:other:shell:1:x']
                    .map(async (name) => (await caches.open(name)).put('vi/', new Response('as it was'))))
                    .then(() => null)",
            )
            .await?;
        reader.until_app_kept().await?;
        begin(reader).await?;
        agree(reader).await?;
        reader.until("one('.front-lead')").await?;
        reader.until_started().await?;
        reader
            .until("caches.keys().then((names) => !names.some((name) => /shell-v0|worker:0|pages:0/.test(name)))")
            .await?;
        let left = reader.caches().await?;
        for name in ["haidang:haiphong:kept", "haidang:other:shell:1:x"] {
            assert!(left.iter().any(|left| left == name), "{name}: {left:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_site_that_gives_up_its_worker_is_rid_of_it_and_of_what_it_kept() -> Result<()> {
    journey(renewable(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        reader.run("caches.open('haidang:haiphong:kept')").await?;
        reader.portal.give_up_worker()?;
        reader.look_for_update().await?;
        reader
            .until("navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
            .await?;
        reader.until("one('.front-lead') && !navigator.serviceWorker.controller").await?;
        assert_eq!(reader.caches().await?, ["haidang:haiphong:kept"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_build_of_which_a_file_is_missing_is_not_taken() -> Result<()> {
    journey(renewable(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let good = reader.version().await?;
        let half = reader.portal.renew(NEWER, false)?;
        reader.portal.lose_file(&format!("haidang-{NEWER}_thread.wasm"))?;
        reader.look_for_update().await?;
        // What was begun is not used, though nearly all of it is there.
        reader
            .until(
                "navigator.serviceWorker.getRegistration().then((it) => !it.installing && !it.waiting)",
            )
            .await?;
        assert!(keeps(&reader.caches().await?, &half));
        assert_eq!(reader.count(".update").await?, 0);
        reader.reload().await?;
        assert_eq!(reader.version().await?, good);
        reader.until("one('.front-lead')").await
    })
    .await
}
