//! Sections taken along: the articles of a section in a language, with their lead pictures, on this device.
//!
//! A pack is loaded article by article, and its record is written after each: it can be paused, it survives
//! the end of the page, and what it says it has is there. At a start it goes on, or asks for what is new.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use haidang_engine::{
    kept::{Holding, Pack, Packed, Progress, is_due},
    lang::Lang,
    model::{Article, Headline, Key, Page as Slice},
    profile::{Failure, Headlines, Operation, Portal},
};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::{
    gather::signal,
    pictures::{LEAD, chosen, weigh},
    saved::{Basket, Trouble, alone, keeping},
};
use crate::{
    backend::{
        Kept, Loader, Mode, News,
        disk::{Shelf, record_of},
        now,
    },
    database::{Denied, Store},
};

/// Articles in a pack at most: the newest.
pub const ARTICLES: usize = 100;
/// Articles on a page of the list; the page of the section asks for as many.
const PAGE: u32 = 20;
/// Articles that are weighed to guess at the whole.
const SAMPLE: usize = 3;
/// Milliseconds after which a pack asks for what is new.
const FRESH: i64 = 30 * 60 * 1_000;
/// Milliseconds after which an article is asked for again of which the list does not say when it was changed.
const DAY: i64 = 24 * 60 * 60 * 1_000;

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
    /// What this page loads: the places of the records, each with the number of the load that may go on.
    static LOADING: RefCell<HashMap<String, u64>> = RefCell::default();
    static LOADS: Cell<u64> = const { Cell::new(0) };
}

/// The right to load a pack: lost when it is paused or let go.
#[derive(Clone)]
struct Load {
    place: String,
    number: u64,
}

impl Load {
    /// `None` if it is being loaded.
    fn begin(place: &str) -> Option<Self> {
        let number = LOADS.get() + 1;
        LOADS.set(number);
        LOADING.with_borrow_mut(|loading| {
            if loading.contains_key(place) {
                return None;
            }
            loading.insert(place.to_owned(), number);
            Some(Self { place: place.to_owned(), number })
        })
    }

    /// Whether it may go on.
    fn is_on(&self) -> bool {
        LOADING.with_borrow(|loading| loading.get(&self.place) == Some(&self.number))
    }

    /// Whether it may go on, also by what another tab has written down.
    async fn is_wanted(&self, shelf: &Shelf, pack: &Pack) -> bool {
        let known = read(shelf, &self.place).await;
        self.is_on() && known.is_some_and(|known| known.progress == pack.progress)
    }
}

/// Takes the right to load it from whoever has it.
fn halt(place: &str) {
    LOADING.with_borrow_mut(|loading| loading.remove(place));
}

/// The packs, as they stand. Tracks them.
pub fn all() -> Vec<Standing> {
    ALL.with(ArcRwSignal::get)
}

