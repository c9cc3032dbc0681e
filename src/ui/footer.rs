//! What the law asks a portal to print.

use haidang_engine::profile::Localized;

use crate::{
    i18n::{I18n, Msg, msg},
    site::{Site, use_site},
    view::{Element, View, el, later, live},
};

/// The footer: publisher, editor, address, contact, licence, and the pages about the portal.
pub fn footer() -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    live(move || {
        // Made anew in every language.
        i18n.lang();
        later(move || written(site, i18n))
    })
}

/// The footer in the language of the interface.
fn written(site: Site, i18n: I18n) -> Element {
    let portal = site.portal();
    let lang = i18n.lang();
    let name = portal.name.get(&lang, &portal.fallback).to_owned();
    let legal = portal.legal.as_ref().map(|legal| {
        let text = |text: &Localized| text.get(&lang, &portal.fallback).to_owned();
        let lines = [
            (msg::FOOTER_EDITOR, text(&legal.editor)),
            (msg::FOOTER_ADDRESS, text(&legal.address)),
            (msg::FOOTER_CONTACT, text(&legal.contact)),
            (msg::FOOTER_LICENCE, text(&legal.licence)),
        ];
        let links = [
            (msg::FOOTER_PRIVACY, &legal.privacy),
            (msg::FOOTER_TERMS, &legal.terms),
            (msg::FOOTER_ACCESSIBILITY, &legal.accessibility),
        ];
        let lines = lines.into_iter().map(|(msg, text)| line(i18n, msg, text));
        let links = links.into_iter().filter_map(|(msg, href)| {
            let link = el("a").attr("href", href.clone()?).child(i18n.text(msg));
            Some(el("li").child(link))
        });
        let links = links.collect::<View>();
        View::from([
            el("p").class("agency").child(text(&legal.agency)),
            el("dl").child(lines.collect::<View>()),
            el("ul").class("footer-links").attr("role", "list").child(links),
        ])
    });
    let top = el("a").live_attr("href", move || site.fragment("top"));
    el("footer")
        .class("site-footer")
        .attr("aria-label", i18n.text(msg::FOOTER_LABEL))
        .child(el("p").class("footer-name").child(name))
        .child(legal)
        .child(el("p").class("top").child(top.child(i18n.text(msg::NAV_TOP))))
}

fn line(i18n: I18n, label: Msg, text: String) -> Option<Element> {
    (!text.is_empty())
        .then(|| el("div").child(el("dt").child(i18n.text(label))).child(el("dd").child(text)))
}
