//! The threads: read in order, written to once, followed as they change.
//!
//! - `list`: a page of a thread, in any of four orders.
//! - `write`: what readers do, each once.
//! - `live`: what has changed since.
//! - `mine`: what one reader wrote, and how it is forgotten.
//! - `transfer`: a whole thread as one file.

mod list;
mod live;
mod mine;
mod transfer;
mod write;

use haidang_engine::{
    lang::Lang,
    model::{Badge, Body, BodyFormat, Comment, CommentState},
    time::Timestamp,
};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{Result, Store, row::Columns, threads::ThreadId};

pub use list::{Place, Slice, ThreadOrder};
pub use live::{Change, Missed};
pub use mine::Forgotten;
pub use transfer::{Kept, KeptThread};
pub(super) use write::take_away;
pub use write::{Act, Doing, EDITED, Idempotency, Refusal, Taken};

/// What a comment is made of, with the vote of the reader who asks: `FROM comments c`, joined to
/// `votes v` by that reader.
const COLUMNS: &str =
    "c.seq, c.id, c.thread, c.parent, c.author, c.badge, c.lang, c.body, c.created,
    c.edited, c.votes, c.state, c.token, c.reason, c.pinned, c.featured, c.revision, c.event,
    coalesce(v.vote, 0) AS voted";

/// Rows that one statement writes.
const AT_ONCE: usize = 200;

/// A comment to write.
#[derive(Debug)]
pub struct Entry {
    /// Its id, new in the whole database.
    pub id: String,
    /// What it is about.
    pub thread: ThreadId,
    /// The comment it answers.
    pub parent: Option<String>,
    /// As signed.
    pub author: String,
    /// What the author is.
    pub badge: Badge,
    /// The language, if it is known.
    pub lang: Option<Lang>,
    /// Small Markdown.
    pub body: String,
    /// Now, or when it was written.
    pub created: Timestamp,
    /// Votes for, less votes against.
    pub votes: i32,
    /// Where it stands.
    pub state: CommentState,
    /// Digest of what its author shows to be recognised.
    pub token: Option<String>,
    /// For the moderators alone.
    pub email: Option<String>,
    /// Why the machine holds it, see [`crate::screen`].
    pub cause: Option<String>,
}

/// Who asks, and how long they may change what they wrote.
#[derive(Debug, Clone, Default)]
pub struct Viewer {
    /// Digest of the reader's token.
    pub token: Option<String>,
    /// Seconds.
    pub window: u32,
}

impl Store {
    /// Writes many at once, as they are; a parent comes before its replies.
    pub async fn write_all(&self, entries: &[Entry]) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        for some in entries.chunks(AT_ONCE) {
            inserting(some).build().execute(&mut *tx).await?;
        }
        tx.commit().await
    }

    /// How many published comments the threads of these articles have, by any version's id; what
    /// is no article is left out.
    pub async fn counts(&self, ids: &[String]) -> Result<Vec<(String, u32)>> {
        let mut sql = QueryBuilder::<Sqlite>::new(
            "SELECT v.id, w.comments AS of_work, v.comments AS of_version
             FROM versions v JOIN works w ON w.id = v.work WHERE v.id IN (",
        );
        let mut list = sql.separated(", ");
        ids.iter().for_each(|id| {
            list.push_bind(id);
        });
        sql.push(")");
        let rows = sql.build().fetch_all(self.pool()).await?;
        let count = |row: &SqliteRow| Ok((row.text("id")?, self.scope.count(row)?.unwrap_or(0)));
        rows.iter().map(count).collect()
    }
}

/// Writes one row; the import uses it within its own transaction. The number of its change is left
/// to the caller: what is there from the beginning is no change.
pub(crate) async fn insert(tx: &mut SqliteConnection, entry: &Entry) -> Result<i64> {
    let done = inserting(std::slice::from_ref(entry)).build().execute(tx).await?;
    Ok(done.last_insert_rowid())
}

