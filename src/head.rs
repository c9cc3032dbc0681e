//! What the page says of itself to browsers, search engines and chat previews.

use haidang_engine::{lang::Lang, profile::Portal};
use leptos::prelude::document;
use web_sys::{Element, Url};

use crate::{backend::document_base, i18n::I18n, pages::Loaded, site::Site};

/// Marks the elements that are the page's own and go with it.
pub const MARK: &str = "data-page";

/// The head of a page.
pub struct Head {
    /// Its title, with the portal's name.
    pub title: String,
    /// What goes into `lang` of the document: the language of the interface.
    pub lang: String,
    tags: Vec<Tag>,
}

/// An element without content, and its attributes.
type Tag = (&'static str, Vec<(&'static str, String)>);

impl Head {
    /// Of `loaded`; `absolute` makes an address one that can be followed from anywhere.
    pub fn new(site: Site, i18n: I18n, loaded: &Loaded, absolute: &dyn Fn(&str) -> String) -> Self {
        let portal = site.portal();
        let name = portal.name.get(&loaded.route.lang, &portal.fallback);
        let title = title(i18n, loaded, name);
        let tags = tags(i18n, &portal, loaded, (&title, name), absolute);
        Self { title, lang: site.language(&i18n.lang()).0, tags }
    }
}

/// The page's own title and that of the portal.
fn title(i18n: I18n, loaded: &Loaded, portal: &str) -> String {
    let title = loaded.data.title(i18n);
    if title.is_empty() { portal.to_owned() } else { format!("{title} – {portal}") }
}

/// Makes the head that of `loaded`, and the document's language that of the interface.
pub fn apply(site: Site, i18n: I18n, loaded: &Loaded) {
    name(site, i18n, loaded);
    describe(site, i18n, loaded);
}

/// What readers see and hear of it: the title, and the language of the interface.
pub fn name(site: Site, i18n: I18n, loaded: &Loaded) {
    let portal = site.portal();
    let name = portal.name.get(&loaded.route.lang, &portal.fallback);
    document().set_title(&title(i18n, loaded, name));
    if let Some(root) = document().document_element() {
        // Names and values are our own: they can be set.
        let _ = root.set_attribute("lang", &site.language(&i18n.lang()).0);
    }
}

/// What machines read of it, which nobody waits for.
pub fn describe(site: Site, i18n: I18n, loaded: &Loaded) {
    let Some(head) = document().head() else { return };
    clear(&head);
    for (element, attributes) in Head::new(site, i18n, loaded, &absolute).tags {
        let Ok(element) = document().create_element(element) else { continue };
        let _ = element.set_attribute(MARK, "");
        for (name, value) in attributes {
            let _ = element.set_attribute(name, &value);
        }
        let _ = head.append_child(&element);
    }
}

fn tags(
    i18n: I18n,
    portal: &Portal,
    loaded: &Loaded,
    (title, name): (&str, &str),
    absolute: &dyn Fn(&str) -> String,
) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut meta = |key: &'static str, name: &'static str, content: Option<String>| {
        if let Some(content) = content {
            tags.push(("meta", vec![(key, name.to_owned()), ("content", content)]));
        }
    };
    let lang = &loaded.route.lang;
    let about = || {
        let text = portal.description.get(lang, &portal.fallback);
        (!text.is_empty()).then(|| text.to_owned())
    };
    let description = loaded.data.description(i18n).or_else(about);
    let headline = loaded.data.headline();
    let kind = if headline.is_some() { "article" } else { "website" };
    let shown = headline.map_or(lang, |headline| &headline.lang);
    let at_source =
        loaded.data.canonical().filter(|_| portal.canonical.as_deref() == Some("source"));
    let canonical =
        at_source.map_or_else(|| absolute(&loaded.in_language(shown).0.href()), ToOwned::to_owned);
    let image = headline.and_then(|headline| headline.image.as_ref());
    meta("name", "description", description.clone());
    meta("property", "og:title", Some(title.to_owned()));
    meta("property", "og:description", description);
    meta("property", "og:type", Some(kind.to_owned()));
    meta("property", "og:site_name", Some(name.to_owned()));
    meta("property", "og:url", Some(canonical.clone()));
    meta("property", "og:image", image.map(|image| absolute(&image.url)));
    meta("property", "og:image:alt", image.map(|image| image.alt.clone()));
    if !loaded.data.is_indexed() {
        meta("name", "robots", Some("noindex".to_owned()));
        return tags;
    }
    let mut link = |rel: &str, hreflang: Option<&str>, href: String| {
        let mut attributes = vec![("rel", rel.to_owned()), ("href", href)];
        attributes.extend(hreflang.map(|tag| ("hreflang", tag.to_owned())));
        tags.push(("link", attributes));
    };
    link("canonical", None, canonical);
    // A further page of a list has no counterpart: what another language leads to does not lead back.
    let leads_back = |other: &Lang| {
        loaded.route.in_language(other.clone()).in_language(lang.clone()) == loaded.route
    };
    for language in &portal.languages {
        let (route, exists) = loaded.in_language(&language.code);
        if exists && leads_back(&language.code) {
            let href = absolute(&route.href());
            if language.code == portal.default {
                link("alternate", Some("x-default"), href.clone());
            }
            link("alternate", Some(language.tag()), href);
        }
    }
    tags
}

/// The elements, printed as [`describe`] makes them.
#[cfg(not(target_arch = "wasm32"))]
impl Head {
    /// What belongs into the `<head>`, beside the title.
    pub fn to_html(&self) -> String {
        use crate::view::{View, el};

        let elements = self.tags.iter().map(|(tag, attributes)| {
            let marked = el(tag).attr(MARK, true);
            attributes.iter().fold(marked, |el, (name, value)| el.attr(name, value.clone()))
        });
        elements.collect::<View>().to_html()
    }
}

fn clear(head: &Element) {
    let Ok(old) = head.query_selector_all(&format!("[{MARK}]")) else { return };
    for index in 0..old.length() {
        if let Some(node) = old.get(index) {
            let _ = head.remove_child(&node);
        }
    }
}

fn absolute(href: &str) -> String {
    let base = document_base().unwrap_or_default();
    Url::new_with_base(href, &base).map_or_else(|_| href.to_owned(), |url| url.href())
}
