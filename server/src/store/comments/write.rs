//! What readers do in a thread: in one transaction each, and once for each idempotency key.

use haidang_engine::{
    model::{Comment, CommentState},
    time::Timestamp,
};
use serde_json::Value;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, sqlite::SqliteRow};

use super::{Entry, Result, Store, Viewer, changed, insert, one, until};
use crate::store::{row::Columns, threads::ThreadId};

/// The cause of a comment that was changed after a moderator had read it.
pub const EDITED: &str = "edited";

/// Something to do.
#[derive(Debug)]
pub enum Act {
    /// Writes a comment.
    Post(Box<Entry>),
    /// Changes the text of one's own.
    Edit {
        /// The comment's id.
        comment: String,
        /// The new text.
        text: String,
        /// Why a moderator must read it again, if so.
        cause: Option<String>,
    },
    /// Takes one's own away.
    Delete {
        /// The comment's id.
        comment: String,
    },
    /// Votes, or takes the vote back.
    Vote {
        /// The comment's id.
        comment: String,
        /// 1, -1 or 0.
        vote: i8,
    },
    /// Tells the moderators.
    Report {
        /// The comment's id.
        comment: String,
        /// One of the reasons there are.
        reason: String,
        /// In the reader's words.
        detail: String,
        /// So many readers' reports hold a comment until a moderator has read it; 0 is never.
        hold_after: u32,
    },
}

/// That two requests are one: the client's key, and a digest of what it sent.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// `Idempotency-Key`.
    pub key: String,
    /// Digest of the request.
    pub digest: String,
}

/// An act with its circumstances.
#[derive(Debug)]
pub struct Doing {
    /// What.
    pub act: Act,
    /// In this thread.
    pub thread: ThreadId,
    /// By whom.
    pub viewer: Viewer,
    /// Once.
    pub once: Option<Idempotency>,
    /// When.
    pub now: Timestamp,
}

/// What is answered, now and if the same request comes again.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The HTTP status.
    pub status: u16,
    /// What it says; null is nothing.
    pub answer: Value,
    /// Whether it waits for a moderator since this request.
    pub held: bool,
}

/// Why nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The key was used before, for another request.
    KeyUsed,
    /// There is no such comment to answer in this thread.
    NoParent,
    /// There is no such comment in this thread.
    NoComment,
    /// It has been taken away.
    Gone,
    /// Somebody else wrote it.
    NotYours,
    /// The time to change it is over.
    TooLate,
}

/// What matters of a comment that something is done to.
struct Subject {
    seq: i64,
    state: CommentState,
    shown: bool,
    token: Option<String>,
    created: Timestamp,
    reviewed: bool,
}

type Outcome = std::result::Result<Taken, Refusal>;

impl Store {
    /// What was answered to the request if it was carried out before.
    pub async fn carried_out(
        &self,
        scope: Option<&str>,
        once: &Idempotency,
    ) -> Result<Option<Outcome>> {
        before(&mut *self.pool().acquire().await?, scope, once).await
    }

