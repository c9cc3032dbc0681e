//! What the reader has saved and taken along, and what else can be read without a network.

use std::rc::Rc;

use futures::future::LocalBoxFuture;
use gloo_timers::future::TimeoutFuture;
use haidang_engine::{
    kept::{Finder, Saved, State},
    model::Headline,
    profile::Failure,
    read::{Origin, read_from},
    route::Page,
};
use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;

use super::{Data, Loaded, PageData, Shown, pack, page};
use crate::{
    app::Reload,
    backend::Loader,
    database::Database,
    i18n::{I18n, msg},
    navigation::focus_soon,
    offline::{Trouble, cards, packs, saved},
    site::{Site, use_site},
    ui::{self, Look, headlines, trouble_text},
    view::{Element, Item, View, el, keyed, live},
};

/// Articles shown of what is kept because it was read.
const RECENT: usize = 30;
/// Milliseconds after which it is looked whether a database has come that is late.
const LATE: u32 = 500;

/// What is on this device.
pub struct SavedData {
    /// The last first; `None` if it cannot be read.
    pub saved: Option<Vec<Row>>,
    /// Articles that are here because they were read.
    pub recent: Vec<Headline>,
}

/// A saved article.
#[derive(Clone)]
pub struct Row {
    /// The record.
    pub saved: Saved,
    /// As lists show it.
    pub headline: Headline,
    /// How it stands.
    pub state: State,
}

impl PageData for SavedData {
    fn identity(&self) -> String {
        "saved".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::SAVED_TITLE)
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }

    fn is_indexed(&self) -> bool {
        false
    }
}

/// Looks on this device; nobody is asked.
pub fn load<'a>(loader: &'a Loader, _: &'a Page) -> LocalBoxFuture<'a, Result<Data, Failure>> {
    Box::pin(async move {
        let all = saved::all(&loader.portal.id).await;
        let row = |(saved, state): (Saved, State)| {
            let headline = read_headline(loader, &saved.key.source, &saved.headline)?;
            Some(Row { saved, headline, state })
        };
        let rows = all.map(|all| all.into_iter().filter_map(row).collect::<Vec<Row>>());
        let cards = cards::all(&loader.portal.id).await;
        let recent = newest(loader, &cards);
        let is_saved = |headline: &Headline| {
            rows.iter().flatten().any(|row| {
                row.saved.work == headline.work && row.saved.key.source == headline.key.source
            })
        };
        let recent = recent.into_iter().filter(|headline| !is_saved(headline)).take(RECENT);
        let recent = recent.collect();
        page(Ok(SavedData { saved: rows, recent }))
    })
}

fn newest(loader: &Loader, cards: &Finder) -> Vec<Headline> {
    let newest = cards.newest(&loader.preference()).into_iter();
    let newest = newest.map(|card| read_headline(loader, &card.key.source, &card.headline));
    newest.flatten().collect()
}

/// A headline from a record, in the shape of the native API.
pub fn read_headline(
    loader: &Loader,
    source: &str,
    headline: &serde_json::Value,
) -> Option<Headline> {
    let origin = Origin { source, base: loader.base(source), lang: Some(&loader.lang) };
    read_from(headline, "headline", origin).0.ok()
}

fn view(data: Shown<SavedData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let title = el("h1").child(live(i18n.t(msg::SAVED_TITLE)));
    let hint = el("p").class("standfirst").child(live(i18n.t(msg::SAVED_HINT)));
    let reload = use_context::<Reload>();
    View::from([
        el("header").class("page-head").child(title).child(hint).into(),
        live(move || {
            data.get().map(|data| match data.saved.clone() {
                Some(rows) => list(site, i18n, rows),
                None => unread(site, i18n, reload),
            })
        }),
        pack::list(site, i18n),
        live(move || data.get().and_then(|data| recent(site, i18n, &data.recent))),
    ])
}

fn recent(site: Site, i18n: I18n, items: &[Headline]) -> Option<Element> {
    let list = headlines(site, i18n, items, Look::More)?;
    let title = el("h2").child(i18n.text(msg::SAVED_RECENT));
    Some(el("section").class("more-in").child(title).child(list))
}

/// In the place of what cannot be read: the way to look again. Where the database is late, that is done once it has
/// come.
fn unread(site: Site, i18n: I18n, reload: Option<Reload>) -> View {
    let Some(reload) = reload else { return View::Nothing };
    let portal = site.portal();
    let look = {
        let portal = portal.clone();
        move || {
            let portal = portal.clone();
            spawn_local(async move { packs::look(&portal.id).await });
            reload.run();
        }
    };
    if Database::is_coming(&portal.id) {
        let (is_shown, look) = (RwSignal::new(true), look.clone());
        spawn_local(async move {
            while is_shown.try_get_untracked().is_some() {
                if !Database::is_coming(&portal.id) {
                    return look();
                }
                TimeoutFuture::new(LATE).await;
            }
        });
    }
    let again = el("button")
        .attr("type", "button")
        .class("link")
        .on("click", move |_| look())
        .child(i18n.text(msg::FAILURE_RETRY));
    let why = i18n.text(msg::FAILURE_PART);
    el("p").class("alert").attr("role", "alert").child(why).child(" ").child(again).into()
}

