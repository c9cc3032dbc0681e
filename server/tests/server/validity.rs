//! What the demo portal tells search engines and feed readers, held against what those require.

use std::{collections::HashSet, fs};

use axum::{
    body::Body,
    http::{StatusCode, header},
};
use haidang_engine::time::Timestamp;
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

use crate::{
    service::{Service, request},
    xml::{Element, parse},
};

const LANGUAGES: [&str; 5] = ["vi", "en", "zh", "ja", "ko"];
const ATOM: &str = "http://www.w3.org/2005/Atom";
const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// The demo portal, at `https://portal.example/`.
struct Portal {
    service: Service,
    _site: TempDir,
}

impl Portal {
    async fn start() -> Self {
        let site = TempDir::new().unwrap();
        let index = "<!doctype html><html lang=\"vi\"><head><base href=\"/\"><title>x</title></head>\
                     <body><div id=\"boot\"></div></body></html>";
        fs::write(site.path().join("index.html"), index).unwrap();
        fs::copy("../public/portal.json", site.path().join("portal.json")).unwrap();
        fs::create_dir(site.path().join("locales")).unwrap();
        for lang in LANGUAGES {
            let name = format!("locales/{lang}.json");
            fs::copy(format!("../{name}"), site.path().join(name)).unwrap();
        }
        let folder = site.path().to_str().unwrap();
        Self { service: Service::with(&["--site", folder]).await, _site: site }
    }

