//! The portal's header: name, languages, search, the edition's navigation.

use haidang_engine::{
    model::Key,
    profile::NavigationItem,
    route::{List, ListKind, Page, Route},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlFormElement, HtmlInputElement, HtmlSelectElement};

use crate::{
    app::Navigate,
    i18n::{I18n, msg},
    pages::Loaded,
    site::{Site, use_site},
    view::{Element, View, el, live},
};

/// The header. It stays while pages change; what it says follows `shown`, what is on the page.
pub fn header(shown: RwSignal<Loaded>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let route = Memo::new(move |_| shown.with(|shown| shown.route.clone()));
    let portal = site.portal();
    let name = {
        let portal = portal.clone();
        move || portal.name.get(&i18n.lang(), &portal.fallback).to_owned()
    };
    let home = move || site.href(i18n.lang(), Page::Front);
    let settings = move || site.href(i18n.lang(), Page::Settings);
    let logo = portal.theme.logo.clone().unwrap_or_else(|| "favicon.svg".to_owned());
    let in_settings =
        move || route.with(|route| route.page == Page::Settings).then(|| "page".to_owned());
    let mark = el("img")
        .class("brand-mark")
        .attr("src", logo)
        .attr("alt", "")
        .attr("width", "40")
        .attr("height", "40");
    let brand = el("a")
        .class("brand")
        .live_attr("href", home)
        .child(mark)
        .child(el("span").class("brand-name").child(live(name)));
    let settings_link = el("a")
        .class("settings-link")
        .live_attr("href", settings)
        .live_attr("aria-current", in_settings)
        .child(live(i18n.t(msg::NAV_SETTINGS)));
    let in_saved = move || route.with(|route| route.page == Page::Saved).then(|| "page".to_owned());
    let saved_link = el("a")
        .class("settings-link")
        .live_attr("href", move || site.href(i18n.lang(), Page::Saved))
        .live_attr("aria-current", in_saved)
        .child(live(i18n.t(msg::SAVED_TITLE)));
    let masthead = el("div")
        .class("masthead")
        .child(brand)
        .child(languages(site, i18n, shown))
        .child(portal.features.search.then(|| search_box(site, i18n)))
        .child(el("p").class("own-links").child(saved_link).child(settings_link));
    let nav = el("nav")
        .class("site-nav")
        .live_attr("aria-label", i18n.t(msg::NAV_MAIN))
        .child(live(move || navigation(site, &route.get())));
    el("header").class("site-header").child(masthead).child(nav).into()
}

/// A link for each language of the portal, in that language.
fn languages(site: Site, i18n: I18n, shown: RwSignal<Loaded>) -> Element {
    let portal = site.portal();
    let items = portal.languages.iter().map(|language| {
        let code = language.code.clone();
        let is_current = {
            let code = code.clone();
            move || (i18n.lang() == code).then(|| "true".to_owned())
        };
        let version = Memo::new({
            let code = code.clone();
            move |_| shown.with(|shown| shown.in_language(&code))
        });
        let href = move || version.with(|(route, _)| site.href(code.clone(), route.page.clone()));
        let is_missing = move || version.with(|(_, exists)| !exists);
        let missing = move || {
            is_missing().then(|| {
                el("span")
                    .class("visually-hidden")
                    .attr("lang", site.language(&i18n.lang()).0)
                    .child(" – ")
                    .child(i18n.text(msg::LANG_MISSING))
            })
        };
        let link = el("a")
            .live_attr("href", href)
            .attr("rel", "alternate")
            .attr("lang", language.tag().to_owned())
            .attr("hreflang", language.tag().to_owned())
            .live_attr("aria-current", is_current)
            .live_attr("data-missing", move || is_missing().then(String::new))
            .child(language.name.clone())
            .child(live(missing));
        el("li").child(link)
    });
    el("nav")
        .class("languages")
        .live_attr("aria-label", i18n.t(msg::LANG_LABEL))
        .child(el("ul").attr("role", "list").child(items.collect::<View>()))
}

/// The search field of the header.
fn search_box(site: Site, i18n: I18n) -> Element {
    let navigate = use_context::<Navigate>();
    let action =
        move || site.href(i18n.lang(), Page::Search { query: String::new(), cursor: None });
    let submit = move |event: Event| {
        let Some(query) = field(&event, "q") else { return };
        event.prevent_default();
        if let Some(navigate) = navigate {
            navigate.to(Route { lang: i18n.lang(), page: Page::Search { query, cursor: None } });
        }
    };
    let input = el("input")
        .attr("type", "search")
        .attr("name", "q")
        .live_attr("aria-label", i18n.t(msg::SEARCH_LABEL))
        .attr("autocomplete", "off");
    let button = el("button").attr("type", "submit").child(live(i18n.t(msg::SEARCH_SUBMIT)));
    el("form")
        .class("header-search")
        .attr("role", "search")
        .live_attr("action", action)
        .attr("method", "get")
        .on("submit", submit)
        .child(input)
        .child(button)
}

/// What a submitted form holds in the field `name`.
pub fn field(event: &Event, name: &str) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let element = form.elements().named_item(name)?;
    match element.dyn_into::<HtmlInputElement>() {
        Ok(input) => Some(input.value()),
        Err(element) => element.dyn_into::<HtmlSelectElement>().ok().map(|select| select.value()),
    }
}

fn navigation(site: Site, route: &Route) -> Element {
    let portal = site.portal();
    let items = portal
        .navigation
        .iter()
        .filter(|item| item.languages.is_empty() || item.languages.contains(&route.lang))
        .filter_map(|item| {
            let (href, is_current) = destination(site, route, item)?;
            let name = item.name.get(&route.lang, &portal.fallback).to_owned();
            let current = is_current.then_some("page");
            let link = el("a").attr("href", href).attr("aria-current", current).child(name);
            Some(el("li").child(link))
        });
    el("ul").attr("role", "list").child(items.collect::<View>())
}

/// Where an item leads, and whether the reader is there; `None` for what the portal does not offer.
fn destination(site: Site, route: &Route, item: &NavigationItem) -> Option<(String, bool)> {
    let features = &site.portal().features;
    let page = match (item.section.as_deref(), item.page.as_deref()) {
        (Some(id), _) => Page::List(List {
            kind: ListKind::Section,
            key: Key::of(id),
            organisation: None,
            cursor: None,
        }),
        (_, Some("documents")) if features.documents => Page::Documents(Default::default()),
        (_, Some("press")) if features.press => Page::Press,
        (_, Some("search")) if features.search => {
            Page::Search { query: String::new(), cursor: None }
        }
        (_, Some(_)) => return None,
        _ => return item.href.clone().map(|href| (href, false)),
    };
    let is_current = match (&page, &route.page) {
        (Page::List(item), Page::List(shown)) => item.kind == shown.kind && item.key == shown.key,
        (Page::Documents(_), Page::Documents(_) | Page::Document(_)) => true,
        (Page::Press, Page::Press) => true,
        (Page::Search { .. }, Page::Search { .. }) => true,
        _ => false,
    };
    Some((site.href(route.lang.clone(), page), is_current))
}