    /// Does it, or says why not.
    pub async fn carry_out(&self, doing: Doing) -> Result<Outcome> {
        // The write lock is taken at the start: two requests with one key cannot both see none.
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let scope = doing.viewer.token.as_deref();
        if let Some(once) = &doing.once
            && let Some(outcome) = before(&mut tx, scope, once).await?
        {
            return Ok(outcome);
        }
        let taken = match act(&mut tx, &doing).await? {
            Ok(taken) => taken,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(once) = &doing.once {
            sqlx::query(
                "INSERT INTO requests (scope, key, digest, status, answer, at) VALUES (?, ?, ?, ?, ?, ?)",
            )
            .bind(scope.unwrap_or_default())
            .bind(&once.key)
            .bind(&once.digest)
            .bind(taken.status)
            .bind(if taken.answer.is_null() { String::new() } else { taken.answer.to_string() })
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        self.announce(&doing.thread.work);
        Ok(Ok(taken))
    }
}

async fn before(
    tx: &mut SqliteConnection,
    scope: Option<&str>,
    once: &Idempotency,
) -> Result<Option<Outcome>> {
    let row =
        sqlx::query("SELECT digest, status, answer FROM requests WHERE scope = ? AND key = ?")
            .bind(scope.unwrap_or_default())
            .bind(&once.key)
            .fetch_optional(tx)
            .await?;
    let Some(row) = row else { return Ok(None) };
    if row.text("digest")? != once.digest {
        return Ok(Some(Err(Refusal::KeyUsed)));
    }
    Ok(Some(Ok(Taken {
        status: row.opt_int("status")?.unwrap_or(200),
        answer: serde_json::from_str(&row.text("answer")?).unwrap_or_default(),
        held: false,
    })))
}

async fn act(tx: &mut SqliteConnection, doing: &Doing) -> Result<Outcome> {
    let (thread, viewer) = (&doing.thread, &doing.viewer);
    match &doing.act {
        Act::Post(entry) => post(tx, entry, viewer).await,
        Act::Edit { comment, text, cause } => {
            let subject = match own(tx, doing, comment).await? {
                Ok(subject) => subject,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let is_published = subject.state == CommentState::Published;
            // What waits already keeps its cause; what was read is to be read again.
            let cause = cause.as_deref().filter(|cause| is_published || *cause != EDITED);
            sqlx::query(
                "UPDATE comments SET body = ?, edited = ?, state = iif(? IS NULL, state, 'held'),
                                     cause = coalesce(?, cause), reviewed = 0 WHERE seq = ?",
            )
            .bind(text)
            .bind(doing.now.0)
            .bind(cause)
            .bind(cause)
            .bind(subject.seq)
            .execute(&mut *tx)
            .await?;
            let held = cause.is_some() && is_published;
            answer(tx, subject.seq, viewer, 200, held).await
        }
        Act::Delete { comment } => {
            let subject = match own(tx, doing, comment).await? {
                Ok(subject) => subject,
                Err(refusal) => return Ok(Err(refusal)),
            };
            take_away(tx, subject.seq).await?;
            answer(tx, subject.seq, viewer, 200, false).await
        }
        Act::Vote { comment, vote } => {
            let subject = match standing(tx, thread, comment).await? {
                Ok(subject) => subject,
                Err(refusal) => return Ok(Err(refusal)),
            };
            self::vote(tx, doing, subject.seq, *vote).await?;
            answer(tx, subject.seq, viewer, 200, false).await
        }
        Act::Report { comment, reason, detail, hold_after } => {
            let subject = match standing(tx, thread, comment).await? {
                Ok(subject) => subject,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let held = report(tx, doing, &subject, (reason, detail), *hold_after).await?;
            Ok(Ok(Taken { status: 204, answer: Value::Null, held }))
        }
    }
}

async fn post(tx: &mut SqliteConnection, entry: &Entry, viewer: &Viewer) -> Result<Outcome> {
    if let Some(parent) = &entry.parent {
        match subject(tx, &entry.thread, parent).await? {
            Some(parent) if parent.state == CommentState::Published => {}
            _ => return Ok(Err(Refusal::NoParent)),
        }
    }
    let seq = insert(tx, entry).await?;
    answer(tx, seq, viewer, 201, entry.state == CommentState::Held).await
}

/// Ends a change: counts it, and answers with the comment as it is now.
async fn answer(
    tx: &mut SqliteConnection,
    seq: i64,
    viewer: &Viewer,
    status: u16,
    held: bool,
) -> Result<Outcome> {
    changed(tx, seq).await?;
    let answer = json(&one(tx, seq, viewer, status == 201).await?)?;
    Ok(Ok(Taken { status, answer, held }))
}

fn json(comment: &Comment) -> Result<Value> {
    serde_json::to_value(comment).map_err(|error| sqlx::Error::Encode(error.into()))
}

async fn subject(
    tx: &mut SqliteConnection,
    thread: &ThreadId,
    id: &str,
) -> Result<Option<Subject>> {
    let mut sql = QueryBuilder::<Sqlite>::new(
        "SELECT seq, state, shown, token, created, reviewed FROM comments WHERE id = ",
    );
    sql.push_bind(id.to_owned()).push(" AND ");
    thread.push(&mut sql, "comments");
    let row = sql.build().fetch_optional(tx).await?;
    let read = |row: SqliteRow| {
        Ok(Subject {
            seq: row.opt_int("seq")?.unwrap_or_default(),
            state: CommentState::from_wire(&row.text("state")?).unwrap_or_default(),
            shown: row.flag("shown")?,
            token: row.opt_text("token")?,
            created: row.time("created")?,
            reviewed: row.flag("reviewed")?,
        })
    };
    row.map(read).transpose()
}

/// A comment that everybody sees.
async fn standing(
    tx: &mut SqliteConnection,
    thread: &ThreadId,
    id: &str,
) -> Result<std::result::Result<Subject, Refusal>> {
    Ok(match subject(tx, thread, id).await? {
        Some(subject) if subject.state == CommentState::Published => Ok(subject),
        Some(subject) if subject.shown => Err(Refusal::Gone),
        _ => Err(Refusal::NoComment),
    })
}

/// A comment that its author may still change.
async fn own(
    tx: &mut SqliteConnection,
    doing: &Doing,
    id: &str,
) -> Result<std::result::Result<Subject, Refusal>> {
    let Some(subject) = subject(tx, &doing.thread, id).await? else {
        return Ok(Err(Refusal::NoComment));
    };
    let is_own = subject.token.is_some() && subject.token == doing.viewer.token;
    Ok(match subject.state {
        CommentState::Deleted => Err(Refusal::Gone),
        _ if !is_own && !subject.shown => Err(Refusal::NoComment),
        _ if !is_own => Err(Refusal::NotYours),
        CommentState::Rejected => Err(Refusal::Gone),
        _ if until(subject.created, doing.viewer.window) < doing.now => Err(Refusal::TooLate),
        _ => Ok(subject),
    })
}

/// Takes away what a comment says and who said it, also in what was answered; its place and its
/// replies stay. Whoever calls this counts the change.
pub(in crate::store) async fn take_away(tx: &mut SqliteConnection, seq: i64) -> Result<()> {
    sqlx::query(
        "UPDATE comments SET state = 'deleted', body = '', author = '', email = NULL, lang = NULL
         WHERE seq = ?",
    )
    .bind(seq)
    .execute(&mut *tx)
    .await?;
    let mut stub = one(tx, seq, &Viewer::default(), false).await?;
    // As it is once the change is counted.
    stub.revision += 1;
    // The requests themselves stay known: sent again, they would be carried out again.
    sqlx::query(
        "UPDATE requests SET answer = ?
         WHERE iif(instr(answer, ?) > 0, json_extract(answer, '$.id') = ?, FALSE)",
    )
    .bind(json(&stub)?.to_string())
    .bind(&stub.id)
    .bind(&stub.id)
    .execute(tx)
    .await?;
    Ok(())
}

async fn vote(tx: &mut SqliteConnection, doing: &Doing, seq: i64, vote: i8) -> Result<()> {
    let reader = &doing.viewer.token;
    let old: Option<i64> =
        sqlx::query_scalar("SELECT vote FROM votes WHERE comment = ? AND reader = ?")
            .bind(seq)
            .bind(reader)
            .fetch_optional(&mut *tx)
            .await?;
    let change = i64::from(vote) - old.unwrap_or_default();
    if vote == 0 {
        sqlx::query("DELETE FROM votes WHERE comment = ? AND reader = ?")
            .bind(seq)
            .bind(reader)
            .execute(&mut *tx)
            .await?;
    } else {
        sqlx::query("INSERT OR REPLACE INTO votes (comment, reader, vote, at) VALUES (?, ?, ?, ?)")
            .bind(seq)
            .bind(reader)
            .bind(vote)
            .bind(doing.now.0)
            .execute(&mut *tx)
            .await?;
    }
    sqlx::query("UPDATE comments SET votes = votes + ? WHERE seq = ?")
        .bind(change)
        .bind(seq)
        .execute(tx)
        .await?;
    Ok(())
}

/// Keeps a report, one of each reader; says whether the comment is held for it.
async fn report(
    tx: &mut SqliteConnection,
    doing: &Doing,
    subject: &Subject,
    (reason, detail): (&str, &str),
    hold_after: u32,
) -> Result<bool> {
    // Settled is what a moderator has read: a comment that was changed since is another one.
    sqlx::query(
        "INSERT INTO reports (comment, reader, reason, detail, at) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (comment, reader) DO UPDATE SET reason = excluded.reason,
             detail = excluded.detail, at = iif(?, at, excluded.at), settled = iif(?, settled, 0)",
    )
    .bind(subject.seq)
    .bind(&doing.viewer.token)
    .bind(reason)
    .bind(detail)
    .bind(doing.now.0)
    .bind(subject.reviewed)
    .bind(subject.reviewed)
    .execute(&mut *tx)
    .await?;
    // What a moderator has read and let stand is not held again by numbers alone.
    if hold_after == 0 || subject.reviewed {
        return Ok(false);
    }
    let readers: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM reports WHERE comment = ? AND settled = 0 AND reader IS NOT NULL",
    )
    .bind(subject.seq)
    .fetch_one(&mut *tx)
    .await?;
    if readers < i64::from(hold_after) {
        return Ok(false);
    }
    sqlx::query("UPDATE comments SET state = 'held', cause = 'reports' WHERE seq = ?")
        .bind(subject.seq)
        .execute(&mut *tx)
        .await?;
    changed(tx, subject.seq).await?;
    Ok(true)
}
