//! The examples of `docs/embedding.md`, as they stand there.

use anyhow::Result;
use haidang_e2e::{Host, Setup, demo, example, javascript, journey, library};

fn open_to_all() -> Setup {
    Setup { server: &["--cors", "*"], ..Setup::default() }
}

/// Signed with a key of the server's tests that opens nothing: the reader is Trần Thị Biển, until 2100.
const TOKEN: &str = "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCJ9.eyJhdWQiOiJoYWlkYW5nIiwiZXhwIjo0MTAyNDQ0ODAwLCJuYW1lIjoi\
                     VHLhuqduIFRo4buLIEJp4buDbiIsImJhZGdlIjoicmVhZGVyIn0.rTv45QnKzKnLan5rUdDOOMynLd9Kgl0_LGWnH\
                     9V3WD9ihyNyG2fOg3dPHJFTQ80wIg3tAQjLEYMflGBiYOIIDA";

const SHOWN: &str = "inside('haidang-comments', 'article.comment')";

#[tokio::test]
async fn the_plain_example_shows_a_thread() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let portal = reader.portal.address();
        let page = example("plain")?.replace("https://portal.example/", &portal);
        let page = page.replace("\"7\"", &format!("\"{}\"", demo::NOODLES));
        host.put("", &[], &format!("<!doctype html><html lang=vi><title>Bài</title>{page}"))?;
        reader.visit(host.address()).await?;
        reader.until(SHOWN).await
    })
    .await
}

#[tokio::test]
async fn the_react_example_shows_a_thread_follows_it_and_takes_it_away() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        host.put("react.js", &[], &library("REACT")?)?;
        host.put("react-dom.js", &[], &library("REACT_DOM")?)?;
        host.put("hooks.js", &[], "export const { useEffect, useRef } = React;")?;
        host.put("comments.js", &[], &javascript(&example("react")?)?)?;
        let articles = [demo::NOODLES, demo::STORM];
        let start = format!(
            "import {{ Comments }} from '/comments.js';
            const root = ReactDOM.createRoot(document.querySelector('#app'));
            window.show = (article) => root.render(article && React.createElement(Comments, {{ article, onPosted: (id) => (window.posted = id) }}));
            show('{}');",
            articles[0]
        );
        host.put("start.js", &[], &start)?;
        let head = "<script src=/react.js></script><script src=/react-dom.js></script>
            <script type=importmap>{ \"imports\": { \"react\": \"/hooks.js\" } }</script>
            <script type=module src=/start.js></script>";
        host.show_with(reader, &[], head, "<div id=app></div>").await?;
        reader.until(SHOWN).await?;
        let level = "inside('haidang-comments', '#comments-title').ariaLevel";
        assert_eq!(reader.evaluate::<String>(level).await?, "3");
        reader.run("one('haidang-comments').dispatchEvent(new CustomEvent('haidang:posted', { detail: { comment: '5' } }))").await?;
        reader.until("window.posted === '5'").await?;
        reader.run(&format!("show('{}')", articles[1])).await?;
        let thread = reader.portal.api(&format!("articles/{}/comments", articles[1])).await?;
        let first = thread.pointer("/items/0/id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        reader.until(&format!("inside('haidang-comments', '#comment-{first}')")).await?;
        reader.run("show(null)").await?;
        reader.until("!one('haidang-comments')").await
    })
    .await
}

#[tokio::test]
async fn the_vue_example_shows_a_thread_and_follows_it() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        host.put("vue.js", &[], &library("VUE")?)?;
        let template = example("vue")?;
        let start = format!(
            "import {{ createApp }} from '/vue.js';
            const app = createApp({{ data: () => ({{ article: '{}' }}), methods: {{ posted(id) {{ window.posted = id; }} }},
                template: `{template}` }});
            app.config.compilerOptions.isCustomElement = (tag) => tag.startsWith('haidang-');
            window.page = app.mount('#app');",
            demo::NOODLES
        );
        host.put("start.js", &[], &start)?;
        let head = "<script type=module src=/start.js></script>";
        host.show_with(reader, &[], head, "<div id=app></div>").await?;
        reader.until(SHOWN).await?;
        reader.run("one('haidang-comments').dispatchEvent(new CustomEvent('haidang:posted', { detail: { comment: '5' } }))").await?;
        reader.until("window.posted === '5'").await?;
        reader.run(&format!("page.article = '{}'", demo::STORM)).await?;
        let thread = reader.portal.api(&format!("articles/{}/comments", demo::STORM)).await?;
        let first = thread.pointer("/items/0/id").and_then(|id| id.as_str()).unwrap_or_default().to_owned();
        reader.until(&format!("inside('haidang-comments', '#comment-{first}')")).await
    })
    .await
}

#[tokio::test]
async fn the_builder_makes_a_tag_that_works() -> Result<()> {
    journey(open_to_all(), async |reader| {
        reader.go("embed/builder").await?;
        reader.until("one('code').textContent").await?;
        let article = format!("{}vi/article/{}", reader.portal.address(), demo::NOODLES);
        reader.type_into("[name=article]", &article).await?;
        reader
            .until(&format!("one('.preview haidang-comments')?.article === '{}'", demo::NOODLES))
            .await?;
        reader.until(SHOWN).await?;
        assert_eq!(reader.axe().await?, Vec::<String>::new());
        let tag: String = reader.evaluate("one('code').textContent").await?;
        let host = Host::open().await?;
        host.put("", &[], &format!("<!doctype html><html lang=vi><title>Bài</title>{tag}"))?;
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        reader.visit(host.address()).await?;
        reader.until(SHOWN).await
    })
    .await
}

#[tokio::test]
async fn who_the_page_has_signed_in_writes_under_their_name_and_nothing_keeps_the_token()
-> Result<()> {
    const KEYS: &str = "../../server/tests/server/keys/public.pem";
    let server = &["--cors", "*", "--identity", "required", "--sso-keys", KEYS];
    let setup = Setup { server, ..Setup::default() };
    journey(setup, async |reader| {
        let host = Host::open().await?;
        let body = format!("<haidang-comments article='{}' loading=eager></haidang-comments>", demo::NOODLES);
        // Set before the script has made an element of the tag.
        let head = format!("<script>addEventListener('DOMContentLoaded', () => {{ document.querySelector('haidang-comments').token = '{TOKEN}'; }}, {{ capture: true }});</script>");
        host.show_with(reader, &[], &head, &body).await?;
        reader.until("inside('haidang-comments', '.thread-line')").await?;
        reader.run("inside('haidang-comments', 'textarea').focus()").await?;
        reader.press("Tôi đã đăng nhập").await?;
        reader.run("inside('haidang-comments', '.composer [type=submit]').click()").await?;
        let said = "[...one('haidang-comments').shadowRoot.querySelectorAll('article.comment')].find((it) => words(it).includes('Tôi đã đăng nhập'))";
        reader.until(&format!("words({said})?.includes('Trần Thị Biển')")).await?;
        let kept = format!("[localStorage, sessionStorage].some((it) => JSON.stringify(it).includes('{TOKEN}'))");
        assert!(!reader.evaluate::<bool>(&kept).await?);
        Ok(())
    })
    .await
}
