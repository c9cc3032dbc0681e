//! Paging: a cursor says where a list goes on, and nobody but this file knows how.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Sqlite};

/// Where a page begins. Opaque to clients; new items do not shift what a cursor means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    /// What follows the item with this sort key and id.
    After(String, String),
    /// What goes before it.
    Before(String, String),
    /// From this index on, for lists by relevance, which no key can sort.
    Index(u32),
}

/// A [`Place`] as it travels: base64url, without meaning to the client.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cursor(Place);

impl TryFrom<String> for Cursor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(text).ok();
        let place = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        place.map(Self).ok_or("expected the cursor of an earlier answer")
    }
}

impl schemars::JsonSchema for Cursor {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Cursor".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "`next` or `previous` of an earlier answer; opaque"
        })
    }
}

fn encode(place: Place) -> Option<String> {
    serde_json::to_vec(&place).ok().map(|bytes| BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Which slice of a list is asked for.
pub struct Window {
    place: Option<Place>,
    limit: u32,
}

/// Which way a list runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// A slice, with the way to its neighbours.
pub struct Slice<T> {
    /// In the list's order.
    pub items: Vec<T>,
    /// Cursor of what follows.
    pub next: Option<String>,
    /// Cursor of what goes before.
    pub previous: Option<String>,
}

impl Window {
    /// At most `limit` items from `cursor` on; without one from the beginning.
    pub fn new(cursor: Option<Cursor>, limit: u32) -> Self {
        Self { place: cursor.map(|Cursor(place)| place), limit }
    }

    /// Ends a query that has a `WHERE`: condition, order and limit by the columns `sort` and `id`.
    ///
    /// One row more than asked for is read, to know whether the list goes on. SQLite compares the
    /// bound text with the column's affinity, so `sort` may be an integer.
    pub fn push_keys(&self, sql: &mut QueryBuilder<Sqlite>, sort: &str, id: &str, order: Order) {
        let (key, back) = match &self.place {
            Some(Place::After(sort, id)) => (Some((sort, id)), false),
            Some(Place::Before(sort, id)) => (Some((sort, id)), true),
            _ => (None, false),
        };
        let ascending = (order == Order::Ascending) != back;
        if let Some((at, at_id)) = key {
            sql.push(format_args!(" AND ({sort}, {id}) {} (", if ascending { ">" } else { "<" }));
            sql.push_bind(at.clone()).push(", ").push_bind(at_id.clone()).push(")");
        }
        let direction = if ascending { "ASC" } else { "DESC" };
        sql.push(format_args!(" ORDER BY {sort} {direction}, {id} {direction} LIMIT "));
        sql.push_bind(i64::from(self.limit) + 1);
    }

    /// Ends a query that is ordered already.
    pub fn push_index(&self, sql: &mut QueryBuilder<Sqlite>) {
        sql.push(" LIMIT ").push_bind(i64::from(self.limit) + 1);
        sql.push(" OFFSET ").push_bind(i64::from(self.index()));
    }

    fn index(&self) -> u32 {
        match self.place {
            Some(Place::Index(index)) => index,
            _ => 0,
        }
    }

    /// The slice that the rows of a query by keys make; `key` gives sort key and id of a row.
    pub fn by_keys<T>(self, mut rows: Vec<T>, key: impl Fn(&T) -> (String, String)) -> Slice<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let back = matches!(self.place, Some(Place::Before(..)));
        if back {
            rows.reverse();
        }
        let (has_previous, has_next) =
            if back { (more, true) } else { (self.place.is_some(), more) };
        let first = rows.first().filter(|_| has_previous).map(&key);
        let last = rows.last().filter(|_| has_next).map(&key);
        Slice {
            next: last.and_then(|(sort, id)| encode(Place::After(sort, id))),
            previous: first.and_then(|(sort, id)| encode(Place::Before(sort, id))),
            items: rows,
        }
    }

    /// The slice that the rows of a query by index make.
    pub fn by_index<T>(self, mut rows: Vec<T>) -> Slice<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let index = self.index();
        let at = |index: u32| encode(Place::Index(index));
        Slice {
            items: rows,
            next: more.then(|| at(index.saturating_add(self.limit))).flatten(),
            previous: (index > 0).then(|| at(index.saturating_sub(self.limit))).flatten(),
        }
    }
}
