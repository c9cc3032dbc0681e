//! What a browser keeps for reading without a network, read as it is kept: IndexedDB.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use tokio::time::{Instant, interval};

use crate::{
    Reader,
    reader::{DEADLINE, GLANCE},
};

impl Reader {
    /// The records of a store of which `condition`, JavaScript over `record`, holds. Of the page's origin: a page
    /// of the portal must be open.
    pub async fn kept(&self, store: &str, condition: &str) -> Result<Vec<Value>> {
        self.evaluate(&self.records(store, condition)?).await
    }

    /// Waits until a record is kept of which `condition`, JavaScript over `record`, holds.
    pub async fn until_record(&self, store: &str, condition: &str) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        let mut again = interval(GLANCE);
        loop {
            again.tick().await;
            if !self.kept(store, condition).await?.is_empty() {
                return Ok(());
            }
            if Instant::now() > deadline {
                bail!("waited in vain for a record in {store}: {condition}");
            }
        }
    }

    fn records(&self, store: &str, condition: &str) -> Result<String> {
        let (name, store) = (self.portal_database()?, json!(store));
        Ok(format!(
            r#"new Promise((done, fail) => {{
                const opening = indexedDB.open({name});
                opening.onupgradeneeded = () => opening.transaction.abort();
                opening.onerror = () => done([]);
                opening.onsuccess = () => {{
                    const database = opening.result;
                    if (!database.objectStoreNames.contains({store})) {{
                        database.close();
                        return done([]);
                    }}
                    const asked = database.transaction({store}).objectStore({store}).getAll();
                    asked.onerror = () => fail(asked.error);
                    asked.onsuccess = () => {{
                        database.close();
                        const records = asked.result.map((text) => JSON.parse(text));
                        done(records.filter((record) => {condition}));
                    }};
                }};
            }})"#
        ))
    }
}
