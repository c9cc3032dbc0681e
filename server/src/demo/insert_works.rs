//! Writes works and their versions.

use haidang_engine::{content, lang::Lang};
use sqlx::{SqliteConnection, types::Json};

use super::{
    Content,
    body::prepare,
    import::{Portal, Work},
    insert::{FileRow, position},
    shapes,
};
use crate::search;

pub(super) async fn insert_work(
    tx: &mut SqliteConnection,
    id: &str,
    work: &shapes::Work,
    content: &Content,
) -> anyhow::Result<()> {
    sqlx::query(
        "INSERT INTO works (id, section, organisation, rank, picture, comments_open)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(&work.section)
    .bind(&work.organisation)
    .bind(work.rank)
    .bind(&work.image)
    .bind(work.comments == shapes::CommentsAre::Open)
    .execute(&mut *tx)
    .await?;
    for (index, author) in work.authors.iter().enumerate() {
        sqlx::query("INSERT INTO work_authors (work, position, author) VALUES (?, ?, ?)")
            .bind(id)
            .bind(position(index))
            .bind(author)
            .execute(&mut *tx)
            .await?;
    }
    for (index, tag) in work.tags.iter().enumerate() {
        sqlx::query("INSERT INTO work_tags (work, position, tag) VALUES (?, ?, ?)")
            .bind(id)
            .bind(position(index))
            .bind(tag)
            .execute(&mut *tx)
            .await?;
    }
    for (index, attachment) in work.attachments.iter().enumerate() {
        let file = FileRow::of(attachment, content);
        sqlx::query(
            "INSERT INTO work_attachments (work, position, url, titles, media_type, size)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(id)
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

pub(super) async fn insert_related(
    tx: &mut SqliteConnection,
    id: &str,
    work: &shapes::Work,
) -> anyhow::Result<()> {
    for (index, related) in work.related.iter().enumerate() {
        sqlx::query("INSERT INTO work_related (work, position, related) VALUES (?, ?, ?)")
            .bind(id)
            .bind(position(index))
            .bind(related)
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn insert_version(
    tx: &mut SqliteConnection,
    portal: &Portal,
    (id, work): (&str, &Work),
    lang: &Lang,
    version: &shapes::Version,
) -> anyhow::Result<()> {
    let html = work.bodies.get(lang).map(String::as_str).unwrap_or_default();
    let html = prepare(html, lang, portal).map_err(anyhow::Error::msg)?;
    let blocks = content::from_html(&html).blocks;
    let text = content::text(&blocks);
    let standfirst = version.standfirst.as_deref().unwrap_or_default();
    let plain = search::plain(&[&version.title, standfirst, &text].join("\n"));
    let seq = sqlx::query(
        "INSERT INTO versions (id, work, lang, kind, slug, title, kicker, standfirst, dateline, body,
         published, updated, caption, alt, credit, withdrawn, withdrawal, plain)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(work.id(id, lang))
    .bind(id)
    .bind(lang.as_str())
    .bind(version.kind.wire())
    .bind(&version.slug)
    .bind(&version.title)
    .bind(&version.kicker)
    .bind(&version.standfirst)
    .bind(&version.dateline)
    .bind(&html)
    .bind(version.published.0)
    .bind(version.updated.map(|updated| updated.0))
    .bind(&version.caption)
    .bind(&version.alt)
    .bind(&version.credit)
    .bind(version.withdrawn.as_ref().map(|withdrawn| withdrawn.date.0))
    .bind(version.withdrawn.as_ref().map(|withdrawn| &withdrawn.text))
    .bind(plain)
    .execute(&mut *tx)
    .await?
    .last_insert_rowid();
    sqlx::query("INSERT INTO version_words (rowid, title, standfirst, body) VALUES (?, ?, ?, ?)")
        .bind(seq)
        .bind(search::index(&version.title))
        .bind(search::index(standfirst))
        .bind(search::index(&text))
        .execute(&mut *tx)
        .await?;
    if let Some(correction) = &version.correction {
        sqlx::query("INSERT INTO corrections (version, date, text) VALUES (?, ?, ?)")
            .bind(seq)
            .bind(correction.date.0)
            .bind(&correction.text)
            .execute(&mut *tx)
            .await?;
    }
    for (index, (number, issued)) in content::mentions_in(&blocks).into_iter().enumerate() {
        sqlx::query("INSERT INTO mentions (version, position, number, issued) VALUES (?, ?, ?, ?)")
            .bind(seq)
            .bind(position(index))
            .bind(number)
            .bind(issued.to_string())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}
