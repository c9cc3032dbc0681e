//! What is kept of backends' answers in the browser's database: found after a reload, bounded, and what is
//! held by what the reader saved or took along left alone. Behind a door (see [`super::cache`]).

use std::{
    cell::{Cell, RefCell},
    collections::{HashMap, HashSet},
    rc::Rc,
};

use futures::{channel::oneshot, future::LocalBoxFuture};
use haidang_engine::{
    content, json,
    kept::{About, Card, Holding, Limits, is_due, print, surplus},
    model::{Body, BodyFormat, Key},
    read::read,
    time::Timestamp,
};
use serde_json::Value;

use super::{
    cache::{Kept, News},
    kept, now, parse_beside, parse_body,
};
use crate::{
    browser::{breathe, document},
    database::{Database, Denied, Step, Store, estimate},
};

/// The version of the record of an answer; a newer one is left alone.
const VERSION: u32 = 1;
/// What is kept at most beside what is held.
const LIMITS: Limits = Limits { count: 1_500, size: 40_000_000, age: 60 * 24 * 3_600 * 1_000 };
/// The part of what the browser would hold that we take at most.
const SHARE: f64 = 0.25;
/// Milliseconds for which an answer that no record holds yet may be on its way into one.
const ON_THE_WAY: i64 = 60 * 1_000;
/// Characters of a text that search looks at.
const SEARCHED: usize = 40_000;

/// What is behind the door.
pub struct Disk {
    /// What is kept of a portal under a key.
    pub find: for<'a> fn(&'a str, &'a str) -> LocalBoxFuture<'a, Option<Rc<Kept>>>,
    /// Keeps what is new, each of the portal with this id, and lets go what is too much.
    pub take: fn(Vec<(String, News)>) -> LocalBoxFuture<'static, ()>,
    /// Says which articles are kept.
    pub survey: for<'a> fn(&'a str) -> LocalBoxFuture<'a, ()>,
}

/// What is behind the door.
pub static TABLE: Disk = Disk {
    find: |portal, key| Box::pin(async move { Shelf::of(portal).await.find(key).await }),
    take: |news| Box::pin(take(news)),
    survey: |portal| {
        Box::pin(async move {
            Shelf::of(portal).await.abouts().await;
        })
    },
};

async fn take(news: Vec<(String, News)>) {
    let mut by_portal: HashMap<String, Vec<News>> = HashMap::new();
    for (portal, news) in news {
        by_portal.entry(portal).or_default().push(news);
    }
    for (portal, news) in by_portal {
        // What cannot be kept is asked for again.
        let _ = Shelf::of(&portal).await.take(news).await;
    }
}

/// What is kept of a portal.
pub struct Shelf {
    portal: String,
    /// `None` where the browser has none for us.
    database: Option<Database>,
    /// As this tab last knew them.
    known: RefCell<HashMap<String, About>>,
    /// What was read since it was last written down.
    touched: RefCell<HashSet<String>>,
    /// Bytes that the browser lets us have.
    room: Cell<Option<u64>>,
    /// How often it has changed.
    changes: Cell<u64>,
    /// When what came last has been taken.
    last: RefCell<Option<oneshot::Receiver<()>>>,
}

thread_local! {
    static SHELVES: RefCell<Vec<Rc<Shelf>>> = const { RefCell::new(Vec::new()) };
}

impl Shelf {
    /// That of a portal.
    pub async fn of(portal: &str) -> Rc<Self> {
        let find = |all: &Vec<Rc<Self>>| all.iter().find(|shelf| shelf.portal == portal).cloned();
        if let Some(known) = SHELVES.with_borrow(find) {
            return known;
        }
        let database = Database::open(portal).await;
        let shelf = Rc::new(Self {
            portal: portal.to_owned(),
            database,
            known: RefCell::default(),
            touched: RefCell::default(),
            room: Cell::new(None),
            changes: Cell::new(0),
            last: RefCell::new(None),
        });
        if shelf.database.is_none() {
            // It may come later.
            return shelf;
        }
        shelf.holdings().await;
        SHELVES.with_borrow_mut(|all| {
            // Somebody else may have opened it meanwhile.
            find(all).unwrap_or_else(|| {
                all.push(shelf.clone());
                shelf
            })
        })
    }

    /// The database, if the browser has one for us.
    pub fn database(&self) -> Option<&Database> {
        self.database.as_ref()
    }

    /// A number that is another one after every change that this tab has made.
    pub fn changes(&self) -> u64 {
        self.changes.get()
    }

    /// The answer under a key.
    pub async fn find(&self, key: &str) -> Option<Rc<Kept>> {
        let record = self.database()?.get(Store::Answers, key).await?;
        let mut record: Value = json::parse(&record).ok()?;
        let version = record.get("version").and_then(Value::as_u64)?;
        let fetched = record.get("fetched").and_then(Value::as_i64)?;
        if version > u64::from(VERSION) {
            return None;
        }
        let value = record.get_mut("value").map(Value::take)?;
        self.touched.borrow_mut().insert(key.to_owned());
        // Not what this tab knows: just after a start that is nothing.
        let about = self.database()?.get(Store::Abouts, key).await;
        let about = about.and_then(|about| record_of::<About>(&about));
        let no_store = about.as_ref().is_some_and(|about| about.no_store);
        let article = about.and_then(|about| about.article);
        let (key, value, fetched) = (key.to_owned(), Rc::new(value), Timestamp(fetched));
        Some(Rc::new(Kept { key, value, fetched, article, is_personal: false, no_store }))
    }

