//! Elements of a portal that prints pages: text before the app is there, and what becomes of it.

use anyhow::Result;
use haidang_e2e::{Host, Reader, Setup, demo, journey};

use crate::embedding::open_to_all;

/// Until the page says `go()`, no app begins; what has moved meanwhile is added up.
const HELD: &str = "<script>
    const begin = WebAssembly.instantiateStreaming;
    const gone = new Promise((go) => (window.go = go));
    WebAssembly.instantiateStreaming = async (...of) => { await gone; return begin(...of); };
    window.moved = 0;
    if (PerformanceObserver.supportedEntryTypes.includes('layout-shift')) new PerformanceObserver((list) => list.getEntries().forEach((it) => (window.moved += it.value)))
        .observe({ type: 'layout-shift', buffered: true });
    window.told = [];
    for (const name of ['view', 'posted', 'error'])
        addEventListener(`haidang:${name}`, (event) => told.push(name));
    </script>";

const PRINTED: &str = "inside('haidang-comments', '.hd[data-accents] article.comment')";
const TAKEN_OVER: &str =
    "inside('haidang-comments', '.hd:not([data-accents]) article.comment .comment-tools button')";

async fn show_thread(reader: &Reader, head: &str) -> Result<Host> {
    show_thread_of(demo::STORM, reader, head).await
}

async fn show_thread_of(article: &str, reader: &Reader, head: &str) -> Result<Host> {
    let host = Host::open().await?;
    let body = format!(
        "<haidang-comments article=\"{article}\" loading=eager><a id=fallback href=/>Đọc ở cổng</a></haidang-comments>"
    );
    host.show_with(reader, &[], head, &body).await?;
    Ok(host)
}

/// What stands where: the parts of the thread, and its first comments.
async fn places(reader: &Reader) -> Result<Vec<i64>> {
    reader
        .evaluate(
            "[...one('haidang-comments').shadowRoot.querySelectorAll('h2, .composer, .thread-tools, article.comment')]
                .slice(0, 10).map((it) => Math.round(it.getBoundingClientRect().top + scrollY))",
        )
        .await
}

#[tokio::test]
async fn a_thread_is_read_before_the_app_is_there_and_does_not_move_when_it_comes() -> Result<()> {
    journey(open_to_all(), read_a_printed_thread).await
}

async fn read_a_printed_thread(reader: &Reader) -> Result<()> {
    take_over(reader).await?;
    assert!(reader.evaluate::<f64>("moved").await? <= 0.01);
    assert_eq!(reader.errors().await?, Vec::<String>::new());
    Ok(())
}

pub async fn take_over(reader: &Reader) -> Result<()> {
    let _host = show_thread(reader, HELD).await?;
    reader.until(PRINTED).await?;
    assert!(!reader.evaluate::<bool>("one('#fallback').checkVisibility()").await?);
    // Addresses of comments are of the page around, as in the app.
    let link = "inside('haidang-comments', 'article.comment .meta a').href";
    let href: String = reader.evaluate(link).await?;
    assert!(href.starts_with(&reader.evaluate::<String>("location.href").await?), "{href}");
    let printed = places(reader).await?;
    assert_eq!(printed.len(), 10);
    // Somebody begins to write, and is at it when the app comes.
    reader.run("inside('haidang-comments', '[name=name]').focus()").await?;
    reader.press("An").await?;
    reader.run("inside('haidang-comments', 'textarea').focus()").await?;
    reader.press("Chưa xong").await?;
    reader
        .run("inside('haidang-comments', 'textarea').setSelectionRange(2, 4); window.moved = 0")
        .await?;
    reader.run("go()").await?;
    reader.until(TAKEN_OVER).await?;
    reader.until("inside('haidang-comments', '.thread-line')").await?;
    assert_eq!(places(reader).await?, printed);
    assert_eq!(
        reader.evaluate::<String>("inside('haidang-comments', '[name=name]').value").await?,
        "An"
    );
    let field = "one('haidang-comments').shadowRoot.activeElement";
    let caret: (String, u32, u32) = reader
        .evaluate(&format!("[{field}.value, {field}.selectionStart, {field}.selectionEnd]"))
        .await?;
    assert_eq!(caret, ("Chưa xong".to_owned(), 2, 4));
    // It is kept like anything that is typed, and told once.
    let draft = "Object.entries(localStorage).some(([key, value]) => key.includes(':draft:') && value.includes('Chưa xong'))";
    assert!(reader.evaluate::<bool>(draft).await?);
    assert_eq!(reader.evaluate::<Vec<String>>("told").await?, ["view"]);
    Ok(())
}