/// Looks how they stand.
pub async fn look(portal: &str) {
    let shelf = Shelf::of(portal).await;
    let known = shelf.abouts().await;
    let records = match shelf.database() {
        Some(database) => database.all(Store::Holdings).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let packs = records.iter().filter_map(|record| record_of::<Pack>(record));
    let packs = packs.filter(|pack| pack.holding.place.starts_with(Pack::PREFIX));
    let standing = packs.map(|pack| {
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let gone = pack
            .articles
            .iter()
            .filter(|packed| known.get(&packed.answer).is_some_and(|it| it.gone.is_some()));
        let (here, gone) = (count(pack.here(&known)), count(gone.count()));
        let is_loading = pack.progress == Progress::Loading
            && LOADING.with_borrow(|loading| loading.contains_key(&pack.holding.place));
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

/// Lets go of a pack.
pub async fn remove(portal: Arc<Portal>, place: String) {
    halt(&place);
    let id = portal.id.clone();
    alone(keeping(&portal.id), async move { super::saved::remove(&id, &place).await }).await;
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

/// Loads a pack until it is whole, paused, full, or the network is away. One that is paused or full is not
/// gone on with unless the reader `wants` it, but what of it was taken back leaves.
async fn load(portal: Arc<Portal>, pack: Pack, is_wanted: bool) {
    let Some(load) = Load::begin(&pack.holding.place) else { return };
    let name = format!("haidang:{}:{}", portal.id, load.place);
    let id = portal.id.clone();
    // Another tab may be loading it, and be done with it by the time it is our turn.
    alone(name, async move {
        let shelf = Shelf::of(&portal.id).await;
        let is_as_it_was = |known: &Pack| {
            let is_same = known.progress == pack.progress && known.fresh == pack.fresh;
            is_same || known.progress == Progress::Loading
        };
        let known = read(&shelf, &load.place).await.filter(is_as_it_was);
        if let Some(mut pack) = known.filter(|_| load.is_on()) {
            if is_wanted || pack.progress == Progress::Whole {
                pack.progress = Progress::Loading;
            }
            load_alone(&portal, &shelf, pack, &load).await;
        }
        if load.is_on() {
            halt(&load.place);
        }
    })
    .await;
    look(&id).await;
}

async fn load_alone(portal: &Arc<Portal>, shelf: &Rc<Shelf>, mut pack: Pack, load: &Load) {
    let outcome = match write(shelf, &pack).await {
        Ok(()) => fill(portal, shelf, &mut pack, load).await,
        Err(denied) => Err(denied.into()),
    };
    let before = pack.clone();
    if pack.progress == Progress::Loading {
        match outcome {
            Ok(()) => pack.progress = Progress::Whole,
            Err(Trouble::Full) => pack.progress = Progress::Full,
            // Interrupted: goes on at the next start.
            Err(_) => {}
        }
    }
    let (shelf, load) = (shelf.clone(), load.clone());
    alone(keeping(&portal.id), async move {
        // Paused or let go meanwhile: whoever did has written that down.
        if load.is_wanted(&shelf, &before).await {
            // What cannot be written is found interrupted at the next start.
            let _ = write(&shelf, &pack).await;
        }
    })
    .await;
}

/// Asks for the list and for what of it is not here or has changed.
async fn fill(
    portal: &Arc<Portal>,
    shelf: &Rc<Shelf>,
    pack: &mut Pack,
    load: &Load,
) -> Result<(), Trouble> {
    let mut cursor = None;
    let mut headlines: Vec<Headline> = Vec::new();
    let mut lists: Vec<Rc<Kept>> = Vec::new();
    while headlines.len() < ARTICLES {
        let loader = loader(portal, &pack.lang, Mode::Apart).ok_or(Trouble::Denied)?;
        let page = list(&loader, &pack.section, cursor).await.map_err(Trouble::Failed)?;
        headlines.extend(page.items);
        lists.extend(loader.answers());
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    headlines.truncate(ARTICLES);
    let lists: Vec<Rc<Kept>> = lists.into_iter().filter(|kept| !kept.is_personal).collect();
    let list_keys: Vec<String> = lists.iter().map(|kept| kept.key.clone()).collect();
    let mut size = bytes(&lists);
    shelf.take(lists.into_iter().map(News::Wanted).collect()).await?;
    pack.total = u32::try_from(headlines.len()).unwrap_or(u32::MAX);
    let known = shelf.abouts().await;
    let before = pack.articles.clone();
    let (held, pictures) = (pack.holding.answers.clone(), pack.holding.pictures.clone());
    // What the list has no longer was withdrawn, or is older than what is taken along: asked, its publisher says.
    // What the browser has thrown away needs nothing of that.
    let listed: HashSet<&Key> = headlines.iter().map(|headline| &headline.key).collect();
    let mut gone = Vec::new();
    for packed in before.iter().filter(|packed| !listed.contains(&packed.key)) {
        let Some(about) = known.get(&packed.answer) else { continue };
        let is_gone = about.gone.is_some()
            || matches!(
                text(portal, shelf, &pack.lang, &packed.key, Some(&packed.answer)).await?,
                Text::Gone
            );
        if is_gone {
            gone.push(packed.clone());
        }
    }
    pack.fresh = now();
    pack.articles = gone;
    // Until all of it has been looked at, what was held stays held.
    pack.holding.answers = list_keys.iter().cloned().chain(held).collect();
    let mut fresh_answers = list_keys;
    fresh_answers.extend(pack.articles.iter().map(|packed| packed.answer.clone()));
    let mut fresh_pictures: Vec<String> = Vec::new();
    // One that is paused or full gets nothing that it does not have.
    let is_growing = pack.progress == Progress::Loading;
    for headline in &headlines {
        let here = before.iter().find(|packed| packed.key == headline.key);
        if here.is_none() && !is_growing {
            continue;
        }
        let about = here.and_then(|packed| known.get(&packed.answer));
        let is_new_enough = here.zip(about).is_some_and(|(packed, about)| {
            about.gone.is_none()
                && packed.updated == headline.updated
                && packed.is_withdrawn == headline.withdrawn
                && (headline.updated.is_some() || !is_due(about.fetched, now(), DAY))
        });
        let listed = |answer: String| Packed {
            key: headline.key.clone(),
            answer,
            updated: headline.updated,
            is_withdrawn: headline.withdrawn,
        };
        let (packed, bytes) = match (here, about) {
            (Some(packed), Some(about)) if is_new_enough => (packed.clone(), about.size),
            _ => {
                let answer = here.map(|packed| packed.answer.as_str());
                let text = text(portal, shelf, &pack.lang, &headline.key, answer).await?;
                match (text, here) {
                    (Text::Here(key, size), _) => (listed(key), size),
                    (Text::Gone, Some(packed)) => (listed(packed.answer.clone()), 0),
                    // As it was, and asked for again next time.
                    (Text::Lacking, Some(packed)) => {
                        (packed.clone(), about.map_or(0, |about| about.size))
                    }
                    (Text::Gone | Text::Lacking, None) => continue,
                }
            }
        };
        size += bytes;
        if !load.is_on() {
            return Ok(());
        }
        let image = headline.image.as_ref().filter(|_| is_growing && !headline.withdrawn);
        if let Some(image) = image {
            let url = chosen(image, LEAD).await;
            if !pictures.contains(&url) {
                size += picture(portal, shelf, pack, image, load, &mut fresh_pictures).await?;
            } else {
                fresh_pictures.push(url);
            }
        }
        pack.holding.answers.push(packed.answer.clone());
        fresh_answers.push(packed.answer.clone());
        pack.articles.push(packed);
        pack.size = size;
        let (record, shelf, load) = (pack.clone(), shelf.clone(), load.clone());
        let written = alone(keeping(&portal.id), async move {
            let is_wanted = load.is_wanted(&shelf, &record).await;
            if is_wanted { write(&shelf, &record).await.map(|()| true) } else { Ok(false) }
        });
        if !written.await? {
            return Ok(());
        }
        look(&portal.id).await;
    }
    pack.holding.answers = fresh_answers;
    if is_growing {
        pack.holding.pictures = fresh_pictures;
    }
    pack.size = size;
    Ok(())
}

/// What has become of the text of an article.
enum Text {
    /// It is kept: the key of its answer, and its bytes.
    Here(String, u64),
    /// Its publisher has taken it back.
    Gone,
    /// It cannot be had, of which the rest of the pack knows nothing.
    Lacking,
}

/// Keeps the text of an article; forgets the answer that is `here` if its publisher has taken it back.
async fn text(
    portal: &Arc<Portal>,
    shelf: &Rc<Shelf>,
    lang: &Lang,
    key: &Key,
    here: Option<&str>,
) -> Result<Text, Trouble> {
    let loader = loader(portal, lang, Mode::Apart).ok_or(Trouble::Denied)?;
    let operation = Operation::Article(key.id.clone());
    match loader.ask::<Article>(&key.source, &operation).await {
        Ok(_) => {}
        Err(failure) if failure.is_withdrawal() => {
            if let Some(here) = here {
                shelf.take(vec![News::Gone(here.to_owned())]).await?;
            }
            return Ok(Text::Gone);
        }
        Err(failure) if failure.is_transient() => return Err(Trouble::Failed(failure)),
        Err(_) => return Ok(Text::Lacking),
    }
    let answers = loader.answers();
    let size = bytes(&answers);
    let key = answers.first().map(|kept| kept.key.clone());
    shelf.take(answers.into_iter().map(News::Wanted).collect()).await?;
    Ok(key.map_or(Text::Lacking, |key| Text::Here(key, size)))
}

/// Keeps the lead picture of an article, and says so in the record before anybody tidies; its bytes. Nothing of
/// it stays if the pack is paused or let go meanwhile.
async fn picture(
    portal: &Arc<Portal>,
    shelf: &Rc<Shelf>,
    pack: &mut Pack,
    image: &haidang_engine::model::Image,
    load: &Load,
    pictures: &mut Vec<String>,
) -> Result<u64, Trouble> {
    let (id, image, shelf, load) = (portal.id.clone(), image.clone(), shelf.clone(), load.clone());
    let mut record = pack.clone();
    let kept = alone(keeping(&portal.id), async move {
        let others = shelf.holdings().await.unwrap_or_default();
        let mut basket = Basket::open(&id, &others).await;
        basket.put(&image, LEAD).await?;
        if !load.is_wanted(&shelf, &record).await {
            basket.tip_out().await;
            return Ok((Vec::new(), 0));
        }
        record.holding.pictures.extend(basket.pictures.iter().cloned());
        if let Err(denied) = write(&shelf, &record).await {
            basket.tip_out().await;
            return Err(denied);
        }
        Ok((basket.pictures, basket.size))
    });
    let (kept, size) = kept.await?;
    pack.holding.pictures.extend(kept.iter().cloned());
    pictures.extend(kept);
    Ok(size)
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
    let record = pack.to_json().to_string();
    database.put(Store::Holdings, &pack.holding.place, &record).await?;
    shelf.holdings().await;
    Ok(())
}

fn bytes(answers: &[Rc<Kept>]) -> u64 {
    let lengths = answers.iter().map(|kept| kept.value.to_string().len());
    u64::try_from(lengths.sum::<usize>()).unwrap_or(u64::MAX)
}
