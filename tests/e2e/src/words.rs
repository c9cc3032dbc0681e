//! The words of the interface, from `locales/*.json`: no journey spells them out.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::settings::project_file;

/// A message in a language.
pub fn word(lang: &str, key: &str) -> Result<String> {
    let message = message(lang, key)?;
    let text = message.as_str().with_context(|| format!("{lang}: {key} has plural forms"))?;
    Ok(text.to_owned())
}

/// A message with its `{name}`s filled in.
pub fn filled(lang: &str, key: &str, values: &[(&str, &str)]) -> Result<String> {
    let text = word(lang, key)?;
    Ok(values.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value)))
}

/// A message about `count` things, fewer than a thousand. Of the demo's languages only English has
/// a singular.
pub fn counted(lang: &str, key: &str, count: u64) -> Result<String> {
    let category = if lang == "en" && count == 1 { "one" } else { "other" };
    let message = message(lang, key)?;
    let form = message.get(category).and_then(Value::as_str);
    let form = form.with_context(|| format!("{lang}: {key} has no form `{category}`"))?;
    Ok(form.replace("{n}", &count.to_string()))
}

fn message(lang: &str, key: &str) -> Result<Value> {
    let file = project_file(&format!("locales/{lang}.json"));
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut messages: Map<String, Value> =
        serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    messages.remove(key).with_context(|| format!("{}: no message {key}", file.display()))
}
