//! What the browser tests share: a small portal, a place to show a view in, and ways to look at it.

#![allow(dead_code, reason = "each test file is a program of its own and uses a part")]

pub mod backend;
pub mod samples;

use std::sync::Arc;

use gloo_timers::future::TimeoutFuture;
use haidang::{
    app::{Navigate, Reload},
    backend::Memory,
    i18n::{I18n, Messages, Msg},
    pages::{self, Data, Loaded},
    preferences::Preferences,
    site::Site,
    view::{Mounted, View, build_whole, mount},
};
use haidang_engine::{
    lang::Lang,
    profile::Portal,
    route::{Page, Route},
};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventInit, HtmlElement};

/// A portal of the five languages, with one source and everything switched on.
pub const PORTAL: &str = r##"{
    "version": 1, "id": "test", "name": {"vi": "Cổng thử", "en": "Test portal"},
    "timezone": "Asia/Ho_Chi_Minh",
    "languages": [
        {"code": "vi", "name": "Tiếng Việt"},
        {"code": "en", "name": "English"},
        {"code": "zh", "tag": "zh-Hans", "name": "中文"},
        {"code": "ja", "name": "日本語"},
        {"code": "ko", "name": "한국어"}
    ],
    "default": "vi", "fallback": ["vi", "en"],
    "navigation": [
        {"section": "news", "name": {"vi": "Tin tức", "en": "News"}},
        {"page": "documents", "name": {"vi": "Văn bản", "en": "Documents"}},
        {"page": "press", "name": {"vi": "Báo chí", "en": "Press"}, "languages": ["vi"]},
        {"href": "https://map.example.org/", "name": {"vi": "Bản đồ", "en": "Map"}}
    ],
    "sources": [{"id": "city", "base": "api/v1"}],
    "embeds": ["https://video.example"],
    "legal": {
        "agency": {"vi": "Cơ quan chủ quản", "en": "Published by the city"},
        "editor": {"vi": "Trưởng ban", "en": "Editor-in-chief"},
        "contact": {"vi": "toasoan@portal.example.org", "en": "editor@portal.example.org"},
        "privacy": "https://portal.example.org/privacy"
    }
}"##;

/// A language by its code.
pub fn lang(code: &str) -> Lang {
    Lang::parse(code).expect("a language")
}

/// The words of one of the portal's languages.
pub fn messages(code: &str) -> Arc<Messages> {
    let json = match code {
        "vi" => include_str!("../../locales/vi.json"),
        "en" => include_str!("../../locales/en.json"),
        "zh" => include_str!("../../locales/zh.json"),
        "ja" => include_str!("../../locales/ja.json"),
        "ko" => include_str!("../../locales/ko.json"),
        _ => panic!("no locale {code}"),
    };
    Arc::new(Messages::parse(lang(code), json).expect("a locale"))
}

/// A part of the page that a test has to itself: a new one takes the place of the last. What is
/// shown in it goes with it.
pub struct Stage {
    /// What the views see of the portal.
    pub site: Site,
    /// What the views speak.
    pub i18n: I18n,
    /// Where they ask to go.
    pub went: RwSignal<Option<Route>>,
    /// How often they asked for the page again.
    pub reloads: RwSignal<u32>,
    place: Element,
    owner: Owner,
}

impl Stage {
    /// A place in the portal [`PORTAL`], which speaks the language `code`.
    pub fn new(code: &str) -> Self {
        Self::of(PORTAL, code)
    }

