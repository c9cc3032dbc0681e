//! What has changed in a thread since a number: each comment that changed, as everybody sees it now.
//!
//! The number of its last change stands with a comment, so nothing is ever lost, whatever somebody
//! missed, and what was taken away is in no log.

use haidang_engine::model::Comment;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{COLUMNS, Result, Store, Viewer, comment};
use crate::store::{row::Columns, threads::ThreadId};

/// More changes than this are read anew faster.
const MOST: usize = 1000;

/// One change.
#[derive(Debug)]
pub struct Change {
    /// Its number.
    pub id: i64,
    /// The comment as it is now; `None` says that the thread's rules changed.
    pub comment: Option<Comment>,
}

/// What somebody missed.
#[derive(Debug)]
pub enum Missed {
    /// These, in order.
    Changes(Vec<Change>),
    /// Too much, or the number is not one of this database: read anew; the last change is this.
    Reset(i64),
}

impl Store {
    /// The number of the last change in a thread; 0 if nothing ever changed.
    pub async fn last_change(&self, thread: &ThreadId) -> Result<i64> {
        last(&mut *self.pool().acquire().await?, thread).await
    }

    /// What has changed in a thread since the change `after`.
    pub async fn changes(&self, thread: &ThreadId, after: i64) -> Result<Missed> {
        let mut tx = self.pool().begin().await?;
        let newest: i64 =
            sqlx::query_scalar("SELECT last FROM changes").fetch_one(&mut *tx).await?;
        if after > newest || after < 0 {
            return Ok(Missed::Reset(last(&mut tx, thread).await?));
        }
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
        sql.push(COLUMNS);
        sql.push(" FROM comments c LEFT JOIN votes v ON FALSE WHERE ");
        thread.push(&mut sql, "c");
        sql.push(" AND c.event > ").push_bind(after);
        sql.push(" AND c.shown = 1 ORDER BY c.event LIMIT ");
        sql.push_bind(i64::try_from(MOST + 1).unwrap_or(i64::MAX));
        let rows = sql.build().fetch_all(&mut *tx).await?;
        if rows.len() > MOST {
            return Ok(Missed::Reset(last(&mut tx, thread).await?));
        }
        let everybody = Viewer::default();
        let change = |row: &SqliteRow| {
            let id = row.opt_int("event")?.unwrap_or_default();
            Ok(Change { id, comment: Some(comment(row, &everybody)?) })
        };
        let mut changes = rows.iter().map(change).collect::<Result<Vec<_>>>()?;
        let rules: i64 = sqlx::query_scalar("SELECT rules_event FROM works WHERE id = ?")
            .bind(&thread.work)
            .fetch_one(&mut *tx)
            .await?;
        if rules > after {
            changes.push(Change { id: rules, comment: None });
            changes.sort_by_key(|change| change.id);
        }
        Ok(Missed::Changes(changes))
    }
}

/// The number of the last change in a thread.
pub(super) async fn last(tx: &mut SqliteConnection, thread: &ThreadId) -> Result<i64> {
    sqlx::query_scalar(
        "SELECT max(coalesce((SELECT max(event) FROM comments WHERE thread = w.id), 0), rules_event)
         FROM works w WHERE id = ?",
    )
    .bind(&thread.work)
    .fetch_one(tx)
    .await
}
