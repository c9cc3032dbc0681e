//! What an element loads, and how that looks: the views of the site. Article and headlines are a part (see
//! [`crate::chunk`]) and a thread is another, so that a page with a thread fetches no more than that; more parts would have
//! more in common, which comes as files too.

use std::sync::Arc;

use futures::future::LocalBoxFuture;
use haidang_engine::{
    model::Key,
    profile::{Failure, Headlines, Operation, Portal, Reader, ThreadPlace, plan},
};
use web_sys::AbortSignal;

use super::{
    asked::{Asked, Kind},
    portal::{portal, words},
};
use crate::{
    backend::{Loader, Mode, ask_early, is_allowed},
    chunk::{Missing, chunk},
    i18n::{I18n, Messages, msg},
    offline::reader::{assert, reader},
    pages::{article, find_thread, load_article},
    site::Site,
    thread::thread,
    ui::{Look, headlines},
    view::{View, el},
};

/// What has been loaded for an element.
pub struct Content {
    /// The portal it is of.
    pub portal: Arc<Portal>,
    /// The words around it.
    pub messages: Arc<Messages>,
    shows: Shows,
}

/// How what has been loaded looks.
pub(super) type Shows = Box<dyn FnOnce(Site, I18n) -> View>;
/// Loads something for an element; the error says what is wrong, for whoever builds the page.
type Loads<T> = for<'a> fn(&'a Asked, &'a Loader) -> LocalBoxFuture<'a, Result<T, String>>;

chunk!(article, article_part: Loads<Shows> = |asked, loader| Box::pin(load_page(asked, loader)));
chunk!(article, place_part: Loads<ThreadPlace> = |asked, loader| Box::pin(find_place(asked, loader)));
chunk!(article, headlines_part: Loads<Shows> = |asked, loader| Box::pin(load_list(asked, loader)));

/// Loads what is asked for.
pub async fn load(asked: &Asked, abort: &AbortSignal) -> Result<Content, String> {
    if !is_allowed() {
        return Err(
            "Trusted Types of this page forbid the policy: add `trusted-types haidang` to \
                    its Content-Security-Policy"
                .to_owned(),
        );
    }
    let portal = portal(&asked.portal).await?;
    identify(asked, &portal);
    let place = match asked.kind {
        Kind::Comments => native_place(asked, &portal)?,
        _ => None,
    };
    if let Some(place) = &place {
        ask_for_thread(&portal, place);
    }
    let messages = words(asked, &portal).await?;
    let lang = messages.lang().clone();
    let loader = Loader::new(portal.clone(), lang, Vec::new(), Mode::Network, abort.clone());
    let missing = |Missing| "a part of the script did not come".to_owned();
    let shows = match asked.kind {
        Kind::Article => article_part().await.map_err(missing)?(asked, &loader).await?,
        Kind::Headlines => headlines_part().await.map_err(missing)?(asked, &loader).await?,
        Kind::Comments => {
            let place = match place {
                Some(place) => place,
                None => place_part().await.map_err(missing)?(asked, &loader).await?,
            };
            Box::new(move |_, _| thread(place))
        }
    };
    Ok(Content { portal, messages, shows })
}

impl Content {
    /// The language of the words, for `lang`.
    pub fn tag(&self) -> String {
        Site::tag(&self.portal, self.messages.lang())
    }

    /// How it looks: as on the portal.
    pub fn view(self, site: Site, i18n: I18n) -> View {
        (self.shows)(site, i18n)
    }
}

/// Tells the portal whom the page around takes the reader for. Only a thread asks, and an element that was never
/// told says nothing of what another one was.
pub fn identify(asked: &Asked, portal: &Arc<Portal>) {
    if let (Kind::Comments, Some(assertion)) = (asked.kind, &asked.assertion) {
        assert(portal, assertion.clone());
    }
}

/// The id of an article, which both kinds need that are of one.
fn id(asked: &Asked) -> Result<String, String> {
    asked.article.clone().ok_or_else(|| "the attribute `article` is missing".to_owned())
}

/// The article of an element, by its key.
fn key(asked: &Asked) -> Result<Key, String> {
    Ok(Key { source: asked.source.clone(), id: id(asked)? })
}

async fn load_page(asked: &Asked, loader: &Loader) -> Result<Shows, String> {
    let key = key(asked)?;
    let data = load_article(loader, &key).await.map_err(|failure| of_article(&key, failure))?;
    let data = Arc::new(data);
    Ok(Box::new(move |site, i18n| article(site, i18n, data)))
}

fn of_article(key: &Key, failure: Failure) -> String {
    format!("the article \"{}\": {failure}", key.id)
}

/// Where the native API has the thread of an article: it knows it by the id of any version.
fn native_place(asked: &Asked, portal: &Portal) -> Result<Option<ThreadPlace>, String> {
    let id = id(asked)?;
    let comments = portal.comments.clone().unwrap_or_default();
    let source = portal.source(&asked.source).ok_or("the portal has no such `source`")?;
    let is_native = source.profile.is_none() && comments.source.is_none() && comments.key.is_none();
    Ok(is_native.then(|| ThreadPlace { source: asked.source.clone(), id, is_open: true }))
}

/// Where the thread of an element is.
#[cfg(not(target_arch = "wasm32"))]
pub(super) async fn place(asked: &Asked, loader: &Loader) -> Result<ThreadPlace, String> {
    match native_place(asked, &loader.portal)? {
        Some(place) => Ok(place),
        None => find_place(asked, loader).await,
    }
}

/// Asks for the first page of a thread, while its part and its words are on their way: as `thread/loading` will,
/// for a reader whom nobody knows.
fn ask_for_thread(portal: &Portal, place: &ThreadPlace) {
    let Some(source) = portal.source(&place.source) else { return };
    if reader(portal) == Reader::default() {
        ask_early(&plan(&Operation::comments(place.id.clone()), source, &portal.default).url);
    }
}

/// Where the thread of an article is elsewhere: the article says.
async fn find_place(asked: &Asked, loader: &Loader) -> Result<ThreadPlace, String> {
    let key = key(asked)?;
    let place = find_thread(loader, &key).await.map_err(|failure| of_article(&key, failure))?;
    place.ok_or_else(|| "the portal has no comments".to_owned())
}

pub(super) async fn load_list(asked: &Asked, loader: &Loader) -> Result<Shows, String> {
    let query = Headlines {
        section: asked.section.clone(),
        limit: Some(asked.limit),
        ..Headlines::default()
    };
    let page = loader.headlines(&asked.source, &query, &loader.lang).await;
    let mut items = page.map_err(|failure| format!("the headlines: {failure}"))?.items;
    items.truncate(usize::try_from(asked.limit).unwrap_or(usize::MAX));
    Ok(Box::new(move |site, i18n| match headlines(site, i18n, &items, Look::Row) {
        Some(list) => list,
        None => el("p").class("empty").child(i18n.text(msg::LIST_EMPTY)).into(),
    }))
}
