//! The front page of an edition: lead by rank, latest, sections.

use std::sync::Arc;

use haidang_engine::{
    model::{Front, FrontSection, Key},
    profile::Failure,
    route::{List, ListKind, Page},
};
use leptos::prelude::*;

use super::{Loaded, PageData, Shown};
use crate::{
    backend::Loader,
    i18n::{I18n, msg},
    site::{Site, use_site},
    ui::{Look, headlines},
    view::{Element, View, el, later, live},
};

/// A front page.
pub struct FrontData(pub Front);

impl PageData for FrontData {
    fn identity(&self) -> String {
        "front".to_owned()
    }

    fn title(&self, _: I18n) -> String {
        String::new()
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

/// Asks the sources for their front pages.
pub async fn load(loader: &Loader) -> Result<FrontData, Failure> {
    loader.front().await.map(FrontData)
}

/// The front page.
fn view(data: Shown<FrontData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    live(move || data.get().map(|data| front(site, i18n, data)))
}

fn front(site: Site, i18n: I18n, data: Arc<FrontData>) -> View {
    let front = &data.0;
    let name = site.portal().name.get(&i18n.lang(), &[]).to_owned();
    if front.lead.is_empty() && front.latest.is_empty() {
        let empty = i18n.text(msg::FRONT_EMPTY);
        return View::from([el("h1").child(name), el("p").child(empty)]);
    }
    let beside = data.clone();
    let lead = el("div")
        .class("front-lead")
        .child(headlines(site, i18n, front.lead.get(..1).unwrap_or_default(), Look::Lead))
        .child(later(move || {
            headlines(site, i18n, beside.0.lead.get(1..).unwrap_or_default(), Look::Second)
        }));
    View::from([
        el("h1").class("visually-hidden").child(name).into(),
        lead.into(),
        later(move || below(site, i18n, &data.0)),
    ])
}

/// What is below the first screen.
fn below(site: Site, i18n: I18n, front: &Front) -> [Element; 2] {
    let latest = el("section")
        .class("front-latest")
        .child(el("h2").child(i18n.text(msg::FRONT_LATEST)))
        .child(headlines(site, i18n, &front.latest, Look::Card));
    let sections = front.sections.iter().map(|part| section(site, i18n, part));
    [latest, el("div").class("front-sections").child(sections.collect::<View>())]
}

fn section(site: Site, i18n: I18n, FrontSection { section, items }: &FrontSection) -> Element {
    let key = Key::of(section.id.clone());
    let list = List { kind: ListKind::Section, key, organisation: None, cursor: None };
    let href = site.href(i18n.lang(), Page::List(list));
    let title = el("a").attr("href", href.clone()).child(section.name.clone());
    let more = i18n.fill(msg::FRONT_MORE, &[("section", &section.name)]);
    el("section")
        .class("front-section")
        .child(el("h2").child(title))
        .child(headlines(site, i18n, items, Look::Column))
        .child(el("p").class("more").child(el("a").attr("href", href).child(more)))
}
