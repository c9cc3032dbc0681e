//! Sections taken along: the articles of a section in a language, with their lead pictures, on this device.
//!
//! Here is what a reader does with a pack and how it stands; `load` fills it. At a start it goes on, or asks for
//! what is new.

mod load;

use std::{rc::Rc, sync::Arc};

use haidang_engine::{
    json,
    kept::{Holding, Pack, Progress, is_due},
    lang::Lang,
    model::{Article, Headline, Key, Page as Slice},
    profile::{Failure, Headlines, Operation, Portal},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    gather::signal,
    pictures::{LEAD, chosen, weigh},
    saved::{Trouble, alone, keeping},
};
use crate::{
    backend::{
        Kept, Loader, Mode,
        disk::{Shelf, record_of},
        now,
    },
    database::{Denied, Store},
};
use load::{halt, is_loading, load};

/// Articles in a pack at most: the newest.
pub const ARTICLES: usize = 100;
/// Articles on a page of the list; the page of the section asks for as many.
const PAGE: u32 = 20;
/// Articles that are weighed to guess at the whole.
const SAMPLE: usize = 3;
/// Milliseconds after which a pack asks for what is new.
const FRESH: i64 = 30 * 60 * 1_000;

/// How much a pack would be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Articles.
    pub articles: u32,
    /// Bytes, by what the first ones weigh.
    pub size: u64,
}

/// How a pack stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// The record.
    pub pack: Pack,
    /// Articles that are really here.
    pub here: u32,
    /// Articles that their publisher has taken back since.
    pub gone: u32,
    /// Whether it is being loaded by this page.
    pub is_loading: bool,
}

thread_local! {
    /// The packs of the portal, as the views show them.
    static ALL: ArcRwSignal<Vec<Standing>> = ArcRwSignal::new(Vec::new());
}

/// The packs, as they stand. Tracks them.
pub fn all() -> Vec<Standing> {
    ALL.with(ArcRwSignal::get)
}

/// Looks how they stand.
pub async fn look(portal: &str) {
    let shelf = Shelf::of(portal).await;
    let Some(database) = shelf.database() else { return };
    // What cannot be read is as it was.
    let Some(records) = database.all(Store::Holdings).await else { return };
    let known = shelf.abouts().await;
    let packs = records.iter().filter_map(|record| record_of::<Pack>(record));
    let packs = packs.filter(|pack| pack.holding.place.starts_with(Pack::PREFIX));
    let standing = packs.map(|pack| {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let gone = pack
            .articles
            .iter()
            .filter(|packed| known.get(&packed.answer).is_some_and(|it| it.gone.is_some()));
        let (here, gone) = (count(pack.here(&known)), count(gone.count()));
        let is_loading = pack.progress == Progress::Loading && is_loading(&pack.holding.place);
        Standing { here, gone, is_loading, pack }
    });
    let standing: Vec<Standing> = standing.collect();
    ALL.with(|all| {
        if all.with_untracked(|all| *all != standing) {
            all.set(standing);
        }
    });
}

/// How much the section would be in `lang`: as many articles as its list has, each as heavy as the first.
pub async fn estimate(portal: Arc<Portal>, section: Key, lang: Lang) -> Result<Estimate, Failure> {
    let loader = loader(&portal, &lang, Mode::Network).ok_or(Failure::Aborted)?;
    let page = list(&loader, &section, None).await?;
    let listed = u32::try_from(page.items.len()).unwrap_or(u32::MAX);
    let most = u32::try_from(ARTICLES).unwrap_or(u32::MAX);
    // A list that goes on and does not say how far: the most that would be taken.
    let total = page.total.unwrap_or(if page.next.is_some() { most } else { listed });
    let articles = total.min(most);
    let (mut size, mut weighed) = (0_u64, 0_u64);
    for headline in page.items.iter().take(SAMPLE) {
        let asked = Operation::Article(headline.key.id.clone());
        let alone = self::loader(&portal, &lang, Mode::Network).ok_or(Failure::Aborted)?;
        let Ok(_) = alone.ask::<Article>(&headline.key.source, &asked).await else { continue };
        size += bytes(&alone.answers());
        if let Some(image) = &headline.image {
            size += weigh(&chosen(image, LEAD).await).await.unwrap_or_default();
        }
        weighed += 1;
    }
    let each = size.checked_div(weighed).unwrap_or_default();
    Ok(Estimate { articles, size: each.saturating_mul(u64::from(articles)) })
}

