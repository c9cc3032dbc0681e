//! Announcements in force.

use haidang_engine::{
    model::{Key, Notice, NoticeLevel},
    time::Timestamp,
};
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, row::Columns};
use crate::texts::Wanted;

impl Store {
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
