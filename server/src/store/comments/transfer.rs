//! A whole thread as one file: written, and read into another database.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, ensure};
use haidang_engine::{
    lang::Lang,
    model::{Badge, CommentState},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite};

use super::{Entry, Result, Store, changed, insert};
use crate::store::{row::Columns, threads::ThreadId};

/// A thread in a file. Who wrote is in it by name alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptThread {
    /// 1.
    pub version: u32,
    /// The work it is about.
    pub article: String,
    /// Every comment, those too that nobody sees.
    pub comments: Vec<Kept>,
}

/// A comment in a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Its id.
    pub id: String,
    /// The version it was written under, where threads belong to versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edition: Option<String>,
    /// The comment it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// As signed.
    pub author: String,
    /// What the author is.
    #[serde(default)]
    pub badge: Badge,
    /// The language, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Lang>,
    /// Small Markdown.
    pub text: String,
    /// When it was written.
    pub created: Timestamp,
    /// When it was changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited: Option<Timestamp>,
    /// Votes for, less votes against.
    #[serde(default)]
    pub votes: i32,
    /// Where it stands.
    #[serde(default)]
    pub state: CommentState,
    /// What a moderator said of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the machine held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// Stays at the top.
    #[serde(default)]
    pub pinned: bool,
    /// Picked by the editors.
    #[serde(default)]
    pub featured: bool,
}

impl Store {
    /// The threads of `work`.
    pub async fn export(&self, work: &str) -> Result<KeptThread> {
        let rows = sqlx::query(
            "SELECT id, edition, parent, author, badge, lang, body, created, edited, votes, state, reason,
                    cause, pinned, featured
             FROM comments WHERE thread = ? ORDER BY seq",
        )
        .bind(work)
        .fetch_all(self.pool())
        .await?;
        let mut comments = Vec::with_capacity(rows.len());
        for row in &rows {
            comments.push(Kept {
                id: row.text("id")?,
                edition: row.opt_text("edition")?,
                parent: row.opt_text("parent")?,
                author: row.text("author")?,
                badge: Badge::from_wire(&row.text("badge")?).unwrap_or_default(),
                lang: row.opt_text("lang")?.as_deref().and_then(Lang::parse),
                text: row.text("body")?,
                created: row.time("created")?,
                edited: row.opt_time("edited")?,
                votes: row.opt_int("votes")?.unwrap_or_default(),
                state: CommentState::from_wire(&row.text("state")?).unwrap_or_default(),
                reason: row.opt_text("reason")?,
                cause: row.opt_text("cause")?,
                pinned: row.flag("pinned")?,
                featured: row.flag("featured")?,
            });
        }
        Ok(KeptThread { version: 1, article: work.to_owned(), comments })
    }

    /// Adds the comments of `kept` to the thread of `work`, all or none; those that it has already stay
    /// as they are. Says how many came.
    pub async fn import(&self, work: &str, kept: &KeptThread) -> anyhow::Result<usize> {
        ensure!(kept.version == 1, "version: expected 1, found {}", kept.version);
        let sorted = parents_first(&kept.comments)?;
        let mut tx = self.pool().begin_with("BEGIN IMMEDIATE").await?;
        let mut came = 0;
        for comment in sorted {
            let place: Option<String> =
                sqlx::query_scalar("SELECT thread FROM comments WHERE id = ?")
                    .bind(&comment.id)
                    .fetch_optional(&mut *tx)
                    .await?;
            if let Some(place) = place {
                ensure!(place == work, "comments: {} stands under {place}", comment.id);
                continue;
            }
            let seq = insert(&mut tx, &entry(work, comment)).await?;
            let mut sql = QueryBuilder::<Sqlite>::new("UPDATE comments SET edited = ");
            sql.push_bind(comment.edited.map(|edited| edited.0));
            sql.push(", reason = ").push_bind(&comment.reason);
            sql.push(", pinned = ").push_bind(comment.pinned);
            sql.push(", featured = ").push_bind(comment.featured);
            sql.push(" WHERE seq = ").push_bind(seq);
            sql.build().execute(&mut *tx).await?;
            changed(&mut tx, seq).await?;
            came += 1;
        }
        tx.commit().await?;
        self.announce(work);
        Ok(came)
    }
}

fn entry(work: &str, comment: &Kept) -> Entry {
    Entry {
        id: comment.id.clone(),
        thread: ThreadId { work: work.to_owned(), edition: comment.edition.clone() },
        parent: comment.parent.clone(),
        author: comment.author.clone(),
        badge: comment.badge,
        lang: comment.lang.clone(),
        body: comment.text.clone(),
        created: comment.created,
        votes: comment.votes,
        state: comment.state,
        token: None,
        email: None,
        cause: comment.cause.clone(),
    }
}

/// The comments, each after the one it answers, else as they stand in the file.
fn parents_first(comments: &[Kept]) -> anyhow::Result<Vec<&Kept>> {
    let mut known = HashSet::new();
    for comment in comments {
        ensure!(known.insert(comment.id.as_str()), "comments: {} is there twice", comment.id);
    }
    let mut waiting: HashMap<&str, Vec<&Kept>> = HashMap::new();
    let mut sorted: Vec<&Kept> = Vec::with_capacity(comments.len());
    let mut placed = HashSet::new();
    for comment in comments {
        match comment.parent.as_deref() {
            Some(parent) if !placed.contains(parent) => {
                ensure!(
                    known.contains(parent),
                    "comments: {} answers {parent}, which is not there",
                    comment.id
                );
                waiting.entry(parent).or_default().push(comment);
                continue;
            }
            _ => {}
        }
        // What waited for it comes now, and what waited for that.
        let mut next = vec![comment];
        while let Some(comment) = next.pop() {
            placed.insert(comment.id.as_str());
            sorted.push(comment);
            let mut after = waiting.remove(comment.id.as_str()).unwrap_or_default();
            after.reverse();
            next.append(&mut after);
        }
    }
    let left = comments.iter().find(|comment| !placed.contains(comment.id.as_str()));
    let in_a_circle = left.map(|comment| comment.id.clone());
    match in_a_circle {
        Some(id) => Err(anyhow::anyhow!("{id} answers itself in the end")).context("comments"),
        None => Ok(sorted),
    }
}
