//! What moderators decide of comments and threads.
//!
//! Every decision and its line in the log are one transaction: there is none without the other.

use haidang_engine::{model::CommentState, time::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{Row, sqlite::SqliteRow};

use super::{
    Result, Store,
    audit::{Line, log},
    comments::{changed, take_away},
    moderators::Role,
    row::Columns,
    threads::{self, Opening},
};

/// What is done with a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Everybody sees it; reports of it are settled.
    Approve,
    /// Only its author sees it, with the reason.
    Reject,
    /// Its text and name are gone.
    Delete,
    /// Stays at the top.
    Pin,
    /// No longer.
    Unpin,
    /// Picked by the editors.
    Feature,
    /// No longer.
    Unfeature,
}

impl Verdict {
    /// As the log names it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Approve => "approve",
            Verdict::Reject => "reject",
            Verdict::Delete => "delete",
            Verdict::Pin => "pin",
            Verdict::Unpin => "unpin",
            Verdict::Feature => "feature",
            Verdict::Unfeature => "unfeature",
        }
    }

    /// Who may do it.
    pub fn needs(self) -> Role {
        match self {
            Verdict::Approve | Verdict::Reject | Verdict::Delete => Role::Moderator,
            _ => Role::Editor,
        }
    }
}

/// Which comments are looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Those that wait, the oldest first.
    Held,
    /// Those that readers reported, the most often first.
    Reported,
    /// All, the newest first.
    Recent,
}

/// A comment as moderators see it.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its id.
    pub id: String,
    /// The work it is about.
    pub thread: String,
    /// The title of that.
    pub title: String,
    /// As signed.
    pub author: String,
    /// If it was given.
    pub email: Option<String>,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub created: Timestamp,
    /// Where it stands.
    pub state: CommentState,
    /// Why the machine held it.
    pub cause: Option<String>,
    /// What a moderator said.
    pub reason: Option<String>,
    /// At the top.
    pub pinned: bool,
    /// Picked.
    pub featured: bool,
    /// Reports that nobody has settled: reason and words.
    pub reports: Vec<(String, String)>,
}