/// Saved articles, and the place of those that were let go just now.
fn list(site: Site, i18n: I18n, rows: Vec<Row>) -> View {
    if rows.is_empty() {
        return el("p").class("empty").child(i18n.text(msg::SAVED_EMPTY)).into();
    }
    let rows = SendWrapper::new(Rc::new(rows));
    let gone: RwSignal<Vec<usize>> = RwSignal::new(Vec::new());
    // The one that was brought back last.
    let back: RwSignal<Option<usize>> = RwSignal::new(None);
    let items = keyed(move || {
        let gone_now = gone.get();
        let item = |(index, row): (usize, &Row)| {
            let is_gone = gone_now.contains(&index);
            let row = row.clone();
            let key = u64::try_from(index * 2 + usize::from(is_gone)).unwrap_or_default();
            Item::new(key, move || {
                let set = move |is_gone: bool| {
                    back.try_set((!is_gone).then_some(index));
                    gone.try_update(|gone| {
                        gone.retain(|known| *known != index);
                        if is_gone {
                            gone.push(index);
                        }
                    });
                };
                let is_back = back.get_untracked() == Some(index);
                let row = if is_gone {
                    let_go(site, i18n, row, set)
                } else {
                    one(site, i18n, row, is_back, set)
                };
                row.into()
            })
        };
        rows.iter().enumerate().map(item).collect()
    });
    el("ul").class("saved-list").attr("role", "list").child(items).into()
}

/// One that `is_back` just now has the focus again that the way back had.
fn one(
    site: Site,
    i18n: I18n,
    row: Row,
    is_back: bool,
    set: impl Fn(bool) + Copy + 'static,
) -> Element {
    let Row { saved, headline, state } = row;
    let said = RwSignal::new(String::new());
    let lang = i18n.lang();
    let reads = if saved.langs.contains(&lang) { lang } else { saved.lang.clone() };
    let (tag, _) = site.language(&headline.lang);
    let title = ui::title(i18n, &headline);
    let link = el("a").attr("href", site.article(reads, &headline)).child(title.clone());
    let names = saved.langs.iter().map(|lang| {
        let (tag, own) = site.language(lang);
        i18n.language_name(&tag, &own)
    });
    let names = names.collect::<Vec<_>>().join(", ");
    let made = i18n.fill(msg::SAVED_AT, &[("time", &i18n.instant(saved.made))]);
    let lacking = (saved.lacking > 0)
        .then(|| el("span").child(i18n.plural(msg::SAVED_LACKING, saved.lacking)));
    let meta = el("p")
        .class("meta")
        .child(el("span").child(made))
        .child(el("span").child(i18n.size(saved.size)))
        .child(el("span").child(names))
        .child(lacking);
    let note = match state {
        State::Same => None,
        State::Changed => Some(msg::SAVED_CHANGED),
        State::Withdrawn => Some(msg::SAVED_WITHDRAWN),
        State::Lost => Some(msg::SAVED_LOST),
    };
    let note = note.map(|note| el("p").class("note").child(i18n.text(note)));
    let again = matches!(state, State::Changed | State::Lost).then(|| {
        let headline = headline.clone();
        let again = move |_| {
            let (portal, langs) = (site.portal(), site.reads(i18n.lang()));
            let headline = headline.clone();
            spawn_local(async move {
                let text = match saved::save(portal, langs, headline).await {
                    Ok(_) => i18n.text(msg::SAVED_IS_SAVED),
                    Err(trouble) => trouble_text(i18n, &trouble),
                };
                said.try_set(text);
            });
        };
        button(i18n.text(msg::SAVED_AGAIN), &title).on("click", again)
    });
    let remove = {
        let place = saved.holding.place.clone();
        button(i18n.text(msg::SAVED_REMOVE), &title).on("click", move |_| {
            let (portal, place) = (site.portal(), place.clone());
            spawn_local(async move {
                if saved::remove(&portal.id, &place).await {
                    set(true);
                } else {
                    said.try_set(trouble_text(i18n, &Trouble::Denied));
                }
            });
        })
    };
    let remove = if is_back { remove.bind(focus_soon) } else { remove };
    el("li")
        .child(el("h2").attr("lang", tag).child(link))
        .child(meta)
        .child(note)
        .child(el("p").class("actions").child(again).child(remove))
        .child(el("p").attr("role", "status").child(live(move || said.get())))
}

/// In the place of what was let go: the way back.
fn let_go(site: Site, i18n: I18n, row: Row, set: impl Fn(bool) + Copy + 'static) -> Element {
    let title = ui::title(i18n, &row.headline);
    let text = i18n.fill(msg::SAVED_REMOVED, &[("title", &title)]);
    let said = RwSignal::new(text);
    let undo = button(i18n.text(msg::SAVED_UNDO), &title).on("click", move |_| {
        let (portal, saved) = (site.portal(), row.saved.clone());
        spawn_local(async move {
            match saved::restore(&portal.id, &saved).await {
                Ok(()) => set(false),
                Err(denied) => {
                    said.try_set(trouble_text(i18n, &denied.into()));
                }
            }
        });
    });
    // What was pressed is gone: the focus is where the way back is.
    let undo = undo.bind(focus_soon);
    let said = el("span").attr("role", "status").child(live(move || said.get()));
    el("li").class("let-go").child(el("p").child(said).child(" ").child(undo))
}

fn button(label: String, of: &str) -> Element {
    let name = format!("{label}: {of}");
    el("button").attr("type", "button").attr("aria-label", name).child(label)
}
