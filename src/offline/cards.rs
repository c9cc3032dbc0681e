//! The cards of everything that is kept: what search without a network goes over.

use haidang_engine::kept::{Card, Finder};

use crate::{
    backend::disk::{Shelf, record_of},
    database::Store,
};

/// All of them, to be searched.
pub async fn all(portal: &str) -> Finder {
    let shelf = Shelf::of(portal).await;
    let records = match shelf.database() {
        Some(database) => database.all(Store::Cards).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let cards: Vec<Card> = records.iter().filter_map(|record| record_of(record)).collect();
    Finder::new(cards)
}
