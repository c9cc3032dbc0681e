//! Announcements in force.

use haidang_engine::{
    model::{Key, Notice, NoticeLevel},
    time::Timestamp,
};
use serde::Deserialize;
use sqlx::{SqliteConnection, sqlite::SqliteRow, types::Json};

use super::{Result, Store, row::Columns};
use crate::texts::{Texts, Wanted};

/// A notice as it is published: in all its languages.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulletin {
    /// Names it; the same id again changes it.
    pub id: String,
    /// How urgent it is.
    pub level: NoticeLevel,
    /// By language.
    pub titles: Texts,
    /// By language.
    pub texts: Texts,
    /// When it begins.
    pub issued: Timestamp,
    /// When it ends; absent is when it is withdrawn.
    pub expires: Option<Timestamp>,
    /// Whether a reader may put it away.
    pub dismissible: bool,
    /// The article that says more.
    pub article: Option<String>,
}

impl Store {
    /// Publishes a notice, or changes it.
    pub async fn publish(&self, notice: &Bulletin) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        insert(&mut tx, notice).await?;
        tx.commit().await
    }

    /// Ends a notice; `false` if there is none of this id.
    pub async fn withdraw(&self, id: &str) -> Result<bool> {
        let done = sqlx::query("DELETE FROM notices WHERE id = ?").bind(id).execute(self.pool());
        Ok(done.await?.rows_affected() > 0)
    }

    /// The notices in force at `now`, the most urgent first, then the newest.
    pub async fn notices(&self, wanted: &Wanted, now: Timestamp) -> Result<Vec<Notice>> {
        let rows = sqlx::query(
            "SELECT * FROM notices WHERE issued <= ?1 AND (expires IS NULL OR expires > ?1)
             ORDER BY issued DESC, id",
        )
        .bind(now.0)
        .fetch_all(self.pool())
        .await?;
        let mut notices =
            rows.iter().map(|row| notice(row, wanted)).collect::<Result<Vec<Notice>>>()?;
        notices.sort_by_key(|notice| match notice.level {
            NoticeLevel::Emergency => 0,
            NoticeLevel::Warning => 1,
            NoticeLevel::Info => 2,
        });
        Ok(notices)
    }
}

/// Writes a notice.
pub async fn insert(tx: &mut SqliteConnection, notice: &Bulletin) -> Result<()> {
    sqlx::query(
        "INSERT INTO notices (id, level, titles, texts, issued, expires, dismissible, article)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET level = excluded.level, titles = excluded.titles,
             texts = excluded.texts, issued = excluded.issued, expires = excluded.expires,
             dismissible = excluded.dismissible, article = excluded.article",
    )
    .bind(&notice.id)
    .bind(notice.level.wire())
    .bind(Json(&notice.titles))
    .bind(Json(&notice.texts))
    .bind(notice.issued.0)
    .bind(notice.expires.map(|expires| expires.0))
    .bind(notice.dismissible)
    .bind(&notice.article)
    .execute(tx)
    .await?;
    Ok(())
}

fn notice(row: &SqliteRow, wanted: &Wanted) -> Result<Notice> {
    let titles = row.texts("titles")?;
    let (lang, title) = titles.pick(wanted).ok_or(sqlx::Error::RowNotFound)?;
    Ok(Notice {
        id: row.text("id")?,
        level: NoticeLevel::from_wire(&row.text("level")?).unwrap_or_default(),
        title: title.to_owned(),
        text: row.texts("texts")?.text(wanted),
        lang: lang.clone(),
        issued: row.opt_time("issued")?,
        expires: row.opt_time("expires")?,
        dismissible: row.flag("dismissible")?,
        article: row.opt_text("article")?.map(Key::of),
    })
}