#[tokio::test]
async fn who_reads_further_down_stays_at_the_same_comment() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let _host = show_thread(reader, HELD).await?;
        reader.until(PRINTED).await?;
        // Comments above it have not been laid out.
        let read =
            "[...one('haidang-comments').shadowRoot.querySelectorAll('article.comment')][30]";
        reader
            .run(&format!("{read}.scrollIntoView({{ block: 'start', behavior: 'instant' }})"))
            .await?;
        reader.settle().await?;
        let place = format!("Math.round({read}.getBoundingClientRect().top)");
        let before: i64 = reader.evaluate(&place).await?;
        reader.run("go()").await?;
        reader
            .until("inside('haidang-comments', '.hd:not([data-accents]) article.comment')")
            .await?;
        reader.settle().await?;
        let after: i64 = reader.evaluate(&place).await?;
        assert!((after - before).abs() <= 2, "{before} before, {after} after");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_pressed_before_the_app_is_there_is_done_once_it_is() -> Result<()> {
    journey(open_to_all(), press_a_printed_thread).await
}

async fn press_a_printed_thread(reader: &Reader) -> Result<()> {
    let host = show_thread(reader, HELD).await?;
    reader.until(PRINTED).await?;
    let comment = "[...one('haidang-comments').shadowRoot.querySelectorAll('article.comment')][2]";
    let id: String = reader.evaluate(&format!("{comment}.id")).await?;
    reader.run(&format!("{comment}.querySelector('.comment-actions > button').click()")).await?;
    reader.run("go()").await?;
    reader.until(TAKEN_OVER).await?;
    // The form to answer it, which takes the focus.
    let answered = format!(
        "one('haidang-comments').shadowRoot.activeElement?.closest('li').querySelector('article').id === '{id}'"
    );
    reader.until(&answered).await?;
    drop(host);

    // A comment that is sent with a key, before there is anything to send it.
    let _host = show_thread(reader, HELD).await?;
    reader.until(PRINTED).await?;
    reader.run("inside('haidang-comments', '[name=name]').focus()").await?;
    reader.press("Người sớm").await?;
    reader.run("inside('haidang-comments', 'textarea').focus()").await?;
    reader.press("Viết trước khi ứng dụng tới").await?;
    reader.press_with(thirtyfour::Key::Control, thirtyfour::Key::Enter).await?;
    reader.run("go()").await?;
    reader.until("told.includes('posted')").await?;
    let said = "[...one('haidang-comments').shadowRoot.querySelectorAll('article.comment')].filter((it) => words(it).includes('Viết trước khi')).length";
    reader.until(&format!("{said} === 1")).await?;
    assert_eq!(reader.errors().await?, Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn who_writes_before_the_app_is_there_is_not_taken_for_a_machine() -> Result<()> {
    let server = &["--cors", "*", "--moderation", "published", "--fastest", "200"];
    journey(Setup { server, ..open_to_all() }, async |reader| {
        let _host = show_thread_of(demo::NOODLES, reader, HELD).await?;
        reader.until(PRINTED).await?;
        reader.run("inside('haidang-comments', '[name=name]').focus()").await?;
        reader.press("An").await?;
        reader.run("inside('haidang-comments', 'textarea').focus()").await?;
        reader.press("Gõ bằng tay").await?;
        reader.run("inside('haidang-comments', '.composer [type=submit]').click(); go()").await?;
        reader.until("told.includes('posted')").await?;
        let thread = reader.portal.api(&format!("articles/{}/comments", demo::NOODLES)).await?;
        assert_eq!(thread.to_string().matches("Gõ bằng tay").count(), 1, "{thread}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_article_is_not_what_was_printed() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let _host = show_thread(reader, HELD).await?;
        reader.until(PRINTED).await?;
        reader.run("inside('haidang-comments', 'textarea').focus()").await?;
        reader.press("Về cơn bão").await?;
        reader.run(&format!("one('haidang-comments').article = '{}'; go()", demo::NOODLES)).await?;
        reader.until(TAKEN_OVER).await?;
        let thread = reader.portal.api(&format!("articles/{}/comments", demo::NOODLES)).await?;
        let first = thread["items"][0]["id"].as_str().unwrap_or_default();
        reader.until(&format!("inside('haidang-comments', '#comment-{first}')")).await?;
        assert_eq!(
            reader.evaluate::<String>("inside('haidang-comments', 'textarea').value").await?,
            ""
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn printed_headlines_go_with_the_app_when_it_comes_after_all() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        host.show(reader, "<haidang-headlines limit=3 loading=eager></haidang-headlines>").await?;
        let count = "one('haidang-headlines').shadowRoot.querySelectorAll('h2').length";
        reader.until(&format!("{count} === 3")).await?;
        // The reader has settings here by now: what is printed is not for them.
        reader.run("localStorage.setItem('haidang:haiphong:preferences', '{}'); one('haidang-headlines').limit = '5'").await?;
        reader.until(&format!("{count} === 5 && !inside('haidang-headlines', '[data-accents]')")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn headlines_need_no_app() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        host.show(reader, "<haidang-headlines limit=3 loading=eager></haidang-headlines>").await?;
        let count = "one('haidang-headlines').shadowRoot.querySelectorAll('h2').length";
        reader.until(&format!("{count} === 3")).await?;
        reader.run("Object.assign(one('haidang-headlines'), { limit: '5', headingLevel: '3' })").await?;
        reader.until(&format!("{count} === 5")).await?;
        reader.until("inside('haidang-headlines', 'h2').ariaLevel === '3'").await?;
        reader.run("one('html').lang = 'ko'").await?;
        reader.until("inside('haidang-headlines', '.hd').lang === 'ko'").await?;
        reader.run("inside('haidang-headlines', '.hd').remove(); one('haidang-headlines').refresh()").await?;
        let fetched = "performance.getEntriesByType('resource').filter(({ name }) => /wasm|portal\\.json/.test(name)).length";
        assert_eq!(reader.evaluate::<u32>(fetched).await?, 0);
        assert_eq!(reader.errors().await?, Vec::<String>::new());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_is_printed_for_who_sees_another_thread_than_everybody() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = show_thread(reader, "").await?;
        reader.until(TAKEN_OVER).await?;
        let asked = "performance.getEntriesByType('resource').filter(({ name }) => name.includes('embed/printed?')).length";
        assert_eq!(reader.evaluate::<u32>(asked).await?, 1);
        // A page that says who they are.
        let head = "<script type=module>document.querySelector('haidang-comments').token = 'a.b.c'</script>";
        let body = format!("<haidang-comments article=\"{}\"></haidang-comments>", demo::STORM);
        host.show_with(reader, &[], head, &body).await?;
        reader.until(TAKEN_OVER).await?;
        assert_eq!(reader.evaluate::<u32>(asked).await?, 0);
        // Somebody who has muted people.
        reader.run("localStorage.setItem('haidang:haiphong:muted', JSON.stringify({ version: 1, names: ['Nobody'] }))").await?;
        host.show(reader, &body).await?;
        reader.until(TAKEN_OVER).await?;
        assert_eq!(reader.evaluate::<u32>(asked).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_app_that_does_not_come_leaves_the_text_and_the_way_on() -> Result<()> {
    journey(open_to_all(), async |reader| {
        let host = Host::open().await?;
        let portal = reader.portal.address().trim_end_matches('/').to_owned();
        let policy = format!(
            "script-src {portal}; connect-src {portal}; img-src {portal}; trusted-types haidang; \
             require-trusted-types-for 'script'"
        );
        let body = format!(
            "<haidang-comments article=\"{}\" loading=eager><a id=fallback href=/>Đọc ở cổng</a></haidang-comments>",
            demo::STORM
        );
        host.show_with(reader, &[("content-security-policy", &policy)], "", &body).await?;
        reader.until(PRINTED).await?;
        let left = "one('haidang-comments').shadowRoot.querySelectorAll('button, form, dialog, select').length";
        reader.until(&format!("{left} === 0")).await?;
        assert!(reader.evaluate::<bool>("one('#fallback').checkVisibility()").await?);
        assert!(reader.evaluate::<bool>(&format!("!!{PRINTED}")).await?);
        let said = reader.errors().await?;
        assert!(said.iter().any(|line| line.contains("'wasm-unsafe-eval'")), "{said:?}");
        Ok(())
    })
    .await
}
