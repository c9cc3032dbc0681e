//! Where the thread of an article lives, as portal.json has it.

use super::Portal;
use crate::{
    model::Article,
    read::scheme_and_rest,
    route::{Page, Route},
};

/// Where a thread lives.
#[derive(Clone, PartialEq)]
pub struct ThreadPlace {
    /// The source's id; empty is the first.
    pub source: String,
    /// The article's or the work's id.
    pub id: String,
    /// Whether new comments are taken.
    pub is_open: bool,
}

/// Where the thread of an article lives; `None` if the portal has no comments.
pub fn thread_of(portal: &Portal, article: &Article) -> Option<ThreadPlace> {
    let comments = portal.comments.clone().unwrap_or_default();
    let headline = &article.headline;
    let source = comments.source.unwrap_or_else(|| headline.key.source.clone());
    let offers = portal.source(&source)?.offers;
    if !portal.features.comments || !offers.comments {
        return None;
    }
    let address = article.canonical.clone().unwrap_or_else(|| {
        let page = Page::Article { key: headline.key.clone(), slug: headline.slug.clone() };
        Route { lang: headline.lang.clone(), page }.href()
    });
    let id = match comments.key.as_deref() {
        Some("slug") => headline.slug.clone(),
        Some("url") => address,
        Some("path") => path_of(&address).to_owned(),
        _ if comments.scope.as_deref() == Some("version") => headline.key.id.clone(),
        _ => headline.work.clone(),
    };
    Some(ThreadPlace { source, id, is_open: article.comments_open && offers.post })
}

/// The path of an address, from its slash on.
fn path_of(address: &str) -> &str {
    let rest = scheme_and_rest(address).map_or(address, |(_, rest)| rest);
    let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
    path.split(['?', '#']).next().unwrap_or_default()
}
