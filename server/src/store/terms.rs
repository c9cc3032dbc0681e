//! Names to link to: sections, tags, authors, organisations.

use haidang_engine::model::{Author, Organisation, OrganisationKind, Term};
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, articles::author, row::Columns};
use crate::texts::Wanted;

/// The two kinds of term that lists of articles are of.
#[derive(Debug, Clone, Copy)]
pub enum TermKind {
    /// A section.
    Section,
    /// A tag.
    Tag,
}

impl TermKind {
    fn name(self) -> &'static str {
        match self {
            TermKind::Section => "section",
            TermKind::Tag => "tag",
        }
    }
}

impl Store {
    /// Every term of a kind, in the portal's order.
    pub async fn terms(&self, kind: TermKind, wanted: &Wanted) -> Result<Vec<Term>> {
        let rows =
            sqlx::query("SELECT id, names, summaries FROM terms WHERE kind = ? ORDER BY position")
                .bind(kind.name())
                .fetch_all(self.pool())
                .await?;
        rows.iter().map(|row| term(row, wanted)).collect()
    }

    /// One term.
    pub async fn term(&self, kind: TermKind, id: &str, wanted: &Wanted) -> Result<Option<Term>> {
        let row = sqlx::query("SELECT id, names, summaries FROM terms WHERE kind = ? AND id = ?")
            .bind(kind.name())
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| term(&row, wanted)).transpose()
    }

    /// Every author, in the portal's order.
    pub async fn authors(&self, wanted: &Wanted) -> Result<Vec<Author>> {
        let rows = sqlx::query("SELECT id, names, roles FROM authors ORDER BY position")
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(|row| author(row, wanted)).collect()
    }

    /// One author.
    pub async fn author(&self, id: &str, wanted: &Wanted) -> Result<Option<Author>> {
        let row = sqlx::query("SELECT id, names, roles FROM authors WHERE id = ?")
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| author(&row, wanted)).transpose()
    }

    /// Every organisation, in the portal's order.
    pub async fn organisations(&self, wanted: &Wanted) -> Result<Vec<Organisation>> {
        let rows = sqlx::query("SELECT * FROM organisations ORDER BY position")
            .fetch_all(self.pool())
            .await?;
        rows.iter().map(|row| organisation(row, wanted)).collect()
    }

    /// One organisation.
    pub async fn organisation(&self, id: &str, wanted: &Wanted) -> Result<Option<Organisation>> {
        let row = sqlx::query("SELECT * FROM organisations WHERE id = ?")
            .bind(id)
            .fetch_optional(self.pool())
            .await?;
        row.map(|row| organisation(&row, wanted)).transpose()
    }
}

fn term(row: &SqliteRow, wanted: &Wanted) -> Result<Term> {
    Ok(Term {
        id: row.text("id")?,
        name: row.texts("names")?.text(wanted),
        summary: row.texts("summaries")?.opt(wanted),
    })
}

fn organisation(row: &SqliteRow, wanted: &Wanted) -> Result<Organisation> {
    let names = row.texts("names")?;
    let (lang, name) = names.pick(wanted).ok_or(sqlx::Error::RowNotFound)?;
    Ok(Organisation {
        id: row.text("id")?,
        kind: OrganisationKind::from_wire(&row.text("kind")?).unwrap_or_default(),
        name: name.to_owned(),
        summary: row.texts("summaries")?.opt(wanted),
        lang: lang.clone(),
        site: row.opt_text("site")?,
        address: row.texts("addresses")?.opt(wanted),
        phone: row.opt_text("phone")?,
        email: row.opt_text("email")?,
    })
}
