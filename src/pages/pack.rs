//! How a section is taken along: how much it would be, how far it is, pause, go on, let go.
//!
//! What is pressed gives way to what comes of it, often a while later: the focus is on the whole meanwhile, and
//! goes on to what stands there then.

use haidang_engine::{
    kept::{Pack, Progress},
    model::Key,
    route::{List, ListKind, Page},
};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::Event;

use crate::{
    i18n::{I18n, Msg, msg},
    navigation::focus_in_place,
    offline::{
        Trouble,
        packs::{self, Estimate, Standing},
    },
    site::Site,
    ui::trouble_text,
    view::{Element, View, el, live},
};

/// What has become of the question how much it would be.
#[derive(Clone, PartialEq)]
enum Asking {
    Measuring,
    Offered(Estimate),
    Troubled(Trouble),
    Declined,
}

/// The controls of a section's pack in the language of the interface, in the place of the button that was pressed.
pub fn panel(site: Site, i18n: I18n, section: Key, name: String) -> View {
    let asking = RwSignal::new(Asking::Measuring);
    let place = Pack::place(&section, &i18n.lang());
    measure(site, i18n, section.clone(), asking);
    let is_there = {
        let place = place.clone();
        Memo::new(move |_| known(&place).is_some())
    };
    let controls = live(move || {
        if is_there.get() {
            standing(site, i18n, place.clone())
        } else {
            offer(site, i18n, section.clone(), name.clone(), asking)
        }
    });
    el("section")
        .class("pack")
        .attr("tabindex", "-1")
        .attr("aria-label", i18n.text(msg::PACKS_TAKE))
        .on("click", hold_focus)
        .bind(|panel| request_animation_frame(move || focus_in_place(&panel)))
        .child(controls)
        .into()
}

/// The button that is pressed is about to go.
fn hold_focus(event: Event) {
    let element =
        |target: Option<web_sys::EventTarget>| target?.dyn_into::<web_sys::Element>().ok();
    let pressed = element(event.target()).and_then(|at| at.closest("button").ok().flatten());
    if let (Some(_), Some(panel)) = (pressed, element(event.current_target())) {
        focus_in_place(&panel);
    }
}

/// Every pack there is, for the page of what is on the device.
pub fn list(site: Site, i18n: I18n) -> View {
    spawn_local(async move { packs::look(&site.portal().id).await });
    let places = Memo::new(|_| {
        packs::all().into_iter().map(|known| known.pack.holding.place).collect::<Vec<String>>()
    });
    live(move || {
        let places = places.get();
        (!places.is_empty()).then(|| {
            let all =
                untrack(|| places.iter().filter_map(|place| known(place)).collect::<Vec<_>>());
            let items = all.into_iter().map(|known| {
                let list = List {
                    kind: ListKind::Section,
                    key: known.pack.section.clone(),
                    organisation: None,
                    cursor: None,
                };
                let href = site.href(known.pack.lang.clone(), Page::List(list));
                let (tag, own) = site.language(&known.pack.lang);
                let link = el("a").attr("href", href).attr("lang", tag.clone());
                let link = link.attr("hreflang", tag).child(known.pack.name.clone());
                let title = el("h3").child(link).child(" ").child(el("small").child(own));
                let place = known.pack.holding.place;
                el("li").child(title).child(standing(site, i18n, place).class("pack"))
            });
            let items = items.collect::<View>();
            el("section")
                .class("packs")
                .child(el("h2").child(i18n.text(msg::PACKS_TITLE)))
                .child(el("ul").attr("role", "list").child(items))
        })
    })
}

fn measure(site: Site, i18n: I18n, section: Key, asking: RwSignal<Asking>) {
    let (portal, lang) = (site.portal(), untrack(|| i18n.lang()));
    asking.set(Asking::Measuring);
    spawn_local(async move {
        packs::look(&portal.id).await;
        let measured = packs::estimate(portal, section, lang).await;
        asking.try_set(match measured {
            Ok(estimate) => Asking::Offered(estimate),
            Err(failure) => Asking::Troubled(Trouble::Failed(failure)),
        });
    });
}

