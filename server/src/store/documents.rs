//! The register of documents: list, search, one in full.

use haidang_engine::model::{
    Document, DocumentEntry, DocumentKind, DocumentRef, DocumentStatus, File, Key, Page, Register,
    Term,
};
use sqlx::{QueryBuilder, Sqlite, sqlite::SqliteRow};

use super::{
    Result, Store,
    articles::file,
    headlines::named,
    page::{Order, Window},
    row::Columns,
};
use crate::{search::Words, texts::Wanted};

const SELECT: &str = "SELECT d.*, organisation.names AS organisation_names, f.names AS field_names";

const FROM: &str = " FROM documents d
    LEFT JOIN organisations organisation ON organisation.id = d.issuer
    LEFT JOIN terms f ON f.kind = 'field' AND f.id = d.field";

/// What the register shows; every field narrows.
#[derive(Debug, Default)]
pub struct Filter {
    /// Of this kind.
    pub kind: Option<DocumentKind>,
    /// Issued by this organisation.
    pub issuer: Option<String>,
    /// In this field of government.
    pub field: Option<String>,
    /// Issued in this year.
    pub year: Option<u16>,
    /// Of this status.
    pub status: Option<DocumentStatus>,
}

impl Filter {
    fn push(&self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push(" WHERE TRUE");
        let conditions = [
            (" AND d.kind = ", self.kind.map(|kind| kind.wire().to_owned())),
            (" AND d.issuer = ", self.issuer.clone()),
            (" AND d.field = ", self.field.clone()),
            (" AND substr(d.issued, 1, 4) = ", self.year.map(|year| format!("{year:04}"))),
            (" AND d.status = ", self.status.map(|status| status.wire().to_owned())),
        ];
        for (condition, value) in conditions {
            if let Some(value) = value {
                sql.push(condition).push_bind(value);
            }
        }
    }
}

impl Store {
    /// The register, newest first; what `words` find, best first.
    pub async fn documents(
        &self,
        words: Option<&Words>,
        filter: &Filter,
        wanted: &Wanted,
        window: Window,
    ) -> Result<Page<DocumentEntry>> {
        let matching = |sql: &mut QueryBuilder<Sqlite>| {
            sql.push(FROM);
            if words.is_some() {
                sql.push(" JOIN document_words ON document_words.rowid = d.seq");
            }
            filter.push(sql);
            if let Some(words) = words {
                sql.push(" AND document_words MATCH ").push_bind(words.expression.clone());
            }
        };
        let mut count = QueryBuilder::new("SELECT COUNT(*)");
        matching(&mut count);
        let total: i64 = count.build_query_scalar().fetch_one(self.pool()).await?;

        let mut sql = QueryBuilder::new(SELECT);
        matching(&mut sql);
        match words {
            Some(words) => {
                words.push_marks(&mut sql, "d.plain");
                sql.push(", bm25(document_words, 8, 3, 1), d.issued DESC, d.id");
                window.push_index(&mut sql);
            }
            None => window.push_keys(&mut sql, "d.issued", "d.id", Order::Descending),
        }
        let rows = sql.build().fetch_all(self.pool()).await?;
        let items = rows.iter().map(|row| entry(row, wanted)).collect::<Result<Vec<_>>>()?;
        let slice = match words {
            Some(_) => window.by_index(items),
            None => window.by_keys(items, |item| {
                let issued = item.issued.map(|day| day.to_string()).unwrap_or_default();
                (issued, item.key.id.clone())
            }),
        };
        Ok(Page {
            items: slice.items,
            next: slice.next,
            previous: slice.previous,
            total: u32::try_from(total).ok(),
            ..Page::default()
        })
    }

    /// One document in full.
    pub async fn document(&self, id: &str, wanted: &Wanted) -> Result<Option<Document>> {
        let mut sql = QueryBuilder::new(SELECT);
        sql.push(FROM).push(" WHERE d.id = ").push_bind(id.to_owned());
        let Some(row) = sql.build().fetch_optional(self.pool()).await? else { return Ok(None) };
        Ok(Some(Document {
            entry: entry(&row, wanted)?,
            summary: row.texts("abstracts")?.opt(wanted),
            signer: row.texts("signer")?.opt(wanted),
            effective: row.opt_date("effective")?,
            expires: row.opt_date("expires")?,
            amends: self.targets(id, "amends", wanted).await?,
            replaces: self.targets(id, "replaces", wanted).await?,
            amended_by: self.sources(id, "amends", wanted).await?,
            replaced_by: self.sources(id, "replaces", wanted).await?,
            files: self.document_files(id, wanted).await?,
        }))
    }

