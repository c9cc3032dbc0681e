//! A page of a thread: comments at the top in the order asked for, below each its replies, oldest
//! first. What a page costs depends on its own length, not on the thread's.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use haidang_engine::model::Comment;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row, Sqlite, SqliteConnection};

use super::{COLUMNS, Result, Store, Viewer, comment};
use crate::store::threads::ThreadId;

/// Which comments at the top come first; those that are pinned always do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ThreadOrder {
    /// The first first.
    #[default]
    Oldest,
    /// The latest first.
    Newest,
    /// The most votes first.
    Best,
    /// The most replies, to any depth, first.
    Discussed,
}

impl ThreadOrder {
    /// The column it sorts by, ascending.
    fn column(self) -> &'static str {
        match self {
            ThreadOrder::Oldest => "created",
            ThreadOrder::Newest => "recent",
            ThreadOrder::Best => "best",
            ThreadOrder::Discussed => "discussed",
        }
    }
}

/// Where a page begins: after a comment below a comment at the top. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct At {
    order: ThreadOrder,
    /// Sort keys of the comment at the top: whether it is not pinned, the order's own, its number.
    root: (i64, i64, i64),
    /// The number of the last comment given.
    last: i64,
}

/// An [`At`] as it travels, base64url.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Place(At);

impl TryFrom<String> for Place {
    type Error = &'static str;

    fn try_from(text: String) -> std::result::Result<Self, Self::Error> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let at = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        at.map(Self).ok_or("expected the cursor of an earlier answer")
    }
}

impl JsonSchema for Place {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ThreadCursor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "`next` of an earlier answer, which keeps its order; opaque"
        })
    }
}

/// Some comments of a thread.
#[derive(Debug)]
pub struct Slice {
    /// Every one after its parent.
    pub items: Vec<Comment>,
    /// Cursor of what follows.
    pub next: Option<String>,
    /// How many are published in all.
    pub total: u32,
    /// The number of the thread's last change.
    pub at: i64,
}

impl Store {
    /// At most `limit` comments of a thread, from `place` on.
    pub async fn comments(
        &self,
        thread: &ThreadId,
        order: ThreadOrder,
        place: Option<Place>,
        limit: u32,
        viewer: &Viewer,
    ) -> Result<Slice> {
        // One snapshot: what changes after it has a higher number.
        let mut tx = self.pool().begin().await?;
        let at = super::live::last(&mut tx, thread).await?;
        let total: i64 = match &thread.edition {
            Some(edition) => {
                sqlx::query_scalar("SELECT comments FROM versions WHERE id = ?").bind(edition)
            }
            None => {
                sqlx::query_scalar("SELECT comments FROM works WHERE id = ?").bind(&thread.work)
            }
        }
        .fetch_one(&mut *tx)
        .await?;
        let place = place.map(|Place(at)| at);
        let order = place.as_ref().map_or(order, |at| at.order);
        // One more than asked for, to know whether the thread goes on.
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        if let Some(at) = &place {
            found = rest(&mut tx, thread, at, wanted + 1, viewer).await?;
        }
        if found.len() <= wanted {
            let more = wanted + 1 - found.len();
            let root = place.as_ref().map(|at| at.root);
            found.extend(next_roots(&mut tx, thread, order, root, more, viewer).await?);
        }
        let goes_on = found.len() > wanted;
        found.truncate(wanted);
        let next = found.last().filter(|_| goes_on).map(|(at, _)| at);
        Ok(Slice {
            next: next
                .and_then(|at| serde_json::to_vec(at).ok())
                .map(|json| BASE64_URL_SAFE_NO_PAD.encode(json)),
            items: found.into_iter().map(|(_, comment)| comment).collect(),
            total: u32::try_from(total).unwrap_or_default(),
            at,
        })
    }
}

/// What else there is below the comment at the top that the last page ended in.
async fn rest(
    tx: &mut SqliteConnection,
    thread: &ThreadId,
    at: &At,
    limit: usize,
    viewer: &Viewer,
) -> Result<Vec<(At, Comment)>> {
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
    sql.push(COLUMNS)
        .push(" FROM comments c LEFT JOIN votes v ON v.comment = c.seq AND v.reader = ");
    sql.push_bind(viewer.token.clone());
    sql.push(" WHERE c.root = ").push_bind(at.root.2).push(" AND c.seq > ").push_bind(at.last);
    push_visible(&mut sql, thread, viewer);
    sql.push(" ORDER BY c.seq LIMIT ").push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = sql.build().fetch_all(tx).await?;
    let item = |row: &sqlx::sqlite::SqliteRow| {
        Ok((At { last: row.try_get("seq")?, ..at.clone() }, comment(row, viewer)?))
    };
    rows.iter().map(item).collect()
}

/// The comments at the top after `root`, each with what is below it.
async fn next_roots(
    tx: &mut SqliteConnection,
    thread: &ThreadId,
    order: ThreadOrder,
    root: Option<(i64, i64, i64)>,
    limit: usize,
    viewer: &Viewer,
) -> Result<Vec<(At, Comment)>> {
    let column = order.column();
    let mut sql = QueryBuilder::<Sqlite>::new("SELECT ");
    sql.push(COLUMNS).push(format_args!(
        ", r.unpinned AS root_unpinned, r.{column} AS root_key, r.seq AS root_seq
         FROM comments r CROSS JOIN comments c ON c.root = r.seq
         LEFT JOIN votes v ON v.comment = c.seq AND v.reader = "
    ));
    sql.push_bind(viewer.token.clone());
    sql.push(" WHERE r.parent IS NULL AND ");
    thread.push(&mut sql, "r");
    if let Some((unpinned, key, seq)) = root {
        sql.push(format_args!(" AND (r.unpinned, r.{column}, r.seq) > ("));
        sql.push_bind(unpinned).push(", ").push_bind(key).push(", ").push_bind(seq).push(")");
    }
    push_visible(&mut sql, thread, viewer);
    sql.push(format_args!(" ORDER BY r.unpinned, r.{column}, r.seq, c.seq LIMIT "));
    sql.push_bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows = sql.build().fetch_all(tx).await?;
    let item = |row: &sqlx::sqlite::SqliteRow| {
        let root =
            (row.try_get("root_unpinned")?, row.try_get("root_key")?, row.try_get("root_seq")?);
        Ok((At { order, root, last: row.try_get("seq")? }, comment(row, viewer)?))
    };
    rows.iter().map(item).collect()
}

/// What everybody sees or once saw in the thread, and what the reader wrote.
fn push_visible(sql: &mut QueryBuilder<Sqlite>, thread: &ThreadId, viewer: &Viewer) {
    sql.push(" AND ");
    thread.push(sql, "c");
    sql.push(" AND (c.shown = 1");
    if let Some(token) = &viewer.token {
        sql.push(" OR c.token = ").push_bind(token.clone());
    }
    sql.push(")");
}
