//! One article in full.

use std::collections::HashMap;

use haidang_engine::{
    model::{
        Article, Author, Body, BodyFormat, Citation, Correction, File, Key, Term, Version,
        VersionKind, Withdrawal, Withdrawn,
    },
    time::Timestamp,
};
use sqlx::{QueryBuilder, sqlite::SqliteRow, types::Json};

use super::{
    Result, Store,
    headlines::{FROM, SELECT, headline},
    row::Columns,
    threads::Thread,
};
use crate::texts::Wanted;

impl Store {
    /// The version in the first language wanted if the work has one, else the version `id` itself. Whether
    /// its thread is open is a matter of time as well: see [`Thread::is_open`].
    pub async fn article(&self, id: &str, wanted: &Wanted) -> Result<Option<Article>> {
        let Some(thread) = self.thread(id).await? else { return Ok(None) };
        let asked = wanted.0.first().map(|lang| lang.as_str().to_owned());
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(", v.seq, v.dateline, v.body, v.withdrawal").push(FROM);
        sql.push(" WHERE v.work = ").push_bind(thread.id.work.clone());
        sql.push(" AND (v.lang = ").push_bind(asked.clone());
        sql.push(" OR v.id = ").push_bind(id.to_owned());
        sql.push(") ORDER BY v.lang = ").push_bind(asked).push(" DESC LIMIT 1");
        let Some(row) = sql.build().fetch_optional(self.pool()).await? else { return Ok(None) };
        self.complete(&row, thread, wanted).await.map(Some)
    }

    /// What was taken back at `since` or later, the last first; `limit` at most.
    pub async fn withdrawn(&self, since: Timestamp, limit: u32) -> Result<Vec<Withdrawn>> {
        let rows = sqlx::query(
            "SELECT v.id, v.lang, v.withdrawn,
                (SELECT json_group_array(x.id) FROM versions x WHERE x.work = v.work) AS versions
             FROM versions v WHERE v.withdrawn >= ? ORDER BY v.withdrawn DESC, v.id LIMIT ?",
        )
        .bind(since.0)
        .bind(limit)
        .fetch_all(self.pool())
        .await?;
        let withdrawn = |row: &SqliteRow| {
            Ok(Withdrawn {
                id: row.text("id")?,
                lang: row.lang("lang")?,
                date: row.time("withdrawn")?,
                versions: row.json("versions")?,
            })
        };
        rows.iter().map(withdrawn).collect()
    }

    async fn complete(&self, row: &SqliteRow, thread: Thread, wanted: &Wanted) -> Result<Article> {
        let headline = headline(row, wanted, self.scope)?;
        let seq = row.opt_int("seq")?.unwrap_or_default();
        let work = &thread.id.work;
        let asked = wanted.0.first().unwrap_or(&headline.lang);
        let languages = [asked, &headline.lang];
        Ok(Article {
            dateline: row.opt_text("dateline")?,
            authors: self.authors_of(work, wanted).await?,
            tags: self.tags_of(work, wanted).await?,
            body: Some(Body { format: BodyFormat::Html, value: row.text("body")? }),
            versions: self.versions(work).await?,
            related: self.related(work, languages, wanted).await?,
            attachments: self.attachments(work, wanted).await?,
            corrections: self.corrections(seq).await?,
            withdrawal: withdrawal(row)?,
            citations: self.citations(seq, wanted).await?,
            canonical: None,
            comments_open: thread.open,
            headline,
        })
    }

