//! index.html as it is served: below the portal's base, with the portal's colours, its languages for who has
//! no script, and the policy for it. Made anew when one of the files it is made of has changed.

use std::path::PathBuf;

use haidang_engine::profile::Portal;

use crate::{
    csp,
    portal::{InForce, Stamp},
};

/// The page that every address of the app is answered with.
#[derive(Clone)]
pub struct Page {
    /// The markup.
    pub html: String,
    /// Its Content-Security-Policy.
    pub policy: String,
    /// Counts how often it has changed, or the portal has.
    pub edition: u64,
}

/// How the page is made.
pub struct Shell {
    index: PathBuf,
    base: String,
    made: Option<(Stamp, Page)>,
    editions: u64,
}

impl Shell {
    /// Of the file `index`, to be served below `base`.
    pub fn new(index: PathBuf, base: &str) -> Self {
        Self { index, base: base.to_owned(), made: None, editions: 0 }
    }

    /// The page as the files are now; `None` if there is no index.html.
    pub fn page(&mut self, mut portal: Option<&mut InForce>) -> Option<Page> {
        if portal.as_mut().is_some_and(|portal| portal.refresh()) {
            self.made = None;
        }
        let stamp = Stamp::of(&self.index)?;
        if let Some((of, page)) = &self.made
            && *of == stamp
        {
            return Some(page.clone());
        }
        let portal = portal.and_then(|portal| portal.portal());
        let html = std::fs::read_to_string(&self.index).ok()?;
        let policy = csp::policy(&html, portal);
        self.editions += 1;
        let html = with_accents(&with_base(&html, &self.base), portal);
        let html = with_languages(&html, portal);
        let page = Page { html, policy, edition: self.editions };
        self.made = Some((stamp, page.clone()));
        Some(page)
    }
}

/// With `base` for what the build has written there.
pub fn with_base(html: &str, base: &str) -> String {
    // As written by hand, and as a minifier leaves it.
    let written = ["<base href=\"/\"", "<base href=/"].into_iter().find(|base| html.contains(base));
    let base = format!("<base href=\"{base}\"");
    written.map_or(html.to_owned(), |written| html.replacen(written, &base, 1))
}

/// With the portal's colours, which the page's own script puts in force before anything is painted: a policy
/// against styles in the markup lets nobody else.
pub fn with_accents(html: &str, portal: Option<&Portal>) -> String {
    let Some(theme) = portal.map(|portal| &portal.theme) else { return html.to_owned() };
    let accents = [("", &theme.accent), ("-dark", &theme.accent_dark)];
    let accents = accents.into_iter().filter_map(|(of, colour)| {
        // Whoever looks for where the tag ends does not read quotes.
        let colour = escape(colour.as_ref()?).replace('>', "&gt;");
        Some(format!(" data-accent{of}=\"{colour}\""))
    });
    html.replacen("<html", &format!("<html{}", accents.collect::<String>()), 1)
}

/// With more in the head: after the base, by which addresses there go.
pub fn after_base(html: &str, more: &str) -> String {
    let after = html.find("<base ").and_then(|at| Some(at + html.get(at..)?.find('>')? + 1));
    let (before, rest) = html.split_at(after.unwrap_or_default());
    [before, more, rest].concat()
}

/// Where the app would choose an edition, readers without script choose themselves.
pub fn with_languages(html: &str, portal: Option<&Portal>) -> String {
    let Some((before, after)) = portal.and_then(|_| html.split_once("</noscript>")) else {
        return html.to_owned();
    };
    let languages = portal.map(|portal| portal.languages.as_slice()).unwrap_or_default();
    let items = languages.iter().map(|language| {
        let (code, tag) = (&language.code, escape(language.tag()));
        let name = escape(&language.name);
        format!("<li><a href=\"{code}/\" lang=\"{tag}\" hreflang=\"{tag}\">{name}</a></li>")
    });
    format!("{before}<ul>{}</ul></noscript>{after}", items.collect::<String>())
}

/// Text for an attribute in double quotes, or for between tags.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::*;

    #[test]
    fn the_page_is_made_again_only_when_a_file_has_changed() {
        let folder = tempfile::TempDir::new().unwrap();
        let index = folder.path().join("index.html");
        let mut shell = Shell::new(index.clone(), "/");
        let mut page = || shell.page(None).map(|page| page.html);
        assert_eq!(page(), None);
        fs::write(&index, "one").unwrap();
        assert_eq!(page().as_deref(), Some("one"));
        // Whoever read the file would see this; its length and time are as before.
        let written = index.metadata().unwrap().modified().unwrap();
        fs::write(&index, "two").unwrap();
        let file = File::options().write(true).open(&index).unwrap();
        file.set_modified(written).unwrap();
        assert_eq!(page().as_deref(), Some("one"));
        fs::write(&index, "three").unwrap();
        assert_eq!(page().as_deref(), Some("three"));
    }

    #[test]
    fn the_portals_colours_are_attributes_of_the_document() {
        let json = r##"{ "version": 1, "id": "p", "name": { "en": "P" }, "timezone": "UTC", "default": "en",
            "languages": [{ "code": "en", "name": "E" }], "sources": [{ "id": "a", "base": "/api" }],
            "theme": { "accent": "#036", "accent_dark": "\"><script>" } }"##;
        let portal = Portal::parse(json).0.unwrap();
        assert_eq!(
            with_accents("<!doctype html><html lang=vi>", Some(&portal)),
            "<!doctype html><html data-accent=\"#036\" data-accent-dark=\"&quot;&gt;&lt;script&gt;\" lang=vi>"
        );
    }
}
