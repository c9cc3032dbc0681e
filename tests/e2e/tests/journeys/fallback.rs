//! What an edition lacks is shown in another language, and what is behind or taken back says so.

use anyhow::Result;
use haidang_e2e::{
    Setup,
    demo::{CORRECTED, ENGLISH_ONLY, MACHINE, NOODLES, OUTDATED, VIETNAMESE_ONLY, WITHDRAWN},
    filled, journey, word,
};

#[tokio::test]
async fn a_vietnamese_article_in_the_japanese_edition_is_labelled() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ja/article/{VIETNAMESE_ONLY}")).await?;
        let language = reader.language_name("vi", "ja").await?;
        let label = filled("ja", "article.fallback", &[("language", &language)])?;
        assert!(reader.texts(".article-meta .note").await?.contains(&label));
        assert_eq!(reader.attribute("html", "lang").await?.as_deref(), Some("ja"));
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("vi"));
        assert_eq!(reader.attribute(".article-meta", "lang").await?.as_deref(), Some("ja"));
        assert_eq!(reader.text(".article-foot h2").await?, word("ja", "article.tags")?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_english_article_in_the_vietnamese_edition_is_labelled() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let article = reader.portal.api(&format!("articles/{ENGLISH_ONLY}?lang=en")).await?;
        reader.open(&format!("vi/article/{ENGLISH_ONLY}")).await?;
        assert_eq!(reader.text("h1").await?, article["headline"]["title"].as_str().unwrap());
        let language = reader.language_name("en", "vi").await?;
        let label = filled("vi", "article.fallback", &[("language", &language)])?;
        assert!(reader.texts(".article-meta .note").await?.contains(&label));
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("en"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn any_versions_address_opens_the_version_of_the_edition() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let japanese = reader.portal.api(&format!("articles/{OUTDATED}?lang=ja")).await?;
        reader.open(&format!("ja/article/{OUTDATED}.ko")).await?;
        let headline = &japanese["headline"];
        assert_eq!(reader.text("h1").await?, headline["title"].as_str().unwrap());
        let slug = headline["slug"].as_str().unwrap();
        reader.until_address(&format!("ja/article/{OUTDATED}.ja/{slug}")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_languages_a_reader_reads_come_before_the_portals_own_order() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ja/article/{NOODLES}")).await?;
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("vi"));
        reader.open("ja/settings").await?;
        reader.click("input[name=reads][value=en]").await?;
        reader.open(&format!("ja/article/{NOODLES}")).await?;
        assert_eq!(reader.attribute("main article", "lang").await?.as_deref(), Some("en"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_translation_that_is_behind_says_so_and_leads_to_the_original() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ko/article/{OUTDATED}")).await?;
        let language = reader.language_name("vi", "ko").await?;
        let note = reader.text(".article-meta .note").await?;
        assert!(
            note.contains(&filled("ko", "article.translation", &[("language", &language)])?),
            "{note}"
        );
        assert!(note.contains(&word("ko", "article.outdated")?), "{note}");
        reader.click(".article-meta .note a").await?;
        let original = reader.portal.api(&format!("articles/{OUTDATED}?lang=vi")).await?;
        reader.until_says("h1", original["headline"]["title"].as_str().unwrap()).await?;
        reader.until(&format!("location.pathname.includes('vi/article/{OUTDATED}/')")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_translation_that_is_not_behind_does_not_say_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("ja/article/{OUTDATED}")).await?;
        let note = reader.text(".article-meta .note").await?;
        assert!(!note.contains(&word("ja", "article.outdated")?), "{note}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_machines_translation_says_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open(&format!("en/article/{MACHINE}")).await?;
        let language = reader.language_name("vi", "en").await?;
        let note = reader.text(".article-meta .note").await?;
        assert!(
            note.contains(&filled("en", "article.machine", &[("language", &language)])?),
            "{note}"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_correction_is_printed_with_the_article() -> Result<()> {
    journey(Setup::default(), async |reader| {
        for lang in ["vi", "en"] {
            let article = reader.portal.api(&format!("articles/{CORRECTED}?lang={lang}")).await?;
            reader.open(&format!("{lang}/article/{CORRECTED}")).await?;
            let said = reader.text(".article .correction").await?;
            assert!(said.starts_with(&word(lang, "article.correction")?), "{said}");
            assert!(said.ends_with(article["corrections"][0]["text"].as_str().unwrap()), "{said}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_article_that_was_taken_back_says_why_and_lists_say_so() -> Result<()> {
    journey(Setup::default(), async |reader| {
        let article = reader.portal.api(&format!("articles/{WITHDRAWN}?lang=vi")).await?;
        reader.open(&format!("vi/article/{WITHDRAWN}")).await?;
        let said = reader.text(".article-meta .alert").await?;
        assert!(said.starts_with(&word("vi", "article.withdrawn")?), "{said}");
        assert!(said.ends_with(article["withdrawal"]["text"].as_str().unwrap()), "{said}");
        assert_eq!(reader.count("figure.lead").await?, 0);
        reader.open("vi/section/news").await?;
        let label =
            reader.text(&format!(".headline:has(a[href*='{WITHDRAWN}']) .meta .label")).await?;
        assert_eq!(label, word("vi", "article.withdrawn")?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn below_a_list_stands_what_other_languages_have_and_no_work_twice() -> Result<()> {
    journey(Setup::default(), async |reader| {
        reader.open("ja/section/news").await?;
        let vietnamese = reader.language_name("vi", "ja").await?;
        let title = filled("ja", "list.more-in", &[("language", &vietnamese)])?;
        let titles = reader.texts(".more-in h2").await?;
        assert_eq!(titles.first(), Some(&title));
        assert_eq!(reader.attribute(".more-in article", "lang").await?.as_deref(), Some("vi"));
        let label = reader.text(".more-in article .meta .label").await?;
        assert_eq!(label, reader.portal.language("vi")?);
        let mut works: Vec<String> = reader
            .evaluate(
                "all('main .headline-text a').map((a) =>
                    a.href.split('/article/')[1].split('/')[0].replace(/\\.(en|ja)$/, ''))",
            )
            .await?;
        works.sort();
        let all = works.len();
        works.dedup();
        assert_eq!(works.len(), all, "{works:?}");
        Ok(())
    })
    .await
}
