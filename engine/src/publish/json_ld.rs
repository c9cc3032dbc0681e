//! What an article's page is about, for search engines: JSON-LD in the words of <https://schema.org>.

use serde_json::{Value, json};

use super::{Home, byline::byline, home::section_page};
use crate::{
    lang::Lang,
    model::{Article, Author, Headline, Image, Key, Version, VersionKind},
    route::Page,
};

pub(super) const CONTEXT: &str = "https://schema.org";

/// An article as `NewsArticle`; `None` if it is withdrawn.
pub fn news_article(home: &Home<'_>, article: &Article) -> Option<Value> {
    let headline = &article.headline;
    if headline.withdrawn || article.withdrawal.is_some() {
        return None;
    }
    let url = kept_address(home, article);
    let (original, translations) = translations(home, article);
    let corrections = article.corrections.iter().map(|correction| {
        let date = correction.date.to_string();
        json!({ "@type": "CorrectionComment", "text": correction.text, "datePublished": date })
    });
    let tags = article.tags.iter().map(|tag| tag.name.as_str());
    Some(present(json!({
        "@context": CONTEXT,
        "@type": "NewsArticle",
        "@id": home.id(&headline.lang, &headline.key),
        "url": url,
        "mainEntityOfPage": { "@type": "WebPage", "@id": url },
        "headline": headline.title,
        "description": headline.standfirst,
        "datePublished": headline.published.map(|at| at.to_string()),
        "dateModified": headline.updated.or(headline.published).map(|at| at.to_string()),
        "inLanguage": home.tag(&headline.lang),
        "isAccessibleForFree": true,
        "author": author(home, headline, &article.authors),
        "publisher": publisher(home, &headline.lang),
        "image": headline.image.as_ref().and_then(|image| picture(home, image)),
        "articleSection": headline.section.as_ref().map(|section| &section.name),
        "keywords": filled(tags),
        "commentCount": headline.comments,
        "correction": filled(corrections),
        "translationOfWork": original,
        "workTranslation": filled(translations),
    })))
}

/// Where a page stands, as `BreadcrumbList`: the front page of the edition, and what `trail` leads through.
pub fn breadcrumbs(home: &Home<'_>, lang: &Lang, trail: &[(&str, Page)]) -> Value {
    let front = (home.name(lang), Page::Front);
    let items = std::iter::once(&front).chain(trail).zip(1..);
    let items = items.map(|((name, page), position)| {
        let address = home.page(lang, page.clone());
        json!({ "@type": "ListItem", "position": position, "name": name, "item": address })
    });
    json!({
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": items.collect::<Vec<_>>(),
    })
}

/// From the front page to an article: by its section, if it has one.
pub fn trail(headline: &Headline) -> Vec<(&str, Page)> {
    let section = headline.section.as_ref().map(|section| {
        let key = Key { source: headline.key.source.clone(), id: section.id.clone() };
        (section.name.as_str(), section_page(&key))
    });
    let page = Page::Article { key: headline.key.clone(), slug: headline.slug.clone() };
    section.into_iter().chain([(headline.title.as_str(), page)]).collect()
}

/// The address that search engines shall keep: its source's, where the portal says so.
pub(super) fn kept_address(home: &Home<'_>, article: &Article) -> String {
    let source = article.canonical.as_deref();
    let source = source.filter(|_| home.portal().canonical.as_deref() == Some("source"));
    source.and_then(|url| home.file(url)).unwrap_or_else(|| home.article(&article.headline))
}

/// Who wrote it; if nobody is known to have, who publishes it.
pub(super) fn author(home: &Home<'_>, headline: &Headline, authors: &[Author]) -> Vec<Value> {
    let credits = byline(home, headline, authors).into_iter();
    let named: Vec<_> = credits
        .map(|credit| {
            let kind = if credit.is_person { "Person" } else { "Organization" };
            present(json!({ "@type": kind, "name": credit.name, "url": credit.url }))
        })
        .collect();
    if named.is_empty() { vec![publisher(home, &headline.lang)] } else { named }
}

fn publisher(home: &Home<'_>, lang: &Lang) -> Value {
    let logo = home.logo().map(|url| json!({ "@type": "ImageObject", "url": url }));
    present(json!({
        "@type": "Organization",
        "name": home.name(lang),
        "url": home.base(),
        "logo": logo,
    }))
}

fn picture(home: &Home<'_>, image: &Image) -> Option<Value> {
    Some(present(json!({
        "@type": "ImageObject",
        "url": home.picture(image)?,
        "width": image.width.map(pixels),
        "height": image.height.map(pixels),
        "caption": image.caption,
        "creditText": image.credit,
    })))
}

/// A length as schema.org has it (<https://schema.org/Distance>).
fn pixels(length: u32) -> String {
    format!("{length} px")
}

/// The original if this is a translation of it, else the translations of this.
fn translations(home: &Home<'_>, article: &Article) -> (Option<Value>, Vec<Value>) {
    let headline = &article.headline;
    let others = || {
        let others = article.versions.iter().filter(|version| version.key != headline.key);
        others.filter(|version| home.portal().language(&version.lang).is_some())
    };
    let named = |version: &Version| {
        present(json!({
            "@type": "NewsArticle",
            "@id": home.id(&version.lang, &version.key),
            "inLanguage": home.tag(&version.lang),
            "headline": Some(&version.title).filter(|title| !title.is_empty()),
        }))
    };
    let is_original = |version: &&Version| version.kind == VersionKind::Original;
    match headline.kind {
        VersionKind::Original => {
            (None, others().filter(|version| !is_original(version)).map(named).collect())
        }
        VersionKind::Translation | VersionKind::Machine => {
            (others().find(is_original).map(named), Vec::new())
        }
    }
}

