//! The server's view of portal.json: whom pages may ask, and which languages content falls back to.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

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

/// By what a file is seen to have changed: when it was written, and its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp(SystemTime, u64);

impl Stamp {
    /// Of a file that is there.
    pub fn of(file: &Path) -> Option<Self> {
        let metadata = file.metadata().ok()?;
        Some(Self(metadata.modified().ok()?, metadata.len()))
    }
}

/// A portal.json that may change while the server runs. One that is wrong leaves the last good one in
/// force, as it does with readers.
pub struct InForce {
    file: PathBuf,
    seen: Option<Stamp>,
    portal: Option<Portal>,
}

impl InForce {
    /// Reads `file` for the first time.
    pub fn open(file: PathBuf) -> Self {
        let mut portal = Self { seen: Stamp::of(&file), file, portal: None };
        portal.read();
        portal
    }

    /// The last that could be read, if ever one could.
    pub fn portal(&self) -> Option<&Portal> {
        self.portal.as_ref()
    }

    /// Reads the file again if it has changed, and says whether it has.
    pub fn refresh(&mut self) -> bool {
        let stamp = Stamp::of(&self.file);
        let has_changed = stamp != self.seen;
        if has_changed {
            self.seen = stamp;
            self.read();
        }
        has_changed
    }

    fn read(&mut self) {
        let (portal, warnings) = read(&self.file);
        let file = self.file.display();
        for warning in warnings {
            tracing::warn!(%file, "{warning}");
        }
        match portal {
            Ok(portal) => self.portal = Some(portal),
            Err(error) => tracing::error!(%file, "{error}"),
        }
    }
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
