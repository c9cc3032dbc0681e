//! At a start, while nothing else is to be done: what is kept follows its publisher.
//!
//! What was taken back, an article or a comment, leaves with the answer that says so; what has changed comes.
//! Nothing of it is done on a connection of which the reader asked to save data.

use std::sync::Arc;

use haidang_engine::{
    kept::{Saved, State, is_due},
    model::Article,
    profile::{Operation, Portal},
};

use super::{
    gather::{Wish, gather, signal},
    packs,
    pictures::Pictures,
    saved,
};
use crate::{
    backend::{Loader, Mode, News, disk::Shelf, now},
    database::Store,
};

/// Milliseconds for which a saved article is taken as it is.
const FRESH: i64 = 10 * 60 * 1_000;

/// Everything that is due.
pub async fn at_start(portal: Arc<Portal>) {
    // Of several tabs one does it; what it has done is not due for the others.
    saved::alone(format!("haidang:{}:upkeep", portal.id), async move {
        saved::tidy(portal.id.clone()).await;
        follow_saved(&portal).await;
        packs::follow(&portal).await;
        saved::tidy(portal.id.clone()).await;
    })
    .await;
}

/// Asks again for saved articles and their threads.
async fn follow_saved(portal: &Arc<Portal>) {
    let shelf = Shelf::of(&portal.id).await;
    for (saved, state) in saved::all(&portal.id).await {
        let known = shelf.abouts().await;
        let mut held = saved.holding.answers.iter().filter_map(|key| known.get(key)).peekable();
        let is_due = held.peek().is_none() || held.any(|about| is_due(about.fetched, now(), FRESH));
        if is_due && state != State::Withdrawn {
            let mut langs = vec![saved.lang.clone()];
            langs.extend(saved.langs.iter().filter(|lang| **lang != saved.lang).cloned());
            let wish = Wish {
                portal,
                key: &saved.key,
                langs: &langs,
                with_thread: true,
                mode: Mode::Apart,
            };
            match gather(wish).await {
                Ok(gathered) => {
                    let is_held = |key: &String| saved.holding.answers.contains(key);
                    // A thread that has grown has other pages.
                    let mut answers = gathered.answers;
                    answers.retain(|kept| kept.article.is_none() || is_held(&kept.key));
                    let thread = answers.iter().filter(|kept| kept.article.is_none());
                    let thread: Vec<String> = thread.map(|kept| kept.key.clone()).collect();
                    if shelf.take(answers.into_iter().map(News::Wanted).collect()).await.is_err() {
                        return;
                    }
                    if thread.iter().any(|key| !is_held(key)) {
                        saved::hold_thread(&portal.id, saved.holding.place.clone(), thread).await;
                    }
                }
                Err(failure) if failure.is_withdrawal() => {
                    let gone = saved.prints.first().map(|(key, _)| News::Gone(key.clone()));
                    // Not written, it is noticed again at the next start.
                    let _ = shelf.take(gone.into_iter().collect()).await;
                }
                // What cannot be had for the moment stays as it is.
                Err(_) => continue,
            }
        }
        if saved::state(&portal.id, &saved).await == State::Withdrawn {
            let_go_of_texts(portal, &shelf, &saved).await;
            let_go_of_pictures(&portal.id, saved).await;
        }
    }
}

/// Of what was taken back in one language, the others are asked for: a translation may well stay.
async fn let_go_of_texts(portal: &Arc<Portal>, shelf: &Shelf, saved: &Saved) {
    let known = shelf.abouts().await;
    let texts = saved.prints.iter().filter_map(|(key, _)| known.get(key));
    for about in texts.filter(|about| about.gone.is_none()) {
        let (Some((key, lang)), Some(abort)) = (&about.article, signal()) else { continue };
        let loader = Loader::new(portal.clone(), lang.clone(), Vec::new(), Mode::Apart, abort);
        let asked = Operation::Article(key.id.clone());
        let answer = loader.ask::<Article>(&key.source, &asked).await;
        let news = match answer {
            Ok(_) => loader.answers().into_iter().map(News::Wanted).collect(),
            Err(failure) if failure.is_withdrawal() => vec![News::Gone(about.key.clone())],
            Err(_) => continue,
        };
        // Full: what is there already leaves all the same with the next answer.
        let _ = shelf.take(news).await;
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
