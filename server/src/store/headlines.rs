//! Articles as lists show them: filtered, searched, paged.

use haidang_engine::{
    lang::Lang,
    model::{Headline, Image, ImageSize, Key, Page, Term, VersionKind},
    time::Timestamp,
};
use sqlx::{QueryBuilder, Row, Sqlite, sqlite::SqliteRow};

use super::{
    Result, Store,
    page::{Order, Slice, Window},
    row::Columns,
    threads::Scope,
};
use crate::{search::Words, texts::Wanted};

/// The columns that [`headline`] reads.
pub(super) const SELECT: &str = "SELECT v.id, v.work, v.lang, v.kind, v.slug, v.title, v.kicker,
    v.standfirst, v.published, v.updated, v.caption, v.alt, v.credit, v.withdrawn,
    w.section, section.names AS section_names,
    w.organisation, organisation.names AS organisation_names,
    w.rank, picture.width, picture.height, picture.sizes,
    w.comments AS of_work, v.comments AS of_version";

/// Where [`SELECT`] reads from; `version_words` joins by the caller.
pub(super) const FROM: &str = " FROM versions v JOIN works w ON w.id = v.work
    LEFT JOIN terms section ON section.kind = 'section' AND section.id = w.section
    LEFT JOIN organisations organisation ON organisation.id = w.organisation
    LEFT JOIN pictures picture ON picture.id = w.picture";

/// How many ranked articles a front page has room for.
const RANKED: u32 = 50;

/// Which articles of an edition a list holds; every field narrows.
#[derive(Debug, Default)]
pub struct Filter {
    /// Of this section.
    pub section: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// By this author.
    pub author: Option<String>,
    /// Of this organisation.
    pub organisation: Option<String>,
    /// Only works without a version in this language.
    pub missing: Option<Lang>,
}

impl Filter {
    /// Adds what counts, and with the conditions those that are counted: of works only what they need, for a
    /// large edition is counted with every page.
    fn push_count(&self, sql: &mut QueryBuilder<Sqlite>, edition: &Lang) {
        sql.push("SELECT COUNT(*) FROM versions v");
        if self.section.is_some() || self.organisation.is_some() {
            sql.push(" JOIN works w ON w.id = v.work");
        }
        self.push(sql, edition);
    }

    /// Adds the conditions to a query that reads `v`, and joins `w` if there is a section or an organisation.
    fn push(&self, sql: &mut QueryBuilder<Sqlite>, edition: &Lang) {
        sql.push(" WHERE v.lang = ").push_bind(edition.as_str().to_owned());
        let conditions = [
            (&self.section, " AND w.section = ", ""),
            (&self.organisation, " AND w.organisation = ", ""),
            (&self.tag, " AND v.work IN (SELECT work FROM work_tags WHERE tag = ", ")"),
            (&self.author, " AND v.work IN (SELECT work FROM work_authors WHERE author = ", ")"),
        ];
        for (value, before, after) in conditions {
            if let Some(value) = value {
                sql.push(before).push_bind(value.clone()).push(after);
            }
        }
        if let Some(lang) = &self.missing {
            sql.push(" AND NOT EXISTS (SELECT 1 FROM versions WHERE work = v.work AND lang = ");
            sql.push_bind(lang.as_str().to_owned()).push(")");
        }
    }
}

impl Store {
    /// The edition of the language asked for, newest first.
    pub async fn headlines(
        &self,
        filter: &Filter,
        edition: &Lang,
        wanted: &Wanted,
        window: Window,
    ) -> Result<Page<Headline>> {
        let mut count = QueryBuilder::default();
        filter.push_count(&mut count, edition);
        let total = count.build_query_scalar().fetch_one(self.pool()).await?;

        let mut sql = QueryBuilder::new(SELECT);
        filter.push(sql.push(FROM), edition);
        window.push_keys(&mut sql, "v.published", "v.id", Order::Descending);
        let items = self.read(sql, wanted).await?;
        let key = |item: &Headline| {
            let published = item.published.unwrap_or(Timestamp(0));
            (published.0.to_string(), item.key.id.clone())
        };
        Ok(page(window.by_keys(items, key), total))
    }

    /// What `words` find in the edition, the best first: exactly as typed before folded.
    pub async fn search_headlines(
        &self,
        words: &Words,
        filter: &Filter,
        edition: &Lang,
        wanted: &Wanted,
        window: Window,
    ) -> Result<Page<Headline>> {
        let matching = |sql: &mut QueryBuilder<Sqlite>| {
            sql.push(FROM).push(" JOIN version_words ON version_words.rowid = v.seq");
            filter.push(sql, edition);
            sql.push(" AND version_words MATCH ").push_bind(words.expression.clone());
        };
        let mut count = QueryBuilder::new("SELECT COUNT(*)");
        matching(&mut count);
        let total = count.build_query_scalar().fetch_one(self.pool()).await?;

        let mut sql = QueryBuilder::new(SELECT);
        matching(&mut sql);
        words.push_marks(&mut sql, "v.plain");
        sql.push(", bm25(version_words, 8, 3, 1), v.published DESC, v.id");
        window.push_index(&mut sql);
        let items = self.read(sql, wanted).await?;
        Ok(page(window.by_index(items), total))
    }

    /// What the editor ranked in the edition, first things first, and no more than a page has room for; nothing
    /// withdrawn.
    pub async fn ranked(&self, edition: &Lang, wanted: &Wanted) -> Result<Vec<Headline>> {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(FROM).push(" WHERE v.withdrawn IS NULL AND w.rank IS NOT NULL AND v.lang = ");
        sql.push_bind(edition.as_str().to_owned());
        sql.push(" ORDER BY w.rank, v.published DESC, v.id LIMIT ").push_bind(RANKED);
        self.read(sql, wanted).await
    }

