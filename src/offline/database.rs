//! What is kept in IndexedDB: `haidang:{portal}`, a store a kind of record, each record JSON by its key.
//!
//! A browser may deny it, and a newer app may have made it newer than this one reads: then there is none,
//! and whoever asks keeps things as long as the page.

use js_sys::{Array, Promise};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbTransaction, IdbTransactionMode};

/// The layout of the database.
const VERSION: u32 = 1;
/// What waits to be sent.
const OUTBOX: &str = "outbox";

/// What a portal keeps in the browser.
#[derive(Clone)]
pub struct Database(IdbDatabase);

impl Database {
    /// Opens that of a portal; `None` if the browser has none for us.
    pub async fn open(portal: &str) -> Option<Self> {
        let factory = window().indexed_db().ok().flatten()?;
        let request = factory.open_with_u32(&format!("haidang:{portal}"), VERSION).ok()?;
        let upgrade = Closure::once_into_js({
            let request = request.clone();
            move || {
                if let Some(database) = database(&request) {
                    // Fails only where it is there already.
                    let _ = database.create_object_store(OUTBOX);
                }
            }
        });
        request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
        let opened = Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
        });
        JsFuture::from(opened).await.ok()?;
        let database = database(&request)?;
        // A newer app in another tab, or the reader, wants it: we do not stand in the way.
        let close = Closure::once_into_js({
            let database = database.clone();
            move || database.close()
        });
        database.set_onversionchange(Some(close.unchecked_ref()));
        Some(Self(database))
    }

    /// Every record; `None` if they cannot be read.
    pub async fn all(&self) -> Option<Vec<String>> {
        let (_, store) = self.begin(IdbTransactionMode::Readonly)?;
        let request = store.get_all().ok()?;
        let read = Promise::new(&mut |resolve, reject| {
            request.set_onsuccess(Some(&resolve));
            request.set_onerror(Some(&reject));
        });
        JsFuture::from(read).await.ok()?;
        let records: Array = request.result().ok()?.dyn_into().ok()?;
        Some(records.iter().filter_map(|record| record.as_string()).collect())
    }

    /// Keeps a record; `false` if the browser does not, e.g. because it is full.
    pub async fn put(&self, key: &str, record: &str) -> bool {
        self.change(|store| store.put_with_key(&record.into(), &key.into()).is_ok()).await
    }

    /// Forgets a record.
    pub async fn delete(&self, key: &str) -> bool {
        self.change(|store| store.delete(&key.into()).is_ok()).await
    }

    async fn change(&self, change: impl FnOnce(&IdbObjectStore) -> bool) -> bool {
        let Some((transaction, store)) = self.begin(IdbTransactionMode::Readwrite) else {
            return false;
        };
        if !change(&store) {
            return false;
        }
        let done = Promise::new(&mut |resolve, reject| {
            transaction.set_oncomplete(Some(&resolve));
            transaction.set_onerror(Some(&reject));
            transaction.set_onabort(Some(&reject));
        });
        JsFuture::from(done).await.is_ok()
    }

    fn begin(&self, mode: IdbTransactionMode) -> Option<(IdbTransaction, IdbObjectStore)> {
        // Fails once it has been closed.
        let transaction = self.0.transaction_with_str_and_mode(OUTBOX, mode).ok()?;
        let store = transaction.object_store(OUTBOX).ok()?;
        Some((transaction, store))
    }
}

fn database(request: &IdbOpenDbRequest) -> Option<IdbDatabase> {
    let result: JsValue = request.result().ok()?;
    result.dyn_into().ok()
}
