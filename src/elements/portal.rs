//! The portals that elements of a page show, and their words: fetched once, by address.

use std::{rc::Rc, sync::Arc};

use haidang_engine::{lang::Lang, profile::Portal};
use serde_json::Value;
use web_sys::Url;

use super::{asked::Asked, once::Once};
use crate::{
    backend::{fetch_text, learn_offers, warn},
    i18n::Messages,
    offline::reader::assert,
    preferences::Preferences,
};

thread_local! {
    static PORTALS: Rc<Once<Arc<Portal>>> = Rc::default();
    static WORDS: Rc<Once<Arc<Messages>>> = Rc::default();
}

/// The words of a portal in the best language for an element: what the page says, then what the reader has chosen,
/// then what the browser says.
pub async fn words(asked: &Asked, portal: &Portal) -> Result<Arc<Messages>, String> {
    let chosen = Preferences::load(&portal.id).lang;
    let wanted: Vec<Lang> =
        asked.lang.iter().cloned().chain(chosen).chain(asked.reads.iter().cloned()).collect();
    let lang = portal.best_language(&wanted);
    let url = at(&asked.portal, &format!("locales/{lang}.json"))?;
    let words = WORDS.with(Rc::clone);
    let words = words.get(&url, async {
        let text = fetch_text(&url).await.map_err(|failure| format!("{url}: {failure}"))?;
        let messages = Messages::parse(lang.clone(), &text);
        messages.map(Arc::new).map_err(|error| format!("{url}: {error}"))
    });
    let words = words.await?;
    Ok(Arc::clone(&words))
}

/// Says to the portal at `address` who the reader is.
pub async fn assert_at(address: String, assertion: Option<String>) {
    if let Ok(portal) = portal(&address).await {
        assert(&portal.id, assertion);
    }
}

/// The portal at `address`.
pub async fn portal(address: &str) -> Result<Arc<Portal>, String> {
    let portals = PORTALS.with(Rc::clone);
    let portal = portals.get(address, fetch(address)).await?;
    Ok(Arc::clone(&portal))
}

/// The portal at `address`, all of whose addresses are absolute.
async fn fetch(address: &str) -> Result<Arc<Portal>, String> {
    let url = at(address, "portal.json")?;
    let text = fetch_text(&url).await.map_err(|failure| format!("{url}: {failure}"))?;
    let (portal, notes) = Portal::parse(&text);
    notes.iter().for_each(|note| warn(note));
    let mut portal = portal.map_err(|error| format!("{url}: {error}"))?;
    for source in &mut portal.sources {
        source.base = at(address, &source.base)?;
        if let Some(Value::String(profile)) = &mut source.profile {
            let is_address = profile.contains('/') || profile.ends_with(".json");
            let file =
                if is_address { profile.clone() } else { format!("profiles/{profile}.json") };
            *profile = at(address, &file)?;
        }
    }
    learn_offers(&mut portal).await?;
    Ok(Arc::new(portal))
}

/// An address of the portal's, whatever `<base>` the page has.
fn at(base: &str, href: &str) -> Result<String, String> {
    let url = Url::new_with_base(href, base);
    url.map(|url| url.href()).map_err(|_| format!("\"{base}\" is not the address of a portal"))
}
