//! What becomes of a link that is pasted elsewhere: a card, as oEmbed has it (<https://oembed.com>, 1.0).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::Home;
use crate::{lang::Lang, model::Article};

/// Seconds that a card may be kept.
const AGE: u32 = 3_600;
/// What a value in a query must not hold as it is (RFC 3986).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The place that a card takes.
pub struct Frame {
    /// The address of what is shown in it.
    pub url: String,
    /// CSS pixels.
    pub width: u32,
    /// CSS pixels, until what is shown has said how high it is.
    pub height: u32,
}

impl Frame {
    /// CSS pixels where nobody says otherwise.
    pub const WIDTH: u32 = 600;
    /// CSS pixels where nobody says otherwise.
    pub const HEIGHT: u32 = 480;

    /// Of an article in a language, where files answer alone: a static host has one for all articles.
    pub fn of_file(home: &Home<'_>, article: &Article, lang: &Lang) -> Self {
        let encoded = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
        let key = &article.headline.key;
        let source = Some(&key.source).filter(|source| !source.is_empty());
        let source =
            source.map(|source| format!("&source={}", encoded(source))).unwrap_or_default();
        let (base, id) = (home.base(), encoded(&key.id));
        let url = format!("{base}embed/frame.html?kind=article&article={id}{source}&lang={lang}");
        Self { url, width: Self::WIDTH, height: Self::HEIGHT }
    }
}

/// The card of an article; `None` if it is withdrawn.
pub fn card(home: &Home<'_>, article: &Article, frame: &Frame) -> Option<Value> {
    let headline = &article.headline;
    if headline.withdrawn || article.withdrawal.is_some() {
        return None;
    }
    let Frame { url, width, height } = frame;
    let html = format!(
        "<iframe src=\"{}\" width=\"{width}\" height=\"{height}\" title=\"{}\" loading=\"lazy\" \
         sandbox=\"allow-scripts allow-same-origin allow-popups\"></iframe>",
        escape(url),
        escape(&headline.title),
    );
    let mut card = json!({
        "version": "1.0", "type": "rich", "title": headline.title, "provider_name": home.name(&headline.lang),
        "provider_url": home.base(), "cache_age": AGE, "html": html, "width": width, "height": height,
    });
    let fields = card.as_object_mut()?;
    let authors: Vec<&str> = article.authors.iter().map(|author| author.name.as_str()).collect();
    if !authors.is_empty() {
        fields.insert("author_name".to_owned(), authors.join(", ").into());
    }
    // All three or none: readers of it need the measures.
    let picture = headline
        .image
        .as_ref()
        .and_then(|image| Some((home.picture(image)?, image.width?, image.height?)));
    if let Some((url, width, height)) = picture {
        fields.insert("thumbnail_url".to_owned(), url.into());
        fields.insert("thumbnail_width".to_owned(), width.into());
        fields.insert("thumbnail_height".to_owned(), height.into());
    }
    Some(card)
}

/// Text for an attribute in double quotes.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publish::test::{article, headline, lang, portal};

    #[test]
    fn a_card_shows_the_article_and_nothing_of_its_title_leaves_the_attribute() {
        let (portal, mut article) = (portal(), article(headline("vi", "a&b/7"), &json!({})));
        article.headline.title = "\"><script>".to_owned();
        let home = Home::new(&portal, "https://p.example/sub/");
        let frame = Frame::of_file(&home, &article, &lang("en"));
        assert_eq!(
            frame.url,
            "https://p.example/sub/embed/frame.html?kind=article&article=a%26b%2F7&lang=en"
        );
        let card = card(&home, &article, &frame).unwrap();
        assert_eq!(card["title"], "\"><script>");
        let html = card["html"].as_str().unwrap();
        assert!(html.contains("title=\"&quot;>&lt;script>\"") && html.contains("&amp;lang=en"));
        article.headline.withdrawn = true;
        assert!(super::card(&home, &article, &frame).is_none());
    }
}