    /// What is known of all answers, as it is now: other tabs write, too.
    pub async fn abouts(&self) -> HashMap<String, About> {
        let records = match self.database() {
            Some(database) => database.all(Store::Abouts).await.unwrap_or_default(),
            None => Vec::new(),
        };
        let abouts = records.iter().filter_map(|record| record_of::<About>(record));
        let abouts: HashMap<String, About> =
            abouts.map(|about| (about.key.clone(), about)).collect();
        self.known.replace(abouts.clone());
        self.show();
        abouts
    }

    /// What each of the reader's records holds, as it is now; `None` if they cannot be read.
    pub async fn holdings(&self) -> Option<Vec<Holding>> {
        let records = self.database()?.all(Store::Holdings).await?;
        let holdings: Vec<Holding> =
            records.iter().filter_map(|record| record_of(record)).collect();
        let pictures = holdings.iter().flat_map(|holding| holding.pictures.iter().cloned());
        kept::set_pictures(pictures.collect());
        kept::set_places(holdings.iter().map(|holding| holding.place.clone()).collect());
        Some(holdings)
    }

    /// Waits until what is being taken has been taken.
    async fn wait_for_turn(&self) -> oneshot::Sender<()> {
        let (done, is_done) = oneshot::channel();
        let before = self.last.replace(Some(is_done));
        if let Some(before) = before {
            // Dropped, it is done as well.
            let _ = before.await;
        }
        done
    }

    /// Keeps what is new, and lets go what is too much.
    pub async fn take(&self, news: Vec<News>) -> Result<(), Denied> {
        let database = self.database().ok_or(Denied::Closed)?;
        // Until it is dropped the next one waits.
        let _turn = self.wait_for_turn().await;
        self.abouts().await;
        // What cannot be read is no reason to throw anything away.
        let holdings = self.holdings().await.ok_or(Denied::Closed)?;
        let held: HashSet<String> =
            holdings.into_iter().flat_map(|holding| holding.answers).collect();
        let mut turn = self.known.borrow().values().map(|about| about.turn).max().unwrap_or(0);
        let mut changed: Vec<About> = Vec::new();
        let mut steps = Vec::new();
        for news in news {
            // A tab that nobody sees may be closed, and its timers are slow.
            let is_seen = document().is_some_and(|document| !document.hidden());
            let is_beside = is_seen && !matches!(news, News::Wanted(_));
            if is_beside {
                breathe().await;
            }
            turn += 1;
            match news {
                News::Fresh(kept) if kept.no_store && !held.contains(&kept.key) => {
                    if !self.known.borrow().get(&kept.key).is_some_and(is_on_the_way) {
                        changed.extend(self.gone(kept.key.clone(), &held, &mut steps));
                    }
                }
                News::Brought(kept) if self.is_late(&kept) => {}
                News::Fresh(kept) | News::Brought(kept) | News::Wanted(kept) => {
                    let about = self.put(&kept, turn, &mut steps);
                    if !self.has_card(&about) {
                        steps.extend(card(&kept, is_beside).await);
                    }
                    changed.push(about);
                }
                News::Gone(key) => changed.extend(self.gone(key, &held, &mut steps)),
            }
        }
        for key in self.touched.take() {
            let about = self.known.borrow().get(&key).cloned();
            if let Some(about) =
                about.filter(|about| changed.iter().all(|new| new.key != about.key))
            {
                turn += 1;
                changed.push(About { turn, ..about });
            }
        }
        steps.extend(changed.iter().map(written));
        // Not more than now, and less if the browser says that it is full.
        let mut limits = self.limits().await;
        let kept = match database.change(steps).await {
            Err(Denied::Full) => {
                limits.size = self.free_size(&held) / 2;
                Err(Denied::Full)
            }
            kept => kept,
        };
        if kept.is_ok() {
            self.changes.set(self.changes.get() + 1);
            let changed = changed.into_iter().map(|about| (about.key.clone(), about));
            self.known.borrow_mut().extend(changed);
            kept::set_marked(&self.portal);
        }
        let surplus = surplus(self.known.borrow().values(), &held, limits, now());
        self.drop_all(&surplus).await;
        self.show();
        kept
    }

    /// Whether something later is known than an answer.
    fn is_late(&self, kept: &Kept) -> bool {
        self.known.borrow().get(&kept.key).is_some_and(|known| {
            known.gone.is_some_and(|gone| gone >= kept.fetched) || known.fetched >= kept.fetched
        })
    }

