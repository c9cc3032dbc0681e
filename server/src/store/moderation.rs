//! Moderators, what they decide, and the log of it.
//!
//! Every decision and its line in the log are one transaction: there is none without the other.

use haidang_engine::{model::CommentState, time::Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{Row, SqliteConnection, sqlite::SqliteRow};

use super::{
    Result, Store,
    comments::{changed, take_away},
    row::Columns,
    threads::{self, Opening},
};

/// What a moderator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Role {
    /// Approve, reject, take away.
    Moderator,
    /// Also pin and pick, open and close threads, and read the log.
    Editor,
}

impl Role {
    /// As the database and the command line name it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Moderator => "moderator",
            Role::Editor => "editor",
        }
    }

    fn of(name: &str) -> Self {
        if name == "editor" { Role::Editor } else { Role::Moderator }
    }
}

/// Somebody with a name and a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moderator {
    /// As in the log.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they may still sign in.
    pub active: bool,
}

/// A moderator who has signed in.
#[derive(Debug, Clone)]
pub struct Session {
    /// Who.
    pub moderator: Moderator,
    /// What their forms must carry.
    pub csrf: String,
}

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

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
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
    /// Makes a moderator, or gives one that is there a new password and role; sessions end.
    pub async fn set_moderator(
        &self,
        name: &str,
        role: Role,
        password: &str,
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "INSERT INTO moderators (name, role, password, created) VALUES (?, ?, ?, ?)
             ON CONFLICT (name) DO UPDATE SET role = excluded.role, password = excluded.password,
                 active = 1",
        )
        .bind(name)
        .bind(role.name())
        .bind(password)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        end_sessions(&mut tx, name).await?;
        let line =
            Line { who: "command line", what: role.name(), place: Some(name), ..Line::at(now) };
        log(&mut tx, line).await?;
        tx.commit().await
    }

    /// Lets a moderator in no more; what they did stays in the log. Says whether there was one.
    pub async fn retire_moderator(&self, name: &str, now: Timestamp) -> Result<bool> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let done = sqlx::query("UPDATE moderators SET active = 0 WHERE name = ?")
            .bind(name)
            .execute(&mut *tx)
            .await?;
        end_sessions(&mut tx, name).await?;
        let line = Line { who: "command line", what: "retire", place: Some(name), ..Line::at(now) };
        log(&mut tx, line).await?;
        tx.commit().await?;
        Ok(done.rows_affected() > 0)
    }

    /// Every moderator, by name.
    pub async fn moderators(&self) -> Result<Vec<Moderator>> {
        let rows = sqlx::query("SELECT name, role, active FROM moderators ORDER BY name")
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(moderator).collect()
    }

    /// An active moderator's password, hashed.
    pub async fn password(&self, name: &str) -> Result<Option<String>> {
        sqlx::query_scalar("SELECT password FROM moderators WHERE name = ? AND active = 1")
            .bind(name)
            .fetch_optional(self.pool())
            .await
    }

    /// Signs `name` in; `token` is the digest of the cookie.
    pub async fn sign_in(
        &self,
        name: &str,
        (token, csrf): (&str, &str),
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query("DELETE FROM sessions WHERE expires < ?").bind(now.0).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO sessions (token, moderator, csrf, expires) VALUES (?, ?, ?, ?)")
            .bind(token)
            .bind(name)
            .bind(csrf)
            .bind(expires.0)
            .execute(&mut *tx)
            .await?;
        log(&mut tx, Line { who: name, what: "sign-in", ..Line::at(now) }).await?;
        tx.commit().await
    }

    /// Who has this session, if it lasts.
    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>> {
        let row = sqlx::query(
            "SELECT m.name, m.role, m.active, s.csrf
             FROM sessions s JOIN moderators m ON m.name = s.moderator AND m.active = 1
             WHERE s.token = ? AND s.expires > ?",
        )
        .bind(token)
        .bind(now.0)
        .fetch_optional(self.pool())
        .await?;
        let session =
            |row: SqliteRow| Ok(Session { moderator: moderator(&row)?, csrf: row.text("csrf")? });
        row.map(session).transpose()
    }

    /// Ends a session.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        sqlx::query("DELETE FROM sessions WHERE token = ?")
            .bind(token)
            .execute(self.pool())
            .await?;
        Ok(())
    }

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

    /// Opens or closes all threads of a section.
    pub async fn open_section(
        &self,
        section: &str,
        opening: Opening,
        (who, why): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<()> {
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let works = threads::open_section(&mut tx, section, opening).await?;
        let line = Line { who, what: decided(opening), place: Some(section), why, ..Line::at(now) };
        log(&mut tx, line).await?;
        tx.commit().await?;
        works.iter().for_each(|work| self.announce(work));
        Ok(())
    }

    /// The last `limit` lines of the log, the newest first.
    pub async fn log(&self, limit: u32) -> Result<Vec<Logged>> {
        let rows = sqlx::query(
            "SELECT at, who, what, thread, comment, why FROM audit ORDER BY seq DESC LIMIT ?",
        )
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        let line = |row: &SqliteRow| {
            Ok(Logged {
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

fn decided(opening: Opening) -> &'static str {
    if opening.open { "open" } else { "close" }
}

async fn end_sessions(tx: &mut SqliteConnection, name: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE moderator = ?").bind(name).execute(tx).await?;
    Ok(())
}

/// A line to write.
struct Line<'a> {
    at: Timestamp,
    who: &'a str,
    what: &'a str,
    place: Option<&'a str>,
    comment: Option<&'a str>,
    why: Option<&'a str>,
}

impl Line<'_> {
    fn at(now: Timestamp) -> Self {
        Self { at: now, who: "", what: "", place: None, comment: None, why: None }
    }
}

async fn log(tx: &mut SqliteConnection, line: Line<'_>) -> Result<()> {
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

fn moderator(row: &SqliteRow) -> Result<Moderator> {
    Ok(Moderator {
        name: row.text("name")?,
        role: Role::of(&row.text("role")?),
        active: row.flag("active")?,
    })
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
