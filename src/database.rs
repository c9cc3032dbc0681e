//! What is kept in IndexedDB: `haidang:{portal}`, a store a kind of record, each record JSON by its key.
//!
//! A browser may deny it, or not answer, and a newer app may have made it newer than this one reads: then there is
//! none, and whoever asks keeps things as long as the page. It may close what it has given, too, of pages in the
//! background first of all: then it is asked anew.

use std::{
    cell::{Cell, OnceCell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use futures::channel::oneshot;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    BroadcastChannel, DomException, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest,
    IdbTransaction, IdbTransactionMode,
};

/// The layout of the database. 1 had the outbox alone.
const VERSION: u32 = 2;
/// Milliseconds a browser is waited for that does not say whether there is one: some wait for another page, and some
/// have been known to wait for nothing.
const PATIENCE: u32 = 5_000;
/// Milliseconds after which it is looked whether it has come, and whoever holds it up is told.
const STEP: u32 = 500;

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Store {
    /// What waits to be sent.
    Outbox,
    /// What backends answered, by request.
    Answers,
    /// What is known of an answer without reading it.
    Abouts,
    /// What search and lists know of a kept article.
    Cards,
    /// What the reader saved and took along.
    Holdings,
}

impl Store {
    const ALL: [Self; 5] = [Self::Outbox, Self::Answers, Self::Abouts, Self::Cards, Self::Holdings];

    fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Answers => "answers",
            Self::Abouts => "abouts",
            Self::Cards => "cards",
            Self::Holdings => "holdings",
        }
    }
}

/// Why something is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The browser has no room for it.
    Full,
    /// There is no database for us, or no longer.
    Closed,
}

/// One step of a change.
pub enum Step {
    /// Keeps a record.
    Put(Store, String, String),
    /// Forgets one.
    Delete(Store, String),
}

/// What the portal with this id keeps in the browser. The connection is asked for each time: the last one may have
/// been closed.
#[derive(Clone)]
pub struct Database(String);

impl Database {
    /// That of a portal; `None` if the browser has none for us, or does not say for too long. It may come later:
    /// whoever asks then has it.
    pub async fn open(portal: &str) -> Option<Self> {
        connection(portal).await.map(|_| Self(portal.to_owned()))
    }

    /// Whether nobody can say yet what is in that of a portal.
    pub fn is_coming(portal: &str) -> bool {
        OPENINGS.with_borrow(|all| all.get(portal).is_some_and(|it| it.answer.get().is_none()))
    }

    /// Every record of a store; `None` if they cannot be read.
    pub async fn all(&self, store: Store) -> Option<Vec<String>> {
        let store = self.begin(store).await?;
        let request = store.get_all().ok()?;
        settled(&request).await?;
        let records: Array = request.result().ok()?.dyn_into().ok()?;
        Some(records.iter().filter_map(|record| record.as_string()).collect())
    }

    /// A record, if there is one and it can be read.
    pub async fn get(&self, store: Store, key: &str) -> Option<String> {
        let store = self.begin(store).await?;
        let request = store.get(&key.into()).ok()?;
        settled(&request).await?;
        request.result().ok()?.as_string()
    }

    /// Keeps a record.
    pub async fn put(&self, store: Store, key: &str, record: &str) -> Result<(), Denied> {
        self.change(vec![Step::Put(store, key.to_owned(), record.to_owned())]).await
    }

    /// Forgets a record.
    pub async fn delete(&self, store: Store, key: &str) -> Result<(), Denied> {
        self.change(vec![Step::Delete(store, key.to_owned())]).await
    }

    /// Takes all the steps, or none.
    pub async fn change(&self, steps: Vec<Step>) -> Result<(), Denied> {
        if steps.is_empty() {
            return Ok(());
        }
        let transaction = self.write(&steps).await?;
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onabort(Some(&reject));
        });
        JsFuture::from(done).await.map(drop).map_err(|_| {
            let error = transaction.error().map(JsValue::from).unwrap_or_default();
            if is_full(&error) { Denied::Full } else { Denied::Closed }
        })
    }

    async fn write(&self, steps: &[Step]) -> Result<IdbTransaction, Denied> {
        let touched = |step: &Step| match step {
            Step::Put(store, ..) | Step::Delete(store, _) => *store,
        };
        let stores = Store::ALL.into_iter().filter(|store| {
            let mut touched = steps.iter().map(touched);
            touched.any(|touched| touched == *store)
        });
        let names: Array = stores.map(|store| JsValue::from(store.name())).collect();
        let mode = IdbTransactionMode::Readwrite;
        let connection = connection(&self.0).await.ok_or(Denied::Closed)?;
        // Fails once it has been closed.
        let transaction = connection.transaction_with_str_sequence_and_mode(&names, mode);
        let transaction = transaction.map_err(|_| Denied::Closed)?;
        for step in steps {
            let taken =
                transaction.object_store(touched(step).name()).and_then(|store| match step {
                    Step::Put(_, key, record) => store.put_with_key(&record.into(), &key.into()),
                    Step::Delete(_, key) => store.delete(&key.into()),
                });
            if let Err(error) = taken {
                // Whatever has been written of it goes as well.
                let _ = transaction.abort();
                return Err(if is_full(&error) { Denied::Full } else { Denied::Closed });
            }
        }
        Ok(transaction)
    }

    /// A store to read.
    async fn begin(&self, store: Store) -> Option<IdbObjectStore> {
        let connection = connection(&self.0).await?;
        // Fails once it has been closed.
        let transaction = connection.transaction_with_str(store.name()).ok()?;
        transaction.object_store(store.name()).ok()
    }
}

