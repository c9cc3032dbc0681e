//! From the front page into an article, and what is around its text.

use anyhow::Result;
use haidang_e2e::{
    Reader, Setup,
    demo::{ATTACHED, CORRECTED, DECADE, STORM},
    journey, word,
};
use serde_json::{Value, json};

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test]
async fn the_front_page_leads_to_the_article_that_the_editor_ranked_first() -> Result<()> {
    journey(Setup::default(), follow_the_front_page).await
}

pub async fn follow_the_front_page(reader: &Reader) -> Result<()> {
    let front = reader.portal.api("front?lang=vi").await?;
    let lead = &front["lead"][0];
    reader.open("vi/").await?;
    reader.click(".headlines-lead .headline-text a").await?;
    reader.until_says("h1", text(&lead["title"])).await?;
    let (id, slug) = (text(&lead["key"]["id"]), text(&lead["slug"]));
    assert_eq!(reader.address().await?, format!("vi/article/{id}/{slug}"));
    Ok(())
}

#[tokio::test]
async fn the_front_page_shows_every_headline_that_the_edition_has_for_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let front = reader.portal.api("front?lang=ja").await?;
        reader.open("ja/").await?;
        let shown = reader.texts("main .headline-text a").await?;
        let sections = front["sections"].as_array().unwrap().iter().map(|part| &part["items"]);
        for items in [&front["lead"], &front["latest"]].into_iter().chain(sections) {
            for item in items.as_array().unwrap() {
                assert!(shown.iter().any(|title| title == text(&item["title"])), "{item}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_has_all_that_a_newspaper_prints_with_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let article = reader.portal.api(&format!("articles/{DECADE}?lang=vi")).await?;
        let headline = &article["headline"];
        reader.open(&format!("vi/article/{DECADE}")).await?;
        assert_eq!(reader.text("h1").await?, text(&headline["title"]));
        assert_eq!(reader.text(".article .kicker").await?, text(&headline["kicker"]));
        assert_eq!(reader.text(".article .standfirst").await?, text(&headline["standfirst"]));
        let byline = reader.text(".byline").await?;
        assert!(byline.contains(text(&article["authors"][0]["name"])), "{byline}");
        assert!(byline.contains(text(&article["dateline"])), "{byline}");
        let published = reader.text(".dates time").await?;
        assert_eq!(published, "Thứ Sáu, 09/12/2016, 08:32 [GMT+7]");
        let words = reader.text("figure.lead figcaption").await?;
        let image = &headline["image"];
        assert!(words.contains(text(&image["caption"])), "{words}");
        assert!(words.contains(text(&image["credit"])), "{words}");
        let alt = reader.attribute("figure.lead img", "alt").await?;
        assert_eq!(alt.as_deref(), image["alt"].as_str());
        for part in ["table", "blockquote", "figure", "ul", "ol", "h2", "h3"] {
            assert!(reader.count(&format!("[data-body] {part}")).await? > 0, "no {part}");
        }
        let tags: Vec<&str> =
            article["tags"].as_array().unwrap().iter().map(|tag| text(&tag["name"])).collect();
        assert_eq!(reader.texts(".tags a").await?, tags);
        let related = article["related"].as_array().unwrap().len();
        assert_eq!(reader.count(".related article").await?, related);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_slug_in_an_address_is_decoration() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let article = reader.portal.api(&format!("articles/{STORM}?lang=vi")).await?;
        reader.open(&format!("vi/article/{STORM}/some-old-title")).await?;
        assert_eq!(reader.text("h1").await?, text(&article["headline"]["title"]));
        let slug = text(&article["headline"]["slug"]);
        reader.until_address(&format!("vi/article/{STORM}/{slug}")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_contents_of_a_long_article_lead_to_its_headings() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{DECADE}")).await?;
        let entries = reader.texts(".contents a").await?;
        let headings = reader.texts("[data-body] h2, [data-body] h3").await?;
        assert_eq!(entries, headings);
        reader.click(".contents li:nth-child(4) a").await?;
        let target = "document.getElementById(location.hash.slice(1))";
        reader.until(&format!("{target}?.matches('[data-body] h2, [data-body] h3')")).await?;
        reader
            .until(&format!(
                "(({{top}}) => top >= 0 && top < innerHeight / 2)({target}.getBoundingClientRect())"
            ))
            .await?;
        assert!(reader.address().await?.starts_with(&format!("vi/article/{DECADE}/")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn jumps_in_an_article_that_was_come_to_by_links_stay_in_it() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("vi/").await?;
        // A link to it, wherever the front page has it today.
        reader
            .run(&format!(
                "const link = Object.assign(document.createElement('a'), {{ id: 'there' }});
                link.append('tới'); link.setAttribute('href', 'vi/article/{DECADE}');
                one('main').prepend(link);"
            ))
            .await?;
        reader.click("#there").await?;
        reader.until("one('main article [data-body]')").await?;
        reader.run("window.marker = 'kept'").await?;
        let address = reader.address().await?;
        let seen = "(({ top }) => top >= -1 && top < innerHeight)(document
            .getElementById(decodeURIComponent(location.hash.slice(1))).getBoundingClientRect())";
        // Not as with a mouse, for which the driver would scroll.
        reader.run("one('.contents li:nth-child(4) a').click()").await?;
        reader.until("location.hash").await?;
        reader.until(seen).await?;
        let contents = reader.address().await?;
        // A note, and back to the text.
        reader.run("one('[data-body] a[role=doc-noteref]').click()").await?;
        reader.until(&format!("location.href !== document.baseURI + {}", json!(contents))).await?;
        reader.until(seen).await?;
        let note = reader.address().await?;
        reader.run("one('.footnotes :target a[href*=\"#\"]:last-of-type').click()").await?;
        reader.until(&format!("location.href !== document.baseURI + {}", json!(note))).await?;
        reader.until(seen).await?;
        // The way back is the way there.
        for before in [&note, &contents, &address] {
            reader.back().await?;
            reader.until_address(before).await?;
        }
        reader.until("scrollY === 0").await?;
        assert!(reader.evaluate::<bool>("window.marker === 'kept'").await?);
        reader.back().await?;
        reader.until("one('.front-lead')").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_note_leads_to_its_text_and_back() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{DECADE}")).await?;
        reader.click("[data-body] a[role=doc-noteref]").await?;
        let inside = |css: &str| {
            format!(
                "(({{top, bottom}}) => top >= 0 && bottom <= innerHeight)\
                 (one({}).getBoundingClientRect())",
                json!(css)
            )
        };
        reader.until("location.hash !== ''").await?;
        reader.until(&inside(".footnotes li")).await?;
        reader.click(".footnotes li a[href*='#']:last-child").await?;
        reader.until(&inside("[data-body] a[role=doc-noteref]")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_picture_of_an_article_comes() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ko/article/{DECADE}")).await?;
        reader.run("all('main img').forEach((image) => image.loading = 'eager')").await?;
        reader.until("all('main img').every((image) => image.complete)").await?;
        let broken: Vec<String> = reader
            .evaluate("all('main img').filter((i) => !i.naturalWidth).map((i) => i.currentSrc)")
            .await?;
        assert!(broken.is_empty(), "{broken:#?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_attached_file_can_be_had() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{ATTACHED}")).await?;
        let kind: String = reader
            .evaluate("fetch(one('.article .file-list a').href).then((r) => `${r.status} ${r.headers.get('content-type')}`)")
            .await?;
        assert_eq!(kind, "200 application/pdf");
        assert!(reader.text(".article .file-list li").await?.contains("(PDF, "));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_link_to_an_article_can_be_copied() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let permissions =
            json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        reader.devtools("Browser.grantPermissions", permissions).await?;
        reader.open(&format!("vi/article/{CORRECTED}")).await?;
        let label = json!(word("vi", "article.copy")?);
        reader
            .run(&format!("all('.share button').find((b) => words(b) === {label}).click()"))
            .await?;
        reader.until_says(".share [role=status]", &word("vi", "article.copied")?).await?;
        let copied: bool = reader
            .evaluate("navigator.clipboard.readText().then((t) => t === location.href)")
            .await?;
        assert!(copied);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn on_paper_there_is_the_article_and_nothing_to_press() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("vi/article/{STORM}")).await?;
        reader.devtools("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
        for gone in
            [".site-nav", ".languages", ".header-search", ".share", ".composer", ".progress"]
        {
            let shown = format!("all('{gone}').some((element) => element.checkVisibility())");
            assert!(!reader.evaluate::<bool>(&shown).await?, "{gone} is printed");
        }
        for kept in ["h1", "[data-body] p", ".byline", "figure.lead img"] {
            let shown = format!("one('{kept}').checkVisibility()");
            assert!(reader.evaluate::<bool>(&shown).await?, "{kept} is not printed");
        }
        Ok(())
    })
    .await
}
