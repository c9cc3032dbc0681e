//! The press office: spokespersons and briefings.

use haidang_engine::{
    model::{Briefing, Key, Press, Spokesperson},
    time::Timestamp,
};
use sqlx::sqlite::SqliteRow;

use super::{Result, Store, headlines::named, row::Columns};
use crate::texts::Wanted;

const BRIEFINGS: &str = "SELECT b.*, o.names AS organisation_names FROM briefings b
    JOIN organisations o ON o.id = b.organisation";

impl Store {
    /// The press office as it is at `now`.
    pub async fn press(&self, wanted: &Wanted, now: Timestamp) -> Result<Press> {
        let people = sqlx::query(
            "SELECT s.*, o.names AS organisation_names FROM spokespersons s
             JOIN organisations o ON o.id = s.organisation ORDER BY s.position",
        )
        .fetch_all(self.pool())
        .await?;
        let mut sql = sqlx::QueryBuilder::new(BRIEFINGS);
        sql.push(" ORDER BY COALESCE(b.ends, b.starts) < ").push_bind(now.0);
        sql.push(", abs(b.starts - ").push_bind(now.0).push("), b.id");
        let briefings = sql.build().fetch_all(self.pool()).await?;
        Ok(Press {
            spokespersons: people
                .iter()
                .map(|row| spokesperson(row, wanted))
                .collect::<Result<_>>()?,
            briefings: briefings.iter().map(|row| briefing(row, wanted)).collect::<Result<_>>()?,
        })
    }

    /// One briefing, and when it was last changed.
    pub async fn briefing(
        &self,
        id: &str,
        wanted: &Wanted,
    ) -> Result<Option<(Briefing, Timestamp)>> {
        let mut sql = sqlx::QueryBuilder::new(BRIEFINGS);
        sql.push(" WHERE b.id = ").push_bind(id.to_owned());
        let row = sql.build().fetch_optional(self.pool()).await?;
        row.map(|row| Ok((briefing(&row, wanted)?, row.time("changed")?))).transpose()
    }
}

fn spokesperson(row: &SqliteRow, wanted: &Wanted) -> Result<Spokesperson> {
    Ok(Spokesperson {
        id: row.text("id")?,
        role: row.texts("roles")?.text(wanted),
        organisation: named(row, "organisation", "organisation_names", wanted)?,
        phone: row.opt_text("phone")?,
        email: row.opt_text("email")?,
        languages: row.json("languages")?,
    })
}

fn briefing(row: &SqliteRow, wanted: &Wanted) -> Result<Briefing> {
    let id = row.text("id")?;
    let titles = row.texts("titles")?;
    let (lang, title) = titles.pick(wanted).ok_or(sqlx::Error::RowNotFound)?;
    Ok(Briefing {
        title: title.to_owned(),
        summary: row.texts("summaries")?.opt(wanted),
        lang: lang.clone(),
        organisation: named(row, "organisation", "organisation_names", wanted)?,
        starts: row.time("starts")?,
        ends: row.opt_time("ends")?,
        place: row.texts("places")?.opt(wanted),
        calendar: Some(format!("press/briefings/{id}.ics?lang={lang}")),
        article: row.opt_text("article")?.map(Key::of),
        id,
    })
}
