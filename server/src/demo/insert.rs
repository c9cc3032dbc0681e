//! Writes what the import has read and checked.

use anyhow::Context;
use haidang_engine::{model::CommentState, time::Timestamp};
use sqlx::{SqliteConnection, types::Json};

use super::{
    Content,
    import::Portal,
    insert_documents::{insert_document, insert_relations},
    insert_works::{insert_related, insert_version, insert_work},
    shapes,
};
use crate::store::{
    Store,
    comments::{self, Entry},
    notices::{self, Bulletin},
    threads::ThreadId,
};

/// Everything, or nothing.
pub(super) async fn insert(
    store: &Store,
    portal: &Portal,
    content: &Content,
    now: Timestamp,
) -> anyhow::Result<()> {
    let mut tx = store.pool().begin_with("BEGIN IMMEDIATE").await?;
    for (kind, terms) in
        [("section", &portal.sections), ("tag", &portal.tags), ("field", &portal.register.fields)]
    {
        insert_terms(&mut tx, kind, terms).await?;
    }
    insert_people(&mut tx, portal).await?;
    insert_pictures(&mut tx, portal).await?;
    for (id, work) in &portal.works {
        insert_work(&mut tx, id, &work.shape, content).await?;
    }
    for (id, work) in &portal.works {
        insert_related(&mut tx, id, &work.shape).await?;
        for (lang, version) in &work.shape.versions {
            insert_version(&mut tx, portal, (id, work), lang, version)
                .await
                .with_context(|| format!("{}/{lang}.html", work.folder))?;
        }
    }
    for document in &portal.register.documents {
        insert_document(&mut tx, document, content)
            .await
            .with_context(|| format!("documents.json: {}", document.id))?;
    }
    for document in &portal.register.documents {
        insert_relations(&mut tx, document).await?;
    }
    insert_press(&mut tx, &portal.press, now).await?;
    insert_notices(&mut tx, &portal.notices).await?;
    for (work, thread) in &portal.threads {
        for comment in thread {
            comments::insert(&mut tx, &entry(work, comment)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The place of an item in its list.
pub(super) fn position(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

async fn insert_terms(
    tx: &mut SqliteConnection,
    kind: &str,
    terms: &[shapes::Term],
) -> anyhow::Result<()> {
    for (index, term) in terms.iter().enumerate() {
        sqlx::query(
            "INSERT INTO terms (kind, id, position, names, summaries) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(kind)
        .bind(&term.id)
        .bind(position(index))
        .bind(Json(&term.names))
        .bind(Json(&term.summaries))
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn insert_people(tx: &mut SqliteConnection, portal: &Portal) -> anyhow::Result<()> {
    for (index, organisation) in portal.organisations.iter().enumerate() {
        sqlx::query(
            "INSERT INTO organisations
             (id, position, kind, names, summaries, addresses, site, phone, email)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&organisation.id)
        .bind(position(index))
        .bind(organisation.kind.wire())
        .bind(Json(&organisation.names))
        .bind(Json(&organisation.summaries))
        .bind(Json(&organisation.addresses))
        .bind(&organisation.site)
        .bind(&organisation.phone)
        .bind(&organisation.email)
        .execute(&mut *tx)
        .await?;
    }
    for (index, author) in portal.authors.iter().enumerate() {
        sqlx::query("INSERT INTO authors (id, position, names, roles) VALUES (?, ?, ?, ?)")
            .bind(&author.id)
            .bind(position(index))
            .bind(Json(&author.names))
            .bind(Json(&author.roles))
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn insert_pictures(tx: &mut SqliteConnection, portal: &Portal) -> anyhow::Result<()> {
    for (id, picture) in &portal.pictures {
        sqlx::query("INSERT INTO pictures (id, width, height, sizes) VALUES (?, ?, ?, ?)")
            .bind(id)
            .bind(picture.width)
            .bind(picture.height)
            .bind(Json(&picture.sizes))
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

/// What is known of a file beside its title.
pub(super) struct FileRow {
    pub url: String,
    pub media_type: String,
    pub size: i64,
}

impl FileRow {
    pub fn of(attachment: &shapes::Attachment, content: &Content) -> Self {
        let url = format!("files/{}", attachment.file);
        let bytes = content.get(&url).map(<[u8]>::len).unwrap_or_default();
        let media_type = mime_guess::from_path(&attachment.file).first_or_octet_stream();
        Self { url, media_type: media_type.to_string(), size: position(bytes) }
    }
}

async fn insert_press(
    tx: &mut SqliteConnection,
    press: &shapes::Press,
    now: Timestamp,
) -> anyhow::Result<()> {
    for (index, person) in press.spokespersons.iter().enumerate() {
        sqlx::query(
            "INSERT INTO spokespersons (id, position, organisation, roles, phone, email, languages)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&person.id)
        .bind(position(index))
        .bind(&person.organisation)
        .bind(Json(&person.roles))
        .bind(&person.phone)
        .bind(&person.email)
        .bind(Json(&person.languages))
        .execute(&mut *tx)
        .await?;
    }
    for briefing in &press.briefings {
        sqlx::query(
            "INSERT INTO briefings
             (id, organisation, starts, ends, places, titles, summaries, article, changed)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(&briefing.id)
        .bind(&briefing.organisation)
        .bind(briefing.starts.0)
        .bind(briefing.ends.map(|ends| ends.0))
        .bind(Json(&briefing.places))
        .bind(Json(&briefing.titles))
        .bind(Json(&briefing.summaries))
        .bind(&briefing.article)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn insert_notices(tx: &mut SqliteConnection, all: &[Bulletin]) -> anyhow::Result<()> {
    for notice in all {
        notices::insert(tx, notice).await?;
    }
    Ok(())
}

fn entry(work: &str, comment: &shapes::Comment) -> Entry {
    Entry {
        id: comment.id.to_string(),
        thread: ThreadId::of_work(work),
        parent: comment.parent.map(|parent| parent.to_string()),
        author: comment.author.clone(),
        badge: comment.badge,
        lang: comment.lang.clone(),
        body: comment.body.clone(),
        created: comment.created,
        votes: comment.votes,
        state: CommentState::Published,
        token: None,
        email: None,
        cause: None,
    }
}
