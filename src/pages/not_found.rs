//! No such page: said in the reader's language, with ways on.

use haidang_engine::route::{DocumentFilter, Page};

use leptos::prelude::*;

use super::{Loaded, PageData};
use crate::{
    i18n::{I18n, msg},
    site::{Site, use_site},
    view::{Element, View, el, live},
};

/// The page for addresses that are none.
pub struct NotFound;

impl PageData for NotFound {
    fn identity(&self) -> String {
        "not-found".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::NOT_FOUND_TITLE)
    }

    fn view(&self, _: RwSignal<Loaded>) -> View {
        let Some((site, i18n)) = use_site() else { return View::Nothing };
        live(move || not_found(site, i18n))
    }

    fn is_indexed(&self) -> bool {
        false
    }
}

fn not_found(site: Site, i18n: I18n) -> Element {
    let portal = site.portal();
    let search = Page::Search { query: String::new(), cursor: None };
    let documents = Page::Documents(DocumentFilter::default());
    let ways = [
        (true, Page::Front, msg::NAV_HOME),
        (portal.features.search, search, msg::SEARCH_TITLE),
        (portal.features.documents, documents, msg::DOCUMENTS_TITLE),
    ];
    let ways = ways.into_iter().filter(|(is_offered, ..)| *is_offered).map(|(_, page, name)| {
        let href = site.href(i18n.lang(), page);
        el("li").child(el("a").attr("href", href).child(i18n.text(name)))
    });
    el("div")
        .class("failed")
        .child(el("h1").child(i18n.text(msg::NOT_FOUND_TITLE)))
        .child(el("p").child(i18n.text(msg::NOT_FOUND_TEXT)))
        .child(el("p").child(i18n.text(msg::NOT_FOUND_WAYS)))
        .child(el("ul").child(ways.collect::<View>()))
}
