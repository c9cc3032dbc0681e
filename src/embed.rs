//! Starts the elements: the portal's views inside somebody else's page.
//!
//! Each `<haidang-headlines portal="https://portal.example/" section="news" lang="vi">` and
//! `<haidang-comments portal="…" article="…" lang="vi">` that the page holds gets a shadow root with the
//! portal's style and the view in it. There is no router and no page here: links lead to the portal.

use std::sync::Arc;

use haidang::{
    backend::{Loader, Mode, fetch_text, warn},
    i18n::{I18n, Messages},
    preferences::Preferences,
    site::Site,
    thread::{Place, thread},
    ui::{Look, headlines},
    view::{View, el, mount},
};
use haidang_engine::{
    lang::Lang,
    model::{Headline, Page as Slice},
    profile::{Headlines, Operation, Portal},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::{AbortController, Element, ShadowRootInit, ShadowRootMode, Url};

fn main() {
    let _ = any_spawner::Executor::init_wasm_bindgen();
    for name in ["haidang-headlines", "haidang-comments"] {
        let Ok(found) = document().query_selector_all(name) else { continue };
        for index in 0..found.length() {
            let element = found.get(index).and_then(|node| node.dyn_into::<Element>().ok());
            let Some(element) = element else { continue };
            spawn_local(async move {
                if let Err(cause) = start(&element, name).await {
                    // The element's own content stays: it is the fallback.
                    warn(&format!("<{name}>: {cause}"));
                }
            });
        }
    }
}

async fn start(element: &Element, name: &str) -> Result<(), String> {
    let address = element.get_attribute("portal").ok_or("the attribute `portal` is missing")?;
    let portal = Arc::new(portal(&address).await?);
    let lang = element.get_attribute("lang").and_then(|code| Lang::parse(&code));
    let lang = portal.best_language(lang.as_slice());
    let words = fetch_text(&at(&address, &format!("locales/{lang}.json"))?).await;
    let words = words.map_err(|failure| format!("locales/{lang}.json: {failure}"))?;
    let messages = Messages::parse(lang.clone(), &words).map_err(|error| error.to_string())?;
    let i18n = I18n::new(Arc::new(messages), &portal.timezone);
    let site = Site::new(portal.clone(), address.clone(), Preferences::default());
    let view = if name == "haidang-headlines" {
        let items = list(&portal, lang, element.get_attribute("section")).await?;
        headlines(site, i18n, &items, Look::Row).into()
    } else {
        let article =
            element.get_attribute("article").ok_or("the attribute `article` is missing")?;
        let place = Place { source: String::new(), id: article, is_open: true };
        View::Live(Box::new(move || thread(place.clone())))
    };
    let root = element.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open));
    let root = root.map_err(|error| format!("{error:?}"))?;
    let style = at(&address, "embed.css")?;
    // For the life of the page.
    std::mem::forget(mount(&root, move || {
        provide_context(site);
        provide_context(i18n);
        View::from([el("link").attr("rel", "stylesheet").attr("href", style).into(), view])
    }));
    Ok(())
}

/// The portal at `address`, with its sources' bases made absolute.
async fn portal(address: &str) -> Result<Portal, String> {
    let url = at(address, "portal.json")?;
    let text = fetch_text(&url).await.map_err(|failure| format!("{url}: {failure}"))?;
    let (portal, notes) = Portal::parse(&text);
    notes.iter().for_each(|note| warn(note));
    let mut portal = portal?;
    for source in &mut portal.sources {
        source.base = at(address, &source.base)?;
    }
    Ok(portal)
}

async fn list(
    portal: &Arc<Portal>,
    lang: Lang,
    section: Option<String>,
) -> Result<Vec<Headline>, String> {
    let abort = AbortController::new().map_err(|error| format!("{error:?}"))?.signal();
    let loader = Loader::new(portal.clone(), lang, Vec::new(), Mode::Cached, abort);
    let query = Headlines { section, limit: Some(10), ..Headlines::default() };
    let page = loader.ask::<Slice<Headline>>("", &Operation::Headlines(query)).await;
    page.map(|page| page.items).map_err(|failure| format!("{failure}"))
}

fn at(base: &str, href: &str) -> Result<String, String> {
    let url = Url::new_with_base(href, base);
    url.map(|url| url.href()).map_err(|_| format!("{base} is not an address"))
}
