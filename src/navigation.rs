//! The only glue to the History API: link clicks, Back and Forward, scroll positions. Where the focus goes is [`focus`]'s.
//!
//! A click on a link of ours becomes a [`Step`]; the app loads the page and then calls
//! [`History::commit`], so that an address is in the history only if its page was shown.

mod focus;
mod layout;
mod place;

use std::{cell::RefCell, rc::Rc, sync::Arc};

use haidang_engine::{
    profile::Portal,
    route::{Scope, Target},
};
use js_sys::Reflect;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Element, HtmlAnchorElement, MouseEvent, ScrollRestoration, Url};

pub use focus::{
    focus_fragment, focus_heading, focus_in_place, focus_link, focus_named, focus_on, focus_soon,
    focused, unfocus,
};
pub use layout::{lay_out_text, lay_out_text_in_tasks, lay_out_whole};
pub use place::Place;

use crate::backend::document_base;

/// A wish to be somewhere else.
#[derive(Clone, PartialEq)]
pub struct Step {
    /// Where.
    pub target: Target,
    /// The `#…` without its mark; empty if there is none.
    pub fragment: String,
    /// How the reader got there.
    pub kind: Kind,
}

/// How a reader gets to a page.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// The page was opened here.
    Start,
    /// By a link or a form.
    Link,
    /// By a link to the same page in another language (`rel="alternate"`).
    Language,
    /// By Back or Forward, to where the page was scrolled then.
    Back(i32),
    /// By Back or Forward on the page that is shown, to where it was scrolled then.
    Within(i32),
    /// The same page again, because it failed or was old.
    Again,
}

/// The reader's way through the portal.
#[derive(Clone)]
pub struct History {
    state: Rc<RefCell<State>>,
    portal: Arc<Portal>,
}

#[derive(Default)]
struct State {
    /// Counts the entries made; the number of the one shown.
    entry: u32,
    newest: u32,
    /// The entries that the reader has been at.
    visited: Vec<Visited>,
    /// Path and query of the page that is shown.
    shown: String,
}

/// How the reader left an entry.
struct Visited {
    entry: u32,
    scrolled: i32,
    /// The link, as written.
    left_by: Option<String>,
}

impl State {
    /// The entry that is shown, if anything is known of it.
    fn visited(&self) -> Option<&Visited> {
        self.visited.iter().rfind(|visited| visited.entry == self.entry)
    }

    fn scrolled(&self) -> i32 {
        self.visited().map_or(0, |visited| visited.scrolled)
    }

    /// Notes something of the entry that is shown.
    fn note(&mut self, note: impl FnOnce(&mut Visited)) {
        let entry = self.entry;
        if self.visited().is_none() {
            self.visited.push(Visited { entry, scrolled: 0, left_by: None });
        }
        if let Some(visited) = self.visited.iter_mut().rfind(|visited| visited.entry == entry) {
            note(visited);
        }
    }
}

impl History {
    /// Follows the reader from here on; `on_step` is called for each wish.
    pub fn follow(portal: Arc<Portal>, on_step: impl Fn(Step) + Clone + 'static) -> Self {
        let history = Self { state: Rc::default(), portal };
        // A browser without it scrolls by itself, which is no harm.
        if let Ok(browser) = window().history() {
            let _ = browser.set_scroll_restoration(ScrollRestoration::Manual);
        }
        history.restore_after_reload();
        history.listen_to_clicks(on_step.clone());
        history.listen_to_back(on_step);
        history.listen_to_scroll();
        history
    }

    /// What an address of this portal asks for; `None` if it is not one.
    pub fn target(&self, url: &Url) -> Option<Target> {
        let base = Url::new(&document_base()?).ok()?;
        let path = url.pathname();
        let path = path.strip_prefix(&base.pathname()).filter(|_| url.origin() == base.origin())?;
        let sources: Vec<String> =
            self.portal.sources.iter().map(|source| source.id.clone()).collect();
        let languages = self.portal.codes();
        Some(Scope { languages: &languages, sources: &sources }.parse(path, &url.search()))
    }

