//! What an element loads, and how that looks.

use std::sync::Arc;

use haidang_engine::{
    model::{Headline, Key},
    profile::{Headlines, Portal},
};
use web_sys::AbortSignal;

use super::{
    asked::{Asked, Kind},
    portal::speaking,
};
use crate::{
    backend::{Loader, Mode, is_allowed},
    i18n::{I18n, Messages, msg},
    pages::{ArticleData, article, load_article},
    site::Site,
    thread::{Place, thread},
    ui::{Look, headlines},
    view::{View, el},
};

/// What has been loaded for an element.
pub struct Content {
    /// The portal it is of.
    pub portal: Arc<Portal>,
    /// The words around it.
    pub messages: Arc<Messages>,
    what: What,
}

enum What {
    Article(Arc<ArticleData>),
    Comments(Place),
    Headlines(Vec<Headline>),
}

/// Loads what is asked for; the error says what is wrong, for whoever builds the page.
pub async fn load(asked: &Asked, abort: &AbortSignal) -> Result<Content, String> {
    if !is_allowed() {
        return Err(
            "Trusted Types of this page forbid the policy: add `trusted-types haidang` to \
                    its Content-Security-Policy"
                .to_owned(),
        );
    }
    let (portal, messages) = speaking(asked).await?;
    let lang = messages.lang().clone();
    let loader =
        Loader::new(portal.clone(), lang.clone(), Vec::new(), Mode::Network, abort.clone());
    let article = || asked.article.clone().ok_or("the attribute `article` is missing");
    let what = match asked.kind {
        Kind::Article => What::Article(Arc::new(read(asked, &loader, article()?).await?)),
        Kind::Comments => What::Comments(place(asked, &loader, article()?).await?),
        Kind::Headlines => {
            let query = Headlines {
                section: asked.section.clone(),
                limit: Some(asked.limit),
                ..Headlines::default()
            };
            let page = loader.headlines(&asked.source, &query, &lang).await;
            let page = page.map_err(|failure| format!("the headlines: {failure}"))?;
            let most = usize::try_from(asked.limit).unwrap_or(usize::MAX);
            What::Headlines(page.items.into_iter().take(most).collect())
        }
    };
    Ok(Content { portal, messages, what })
}

/// The article of the id `id`.
async fn read(asked: &Asked, loader: &Loader, id: String) -> Result<ArticleData, String> {
    let key = Key { source: asked.source.clone(), id };
    let data = load_article(loader, &key).await;
    data.map_err(|failure| format!("the article \"{}\": {failure}", key.id))
}

/// Where the thread of an article lives. The native API knows it by any version's id; elsewhere the article
/// says.
async fn place(asked: &Asked, loader: &Loader, id: String) -> Result<Place, String> {
    let comments = loader.portal.comments.clone().unwrap_or_default();
    let is_native =
        loader.portal.source(&asked.source).is_some_and(|source| source.profile.is_none());
    if is_native && comments.source.is_none() && comments.key.is_none() {
        return Ok(Place { source: asked.source.clone(), id, is_open: true });
    }
    let data = read(asked, loader, id).await?;
    data.thread.ok_or_else(|| "the portal has no comments".to_owned())
}

impl Content {
    /// The language of the words, for `lang`.
    pub fn tag(&self) -> String {
        Site::tag(&self.portal, self.messages.lang())
    }

    /// How it looks: as on the portal.
    pub fn view(&self, site: Site, i18n: I18n) -> View {
        match &self.what {
            What::Article(data) => article(site, i18n, data.clone()),
            What::Comments(place) => thread(place.clone()),
            What::Headlines(items) => match headlines(site, i18n, items, Look::Row) {
                Some(list) => list,
                None => el("p").class("empty").child(i18n.text(msg::LIST_EMPTY)).into(),
            },
        }
    }
}
