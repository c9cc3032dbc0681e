//! The log of who decided what, when and why. What is written stays: the database itself refuses to change
//! it.

use haidang_engine::time::Timestamp;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{Result, Store, row::Columns};

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// Its number.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What.
    pub what: String,
    /// In which thread, or of which section or moderator.
    pub thread: Option<String>,
    /// With which comment.
    pub comment: Option<String>,
    /// Why.
    pub why: Option<String>,
}

impl Store {
    /// The last `limit` lines of the log before the line `before`, the newest first.
    pub async fn log(&self, before: Option<i64>, limit: u32) -> Result<Vec<Logged>> {
        let rows = sqlx::query(
            "SELECT seq, at, who, what, thread, comment, why FROM audit WHERE seq < ?
             ORDER BY seq DESC LIMIT ?",
        )
        .bind(before.unwrap_or(i64::MAX))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        let line = |row: &SqliteRow| {
            Ok(Logged {
                seq: row.opt_int("seq")?.unwrap_or_default(),
                at: row.time("at")?,
                who: row.text("who")?,
                what: row.text("what")?,
                thread: row.opt_text("thread")?,
                comment: row.opt_text("comment")?,
                why: row.opt_text("why")?,
            })
        };
        rows.iter().map(line).collect()
    }
}

/// A line to write.
pub(super) struct Line<'a> {
    pub(super) at: Timestamp,
    pub(super) who: &'a str,
    pub(super) what: &'a str,
    pub(super) place: Option<&'a str>,
    pub(super) comment: Option<&'a str>,
    pub(super) why: Option<&'a str>,
}

impl Line<'_> {
    /// Nothing yet.
    pub(super) fn at(now: Timestamp) -> Self {
        Self { at: now, who: "", what: "", place: None, comment: None, why: None }
    }
}

/// Writes a line, in the transaction that does what it says.
pub(super) async fn log(tx: &mut SqliteConnection, line: Line<'_>) -> Result<()> {
    sqlx::query(
        "INSERT INTO audit (at, who, what, thread, comment, why) VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(line.at.0)
    .bind(line.who)
    .bind(line.what)
    .bind(line.place)
    .bind(line.comment)
    .bind(line.why)
    .execute(tx)
    .await?;
    Ok(())
}