    /// What `id` changes or replaces.
    async fn targets(&self, id: &str, how: &str, wanted: &Wanted) -> Result<Vec<DocumentRef>> {
        let rows = sqlx::query(
            "SELECT d.id, d.number, d.titles FROM document_relations r
             JOIN documents d ON d.id = r.target
             WHERE r.document = ? AND r.relation = ? ORDER BY r.position",
        )
        .bind(id)
        .bind(how)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| reference(row, wanted)).collect()
    }

    /// What changes or replaces `id`.
    async fn sources(&self, id: &str, how: &str, wanted: &Wanted) -> Result<Vec<DocumentRef>> {
        let rows = sqlx::query(
            "SELECT d.id, d.number, d.titles FROM document_relations r
             JOIN documents d ON d.id = r.document
             WHERE r.target = ? AND r.relation = ? ORDER BY d.issued, d.id",
        )
        .bind(id)
        .bind(how)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| reference(row, wanted)).collect()
    }

    async fn document_files(&self, id: &str, wanted: &Wanted) -> Result<Vec<File>> {
        let rows = sqlx::query(
            "SELECT url, titles, media_type, size FROM document_files WHERE document = ? ORDER BY position",
        )
        .bind(id)
        .fetch_all(self.pool())
        .await?;
        rows.iter().map(|row| file(row, wanted)).collect()
    }

    /// What the register can be filtered by: only values that some document has.
    pub async fn register(&self, wanted: &Wanted) -> Result<Register> {
        let issuers = sqlx::query(
            "SELECT id, names FROM organisations
             WHERE id IN (SELECT issuer FROM documents) ORDER BY position",
        );
        let fields = sqlx::query(
            "SELECT id, names FROM terms
             WHERE kind = 'field' AND id IN (SELECT field FROM documents) ORDER BY position",
        );
        let terms = |rows: Vec<SqliteRow>| {
            let terms = rows.iter().map(|row| named(row, "id", "names", wanted));
            terms.collect::<Result<Vec<Option<Term>>>>()
        };
        let kinds: Vec<String> = sqlx::query_scalar("SELECT DISTINCT kind FROM documents")
            .fetch_all(self.pool())
            .await?;
        let years: Vec<String> = sqlx::query_scalar(
            "SELECT DISTINCT substr(issued, 1, 4) AS year FROM documents ORDER BY year DESC",
        )
        .fetch_all(self.pool())
        .await?;
        let known = |kind: &&DocumentKind| kinds.iter().any(|name| name == kind.wire());
        Ok(Register {
            issuers: terms(issuers.fetch_all(self.pool()).await?)?.into_iter().flatten().collect(),
            fields: terms(fields.fetch_all(self.pool()).await?)?.into_iter().flatten().collect(),
            kinds: DocumentKind::ALL.iter().filter(known).copied().collect(),
            years: years.iter().filter_map(|year| year.parse().ok()).collect(),
        })
    }
}

fn entry(row: &SqliteRow, wanted: &Wanted) -> Result<DocumentEntry> {
    let titles = row.texts("titles")?;
    let (lang, title) = titles.pick(wanted).ok_or(sqlx::Error::RowNotFound)?;
    Ok(DocumentEntry {
        key: Key::of(row.text("id")?),
        number: row.text("number")?,
        kind: DocumentKind::from_wire(&row.text("kind")?).unwrap_or_default(),
        title: title.to_owned(),
        lang: lang.clone(),
        issuer: match named(row, "issuer", "organisation_names", wanted)? {
            Some(issuer) => Some(issuer),
            None => row.texts("issuer_names")?.opt(wanted).map(|name| Term {
                id: String::new(),
                name,
                summary: None,
            }),
        },
        issued: row.opt_date("issued")?,
        status: DocumentStatus::from_wire(&row.text("status")?).unwrap_or_default(),
        field: named(row, "field", "field_names", wanted)?,
    })
}

fn reference(row: &SqliteRow, wanted: &Wanted) -> Result<DocumentRef> {
    Ok(DocumentRef {
        id: row.text("id")?,
        number: row.text("number")?,
        title: row.texts("titles")?.text(wanted),
    })
}
