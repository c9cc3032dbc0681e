//! The app itself without a server: it opens, below any path and at any address, and nothing that is not the
//! portal's takes its place. It can be installed.

use anyhow::Result;
use haidang_e2e::{
    Instead, Reader, Setup,
    demo::{LANGUAGES, NOODLES, STORM},
    journey, word,
};
use serde_json::{Value, json};

use crate::thread::{kept, open_thread, texts, write};

pub fn with_worker() -> Setup {
    Setup { worker: true, ..Setup::default() }
}

/// The frame of the portal, in words of a language.
async fn until_frame(reader: &Reader, lang: &str) -> Result<()> {
    reader.until("all('.site-nav a').length > 3 && one('main h1')").await?;
    reader.until_says(".settings-link", &word(lang, "nav.settings")?).await
}

/// Waits until the cache of pictures has one.
async fn until_picture(reader: &Reader, url: &str) -> Result<()> {
    let url = json!(url);
    reader
        .until(&format!("caches.match({url}, {{ cacheName: 'haidang:haiphong:pictures' }})"))
        .await
}

#[tokio::test]
async fn the_portal_can_be_installed_under_its_name_in_the_readers_language() -> Result<()> {
    journey(with_worker(), async |reader| {
        for (lang, tag) in LANGUAGES {
            reader.open(&format!("{lang}/")).await?;
            reader.until("one('[rel=manifest]').href").await?;
            let told = reader.devtools("Page.getAppManifest", json!({})).await?;
            assert_eq!(told["errors"], json!([]), "{told}");
            let manifest: Value = serde_json::from_str(told["data"].as_str().unwrap_or("null"))?;
            assert_eq!(manifest["name"], reader.portal.configured()?["name"][lang]);
            assert_eq!(manifest["lang"], tag);
            assert!(manifest["shortcuts"].as_array().is_some_and(|list| list.len() == 4));
        }
        reader.until_app_kept().await?;
        let errors = reader.devtools("Page.getInstallabilityErrors", json!({})).await?;
        // That of browsers that keep nothing, which a browser under control is.
        let ours = errors["installabilityErrors"].as_array().into_iter().flatten();
        let ours = ours.filter(|error| error["errorId"] != "in-incognito").collect::<Vec<_>>();
        assert!(ours.is_empty(), "{ours:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_file_that_a_manifest_names_is_there_below_any_path() -> Result<()> {
    journey(Setup { base: "/cong/", ..with_worker() }, async |reader| {
        reader.open("vi/").await?;
        let wrong: Vec<String> = reader
            .evaluate(
                "fetch(one('[rel=manifest]').href).then((answer) => answer.json().then(async (it) => {
                    const at = (path) => new URL(path, answer.url).href;
                    const wrong = [];
                    for (const { src, type } of [...it.icons, ...it.screenshots]) {
                        const file = await fetch(at(src));
                        if (!file.ok || file.headers.get('content-type') !== type) wrong.push(src);
                    }
                    for (const path of [it.start_url, it.scope, ...it.shortcuts.map(({ url }) => url)])
                        if (!at(path).startsWith(document.baseURI)) wrong.push(path);
                    return wrong;
                }))",
            )
            .await?;
        assert_eq!(wrong, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn it_opens_at_any_address_with_the_server_gone() -> Result<()> {
    journey(with_worker(), open_without_the_server).await
}

pub async fn open_without_the_server(reader: &Reader) -> Result<()> {
    reader.open("vi/").await?;
    reader.until_app_kept().await?;
    reader.portal.stop();
    for page in
        ["", "vi/", &format!("vi/article/{STORM}"), "vi/search?q=c%E1%BA%A3ng", "vi/settings"]
    {
        reader.lose_tab().await?;
        reader.open(page).await?;
        until_frame(reader, "vi").await?;
    }
    // The settings are a part of their own, which has not been used before.
    reader.until("one('.settings input[name=theme]')").await?;
    assert_eq!(reader.errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn it_opens_at_a_deep_link_below_a_path_with_the_server_gone() -> Result<()> {
    journey(Setup { base: "/cong/", ..with_worker() }, async |reader| {
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.until_app_kept().await?;
        reader.portal.stop();
        reader.lose_tab().await?;
        reader.open("vi/section/news").await?;
        until_frame(reader, "vi").await?;
        let scope: String = reader
            .evaluate("navigator.serviceWorker.getRegistration().then((it) => it.scope)")
            .await?;
        assert_eq!(scope, reader.portal.address());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pictures_that_were_seen_are_there_and_saved_ones_before_them() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.until("one('figure.lead img').naturalWidth > 0").await?;
        let url: String = reader.evaluate("one('figure.lead img').currentSrc").await?;
        until_picture(reader, &url).await?;
        reader.portal.stop();
        let seen = |url: &str| format!(
            "new Promise((done) => {{ const it = new Image(); it.onload = () => done(it.naturalWidth);
                it.onerror = () => done(0); it.src = {}; }})",
            json!(url)
        );
        assert!(reader.evaluate::<u32>(&seen(&url)).await? > 1);
        // A picture of a saved article, of a file that no server has.
        let saved = format!("{}media/saved.svg", reader.portal.address());
        let keep = format!(
            "caches.open('haidang:haiphong:kept').then((cache) => cache.put({}, new Response(
                '<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"7\" height=\"7\"/>',
                {{ headers: {{ 'content-type': 'image/svg+xml' }} }}))).then(() => null)",
            json!(saved)
        );
        reader.evaluate::<()>(&keep).await?;
        assert_eq!(reader.evaluate::<u32>(&seen(&saved)).await?, 7);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_login_page_of_a_network_is_not_taken_for_the_portal() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        reader.portal.stop();
        let said = "Welcome to our wifi, please sign in";
        let login = format!("<!doctype html><title>Sign in</title><h1>{said}</h1>");
        let login = Instead::of(&reader.portal, &login).await?;
        reader.open("en/").await?;
        until_frame(reader, "en").await?;
        let picture = format!("{}media/nobody.webp", reader.portal.address());
        let asked = format!(
            "new Promise((done) => {{ const it = new Image(); it.onerror = () => done(null); it.src = {}; }})",
            json!(picture)
        );
        reader.evaluate::<()>(&asked).await?;
        let taken: Vec<String> = reader
            .evaluate(&format!(
                "caches.keys().then(async (names) => {{
                    const taken = [];
                    for (const name of names) {{
                        const cache = await caches.open(name);
                        for (const request of await cache.keys())
                            if ((await (await cache.match(request)).text()).includes({})) taken.push(request.url);
                    }}
                    return taken;
                }})",
                json!(said)
            ))
            .await?;
        assert_eq!(taken, Vec::<String>::new());
        login.end().await;
        reader.portal.start().await?;
        reader.reload().await?;
        reader.until("one('.front-lead')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_browser_has_thrown_away_is_kept_again() -> Result<()> {
    journey(with_worker(), keep_again).await
}