    async fn authors_of(&self, work: &str, wanted: &Wanted) -> Result<Vec<Author>> {
        let rows = sqlx::query(
            "SELECT a.id, a.names, a.roles FROM work_authors x JOIN authors a ON a.id = x.author
             WHERE x.work = ? ORDER BY x.position",
        )
        .bind(work)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| author(row, wanted)).collect()
    }

    /// Who wrote each of these works, by the work's id.
    pub async fn authors_of_all(
        &self,
        works: &[&str],
        wanted: &Wanted,
    ) -> Result<HashMap<String, Vec<Author>>> {
        let rows = sqlx::query(
            "SELECT x.work, a.id, a.names, a.roles FROM work_authors x JOIN authors a ON a.id = x.author
             WHERE x.work IN (SELECT value FROM json_each(?)) ORDER BY x.work, x.position",
        )
        .bind(Json(works))
        .fetch_all(self.pool())
        .await?;
        let mut authors: HashMap<String, Vec<Author>> = HashMap::new();
        for row in &rows {
            authors.entry(row.text("work")?).or_default().push(author(row, wanted)?);
        }
        Ok(authors)
    }

    async fn tags_of(&self, work: &str, wanted: &Wanted) -> Result<Vec<Term>> {
        let rows = sqlx::query(
            "SELECT t.id, t.names FROM work_tags x JOIN terms t ON t.kind = 'tag' AND t.id = x.tag
             WHERE x.work = ? ORDER BY x.position",
        )
        .bind(work)
        .fetch_all(self.pool())
        .await?;
        let tag = |row: &SqliteRow| {
            Ok(Term { id: row.text("id")?, name: row.texts("names")?.text(wanted), summary: None })
        };
        rows.iter().map(tag).collect()
    }

    async fn versions(&self, work: &str) -> Result<Vec<Version>> {
        let rows = sqlx::query(
            "SELECT id, lang, kind, slug, title, COALESCE(updated, published) AS updated
             FROM versions WHERE work = ? ORDER BY kind = 'original' DESC, lang",
        )
        .bind(work)
        .fetch_all(self.pool())
        .await?;
        let version = |row: &SqliteRow| {
            Ok(Version {
                key: Key::of(row.text("id")?),
                lang: row.lang("lang")?,
                kind: VersionKind::from_wire(&row.text("kind")?).unwrap_or_default(),
                slug: row.text("slug")?,
                title: row.text("title")?,
                updated: row.opt_time("updated")?,
            })
        };
        rows.iter().map(version).collect()
    }

    async fn attachments(&self, work: &str, wanted: &Wanted) -> Result<Vec<File>> {
        let rows = sqlx::query(
            "SELECT url, titles, media_type, size FROM work_attachments WHERE work = ? ORDER BY position",
        )
        .bind(work)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| file(row, wanted)).collect()
    }

    async fn corrections(&self, seq: i64) -> Result<Vec<Correction>> {
        let rows =
            sqlx::query("SELECT date, text FROM corrections WHERE version = ? ORDER BY date DESC")
                .bind(seq)
                .fetch_all(self.pool())
                .await?;
        let correction =
            |row: &SqliteRow| Ok(Correction { date: row.time("date")?, text: row.text("text")? });
        rows.iter().map(correction).collect()
    }

    /// The numbers with dates that the body mentions and the register knows, exactly.
    async fn citations(&self, seq: i64, wanted: &Wanted) -> Result<Vec<Citation>> {
        let rows = sqlx::query(
            "SELECT m.number, m.issued, d.id, d.titles FROM mentions m
             JOIN documents d ON d.number = m.number AND d.issued = m.issued
             WHERE m.version = ? ORDER BY m.position",
        )
        .bind(seq)
        .fetch_all(self.pool())
        .await?;
        let citation = |row: &SqliteRow| {
            Ok(Citation {
                number: row.text("number")?,
                date: row.opt_text("issued")?,
                document: row.text("id")?,
                title: row.texts("titles")?.text(wanted),
            })
        };
        rows.iter().map(citation).collect()
    }
}

fn withdrawal(row: &SqliteRow) -> Result<Option<Withdrawal>> {
    let date: Option<Timestamp> = row.opt_time("withdrawn")?;
    let text = row.opt_text("withdrawal")?.unwrap_or_default();
    Ok(date.map(|date| Withdrawal { date, text }))
}

/// A row with `id`, `names`, `roles`.
pub(super) fn author(row: &SqliteRow, wanted: &Wanted) -> Result<Author> {
    Ok(Author {
        id: row.text("id")?,
        name: row.texts("names")?.text(wanted),
        role: row.texts("roles")?.opt(wanted),
    })
}

/// A row with `url`, `titles`, `media_type`, `size`.
pub(super) fn file(row: &SqliteRow, wanted: &Wanted) -> Result<File> {
    Ok(File {
        url: row.text("url")?,
        title: row.texts("titles")?.text(wanted),
        media_type: row.opt_text("media_type")?,
        size: row.opt_int("size")?,
    })
}
