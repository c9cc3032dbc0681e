//! Which threads take comments: each by itself, by its section, and by the age of its article.

use haidang_engine::{profile::Portal, time::Timestamp};
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{Result, Store, row::Columns};

const DAY: i64 = 86_400_000;

/// What a thread belongs to (`comments.scope` of portal.json).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scope {
    /// To the work: all its versions show the same comments.
    #[default]
    Work,
    /// To the version: each language has its own.
    Version,
}

impl Scope {
    /// As a portal has it.
    pub fn of(portal: Option<&Portal>) -> Self {
        let comments = portal.and_then(|portal| portal.comments.as_ref());
        match comments.and_then(|comments| comments.scope.as_deref()) {
            Some("version") => Self::Version,
            _ => Self::Work,
        }
    }

    /// Of the numbers of comments in a row, the one that counts.
    pub(super) fn count(self, row: &SqliteRow) -> Result<Option<u32>> {
        row.opt_int(match self {
            Self::Work => "of_work",
            Self::Version => "of_version",
        })
    }
}

/// Names a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThreadId {
    /// The work.
    pub work: String,
    /// The version, where threads belong to versions. What was written under the work stands under each.
    pub edition: Option<String>,
}

impl ThreadId {
    /// The thread of all versions.
    pub fn of_work(work: &str) -> Self {
        Self { work: work.to_owned(), edition: None }
    }

    /// Adds to a query the condition that the comments called `table` are of this thread.
    pub(super) fn push(&self, sql: &mut QueryBuilder<Sqlite>, table: &str) {
        sql.push(format_args!("{table}.thread = ")).push_bind(self.work.clone());
        if let Some(edition) = &self.edition {
            sql.push(format_args!(" AND ({table}.edition IS NULL OR {table}.edition = "));
            sql.push_bind(edition.clone()).push(")");
        }
    }
}

/// The thread that an article's comments belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Names it.
    pub id: ThreadId,
    /// The section it is in.
    pub section: String,
    /// Whether a moderator lets it be open.
    pub open: bool,
    /// Whether its section's threads are open.
    pub section_open: bool,
    /// Days after publication until it closes, if that is said of the article.
    pub close_after: Option<u32>,
    /// The same, if it is said of the section.
    pub section_close_after: Option<u32>,
    /// When the article was published.
    pub published: Timestamp,
}

impl Thread {
    /// Whether new comments are taken at `now`; `close_after` is the portal's number of days, 0 is never.
    pub fn is_open(&self, now: Timestamp, close_after: u32) -> bool {
        let days = self.close_after.or(self.section_close_after).unwrap_or(close_after);
        let end = self.published.0.saturating_add(i64::from(days) * DAY);
        self.open && self.section_open && (days == 0 || now.0 < end)
    }
}

/// What a moderator decides of a thread, or of all threads of a section.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Whether comments are taken.
    pub open: bool,
    /// Days after publication until a thread closes; 0 is never, `None` leaves it to what is above.
    pub close_after: Option<u32>,
}

/// A section with what is decided of its threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its id.
    pub id: String,
    /// What is decided.
    pub opening: Opening,
}

const SELECT: &str = "SELECT w.id, w.section, w.comments_open, w.close_after,
        coalesce(s.open, 1) AS section_open, s.close_after AS section_close_after,
        (SELECT min(published) FROM versions WHERE work = w.id) AS published
    FROM works w LEFT JOIN section_threads s ON s.section = w.section";