pub async fn keep_again(reader: &Reader) -> Result<()> {
    reader.open("vi/").await?;
    reader.until_app_kept().await?;
    reader
        .evaluate::<()>(
            "caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))
                .then(() => null)",
        )
        .await?;
    reader.reload().await?;
    reader.until("one('.front-lead')").await?;
    reader.until_app_kept().await?;
    reader.portal.stop();
    reader.reload().await?;
    until_frame(reader, "vi").await
}

#[tokio::test]
async fn a_changed_portal_json_arrives_through_the_worker() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let mut portal = reader.portal.configured()?;
        if let Some(name) = portal.pointer_mut("/name/vi") {
            *name = json!("Cổng mới");
        }
        reader.portal.configure(&portal.to_string())?;
        // A network that is slow for once would give it the next time.
        reader.reload().await?;
        reader.until_answered("portal.json").await?;
        reader.reload().await?;
        reader.until_says(".brand", "Cổng mới").await?;
        reader.portal.stop();
        reader.reload().await?;
        reader.until_says(".brand", "Cổng mới").await
    })
    .await
}

#[tokio::test]
async fn pages_that_the_server_prints_come_from_the_network_and_else_as_they_were() -> Result<()> {
    journey(Setup { own_site: true, ..with_worker() }, async |reader| {
        reader.portal.mark_as_printing()?;
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let version = reader.version().await?;
        let printed = |version: &str, words: &str| {
            format!("<!doctype html><html data-build={version} data-printed><h1>{words}</h1></html>")
        };
        reader.portal.stop();
        let server = Instead::of(&reader.portal, &printed(&version, "Lần in thứ nhất")).await?;
        let kept = |words: &str| {
            format!(
                "caches.match(location.href).then((it) => it?.text()).then((it) => it?.includes({}))",
                json!(words)
            )
        };
        reader.go("vi/press").await?;
        reader.until_says("h1", "Lần in thứ nhất").await?;
        reader.until(&kept("thứ nhất")).await?;
        server.say(Some(&printed(&version, "Lần in thứ hai")));
        reader.go("vi/press").await?;
        reader.until_says("h1", "Lần in thứ hai").await?;
        reader.until(&kept("thứ hai")).await?;
        // Of another version: shown, since it is what the server has, and not kept for this one.
        server.say(Some(&printed("another", "Bản khác")));
        reader.go("vi/press").await?;
        reader.until_says("h1", "Bản khác").await?;
        // A server that does not answer is not waited for.
        server.say(None);
        reader.go("vi/press").await?;
        reader.until_says("h1", "Lần in thứ hai").await?;
        reader.go("vi/search").await?;
        until_frame(reader, "vi").await?;
        server.end().await;
        reader.go("vi/press").await?;
        reader.until_says("h1", "Lần in thứ hai").await
    })
    .await
}