/// The connection to the database of a portal, as long as it is not closed.
async fn connection(portal: &str) -> Option<IdbDatabase> {
    let opening = Opening::of(portal);
    if opening.answer.get().is_none() && !opening.is_late.get() {
        let (waiting, told) = oneshot::channel::<()>();
        opening.waiting.borrow_mut().push(waiting);
        // Told by being let go.
        let _ = told.await;
    }
    opening.answer.get().cloned().flatten()
}

thread_local! {
    /// By portal.
    static OPENINGS: RefCell<HashMap<String, Rc<Opening>>> = RefCell::default();
}

/// A database on its way, which everybody waits for who wants it.
#[derive(Default)]
struct Opening {
    /// What came of it.
    answer: OnceCell<Option<IdbDatabase>>,
    /// Nobody waits for it any more.
    is_late: Cell<bool>,
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Opening {
    /// That of a portal. It begins with who asks first, and anew after one that failed.
    fn of(portal: &str) -> Rc<Self> {
        let known = OPENINGS.with_borrow(|all| all.get(portal).cloned());
        if let Some(known) = known.filter(|known| !matches!(known.answer.get(), Some(None))) {
            return known;
        }
        let opening = Rc::new(Self::default());
        OPENINGS.with_borrow_mut(|all| all.insert(portal.to_owned(), opening.clone()));
        let name = format!("haidang:{portal}");
        spawn_local(opening.clone().hurry(name.clone()));
        spawn_local({
            let opening = opening.clone();
            async move {
                // It is set here alone.
                let _ = opening.answer.set(opened(&name).await);
                opening.waiting.take();
            }
        });
        opening
    }

    /// Sees to it that it comes, and lets everybody go who has waited for a while. In steps: while a device sleeps
    /// nobody waits.
    ///
    /// A page that is left while it opens a database may be kept as it is, to be gone back to, and lets no other page
    /// have one. When it is sent a message the browser does without it
    /// ([Chromium](https://web.dev/articles/bfcache)).
    async fn hurry(self: Rc<Self>, name: String) {
        let channel = BroadcastChannel::new(&format!("{name}:database")).ok();
        let ignore = Closure::<dyn Fn()>::new(|| {});
        if let Some(channel) = &channel {
            channel.set_onmessage(Some(ignore.as_ref().unchecked_ref()));
        }
        let mut waited = 0;
        loop {
            TimeoutFuture::new(STEP).await;
            if self.answer.get().is_some() {
                break;
            }
            if let Some(channel) = &channel {
                // Fails only once it is closed.
                let _ = channel.post_message(&JsValue::NULL);
            }
            waited += STEP;
            if waited >= PATIENCE {
                self.is_late.set(true);
                self.waiting.take();
            }
        }
        if let Some(channel) = &channel {
            channel.close();
        }
    }
}

/// Opens a database, and makes what it lacks.
async fn opened(name: &str) -> Option<IdbDatabase> {
    let factory = window().indexed_db().ok().flatten()?;
    let request = factory.open_with_u32(name, VERSION).ok()?;
    let upgrade = Closure::once_into_js({
        let request = request.clone();
        move || {
            let Some(database) = database(&request) else { return };
            for store in Store::ALL {
                // Fails only where it is there already.
                let _ = database.create_object_store(store.name());
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    settled(&request).await?;
    let database = database(&request)?;
    let close = Closure::<dyn Fn()>::new({
        let database = database.clone();
        move || {
            database.close();
            let is_it = |opening: &Opening| opening.answer.get() == Some(&Some(database.clone()));
            OPENINGS.with_borrow_mut(|all| all.retain(|_, opening| !is_it(opening)));
        }
    });
    let close = close.into_js_value();
    // A newer app in another tab, or the reader, wants it: we do not stand in the way.
    database.set_onversionchange(Some(close.unchecked_ref()));
    // The browser has closed it.
    database.set_onclose(Some(close.unchecked_ref()));
    Some(database)
}

/// Whether a browser says by this that it has no room.
pub fn is_full(error: &JsValue) -> bool {
    error.dyn_ref::<DomException>().is_some_and(|error| error.name() == "QuotaExceededError")
}

/// Waits for the outcome of a request; `None` if it failed.
async fn settled(request: &IdbRequest) -> Option<()> {
    let settled = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    JsFuture::from(settled).await.ok().map(drop)
}

fn database(request: &IdbOpenDbRequest) -> Option<IdbDatabase> {
    let result: JsValue = request.result().ok()?;
    result.dyn_into().ok()
}

/// What the browser says it holds for this site and would hold, in bytes: `navigator.storage.estimate()`.
pub async fn estimate() -> Option<(f64, f64)> {
    let estimate: Promise = storage_manager("estimate")?.dyn_into().ok()?;
    let estimate = JsFuture::from(estimate).await.ok()?;
    let number = |name: &str| Reflect::get(&estimate, &name.into()).ok()?.as_f64();
    Some((number("usage")?, number("quota")?))
}

/// Asks the browser not to throw away what is kept when it needs room; `false` if it does not promise.
pub async fn persist() -> bool {
    let promised =
        storage_manager("persist").and_then(|promise| promise.dyn_into::<Promise>().ok());
    match promised {
        Some(promised) => {
            JsFuture::from(promised).await.is_ok_and(|promised| promised.as_bool() == Some(true))
        }
        None => false,
    }
}

/// Calls a method of `navigator.storage`, which insecure origins do not have.
fn storage_manager(method: &str) -> Option<JsValue> {
    let storage = Reflect::get(&window().navigator(), &"storage".into()).ok()?;
    let method: js_sys::Function = Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    method.call0(&storage).ok()
}
