//! Saved articles: kept whole or not at all, said how they stand, let go and brought back.
//!
//! The record is written last, so what has one is whole: a save that is interrupted leaves pictures that
//! nothing holds, which [`tidy`] takes away at the next start.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use futures::channel::oneshot;
use haidang_engine::{
    json,
    kept::{About, Holding, Saved, State},
    lang::Lang,
    model::{Headline, Image},
    profile::{Failure, Portal},
};
use serde_json::Value;
use wasm_bindgen_futures::spawn_local;

use super::{
    gather::{Gathered, Wish, gather},
    lock,
    pictures::{Picture, Pictures, absolute, chosen},
};
use crate::{
    backend::{
        Mode, News,
        disk::{Shelf, is_on_the_way, record_of},
        now,
    },
    database::{Denied, Step, Store, persist},
};

thread_local! {
    /// What this page has let go and may bring back.
    static LET_GO: RefCell<Vec<Holding>> = const { RefCell::new(Vec::new()) };
}

/// Why an article is not saved.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The browser has no room for it; nothing of it is left.
    Full,
    /// The browser keeps nothing for us.
    Denied,
    /// The article could not be had.
    Failed(Failure),
}

impl From<Denied> for Trouble {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Full => Self::Full,
            Denied::Closed => Self::Denied,
        }
    }
}

/// Saves the work of which `headline` is a version, in `langs`: that of the interface, then what else the
/// reader reads.
pub async fn save(
    portal: Arc<Portal>,
    langs: Vec<Lang>,
    headline: Headline,
) -> Result<Saved, Trouble> {
    let name = keeping(&portal.id);
    alone(name, async move { save_alone(&portal, &langs, &headline).await }).await
}

async fn save_alone(
    portal: &Arc<Portal>,
    langs: &[Lang],
    headline: &Headline,
) -> Result<Saved, Trouble> {
    let shelf = Shelf::of(&portal.id).await;
    let database = shelf.database().ok_or(Trouble::Denied)?;
    // The reader has just asked for something to be kept: the moment to ask the browser for a promise. It may
    // ask the reader, whose answer nothing waits for.
    spawn_local(async {
        persist().await;
    });
    let (key, mode) = (&headline.key, Mode::Network);
    let wish = Wish { portal, key, langs, with_thread: true, mode };
    let gathered = gather(wish).await.map_err(Trouble::Failed)?;
    let size = keep_answers(&shelf, &gathered).await?;
    let others = shelf.holdings().await.ok_or(Trouble::Denied)?;
    let mut basket = Basket::open(&portal.id, &others).await;
    for (image, sizes) in &gathered.images {
        basket.put(image, sizes).await?;
    }
    let known = shelf.abouts().await;
    let place = Saved::place(&key.source, &headline.work);
    let answers: Vec<String> = gathered.answers.iter().map(|kept| kept.key.clone()).collect();
    let texts = gathered.answers.iter().filter(|kept| kept.article.is_some());
    let prints = texts.filter_map(|kept| {
        let about = known.get(&kept.key)?;
        Some((kept.key.clone(), about.print.clone()))
    });
    let record = gathered.answers.iter().find(|kept| kept.article.is_some());
    let shown = record.and_then(|kept| kept.value.get("headline").cloned());
    let saved = Saved {
        key: key.clone(),
        work: headline.work.clone(),
        lang: langs.first().cloned().unwrap_or_else(|| headline.lang.clone()),
        langs: gathered.langs,
        headline: shown.unwrap_or(Value::Null),
        prints: prints.collect(),
        size: size + basket.size,
        made: now(),
        lacking: basket.lacking,
        holding: Holding { place: place.clone(), answers, pictures: basket.pictures.clone() },
    };
    // All of it is there, or it is not saved.
    let is_whole = saved.holding.answers.iter().all(|key| known.contains_key(key));
    let kept = if is_whole {
        database.put(Store::Holdings, &place, &json::written(&saved.to_json())).await
    } else {
        Err(Denied::Full)
    };
    if let Err(denied) = kept {
        basket.tip_out().await;
        return Err(denied.into());
    }
    shelf.holdings().await;
    Ok(saved)
}

/// Keeps the answers of an article; their bytes.
pub(super) async fn keep_answers(shelf: &Shelf, gathered: &Gathered) -> Result<u64, Denied> {
    let fresh = gathered.answers.iter().cloned().map(News::Wanted).collect();
    shelf.take(fresh).await?;
    let lengths = gathered.answers.iter().map(|kept| json::written(&kept.value).len());
    Ok(u64::try_from(lengths.sum::<usize>()).unwrap_or(u64::MAX))
}

