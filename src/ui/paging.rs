//! The way to older and newer pages of a list: links, so that a page has an address.

use haidang_engine::{model::Page as Slice, route::Page};

use crate::{
    i18n::{I18n, msg},
    site::Site,
    view::{View, el},
};

/// Links to the neighbours of `slice`; `at` is the page at a cursor, `None` the first. Nothing if the
/// list has one page only.
pub fn paging<T>(
    site: Site,
    i18n: I18n,
    slice: &Slice<T>,
    at: impl Fn(Option<String>) -> Page,
) -> Option<View> {
    let lang = i18n.lang();
    let link = |cursor: &Option<String>| {
        cursor.as_ref().map(|cursor| site.href(lang.clone(), at(Some(cursor.clone()))))
    };
    let (newer, older) = (link(&slice.previous), link(&slice.next));
    if newer.is_none() && older.is_none() {
        return None;
    }
    let first = newer.is_some().then(|| site.href(lang.clone(), at(None)));
    let way = |href: String, rel: Option<&'static str>, label| {
        el("a").attr("href", href).attr("rel", rel).child(i18n.text(label))
    };
    let nav = el("nav")
        .class("paging")
        .attr("aria-label", i18n.text(msg::LIST_PAGES))
        .child(first.map(|href| way(href, None, msg::LIST_FIRST)))
        .child(newer.map(|href| way(href, Some("prev"), msg::LIST_NEWER)))
        .child(older.map(|href| way(href, Some("next"), msg::LIST_OLDER)));
    Some(nav.into())
}
