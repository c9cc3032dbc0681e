//! One file a route: what it loads, and how that looks.
//!
//! `load` asks through a [`Loader`] and knows nothing of Leptos; `view` is synchronous over what was
//! loaded. Going to the same page in another language keeps the view and changes its data.

mod article;
mod document;
mod documents;
mod failed;
mod front;
mod list;
mod not_found;
mod press;
mod search;
mod settings;

use std::sync::Arc;

use haidang_engine::{
    lang::Lang,
    model::{Headline, Notice},
    profile::{Failure, Operation},
    read::{Node, Read, ReadError},
    route::{Page, Route},
};
use leptos::prelude::*;

pub use article::ArticleData;
pub use document::DocumentData;
pub use documents::DocumentsData;
pub use front::FrontData;
pub use list::ListData;
pub use press::PressData;
pub use search::SearchData;

use crate::{
    backend::{Loader, Memory},
    i18n::{I18n, msg},
    view::View,
};

/// What a route has loaded.
#[derive(Clone)]
pub enum Data {
    /// Nothing yet.
    Nothing,
    /// The front page.
    Front(Arc<FrontData>),
    /// A list of articles.
    List(Arc<ListData>),
    /// An article.
    Article(Arc<ArticleData>),
    /// Search.
    Search(Arc<SearchData>),
    /// The register.
    Documents(Arc<DocumentsData>),
    /// A document.
    Document(Arc<DocumentData>),
    /// The press office.
    Press(Arc<PressData>),
    /// The reader's settings.
    Settings,
    /// No such page.
    NotFound,
    /// Could not be loaded.
    Failed(Failure),
}

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

/// Loads what a route shows. What goes wrong is part of the answer.
pub async fn load(loader: &Loader, route: &Route) -> Loaded {
    let mut route = route.clone();
    let data = match &route.page {
        Page::Front => front::load(loader).await.map(|data| Data::Front(Arc::new(data))),
        Page::List(list) => list::load(loader, list).await.map(|data| Data::List(Arc::new(data))),
        Page::Article { key, .. } => match article::load(loader, key).await {
            Ok(data) => {
                let shown = &data.article.headline;
                route.page = Page::Article { key: shown.key.clone(), slug: shown.slug.clone() };
                Ok(Data::Article(Arc::new(data)))
            }
            Err(failure) => Err(failure),
        },
        Page::Search { query, cursor } => {
            let data = search::load(loader, query, cursor.as_deref()).await;
            data.map(|data| Data::Search(Arc::new(data)))
        }
        Page::Documents(filter) => {
            documents::load(loader, filter).await.map(|data| Data::Documents(Arc::new(data)))
        }
        Page::Document(key) => {
            document::load(loader, key).await.map(|data| Data::Document(Arc::new(data)))
        }
        Page::Press => press::load(loader).await.map(|data| Data::Press(Arc::new(data))),
        Page::Settings => Ok(Data::Settings),
        Page::NotFound(_) => Ok(Data::NotFound),
    };
    let data = data.unwrap_or_else(|failure| match failure {
        Failure::NotFound => Data::NotFound,
        failure => Data::Failed(failure),
    });
    Loaded { route, data, memory: loader.memory() }
}

/// The notices in force; none if they cannot be had, for a page must not fail by its notices.
pub async fn notices(loader: &Loader) -> Vec<Notice> {
    struct Items(Vec<Notice>);
    impl Read for Items {
        fn read(node: Node<'_>) -> Result<Self, ReadError> {
            Ok(Self(node.list_field("items")?))
        }
    }
    if !loader.portal.features.notices {
        return Vec::new();
    }
    let items = loader.ask::<Items>("", &Operation::Notices).await;
    items.map(|items| items.0).unwrap_or_default()
}

/// What the shown page has loaded, as long as it is a page of this kind.
pub struct Shown<T: 'static> {
    shown: RwSignal<Loaded>,
    pick: fn(&Data) -> Option<&Arc<T>>,
}

impl<T> Clone for Shown<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Shown<T> {}

impl<T> Shown<T> {
    /// What is loaded now; tracked. `None` just before the page gives way to one of another kind.
    pub fn get(self) -> Option<Arc<T>> {
        self.shown.with(|shown| (self.pick)(&shown.data).cloned())
    }
}

