//! Who may moderate, and who has signed in.

use haidang_engine::time::Timestamp;
use sqlx::{SqliteConnection, sqlite::SqliteRow};

use super::{
    Result, Store,
    audit::{Line, log},
    row::Columns,
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
}

async fn end_sessions(tx: &mut SqliteConnection, name: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE moderator = ?").bind(name).execute(tx).await?;
    Ok(())
}

fn moderator(row: &SqliteRow) -> Result<Moderator> {
    Ok(Moderator {
        name: row.text("name")?,
        role: Role::of(&row.text("role")?),
        active: row.flag("active")?,
    })
}
