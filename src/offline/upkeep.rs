//! At a start, while nothing else is to be done: what is kept follows its publisher.
//!
//! What was taken back, an article or a comment, leaves with the answer that says so; what has changed comes.
//! Nothing of it is done on a connection of which the reader asked to save data.

use std::sync::Arc;

use haidang_engine::{
    kept::{Saved, State, age},
    lang::Lang,
    profile::Portal,
};

use super::{
    gather::{Wish, gather},
    packs,
    pictures::Pictures,
    saved,
};
use crate::{
    backend::{Mode, News, disk::Shelf, now},
    database::Store,
};

/// Milliseconds for which a saved article is taken as it is.
const FRESH: i64 = 10 * 60 * 1_000;

/// Everything that is due.
pub async fn at_start(portal: Arc<Portal>, langs: Vec<Lang>) {
    // Of several tabs one does it; what it has done is not due for the others.
    saved::alone(format!("haidang:{}:upkeep", portal.id), async move {
        saved::tidy(portal.id.clone()).await;
        follow_saved(&portal, &langs).await;
        packs::follow(&portal).await;
        saved::tidy(portal.id.clone()).await;
    })
    .await;
}

/// Asks again for saved articles and their threads.
async fn follow_saved(portal: &Arc<Portal>, langs: &[Lang]) {
    let shelf = Shelf::of(&portal.id).await;
    for (saved, state) in saved::all(&portal.id).await {
        if state == State::Withdrawn {
            let_go_of_pictures(&portal.id, saved).await;
            continue;
        }
        let known = shelf.abouts().await;
        let fetched = saved.holding.answers.iter().filter_map(|key| known.get(key));
        let oldest = fetched.map(|about| about.fetched).min();
        if oldest.is_some_and(|oldest| age(oldest, now()) < FRESH) {
            continue;
        }
        let mut all = vec![saved.lang.clone()];
        all.extend(saved.langs.iter().chain(langs).filter(|lang| **lang != saved.lang).cloned());
        let wish =
            Wish { portal, key: &saved.key, langs: &all, with_thread: true, mode: Mode::Apart };
        // What has gone is noted by whoever asked; what cannot be had stays as it is.
        let Ok(gathered) = gather(wish).await else { continue };
        let is_held = |key: &String| saved.holding.answers.contains(key);
        let answers = gathered.answers.into_iter().filter(|kept| is_held(&kept.key));
        if shelf.take(answers.map(News::Fresh).collect()).await.is_err() {
            return;
        }
    }
}

/// The publisher has taken it back: the record stays, to say so, and the pictures go.
async fn let_go_of_pictures(portal: &str, mut saved: Saved) {
    if saved.holding.pictures.is_empty() {
        return;
    }
    let pictures = std::mem::take(&mut saved.holding.pictures);
    let shelf = Shelf::of(portal).await;
    let Some(database) = shelf.database() else { return };
    let record = saved.to_json().to_string();
    if database.put(Store::Holdings, &saved.holding.place, &record).await.is_ok() {
        let rest = shelf.holdings().await.unwrap_or_default();
        let held = |url: &String| rest.iter().any(|holding| holding.pictures.contains(url));
        let loose: Vec<String> = pictures.into_iter().filter(|url| !held(url)).collect();
        if let Some(cache) = Pictures::open(portal).await {
            cache.forget(&loose).await;
        }
    }
}
