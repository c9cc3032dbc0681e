//! What the build has made that pages are printed into, and the portal they are of.

use std::{collections::HashMap, fs, path::Path, sync::Arc, time::UNIX_EPOCH};

use anyhow::Context;
use haidang::i18n::Messages;
use haidang_engine::{
    lang::Lang,
    profile::Portal,
    route::{Page, Route},
};
use url::Url;

use super::{
    place,
    site::{OWN, digest},
    sources,
};
use crate::{
    config::Prerender,
    portal, print,
    shell::{with_accents, with_base, with_languages},
};

/// By this the app's page is known that has been written into by an earlier run.
const PRINTS: &str = "data-prints-pages";

/// What stands in the site before anything is printed.
pub struct Built {
    /// Where the portal will be.
    pub home: Url,
    /// index.html, below the portal's base.
    pub index: String,
    /// portal.json.
    pub json: String,
    /// What it says.
    pub portal: Portal,
    /// A digest of what else pages are made by: the words, the profiles, this program.
    by: String,
}

impl Built {
    /// Reads the files as they are now.
    pub fn read(options: &Prerender) -> anyhow::Result<Self> {
        let home = sources::home(&options.home)?;
        let file = options.portal.clone().unwrap_or_else(|| options.site.join("portal.json"));
        let json = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        let portal = portal::read(&file).0.map_err(anyhow::Error::msg);
        let portal = portal.with_context(|| file.display().to_string())?;
        let index = with_base(&index(&options.site)?, home.path());
        let index = with_accents(&index, Some(&portal));
        let by = others(&options.site, &portal);
        Ok(Self { home, index, json, portal, by })
    }

    /// Another digest is that of another app or another portal: all pages are then to be looked at.
    pub fn digest(&self) -> String {
        digest([&*self.index, &*self.json, self.home.as_str(), &*self.by])
    }

    /// What the app says, by language.
    pub fn words(&self, site: &Path) -> anyhow::Result<HashMap<Lang, Arc<Messages>>> {
        let read = |lang: Lang| {
            let words = print::words(site, &lang).map_err(anyhow::Error::msg)?;
            Ok((lang, Arc::new(words)))
        };
        self.portal.codes().into_iter().map(read).collect()
    }

    /// The app's own page, and the files that it goes out as: that of the root, and the pages that are each
    /// reader's own.
    pub fn shell(&self) -> (String, Vec<String>) {
        let shell = print::shell(&with_languages(&self.index, Some(&self.portal)));
        let search = Page::Search { query: String::new(), cursor: None };
        let pages = [search, Page::Saved, Page::Settings];
        let own = self.portal.codes().into_iter().flat_map(|lang| {
            let routes = pages.clone().map(|page| Route { lang: lang.clone(), page });
            routes.into_iter().filter_map(|route| place::file(&route))
        });
        (shell, ["index.html".to_owned()].into_iter().chain(own).collect())
    }
}

/// A digest of the words and profiles in a site, and of this program as its file is known.
fn others(site: &Path, portal: &Portal) -> String {
    let words = portal.codes().into_iter().map(|lang| site.join(format!("locales/{lang}.json")));
    let profiles = fs::read_dir(site.join("profiles")).into_iter().flatten().flatten();
    let mut files: Vec<_> = profiles.map(|entry| entry.path()).chain(words).collect();
    files.sort();
    // What is not there says nothing.
    let texts = files.iter().filter_map(|file| fs::read_to_string(file).ok());
    let program = std::env::current_exe().and_then(fs::metadata).map(|file| {
        let changed = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        format!("{} {:?}", file.len(), changed)
    });
    let texts: Vec<String> = texts.chain(program.ok()).collect();
    digest(texts.iter().map(String::as_str))
}

/// index.html as the build has made it: kept aside, since the site's own is written into.
fn index(site: &Path) -> anyhow::Result<String> {
    let (own, kept) = (site.join("index.html"), site.join(OWN).join("index.html"));
    let html = fs::read_to_string(&own).with_context(|| own.display().to_string())?;
    if html.contains(PRINTS) {
        return fs::read_to_string(&kept).with_context(|| kept.display().to_string());
    }
    fs::create_dir_all(site.join(OWN)).with_context(|| kept.display().to_string())?;
    fs::write(&kept, &html).with_context(|| kept.display().to_string())?;
    Ok(html)
}