impl Store {
    /// The thread of the version, or the work, with this id.
    pub async fn thread(&self, id: &str) -> Result<Option<Thread>> {
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "{SELECT} WHERE w.id = coalesce((SELECT work FROM versions WHERE id = ?), ?)"
        )))
        .bind(id)
        .bind(id)
        .fetch_optional(self.pool())
        .await?;
        let Some(mut thread) = row.as_ref().map(thread).transpose()? else { return Ok(None) };
        if self.scope == Scope::Version {
            thread.id.edition = sqlx::query_scalar("SELECT id FROM versions WHERE id = ?")
                .bind(id)
                .fetch_optional(self.pool())
                .await?;
        }
        Ok(Some(thread))
    }

    /// The threads of the newest `limit` articles.
    pub async fn threads(&self, limit: u32) -> Result<Vec<Thread>> {
        let newest = format!("{SELECT} ORDER BY published DESC LIMIT ?");
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(newest)).bind(limit).fetch_all(self.pool()).await?;
        rows.iter().map(thread).collect()
    }

    /// Every section, in the portal's order, with what is decided of its threads.
    pub async fn thread_sections(&self) -> Result<Vec<Section>> {
        let rows = sqlx::query(
            "SELECT t.id, coalesce(s.open, 1) AS open, s.close_after
             FROM terms t LEFT JOIN section_threads s ON s.section = t.id
             WHERE t.kind = 'section' ORDER BY t.position",
        )
        .fetch_all(self.pool())
        .await?;
        let section = |row: &SqliteRow| {
            let opening =
                Opening { open: row.flag("open")?, close_after: row.opt_int("close_after")? };
            Ok(Section { id: row.text("id")?, opening })
        };
        rows.iter().map(section).collect()
    }

    /// The work with the newest article whose thread takes comments.
    pub async fn newest_open_thread(&self) -> Result<Option<String>> {
        sqlx::query_scalar(
            "SELECT w.id FROM versions v JOIN works w ON w.id = v.work WHERE w.comments_open
             ORDER BY v.published DESC LIMIT 1",
        )
        .fetch_optional(self.pool())
        .await
    }
}

/// Decides of one thread, in the caller's transaction; `None` if there is no such work.
pub(super) async fn open_thread(
    tx: &mut SqliteConnection,
    work: &str,
    opening: Opening,
) -> Result<Option<()>> {
    sqlx::query("UPDATE changes SET last = last + 1").execute(&mut *tx).await?;
    let done = sqlx::query(
        "UPDATE works SET comments_open = ?, close_after = ?,
                          rules_event = (SELECT last FROM changes) WHERE id = ?",
    )
    .bind(opening.open)
    .bind(opening.close_after)
    .bind(work)
    .execute(tx)
    .await?;
    Ok((done.rows_affected() > 0).then_some(()))
}

/// Decides of all threads of a section, in the caller's transaction; the works this concerns, or `None`
/// if there is no such section.
pub(super) async fn open_section(
    tx: &mut SqliteConnection,
    section: &str,
    opening: Opening,
) -> Result<Option<Vec<String>>> {
    let done = sqlx::query(
        "INSERT OR REPLACE INTO section_threads (section, open, close_after)
         SELECT id, ?, ? FROM terms WHERE kind = 'section' AND id = ?",
    )
    .bind(opening.open)
    .bind(opening.close_after)
    .bind(section)
    .execute(&mut *tx)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(None);
    }
    sqlx::query("UPDATE changes SET last = last + 1").execute(&mut *tx).await?;
    sqlx::query_scalar(
        "UPDATE works SET rules_event = (SELECT last FROM changes) WHERE section = ? RETURNING id",
    )
    .bind(section)
    .fetch_all(tx)
    .await
    .map(Some)
}

fn thread(row: &SqliteRow) -> Result<Thread> {
    Ok(Thread {
        id: ThreadId { work: row.text("id")?, edition: None },
        section: row.text("section")?,
        open: row.flag("comments_open")?,
        section_open: row.flag("section_open")?,
        close_after: row.opt_int("close_after")?,
        section_close_after: row.opt_int("section_close_after")?,
        published: row.opt_time("published")?.unwrap_or(Timestamp(0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(close_after: Option<u32>, section: Option<u32>) -> Thread {
        Thread {
            id: ThreadId { work: "w".into(), edition: None },
            section: "s".into(),
            open: true,
            section_open: true,
            close_after,
            section_close_after: section,
            published: Timestamp(0),
        }
    }

    #[test]
    fn what_is_said_of_an_article_goes_before_its_section_and_that_before_the_portal() {
        let on_day = |day: i64| Timestamp(day * DAY);
        assert!(thread(None, None).is_open(on_day(900), 0));
        assert!(
            !thread(None, None).is_open(on_day(7), 7) && thread(None, None).is_open(on_day(6), 7)
        );
        assert!(!thread(None, Some(3)).is_open(on_day(3), 7));
        assert!(thread(Some(10), Some(3)).is_open(on_day(9), 7));
        assert!(thread(Some(0), Some(3)).is_open(on_day(900), 7), "0 is never");
        let closed = Thread { section_open: false, ..thread(Some(0), None) };
        assert!(!closed.is_open(on_day(0), 0));
    }
}