impl Store {
    /// At most `limit` comments to look through.
    pub async fn queue(&self, queue: Queue, limit: u32) -> Result<Vec<Case>> {
        let (filter, order) = match queue {
            Queue::Held => ("c.state = 'held'", "c.seq"),
            Queue::Reported => (
                "c.state <> 'deleted' AND c.seq IN (SELECT comment FROM reports WHERE settled = 0)",
                "(SELECT COUNT(*) FROM reports r WHERE r.comment = c.seq AND settled = 0) DESC, c.seq",
            ),
            Queue::Recent => ("TRUE", "c.seq DESC"),
        };
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT c.seq, c.id, c.thread, c.author, c.email, c.body, c.created, c.state, c.cause,
                    c.reason, c.pinned, c.featured,
                    (SELECT title FROM versions WHERE work = c.thread
                     ORDER BY kind = 'original' DESC LIMIT 1) AS title
             FROM comments c WHERE {filter} ORDER BY {order} LIMIT ?"
        )))
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        let mut cases = Vec::with_capacity(rows.len());
        for row in &rows {
            let reports = sqlx::query(
                "SELECT reason, detail FROM reports WHERE comment = ? AND settled = 0 ORDER BY seq",
            )
            .bind(row.try_get::<i64, _>("seq")?)
            .fetch_all(self.pool())
            .await?;
            let report = |row: &SqliteRow| Ok((row.text("reason")?, row.text("detail")?));
            cases.push(case(row, reports.iter().map(report).collect::<Result<_>>()?)?);
        }
        Ok(cases)
    }

    /// How many comments wait, and how many are reported.
    pub async fn waiting(&self) -> Result<(u32, u32)> {
        let row = sqlx::query(
            "SELECT (SELECT COUNT(*) FROM comments WHERE state = 'held') AS held,
                    (SELECT COUNT(DISTINCT r.comment) FROM reports r
                     JOIN comments c ON c.seq = r.comment AND c.state <> 'deleted'
                     WHERE r.settled = 0) AS reported",
        )
        .fetch_one(self.pool())
        .await?;
        let count = |name| Ok::<u32, sqlx::Error>(row.opt_int(name)?.unwrap_or_default());
        Ok((count("held")?, count("reported")?))
    }

    /// Carries a verdict out; false if there is no such comment, or no more to decide of it.
    pub async fn judge(
        &self,
        id: &str,
        verdict: Verdict,
        (who, why): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let found =
            sqlx::query("SELECT seq, thread FROM comments WHERE id = ? AND state <> 'deleted'")
                .bind(id)
                .fetch_optional(&mut *tx)
                .await?;
        let Some(row) = found else { return Ok(false) };
        let (seq, thread): (i64, String) = (row.try_get("seq")?, row.text("thread")?);
        let sql = match verdict {
            Verdict::Approve => {
                "UPDATE comments SET state = 'published', shown = 1, reviewed = 1, cause = NULL,
                                     reason = NULL WHERE seq = ?"
            }
            Verdict::Reject => "UPDATE comments SET state = 'rejected', reviewed = 1 WHERE seq = ?",
            Verdict::Delete => "UPDATE comments SET reviewed = 1, cause = NULL WHERE seq = ?",
            Verdict::Pin => "UPDATE comments SET pinned = 1 WHERE seq = ?",
            Verdict::Unpin => "UPDATE comments SET pinned = 0 WHERE seq = ?",
            Verdict::Feature => "UPDATE comments SET featured = 1 WHERE seq = ?",
            Verdict::Unfeature => "UPDATE comments SET featured = 0 WHERE seq = ?",
        };
        sqlx::query(sql).bind(seq).execute(&mut *tx).await?;
        if verdict == Verdict::Reject {
            sqlx::query("UPDATE comments SET reason = ? WHERE seq = ?")
                .bind(why)
                .bind(seq)
                .execute(&mut *tx)
                .await?;
        }
        if verdict == Verdict::Delete {
            take_away(&mut tx, seq).await?;
        }
        if verdict.needs() == Role::Moderator {
            sqlx::query("UPDATE reports SET settled = 1 WHERE comment = ?")
                .bind(seq)
                .execute(&mut *tx)
                .await?;
        }
        changed(&mut tx, seq).await?;
        let line = Line {
            who,
            what: verdict.name(),
            place: Some(&thread),
            comment: Some(id),
            why,
            ..Line::at(now)
        };
        log(&mut tx, line).await?;
        tx.commit().await?;
        self.announce(&thread);
        Ok(true)
    }

    /// Opens or closes the thread of `work`; false if there is no such work.
    pub async fn open_thread(
        &self,
        work: &str,
        opening: Opening,
        (who, why): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        if threads::open_thread(&mut tx, work, opening).await?.is_none() {
            return Ok(false);
        }
        let line = Line { who, what: decided(opening), place: Some(work), why, ..Line::at(now) };
        log(&mut tx, line).await?;
        tx.commit().await?;
        self.announce(work);
        Ok(true)
    }

    /// Opens or closes all threads of a section; false if there is no such section.
    pub async fn open_section(
        &self,
        section: &str,
        opening: Opening,
        (who, why): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let Some(works) = threads::open_section(&mut tx, section, opening).await? else {
            return Ok(false);
        };
        let line = Line { who, what: decided(opening), place: Some(section), why, ..Line::at(now) };
        log(&mut tx, line).await?;
        tx.commit().await?;
        works.iter().for_each(|work| self.announce(work));
        Ok(true)
    }
}

fn decided(opening: Opening) -> &'static str {
    if opening.open { "open" } else { "close" }
}

fn case(row: &SqliteRow, reports: Vec<(String, String)>) -> Result<Case> {
    Ok(Case {
        id: row.text("id")?,
        thread: row.text("thread")?,
        title: row.opt_text("title")?.unwrap_or_default(),
        author: row.text("author")?,
        email: row.opt_text("email")?,
        text: row.text("body")?,
        created: row.time("created")?,
        state: CommentState::from_wire(&row.text("state")?).unwrap_or_default(),
        cause: row.opt_text("cause")?,
        reason: row.opt_text("reason")?,
        pinned: row.flag("pinned")?,
        featured: row.flag("featured")?,
        reports,
    })
}
