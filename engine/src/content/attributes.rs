//! What the attributes of an element say, as far as a view may know it.

use super::{
    blocks::{BlockKind, CellKind, Embed, Media, Track},
    builder::Builder,
    frame::Kind,
    inlines::Inline,
    line::Wrap,
    tree::Element,
    url::{self, Href},
};
use crate::{fold::nfc, lang::Lang, model::Image};

/// What an abbreviation stands for and the like: bytes of it that are read, for every paragraph in it
/// says it again.
const MAX_TITLE: usize = 300;

/// The convention of HTML's own examples: `class="language-rust"`.
pub(super) fn code_language(class: &str) -> Option<String> {
    let mut classes = class.split_ascii_whitespace();
    let lang = classes.find_map(|class| class.strip_prefix("language-"))?;
    (lang.len() <= 20).then(|| lang.to_owned())
}

/// A format or the words of an open film or sound.
pub(super) fn in_media(media: &mut Media, element: &Element<'_>, base: &str) {
    let resource = || url::resource(&element.attribute("src")?, base);
    if element.name == "source" {
        media.sources.extend(resource().map(|url| (url, element.attribute("type"))));
    } else if element.name == "track"
        && let Some(url) = resource()
    {
        let kind = element.attribute("kind").unwrap_or_default();
        let captions = kind == "captions";
        if captions || kind.is_empty() || kind == "subtitles" {
            let lang = element.attribute("srclang").as_deref().and_then(Lang::parse);
            let label = label(&element.attribute("label").unwrap_or_default());
            media.tracks.push(Track { url, captions, lang, label });
        }
    }
}

/// A film or sound.
pub(super) fn media(element: &Element<'_>, base: &str) -> Media {
    let resource = |name| url::resource(&element.attribute(name)?, base);
    Media {
        video: element.name == "video",
        sources: resource("src").map(|url| (url, None)).into_iter().collect(),
        poster: resource("poster"),
        ..Media::default()
    }
}

/// A cell of a table, still empty.
pub(super) fn cell(element: &Element<'_>) -> Kind {
    let span = |name, most: u16| {
        let given = element.attribute(name).and_then(|span| span.trim().parse::<u64>().ok());
        u16::try_from(given.unwrap_or(1)).unwrap_or(most).clamp(1, most)
    };
    let kind = match element.attribute("scope").as_deref() {
        Some("col" | "colgroup") => Some(CellKind::ColumnHeader),
        Some("row" | "rowgroup") => Some(CellKind::RowHeader),
        _ => None,
    };
    let header = element.name == "th";
    // HTML's own bounds are 1000 and 65534: enough to freeze a page.
    Kind::Cell {
        kind: kind.filter(|_| header),
        header,
        colspan: span("colspan", 100),
        rowspan: span("rowspan", 500),
    }
}

/// A link; `None` if it leads nowhere we let it.
pub(super) fn link(builder: &mut Builder, element: &Element<'_>) -> Option<Wrap> {
    let named = |name, make: fn(String) -> Href| {
        element.attribute(name).filter(|id| id.len() <= url::MAX_LENGTH).map(make)
    };
    let href =
        named("data-document", Href::Document).or_else(|| named("data-article", Href::Article));
    let href = match href {
        Some(href) => href,
        None => {
            let raw = element.attribute("href")?;
            let href = url::href(&raw, &builder.base);
            if href.is_none() {
                builder.problem("refused address", &raw);
            }
            href?
        }
    };
    let hreflang = element.attribute("hreflang").as_deref().and_then(Lang::parse);
    Some(Wrap::Link { href, hreflang })
}

/// A picture, or its words if it may not be shown.
pub(super) fn image(builder: &mut Builder, element: &Element<'_>) -> Option<Inline> {
    let alt = label(&element.attribute("alt").unwrap_or_default());
    let raw = element.attribute("src").unwrap_or_default();
    let Some(url) = url::resource(&raw, &builder.base) else {
        builder.problem("refused picture", &raw);
        return if alt.is_empty() { None } else { Some(Inline::Text(alt)) };
    };
    let pixels = |name| element.attribute(name).and_then(|value| value.trim().parse::<u32>().ok());
    let (width, height) = (pixels("width"), pixels("height"));
    // A picture of one pixel is there to count readers.
    if width.is_some_and(|width| width <= 1) || height.is_some_and(|height| height <= 1) {
        return None;
    }
    let sizes = element.attribute("srcset").map(|raw| url::srcset(&raw, &builder.base));
    let sizes = sizes.unwrap_or_default();
    let image = Image { url, width, height, sizes, alt, caption: None, credit: None };
    Some(Inline::Image(Box::new(image)))
}

/// Somebody else's page.
pub(super) fn embed(builder: &mut Builder, element: &Element<'_>) -> Option<BlockKind> {
    let raw = element.attribute("src").unwrap_or_default();
    // A page of the source itself is somebody else's here too.
    let url = url::resource(&raw, &builder.base);
    let Some((url, host)) =
        url.and_then(|url| url::host(&url).map(str::to_owned).map(|host| (url.clone(), host)))
    else {
        builder.problem("refused frame", &raw);
        return None;
    };
    let title = label(&element.attribute("title").unwrap_or_default());
    Some(BlockKind::Embed(Embed { url, host, title, caption: Vec::new() }))
}

/// The words of an attribute that is said of all that its element holds.
pub(super) fn title(raw: &str) -> String {
    label(raw.get(..raw.floor_char_boundary(MAX_TITLE)).unwrap_or_default())
}

/// The words of an attribute: composed, spaces collapsed.
pub(super) fn label(raw: &str) -> String {
    let words: Vec<&str> = raw.split_whitespace().collect();
    nfc(&words.join(" ")).into_owned()
}