    async fn get(&self, path: &str) -> String {
        let asked = request(path)
            .header(header::HOST, "portal.example")
            .header("x-forwarded-proto", "https");
        let answer = self.service.send(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        answer.text()
    }

    /// A page as it is printed: on a busy machine the app may go out first.
    async fn page(&self, path: &str) -> String {
        for _ in 0..50 {
            let page = self.get(path).await;
            if page.contains("<html data-printed") {
                return page;
            }
        }
        panic!("{path} is not printed");
    }

    async fn xml(&self, path: &str) -> Element {
        parse(&self.get(path).await)
    }

    /// The paths of all pages that a sitemap names.
    async fn pages(&self, lang: &str) -> Vec<String> {
        let map = self.xml(&format!("/sitemaps/{lang}-1.xml")).await;
        let pages = map.children.iter().map(|url| url.one("loc").text.clone());
        pages.map(|page| page.strip_prefix("https://portal.example").unwrap().to_owned()).collect()
    }
}

/// An absolute address of the web.
fn is_address(text: &str) {
    let url = Url::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert!(matches!(url.scheme(), "http" | "https") && url.host().is_some(), "{text}");
    // As RFC 3986 wants it, which is what an IRI becomes.
    assert!(text.is_ascii() && !text.contains([' ', '"', '<', '>']), "{text}");
}

/// A time as RFC 3339 and W3C's profile of ISO 8601 both have it, with its zone.
fn is_time(text: &str) {
    assert!(Timestamp::parse(text).is_some() && text.contains('T'), "{text}");
    assert!(text.ends_with('Z') || text.contains('+'), "{text}");
}

fn is_filled(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

/// RFC 4287, section 4.1.
#[tokio::test]
async fn feeds_are_atom() {
    let portal = Portal::start().await;
    for lang in LANGUAGES {
        for path in [format!("/{lang}/feed.atom"), format!("/{lang}/section/news/feed.atom")] {
            let feed = portal.xml(&path).await;
            assert_eq!(feed.name, (ATOM.to_owned(), "feed".to_owned()), "{path}");
            is_address(&feed.one("id").text);
            assert!(!feed.one("title").text.is_empty());
            is_time(&feed.one("updated").text);
            feed.at_most_one(&["generator", "icon", "logo", "rights", "subtitle"]);
            let named = "author category contributor generator icon id link logo rights subtitle title updated entry";
            feed.only(&named.split(' ').collect::<Vec<_>>());
            let own =
                feed.all("link").into_iter().find(|link| link.attribute("rel") == Some("self"));
            assert_eq!(
                own.unwrap().attribute("href"),
                Some(&*format!("https://portal.example{path}"))
            );
            let entries = feed.all("entry");
            assert!(!entries.is_empty(), "{path}");
            let mut ids = HashSet::new();
            for entry in entries {
                atom_entry(entry, !feed.all("author").is_empty());
                assert!(ids.insert(entry.one("id").text.clone()), "two of {:?}", entry.one("id"));
            }
        }
    }
}

fn atom_entry(entry: &Element, has_author: bool) {
    is_address(&entry.one("id").text);
    assert!(!entry.one("title").text.is_empty());
    is_time(&entry.one("updated").text);
    entry.all("published").iter().for_each(|published| is_time(&published.text));
    entry.at_most_one(&["content", "published", "rights", "source", "summary"]);
    let named =
        "author category content contributor id link published rights source summary title updated";
    entry.only(&named.split(' ').collect::<Vec<_>>());
    assert!(has_author || !entry.all("author").is_empty());
    entry.all("author").iter().for_each(|author| {
        assert!(!author.one("name").text.is_empty());
        author.at_most_one(&["uri", "email"]);
        author.all("uri").iter().for_each(|uri| is_address(&uri.text));
    });
    entry.all("category").iter().for_each(|one| assert!(one.attribute("term").is_some()));
    // Without content there must be an alternate, and of each type and language one at most.
    let links = entry.all("link");
    links.iter().for_each(|link| is_address(link.attribute("href").unwrap()));
    let alternates = links.iter().filter(|link| link.attribute("rel") == Some("alternate"));
    assert_eq!(alternates.count(), 1);
}

/// <https://www.jsonfeed.org/version/1.1/>
#[tokio::test]
async fn feeds_are_json_feeds() {
    let portal = Portal::start().await;
    for lang in LANGUAGES {
        for path in [format!("/{lang}/feed.json"), format!("/{lang}/section/news/feed.json")] {
            let feed: Value = serde_json::from_str(&portal.get(&path).await).unwrap();
            assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
            assert!(is_filled(&feed["title"]));
            for address in ["home_page_url", "feed_url", "icon", "favicon"] {
                is_address(feed[address].as_str().unwrap());
            }
            authors(&feed);
            let items = feed["items"].as_array().unwrap();
            assert!(!items.is_empty(), "{path}");
            let mut ids = HashSet::new();
            for item in items {
                assert!(is_filled(&item["id"]) && ids.insert(item["id"].to_string()), "{item:#}");
                let content = ["content_text", "content_html"];
                assert!(content.iter().any(|name| is_filled(&item[*name])), "{item:#}");
                item.get("url").iter().for_each(|url| is_address(url.as_str().unwrap()));
                item.get("image").iter().for_each(|url| is_address(url.as_str().unwrap()));
                for time in ["date_published", "date_modified"] {
                    item.get(time).iter().for_each(|time| is_time(time.as_str().unwrap()));
                }
                let tags = item.get("tags").map(|tags| tags.as_array().unwrap());
                assert!(tags.into_iter().flatten().all(is_filled), "{item:#}");
                authors(item);
            }
        }
    }
}

fn authors(of: &Value) {
    assert!(of.get("author").is_none(), "1.1 has `authors`");
    for author in of.get("authors").map(|all| all.as_array().unwrap()).into_iter().flatten() {
        assert!(["name", "url", "avatar"].iter().any(|name| is_filled(&author[*name])), "{author}");
    }
}

/// The rules of sitemap.xsd and siteindex.xsd, and <https://www.sitemaps.org/protocol.html>.
#[tokio::test]
async fn sitemaps_are_sitemaps() {
    let portal = Portal::start().await;
    let index = portal.xml("/sitemap.xml").await;
    assert_eq!(index.name, (SITEMAP.to_owned(), "sitemapindex".to_owned()));
    index.only(&["sitemap"]);
    assert_eq!(index.children.len(), LANGUAGES.len() + 1);
    for sitemap in &index.children {
        located(sitemap, &["loc", "lastmod"]);
        let path = sitemap.one("loc").text.strip_prefix("https://portal.example").unwrap();
        let map = portal.xml(path).await;
        assert_eq!(map.name, (SITEMAP.to_owned(), "urlset".to_owned()), "{path}");
        map.only(&["url"]);
        assert!(!map.children.is_empty() && map.children.len() <= 50_000, "{path}");
        let mut addresses = HashSet::new();
        for url in &map.children {
            located(url, &["loc", "lastmod", "link", "news"]);
            assert!(addresses.insert(&url.one("loc").text), "twice: {url:?}");
            // Each language once, and the page itself among them.
            let links = url.all("link");
            assert!(
                links
                    .iter()
                    .all(|link| link.name.0 == XHTML && link.attribute("rel") == Some("alternate"))
            );
            links.iter().for_each(|link| is_address(link.attribute("href").unwrap()));
            let named: HashSet<_> =
                links.iter().map(|link| link.attribute("hreflang").unwrap()).collect();
            assert_eq!(named.len(), links.len(), "{url:?}");
            let own = Some(url.one("loc").text.as_str());
            assert!(links.is_empty() || links.iter().any(|link| link.attribute("href") == own));
            if path.ends_with("/news.xml") {
                news(url);
            }
        }
    }
}

fn located(entry: &Element, names: &[&str]) {
    assert_eq!(entry.name.0, SITEMAP);
    entry.only(names);
    let address = &entry.one("loc").text;
    is_address(address);
    assert!((12..=2048).contains(&address.len()), "{address}");
    entry.at_most_one(&["lastmod"]);
    entry.all("lastmod").iter().for_each(|time| is_time(&time.text));
}

/// The rules of sitemap-news.xsd.
fn news(url: &Element) {
    let news = url.one("news");
    assert_eq!(news.name.0, NEWS);
    let order: Vec<_> = news.children.iter().map(|child| child.name.1.as_str()).collect();
    assert_eq!(order, ["publication", "publication_date", "title"]);
    let publication = news.one("publication");
    assert!(!publication.one("name").text.is_empty());
    let language = &publication.one("language").text;
    // `zh-cn`, `zh-tw`, or the two or three letters of ISO 639.
    let is_code =
        (2..=3).contains(&language.len()) && language.chars().all(|c| c.is_ascii_lowercase());
    assert!(is_code || matches!(language.as_str(), "zh-cn" | "zh-tw"), "{language}");
    is_time(&news.one("publication_date").text);
    assert!(!news.one("title").text.is_empty());
}

/// What Google requires or recommends of an article and of breadcrumbs, and the types of schema.org.
#[tokio::test]
async fn articles_say_what_they_are_in_the_words_of_schema_org() {
    let portal = Portal::start().await;
    for lang in LANGUAGES {
        let (mut articles, mut trails, mut threads) = (0, 0, 0);
        for path in portal.pages(lang).await.iter().filter(|path| path.contains("/article/")) {
            let html = portal.page(path).await;
            for block in html.split("type=\"application/ld+json\">").skip(1) {
                let said: Value =
                    serde_json::from_str(block.split("</script>").next().unwrap()).unwrap();
                assert_eq!(said["@context"], "https://schema.org", "{path}");
                match said["@type"].as_str().unwrap() {
                    "NewsArticle" => {
                        news_article(&said);
                        articles += 1;
                    }
                    "BreadcrumbList" => {
                        breadcrumbs(&said);
                        trails += 1;
                    }
                    "DiscussionForumPosting" => {
                        discussion(&said);
                        threads += 1;
                    }
                    other => panic!("{other} in {path}"),
                }
            }
        }
        assert!(articles > 0 && articles == trails, "{articles} and {trails} in {lang}");
        assert!(threads > 0 && threads <= articles, "{threads} in {lang}");
    }
}

/// Of a posting and of each comment: who, when, what.
fn discussion(said: &Value) {
    is_address(said["url"].as_str().unwrap());
    let comments = said["comment"].as_array().unwrap();
    assert!(!comments.is_empty());
    assert!(said["commentCount"].as_u64().unwrap() >= u64::try_from(comments.len()).unwrap());
    for posting in comments.iter().chain([said]) {
        let author = posting["author"].as_array().map_or(&posting["author"], |all| &all[0]);
        assert!(is_filled(&author["name"]), "{posting:#}");
        assert!(is_filled(&posting["text"]), "{posting:#}");
        is_time(posting["datePublished"].as_str().unwrap_or_else(|| panic!("{posting:#}")));
    }
}

fn news_article(said: &Value) {
    assert!(is_filled(&said["headline"]), "{said:#}");
    for address in ["@id", "url"] {
        is_address(said[address].as_str().unwrap());
    }
    is_address(said["mainEntityOfPage"]["@id"].as_str().unwrap());
    for time in ["datePublished", "dateModified"] {
        is_time(said[time].as_str().unwrap_or_else(|| panic!("{time} in {said:#}")));
    }
    let times = ["datePublished", "dateModified"]
        .map(|time| Timestamp::parse(said[time].as_str().unwrap()));
    assert!(times[0] <= times[1], "{said:#}");
    assert!(is_filled(&said["inLanguage"]) && said["isAccessibleForFree"].is_boolean());
    let authors = said["author"].as_array().unwrap();
    assert!(!authors.is_empty(), "{said:#}");
    for author in authors {
        assert!(matches!(author["@type"].as_str(), Some("Person" | "Organization")), "{author}");
        assert!(is_filled(&author["name"]), "{author}");
        author.get("url").iter().for_each(|url| is_address(url.as_str().unwrap()));
    }
    assert_eq!(said["publisher"]["@type"], "Organization");
    assert!(is_filled(&said["publisher"]["name"]));
    is_address(said["publisher"]["logo"]["url"].as_str().unwrap());
    if let Some(image) = said.get("image") {
        assert_eq!(image["@type"], "ImageObject");
        is_address(image["url"].as_str().unwrap());
        for side in ["width", "height"] {
            let length =
                image.get(side).map(|side| side.as_str().unwrap().strip_suffix(" px").unwrap());
            length.iter().for_each(|pixels| assert!(pixels.parse::<u32>().unwrap() > 0));
        }
    }
    said.get("commentCount").iter().for_each(|count| assert!(count.is_u64()));
    for (name, kind) in [("correction", "CorrectionComment"), ("workTranslation", "NewsArticle")] {
        for one in said.get(name).map(|all| all.as_array().unwrap()).into_iter().flatten() {
            assert_eq!(one["@type"], kind, "{said:#}");
        }
    }
}

fn breadcrumbs(said: &Value) {
    let items = said["itemListElement"].as_array().unwrap();
    assert!(items.len() >= 2, "{said:#}");
    for (item, position) in items.iter().zip(1..) {
        assert_eq!(item["@type"], "ListItem");
        assert_eq!(item["position"], position);
        assert!(is_filled(&item["name"]), "{item}");
        is_address(item["item"].as_str().unwrap());
    }
}
