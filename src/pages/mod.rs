//! One file a route: what it loads, how it looks.
//!
//! `load` asks through a [`Loader`] and knows nothing of Leptos; what it gives is a [`PageData`], whose
//! view is synchronous over it. Going to the same page in another language keeps the view and changes
//! its data. Articles come with the first part of the app; the other pages are in the parts `lists`, `pages` and
//! `kept`, which index.html names, too, to ask for the one that an address needs beside the first.

mod article;
mod document;
mod documents;
mod failed;
mod front;
mod list;
mod lists;
mod not_found;
mod pack;
mod press;
mod saved;
mod search;
mod seldom;
mod settings;

use std::{any::Any, sync::Arc};

use futures::future::LocalBoxFuture;
use haidang_engine::{
    lang::Lang,
    model::{Headline, Key, Notice},
    profile::{Failure, Operation},
    read::{Node, Read, ReadError},
    route::{Page, Route},
};
use leptos::prelude::*;

pub use article::{ArticleData, article, find_thread, load as load_article};
pub use document::DocumentData;
pub use documents::DocumentsData;
pub use failed::Failed;
pub use front::FrontData;
pub use list::ListData;
pub use not_found::NotFound;
pub use press::PressData;
pub use saved::{Row, SavedData};
pub use search::SearchData;
pub use settings::Settings;

use crate::{
    backend::{Loader, Memory},
    chunk::{Missing, chunk},
    i18n::I18n,
    site::Site,
    view::View,
};

/// What a route has loaded: what the frame must know of it, and how it looks.
pub trait PageData: Any + Send + Sync {
    /// What stays the same when only the language or the page of a list changes: its view is kept,
    /// and with it what the reader typed.
    fn identity(&self) -> String;

    /// The page's own title, without the portal's name.
    fn title(&self, i18n: I18n) -> String;

    /// How it looks. Follows `shown` for as long as [`PageData::identity`] stays the same.
    fn view(&self, shown: RwSignal<Loaded>) -> View;

    /// One or two sentences about the page.
    fn description(&self, _: I18n) -> Option<String> {
        None
    }

    /// The article, if the page is one.
    fn headline(&self) -> Option<&Headline> {
        None
    }

    /// Its address at the source, where that is a site of its own.
    fn canonical(&self) -> Option<&str> {
        None
    }

    /// The same in another language, and whether that exists, where it has an address of its own.
    fn version(&self, _: &Lang) -> Option<(Page, bool)> {
        None
    }

    /// Whether search engines shall list it.
    fn is_indexed(&self) -> bool {
        true
    }

    /// Whether there is only a failure to show.
    fn is_failure(&self) -> bool {
        false
    }
}

/// A page's data, whatever page it is of.
pub type Data = Arc<dyn PageData>;

/// A loaded page and the address it is shown at.
#[derive(Clone)]
pub struct Loaded {
    /// The address, of the version that is shown.
    pub route: Route,
    /// What there is to show.
    pub data: Data,
    /// How fresh it is.
    pub memory: Memory,
}

impl Loaded {
    /// Before the first page.
    pub fn nothing(route: Route) -> Self {
        Self { route, data: Arc::new(Nothing), memory: Memory::default() }
    }

    /// The data, if the page is of this kind.
    pub fn of<T: PageData>(&self) -> Option<Arc<T>> {
        let data: Arc<dyn Any + Send + Sync> = self.data.clone();
        data.downcast().ok()
    }

    /// The same page in `lang`, at that version's own address if there is one, and whether there is.
    pub fn in_language(&self, lang: &Lang) -> (Route, bool) {
        let route = self.route.in_language(lang.clone());
        match self.data.version(lang) {
            Some((page, exists)) => (Route { page, ..route }, exists),
            None => (route, true),
        }
    }
}

/// Before the first page there is nothing to see.
struct Nothing;

impl PageData for Nothing {
    fn identity(&self) -> String {
        String::new()
    }

    fn title(&self, _: I18n) -> String {
        String::new()
    }

