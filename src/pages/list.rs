//! The articles of a section, tag or author: this edition's, then what other languages have.

use haidang_engine::{
    lang::Lang,
    model::{Headline, Page as Slice, Term},
    profile::{Failure, Headlines},
    route::{List, ListKind, Page},
};
use leptos::{prelude::*, task::spawn_local};

use super::{Loaded, PageData, Shown, pack_panel};
use crate::{
    backend::Loader,
    i18n::{I18n, msg},
    site::{Site, use_site},
    ui::{Look, headlines, paging},
    view::{Element, View, el, live},
};

/// Articles on a page.
const PAGE: u32 = 20;
/// Articles of another language below them.
const MORE: u32 = 6;

/// A page of a list.
pub struct ListData {
    /// What it is of.
    pub list: List,
    /// The articles of the edition.
    pub page: Slice<Headline>,
    /// What the edition lacks, in the reader's next languages.
    pub more: Vec<(Lang, Vec<Headline>)>,
}

impl PageData for ListData {
    fn identity(&self) -> String {
        format!("list:{}:{}", self.list.kind.segment(), self.list.key.id)
    }

    fn title(&self, _: I18n) -> String {
        self.name()
    }

    fn description(&self, _: I18n) -> Option<String> {
        self.page.about.as_ref().and_then(|about| about.summary.clone())
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

impl ListData {
    /// The name of the section, tag or author.
    fn name(&self) -> String {
        let about = self.page.about.as_ref();
        about.map_or_else(|| self.list.key.id.clone(), |about| about.name.clone())
    }
}

/// Asks for the edition's articles; on the last page also for those of the next languages.
pub async fn load(loader: &Loader, list: &List) -> Result<ListData, Failure> {
    let id = || Some(list.key.id.clone());
    let mut query = Headlines {
        organisation: list.organisation.clone(),
        limit: Some(PAGE),
        cursor: list.cursor.clone(),
        ..Headlines::default()
    };
    match list.kind {
        ListKind::Section => query.section = id(),
        ListKind::Tag => query.tag = id(),
        ListKind::Author => query.author = id(),
    }
    let source = &list.key.source;
    let mut page = loader.headlines(source, &query, &loader.lang).await?;
    page.about = page.about.or_else(|| in_navigation(loader, list));
    let more = if page.next.is_none() {
        more(loader, source, Headlines { cursor: None, ..query }, &page.items).await
    } else {
        Vec::new()
    };
    Ok(ListData { list: list.clone(), page, more })
}

/// What the portal itself calls a section: not every backend says.
fn in_navigation(loader: &Loader, list: &List) -> Option<Term> {
    let id = &list.key.id;
    let is_it = list.kind == ListKind::Section && list.key.source.is_empty();
    let mut items = loader.portal.navigation.iter().filter(|_| is_it);
    let item = items.find(|item| item.section.as_ref() == Some(id))?;
    let name = item.name.get(&loader.lang, &loader.portal.fallback).to_owned();
    Some(Term { id: id.clone(), name, summary: None })
}

/// What the edition lacks of a list, in the reader's next languages, no work twice; `shown` is what it
/// has, for not every backend can be asked for what is missing.
pub async fn more(
    loader: &Loader,
    source: &str,
    mut query: Headlines,
    shown: &[Headline],
) -> Vec<(Lang, Vec<Headline>)> {
    query.limit = Some(MORE);
    query.missing = Some(loader.lang.clone());
    let mut more: Vec<(Lang, Vec<Headline>)> = Vec::new();
    for lang in loader.preference().into_iter().skip(1) {
        // The other language is an extra: without it the page is whole.
        let Ok(other) = loader.headlines(source, &query, &lang).await else {
            continue;
        };
        let mut items = other.items;
        items.retain(|item| {
            let known = more.iter().flat_map(|(_, known)| known).chain(shown);
            !known.into_iter().any(|known| known.work == item.work)
        });
        if !items.is_empty() {
            more.push((lang, items));
        }
    }
    more
}

/// A list of articles.
fn view(data: Shown<ListData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    live(move || data.get().map(|data| list(site, i18n, &data)))
}

fn list(site: Site, i18n: I18n, data: &ListData) -> View {
    let summary = data.page.about.as_ref().and_then(|about| about.summary.clone());
    let head = el("header")
        .class("page-head")
        .child(el("h1").child(data.name()))
        .child(summary.map(|summary| el("p").class("standfirst").child(summary)));
    let is_section = data.list.kind == ListKind::Section;
    let is_empty = data.page.items.is_empty() && data.more.is_empty();
    let empty = is_empty.then(|| el("p").class("empty").child(i18n.text(msg::LIST_EMPTY)));
    let at = |cursor| Page::List(List { cursor, ..data.list.clone() });
    let more = data.more.iter().map(|(lang, items)| more_in(site, i18n, lang, items));
    View::from([
        View::from(head),
        organisations(site, i18n, data).into(),
        empty.into(),
        headlines(site, i18n, &data.page.items, Look::Row).into(),
        paging(site, i18n, &data.page, at).into(),
        more.collect(),
        is_section.then(|| take_along(site, i18n, data)).into(),
    ])
}

/// The button behind which is how a section is taken along.
fn take_along(site: Site, i18n: I18n, data: &ListData) -> View {
    let part: RwSignal<Option<super::Panel>> = RwSignal::new(None);
    let (key, name) = (data.list.key.clone(), data.name());
    live(move || {
        if let Some(panel) = part.get() {
            let (key, name) = (key.clone(), name.clone());
            return untrack(|| panel(site, i18n, key, name));
        }
        let open = move |_| {
            spawn_local(async move {
                // A part that does not come leaves the button, to be pressed again.
                if let Ok(panel) = pack_panel().await {
                    part.try_set(Some(panel));
                }
            });
        };
        let button = el("button").attr("type", "button").on("click", open);
        el("p").class("pack").child(button.child(i18n.text(msg::PACKS_TAKE))).into()
    })
}

/// Articles in another language than the edition's.
pub fn more_in(site: Site, i18n: I18n, lang: &Lang, items: &[Headline]) -> View {
    let (tag, own) = site.language(lang);
    let name = i18n.language_name(&tag, &own);
    let title = i18n.fill(msg::LIST_MORE_IN, &[("language", &name)]);
    el("section")
        .class("more-in")
        .child(el("h2").child(title))
        .child(headlines(site, i18n, items, Look::More))
        .into()
}

/// Links that narrow a section down to what one organisation published.
fn organisations(site: Site, i18n: I18n, data: &ListData) -> Option<Element> {
    if data.page.organisations.len() < 2 {
        return None;
    }
    let link = |id: Option<String>, name: String| {
        let current = (data.list.organisation == id).then_some("true");
        let list = List { organisation: id, cursor: None, ..data.list.clone() };
        let href = site.href(i18n.lang(), Page::List(list));
        el("li").child(el("a").attr("href", href).attr("aria-current", current).child(name))
    };
    let all = link(None, i18n.text(msg::LIST_ALL));
    let each = data.page.organisations.iter();
    let each = each.map(|Term { id, name, .. }| link(Some(id.clone()), name.clone()));
    let links = el("ul").attr("role", "list").child(all).child(each.collect::<View>());
    let label = i18n.text(msg::LIST_ORGANISATION);
    Some(el("nav").class("chips").attr("aria-label", label).child(links))
}
