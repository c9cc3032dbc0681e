//! Columns of a row as the types of the model.

use haidang_engine::{
    lang::Lang,
    time::{Date, Timestamp},
};
use serde::de::DeserializeOwned;
use sqlx::{Row, sqlite::SqliteRow, types::Json};

use super::Result;
use crate::texts::Texts;

/// Reads a column by name.
pub trait Columns {
    /// Text.
    fn text(&self, name: &str) -> Result<String>;
    /// Text that may be absent.
    fn opt_text(&self, name: &str) -> Result<Option<String>>;
    /// A text per language; absent is none.
    fn texts(&self, name: &str) -> Result<Texts>;
    /// JSON.
    fn json<T: DeserializeOwned + 'static>(&self, name: &str) -> Result<T>;
    /// An integer that may be absent.
    fn opt_int<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>>;
    /// True or false.
    fn flag(&self, name: &str) -> Result<bool>;
    /// A language.
    fn lang(&self, name: &str) -> Result<Lang>;
    /// An instant.
    fn time(&self, name: &str) -> Result<Timestamp>;
    /// An instant that may be absent.
    fn opt_time(&self, name: &str) -> Result<Option<Timestamp>>;
    /// A day that may be absent.
    fn opt_date(&self, name: &str) -> Result<Option<Date>>;
}

impl Columns for SqliteRow {
    fn text(&self, name: &str) -> Result<String> {
        self.try_get(name)
    }

    fn opt_text(&self, name: &str) -> Result<Option<String>> {
        self.try_get(name)
    }

    fn texts(&self, name: &str) -> Result<Texts> {
        let texts: Option<Json<Texts>> = self.try_get(name)?;
        Ok(texts.map(|Json(texts)| texts).unwrap_or_default())
    }

    fn json<T: DeserializeOwned + 'static>(&self, name: &str) -> Result<T> {
        self.try_get::<Json<T>, _>(name).map(|Json(value)| value)
    }

    fn opt_int<T: TryFrom<i64>>(&self, name: &str) -> Result<Option<T>> {
        let value: Option<i64> = self.try_get(name)?;
        Ok(value.and_then(|value| T::try_from(value).ok()))
    }

    fn flag(&self, name: &str) -> Result<bool> {
        self.try_get(name)
    }

    fn lang(&self, name: &str) -> Result<Lang> {
        Lang::parse(&self.text(name)?).ok_or_else(|| unreadable(name, "a language"))
    }

    fn time(&self, name: &str) -> Result<Timestamp> {
        self.try_get(name).map(Timestamp)
    }

    fn opt_time(&self, name: &str) -> Result<Option<Timestamp>> {
        Ok(self.try_get::<Option<i64>, _>(name)?.map(Timestamp))
    }

    fn opt_date(&self, name: &str) -> Result<Option<Date>> {
        let Some(text) = self.opt_text(name)? else { return Ok(None) };
        Date::parse(&text).map(Some).ok_or_else(|| unreadable(name, "a day"))
    }
}

fn unreadable(name: &str, expected: &str) -> sqlx::Error {
    sqlx::Error::ColumnDecode {
        index: name.to_owned(),
        source: format!("expected {expected}").into(),
    }
}
