//! The press office: spokespersons and briefings.

use haidang_engine::{
    model::{Briefing, Press, Spokesperson},
    profile::{Failure, Operation},
    route::Page,
    time::Timestamp,
};
use leptos::prelude::*;

use super::{Loaded, PageData, Shown};
use crate::{
    backend::{Loader, now},
    i18n::{I18n, msg},
    site::{Site, use_site},
    ui::instant,
    view::{Element, View, el, live},
};

/// The press office, as of a moment.
pub struct PressData {
    /// As the backend gave it.
    pub press: Press,
    /// Parts upcoming briefings from past ones.
    pub now: Timestamp,
}

impl PageData for PressData {
    fn identity(&self) -> String {
        "press".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::PRESS_TITLE)
    }

    fn description(&self, i18n: I18n) -> Option<String> {
        Some(i18n.text(msg::PRESS_SUMMARY))
    }

    fn view(&self, shown: RwSignal<Loaded>) -> View {
        view(Shown::new(shown))
    }
}

/// Asks the first source.
pub async fn load(loader: &Loader) -> Result<PressData, Failure> {
    Ok(PressData { press: loader.ask("", &Operation::Press).await?, now: now() })
}

/// The press office.
fn view(data: Shown<PressData>) -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    live(move || data.get().map(|data| press(site, i18n, &data)))
}

fn press(site: Site, i18n: I18n, data: &PressData) -> View {
    let (upcoming, past): (Vec<_>, Vec<_>) = data
        .press
        .briefings
        .iter()
        .partition(|briefing| briefing.ends.unwrap_or(briefing.starts) >= data.now);
    let head = el("header")
        .class("page-head")
        .child(el("h1").child(i18n.text(msg::PRESS_TITLE)))
        .child(el("p").class("standfirst").child(i18n.text(msg::PRESS_SUMMARY)));
    let section = |title| el("section").child(el("h2").child(i18n.text(title)));
    let next = if upcoming.is_empty() {
        el("p").class("empty").child(i18n.text(msg::PRESS_NO_UPCOMING))
    } else {
        briefings(site, i18n, &upcoming)
    };
    let past =
        (!past.is_empty()).then(|| section(msg::PRESS_PAST).child(briefings(site, i18n, &past)));
    let people = data.press.spokespersons.iter().map(|person| spokesperson(site, i18n, person));
    let people =
        el("ul").class("spokespersons").attr("role", "list").child(people.collect::<View>());
    View::from([
        Some(head),
        Some(section(msg::PRESS_UPCOMING).child(next)),
        past,
        Some(section(msg::PRESS_SPOKESPERSONS).child(people)),
    ])
}

fn briefings(site: Site, i18n: I18n, items: &[&Briefing]) -> Element {
    let items = items.iter().map(|item| briefing(site, i18n, item));
    el("ul").class("briefings").attr("role", "list").child(items.collect::<View>())
}

fn briefing(site: Site, i18n: I18n, briefing: &Briefing) -> Element {
    let foreign = (briefing.lang != i18n.lang()).then(|| site.language(&briefing.lang).0);
    let until = briefing.ends.map(|at| {
        let is_same_day = i18n.day_of(at) == i18n.day_of(briefing.starts);
        ["–", &if is_same_day { i18n.clock(at) } else { i18n.instant(at) }].concat()
    });
    let time = el("p").class("meta").child(instant(i18n, briefing.starts)).child(until);
    let title = el("h3").attr("lang", foreign.clone()).child(briefing.title.clone());
    let summary = briefing.summary.clone();
    let summary = summary.map(|text| el("p").attr("lang", foreign.clone()).child(text));
    let place = briefing.place.clone().map(|place| {
        let place = el("span").attr("lang", foreign).child(place);
        el("p")
            .class("meta")
            .child(i18n.text(msg::PRESS_PLACE))
            .child(i18n.text(msg::TEXT_COLON))
            .child(place)
    });
    let calendar = briefing.calendar.clone().map(|href| {
        el("a")
            .attr("href", href)
            .attr("download", true)
            .attr("rel", "external")
            .child(i18n.text(msg::PRESS_CALENDAR))
    });
    let report = briefing.article.clone().map(|key| {
        let href = site.href(i18n.lang(), Page::Article { key, slug: String::new() });
        el("a").attr("href", href).child(i18n.text(msg::PRESS_ARTICLE))
    });
    let actions = el("p").class("actions").child(calendar).child(" ").child(report);
    el("li").class("briefing").child(time).child(title).child(summary).child(place).child(actions)
}

fn spokesperson(site: Site, i18n: I18n, person: &Spokesperson) -> Element {
    let body = person.organisation.as_ref().map(|body| body.name.clone());
    let (heading, role) = match body {
        Some(body) => (body, Some(el("p").child(person.role.clone()))),
        None => (person.role.clone(), None),
    };
    let fact = |label, fact: View| {
        el("div").child(el("dt").child(i18n.text(label))).child(el("dd").child(fact))
    };
    let link = |href: String, text: String| View::from(el("a").attr("href", href).child(text));
    let phone = person.phone.clone().map(|phone| {
        let href = format!("tel:{}", phone.replace(' ', ""));
        fact(msg::PRESS_PHONE, link(href, phone))
    });
    let email = person.email.clone();
    let email = email.map(|email| fact(msg::PRESS_EMAIL, link(format!("mailto:{email}"), email)));
    let names = person.languages.iter().enumerate().map(|(index, lang)| {
        let (tag, name) = site.language(lang);
        let comma = (index > 0).then(|| i18n.text(msg::TEXT_COMMA));
        View::from([comma.into(), View::from(el("span").attr("lang", tag).child(name))])
    });
    let languages =
        (!person.languages.is_empty()).then(|| fact(msg::PRESS_LANGUAGES, names.collect()));
    el("li")
        .class("spokesperson")
        .child(el("h3").child(heading))
        .child(role)
        .child(el("dl").class("facts").child(phone).child(email).child(languages))
}