    /// A place in a portal with the id `id`: what it keeps in the browser is its own.
    pub fn apart(id: &str, code: &str) -> Self {
        Self::of(&PORTAL.replace(r#""id": "test""#, &format!(r#""id": "{id}""#)), code)
    }

    /// A place in the portal that `json` describes.
    pub fn of(json: &str, code: &str) -> Self {
        Self::within(Portal::parse(json).0.expect("a portal"), code)
    }

    /// A place in a portal, which offers what it says.
    pub fn within(portal: Portal, code: &str) -> Self {
        // Fails for all but the first of a program's tests, to no harm.
        let _ = any_spawner::Executor::init_wasm_bindgen();
        let portal = Arc::new(portal);
        let owner = Owner::new();
        owner.set();
        let i18n = I18n::new(messages(code), &portal.timezone);
        let site = Site::new(portal.clone(), String::new(), Preferences::load(&portal.id));
        // What a failed test has left behind is in nobody's way.
        while let Some(left) = document().query_selector(".stage").expect("a selector") {
            left.remove();
        }
        let place = document().create_element("div").expect("an element");
        place.set_class_name("stage");
        document().body().expect("a body").append_child(&place).expect("a place");
        let (went, reloads) = (RwSignal::new(None), RwSignal::new(0));
        Self { site, i18n, went, reloads, place, owner }
    }

    /// Shows a view in the portal, all of it at once.
    pub fn show<V: Into<View>>(&self, view: impl FnOnce() -> V) -> Mounted {
        let Self { site, i18n, went, reloads, .. } = *self;
        build_whole(true);
        self.owner.with(|| {
            mount(&self.place, || {
                provide_context(site);
                provide_context(i18n);
                provide_context(Navigate(Callback::new(move |route| went.set(Some(route)))));
                provide_context(Reload(Callback::new(move |()| {
                    reloads.update(|times| *times += 1)
                })));
                view().into()
            })
        })
    }

    /// Shows a loaded page, which follows the signal.
    pub fn show_page(&self, page: Page, data: Data) -> (Mounted, RwSignal<Loaded>) {
        let shown = RwSignal::new(self.loaded(page, data));
        (self.show(|| pages::view(shown)), shown)
    }

    /// A page as loaded in the language of the stage.
    pub fn loaded(&self, page: Page, data: Data) -> Loaded {
        let route = Route { lang: untrack(|| self.i18n.lang()), page };
        Loaded { route, data, memory: Memory::default() }
    }

    /// A message in the language of the stage.
    pub fn words(&self, msg: Msg) -> String {
        untrack(|| self.i18n.text(msg))
    }

    /// A message in the language of the stage, its `{name}`s filled in.
    pub fn filled(&self, msg: Msg, values: &[(&str, &str)]) -> String {
        untrack(|| self.i18n.fill(msg, values))
    }

    /// Where everything is shown.
    pub fn place(&self) -> &Element {
        &self.place
    }

    /// All elements that match, in order.
    pub fn all(&self, selector: &str) -> Vec<Element> {
        let found = self.place.query_selector_all(selector).expect("a selector");
        (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
    }

    /// The first element that matches, if any does.
    pub fn find(&self, selector: &str) -> Option<Element> {
        self.place.query_selector(selector).expect("a selector")
    }

    /// The first element that matches.
    pub fn one<T: JsCast>(&self, selector: &str) -> T {
        let found = self.find(selector);
        let found = found.unwrap_or_else(|| panic!("no {selector} in {}", self.html()));
        found.dyn_into().unwrap_or_else(|_| panic!("not an element of this kind"))
    }

    /// The text of the first element that matches.
    pub fn text(&self, selector: &str) -> String {
        text_of(&self.one::<Element>(selector))
    }

    /// The text of every element that matches.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        self.all(selector).iter().map(text_of).collect()
    }

    /// An attribute of the first element that matches.
    pub fn attr(&self, selector: &str, name: &str) -> Option<String> {
        self.one::<Element>(selector).get_attribute(name)
    }

    /// An attribute of every element that matches; empty where it is missing.
    pub fn attrs(&self, selector: &str, name: &str) -> Vec<String> {
        let value = |element: &Element| element.get_attribute(name).unwrap_or_default();
        self.all(selector).iter().map(value).collect()
    }

    /// Presses the first element that matches.
    pub fn click(&self, selector: &str) {
        self.one::<HtmlElement>(selector).click();
    }

    /// Everything shown, as HTML.
    pub fn html(&self) -> String {
        self.place.inner_html()
    }

    /// Whether the first element that matches has the focus.
    pub fn has_focus(&self, selector: &str) -> bool {
        let focused = document().active_element();
        focused.is_some() && focused == self.find(selector)
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.place.remove();
        self.owner.cleanup();
    }
}

/// An element's text, spaces run together.
pub fn text_of(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Waits until it is so; fails the test if it does not become so within seconds.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    const PATIENCE: f64 = 20_000.0;
    let begun = js_sys::Date::now();
    while !is_so() {
        assert!(js_sys::Date::now() - begun < PATIENCE, "waited in vain until {what}");
        TimeoutFuture::new(1).await;
    }
}

/// Waits until everything that follows signals has followed.
pub async fn followed() {
    // Effects run in the order of the changes: one that is set after all others runs last.
    let last = RwSignal::new(false);
    let has_run = RwSignal::new(false);
    let effect = RenderEffect::new(move |_| has_run.set(last.get()));
    last.set(true);
    until("effects have run", || has_run.get_untracked()).await;
    drop(effect);
}

/// Sends an element an event that bubbles.
pub fn send(element: &Element, event: &str) {
    let options = EventInit::new();
    options.set_bubbles(true);
    options.set_cancelable(true);
    let event = Event::new_with_event_init_dict(event, &options).expect("an event");
    element.dispatch_event(&event).expect("an element in the document");
}