#[tokio::test]
async fn what_was_written_goes_out_when_no_page_is_open() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        open_thread(reader, "vi", NOODLES).await?;
        reader.portal.stop();
        let said = ["Viết lúc mất mạng, gửi khi không ai xem.", "Hai.", "Ba.", "Bốn.", "Năm."];
        for text in said {
            write(reader, "Bạn đọc", text).await?;
        }
        reader.until_says(".comment-status", &word("vi", "writing.trying")?).await?;
        reader
            .until(
                "navigator.serviceWorker.getRegistration().then((it) => it.sync.getTags())
                    .then((tags) => tags.includes('outbox'))",
            )
            .await?;
        reader.lose_tab().await?;
        reader.portal.start().await?;
        let arrived = || Ok(kept(&reader.portal, NOODLES, "Năm.")? == 1);
        reader.dispatch_sync_until("outbox", arrived).await?;
        reader.open(&format!("vi/article/{NOODLES}")).await?;
        reader.until("!one('.tray')").await?;
        assert_eq!(reader.outbox().await?, Vec::<Value>::new());
        // Once each, in the order they were written.
        let told = texts(&reader.portal, NOODLES)?;
        let told: Vec<&str> =
            told.iter().map(|text| &**text).filter(|text| said.contains(text)).collect();
        assert_eq!(told, said);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_emergency_that_is_sent_to_the_browser_is_shown_in_its_language() -> Result<()> {
    journey(with_worker(), async |reader| {
        reader.open("vi/").await?;
        reader.until_app_kept().await?;
        let granted = json!({ "permissions": ["notifications"], "origin": reader.origin() });
        reader.devtools("Browser.grantPermissions", granted).await?;
        let notice = json!({
            "id": "storm-10", "title": "Bão số 10", "text": "Vào nơi trú.", "lang": "vi",
            "issued": 1_794_000_000_000_u64, "url": "vi/article/bao-so-9",
        });
        let shown = "navigator.serviceWorker.getRegistration().then((it) => it.getNotifications())";
        let is_shown = format!("{shown}.then((all) => all.length === 1)");
        reader.deliver_push_until(&notice.to_string(), &is_shown).await?;
        let told: Value = reader
            .evaluate(&format!(
                "{shown}.then(([it]) => [it.title, it.body, it.lang, it.tag, it.data.url])"
            ))
            .await?;
        assert_eq!(
            told,
            json!(["Bão số 10", "Vào nơi trú.", "vi", "storm-10", "vi/article/bao-so-9"])
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_that_was_read_opens_cold_with_the_server_gone_and_with_its_emergencies()
-> Result<()> {
    journey(with_worker(), read_again_without_the_server).await
}

pub async fn read_again_without_the_server(reader: &Reader) -> Result<()> {
    reader.open(&format!("vi/article/{STORM}")).await?;
    reader.until_app_kept().await?;
    reader.until("one('.notice[data-level=emergency]')").await?;
    let [title, notice] = [reader.text("h1").await?, reader.text(".notice").await?];
    let record = format!("record.key.includes({})", json!(format!("articles/{STORM}?")));
    reader.until_record("abouts", &record).await?;
    reader.until_record("abouts", "record.key.includes('notices')").await?;
    reader.portal.stop();
    reader.lose_tab().await?;
    reader.open(&format!("vi/article/{STORM}")).await?;
    reader.until_says("main article h1", &title).await?;
    reader.until("one('.body p')").await?;
    // With the time of issue.
    reader.until_says(".notice", &notice).await
}