/// How the shown page looks. Follows its data for as long as [`Loaded::identity`] stays the same.
pub fn view(shown: RwSignal<Loaded>) -> View {
    macro_rules! of {
        ($kind:ident) => {
            Shown {
                shown,
                pick: |data| match data {
                    Data::$kind(data) => Some(data),
                    _ => None,
                },
            }
        };
    }
    match shown.with_untracked(|shown| shown.data.clone()) {
        Data::Nothing => View::Nothing,
        Data::Front(_) => front::view(of!(Front)),
        Data::List(_) => list::view(of!(List)),
        Data::Article(_) => article::view(of!(Article)),
        Data::Search(_) => search::view(of!(Search)),
        Data::Documents(_) => documents::view(of!(Documents)),
        Data::Document(_) => document::view(of!(Document)),
        Data::Press(_) => press::view(of!(Press)),
        Data::Settings => settings::view(),
        Data::NotFound => not_found::view(),
        Data::Failed(failure) => failed::view(failure),
    }
}

impl Loaded {
    /// Before the first page.
    pub fn nothing(route: Route) -> Self {
        Self { route, data: Data::Nothing, memory: Memory::default() }
    }

    /// What stays the same when only the language or the page of a list changes: its view is kept,
    /// and with it what the reader typed.
    pub fn identity(&self) -> String {
        match &self.data {
            Data::Nothing => String::new(),
            Data::Front(_) => "front".to_owned(),
            Data::List(data) => format!("list:{}:{}", data.list.kind.segment(), data.list.key.id),
            Data::Article(data) => {
                let headline = &data.article.headline;
                format!("article:{}:{}", headline.key.source, headline.work)
            }
            Data::Search(_) => "search".to_owned(),
            Data::Documents(_) => "documents".to_owned(),
            Data::Document(data) => format!("document:{}", data.document.entry.key.id),
            Data::Press(_) => "press".to_owned(),
            Data::Settings => "settings".to_owned(),
            Data::NotFound => "not-found".to_owned(),
            Data::Failed(_) => format!("failed:{}", self.route.href()),
        }
    }
}

impl Loaded {
    /// The same page in `lang`, at that version's own address if there is one, and whether there is.
    pub fn in_language(&self, lang: &Lang) -> (Route, bool) {
        let mut route = self.route.in_language(lang.clone());
        let Data::Article(data) = &self.data else { return (route, true) };
        let version = data.article.versions.iter().find(|version| version.lang == *lang);
        if let Some(version) = version {
            route.page = Page::Article { key: version.key.clone(), slug: version.slug.clone() };
        }
        (route, version.is_some() || data.article.headline.lang == *lang)
    }
}

impl Data {
    /// Whether there is only a failure to show.
    pub fn is_failure(&self) -> bool {
        matches!(self, Data::Failed(_))
    }

    /// The page's own title, without the portal's name.
    pub fn title(&self, i18n: I18n) -> String {
        match self {
            Data::Nothing | Data::Front(_) => String::new(),
            Data::List(data) => data.title(),
            Data::Article(data) => article::title(i18n, &data.article.headline),
            Data::Search(data) if data.query.is_empty() => i18n.text(msg::SEARCH_TITLE),
            Data::Search(data) => format!("{} · {}", data.query, i18n.text(msg::SEARCH_TITLE)),
            Data::Documents(_) => i18n.text(msg::DOCUMENTS_TITLE),
            Data::Document(data) => document::title(i18n, &data.document.entry),
            Data::Press(_) => i18n.text(msg::PRESS_TITLE),
            Data::Settings => i18n.text(msg::SETTINGS_TITLE),
            Data::NotFound => i18n.text(msg::NOT_FOUND_TITLE),
            Data::Failed(_) => i18n.text(msg::FAILURE_TITLE),
        }
    }

    /// One or two sentences about the page.
    pub fn description(&self, i18n: I18n) -> Option<String> {
        match self {
            Data::List(data) => data.page.about.as_ref().and_then(|about| about.summary.clone()),
            Data::Article(data) => data.article.headline.standfirst.clone(),
            Data::Document(data) => data.document.summary.clone(),
            Data::Documents(_) => Some(i18n.text(msg::DOCUMENTS_SUMMARY)),
            Data::Press(_) => Some(i18n.text(msg::PRESS_SUMMARY)),
            _ => None,
        }
    }

    /// The language of what the page is about, where that is not simply the interface's.
    pub fn content_language(&self) -> Option<Lang> {
        match self {
            Data::Article(data) => Some(data.article.headline.lang.clone()),
            _ => None,
        }
    }

    /// The article, if the page is one.
    pub fn headline(&self) -> Option<&Headline> {
        match self {
            Data::Article(data) => Some(&data.article.headline),
            _ => None,
        }
    }
}
