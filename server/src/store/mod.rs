//! The database: SQLite, one file a subject. Only this folder, and the import, speak SQL.
//!
//! Rows become the engine's model here, with names in the languages the reader wants.

pub mod articles;
pub mod audit;
pub mod comments;
pub mod documents;
pub mod headlines;
mod listed;
pub mod moderation;
pub mod moderators;
pub mod notices;
pub mod page;
pub mod press;
pub mod push;
mod row;
pub mod terms;
pub mod threads;

use std::{borrow::Cow, path::Path, sync::Arc, time::Duration};

use anyhow::Context;
use haidang_engine::lang::Lang;
use sqlx::{
    SqlSafeStr, SqlitePool,
    migrate::{Migration, MigrationType, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::broadcast;

use threads::Scope;

/// What queries return.
pub type Result<T> = std::result::Result<T, sqlx::Error>;

/// The schema's history; a step that has been released never changes.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (1, "portal", include_str!("../../migrations/0001_portal.sql")),
    (2, "threads", include_str!("../../migrations/0002_threads.sql")),
    (3, "editions", include_str!("../../migrations/0003_editions.sql")),
    (4, "push", include_str!("../../migrations/0004_push.sql")),
    (5, "version_counts", include_str!("../../migrations/0005_version_counts.sql")),
    (6, "withdrawals", include_str!("../../migrations/0006_withdrawals.sql")),
];

/// How long a write waits for another one: hardly less than a request may take.
const BUSY: Duration = Duration::from_secs(9);

/// Threads whose changes may wait to be noticed; who misses one looks at the database anyway.
const NEWS: usize = 256;

/// The portal's database.
#[derive(Clone)]
pub struct Store {
    pool: SqlitePool,
    changed: broadcast::Sender<Arc<str>>,
    scope: Scope,
}

impl Store {
    /// Opens the database in the folder `data`, making both where they are missing, and brings its
    /// schema up to date.
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(data)
            .with_context(|| format!("cannot make the data folder {}", data.display()))?;
        let file = data.join("haidang.db");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .busy_timeout(BUSY)
            .synchronous(SqliteSynchronous::Normal);
        let pool = SqlitePoolOptions::new()
            .connect_with(options)
            .await
            .with_context(|| format!("cannot open the database {}", file.display()))?;
        migrator()
            .run(&pool)
            .await
            .with_context(|| format!("cannot bring the database {} up to date", file.display()))?;
        Ok(Self { pool, changed: broadcast::Sender::new(NEWS), scope: Scope::default() })
    }

    /// The same database, its threads belonging to works or to versions.
    #[must_use]
    pub fn scoped(self, scope: Scope) -> Self {
        Self { scope, ..self }
    }

    /// Wakes who follows the thread of `work`.
    pub(crate) fn announce(&self, work: &str) {
        // Fails only if nobody does.
        let _ = self.changed.send(work.into());
    }

    /// The works whose threads change from now on.
    pub fn news(&self) -> broadcast::Receiver<Arc<str>> {
        self.changed.subscribe()
    }

    /// The connections.
    pub fn pool(&self) -> &SqlitePool {
        &self.pool
    }

    /// Whether there is any content.
    pub async fn is_empty(&self) -> Result<bool> {
        let any: Option<i64> =
            sqlx::query_scalar("SELECT 1 FROM works LIMIT 1").fetch_optional(&self.pool).await?;
        Ok(any.is_none())
    }

    /// The languages that articles are in: the one most are written in first.
    pub async fn languages(&self) -> Result<Vec<Lang>> {
        let codes: Vec<String> = sqlx::query_scalar(
            "SELECT lang FROM versions GROUP BY lang
             ORDER BY SUM(kind = 'original') DESC, COUNT(*) DESC, lang",
        )
        .fetch_all(&self.pool)
        .await?;
        Ok(codes.iter().filter_map(|code| Lang::parse(code)).collect())
    }

    /// Closes every connection, so that nothing is left in the write-ahead log.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

fn migrator() -> Migrator {
    let steps = MIGRATIONS.iter().map(|(version, name, sql)| {
        let sql = sql.into_sql_str();
        Migration::new(*version, Cow::Borrowed(name), MigrationType::Simple, sql, false)
    });
    Migrator::with_migrations(steps.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_that_is_written_is_taken() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
        let mut written: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .collect();
        written.sort();
        let taken = MIGRATIONS.iter().map(|(version, name, _)| format!("{version:04}_{name}.sql"));
        assert_eq!(written, taken.collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn a_database_of_the_first_version_keeps_its_threads() {
        let data = std::env::temp_dir().join(format!("haidang-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&data).unwrap();
        let file = data.join("haidang.db");
        let options = SqliteConnectOptions::new().filename(&file).create_if_missing(true);
        let old = SqlitePool::connect_with(options).await.unwrap();
        let first = migrator().iter().take(1).cloned().collect();
        Migrator::with_migrations(first).run(&old).await.unwrap();
        sqlx::raw_sql(
            "INSERT INTO works (id, section, comments_open) VALUES ('w', 's', 1);
             INSERT INTO comments (id, thread, parent, author, badge, body, created, state) VALUES
                 ('a', 'w', NULL, 'An', 'reader', 'x', 1, 'published'),
                 ('b', 'w', 'a', 'An', 'reader', 'x', 2, 'published'),
                 ('c', 'w', 'b', 'An', 'reader', 'x', 3, 'deleted'),
                 ('d', 'w', 'a', 'An', 'reader', 'x', 4, 'held'),
                 ('e', 'w', NULL, 'An', 'reader', 'x', 5, 'published');",
        )
        .execute(&old)
        .await
        .unwrap();
        old.close().await;
        let store = Store::open(&data).await.unwrap();
        let rows: Vec<(String, i64, i64, i64)> =
            sqlx::query_as("SELECT id, root, below, shown FROM comments ORDER BY seq")
                .fetch_all(store.pool())
                .await
                .unwrap();
        let rows: Vec<_> =
            rows.iter().map(|(id, root, below, shown)| (&**id, *root, *below, *shown)).collect();
        assert_eq!(
            rows,
            [("a", 1, 2, 1), ("b", 1, 0, 1), ("c", 1, 0, 1), ("d", 1, 0, 0), ("e", 5, 0, 1)]
        );
        let count: i64 =
            sqlx::query_scalar("SELECT comments FROM works").fetch_one(store.pool()).await.unwrap();
        assert_eq!(count, 3);
        store.close().await;
        std::fs::remove_dir_all(&data).unwrap();
    }
}