    /// The address the page was opened at.
    pub fn start(&self) -> Option<Step> {
        let url = Url::new(&window().location().href().ok()?).ok()?;
        Some(Step { target: self.target(&url)?, fragment: fragment(&url), kind: Kind::Start })
    }

    /// Makes `href` (relative to the base) the address of what is shown now.
    pub fn commit(&self, href: &str, fragment: &str, kind: Kind) {
        let mark = if fragment.is_empty() { "" } else { "#" };
        let base = document_base().unwrap_or_default();
        let Ok(url) = Url::new_with_base(&format!("{href}{mark}{fragment}"), &base) else { return };
        let Ok(browser) = window().history() else { return };
        let mut state = self.state.borrow_mut();
        state.shown = page_of(&url);
        let replaces = !matches!(kind, Kind::Link | Kind::Language);
        if !replaces {
            state.newest += 1;
            state.entry = state.newest;
        }
        let entry = JsValue::from(state.entry);
        // Fails only for an address of another origin, which `target` has excluded.
        let _ = if replaces {
            browser.replace_state_with_url(&entry, "", Some(&url.href()))
        } else {
            browser.push_state_with_url(&entry, "", Some(&url.href()))
        };
    }

    fn listen_to_clicks(&self, on_step: impl Fn(Step) + 'static) {
        let history = self.clone();
        on_document("click", move |event| {
            let Some(click) = event.dyn_ref::<MouseEvent>() else { return };
            let plain = click.button() == 0
                && !click.default_prevented()
                && !(click.meta_key() || click.ctrl_key() || click.shift_key() || click.alt_key());
            let Some(link) = plain.then(|| closest_link(click)).flatten() else { return };
            let Ok(url) = Url::new(&link.href()) else { return };
            let is_external = link.rel() == "external";
            if !link.target().is_empty() || link.has_attribute("download") || is_external {
                return;
            }
            // Events of scrolling come late.
            history.note_scroll();
            let is_within = history.state.borrow().shown == page_of(&url);
            if is_within && !url.hash().is_empty() {
                // The browser jumps there by itself (see `listen_to_back`), if it is there.
                lay_out_whole(true);
                lay_out_text();
                return;
            }
            let target = match history.target(&url) {
                Some(target @ Target::Route(_)) => target,
                _ => return,
            };
            click.prevent_default();
            if let Some(href) = link.get_attribute("href") {
                history.state.borrow_mut().note(|left| left.left_by = Some(href));
            }
            let kind = if link.rel() == "alternate" { Kind::Language } else { Kind::Link };
            on_step(Step { target, fragment: fragment(&url), kind });
        });
    }

    fn listen_to_back(&self, on_step: impl Fn(Step) + 'static) {
        let history = self.clone();
        let listener =
            Closure::<dyn Fn(web_sys::PopStateEvent)>::new(move |event: web_sys::PopStateEvent| {
                if let Some(step) = history.popped(event.state().as_f64().map(entry_number)) {
                    on_step(step);
                }
            });
        let _ = window()
            .add_event_listener_with_callback("popstate", listener.as_ref().unchecked_ref());
        // For the life of the page.
        listener.forget();
    }

    /// What the reader wants with the entry that the browser now is at; `None` if they are there.
    fn popped(&self, entry: Option<u32>) -> Option<Step> {
        let url = Url::new(&window().location().href().ok()?).ok()?;
        let step = Step { target: self.target(&url)?, fragment: fragment(&url), kind: Kind::Start };
        let mut state = self.state.borrow_mut();
        let is_within = state.shown == page_of(&url);
        let Some(entry) = entry else {
            // A jump to a `#…` has made an entry that bears no number yet (HTML, "navigate to a
            // fragment"), and scrolls by itself.
            state.newest += 1;
            state.entry = state.newest;
            if let Ok(browser) = window().history() {
                let _ = browser.replace_state_with_url(&state.entry.into(), "", None);
            }
            return (!is_within).then_some(Step { kind: Kind::Back(0), ..step });
        };
        if state.entry == entry {
            return None;
        }
        state.entry = entry;
        let scrolled = state.scrolled();
        let kind = if is_within { Kind::Within(scrolled) } else { Kind::Back(scrolled) };
        Some(Step { kind, ..step })
    }

