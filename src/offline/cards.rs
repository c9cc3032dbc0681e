//! The cards of everything that is kept: what search without a network goes over.

use std::{cell::RefCell, rc::Rc, sync::Arc};

use haidang_engine::{
    kept::{Card, Finder},
    lang::Lang,
    profile::Portal,
};
use serde_json::Value;

use crate::{
    backend::disk::{Shelf, record_of},
    database::Store,
};

thread_local! {
    /// Those of one portal, as they were at a change of its shelf: the next query need not read them again.
    static READ: RefCell<Option<(String, u64, Rc<Finder>)>> = const { RefCell::new(None) };
}

/// All of them, to be searched.
pub async fn all(portal: &str) -> Rc<Finder> {
    let shelf = Shelf::of(portal).await;
    let changes = shelf.changes();
    let known = READ.with_borrow(|read| {
        let read = read.as_ref().filter(|(of, at, _)| of == portal && *at == changes);
        read.map(|(.., finder)| finder.clone())
    });
    if let Some(known) = known {
        return known;
    }
    let records = match shelf.database() {
        Some(database) => database.all(Store::Cards).await,
        None => None,
    };
    // What cannot be read now is looked at again.
    let is_read = records.is_some();
    let cards = records.unwrap_or_default();
    let cards: Vec<Card> = cards.iter().filter_map(|record| record_of(record)).collect();
    let finder = Rc::new(Finder::new(cards));
    if is_read {
        READ.replace(Some((portal.to_owned(), changes, finder.clone())));
    }
    finder
}

/// What a query finds, the best first: each with its source, as lists show it.
pub async fn find(portal: Arc<Portal>, query: String, reads: Vec<Lang>) -> Vec<(String, Value)> {
    /// More than that nobody looks through.
    const MOST: usize = 100;
    let finder = all(&portal.id).await;
    let found = finder.find(&query, &reads).into_iter().take(MOST);
    found.map(|card| (card.key.source.clone(), card.headline.clone())).collect()
}
