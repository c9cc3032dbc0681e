//! An article as lists show it.

use haidang_engine::model::Headline;

use super::{is_veiled, picture, save, time::day};
use crate::{
    backend::kept,
    i18n::{I18n, msg},
    site::Site,
    view::{Element, View, el, live},
};

/// How much room a headline has.
#[derive(Clone, Copy, PartialEq)]
pub enum Look {
    /// Leads the front page.
    Lead,
    /// Beside the lead.
    Second,
    /// Picture above.
    Card,
    /// Picture beside, the whole width.
    Row,
    /// As a row, in a part of a page that has a heading of its own.
    More,
    /// In a narrow column: a picture for the first only.
    Column,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Look::Lead => "headlines headlines-lead",
            Look::Second => "headlines headlines-second",
            Look::Card => "headlines headlines-card",
            Look::Row | Look::More => "headlines headlines-row",
            Look::Column => "headlines headlines-column",
        }
    }

    /// The `sizes` of its picture (HTML, source size list).
    fn sizes(self) -> &'static str {
        match self {
            Look::Lead => "(min-width: 60rem) 44rem, 100vw",
            Look::Second => "(min-width: 60rem) 22rem, (min-width: 40rem) 50vw, 100vw",
            Look::Card => "(min-width: 60rem) 17rem, (min-width: 40rem) 50vw, 7rem",
            Look::Row | Look::More => "(min-width: 40rem) 15rem, 7rem",
            Look::Column => "(min-width: 60rem) 22rem, 100vw",
        }
    }

    /// The heading of a headline: one below that of the part of the page it is in.
    fn heading(self) -> (&'static str, u8) {
        match self {
            Look::Lead | Look::Second | Look::Row => ("h2", 2),
            Look::Card | Look::Column | Look::More => ("h3", 3),
        }
    }

    fn shows_picture(self, index: usize) -> bool {
        self != Look::Column || index == 0
    }

    fn shows_standfirst(self, index: usize) -> bool {
        match self {
            Look::Lead | Look::Row | Look::More => true,
            Look::Column => index == 0,
            Look::Second | Look::Card => false,
        }
    }
}

/// A list of headlines; nothing if there are none.
pub fn headlines(site: Site, i18n: I18n, items: &[Headline], look: Look) -> Option<View> {
    if items.is_empty() {
        return None;
    }
    let rows = items
        .iter()
        .enumerate()
        .map(|(index, item)| el("li").child(headline(site, i18n, item, look, index)));
    let list = el("ul").class(look.class()).attr("role", "list").child(rows.collect::<View>());
    Some(list.into())
}

fn headline(site: Site, i18n: I18n, item: &Headline, look: Look, index: usize) -> Element {
    let lang = i18n.lang();
    let href = site.article(lang.clone(), item);
    let (tag, name) = site.language(&item.lang);
    let foreign = item.lang != lang;
    let image = item.image.as_ref().filter(|_| look.shows_picture(index));
    // What would have to be tapped to be seen leads to the article: there it can be.
    let image = image.filter(|image| !is_veiled(site, image)).map(|image| {
        let eager = look == Look::Lead;
        // The title beside it is the link; this one is for the pointer only.
        el("a")
            .class("headline-picture")
            .attr("href", href.clone())
            .attr("tabindex", "-1")
            .attr("aria-hidden", "true")
            .child(picture(image, look.sizes(), eager))
    });
    let kicker = item.kicker.clone().map(|text| el("p").class("kicker").child(text));
    // Where other headlines have a picture, one without has its standfirst.
    let stands_in = look == Look::Card && image.is_none();
    let standfirst = item.standfirst.clone();
    let standfirst = standfirst.filter(|_| stands_in || look.shows_standfirst(index));
    let standfirst = standfirst.map(|text| el("p").class("standfirst").child(text));
    let label = |text: String| el("span").class("label").child(text);
    // What the interface says is in its own language, and the name of a language in that one.
    let meta = el("p")
        .class("meta")
        .attr("lang", foreign.then(|| site.language(&lang).0))
        .child(item.published.map(|at| day(i18n, at)))
        .child(site.source_name(&lang, &item.key).map(|name| el("span").child(name)))
        .child(foreign.then(|| label(name).attr("lang", tag.clone())))
        .child(item.withdrawn.then(|| label(i18n.text(msg::ARTICLE_WITHDRAWN))))
        .child(here(i18n, item))
        .child(site.is_own().then(|| save(site, i18n, item)));
    let (tag_of, level) = look.heading();
    let text = el("div")
        .class("headline-text")
        .child(kicker)
        .child(
            el(tag_of)
                .attr("aria-level", site.level(level))
                .child(el("a").attr("href", href).child(title(i18n, item))),
        )
        .child(standfirst)
        .child(meta);
    el("article").class("headline").attr("lang", foreign.then_some(tag)).child(image).child(text)
}

/// While there is no network: whether the article can be read all the same.
fn here(i18n: I18n, item: &Headline) -> View {
    let key = item.key.clone();
    live(move || {
        let is_here = kept::is_away() && kept::is_kept(&key);
        is_here.then(|| el("span").class("label").child(i18n.text(msg::KEPT_HERE)))
    })
}

/// The title, or a word for its absence.
pub fn title(i18n: I18n, item: &Headline) -> String {
    if item.title.trim().is_empty() { i18n.text(msg::ARTICLE_UNTITLED) } else { item.title.clone() }
}