    fn listen_to_scroll(&self) {
        let history = self.clone();
        on_document("scroll", move |_| history.note_scroll());
        let history = self.clone();
        let leaving = Closure::<dyn Fn()>::new(move || {
            let state = history.state.borrow();
            let y = state.scrolled();
            if let Ok(Some(storage)) = window().session_storage() {
                // Full or denied: the page opens at its top after a reload.
                let _ = storage.set_item(&history.scroll_key(), &format!("{} {y}", state.entry));
            }
        });
        let _ =
            window().add_event_listener_with_callback("pagehide", leaving.as_ref().unchecked_ref());
        leaving.forget();
    }

    fn note_scroll(&self) {
        let y = pixels(window().scroll_y().unwrap_or_default());
        self.state.borrow_mut().note(|shown| shown.scrolled = y);
    }

    fn restore_after_reload(&self) {
        let entry = window().history().and_then(|browser| browser.state());
        let Some(entry) = entry.ok().and_then(|entry| entry.as_f64()).map(entry_number) else {
            return;
        };
        let mut state = self.state.borrow_mut();
        state.entry = entry;
        state.newest = entry;
        let kept = window().session_storage().ok().flatten();
        let kept = kept.and_then(|storage| storage.get_item(&self.scroll_key()).ok().flatten());
        let kept = kept.as_deref().and_then(|text| text.split_once(' '));
        if let Some((of, y)) = kept
            && of.parse() == Ok(entry)
        {
            state.note(|shown| shown.scrolled = y.parse().unwrap_or_default());
        }
    }

    /// Where the page shown was scrolled to before a reload.
    pub fn scrolled(&self) -> i32 {
        self.state.borrow().scrolled()
    }

    /// The link by which the reader left the page shown, before they came back to it.
    pub fn left_by(&self) -> Option<String> {
        self.state.borrow().visited().and_then(|visited| visited.left_by.clone())
    }

    fn scroll_key(&self) -> String {
        format!("haidang:{}:scroll", self.portal.id)
    }
}

/// Whole pixels: code and tables to print and read fractions would weigh 20 KB of a first visit.
pub fn pixels(number: f64) -> i32 {
    #[expect(clippy::as_conversions, reason = "saturates")]
    let number = number.round() as i32;
    number
}

fn entry_number(number: f64) -> u32 {
    #[expect(clippy::as_conversions, reason = "saturates")]
    let number = number as u32;
    number
}

/// What tells a page from another: path and query.
fn page_of(url: &Url) -> String {
    url.pathname() + &url.search()
}

fn fragment(url: &Url) -> String {
    url.hash().trim_start_matches('#').to_owned()
}

/// The link a click fell on.
fn closest_link(click: &MouseEvent) -> Option<HtmlAnchorElement> {
    let element: Element = click.target()?.dyn_into().ok()?;
    element.closest("a[href]").ok()??.dyn_into().ok()
}

fn on_document(event: &str, listener: impl Fn(web_sys::Event) + 'static) {
    let listener = Closure::<dyn Fn(web_sys::Event)>::new(listener);
    let _ = document().add_event_listener_with_callback(event, listener.as_ref().unchecked_ref());
    // For the life of the page.
    listener.forget();
}

/// Scrolls the page to `y`, at once whatever the style says.
pub fn scroll_to(y: i32) {
    let options = web_sys::ScrollToOptions::new();
    options.set_top(f64::from(y));
    // `instant` is newer than the bindings' enum.
    let _ = Reflect::set(&options, &"behavior".into(), &"instant".into());
    window().scroll_to_with_scroll_to_options(&options);
}
