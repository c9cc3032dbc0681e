//! The threads: read in order, written once.

use haidang_engine::{
    lang::Lang,
    model::{Badge, Body, BodyFormat, Comment, CommentState, Page},
    time::Timestamp,
};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{
    Result, Store,
    page::{Order, Window},
    row::Columns,
};

const COLUMNS: &str =
    "id, parent, author, badge, lang, body, created, edited, votes, state, seq FROM comments";

/// A comment to write.
pub struct Entry {
    /// Its id, new in the whole database.
    pub id: String,
    /// The work it is about.
    pub thread: String,
    /// The comment it answers.
    pub parent: Option<String>,
    /// As signed.
    pub author: String,
    /// What the author is.
    pub badge: Badge,
    /// The language, if it is known.
    pub lang: Option<Lang>,
    /// Plain text.
    pub body: String,
    /// Now, or when it was written.
    pub created: Timestamp,
    /// Votes for, less votes against.
    pub votes: i32,
    /// Where it stands.
    pub state: CommentState,
}

/// That two requests are one: the client's key, and a digest of what it sent.
pub struct Idempotency {
    /// `Idempotency-Key`.
    pub key: String,
    /// Digest of the request.
    pub request: String,
}

/// What became of a comment to write.
pub enum Written {
    /// It was written.
    New(Comment),
    /// The same request was carried out before; this is what it wrote.
    Before(Comment),
    /// Its key was used before, for another request.
    KeyUsed,
    /// There is no such comment to answer in this thread.
    NoParent,
}

impl Store {
    /// A thread, oldest first; what waits for a moderator is left out.
    pub async fn comments(&self, work: &str, window: Window) -> Result<Page<Comment>> {
        let total: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM comments WHERE thread = ? AND state <> 'held'",
        )
        .bind(work)
        .fetch_one(self.pool())
        .await?;
        let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
        sql.push(COLUMNS).push(" WHERE thread = ").push_bind(work.to_owned());
        sql.push(" AND state <> 'held'");
        window.push_keys(&mut sql, "created", "seq", Order::Ascending);
        let rows = sql.build().fetch_all(self.pool()).await?;
        let items: Vec<(i64, Comment)> = rows
            .iter()
            .map(|row| Ok((row.try_get("seq")?, comment(row)?)))
            .collect::<Result<_>>()?;
        let slice = window.by_keys(items, |(seq, comment)| {
            let created = comment.created.map(|created| created.0).unwrap_or_default();
            (created.to_string(), seq.to_string())
        });
        Ok(Page {
            items: slice.items.into_iter().map(|(_, comment)| comment).collect(),
            next: slice.next,
            previous: slice.previous,
            total: u32::try_from(total).ok(),
            ..Page::default()
        })
    }

    /// What became of the request if it was carried out before.
    pub async fn carried_out(&self, once: &Idempotency) -> Result<Option<Written>> {
        before(&mut *self.pool().acquire().await?, once).await
    }

    /// Writes a comment, once for each idempotency key.
    pub async fn write(&self, entry: &Entry, once: Option<&Idempotency>) -> Result<Written> {
        // The write lock is taken at the start: two requests with one key cannot both see none.
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        if let Some(once) = once
            && let Some(written) = before(&mut tx, once).await?
        {
            return Ok(written);
        }
        if let Some(parent) = &entry.parent
            && !answerable(&mut tx, &entry.thread, parent).await?
        {
            return Ok(Written::NoParent);
        }
        insert(&mut tx, entry).await?;
        if let Some(once) = once {
            sqlx::query("INSERT INTO idempotency (key, request, comment) VALUES (?, ?, ?)")
                .bind(&once.key)
                .bind(&once.request)
                .bind(&entry.id)
                .execute(&mut *tx)
                .await?;
        }
        let written = one(&mut tx, &entry.id).await?;
        tx.commit().await?;
        Ok(Written::New(written))
    }

    /// Writes many at once, as they are; a parent comes before its replies.
    pub async fn write_all(&self, entries: &[Entry]) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for entry in entries {
            insert(&mut tx, entry).await?;
        }
        tx.commit().await
    }
}

async fn before(tx: &mut SqliteConnection, once: &Idempotency) -> Result<Option<Written>> {
    let row = sqlx::query("SELECT request, comment FROM idempotency WHERE key = ?")
        .bind(&once.key)
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    if row.text("request")? != once.request {
        return Ok(Some(Written::KeyUsed));
    }
    one(tx, &row.text("comment")?).await.map(|comment| Some(Written::Before(comment)))
}

async fn answerable(tx: &mut SqliteConnection, thread: &str, id: &str) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM comments WHERE id = ? AND thread = ? AND state = 'published'",
    )
    .bind(id)
    .bind(thread)
    .fetch_optional(tx)
    .await?;
    Ok(found.is_some())
}

/// Writes one row; the import uses it within its own transaction.
pub(crate) async fn insert(tx: &mut SqliteConnection, entry: &Entry) -> Result<()> {
    sqlx::query(
        "INSERT INTO comments (id, thread, parent, author, badge, lang, body, created, votes, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&entry.id)
    .bind(&entry.thread)
    .bind(&entry.parent)
    .bind(&entry.author)
    .bind(entry.badge.wire())
    .bind(entry.lang.as_ref().map(Lang::as_str))
    .bind(&entry.body)
    .bind(entry.created.0)
    .bind(entry.votes)
    .bind(entry.state.wire())
    .execute(tx)
    .await?;
    Ok(())
}

async fn one(tx: &mut SqliteConnection, id: &str) -> Result<Comment> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
    sql.push(COLUMNS).push(" WHERE id = ").push_bind(id.to_owned());
    comment(&sql.build().fetch_one(tx).await?)
}

fn comment(row: &SqliteRow) -> Result<Comment> {
    let state = CommentState::from_wire(&row.text("state")?).unwrap_or_default();
    let deleted = state == CommentState::Deleted;
    Ok(Comment {
        id: row.text("id")?,
        parent: row.opt_text("parent")?,
        author: if deleted { String::new() } else { row.text("author")? },
        badge: Badge::from_wire(&row.text("badge")?).unwrap_or_default(),
        lang: row.opt_text("lang")?.as_deref().and_then(Lang::parse),
        body: match deleted {
            true => None,
            false => Some(Body { format: BodyFormat::Text, value: row.text("body")? }),
        },
        created: row.opt_time("created")?,
        edited: row.opt_time("edited")?,
        votes: row.opt_int("votes")?.unwrap_or_default(),
        voted: 0,
        state,
        reason: None,
        pinned: false,
        featured: false,
        editable: None,
        revision: 0,
    })
}