/// `value` without members that are absent.
pub(super) fn present(mut value: Value) -> Value {
    if let Some(members) = value.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    value
}

/// A list that is absent if it holds nothing.
pub(super) fn filled<T>(items: impl IntoIterator<Item = T>) -> Option<Vec<T>> {
    Some(items.into_iter().collect::<Vec<_>>()).filter(|items| !items.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        publish::test::{article, headline, portal},
        read::read,
    };

    const BASE: &str = "https://p.example";

    fn versions() -> Value {
        json!({ "versions": [
            { "key": { "id": "7" }, "lang": "vi", "kind": "original", "title": "Bão" },
            { "key": { "id": "7.zh" }, "lang": "zh", "kind": "translation" },
            { "key": { "id": "7.fr" }, "lang": "fr", "kind": "machine" },
        ] })
    }

    #[test]
    fn an_article_says_what_it_is() {
        let portal = portal();
        let home = Home::new(&portal, BASE);
        let image = json!({ "url": "m/a-480.webp", "width": 1600, "height": 900, "credit": "An",
            "sizes": [{ "url": "m/a-480.webp", "width": 480 }, { "url": "m/a-1600.webp", "width": 1600 }] });
        let told = Headline {
            image: Some(read(&image, "image", "").0.unwrap()),
            comments: Some(3),
            ..headline("vi", "7")
        };
        let rest = json!({ "authors": [{ "id": "an", "name": "An" }], "tags": [{ "id": "t", "name": "Bão" }] });
        let url = "https://p.example/vi/article/7/slug";
        assert_eq!(
            news_article(&home, &article(told, &rest)).unwrap(),
            json!({
                "@context": "https://schema.org", "@type": "NewsArticle", "@id": "https://p.example/vi/article/7",
                "url": url, "mainEntityOfPage": { "@type": "WebPage", "@id": url }, "headline": "Title 7",
                "datePublished": "2026-11-13T02:00:00Z", "dateModified": "2026-11-13T02:00:00Z",
                "inLanguage": "vi", "isAccessibleForFree": true, "articleSection": "Tin tức", "keywords": ["Bão"],
                "commentCount": 3,
                "author": [{ "@type": "Person", "name": "An", "url": "https://p.example/vi/author/an" }],
                "publisher": { "@type": "Organization", "name": "Cổng", "url": "https://p.example/", "logo":
                    { "@type": "ImageObject", "url": "https://p.example/icons/icon-512.png" } },
                "image": { "@type": "ImageObject", "url": "https://p.example/m/a-1600.webp",
                    "width": "1600 px", "height": "900 px", "creditText": "An" },
            })
        );
    }

    #[test]
    fn an_original_names_its_translations_and_a_translation_its_original() {
        let portal = portal();
        let home = Home::new(&portal, BASE);
        let original = news_article(&home, &article(headline("vi", "7"), &versions())).unwrap();
        assert_eq!(
            original["workTranslation"],
            json!([{ "@type": "NewsArticle", "@id": "https://p.example/zh/article/7.zh", "inLanguage": "zh-Hans" }])
        );
        assert_eq!(original.get("translationOfWork"), None);
        let translated = Headline { kind: VersionKind::Translation, ..headline("zh", "7.zh") };
        let translated = news_article(&home, &article(translated, &versions())).unwrap();
        assert_eq!(translated["translationOfWork"]["@id"], "https://p.example/vi/article/7");
        assert_eq!(translated["translationOfWork"]["headline"], "Bão");
        assert_eq!(translated.get("workTranslation"), None);
        assert_eq!(translated["inLanguage"], "zh-Hans");
    }

    #[test]
    fn what_is_withdrawn_is_no_news() {
        let portal = portal();
        let withdrawn = Headline { withdrawn: true, ..headline("vi", "7") };
        let withdrawn = article(withdrawn, &json!({}));
        assert_eq!(news_article(&Home::new(&portal, BASE), &withdrawn), None);
    }

    #[test]
    fn the_address_is_the_sources_where_the_portal_says_so() {
        let mut portal = portal();
        portal.canonical = Some("source".into());
        let told = article(headline("vi", "7"), &json!({ "canonical": "https://cms.example/7" }));
        let told = news_article(&Home::new(&portal, BASE), &told).unwrap();
        assert_eq!(told["mainEntityOfPage"]["@id"], "https://cms.example/7");
    }

    #[test]
    fn crumbs_lead_from_the_front_page_to_the_article() {
        let portal = portal();
        let told = headline("zh", "7");
        let crumbs = breadcrumbs(&Home::new(&portal, BASE), &told.lang, &trail(&told));
        let items = crumbs["itemListElement"].as_array().unwrap();
        let items: Vec<_> = items
            .iter()
            .map(|item| {
                (
                    item["position"].as_u64().unwrap(),
                    item["name"].as_str().unwrap(),
                    item["item"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            items,
            [
                (1, "门户", "https://p.example/zh/"),
                (2, "Tin tức", "https://p.example/zh/section/news"),
                (3, "Title 7", "https://p.example/zh/article/7/slug"),
            ]
        );
    }
}