/// The statement that writes rows.
fn inserting(entries: &[Entry]) -> QueryBuilder<Sqlite> {
    let mut sql = QueryBuilder::new(
        "INSERT INTO comments (id, thread, edition, parent, author, badge, lang, body, created, votes, state,
                               shown, token, email, cause) ",
    );
    sql.push_values(entries, |mut row, entry| {
        row.push_bind(entry.id.clone())
            .push_bind(entry.thread.work.clone())
            .push_bind(entry.thread.edition.clone())
            .push_bind(entry.parent.clone())
            .push_bind(entry.author.clone())
            .push_bind(entry.badge.wire())
            .push_bind(entry.lang.as_ref().map(|lang| lang.as_str().to_owned()))
            .push_bind(entry.body.clone())
            .push_bind(entry.created.0)
            .push_bind(entry.votes)
            .push_bind(entry.state.wire())
            .push_bind(matches!(entry.state, CommentState::Published | CommentState::Deleted))
            .push_bind(entry.token.clone())
            .push_bind(entry.email.clone())
            .push_bind(entry.cause.clone());
    });
    sql
}

/// Counts a change of a comment: every change goes through here, in the transaction that makes it,
/// and whoever commits that calls [`Store::announce`].
pub(super) async fn changed(tx: &mut SqliteConnection, seq: i64) -> Result<()> {
    sqlx::query("UPDATE changes SET last = last + 1").execute(&mut *tx).await?;
    sqlx::query(
        "UPDATE comments SET revision = revision + 1, event = (SELECT last FROM changes)
         WHERE seq = ?",
    )
    .bind(seq)
    .execute(tx)
    .await?;
    Ok(())
}

/// A comment as `viewer` sees it, who has just written it or not.
async fn one(
    tx: &mut SqliteConnection,
    seq: i64,
    viewer: &Viewer,
    written: bool,
) -> Result<Comment> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
    sql.push(COLUMNS)
        .push(" FROM comments c LEFT JOIN votes v ON v.comment = c.seq AND v.reader = ");
    sql.push_bind(viewer.token.clone()).push(" WHERE c.seq = ").push_bind(seq);
    seen(&sql.build().fetch_one(tx).await?, viewer, written)
}

/// What a row is to `viewer`: to others than its author, what is no longer published is a stub that
/// keeps its replies.
fn comment(row: &SqliteRow, viewer: &Viewer) -> Result<Comment> {
    seen(row, viewer, false)
}

fn seen(row: &SqliteRow, viewer: &Viewer, written: bool) -> Result<Comment> {
    let kept = CommentState::from_wire(&row.text("state")?).unwrap_or_default();
    let owner = row.opt_text("token")?;
    let is_own = owner.is_some() && owner == viewer.token;
    let state = match kept {
        CommentState::Held | CommentState::Rejected if !is_own && !written => CommentState::Deleted,
        state => state,
    };
    let created = row.time("created")?;
    let mut comment = Comment {
        id: row.text("id")?,
        parent: row.opt_text("parent")?,
        author: String::new(),
        badge: Badge::default(),
        lang: None,
        body: None,
        created: Some(created),
        edited: None,
        votes: 0,
        voted: 0,
        state,
        reason: None,
        pinned: row.flag("pinned")?,
        featured: false,
        editable: None,
        revision: row.opt_int("revision")?.unwrap_or_default(),
    };
    if state == CommentState::Deleted {
        return Ok(comment);
    }
    comment.author = row.text("author")?;
    comment.badge = Badge::from_wire(&row.text("badge")?).unwrap_or_default();
    comment.lang = row.opt_text("lang")?.as_deref().and_then(Lang::parse);
    comment.body = Some(Body { format: BodyFormat::Markdown, value: row.text("body")? });
    comment.edited = row.opt_time("edited")?;
    comment.votes = row.opt_int("votes")?.unwrap_or_default();
    comment.voted = row.try_get("voted")?;
    comment.featured = row.flag("featured")?;
    if is_own {
        comment.reason = row.opt_text("reason")?;
        let may = matches!(state, CommentState::Published | CommentState::Held);
        comment.editable = (may && viewer.window > 0).then(|| until(created, viewer.window));
    }
    Ok(comment)
}

/// The end of a window of so many seconds.
fn until(created: Timestamp, window: u32) -> Timestamp {
    Timestamp(created.0.saturating_add(i64::from(window) * 1000))
}
