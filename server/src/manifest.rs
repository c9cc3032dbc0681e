//! The web app manifest of a portal, one in each language (<https://www.w3.org/TR/appmanifest/>): by it a
//! browser installs the portal as an app.
//!
//! Addresses in it are relative to `manifest/` below the portal's base, so it serves under any path. The app
//! is the same in all languages, since it starts at the portal's root, which knows the reader's; only the
//! name, the description and the shortcuts are in the language in which it was installed.

use std::{fs, path::Path};

use anyhow::Context;
use haidang_engine::{
    lang::Lang,
    model::Key,
    profile::{Localized, NavigationItem, Portal},
    route::{List, ListKind, Page, Route},
};
use serde_json::{Value, json};

use crate::portal;

/// The colour of light paper in style/tokens.css.
const PAPER: &str = "#fffefb";
/// Pictures of the portal that stores show, below the site's folder: `narrow-540x960.webp`, `wide-….webp`.
const SCREENSHOTS: &str = "screenshots";
/// Launchers show no more.
const SHORTCUTS: usize = 4;

/// The manifest in `lang` of a portal whose site is in the folder `site`.
pub fn manifest(portal: &Portal, lang: &Lang, site: &Path) -> Value {
    let text = |text: &Localized| text.get(lang, &portal.fallback).to_owned();
    let tag = portal.language(lang).map_or(lang.as_str(), |language| language.tag());
    let shortcuts = portal
        .navigation
        .iter()
        .filter_map(|item| Some(json!({ "name": text(&item.name), "url": address(item, lang)? })));
    let icon = |src: &str, sizes: &str, kind: &str, purpose: &str| json!({ "src": format!("../{src}"), "sizes": sizes, "type": kind, "purpose": purpose });
    json!({
        "name": text(&portal.name),
        "description": text(&portal.description),
        "lang": tag,
        "dir": "auto",
        "start_url": "../",
        "scope": "../",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            icon("icons/icon-192.png", "192x192", "image/png", "any"),
            icon("icons/icon-512.png", "512x512", "image/png", "any"),
            icon("icons/maskable-512.png", "512x512", "image/png", "maskable"),
            icon("favicon.svg", "any", "image/svg+xml", "any"),
        ],
        "shortcuts": shortcuts.take(SHORTCUTS).collect::<Vec<_>>(),
        "screenshots": screenshots(site),
    })
}

/// Where an item of the navigation leads within the portal, if it is in the edition.
fn address(item: &NavigationItem, lang: &Lang) -> Option<String> {
    let is_shown = item.languages.is_empty() || item.languages.contains(lang);
    let page = match (&item.section, item.page.as_deref()) {
        (Some(section), _) => Page::List(List {
            kind: ListKind::Section,
            key: Key::of(section),
            organisation: None,
            cursor: None,
        }),
        (None, Some("documents")) => Page::Documents(Default::default()),
        (None, Some("press")) => Page::Press,
        (None, Some("search")) => Page::Search { query: String::new(), cursor: None },
        (None, _) => return None,
    };
    is_shown.then(|| format!("../{}", Route { lang: lang.clone(), page }.href()))
}

/// The pictures that are there, by what their names say of them.
fn screenshots(site: &Path) -> Vec<Value> {
    let entries = fs::read_dir(site.join(SCREENSHOTS)).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let described = names.iter().filter_map(|name| {
        let (form, sizes) = name.strip_suffix(".webp")?.split_once('-')?;
        let src = format!("../{SCREENSHOTS}/{name}");
        Some(json!({ "src": src, "sizes": sizes, "type": "image/webp", "form_factor": form }))
    });
    described.collect()
}

/// The language of the manifest at `path` below the portal's base, if it is one of the portal's.
pub fn language(portal: &Portal, path: &str) -> Option<Lang> {
    let code = path.strip_prefix("/manifest/")?.strip_suffix(".webmanifest")?;
    let known = portal.languages.iter().map(|language| &language.code);
    known.into_iter().find(|lang| lang.as_str() == code).cloned()
}

/// Writes the manifests of the portal in `file` into `manifest/` of the site in `site`.
pub fn write(site: &Path, file: &Path) -> anyhow::Result<()> {
    let portal = portal::read(file).0.map_err(anyhow::Error::msg);
    let portal = portal.with_context(|| file.display().to_string())?;
    let folder = site.join("manifest");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for language in &portal.languages {
        let path = folder.join(format!("{}.webmanifest", language.code));
        let text = format!("{:#}\n", manifest(&portal, &language.code, site));
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("{}", path.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../public")
    }

    #[test]
    fn the_manifests_in_public_are_those_of_its_portal() {
        let portal = portal::read(&public().join("portal.json")).0.unwrap();
        for language in &portal.languages {
            let path = public().join(format!("manifest/{}.webmanifest", language.code));
            let written: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
            let made = manifest(&portal, &language.code, &public());
            assert_eq!(written, made, "{}: run `cargo xtask manifest`", language.code);
        }
    }

    #[test]
    fn a_manifest_leads_to_what_its_language_has() {
        let json = r#"{"version": 1, "id": "p", "name": {"vi": "Cổng", "en": "Portal"},
            "timezone": "Asia/Ho_Chi_Minh", "default": "vi", "sources": [{"id": "s", "base": "api"}],
            "languages": [{"code": "vi", "name": "V"}, {"code": "en", "name": "E"}], "navigation": [
            {"name": {"vi": "Tin", "en": "News"}, "section": "tin tức"},
            {"name": {"vi": "Chỉ đạo"}, "section": "x", "languages": ["vi"]},
            {"name": {"en": "Elsewhere"}, "href": "https://example.org/"},
            {"name": {"en": "Documents"}, "page": "documents"}]}"#;
        let portal = Portal::parse(json).0.unwrap();
        let made = manifest(&portal, &Lang::ENGLISH, Path::new("/nowhere"));
        assert_eq!(made["name"], "Portal");
        assert_eq!(
            made["shortcuts"],
            json!([
                { "name": "News", "url": "../en/section/tin~20t~E1~BB~A9c" },
                { "name": "Documents", "url": "../en/documents" },
            ])
        );
        assert_eq!(made["screenshots"], json!([]));
        assert_eq!(language(&portal, "/manifest/en.webmanifest"), Some(Lang::ENGLISH));
        assert_eq!(language(&portal, "/manifest/ja.webmanifest"), None);
    }
}
