//! Which pages there are, for sitemaps: all of them at once, with no more than their addresses.

use haidang_engine::{lang::Lang, model::Key, publish::Listed};
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, row::Columns};

impl Store {
    /// Every version of every article that is not withdrawn, in the order in which they came.
    pub async fn listed(&self) -> Result<Vec<Listed>> {
        let rows = sqlx::query(
            "SELECT v.id, v.work, v.lang, v.slug, w.section,
                MAX(v.published, COALESCE(v.updated, v.published)) AS updated
             FROM versions v JOIN works w ON w.id = v.work
             WHERE v.withdrawn IS NULL ORDER BY v.seq",
        )
        .fetch_all(self.pool())
        .await?;
        let listed = |row: &SqliteRow| {
            Ok(Listed {
                key: Key::of(row.text("id")?),
                work: row.text("work")?,
                lang: row.lang("lang")?,
                slug: row.text("slug")?,
                section: row.opt_text("section")?.map(Key::of),
                updated: row.opt_time("updated")?,
            })
        };
        rows.iter().map(listed).collect()
    }

    /// Every document of the register, and the languages it has a title in.
    pub async fn listed_documents(&self) -> Result<Vec<(Key, Vec<Lang>)>> {
        let rows = sqlx::query("SELECT id, titles FROM documents ORDER BY seq")
            .fetch_all(self.pool())
            .await?;
        let listed = |row: &SqliteRow| {
            Ok((Key::of(row.text("id")?), row.texts("titles")?.0.into_keys().collect()))
        };
        rows.iter().map(listed).collect()
    }
}
