//! From nothing to a page: configuration, language, words, the first page's data, then the app.
//!
//! The last good portal.json is kept under `haidang:portal`, because its own id is not known before it
//! is read; a new one that is broken leaves it in force.

use std::sync::Arc;

use haidang_engine::{lang::Lang, profile::Portal, route::Target};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::{
    app::App,
    backend::{early_requests, fetch_text, learn_offers, warn},
    browser::{say_stopped, yield_to_printed},
    handover::Printed,
    i18n::{Messages, msg},
    preferences::{Preferences, storage},
    thread,
    view::{View, el, mount},
};

const CONFIG: &str = "portal.json";
const LAST_GOOD: &str = "haidang:portal";

/// Starts the portal in the page's body.
pub fn start() {
    // Fails only if it has been called before.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    // At once: what the reader presses from here on is seen.
    let printed = Printed::find();
    if printed.is_some() {
        // The text is there: what the address may go to beyond it is next.
        thread::prefetch_named();
    }
    spawn_local(async move {
        yield_to_printed().await;
        let portal = match portal().await {
            Ok(mut portal) => match learn_offers(&mut portal).await {
                Ok(()) => Arc::new(portal),
                Err(cause) => return fail(reader_language(), msg::BOOT_CONFIG, cause),
            },
            Err(cause) => return fail(reader_language(), msg::BOOT_CONFIG, cause),
        };
        yield_to_printed().await;
        let preferences = Preferences::load(&portal.id);
        preferences.apply();
        theme(&portal);
        let wanted = wanted(&preferences);
        let app = App::new(portal.clone(), preferences);
        match &printed {
            // What it was made of came with it.
            Some(printed) => printed.take_data(app.i18n).await,
            None => early_requests().await,
        }
        yield_to_printed().await;
        // From now on the reader's steps are the app's: none may come before its own first one.
        let step = app.start(&wanted);
        let lang = match &step.target {
            Target::Route(route) => route.lang.clone(),
            _ => portal.best_language(&wanted),
        };
        let first = app.begin(step).await;
        yield_to_printed().await;
        match first {
            Ok(first) => {
                match printed {
                    Some(printed) => {
                        app.take_over(printed.prepare(move || app.view()).await);
                        yield_to_printed().await;
                    }
                    None => show(move || app.view()),
                }
                app.follow(first);
                app.watch_updates();
            }
            Err(cause) => {
                app.give_up();
                fail(lang, msg::BOOT_LOCALE, cause);
            }
        }
    });
}

/// The portal's own colours and stylesheet. `index.html` has shown the colours that it knew of, which may be
/// those of another portal here, or of an earlier day.
fn theme(portal: &Portal) {
    let root = document().document_element().and_then(|root| root.dyn_into::<HtmlElement>().ok());
    let Some(style) = root.map(|root| root.style()) else { return };
    let accents = [
        ("--hd-accent-light", &portal.theme.accent),
        ("--hd-accent-dark", &portal.theme.accent_dark),
    ];
    for (name, colour) in accents {
        // What is no colour leaves ours in force.
        let _ = match colour {
            Some(colour) => style.set_property(name, colour),
            None => style.remove_property(name).map(drop),
        };
    }
    let Some(stylesheet) = &portal.theme.stylesheet else { return };
    // A printed page has it.
    let same = |link: &web_sys::Element| link.get_attribute("href").as_ref() == Some(stylesheet);
    if let Ok(links) = document().query_selector_all("link[rel=stylesheet]")
        && (0..links.length())
            .filter_map(|index| links.get(index)?.dyn_into().ok())
            .any(|link| same(&link))
    {
        return;
    }
    let (Some(head), Ok(link)) = (document().head(), document().create_element("link")) else {
        return;
    };
    for (name, value) in [("rel", "stylesheet"), ("href", stylesheet)] {
        let _ = link.set_attribute(name, value);
    }
    let _ = head.append_child(&link);
}

/// The languages the reader wants: chosen before, else those of the browser.
fn wanted(preferences: &Preferences) -> Vec<Lang> {
    preferences.lang.iter().cloned().chain(browser_languages()).collect()
}

fn browser_languages() -> Vec<Lang> {
    let languages = window().navigator().languages();
    languages.iter().filter_map(|code| Lang::parse(&code.as_string()?)).collect()
}

fn reader_language() -> Lang {
    browser_languages().into_iter().next().unwrap_or(Lang::ENGLISH)
}

/// portal.json, else the last one that was good.
async fn portal() -> Result<Portal, String> {
    let text = fetch_text(CONFIG).await;
    yield_to_printed().await;
    let parsed = text.map_err(|failure| format!("{CONFIG}: {failure}")).and_then(|text| {
        let (portal, notes) = Portal::parse(&text);
        for note in notes {
            warn(&note);
        }
        portal.map(|portal| (portal, text))
    });
    match parsed {
        Ok((portal, text)) => {
            if let Some(storage) = storage() {
                // Full or denied: the next broken configuration will show as broken.
                let _ = storage.set_item(LAST_GOOD, &text);
            }
            Ok(portal)
        }
        Err(cause) => {
            warn(&cause);
            let kept = storage().and_then(|storage| storage.get_item(LAST_GOOD).ok().flatten());
            let kept = kept.and_then(|text| Portal::parse(&text).0.ok());
            kept.ok_or(cause)
        }
    }
}

/// The words of a language.
pub async fn messages(lang: &Lang) -> Result<Arc<Messages>, String> {
    let url = format!("locales/{lang}.json");
    let text = fetch_text(&url).await.map_err(|failure| format!("{url}: {failure}"))?;
    let messages =
        Messages::parse(lang.clone(), &text).map_err(|error| format!("{url}: {error}"))?;
    Ok(Arc::new(messages))
}

/// Nothing can be shown but why; a page that was printed is there all the same, and begins anew with what is pressed
/// next.
fn fail(lang: Lang, what: crate::i18n::Msg, cause: String) {
    warn(&cause);
    if Printed::find().is_some() {
        return say_stopped();
    }
    let words = Messages::boot(lang);
    let text = |msg| words.text(msg).to_owned();
    let (title, what, again) = (text(msg::BOOT_FAILED), text(what), text(msg::BOOT_RETRY));
    // An empty address would be that of the `<base>`.
    let here = window().location().href().unwrap_or_default();
    let again = el("a").class("button").attr("href", here).attr("rel", "external").child(again);
    let failure = el("main")
        .class("boot-failure")
        .attr("lang", words.lang().to_string())
        .child(el("h1").child(title))
        .child(el("p").child(what))
        .child(el("p").child(el("code").child(cause)))
        .child(el("p").child(again));
    show(move || failure.into());
}

/// Puts a view in the place of what index.html shows while the app is on its way.
fn show(view: impl FnOnce() -> View) {
    let Some(body) = document().body() else { return };
    if let Some(waiting) = document().get_element_by_id("boot") {
        waiting.remove();
    }
    // For the life of the page.
    std::mem::forget(mount(&body, view));
}
