//! Announcements above every page: storm, flood, works.

use haidang_engine::{
    json,
    model::{Notice, NoticeLevel},
    read::{Node, Read, ReadError, read},
    route::Page,
};
use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;

use crate::{
    backend::now,
    i18n::{I18n, msg},
    navigation::{focus_heading, focus_in_place},
    pages::Loaded,
    preferences::{keep, storage},
    site::{Site, use_site},
    view::{Element, View, el, live},
};

/// The notices in force, in the language of the interface, the most urgent first: all of them on the
/// front page, emergencies on every page. One that is over is not shown; one that was dismissed stays away on this device.
pub fn notices(page: RwSignal<Loaded>, notices: RwSignal<Vec<Notice>>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let dismissed = RwSignal::new(read_dismissed(site));
    let is_front = Memo::new(move |_| page.with(|page| page.route.page == Page::Front));
    live(move || {
        let mut shown: Vec<Notice> = notices.get();
        shown.retain(|notice| is_front.get() || notice.level == NoticeLevel::Emergency);
        shown.retain(|notice| dismissed.with(|dismissed| is_in_force(notice, dismissed)));
        // A sort would weigh more than a look through a handful three times.
        let shown: Vec<Notice> = [NoticeLevel::Emergency, NoticeLevel::Warning, NoticeLevel::Info]
            .into_iter()
            .flat_map(|level| shown.iter().filter(move |notice| notice.level == level).cloned())
            .collect();
        let label = i18n.text(msg::NOTICE_LABEL);
        (!shown.is_empty()).then(|| {
            let put_away = move |id: &str, at: u32| {
                request_animation_frame(move || focus_after(at));
                dismissed.update(|dismissed| dismissed.push(id.to_owned()));
                notices.with_untracked(|known| {
                    dismissed.with_untracked(|ids| write_dismissed(site, ids, known));
                });
            };
            let mut buttons = 0;
            let items = shown.into_iter().map(|item| {
                let at = buttons;
                buttons += u32::from(item.dismissible);
                notice(site, i18n, item, move |id| put_away(id, at))
            });
            el("section").class("notices").attr("aria-label", label).child(items.collect::<View>())
        })
    })
}

/// Whether a notice is to be seen: what is kept, too, may be over.
fn is_in_force(notice: &Notice, dismissed: &[String]) -> bool {
    notice.expires.is_none_or(|expires| expires > now())
        && !(notice.dismissible && dismissed.contains(&notice.id))
}

/// The titles of the emergencies in force that are `told` and were not `known`.
pub fn new_emergencies(site: Site, known: &[Notice], told: &[Notice]) -> String {
    let dismissed = read_dismissed(site);
    let is_new = |notice: &&Notice| {
        notice.level == NoticeLevel::Emergency
            && is_in_force(notice, &dismissed)
            && !known.iter().any(|known| known.id == notice.id)
    };
    let titles: Vec<&str> = told.iter().filter(is_new).map(|notice| &*notice.title).collect();
    titles.join(". ")
}

/// Puts focus where the reader goes on when the notice with this button is gone: on that of the next one, which is in
/// its place, or on the page.
fn focus_after(button: u32) {
    let buttons = document().query_selector_all(".notices button").ok();
    match buttons.and_then(|buttons| buttons.get(button)?.dyn_into().ok()) {
        Some(next) => focus_in_place(&next),
        None => focus_heading(),
    }
}

fn notice(site: Site, i18n: I18n, notice: Notice, put_away: impl Fn(&str) + 'static) -> Element {
    let lang = i18n.lang();
    let level = match notice.level {
        NoticeLevel::Info => msg::NOTICE_INFO,
        NoticeLevel::Warning => msg::NOTICE_WARNING,
        NoticeLevel::Emergency => msg::NOTICE_EMERGENCY,
    };
    let foreign = (notice.lang != lang).then(|| site.language(&notice.lang).0);
    let issued = notice.issued.map(|at| {
        let text = i18n.fill(msg::NOTICE_ISSUED, &[("time", &i18n.instant(at))]);
        spaced(el("small").child(text))
    });
    let more = notice.article.map(|key| {
        let href = site.href(lang, Page::Article { key, slug: String::new() });
        spaced(el("a").attr("href", href).child(i18n.text(msg::NOTICE_MORE)))
    });
    let id = notice.id.clone();
    let dismiss = notice.dismissible.then(|| {
        let label = format!("{}: {}", i18n.text(msg::NOTICE_DISMISS), notice.title);
        el("button")
            .attr("type", "button")
            .attr("aria-label", label)
            .on("click", move |_| put_away(&id))
            .child(i18n.text(msg::NOTICE_DISMISS))
    });
    let words = el("p")
        .child(el("span").class("label").child(i18n.text(level)))
        .child(" ")
        .child(el("strong").attr("lang", foreign.clone()).child(notice.title))
        .child(" ")
        .child(el("span").attr("lang", foreign).child(notice.text))
        .child(more)
        .child(issued);
    el("div").class("notice").attr("data-level", notice.level.wire()).child(words).child(dismiss)
}

/// An element with a space before it.
fn spaced(element: Element) -> View {
    View::from([View::from(" "), element.into()])
}

/// The version of the record; a newer one is left alone.
const VERSION: u32 = 1;

/// The ids of notices that were put away.
#[derive(Default)]
struct Dismissed(Vec<String>);

impl Read for Dismissed {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.record(VERSION)?;
        Ok(Self(object.list_field("ids")))
    }
}

fn key(site: Site) -> String {
    format!("haidang:{}:dismissed", site.portal().id)
}

fn read_dismissed(site: Site) -> Vec<String> {
    let text = storage().and_then(|storage| storage.get_item(&key(site)).ok().flatten());
    let Some(text) = text else { return Vec::new() };
    match json::parse(&text) {
        Ok(value) => read::<Dismissed>(&value, "dismissed", "").0.unwrap_or_default().0,
        // As it was before records had a version: an id a line.
        Err(_) => text.lines().map(str::to_owned).collect(),
    }
}

/// Keeps what was put away of the notices `known`: the others are over and do not come back. Full or
/// denied storage brings them back after a reload.
fn write_dismissed(site: Site, dismissed: &[String], known: &[Notice]) {
    let is_known = |id: &&String| known.iter().any(|notice| notice.id == **id);
    let ids: Vec<&String> = dismissed.iter().filter(is_known).collect();
    keep(&key(site), &json!({ "version": VERSION, "ids": ids }));
}
