//! What every view knows of the portal it is part of: its configuration, the reader's settings, how
//! a route becomes a link. A context, so that pages and embedded elements use the same views.

use std::sync::Arc;

use haidang_engine::{
    lang::Lang,
    model::{Headline, Key},
    profile::Portal,
    route::{Page, Route},
};
use leptos::prelude::*;

use crate::{
    i18n::{I18n, use_i18n},
    preferences::{Preferences, browser_saves_data},
};

/// The portal around a view.
#[derive(Clone, Copy)]
pub struct Site {
    portal: StoredValue<Arc<Portal>>,
    /// Links begin with it: empty on the portal itself, its address in an element.
    prefix: StoredValue<String>,
    /// The address of the page that is shown, as [`Site::href`] gives it.
    pub address: RwSignal<String>,
    /// The reader's settings.
    pub preferences: RwSignal<Preferences>,
    /// How much deeper than on the portal headings are, in somebody else's page.
    deeper: i8,
}

impl Site {
    /// A portal whose links begin with `prefix`.
    pub fn new(portal: Arc<Portal>, prefix: String, preferences: Preferences) -> Self {
        Self {
            portal: StoredValue::new(portal),
            prefix: StoredValue::new(prefix),
            address: RwSignal::new(String::new()),
            preferences: RwSignal::new(preferences),
            deeper: 0,
        }
    }

    /// The same with headings so much deeper.
    pub fn deeper(self, deeper: i8) -> Self {
        Self { deeper, ..self }
    }

    /// What goes into `aria-level` of a heading that is of level `level` on the portal; nothing there.
    pub fn level(self, level: u8) -> Option<String> {
        let is_other = self.deeper != 0;
        is_other.then(|| level.min(6).saturating_add_signed(self.deeper).clamp(1, 6).to_string())
    }

    /// The configuration in force.
    pub fn portal(self) -> Arc<Portal> {
        self.portal.get_value()
    }

    /// Whether this is the portal itself, and no element in somebody else's page.
    pub fn is_own(self) -> bool {
        self.prefix.with_value(String::is_empty)
    }

    /// A route's address.
    pub fn href(self, lang: Lang, page: Page) -> String {
        let route = Route { lang, page };
        self.prefix.with_value(|prefix| format!("{prefix}{}", route.href()))
    }

    /// The address of a place on this page: `#id` alone would be resolved against the `<base>`.
    pub fn fragment(self, id: &str) -> String {
        self.address.with(|address| format!("{address}#{id}"))
    }

    /// An article's address in the language of the interface.
    pub fn article(self, lang: Lang, headline: &Headline) -> String {
        let page = Page::Article { key: headline.key.clone(), slug: headline.slug.clone() };
        self.href(lang, page)
    }

    /// The address of the document `id` in the register of `source`.
    pub fn document(self, lang: Lang, source: &str, id: &str) -> String {
        let key = Key { source: source.to_owned(), id: id.to_owned() };
        self.href(lang, Page::Document(key))
    }

    /// What goes into `lang` for a language, and its name in itself.
    pub fn language(self, lang: &Lang) -> (String, String) {
        self.portal.with_value(|portal| match portal.language(lang) {
            Some(language) => (language.tag().to_owned(), language.name.clone()),
            None => (lang.to_string(), lang.to_string()),
        })
    }

    /// What goes into `lang` for a language of `portal`.
    pub fn tag(portal: &Portal, lang: &Lang) -> String {
        let known = portal.language(lang).map(|language| language.tag().to_owned());
        known.unwrap_or_else(|| lang.to_string())
    }

    /// What the source of a key is called, where the portal has several.
    pub fn source_name(self, lang: &Lang, key: &Key) -> Option<String> {
        self.portal.with_value(|portal| {
            let source = portal.source(&key.source).filter(|_| portal.sources.len() > 1)?;
            let name = source.name.get(lang, &portal.fallback);
            Some(if name.is_empty() { source.id.clone() } else { name.to_owned() })
        })
    }

    /// Whether data is to be saved: the reader has set it, or the browser asks for it (`Save-Data`).
    pub fn saves_data(self) -> bool {
        self.preferences.with_untracked(|preferences| preferences.saves_data)
            || browser_saves_data()
    }

    /// `lang` and what else the reader reads, none twice.
    pub fn reads(self, lang: Lang) -> Vec<Lang> {
        let mut reads = vec![lang];
        self.preferences.with_untracked(|preferences| {
            for lang in &preferences.reads {
                if !reads.contains(lang) {
                    reads.push(lang.clone());
                }
            }
        });
        reads
    }

    /// Changes the reader's settings, shows and keeps them; `false` if the browser does not keep them.
    pub fn prefer(self, change: impl FnOnce(&mut Preferences)) -> bool {
        self.preferences.update(change);
        self.preferences.with(|preferences| {
            preferences.apply();
            self.portal.with_value(|portal| preferences.save(&portal.id))
        })
    }
}

/// The [`Site`] and the words of the surrounding app or element.
///
/// `None` only outside of one, where there is nothing to show.
pub fn use_site() -> Option<(Site, I18n)> {
    Some((use_context::<Site>()?, use_i18n()))
}
