//! The server's view of portal.json: whom pages may ask, and which languages content falls back to.

use std::path::Path;

use haidang_engine::{
    lang::{Lang, best},
    profile::Portal,
};

use crate::texts::Wanted;

/// Reads a portal.json; the error says what is wrong, beside it come warnings.
pub fn read(file: &Path) -> (Result<Portal, String>, Vec<String>) {
    match std::fs::read_to_string(file) {
        Ok(json) => Portal::parse(&json),
        Err(error) => (Err(error.to_string()), Vec::new()),
    }
}

/// Reads a portal.json and logs what is wrong with it: the server goes on without, as readers go on
/// with the one they had.
pub fn read_and_log(file: &Path) -> Option<Portal> {
    let (portal, warnings) = read(file);
    for warning in warnings {
        tracing::warn!(file = %file.display(), "{warning}");
    }
    portal.inspect_err(|error| tracing::error!(file = %file.display(), "{error}")).ok()
}

/// The languages of the portal's editions.
#[derive(Debug, Clone)]
pub struct Editions {
    default: Lang,
    fallback: Vec<Lang>,
    all: Vec<Lang>,
}

impl Editions {
    /// As the portal says; without one, the languages that content is in, most used first.
    pub fn new(portal: Option<&Portal>, content: Vec<Lang>) -> Option<Self> {
        match portal {
            Some(portal) => Some(Self {
                default: portal.default.clone(),
                fallback: portal.fallback.clone(),
                all: portal.codes(),
            }),
            None => Some(Self {
                default: content.first()?.clone(),
                fallback: content.clone(),
                all: content,
            }),
        }
    }

    /// The edition for a request that asks for `lang`: of the portal's languages the nearest, so that
    /// `zh-CN` is served by `zh`.
    pub fn edition<'a>(&'a self, lang: Option<&'a Lang>) -> &'a Lang {
        let Some(lang) = lang else { return &self.default };
        best(std::slice::from_ref(lang), &self.all, |lang| lang).unwrap_or(lang)
    }

    /// The languages for a request that asks for `lang`.
    pub fn wanted(&self, lang: Option<&Lang>) -> Wanted {
        let edition = self.edition(lang);
        let mut order = vec![edition.clone()];
        order.extend(self.fallback.iter().filter(|next| *next != edition).cloned());
        Wanted(order)
    }

    /// Every language of the portal.
    pub fn all(&self) -> &[Lang] {
        &self.all
    }
}
