//! At a start, while nothing else is to be done: what is kept follows its publisher.
//!
//! What was taken back, an article or a comment, leaves with the answer that says so; what has changed comes.
//! Nothing of it is done on a connection of which the reader asked to save data.

use std::{collections::HashSet, sync::Arc};

use haidang_engine::{
    kept::{About, Holding, SKEW, Saved, State, is_due},
    model::{Article, Withdrawn},
    profile::{Operation, Portal},
    read::{Node, Read, ReadError},
    time::Timestamp,
};

use super::{
    gather::{Wish, gather, signal},
    packs,
    pictures::Pictures,
    saved,
};
use crate::backend::{Loader, Mode, News, disk::Shelf, now};

/// Milliseconds for which a saved article is taken as it is.
const FRESH: i64 = 10 * 60 * 1_000;

/// Everything that is due.
pub async fn at_start(portal: Arc<Portal>) {
    // Of several tabs one does it; what it has done is not due for the others.
    saved::alone(format!("haidang:{}:upkeep", portal.id), async move {
        saved::tidy(portal.id.clone()).await;
        follow_withdrawn(&portal).await;
        follow_saved(&portal).await;
        packs::follow(&portal).await;
        saved::tidy(portal.id.clone()).await;
    })
    .await;
}

/// Asks, once for all that is kept of a source, what has been taken back since. What the reader only has because
/// they read it goes; what they hold is asked for again, to be there as its publisher now has it.
async fn follow_withdrawn(portal: &Arc<Portal>) {
    let shelf = Shelf::of(&portal.id).await;
    let known = shelf.abouts().await;
    // What cannot be read is no reason to throw anything away.
    let Some(holdings) = shelf.holdings().await else { return };
    let held: HashSet<&String> = holdings.iter().flat_map(|holding| &holding.answers).collect();
    for (index, source) in portal.sources.iter().enumerate() {
        let id = if index == 0 { "" } else { source.id.as_str() };
        let is_of_it =
            |about: &&About| about.article.as_ref().is_some_and(|(key, _)| key.source == id);
        let kept: Vec<&About> = known.values().filter(is_of_it).collect();
        let Some(oldest) = kept.iter().map(|about| about.fetched.0).min() else { continue };
        let operation = Operation::Withdrawn { since: Timestamp(oldest.saturating_sub(SKEW)) };
        if !source.offers.answers(&operation) {
            continue;
        }
        let Some(abort) = signal() else { return };
        let lang = portal.default.clone();
        let loader = Loader::new(portal.clone(), lang, Vec::new(), Mode::Apart, abort);
        // An API without such a list is as it was before there was one: each article is asked for when it is due.
        let Ok(Items(withdrawn)) = loader.ask::<Items>(id, &operation).await else { continue };
        for about in kept.iter().filter(|about| withdrawn.iter().any(|it| about.is_named_by(it))) {
            let news = match held.contains(&about.key) {
                true => again(portal, about).await,
                false => vec![News::Gone(about.key.clone())],
            };
            // Not written, it is noticed again at the next start.
            let _ = shelf.take(news).await;
        }
    }
}

/// The list of what was taken back.
struct Items(Vec<Withdrawn>);

impl Read for Items {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        Ok(Self(object.list_field("items")))
    }
}

/// Asks again for a text that the reader holds; nothing if it cannot be had for the moment.
async fn again(portal: &Arc<Portal>, about: &About) -> Vec<News> {
    let (Some((key, lang)), Some(abort)) = (&about.article, signal()) else { return Vec::new() };
    let loader = Loader::new(portal.clone(), lang.clone(), Vec::new(), Mode::Apart, abort);
    let asked = Operation::Article(key.id.clone());
    match loader.ask::<Article>(&key.source, &asked).await {
        Ok(_) => loader.answers().into_iter().map(News::Wanted).collect(),
        Err(failure) if failure.is_withdrawal() => vec![News::Gone(about.key.clone())],
        Err(_) => Vec::new(),
    }
}

/// Asks again for saved articles and their threads.
async fn follow_saved(portal: &Arc<Portal>) {
    let shelf = Shelf::of(&portal.id).await;
    // What cannot be read is asked for at the next start.
    for (saved, state) in saved::all(&portal.id).await.unwrap_or_default() {
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
        // Full: what is there already leaves all the same with the next answer.
        let _ = shelf.take(again(portal, about).await).await;
    }
}

/// The publisher has taken it back: the record stays, to say so, and the pictures go.
async fn let_go_of_pictures(portal: &str, saved: Saved) {
    if saved.holding.pictures.is_empty() {
        return;
    }
    let id = portal.to_owned();
    saved::alone(saved::keeping(portal), async move {
        let shelf = Shelf::of(&id).await;
        let mut loose = Holding::default();
        let take = |saved: &mut Saved| loose.pictures = std::mem::take(&mut saved.holding.pictures);
        if !saved::change(&shelf, &saved.holding.place, take).await {
            return;
        }
        // What cannot be read is no reason to throw anything away.
        let Some(rest) = saved::held(&shelf).await else { return };
        if let Some(cache) = Pictures::open(&id).await {
            cache.forget(&loose.alone(&rest)).await;
        }
    })
    .await;
}