    fn view(&self, _: RwSignal<Loaded>) -> View {
        View::Nothing
    }
}

/// What a page gives that could be loaded.
fn page<T: PageData>(data: Result<T, Failure>) -> Result<Data, Failure> {
    data.map(|data| -> Data { Arc::new(data) })
}

/// How a part with pages is entered: loads one of them.
type Load = for<'a> fn(&'a Loader, &'a Page) -> LocalBoxFuture<'a, Result<Data, Failure>>;

chunk!(lists, list_pages: Load = lists::load);
chunk!(pages, seldom_pages: Load = seldom::load);
chunk!(kept, kept_pages: Load = saved::load);

/// How the controls of a pack are made: of which section, and what it is called.
type Panel = fn(Site, I18n, Key, String) -> View;

chunk!(kept, pack_panel: Panel = pack::panel);

/// Loads what a route shows. What goes wrong is part of the answer.
pub async fn load(loader: &Loader, route: &Route) -> Loaded {
    let features = &loader.portal.features;
    let is_offered = match &route.page {
        Page::Documents(_) | Page::Document(_) => features.documents,
        Page::Press => features.press,
        Page::Search { .. } => features.search,
        _ => true,
    };
    let data = match &route.page {
        _ if !is_offered => Err(Failure::NotFound),
        Page::Article { key, .. } => page(article::load(loader, key).await),
        Page::NotFound(_) => Err(Failure::NotFound),
        other => match behind(other).await {
            Ok(load) => load(loader, other).await,
            Err(Missing) => Err(Failure::Unreachable),
        },
    };
    let data = data.unwrap_or_else(|failure| match failure {
        Failure::NotFound => Arc::new(NotFound),
        failure => Arc::new(Failed(failure)),
    });
    let mut route = route.clone();
    if let Some(shown) = data.headline() {
        route.page = Page::Article { key: shown.key.clone(), slug: shown.slug.clone() };
    }
    Loaded { route, data, memory: loader.memory() }
}

/// Whether a page is the same for everybody who asks for it; the others are the reader's own, or what a
/// reader asked for in a form.
pub fn is_for_everybody(page: &Page) -> bool {
    !matches!(page, Page::Saved | Page::Settings | Page::Search { .. })
}

/// The part that has a page.
async fn behind(page: &Page) -> Result<Load, Missing> {
    match page {
        Page::Front | Page::List(_) => list_pages().await,
        Page::Saved => kept_pages().await,
        _ => seldom_pages().await,
    }
}

/// The notices in force; `None` if they could not be had for the moment. A page does not fail by them.
pub async fn notices(loader: &Loader) -> Option<Vec<Notice>> {
    struct Items(Vec<Notice>);
    impl Read for Items {
        fn read(node: Node<'_>) -> Result<Self, ReadError> {
            let object = node.object()?;
            Ok(Self(object.list_field("items")))
        }
    }
    if !loader.portal.features.notices {
        return Some(Vec::new());
    }
    match loader.ask::<Items>("", &Operation::Notices).await {
        Ok(items) => Some(items.0),
        Err(failure) if failure.is_transient() => None,
        Err(_) => Some(Vec::new()),
    }
}

/// What the shown page has loaded, as long as it is a page of this kind.
pub struct Shown<T> {
    shown: RwSignal<Loaded>,
    kind: std::marker::PhantomData<fn() -> T>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}

impl<T: PageData> Shown<T> {
    /// What `shown` is about.
    pub fn new(shown: RwSignal<Loaded>) -> Self {
        Self { shown, kind: std::marker::PhantomData }
    }

    /// What is loaded now; tracked. `None` just before the page gives way to one of another kind.
    pub fn get(self) -> Option<Arc<T>> {
        self.shown.with(Loaded::of)
    }
}

/// How the shown page looks.
pub fn view(shown: RwSignal<Loaded>) -> View {
    shown.with_untracked(|shown| shown.data.clone()).view(shown)
}
