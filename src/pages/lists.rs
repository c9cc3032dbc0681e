//! The pages that are lists of articles; a part of their own (see [`crate::chunk`]): who comes for an article reads it
//! without them.

use futures::future::LocalBoxFuture;
use haidang_engine::{profile::Failure, route::Page};

use super::{Data, front, list, page};
use crate::backend::Loader;

/// Loads a front page, a section, what has a tag or what somebody wrote.
pub fn load<'a>(loader: &'a Loader, route: &'a Page) -> LocalBoxFuture<'a, Result<Data, Failure>> {
    Box::pin(async move {
        match route {
            Page::Front => page(front::load(loader).await),
            Page::List(of) => page(list::load(loader, of).await),
            _ => Err(Failure::NotFound),
        }
    })
}