/// Pictures on their way into a record; given back if there is no room for all.
pub(super) struct Basket {
    cache: Option<Pictures>,
    held: HashSet<String>,
    /// What is in it, by the addresses that backends give.
    pub pictures: Vec<String>,
    new: Vec<String>,
    /// Bytes.
    pub size: u64,
    /// How many could not be had.
    pub lacking: u32,
}

impl Basket {
    /// An empty one; what the `others` hold is there already.
    pub async fn open(portal: &str, others: &[Holding]) -> Self {
        let held = others.iter().flat_map(|holding| holding.pictures.iter().cloned()).collect();
        Self {
            cache: Pictures::open(portal).await,
            held,
            pictures: Vec::new(),
            new: Vec::new(),
            size: 0,
            lacking: 0,
        }
    }

    /// Puts a picture in, in the size that this screen needs. No room for it: everything is given back.
    pub async fn put(&mut self, image: &Image, sizes: &str) -> Result<(), Denied> {
        let url = chosen(image, sizes).await;
        if self.pictures.contains(&url) {
            return Ok(());
        }
        let Some(cache) = &self.cache else {
            self.lacking += 1;
            return Ok(());
        };
        if self.held.contains(&url) && cache.has(&url).await {
            self.pictures.push(url);
            return Ok(());
        }
        match cache.keep(&url).await {
            Ok(Picture::Kept(size)) => {
                self.size += size;
                self.new.push(url.clone());
                self.pictures.push(url);
                Ok(())
            }
            Ok(Picture::Missing) => {
                self.lacking += 1;
                Ok(())
            }
            Err(denied) => {
                self.tip_out().await;
                Err(denied)
            }
        }
    }

    /// Gives back what nobody else holds.
    pub async fn tip_out(&self) {
        if let Some(cache) = &self.cache {
            cache.forget(&self.new).await;
        }
    }
}

/// What is saved, the last first, and how each stands; `None` if it cannot be read.
pub async fn all(portal: &str) -> Option<Vec<(Saved, State)>> {
    let shelf = Shelf::of(portal).await;
    let records = shelf.database()?.all(Store::Holdings).await?;
    let known = shelf.abouts().await;
    let cache = Pictures::open(portal).await;
    let mut all = Vec::new();
    for saved in records.iter().filter_map(|record| record_of::<Saved>(record)) {
        if !saved.holding.place.starts_with(Saved::PREFIX) {
            continue;
        }
        let state = stands(&saved, &known, &shelf, cache.as_ref()).await;
        all.push((saved, state));
    }
    all.sort_by_key(|(saved, _)| std::cmp::Reverse(saved.made));
    Some(all)
}

/// How one saved article stands now.
pub async fn state(portal: &str, saved: &Saved) -> State {
    let shelf = Shelf::of(portal).await;
    let known = shelf.abouts().await;
    stands(saved, &known, &shelf, Pictures::open(portal).await.as_ref()).await
}

/// How a saved article stands: by the records, and by what the browser really has.
async fn stands(
    saved: &Saved,
    known: &HashMap<String, About>,
    shelf: &Shelf,
    cache: Option<&Pictures>,
) -> State {
    let mut state = saved.state(known);
    if state == State::Withdrawn || state == State::Lost {
        return state;
    }
    let is_gone = |about: &About| about.gone.is_some();
    let mut gone: HashSet<&String> = HashSet::new();
    for (key, _) in &saved.prints {
        if known.get(key).is_some_and(is_gone) {
            gone.insert(key);
            continue;
        }
        let Some(kept) = shelf.find(key).await else { return State::Lost };
        // Taken back, and its publisher says so.
        if kept.value.get("withdrawal").is_some_and(|it| !it.is_null()) {
            gone.insert(key);
            state = State::Changed;
        }
    }
    if saved.is_withdrawn(known, |about| gone.contains(&about.key)) {
        return State::Withdrawn;
    }
    for picture in &saved.holding.pictures {
        let is_here = match cache {
            Some(cache) => cache.has(picture).await,
            None => false,
        };
        if !is_here {
            return State::Lost;
        }
    }
    state
}

