//! What one reader wrote: given to them, taken back by them, and forgotten after a time.

use haidang_engine::{model::Comment, time::Timestamp};
use sqlx::{QueryBuilder, Row, Sqlite};

use super::{COLUMNS, Result, Store, Viewer, changed, comment, write::take_away};
use crate::store::row::Columns;

/// How much was forgotten.
#[derive(Debug, PartialEq, Eq)]
pub struct Forgotten {
    /// Comments that belong to nobody now.
    pub comments: u64,
    /// Votes, reports and requests.
    pub traces: u64,
}

impl Store {
    /// Everything the reader wrote that is still there, oldest first, each with the work it is about.
    pub async fn mine(&self, viewer: &Viewer) -> Result<Vec<(String, Comment)>> {
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
        sql.push(COLUMNS);
        sql.push(" FROM comments c LEFT JOIN votes v ON v.comment = c.seq AND v.reader = ");
        sql.push_bind(viewer.token.clone()).push(" WHERE c.token = ");
        sql.push_bind(viewer.token.clone()).push(" AND c.state <> 'deleted' ORDER BY c.seq");
        let rows = sql.build().fetch_all(self.pool()).await?;
        rows.iter().map(|row| Ok((row.text("thread")?, comment(row, viewer)?))).collect()
    }

    /// Takes away everything the reader wrote, whenever that was, and who voted and reported; the
    /// numbers of votes stay.
    pub async fn erase(&self, token: &str) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let rows = sqlx::query("SELECT seq, thread FROM comments WHERE token = ?")
            .bind(token)
            .fetch_all(&mut *tx)
            .await?;
        for row in &rows {
            let seq = row.try_get("seq")?;
            take_away(&mut tx, seq).await?;
            changed(&mut tx, seq).await?;
        }
        for sql in [
            "UPDATE comments SET token = NULL WHERE token = ?",
            "DELETE FROM votes WHERE reader = ?",
            "UPDATE reports SET reader = NULL, detail = '' WHERE reader = ?",
            "DELETE FROM requests WHERE scope = ?",
        ] {
            sqlx::query(sql).bind(token).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        for row in &rows {
            self.announce(&row.text("thread")?);
        }
        Ok(())
    }

    /// Forgets who wrote, voted, reported and asked before `before`: e-mail addresses and digests of
    /// tokens. Addresses of clients are never kept.
    pub async fn forget(&self, before: Timestamp) -> Result<Forgotten> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut done = [0; 4];
        for (count, sql) in done.iter_mut().zip([
            "UPDATE comments SET token = NULL, email = NULL
             WHERE created < ? AND (token IS NOT NULL OR email IS NOT NULL)",
            "DELETE FROM votes WHERE at < ?",
            "UPDATE reports SET reader = NULL WHERE at < ? AND reader IS NOT NULL",
            "DELETE FROM requests WHERE at < ?",
        ]) {
            *count = sqlx::query(sql).bind(before.0).execute(&mut *tx).await?.rows_affected();
        }
        tx.commit().await?;
        let [comments, traces @ ..] = done;
        Ok(Forgotten { comments, traces: traces.iter().sum() })
    }
}