    /// Forgets answers, whoever may hold them.
    pub async fn drop_all(&self, keys: &[String]) {
        let Some(database) = self.database().filter(|_| !keys.is_empty()) else { return };
        self.changes.set(self.changes.get() + 1);
        let mut steps = Vec::new();
        for key in keys {
            for store in [Store::Answers, Store::Abouts, Store::Cards] {
                steps.push(Step::Delete(store, key.clone()));
            }
        }
        if database.change(steps).await.is_ok() {
            self.known.borrow_mut().retain(|key, _| !keys.contains(key));
        }
    }

    /// The steps that keep an answer; what is known of it afterwards.
    fn put(&self, kept: &Kept, turn: u64, steps: &mut Vec<Step>) -> About {
        let Timestamp(fetched) = kept.fetched;
        let mut record = json::written(&kept.value);
        let size = u64::try_from(record.len()).unwrap_or(u64::MAX);
        // The value is JSON already.
        record.insert_str(0, &format!("{{\"version\":{VERSION},\"fetched\":{fetched},\"value\":"));
        record.push('}');
        steps.push(Step::Put(Store::Answers, kept.key.clone(), record));
        let mut about = About {
            key: kept.key.clone(),
            size,
            fetched: kept.fetched,
            turn,
            article: kept.article.clone(),
            print: String::new(),
            no_store: kept.no_store,
            gone: None,
        };
        if kept.article.is_some() {
            about.print = print(&kept.value);
        }
        about
    }

    /// Whether the card of an answer is there, as the answer is now; what is no article needs none.
    fn has_card(&self, about: &About) -> bool {
        let is_as_it_was = |known: &About| known.print == about.print && known.gone.is_none();
        about.article.is_none() || self.known.borrow().get(&about.key).is_some_and(is_as_it_was)
    }

    /// The steps that forget an answer of which the backend says that it is gone, or to be kept nowhere. What is
    /// held is remembered as gone, so that the reader can be told.
    fn gone(&self, key: String, held: &HashSet<String>, steps: &mut Vec<Step>) -> Option<About> {
        steps.push(Step::Delete(Store::Answers, key.clone()));
        steps.push(Step::Delete(Store::Cards, key.clone()));
        let known = self.known.borrow().get(&key).cloned()?;
        if held.contains(&key) {
            return Some(About { size: 0, gone: known.gone.or(Some(now())), ..known });
        }
        self.known.borrow_mut().remove(&key);
        steps.push(Step::Delete(Store::Abouts, key));
        None
    }

    /// Says which articles are kept.
    fn show(&self) {
        let known = self.known.borrow();
        let here = known.values().filter(|about| about.gone.is_none());
        kept::set_articles(here.filter_map(|about| about.article.as_ref()).map(|(key, _)| key));
    }

    /// How much may be kept beside what is held.
    async fn limits(&self) -> Limits {
        if self.room.get().is_none() {
            let quota = estimate().await.map(|(_, quota)| quota * SHARE);
            #[expect(clippy::as_conversions, reason = "bytes; saturates")]
            self.room.set(Some(quota.map_or(u64::MAX, |quota| quota as u64)));
        }
        Limits { size: LIMITS.size.min(self.room.get().unwrap_or(u64::MAX)), ..LIMITS }
    }

    /// Bytes of what nothing holds.
    fn free_size(&self, held: &HashSet<String>) -> u64 {
        let known = self.known.borrow();
        known.values().filter(|about| !held.contains(&about.key)).map(|about| about.size).sum()
    }
}

fn written(about: &About) -> Step {
    Step::Put(Store::Abouts, about.key.clone(), json::written(&about.to_json()))
}

/// Whether an answer that its backend wants kept nowhere may be here for a record that is yet to be written.
pub fn is_on_the_way(about: &About) -> bool {
    about.no_store && !is_due(about.fetched, now(), ON_THE_WAY)
}

/// A record, unless it cannot be read or a newer app has written it.
pub fn record_of<T: haidang_engine::read::Read>(record: &str) -> Option<T> {
    read::<T>(&json::parse(record).ok()?, "record", "").0.ok()
}

/// The step that keeps the card of an answer that holds an article. To read an article for it is work, which a reader
/// who reads does not wait for: it `is_beside`.
async fn card(kept: &Kept, is_beside: bool) -> Option<Step> {
    let (asked, lang) = kept.article.as_ref()?;
    let headline = kept.value.get("headline")?.clone();
    let id = headline.pointer("/key/id").map(text_or_number)?;
    let key = Key { source: asked.source.clone(), id };
    let member = |path| kept.value.pointer(path).and_then(Value::as_str).unwrap_or_default();
    let format = BodyFormat::from_wire(member("/body/format")).unwrap_or_default();
    let body = Body { format, value: member("/body/value").to_owned() };
    let blocks = match is_beside {
        true => parse_beside(&body, "").await,
        false => parse_body(&body, ""),
    };
    let text: String = content::text(&blocks.blocks).chars().take(SEARCHED).collect();
    let record = json::written(&Card::new(key, headline, lang.clone(), &text).to_json());
    Some(Step::Put(Store::Cards, kept.key.clone(), record))
}

fn text_or_number(value: &Value) -> String {
    value.as_str().map_or_else(|| json::written(value), str::to_owned)
}
