//! Loading a pack, article by article: its record is written after each, so it can be paused, it survives the end of
//! the page, and what it says it has is there.

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
    sync::Arc,
};

use haidang_engine::{
    kept::{Pack, Packed, Progress, is_due},
    lang::Lang,
    model::{Article, Headline, Image, Key},
    profile::{Operation, Portal},
};

use super::{
    super::{
        pictures::{LEAD, chosen},
        saved::{Basket, Trouble, alone, keeping},
    },
    ARTICLES, bytes, list, loader, look, read, write,
};
use crate::{
    backend::{Kept, Mode, News, disk::Shelf, now},
    database::Denied,
};

/// Milliseconds after which an article is asked for again of which the list does not say when it was changed.
const DAY: i64 = 24 * 60 * 60 * 1_000;

thread_local! {
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
pub(super) fn halt(place: &str) {
    LOADING.with_borrow_mut(|loading| loading.remove(place));
}

/// Whether this page loads it.
pub(super) fn is_loading(place: &str) -> bool {
    LOADING.with_borrow(|loading| loading.contains_key(place))
}

/// Loads a pack until it is whole, paused, full, or the network is away. One that is paused or full is not
/// gone on with unless the reader `wants` it, but what of it was taken back leaves.
pub(super) async fn load(portal: Arc<Portal>, pack: Pack, is_wanted: bool) {
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
    // Until all of it has been looked at, what was here is here, and what was held stays held.
    pack.articles.retain(|packed| listed.contains(&packed.key));
    pack.holding.answers = list_keys.iter().cloned().chain(held).collect();
    let mut fresh_answers = list_keys;
    fresh_answers.extend(gone.iter().map(|packed| packed.answer.clone()));
    pack.articles.extend(gone);
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
        pack.articles.retain(|known| known.key != packed.key);
        pack.articles.push(packed);
        pack.size = pack.size.max(size);
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
    image: &Image,
    load: &Load,
    pictures: &mut Vec<String>,
) -> Result<u64, Trouble> {
    let (id, image, shelf, load) = (portal.id.clone(), image.clone(), shelf.clone(), load.clone());
    let mut record = pack.clone();
    let kept = alone(keeping(&portal.id), async move {
        let others = shelf.holdings().await.ok_or(Denied::Closed)?;
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
