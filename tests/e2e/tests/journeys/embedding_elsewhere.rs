//! Elements in pages that make it hard: strict policies, hostile styles, a dead portal, an app that breaks.

use anyhow::Result;
use haidang_e2e::{Host, Reader, Setup, demo, journey};
use serde_json::{Value, json};

fn open_to_all() -> Setup {
    Setup { server: &["--cors", "*"], ..Setup::default() }
}

fn comments() -> String {
    format!("<haidang-comments article=\"{}\" loading=\"eager\"></haidang-comments>", demo::NOODLES)
}

const SHOWN: &str = "inside('haidang-comments', 'article.comment')";

/// The directives that `docs/embedding.md` names, and no more.
fn strict(reader: &Reader, types: &str) -> String {
    let portal = reader.portal.address();
    let portal = portal.trim_end_matches('/');
    format!(
        "default-src 'none'; script-src {portal} 'wasm-unsafe-eval'; connect-src {portal}; \
         img-src {portal}; require-trusted-types-for 'script'; trusted-types {types}"
    )
}

#[tokio::test]
async fn a_strict_policy_needs_what_is_documented_and_no_more() -> Result<()> {
    journey(open_to_all(), read_under_a_strict_policy).await
}

pub async fn read_under_a_strict_policy(reader: &Reader) -> Result<()> {
    let host = Host::open().await?;
    let body = format!(
        "<haidang-headlines loading=eager></haidang-headlines>
         <haidang-article article='{}' loading=eager></haidang-article>{}",
        demo::DECADE,
        comments()
    );
    let policy = strict(reader, "haidang");
    host.show_with(reader, &[("content-security-policy", &policy)], "", &body).await?;
    for shown in
        [SHOWN, "inside('haidang-headlines', 'h2')", "inside('haidang-article', '.body > p')"]
    {
        reader.until(shown).await?;
    }
    // They look as they should: no style was refused.
    let colour: String =
        reader.evaluate("getComputedStyle(inside('haidang-headlines', '.kicker')).color").await?;
    assert_eq!(colour, "rgb(181, 39, 26)");
    let errors = reader.errors().await?;
    assert_eq!(errors, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn what_the_page_forbids_is_named_in_one_line_and_the_fallback_stays() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let body = comments().replace("></", "><p id=fallback>Đọc ở cổng</p></");
        let portal = reader.portal.address();
        let portal = portal.trim_end_matches('/');
        for (policy, advice) in [
            (strict(reader, "other"), "trusted-types haidang"),
            (strict(reader, "haidang").replace(" 'wasm-unsafe-eval'", ""), "'wasm-unsafe-eval'"),
            (
                strict(reader, "haidang")
                    .replace(&format!("connect-src {portal}"), "connect-src 'none'"),
                "connect-src of this page",
            ),
        ] {
            host.show_with(reader, &[("content-security-policy", &policy)], "", &body).await?;
            reader.until_console(advice).await?;
            assert!(reader.evaluate::<bool>("one('#fallback').checkVisibility()").await?, "{advice}");
        }
        // Not the portal's fault either.
        let dead = "<haidang-comments portal='http://127.0.0.1:9/' article=a loading=eager><p id=fallback>Đọc</p></haidang-comments>
            <haidang-headlines portal='junk:' loading=eager></haidang-headlines>
            <haidang-headlines portal='/' loading=eager></haidang-headlines>
            <haidang-comments article=nope loading=eager><p id=gone>Đọc</p></haidang-comments>
            <haidang-article loading=eager></haidang-article>";
        host.show(reader, dead).await?;
        reader.until_console("Is http://127.0.0.1:9 a portal").await?;
        // A server that is none.
        let wrong = host.address().trim_end_matches('/');
        reader.until_console(&format!("Is {wrong} a portal")).await?;
        reader.until_console("is not the address of a portal").await?;
        reader.until_console("the attribute `article` is missing").await?;
        // A portal that does not let this page ask: the reference server allows nobody unless told.
        reader.until("inside('haidang-article', 'slot:not([name]) a')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_portal_that_allows_no_other_pages_says_how_to() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let host = Host::open().await?;
        host.show(
            reader,
            "<haidang-headlines loading=eager><p id=fallback>Tin</p></haidang-headlines>",
        )
        .await?;
        let advice = format!("--cors {}", host.address().trim_end_matches('/'));
        reader.until_console(&advice).await?;
        assert!(reader.evaluate::<bool>("one('#fallback').checkVisibility()").await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hostile_styles_stay_outside_and_the_page_is_as_it_was() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let hostile = "<style>html { font-size: 10px } * { all: unset !important }
            p, h2, a, button { font: 40px fantasy !important; color: lime !important; display: none !important }</style>";
        let body = "<haidang-headlines limit=3 loading=eager></haidang-headlines>";
        // As they are in a page without any style, at the size of its text.
        let look = "[...one('haidang-headlines').shadowRoot.querySelectorAll('h2 a, .kicker, .meta, h2')].map((it) => {
            const style = getComputedStyle(it); const box = it.getBoundingClientRect();
            return [style.color, style.fontSize, style.display, style.lineHeight, Math.round(box.height)].join(' '); })";
        let shown = "inside('haidang-headlines', 'h2')";
        host.show(reader, &format!("<div style='width: 280px; font-family: serif'>{body}</div>")).await?;
        reader.until(shown).await?;
        reader.settle().await?;
        let calm: Vec<String> = reader.evaluate(look).await?;
        host.show_with(reader, &[], hostile, &format!("<div style='width: 280px !important; font-family: serif !important; display: block !important; font-size: 16px !important'>{body}</div>")).await?;
        reader.until(shown).await?;
        reader.settle().await?;
        assert_eq!(reader.evaluate::<Vec<String>>(look).await?, calm);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn styles_and_globals_of_the_page_are_not_touched() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let before = "<style>h1 { color: rgb(1, 2, 3) }</style>
            <script>window.before = new Set(Object.getOwnPropertyNames(window));
            window.shifts = 0; new PerformanceObserver((list) => { for (const shift of list.getEntries()) shifts += shift.value; })
                .observe({ type: 'layout-shift', buffered: true });</script>";
        let body = format!(
            "<style>haidang-comments, haidang-headlines {{ display: block; min-height: 1200px }}</style>
             <haidang-headlines limit=3></haidang-headlines>{}<p id=end>Hết</p>",
            comments()
        );
        host.show_with(reader, &[], before, &body).await?;
        let before_entries: u32 = reader.evaluate("history.length").await?;
        reader.until(SHOWN).await?;
        reader.until("inside('haidang-headlines', 'h2')").await?;
        reader.settle().await?;
        // `ret_nodes` is the driver's.
        let new: Vec<String> = reader
            .evaluate("Object.getOwnPropertyNames(window).filter((name) => !window.before.has(name) && !['before', 'shifts', 'ret_nodes'].includes(name) && isNaN(name))")
            .await?;
        assert_eq!(new, Vec::<String>::new());
        assert_eq!(reader.evaluate::<String>("getComputedStyle(one('h1')).color").await?, "rgb(1, 2, 3)");
        assert_eq!(reader.evaluate::<u32>("document.adoptedStyleSheets.length").await?, 0);
        let entries: u32 = reader.evaluate("history.length").await?;
        assert_eq!(entries, before_entries);
        let shifts: f64 = reader.evaluate("shifts").await?;
        assert!(shifts <= 0.01, "{shifts}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_trap_costs_the_element_that_caused_it_and_no_other() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        // The memory of the app is at hand, to be ruined.
        let head = "<script>const real = WebAssembly.instantiateStreaming;
            WebAssembly.instantiateStreaming = async (...of) => {
                const made = await real(...of);
                const { memory } = made.instance.exports;
                if (memory) (window.memories ??= []).push(memory);
                return made; };
            window.thrown = [];</script>";
        let body = format!("{}<haidang-headlines limit=3 loading=eager></haidang-headlines>", comments());
        host.show_with(reader, &[], head, &body).await?;
        reader.until("inside('haidang-comments', '.thread-line')").await?;
        reader.until("inside('haidang-headlines', 'h2')").await?;
        // Who collects errors from now on hears of none of ours.
        reader.run("addEventListener('error', (event) => thrown.push(event.message)); new Uint8Array(memories[0].buffer).fill(255); inside('haidang-comments', '.thread-tools button').click()").await?;
        // The others are there again, of a fresh instance; this one says so.
        reader.until("window.memories.length === 2 && inside('haidang-headlines', 'h2')").await?;
        reader.until("inside('haidang-comments', '.hd-stopped button')").await?;
        reader.run("inside('haidang-comments', '.hd-stopped button').click()").await?;
        reader.until(SHOWN).await?;
        assert_eq!(reader.evaluate::<Vec<String>>("thrown").await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn odd_places_are_places() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let body = format!(
            "<base href='https://elsewhere.example/'>
             <div id=tab style='display: none'>{}</div>
             <div id=outer></div>
             <div dir=rtl lang=ar style='width: 280px'><haidang-article article='{}' loading=eager></haidang-article></div>
             <script>outer.attachShadow({{ mode: 'open' }}).innerHTML = '<div lang=en><haidang-headlines limit=2></haidang-headlines></div>';
             const again = document.createElement('script'); again.type = 'module'; again.src = '{}embed/v1/embed.js?another'; document.head.append(again);</script>",
            comments().replace(" loading=\"eager\"", ""),
            demo::STORM,
            reader.portal.address()
        );
        host.show(reader, &body).await?;
        reader.until("inside('haidang-article', '.body')").await?;
        let fits = "inside('haidang-article', '.hd').scrollWidth <= 280";
        assert!(reader.evaluate::<bool>(fits).await?, "{fits}");
        let headlines = "one('#outer').shadowRoot.querySelector('haidang-headlines').shadowRoot";
        reader.until(&format!("{headlines}.querySelector('h2')")).await?;
        assert_eq!(reader.evaluate::<String>(&format!("{headlines}.querySelector('.hd').lang")).await?, "en");
        // The language changes around them, there too; and an element that is moved is where it was moved to.
        reader.run("one('#outer').shadowRoot.querySelector('div').lang = 'vi'").await?;
        reader.until(&format!("{headlines}.querySelector('.hd').lang === 'vi'")).await?;
        reader.run("one('#outer').shadowRoot.querySelector('div').append(one('haidang-article'))").await?;
        let moved = "one('#outer').shadowRoot.querySelector('haidang-article').shadowRoot";
        reader.until(&format!("{moved}.querySelector('.hd').lang === 'vi' && {moved}.querySelector('.body')")).await?;
        // In a tab that nobody sees, nothing is loaded.
        assert!(!reader.evaluate::<bool>(&format!("Boolean({SHOWN})")).await?);
        reader.run("one('#tab').style.display = 'block'; one('#tab').scrollIntoView()").await?;
        reader.until(SHOWN).await?;
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn axe_finds_nothing_in_a_page_with_elements() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let body = format!(
            "<p>Trước</p><haidang-headlines limit=4 loading=eager></haidang-headlines>
             <haidang-article article='{}' loading=eager></haidang-article>{}",
            demo::DECADE,
            comments()
        );
        host.show(reader, &body).await?;
        reader.until(SHOWN).await?;
        reader.until("inside('haidang-article', '.article-foot')").await?;
        reader.until("inside('haidang-headlines', 'h2')").await?;
        // No landmark that a page has once.
        let landmarks = "[...all('haidang-article, haidang-comments, haidang-headlines')].flatMap((it) =>
            [...it.shadowRoot.querySelectorAll('main, [role=main], [role=banner]')]).length";
        assert_eq!(reader.evaluate::<u32>(landmarks).await?, 0);
        for theme in ["light", "dark", "contrast"] {
            reader.run(&format!("all('haidang-article, haidang-comments, haidang-headlines').forEach((it) => (it.theme = {}))", json!(theme))).await?;
            reader.settle().await?;
            assert_eq!(reader.axe().await?, Vec::<String>::new(), "{theme}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn frames_are_as_high_as_what_is_in_them_even_in_a_sandbox() -> Result<()> {
    journey(open_to_all(), see_frames).await
}

pub async fn see_frames(reader: &Reader) -> Result<()> {
    let host = Host::open().await?;
    let portal = reader.portal.address();
    let origin = host.address().trim_end_matches('/');
    let frame = |id: &str, sandbox: &str| {
        format!(
            "<iframe id={id} title='Bài viết' sandbox='{sandbox}' height=100 width=600
             src='{portal}embed/article/{}?lang=ja&theme=dark&origin={origin}'></iframe>",
            demo::STORM
        )
    };
    let body = format!(
        "{}{}<iframe id=liar title='Khác' height=100 src='about:blank'></iframe>",
        frame("whole", "allow-scripts allow-same-origin"),
        frame("apart", "allow-scripts")
    );
    let head = format!("<script type=module src='{portal}embed/v1/resize.js'></script>");
    host.show_with(reader, &[], &head, &body).await?;
    reader.until("one('#whole').height > 1000 && one('#apart').height > 1000").await?;
    // Whoever pretends to be a frame of another origin is not heard.
    reader.run("one('#liar').contentWindow.eval(\"parent.postMessage({ type: 'haidang:height', height: 900 }, '*')\")").await?;
    reader.settle().await?;
    assert_eq!(reader.evaluate::<String>("one('#liar').height").await?, "100");
    Ok(())
}

#[tokio::test]
async fn a_pasted_link_becomes_a_card() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let address = format!("{}vi/article/{}", reader.portal.address(), demo::STORM);
        reader.visit(&address).await?;
        let card: String =
            reader.evaluate("one('link[type=\"application/json+oembed\"]').href").await?;
        let card: Value =
            reader.evaluate(&format!("fetch({}).then((card) => card.json())", json!(card))).await?;
        let text = |name: &str| card.get(name).and_then(Value::as_str).unwrap_or_default();
        assert_eq!((text("version"), text("type")), ("1.0", "rich"));
        let frame =
            format!("src=\"{}embed/article/{}?lang=vi\"", reader.portal.address(), demo::STORM);
        assert!(text("html").contains(&frame), "{card}");
        let host = Host::open().await?;
        host.show(reader, text("html")).await?;
        reader.until_in_frame("inside('haidang-article', 'h1')").await
    })
    .await
}
