//! What a browser keeps of what its reader has written, read as it is kept: IndexedDB, and the drafts.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::Reader;

impl Reader {
    /// The records of the outbox, the oldest first. Of the page's origin: a page of the portal must be open.
    pub async fn outbox(&self) -> Result<Vec<Value>> {
        let name = self.portal_database()?;
        let told = format!(
            r#"new Promise((done, fail) => {{
                const opening = indexedDB.open({name});
                opening.onupgradeneeded = () => opening.transaction.abort();
                opening.onerror = () => done([]);
                opening.onsuccess = () => {{
                    const database = opening.result;
                    const asked = database.transaction("outbox").objectStore("outbox").getAll();
                    asked.onerror = () => fail(asked.error);
                    asked.onsuccess = () => {{
                        database.close();
                        done(asked.result.map((text) => JSON.parse(text)).sort((a, b) => a.made - b.made));
                    }};
                }};
            }})"#
        );
        self.evaluate(&told).await
    }

    /// The texts of comments that wait in the outbox.
    pub async fn waiting_texts(&self) -> Result<Vec<String>> {
        let text = |record: &Value| Some(record.pointer("/write/text")?.as_str()?.to_owned());
        Ok(self.outbox().await?.iter().filter_map(text).collect())
    }

    pub(crate) fn portal_database(&self) -> Result<Value> {
        let portal = self.portal.configured()?;
        let id = portal.get("id").and_then(Value::as_str).context("a portal without id")?;
        Ok(json!(format!("haidang:{id}")))
    }
}
