//! The reader's settings: appearance, text size, languages. They take effect at once.

use haidang_engine::{lang::Lang, route::Page};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;

use super::{Loaded, PageData};
use crate::{
    database::estimate,
    i18n::{I18n, Msg, msg},
    preferences::Preferences,
    site::{Site, use_site},
    ui::{install, push},
    view::{Element, View, el, live},
};

const THEMES: [(&str, Msg); 4] = [
    ("", msg::SETTINGS_THEME_AUTO),
    ("light", msg::SETTINGS_THEME_LIGHT),
    ("dark", msg::SETTINGS_THEME_DARK),
    ("contrast", msg::SETTINGS_THEME_CONTRAST),
];

const SIZES: [(&str, Msg); 4] = [
    ("small", msg::SETTINGS_SIZE_SMALL),
    ("", msg::SETTINGS_SIZE_NORMAL),
    ("large", msg::SETTINGS_SIZE_LARGE),
    ("huge", msg::SETTINGS_SIZE_HUGE),
];

/// The settings: nothing needs to be loaded.
pub struct Settings;

impl PageData for Settings {
    fn identity(&self) -> String {
        "settings".to_owned()
    }

    fn title(&self, i18n: I18n) -> String {
        i18n.text(msg::SETTINGS_TITLE)
    }

    fn view(&self, _: RwSignal<Loaded>) -> View {
        view()
    }

    fn is_indexed(&self) -> bool {
        false
    }
}

fn view() -> View {
    let Some((site, i18n)) = use_site() else { return View::Nothing };
    let is_kept = RwSignal::new(true);
    let prefer = move |change: &dyn Fn(&mut Preferences)| is_kept.set(site.prefer(change));
    let Preferences { theme, size, reads, saves_data, .. } = site.preferences.get_untracked();
    let themes = choice(i18n, "theme", msg::SETTINGS_THEME, &THEMES, &theme, move |value| {
        prefer(&|preferences| preferences.theme = value.to_owned());
        surround(value);
    });
    let sizes = choice(i18n, "size", msg::SETTINGS_SIZE, &SIZES, &size, move |value| {
        prefer(&|preferences| preferences.size = value.to_owned());
    });
    let languages = languages(site, i18n, &reads, move |code, reads| {
        prefer(&|preferences| {
            preferences.reads.retain(|known| known != code);
            if reads {
                preferences.reads.push(code.clone());
            }
        });
    });
    let kept = move || {
        i18n.text(if is_kept.get() { msg::SETTINGS_SAVED } else { msg::SETTINGS_NOT_SAVED })
    };
    let saving = saving(i18n, saves_data, move |saves| {
        prefer(&|preferences| preferences.saves_data = saves);
    });
    let kept = el("p").class("standfirst").attr("role", "status").child(live(kept));
    let title = el("h1").child(live(i18n.t(msg::SETTINGS_TITLE)));
    View::from([
        el("header").class("page-head").child(title).child(kept),
        el("div")
            .class("settings")
            .child(themes)
            .child(sizes)
            .child(languages)
            .child(saving)
            .child(storage(site, i18n))
            .child(install(i18n))
            .child(push(site, i18n)),
    ])
}

/// Gives what surrounds the page in a browser the colour of the paper, as the start-up script does.
fn surround(theme: &str) {
    const LIGHT: &str = "#fffefb";
    const DARK: &str = "#171513";
    let Ok(metas) = document().query_selector_all("meta[name=theme-color]") else { return };
    for meta in (0..metas.length()).filter_map(|index| metas.get(index)) {
        let meta: web_sys::Element = meta.unchecked_into();
        let is_dark = meta.get_attribute("media").is_some_and(|media| media.contains("dark"));
        let colour = match theme {
            "light" => LIGHT,
            "dark" => DARK,
            "contrast" => "#ffffff",
            _ if is_dark => DARK,
            _ => LIGHT,
        };
        // A valid name.
        let _ = meta.set_attribute("content", colour);
    }
}

/// One of several, as radio buttons.
fn choice(
    i18n: I18n,
    name: &'static str,
    legend: Msg,
    options: &'static [(&'static str, Msg)],
    chosen: &str,
    choose: impl Fn(&str) + Copy + 'static,
) -> Element {
    let options = options.iter().map(|&(value, label)| {
        let input = el("input")
            .attr("type", "radio")
            .attr("name", name)
            .attr("value", value)
            .attr("checked", chosen == value)
            .on("change", move |_| choose(value));
        el("label").child(input).child(el("span").child(live(i18n.t(label))))
    });
    el("fieldset").child(el("legend").child(live(i18n.t(legend)))).child(options.collect::<View>())
}

/// Whether data is to be saved.
fn saving(i18n: I18n, saves: bool, set: impl Fn(bool) + 'static) -> Element {
    let input = el("input")
        .attr("type", "checkbox")
        .attr("name", "saves-data")
        .attr("checked", saves)
        .on("change", move |event| set(event_target_checked(&event)));
    let label = el("label").child(input).child(el("span").child(live(i18n.t(msg::SAVER_LABEL))));
    let hint = el("p").attr("id", "saver-hint").class("hint").child(live(i18n.t(msg::SAVER_HINT)));
    el("fieldset")
        .attr("aria-describedby", "saver-hint")
        .child(el("legend").child(live(i18n.t(msg::SAVER_TITLE))))
        .child(hint)
        .child(label)
}

/// How much of the device the portal takes, and the way to what is there.
fn storage(site: Site, i18n: I18n) -> Element {
    let room: RwSignal<Option<(f64, f64)>> = RwSignal::new(None);
    spawn_local(async move {
        let estimate = estimate().await;
        room.try_set(estimate);
    });
    let size = move |bytes: f64| {
        #[expect(clippy::as_conversions, reason = "bytes; saturates")]
        i18n.size(bytes as u64)
    };
    let used = move || match room.get() {
        Some((used, quota)) => {
            let values = [("used", &*size(used)), ("quota", &*size(quota))];
            i18n.fill(msg::SETTINGS_USED, &values)
        }
        None => i18n.text(msg::SETTINGS_UNKNOWN),
    };
    let link = el("a")
        .live_attr("href", move || site.href(i18n.lang(), Page::Saved))
        .child(live(i18n.t(msg::SAVED_TITLE)));
    el("fieldset")
        .class("storage")
        .child(el("legend").child(live(i18n.t(msg::SETTINGS_STORAGE))))
        .child(el("p").class("hint").child(live(used)))
        .child(el("p").class("actions").child(link))
}

fn languages(
    site: Site,
    i18n: I18n,
    reads: &[Lang],
    set: impl Fn(&Lang, bool) + Copy + 'static,
) -> Element {
    let portal = site.portal();
    let options = portal.languages.iter().map(|language| {
        let code = language.code.clone();
        let input = el("input")
            .attr("type", "checkbox")
            .attr("name", "reads")
            .attr("value", code.to_string())
            .attr("checked", reads.contains(&code))
            .on("change", move |event| set(&code, event_target_checked(&event)));
        let name = el("span").attr("lang", language.tag().to_owned()).child(language.name.clone());
        el("label").child(input).child(name)
    });
    let hint = el("p")
        .attr("id", "reads-hint")
        .class("hint")
        .child(live(i18n.t(msg::SETTINGS_LANGUAGES_HINT)));
    el("fieldset")
        .attr("aria-describedby", "reads-hint")
        .child(el("legend").child(live(i18n.t(msg::SETTINGS_LANGUAGES))))
        .child(hint)
        .child(options.collect::<View>())
}
