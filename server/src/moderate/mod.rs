//! `/moderate`.
pub mod password;
use crate::store::{Store, moderation::Role};
use anyhow::ensure;
use haidang_engine::time::Timestamp;

/// Characters of a password that is given.
const SHORTEST: usize = 12;

/// Makes a moderator, or gives one a new password; without one given, one is made and returned.
pub async fn add(
    store: &Store,
    name: &str,
    role: Role,
    given: Option<String>,
    now: Timestamp,
) -> anyhow::Result<Option<String>> {
    let name = name.trim();
    ensure!(crate::clean::is_visible(name), "a moderator needs a name");
    let long_enough = |given: &String| given.chars().count() >= SHORTEST;
    ensure!(given.as_ref().is_none_or(long_enough), "the password needs {SHORTEST} characters");
    let made = if given.is_none() { Some(password::password()?) } else { None };
    let hash = password::hash(given.as_ref().or(made.as_ref()).map_or("", String::as_str))?;
    store.set_moderator(name, role, &hash, now).await?;
    Ok(made)
}
