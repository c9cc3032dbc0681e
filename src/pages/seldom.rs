//! The pages that few readers open first; a part of their own (see [`crate::chunk`]).

use futures::future::LocalBoxFuture;
use haidang_engine::{profile::Failure, route::Page};

use super::{Data, document, documents, page, press, search, settings::Settings};
use crate::backend::Loader;

/// Loads search, the register, a document, the press office or the settings.
pub fn load<'a>(loader: &'a Loader, route: &'a Page) -> LocalBoxFuture<'a, Result<Data, Failure>> {
    Box::pin(async move {
        match route {
            Page::Search { query, cursor } => {
                page(search::load(loader, query, cursor.as_deref()).await)
            }
            Page::Documents(filter) => page(documents::load(loader, filter).await),
            Page::Document(key) => page(document::load(loader, key).await),
            Page::Press => page(press::load(loader).await),
            Page::Settings => page(Ok(Settings)),
            _ => Err(Failure::NotFound),
        }
    })
}
