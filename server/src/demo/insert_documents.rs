//! Writes the register of documents.

use haidang_engine::time::Date;
use sqlx::{SqliteConnection, types::Json};

use super::{
    Content,
    insert::{FileRow, position},
    shapes,
};
use crate::search;

pub(super) async fn insert_document(
    tx: &mut SqliteConnection,
    document: &shapes::Document,
    content: &Content,
) -> anyhow::Result<()> {
    let (titles, abstracts) = (document.titles.all(), document.abstracts.all());
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let seq = sqlx::query(
        "INSERT INTO documents (id, number, kind, titles, abstracts, issuer, issuer_names, signer,
         issued, effective, expires, status, field, plain)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&document.id)
    .bind(&document.number)
    .bind(document.kind.wire())
    .bind(Json(&document.titles))
    .bind(Json(&document.abstracts))
    .bind(&document.issuer)
    .bind(Json(&document.issuer_names))
    .bind(Json(&document.signer))
    .bind(document.issued.to_string())
    .bind(day(document.effective))
    .bind(day(document.expires))
    .bind(document.status.wire())
    .bind(&document.field)
    .bind(search::plain(&[&document.number, titles.as_str(), &abstracts].join("\n")))
    .execute(&mut *tx)
    .await?
    .last_insert_rowid();
    sqlx::query(
        "INSERT INTO document_words (rowid, number, titles, abstracts) VALUES (?, ?, ?, ?)",
    )
    .bind(seq)
    .bind(search::index(&document.number))
    .bind(search::index(&titles))
    .bind(search::index(&abstracts))
    .execute(&mut *tx)
    .await?;
    for (index, attachment) in document.files.iter().enumerate() {
        let file = FileRow::of(attachment, content);
        sqlx::query(
            "INSERT INTO document_files (document, position, url, titles, media_type, size)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(&document.id)
        .bind(position(index))
        .bind(file.url)
        .bind(Json(&attachment.title))
        .bind(file.media_type)
        .bind(file.size)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

pub(super) async fn insert_relations(
    tx: &mut SqliteConnection,
    document: &shapes::Document,
) -> anyhow::Result<()> {
    for (relation, targets) in [("amends", &document.amends), ("replaces", &document.replaces)] {
        for (index, target) in targets.iter().enumerate() {
            sqlx::query(
                "INSERT INTO document_relations (document, relation, position, target)
                 VALUES (?, ?, ?, ?)",
            )
            .bind(&document.id)
            .bind(relation)
            .bind(position(index))
            .bind(target)
            .execute(&mut *tx)
            .await?;
        }
    }
    Ok(())
}