/// Holds the thread of a saved article as it is now, unless the article has been let go meanwhile.
pub(super) async fn hold_thread(portal: &str, place: String, thread: Vec<String>) {
    let shelf = Shelf::of(portal).await;
    alone(keeping(portal), async move {
        let known = shelf.abouts().await;
        // What cannot be written is as it was: the text is what was saved.
        change(&shelf, &place, |saved| saved.hold_thread(&thread, &known)).await;
    })
    .await;
}

/// Changes a record, unless the article has been let go: read at the last moment. Whether it has been done.
pub(super) async fn change(shelf: &Shelf, place: &str, change: impl FnOnce(&mut Saved)) -> bool {
    let Some(database) = shelf.database() else { return false };
    let record = database.get(Store::Holdings, place).await;
    let Some(mut saved) = record.and_then(|record| record_of::<Saved>(&record)) else {
        return false;
    };
    change(&mut saved);
    let record = json::written(&saved.to_json());
    let is_changed = database.put(Store::Holdings, place, &record).await.is_ok();
    shelf.holdings().await;
    is_changed
}

/// Lets go of a record. What it held stays as long as the page is open, so that it can be brought back.
pub async fn remove(portal: &str, place: &str) -> bool {
    let shelf = Shelf::of(portal).await;
    let Some(database) = shelf.database() else { return false };
    let record = database.get(Store::Holdings, place).await;
    let holding = record.and_then(|record| record_of::<Holding>(&record));
    LET_GO.with_borrow_mut(|all| all.extend(holding));
    let removed = database.delete(Store::Holdings, place).await.is_ok();
    shelf.holdings().await;
    removed
}

/// Brings a record back that was let go just now.
pub async fn restore(portal: &str, saved: &Saved) -> Result<(), Denied> {
    let shelf = Shelf::of(portal).await;
    let database = shelf.database().ok_or(Denied::Closed)?;
    let record = json::written(&saved.to_json());
    let put = Step::Put(Store::Holdings, saved.holding.place.clone(), record);
    database.change(vec![put]).await?;
    LET_GO.with_borrow_mut(|all| all.retain(|holding| holding.place != saved.holding.place));
    shelf.holdings().await;
    Ok(())
}

/// What is held, also by what this page may bring back; `None` if it cannot be read.
pub(super) async fn held(shelf: &Shelf) -> Option<Vec<Holding>> {
    let mut held = shelf.holdings().await?;
    held.extend(LET_GO.with_borrow(Vec::clone));
    Some(held)
}

/// Takes away the pictures that nothing holds, and what backends want kept nowhere: of what was let go, or of a
/// save that was interrupted.
pub async fn tidy(portal: String) {
    alone(keeping(&portal), async move {
        let shelf = Shelf::of(&portal).await;
        // What cannot be read is no reason to throw anything away.
        let Some(holdings) = held(&shelf).await else { return };
        let held: HashSet<&String> = holdings.iter().flat_map(|holding| &holding.answers).collect();
        let known = shelf.abouts().await;
        let loose = known.values().filter(|about| about.no_store && !held.contains(&about.key));
        let loose = loose.filter(|about| !is_on_the_way(about));
        let loose: Vec<String> = loose.map(|about| about.key.clone()).collect();
        shelf.drop_all(&loose).await;
        let Some(cache) = Pictures::open(&portal).await else { return };
        let held = holdings.iter().flat_map(|holding| &holding.pictures);
        let held: HashSet<String> = held.map(|picture| absolute(picture)).collect();
        let mut loose = cache.all().await;
        loose.retain(|picture| !held.contains(picture));
        cache.forget(&loose).await;
    })
    .await;
}

/// The name of the lock under which pictures come and go.
pub(super) fn keeping(portal: &str) -> String {
    format!("haidang:{portal}:keeping")
}

/// Does `work` while no other tab does what has this name; where there are no locks, or the browser denies
/// them, it is done all the same.
pub(super) async fn alone<T: 'static>(name: String, work: impl Future<Output = T> + 'static) -> T {
    let (done, outcome) = oneshot::channel();
    let work = Rc::new(Cell::new(Some(Box::pin(work))));
    let locked = {
        let work = work.clone();
        async move {
            if let Some(work) = work.take() {
                // Nobody waits for it only if the page has gone.
                let _ = done.send(work.await);
            }
        }
    };
    lock::alone(&name, locked).await;
    if let Some(work) = work.take() {
        return work.await;
    }
    match outcome.await {
        Ok(outcome) => outcome,
        // A lock that the browser took away: the page is going.
        Err(_) => std::future::pending().await,
    }
}