    /// The newest `limit` of the edition that a filter lets through; nothing withdrawn.
    pub async fn newest(
        &self,
        filter: &Filter,
        edition: &Lang,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Headline>> {
        let mut sql = QueryBuilder::new(SELECT);
        filter.push(sql.push(FROM), edition);
        sql.push(" AND v.withdrawn IS NULL ORDER BY v.published DESC, v.id DESC LIMIT ");
        sql.push_bind(limit);
        self.read(sql, wanted).await
    }

    /// What was published `since` then in any edition, the newest `limit`; nothing withdrawn.
    pub async fn published_since(
        &self,
        since: Timestamp,
        wanted: &Wanted,
        limit: u32,
    ) -> Result<Vec<Headline>> {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(FROM).push(" WHERE v.withdrawn IS NULL AND v.published >= ").push_bind(since.0);
        sql.push(" ORDER BY v.published DESC, v.id DESC LIMIT ").push_bind(limit);
        self.read(sql, wanted).await
    }

    /// What the editor put beside `work`, each in the first of `languages` it has a version in.
    pub(super) async fn related(
        &self,
        work: &str,
        languages: [&Lang; 2],
        wanted: &Wanted,
    ) -> Result<Vec<Headline>> {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(FROM).push(" JOIN work_related r ON r.related = w.id WHERE r.work = ");
        sql.push_bind(work.to_owned());
        sql.push(" AND v.lang = (SELECT lang FROM versions WHERE work = w.id AND lang IN (");
        let [first, second] = languages.map(|lang| lang.as_str().to_owned());
        sql.push_bind(first.clone()).push(", ").push_bind(second);
        sql.push(") ORDER BY lang = ").push_bind(first).push(" DESC LIMIT 1) ORDER BY r.position");
        self.read(sql, wanted).await
    }

    /// Whose articles a section of the edition holds, in the portal's order.
    pub async fn organisations_in(
        &self,
        section: &str,
        edition: &Lang,
        wanted: &Wanted,
    ) -> Result<Vec<Term>> {
        let rows = sqlx::query(
            "SELECT id, names FROM organisations WHERE id IN (
                SELECT w.organisation FROM works w JOIN versions v ON v.work = w.id
                WHERE w.section = ? AND v.lang = ?
             ) ORDER BY position",
        )
        .bind(section)
        .bind(edition.as_str())
        .fetch_all(self.pool())
        .await?;
        let terms = rows.iter().map(|row| named(row, "id", "names", wanted));
        Ok(terms.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    async fn read(&self, mut sql: QueryBuilder<Sqlite>, wanted: &Wanted) -> Result<Vec<Headline>> {
        let rows = sql.build().fetch_all(self.pool()).await?;
        rows.iter().map(|row| headline(row, wanted, self.scope)).collect()
    }
}

fn page(slice: Slice<Headline>, total: i64) -> Page<Headline> {
    Page {
        items: slice.items,
        next: slice.next,
        previous: slice.previous,
        total: u32::try_from(total).ok(),
        ..Page::default()
    }
}

/// A row of [`SELECT`].
pub(super) fn headline(row: &SqliteRow, wanted: &Wanted, scope: Scope) -> Result<Headline> {
    let published = row.time("published")?;
    Ok(Headline {
        key: Key::of(row.text("id")?),
        work: row.text("work")?,
        lang: row.lang("lang")?,
        kind: VersionKind::from_wire(&row.text("kind")?).unwrap_or_default(),
        slug: row.text("slug")?,
        title: row.text("title")?,
        kicker: row.opt_text("kicker")?,
        standfirst: row.opt_text("standfirst")?,
        section: named(row, "section", "section_names", wanted)?,
        organisation: named(row, "organisation", "organisation_names", wanted)?,
        image: image(row)?,
        published: Some(published),
        updated: row.opt_time("updated")?.filter(|updated| *updated > published),
        rank: row.opt_int("rank")?,
        withdrawn: row.opt_time("withdrawn")?.is_some(),
        comments: scope.count(row)?,
    })
}

/// The term of an id and its names, if there is one.
pub(super) fn named(
    row: &SqliteRow,
    id: &str,
    names: &str,
    wanted: &Wanted,
) -> Result<Option<Term>> {
    let Some(id) = row.opt_text(id)? else { return Ok(None) };
    Ok(Some(Term { id, name: row.texts(names)?.text(wanted), summary: None }))
}

/// Wide enough for a phone and the middle of a page, for who knows no `srcset`.
const USUAL_WIDTH: u32 = 960;

fn image(row: &SqliteRow) -> Result<Option<Image>> {
    let Some(width) = row.opt_int("width")? else { return Ok(None) };
    let sizes: Vec<ImageSize> = row.json("sizes")?;
    let usual = sizes.iter().rfind(|size| size.width <= USUAL_WIDTH).or(sizes.first());
    let Some(usual) = usual else { return Ok(None) };
    Ok(Some(Image {
        url: usual.url.clone(),
        width: Some(width),
        height: row.try_get::<i64, _>("height").map(|height| u32::try_from(height).ok())?,
        sizes,
        alt: row.opt_text("alt")?.unwrap_or_default(),
        caption: row.opt_text("caption")?,
        credit: row.opt_text("credit")?,
    }))
}
