//! The sitemap of what is new, as Google News reads it
//! (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).

use super::{Home, Sitemap, sitemap::NAMESPACE, xml::Xml};
use crate::{lang::Lang, model::Headline, time::Timestamp};

const NEWS_NAMESPACE: &str = "http://www.google.com/schemas/sitemap-news/0.9";
/// How long an article is news: milliseconds.
pub const NEWS_WINDOW: i64 = 48 * 3_600_000;
/// How many a file may hold.
pub const NEWS_MOST: usize = 1_000;

/// What was published within the last 48 hours before `now`, the newest first.
pub fn news(home: &Home<'_>, headlines: &[Headline], now: Timestamp) -> Sitemap {
    let mut recent: Vec<_> = headlines.iter().filter_map(|item| dated(home, item, now)).collect();
    recent.sort_by_key(|(published, _)| std::cmp::Reverse(*published));
    recent.truncate(NEWS_MOST);
    let attributes = [("xmlns", NAMESPACE), ("xmlns:news", NEWS_NAMESPACE)];
    let xml = Xml::document("urlset", &attributes, |xml| {
        for (published, headline) in &recent {
            xml.element("url", &[], |xml| {
                xml.text("loc", &[], &home.article(headline));
                xml.element("news:news", &[], |xml| item(xml, home, headline, *published));
            });
        }
    });
    Sitemap {
        name: "news".to_owned(),
        xml,
        updated: recent.first().map(|(published, _)| *published),
    }
}

/// The headline with its date, if it is news.
fn dated<'h>(
    home: &Home<'_>,
    headline: &'h Headline,
    now: Timestamp,
) -> Option<(Timestamp, &'h Headline)> {
    let published = headline.published?;
    let age = now.0.saturating_sub(published.0);
    let is_told = !headline.withdrawn
        && !headline.title.trim().is_empty()
        && home.portal().language(&headline.lang).is_some();
    (is_told && (0..=NEWS_WINDOW).contains(&age)).then_some((published, headline))
}

fn item(xml: &mut Xml, home: &Home<'_>, headline: &Headline, published: Timestamp) {
    xml.element("news:publication", &[], |xml| {
        xml.text("news:name", &[], home.name(&headline.lang));
        xml.text("news:language", &[], language(home.tag(&headline.lang)));
    });
    xml.text("news:publication_date", &[], &published.to_string());
    xml.text("news:title", &[], &headline.title);
}

/// The code that Google News has for a language: ISO 639, but that it parts Chinese by script.
fn language(tag: &str) -> &str {
    let Some(lang) = Lang::parse(tag) else { return tag };
    match (lang.primary(), lang.script()) {
        ("zh", "Hant") => "zh-tw",
        ("zh", _) => "zh-cn",
        _ => tag.split('-').next().unwrap_or(tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::test::{headline, parsed, portal};

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn news_is_two_days_old_at_most() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let published =
            |id: &str, time: &str| Headline { published: Some(at(time)), ..headline("zh", id) };
        let headlines = [
            published("old", "2026-11-11T01:59:59Z"),
            published("just", "2026-11-11T02:00:00Z"),
            published("newest", "2026-11-13T01:00:00Z"),
            published("tomorrow", "2026-11-14T01:00:00Z"),
            Headline { withdrawn: true, ..published("withdrawn", "2026-11-13T00:00:00Z") },
            Headline { title: " ".into(), ..published("untitled", "2026-11-13T00:00:00Z") },
            Headline { published: None, ..headline("zh", "undated") },
            headline("fr", "elsewhere"),
        ];
        let made = news(&home, &headlines, at("2026-11-13T02:00:00Z"));
        let tree = parsed(&made.xml);
        let found: Vec<_> = tree.all("loc").into_iter().map(|loc| loc.text.as_str()).collect();
        assert_eq!(
            found,
            ["https://p.example/zh/article/newest/slug", "https://p.example/zh/article/just/slug"]
        );
        assert_eq!(tree.all("news:name")[0].text, "门户");
        assert_eq!(tree.all("news:language")[0].text, "zh-cn");
        assert_eq!(made.updated, Some(at("2026-11-13T01:00:00Z")));
    }

    #[test]
    fn a_file_holds_a_thousand() {
        let portal = portal();
        let home = Home::new(&portal, "https://p.example");
        let headlines: Vec<_> = (0..1_001).map(|id| headline("vi", &id.to_string())).collect();
        let made = news(&home, &headlines, at("2026-11-13T02:00:00Z"));
        assert_eq!(parsed(&made.xml).all("loc").len(), 1_000);
    }

    #[test]
    fn chinese_is_told_by_its_script() {
        let codes = ["zh-Hans", "zh", "zh-Hant", "zh-TW", "vi", "en-GB"];
        assert_eq!(codes.map(language), ["zh-cn", "zh-cn", "zh-tw", "zh-tw", "vi", "en"]);
    }
}
