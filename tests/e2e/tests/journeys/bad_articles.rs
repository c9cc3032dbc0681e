//! Articles that lack something, or bring what they should not.

use anyhow::Result;
use haidang_e2e::{Fault, Faulty, Reader, Setup, demo::STORM, journey, word};
use serde_json::Value;

/// Opens the storm's article changed like this, in Korean.
async fn open_changed(reader: &Reader, change: fn(&mut Value)) -> Result<Faulty> {
    let faulty = Faulty::before(&reader.portal).await?;
    faulty.spoil("articles/bao-so-9?", Fault::Changed(change));
    reader.open(&format!("ko/article/{STORM}")).await?;
    Ok(faulty)
}

fn remove(value: &mut Value, key: &str) {
    if let Some(members) = value.as_object_mut() {
        members.remove(key);
    }
}

#[tokio::test]
async fn an_article_without_a_title_is_called_untitled() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty =
            open_changed(reader, |article| remove(&mut article["headline"], "title")).await?;
        reader.until("one('main article [data-body]')").await?;
        let untitled = word("ko", "article.untitled")?;
        assert_eq!(reader.text("h1").await?, untitled);
        assert!(reader.evaluate::<String>("document.title").await?.starts_with(&untitled));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_a_body_of_another_host_points_at_is_of_that_host() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty = open_changed(reader, |article| {
            article["body"]["value"] =
                "<p><a href=/tin>tin</a></p><img src=/cang.jpg alt=Cảng>".into();
        })
        .await?;
        let base = reader.portal.configured()?["sources"][0]["base"].clone();
        let host = base.as_str().unwrap().split('/').nth(2).unwrap().to_owned();
        reader.until("one('[data-body] a')").await?;
        for (css, name, path) in [("a", "href", "/tin"), ("img", "src", "/cang.jpg")] {
            let found = reader.attribute(&format!("[data-body] {css}"), name).await?;
            assert_eq!(found, Some(format!("http://{host}{path}")));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_without_a_body_says_so_and_keeps_the_rest() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty = open_changed(reader, |article| remove(article, "body")).await?;
        assert_eq!(reader.text(".article .empty").await?, word("ko", "article.no-body")?);
        assert!(reader.count(".related .headline").await? > 0);
        reader.scroll_to("#comments").await?;
        reader.until("one('.comment')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_without_a_date_or_with_one_that_is_none_is_shown_without() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty = open_changed(reader, |article| {
            remove(&mut article["headline"], "published");
            article["headline"]["updated"] = "the other day".into();
        })
        .await?;
        reader.until("one('main article [data-body]')").await?;
        assert_eq!(reader.count(".dates time").await?, 0);
        reader.until_console("updated: ").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_that_does_not_say_its_language_is_taken_for_the_one_asked_for() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty =
            open_changed(reader, |article| remove(&mut article["headline"], "lang")).await?;
        reader.until("one('main article [data-body]')").await?;
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("ko"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_body_of_five_megabytes_is_shown_as_far_as_it_can_be_and_says_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty = open_changed(reader, |article| {
            let paragraph = "<p>Một đoạn văn rất dài về <b>cảng</b> và <a href='/x'>biển</a>.</p>";
            article["body"]["value"] = paragraph.repeat(5_000_000 / paragraph.len()).into();
        })
        .await?;
        reader.until("all('[data-body] p').length > 1000").await?;
        reader.until_says("[data-body] .note", &word("ko", "article.truncated")?).await?;
        // The page is alive.
        reader.click(".languages a[hreflang=ja]").await?;
        reader.until("document.documentElement.lang === 'ja'").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn hostile_markup_does_nothing_and_keeps_its_text() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let _faulty = open_changed(reader, |article| {
            article["body"]["value"] = r#"
                <p onclick="window.taken=1">Trước <script>window.taken=1</script>sau.</p>
                <img src="x" onerror="window.taken=1">
                <a href="javascript:window.taken=1">liên kết</a>
                <a href="data:text/html,<script>parent.taken=1</script>">dữ liệu</a>
                <svg onload="window.taken=1"><script>window.taken=1</script></svg>
                <math><mtext><table><mglyph><style><img src=x onerror=window.taken=1></style></mglyph></table></mtext></math>
                <iframe srcdoc="<script>parent.taken=1</script>"></iframe>
                <form action="https://evil.example"><input name="q"><button>Gửi</button></form>
                <style>body { display: none }</style><base href="https://evil.example/">
                <meta http-equiv="refresh" content="0;url=https://evil.example/">
                <p>Đoạn cuối"#
                .into();
        })
        .await?;
        reader.until_says("[data-body] p", "Đoạn cuối").await?;
        reader.until_says("[data-body]", "Trước sau.").await?;
        reader.until_says("[data-body]", "liên kết").await?;
        reader
            .run("all('[data-body] *').forEach((e) => e.dispatchEvent(new MouseEvent('click', { bubbles: true })))")
            .await?;
        assert!(reader.evaluate::<bool>("window.taken === undefined").await?);
        let banned = "script, style, iframe, svg, math, form, input, base, meta, object, embed";
        assert_eq!(reader.count(&format!("[data-body] :is({banned})")).await?, 0);
        let handlers: Vec<String> = reader
            .evaluate(
                "all('[data-body] *').flatMap((e) => [...e.attributes])
                    .filter((a) => a.name.startsWith('on') || a.name === 'style' || /^\\s*(javascript|data):/i.test(a.value))
                    .map((a) => a.name + '=' + a.value)",
            )
            .await?;
        assert!(handlers.is_empty(), "{handlers:?}");
        Ok(())
    })
    .await
}
