//! Elements in somebody else's page, which is of another origin than the portal: each of them, what they tell
//! the page and what they take from it.

use anyhow::{Context, Result};
use haidang_e2e::{Backends, Host, Reader, Setup, demo, journey};
use serde_json::{Value, json};
use thirtyfour::Key;

/// Every page may ask the portal, which prints, as it does unless it is told otherwise.
pub fn open_to_all() -> Setup {
    Setup { server: &["--cors", "*", "--comments", "40"], printed: true, ..Setup::default() }
}

/// Waits until the element `css` shows what it was asked for.
async fn until_shown(reader: &Reader, css: &str) -> Result<()> {
    reader.until(&format!("inside({}, '.hd > *')", json!(css))).await
}

/// The words within the element `css`.
async fn says(reader: &Reader, css: &str, within: &str) -> Result<Vec<String>> {
    let (css, within) = (json!(css), json!(within));
    let all = format!("[...one({css}).shadowRoot.querySelectorAll({within})].map(words)");
    reader.evaluate(&all).await
}

#[tokio::test]
async fn each_element_shows_what_the_portal_shows() -> Result<()> {
    journey(open_to_all(), see_each_element).await
}

pub async fn see_each_element(reader: &Reader) -> Result<()> {
    let host = Host::open().await?;
    let article = demo::STORM;
    let body = format!(
        "<haidang-headlines limit=\"3\"></haidang-headlines>
         <haidang-article article=\"{article}\">đang tải</haidang-article>
         <haidang-comments article=\"{article}\" loading=\"eager\"></haidang-comments>
         <p>Có <haidang-count article=\"{article}\">nhiều</haidang-count> bình luận</p>
         <a href=\"#\" data-haidang-count=\"{article}\">Bình luận</a>"
    );
    host.show(reader, &body).await?;
    let told = reader.portal.api("articles?limit=3&lang=vi").await?;
    let titles: Vec<&str> = told["items"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item["title"].as_str())
        .collect();
    until_shown(reader, "haidang-headlines").await?;
    assert_eq!(says(reader, "haidang-headlines", "h2").await?, titles);
    until_shown(reader, "haidang-article").await?;
    let told = reader.portal.api(&format!("articles/{article}?lang=vi")).await?;
    assert_eq!(
        says(reader, "haidang-article", "h1").await?,
        [told["headline"]["title"].as_str().unwrap_or_default()]
    );
    reader.until("inside('haidang-comments', 'article.comment')").await?;
    let thread = reader.portal.api(&format!("articles/{article}/comments")).await?;
    let total = thread["total"].as_u64().unwrap_or_default();
    reader.until(&format!("one('haidang-count').shadowRoot.textContent === '{total}'")).await?;
    reader.until(&format!("words(one('a[data-haidang-count]')) === 'Bình luận ({total})'")).await?;
    // Links lead to the portal, whatever page they are on.
    let hrefs: Vec<String> = reader
        .evaluate(
            "[...one('haidang-headlines').shadowRoot.querySelectorAll('h2 a')].map((a) => a.href)",
        )
        .await?;
    let home = format!("{}vi/article/", reader.portal.address());
    assert!(hrefs.iter().all(|href| href.starts_with(&home)), "{hrefs:?}");
    assert_eq!(reader.errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn elements_of_a_portal_that_prints_nothing_are_the_apps_alone() -> Result<()> {
    let setup = || Setup { printed: false, ..open_to_all() };
    journey(setup(), see_each_element).await?;
    journey(setup(), listen_to_elements).await
}

#[tokio::test]
async fn twenty_elements_share_one_instance_and_leave_nothing_behind() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let article = demo::NOODLES;
        let three = format!(
            "<haidang-headlines limit='2' loading='eager'></haidang-headlines>
             <haidang-article article='{article}' loading='eager'></haidang-article>
             <haidang-comments article='{article}' loading='eager'></haidang-comments>"
        );
        // The app's own memory, to be weighed too.
        let head = "<script>const real = WebAssembly.instantiateStreaming;
            WebAssembly.instantiateStreaming = async (...of) => {
                const made = await real(...of);
                window.wasm ??= made.instance.exports.memory;
                return made; };</script>";
        let body = format!("<div id=all>{}</div>", three.repeat(7));
        host.show_with(reader, &[], head, &body).await?;
        let elements = "all('#all > *')";
        reader.until(&format!("{elements}.every((it) => it.shadowRoot.querySelector('.hd > *'))")).await?;
        let wasm: Vec<String> = reader
            .evaluate("performance.getEntriesByType('resource').map((r) => r.name).filter((name) => name.endsWith('_bg.wasm'))")
            .await?;
        assert_eq!(wasm.len(), 1, "{wasm:?}");
        // Made and taken away again and again.
        reader.run(&format!("window.three = {}; window.again = async (times) => {{
            for (let time = 0; time < times; time += 1) {{
                const box = document.createElement('div');
                box.innerHTML = window.three;
                document.querySelector('#all').replaceChildren(box);
                // Some are gone before they have come, some before the app has taken over.
                const own = (it) => time % 5 > 1 && it.localName !== 'haidang-headlines' ? ':not([data-accents])' : '';
                if (time % 5) await new Promise((shown) => {{
                    const look = () => [...box.children].every((it) => it.shadowRoot.querySelector(`.hd${{own(it)}} > *`)) ? shown() : setTimeout(look, 5);
                    look();
                }});
                box.remove();
                performance.clearResourceTimings();
                await new Promise((done) => setTimeout(done));
            }}
        }}", json!(three))).await?;
        let again = async |times: u32| -> Result<u64> {
            reader.run(&format!("window.done = false; window.again({times}).then(() => (window.done = true))")).await?;
            reader.until("window.done").await?;
            memory(reader).await
        };
        // To warm up: what is kept for all is there then, and memory as large as it gets.
        again(40).await?;
        let mut held = vec![again(1).await?];
        // Memory is taken in pieces and not given back: a busy moment may need one more than any before. What is
        // left behind is left behind each time.
        let grows = |held: &[u64]| {
            held.array_windows().all(|[before, after]| after.saturating_sub(*before) * 20 > *before)
        };
        while held.len() < 4 && grows(&held) {
            held.push(again(100).await?);
        }
        eprintln!("bytes held: {held:?}");
        assert!(!grows(&held), "{held:?}");
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

/// Bytes that the page holds: JavaScript's and the app's own.
async fn memory(reader: &Reader) -> Result<u64> {
    reader.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    reader.devtools("HeapProfiler.collectGarbage", json!({})).await?;
    let used = reader.devtools("Runtime.getHeapUsage", json!({})).await?;
    let bytes = |name: &str| used.get(name).and_then(Value::as_f64).unwrap_or_default();
    let used = bytes("usedSize") + bytes("embedderHeapUsedSize") + bytes("backingStorageSize");
    let own: f64 = reader.evaluate("wasm.buffer.byteLength").await?;
    #[expect(clippy::as_conversions, reason = "bytes")]
    Ok((used + own) as u64)
}

#[tokio::test]
async fn an_element_follows_its_attributes_its_place_and_the_language_around() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        host.show(
            reader,
            &format!("<section id=one></section><section id=two lang=en></section>
             <haidang-comments article=\"{}\" loading=eager heading-level=4></haidang-comments>", demo::STORM),
        )
        .await?;
        reader.until("inside('haidang-comments', 'article.comment')").await?;
        let comments = "one('haidang-comments').shadowRoot";
        let lang = || async { reader.evaluate::<String>(&format!("{comments}.querySelector('.hd').lang")).await };
        assert_eq!(lang().await?, "vi");
        assert_eq!(reader.evaluate::<String>(&format!("{comments}.querySelector('#comments-title').ariaLevel")).await?, "4");
        // What is typed survives a language, and the move to another place.
        reader.run(&format!("{comments}.querySelector('textarea').value = 'đang viết'")).await?;
        reader.run("one('haidang-comments').lang = 'ko'").await?;
        reader.until(&format!("{comments}.querySelector('.hd').lang === 'ko'")).await?;
        reader.run("one('haidang-comments').removeAttribute('lang'); one('#two').append(one('haidang-comments'))").await?;
        reader.run("one('html').lang = 'ja'").await?;
        reader.run("one('#two').lang = 'zh-Hans'").await?;
        reader.until(&format!("{comments}.querySelector('.hd').lang === 'zh-Hans'")).await?;
        assert_eq!(reader.evaluate::<String>(&format!("{comments}.querySelector('textarea').value")).await?, "đang viết");
        // Another article is another thread; junk is as if it was not there.
        let other = demo::NOODLES;
        reader.run(&format!("Object.assign(one('haidang-comments'), {{ headingLevel: 'junk', article: '{other}' }})")).await?;
        let thread = reader.portal.api(&format!("articles/{other}/comments")).await?;
        let first = thread.pointer("/items/0/id").and_then(Value::as_str).unwrap_or_default().to_owned();
        reader.until(&format!("{comments}.getElementById('comment-{first}')")).await?;
        assert_eq!(reader.evaluate::<Option<String>>(&format!("{comments}.querySelector('#comments-title').ariaLevel")).await?, None);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn links_comments_and_failures_are_told_to_the_page() -> Result<()> {
    journey(open_to_all(), listen_to_elements).await
}

pub async fn listen_to_elements(reader: &Reader) -> Result<()> {
    let host = Host::open().await?;
    let body = format!(
        "<haidang-headlines limit=2 loading=eager></haidang-headlines>
         <haidang-comments article=\"{}\" loading=eager></haidang-comments>
         <haidang-article article=nope loading=eager><p id=fallback>Đọc ở cổng</p></haidang-article>",
        demo::NOODLES
    );
    let listen =
        "<script>window.told = []; for (const name of ['navigate', 'posted', 'error', 'view'])
        addEventListener(`haidang:${name}`, (event) => {
            told.push([name, event.target.localName, event.detail]);
            if (window.keeps && name === 'navigate') event.preventDefault();
        });</script>";
    host.show_with(reader, &[], listen, &body).await?;
    let told = |name: &str, of: &str| {
        format!("told.some(([name, of]) => name === '{name}' && of === 'haidang-{of}')")
    };
    reader.until(&told("view", "headlines")).await?;
    reader.until(&told("view", "comments")).await?;
    reader.until(&told("error", "article")).await?;
    assert!(reader.evaluate::<bool>("one('#fallback').checkVisibility()").await?);
    // The page keeps the reader here.
    reader.run("window.keeps = true; inside('haidang-headlines', 'h2 a').click()").await?;
    reader.until(&told("navigate", "headlines")).await?;
    assert_eq!(reader.evaluate::<String>("location.href").await?, host.address());
    // Writing, by keyboard and through the boundary.
    reader.until("inside('haidang-comments', '.thread-line')").await?;
    reader.run("inside('haidang-comments', 'textarea').focus()").await?;
    reader.press("Viết từ một trang khác").await?;
    reader.run("inside('haidang-comments', '[name=name]').focus()").await?;
    reader.press("Người lạ").await?;
    reader.run("inside('haidang-comments', '.composer [type=submit]').click()").await?;
    reader.until(&told("posted", "comments")).await?;
    let id: String = reader.evaluate("told.find(([name]) => name === 'posted')[2].comment").await?;
    reader.until(&format!("inside('haidang-comments', '#comment-{id}')")).await?;
    // The address of the page names a comment of the thread.
    reader.run(&format!("location.hash = 'comment-{id}'")).await?;
    reader
        .until(&format!("one('haidang-comments').shadowRoot.activeElement?.id === 'comment-{id}'"))
        .await?;
    reader.run("window.keeps = false; inside('haidang-headlines', 'h2 a').click()").await?;
    let home = format!("{}vi/article/", reader.portal.address());
    reader.until(&format!("location.href.startsWith('{home}')")).await
}

#[tokio::test]
async fn places_within_an_element_are_gone_to_whatever_address_the_page_has_by_now() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let article = demo::STORM;
        let body = format!(
            "<haidang-article article=\"{article}\" loading=eager></haidang-article>
             <haidang-comments article=\"{article}\" loading=eager></haidang-comments>"
        );
        host.show(reader, &body).await?;
        reader.until("inside('haidang-article', 'sup a')").await?;
        reader.until("inside('haidang-comments', '.thread-line')").await?;
        reader.run("history.pushState(null, '', '?tab=2'); window.stays = true").await?;
        reader.run("inside('haidang-article', 'sup a').click()").await?;
        let focused = |css: &str| format!("one('{css}').shadowRoot.activeElement");
        let note = focused("haidang-article");
        reader.until(&format!("{note}?.closest('.footnotes')")).await?;
        // That of a comment is an address to share.
        reader.run("inside('haidang-comments', 'a[href*=\"#comment-\"]').click()").await?;
        let comment = focused("haidang-comments");
        reader
            .until(&format!("{comment} && location.hash === '#' + {comment}.id && window.stays"))
            .await?;
        assert_eq!(reader.evaluate::<String>("location.search").await?, "?tab=2");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn keys_find_their_way_through_page_and_element() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let body = format!(
            "<p><a href=# id=before>Trước</a></p>
             <haidang-comments article=\"{}\" loading=eager></haidang-comments>
             <p><a href=# id=after>Sau</a></p>",
            demo::NOODLES
        );
        host.show(reader, &body).await?;
        reader.until("inside('haidang-comments', '.thread-line')").await?;
        let focus = "one('haidang-comments').shadowRoot.activeElement";
        reader.run("one('#before').focus()").await?;
        reader.press("\u{e004}").await?;
        reader.until(&format!("{focus}?.closest('.composer')")).await?;
        // Single keys move through the thread while the focus is in it, and only then.
        let first: String =
            reader.evaluate("inside('haidang-comments', 'article.comment').id").await?;
        reader.run("inside('haidang-comments', 'article.comment').focus()").await?;
        reader.press("j").await?;
        reader
            .until(&format!("{focus}?.matches('article.comment') && {focus}.id !== '{first}'"))
            .await?;
        reader.press("?").await?;
        reader.until("inside('haidang-comments', '#thread-keys')?.open").await?;
        reader.press("\u{e00c}").await?;
        reader.until("!inside('haidang-comments', '#thread-keys').open").await?;
        let there: String = reader.evaluate(&format!("{focus}.id")).await?;
        reader.run("one('#after').focus()").await?;
        reader.press("k").await?;
        reader.settle().await?;
        assert_eq!(reader.evaluate::<String>("document.activeElement.id").await?, "after");
        // Back into the thread from behind.
        reader.press_with(Key::Shift, Key::Tab).await?;
        reader.until("document.activeElement.localName === 'haidang-comments'").await?;
        assert_ne!(there, first);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_thread_under_a_post_of_wordpress_is_wordpresss_own() -> Result<()> {
    let setup = Setup { languages: "en", ..open_to_all() };
    journey(setup, async |reader| {
        let running = Backends::behind(&["wordpress"], &reader.portal).await?;
        let wordpress = running.origin("wordpress")?;
        let posts = Host::json(&format!("{wordpress}/wp-json/wp/v2/posts?per_page=20")).await?;
        let open = |post: &&Value| post.get("comment_status").and_then(Value::as_str) == Some("open");
        let post = posts.as_array().into_iter().flatten().find(open).context("an open post")?;
        let id = post.get("id").and_then(Value::as_u64).context("its id")?;
        reader.visit(post.get("link").and_then(Value::as_str).context("its address")?).await?;
        reader.run("one('haidang-comments').scrollIntoView()").await?;
        reader.until("inside('haidang-comments', '.composer textarea')").await?;
        let text = "Written beneath a post";
        reader.run("inside('haidang-comments', 'textarea').focus()").await?;
        reader.press(text).await?;
        // Was published before.
        reader.run("inside('haidang-comments', '[name=name]').focus()").await?;
        reader.press("Moussa").await?;
        reader.run("inside('haidang-comments', '.composer [type=submit]').click()").await?;
        let said = "[...one('haidang-comments').shadowRoot.querySelectorAll('article.comment')].find((it) => words(it).includes('Written beneath a post'))";
        reader.until(&format!("{said} && !{said}.id.startsWith('comment-local-')")).await?;
        let kept = Host::json(&format!("{wordpress}/wp-json/wp/v2/comments?post={id}&per_page=100")).await?;
        let kept = kept.as_array().into_iter().flatten();
        let body = |comment: &Value| comment.pointer("/content/rendered").and_then(Value::as_str).map(str::to_owned);
        assert_eq!(kept.filter_map(body).filter(|body| body.contains(text)).count(), 1);
        Ok(())
    })
    .await
}