/// Begins to take a section along.
pub async fn begin(
    portal: Arc<Portal>,
    section: Key,
    name: String,
    lang: Lang,
) -> Result<(), Trouble> {
    let place = Pack::place(&section, &lang);
    let holding = Holding { place, ..Holding::default() };
    let progress = Progress::Loading;
    let fresh = now();
    let pack = Pack {
        section,
        name,
        lang,
        holding,
        articles: Vec::new(),
        total: 0,
        progress,
        size: 0,
        fresh,
    };
    let shelf = Shelf::of(&portal.id).await;
    write(&shelf, &pack).await?;
    run(portal, pack);
    Ok(())
}

/// Stops loading, or goes on with it.
pub async fn set_paused(portal: Arc<Portal>, place: String, is_paused: bool) {
    let shelf = Shelf::of(&portal.id).await;
    if is_paused {
        // First of all, so that nothing that is on its way is written over it.
        halt(&place);
        let (shelf, place) = (shelf.clone(), place.clone());
        alone(keeping(&portal.id), async move {
            let Some(mut pack) = read(&shelf, &place).await else { return };
            pack.progress = Progress::Paused;
            // What cannot be written is found interrupted at the next start.
            let _ = write(&shelf, &pack).await;
        })
        .await;
    } else if let Some(pack) = read(&shelf, &place).await {
        run(portal.clone(), pack);
    }
    look(&portal.id).await;
}

/// Lets go of a pack, for good.
pub async fn remove(portal: Arc<Portal>, place: String) {
    halt(&place);
    let shelf = Shelf::of(&portal.id).await;
    alone(keeping(&portal.id), async move {
        if let Some(database) = shelf.database() {
            // What cannot be forgotten stays, and is shown.
            let _ = database.delete(Store::Holdings, &place).await;
        }
    })
    .await;
    super::saved::tidy(portal.id.clone()).await;
    look(&portal.id).await;
}

/// At a start: goes on with what was interrupted, and asks for what is new.
pub async fn follow(portal: &Arc<Portal>) {
    look(&portal.id).await;
    for standing in ALL.with(ArcRwSignal::get_untracked) {
        let is_due = is_due(standing.pack.fresh, now(), FRESH);
        if is_due || standing.pack.progress == Progress::Loading {
            load(portal.clone(), standing.pack, false).await;
        }
    }
}

fn run(portal: Arc<Portal>, pack: Pack) {
    spawn_local(load(portal, pack, true));
}
async fn list(
    loader: &Loader,
    section: &Key,
    cursor: Option<String>,
) -> Result<Slice<Headline>, Failure> {
    let query = Headlines {
        section: Some(section.id.clone()),
        limit: Some(PAGE),
        cursor,
        ..Headlines::default()
    };
    loader.headlines(&section.source, &query, &loader.lang).await
}

fn loader(portal: &Arc<Portal>, lang: &Lang, mode: Mode) -> Option<Loader> {
    Some(Loader::new(portal.clone(), lang.clone(), Vec::new(), mode, signal()?))
}

async fn read(shelf: &Shelf, place: &str) -> Option<Pack> {
    record_of(&shelf.database()?.get(Store::Holdings, place).await?)
}

async fn write(shelf: &Shelf, pack: &Pack) -> Result<(), Denied> {
    let database = shelf.database().ok_or(Denied::Closed)?;
    let record = json::written(&pack.to_json());
    database.put(Store::Holdings, &pack.holding.place, &record).await?;
    shelf.holdings().await;
    Ok(())
}

fn bytes(answers: &[Rc<Kept>]) -> u64 {
    let lengths = answers.iter().map(|kept| json::written(&kept.value).len());
    u64::try_from(lengths.sum::<usize>()).unwrap_or(u64::MAX)
}