/// How much it would be, and whether the reader wants it.
fn offer(site: Site, i18n: I18n, section: Key, name: String, asking: RwSignal<Asking>) -> Element {
    let again = {
        let section = section.clone();
        move |label: Msg| {
            let section = section.clone();
            button(i18n, label, move || measure(site, i18n, section.clone(), asking))
        }
    };
    match asking.get() {
        Asking::Measuring => el("p").attr("role", "status").child(i18n.text(msg::PACKS_MEASURING)),
        Asking::Declined => el("p").child(again(msg::PACKS_TAKE)),
        Asking::Troubled(trouble) => el("p")
            .attr("role", "status")
            .child(trouble_text(i18n, &trouble))
            .child(" ")
            .child(again(msg::FAILURE_RETRY)),
        Asking::Offered(estimate) => {
            let articles = i18n.plural(msg::PACKS_ARTICLES, estimate.articles);
            let values = [("articles", articles.as_str()), ("size", &i18n.size(estimate.size))];
            let about = i18n.fill(msg::PACKS_ABOUT, &values);
            let start = button(i18n, msg::PACKS_START, move || {
                let (portal, lang) = (site.portal(), untrack(|| i18n.lang()));
                let (section, name) = (section.clone(), name.clone());
                spawn_local(async move {
                    let id = portal.id.clone();
                    if let Err(trouble) = packs::begin(portal, section, name, lang).await {
                        asking.try_set(Asking::Troubled(trouble));
                    }
                    packs::look(&id).await;
                });
            });
            let cancel = button(i18n, msg::PACKS_CANCEL, move || asking.set(Asking::Declined));
            el("div")
                .child(el("p").attr("role", "status").child(about))
                .child(el("p").class("actions").child(start).child(cancel))
        }
    }
}

/// How the pack of this record stands. Tracks it.
fn known(place: &str) -> Option<Standing> {
    packs::all().into_iter().find(|known| known.pack.holding.place == place)
}

fn is_whole(known: &Standing) -> bool {
    known.pack.progress == Progress::Whole && !known.is_loading
}

/// Articles of what was taken along once, neither here nor taken back.
fn lost(known: &Standing) -> u32 {
    let kept = u32::try_from(known.pack.articles.len()).unwrap_or(u32::MAX);
    kept.saturating_sub(known.here).saturating_sub(known.gone)
}

/// How a pack stands, and what can be done with it. What can be pressed stays where it is while articles come.
fn standing(site: Site, i18n: I18n, place: String) -> Element {
    let of = {
        let place = place.clone();
        move || known(&place)
    };
    let kind = {
        let of = of.clone();
        Memo::new(move |_| {
            of().map(|known| (known.pack.progress, known.is_loading, lost(&known) > 0))
        })
    };
    let progress = {
        let of = of.clone();
        move || if of().is_some_and(|known| is_whole(&known)) { "whole" } else { "" }.to_owned()
    };
    let state = move || {
        let state = match kind.get()?.0 {
            Progress::Paused => msg::PACKS_PAUSED,
            Progress::Full => msg::PACKS_FULL,
            Progress::Loading | Progress::Whole => return None,
        };
        Some(el("p").class("note").child(i18n.text(state)))
    };
    let notes = {
        let of = of.clone();
        let note = move |count: u32, text: Msg| {
            (count > 0).then(|| el("p").class("note").child(i18n.plural(text, count)))
        };
        move || {
            let known = of()?;
            let gone = View::from(note(known.gone, msg::PACKS_GONE));
            Some(View::from([gone, note(lost(&known), msg::PACKS_LOST).into()]))
        }
    };
    let toggle = {
        let place = place.clone();
        move || {
            let (progress, is_loading, has_lost) = kind.get()?;
            if !is_loading && progress == Progress::Whole && !has_lost {
                return None;
            }
            let place = place.clone();
            let label = if is_loading { msg::PACKS_PAUSE } else { msg::PACKS_RESUME };
            Some(button(i18n, label, move || {
                spawn_local(packs::set_paused(site.portal(), place.clone(), is_loading));
            }))
        }
    };
    let remove = button(i18n, msg::SAVED_REMOVE, move || {
        spawn_local(packs::remove(site.portal(), place.clone()));
    });
    el("div")
        .live_attr("data-progress", progress)
        .child(live(move || of().map(|known| count(i18n, &known))))
        .child(el("div").attr("role", "status").child(live(state)))
        .child(live(notes))
        .child(el("p").class("actions").child(live(toggle)).child(remove))
}

/// How much of it is here, and since when.
fn count(i18n: I18n, known: &Standing) -> View {
    let Standing { pack, here, .. } = known;
    let is_whole = is_whole(known);
    let values = [("here", &*here.to_string()), ("total", &*pack.total.to_string())];
    let count = i18n.fill(msg::PACKS_LOADING, &values);
    let bar = (!is_whole && pack.total > 0).then(|| {
        el("progress")
            .attr("max", pack.total)
            .attr("value", *here)
            .attr("aria-label", pack.name.clone())
    });
    let articles = i18n.plural(msg::PACKS_ARTICLES, *here);
    let fresh = i18n.fill(msg::PACKS_FRESH, &[("time", &i18n.instant(pack.fresh))]);
    let meta = el("p")
        .class("meta")
        .child(el("span").child(if is_whole { articles } else { count }))
        .child(" · ")
        .child(el("span").child(i18n.size(pack.size)))
        .child(" · ")
        .child(el("span").child(fresh));
    View::from([meta.into(), View::from(bar)])
}

fn button(i18n: I18n, label: Msg, press: impl Fn() + 'static) -> Element {
    el("button").attr("type", "button").on("click", move |_| press()).child(i18n.text(label))
}
