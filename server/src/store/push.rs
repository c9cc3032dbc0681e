//! Who wants to be told of emergencies, and the key by which they know us.

use haidang_engine::{lang::Lang, time::Timestamp};
use sqlx::Row;

use super::{Result, Store, row::Columns};
use crate::push::Reader;

/// A browser that has subscribed.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// Where its maker takes messages for it.
    pub endpoint: String,
    /// By which it alone can read them.
    pub reader: Reader,
    /// The language to be told in.
    pub lang: Lang,
}

impl Store {
    /// The portal's key; `made` if it has none yet.
    pub async fn push_key(&self, made: &[u8]) -> Result<Vec<u8>> {
        sqlx::query("INSERT INTO push_key (one, pkcs8) VALUES (1, ?) ON CONFLICT DO NOTHING")
            .bind(made)
            .execute(self.pool())
            .await?;
        let row = sqlx::query("SELECT pkcs8 FROM push_key").fetch_one(self.pool()).await?;
        row.try_get("pkcs8")
    }

    /// Tells a browser from now on, or in another language.
    pub async fn subscribe(&self, new: &Subscription, now: Timestamp) -> Result<()> {
        sqlx::query(
            "INSERT INTO push_subscriptions (endpoint, p256dh, auth, lang, made)
             VALUES (?, ?, ?, ?, ?) ON CONFLICT (endpoint) DO UPDATE SET
                 p256dh = excluded.p256dh, auth = excluded.auth, lang = excluded.lang",
        )
        .bind(&new.endpoint)
        .bind(&new.reader.key)
        .bind(&new.reader.auth)
        .bind(new.lang.as_str())
        .bind(now.0)
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Forgets a browser.
    pub async fn unsubscribe(&self, endpoint: &str) -> Result<()> {
        sqlx::query("DELETE FROM push_subscriptions WHERE endpoint = ?")
            .bind(endpoint)
            .execute(self.pool())
            .await?;
        Ok(())
    }

    /// All who have subscribed.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        let rows = sqlx::query("SELECT * FROM push_subscriptions ORDER BY endpoint")
            .fetch_all(self.pool())
            .await?;
        let one = |row: &sqlx::sqlite::SqliteRow| {
            Ok(Subscription {
                endpoint: row.text("endpoint")?,
                reader: Reader { key: row.try_get("p256dh")?, auth: row.try_get("auth")? },
                lang: row.lang("lang")?,
            })
        };
        rows.iter().map(one).collect()
    }
}
