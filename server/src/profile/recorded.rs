//! Answers that were recorded: a folder of JSON files, each `{request, status, headers, body}`.
//!
//! A recording need not be of exactly the request that a profile makes: of those with the same method and
//! path the one counts whose file is named after the endpoint (`list_vi.json`), then that which differs least
//! in its query.

use std::{cmp::Reverse, collections::BTreeMap, fs, path::Path};

use anyhow::{Context, ensure};
use haidang_engine::profile::{Request, Response};
use serde_json::Value;
use url::Url;

/// A folder of them.
pub struct Recordings(Vec<Recording>);

/// One.
pub struct Recording {
    /// Its file's name.
    pub file: String,
    /// What was asked.
    pub url: Url,
    /// What came.
    pub response: Response,
    method: String,
}

impl Recordings {
    /// Reads all of a folder; files that hold no recording are an error that names them.
    pub fn read(folder: &Path) -> anyhow::Result<Self> {
        let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
        let mut files = Vec::new();
        for entry in entries {
            files.push(entry?.path());
        }
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        ensure!(!files.is_empty(), "{} holds no recorded answer (*.json)", folder.display());
        let read = |file: &Path| {
            let text = fs::read_to_string(file)?;
            let recording = Recording::of(&serde_json::from_str(&text)?);
            let recording = recording.context("expected {request, status, headers, body}")?;
            let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            anyhow::Ok(Recording { file, ..recording })
        };
        let read = |file: &Path| read(file).with_context(|| file.display().to_string());
        files.iter().map(|file| read(file)).collect::<Result<_, _>>().map(Self)
    }

    /// The scheme and host the first one was asked of.
    pub fn origin(&self) -> String {
        let first = self.0.first().map(|first| first.url.origin().ascii_serialization());
        first.unwrap_or_default()
    }

    /// The recording nearest to a request. Steps of the path that are one of `ids` may be any other.
    pub fn like(&self, request: &Request, path: &str, ids: &[&str]) -> Option<&Recording> {
        let asked = Url::parse(&request.url).ok()?;
        let fits = |recording: &&Recording| {
            recording.method == request.method.as_str() && ends_like(&recording.url, &asked, ids)
        };
        let name = path.rsplit('.').next().unwrap_or_default();
        let name = if path == "comments.list" { "comments" } else { name };
        self.0.iter().filter(fits).min_by_key(|recording| {
            let fails = !(200..300).contains(&recording.response.status);
            let is_named = recording.file.split(['_', '.']).any(|word| word == name);
            // Of equals the one that says most.
            let says = Reverse(recording.response.body.len());
            (fails, !is_named, difference(&asked, &recording.url), says)
        })
    }
}

impl Recording {
    fn of(file: &Value) -> Option<Self> {
        let request = file.get("request")?;
        let headers = file.get("headers")?.as_object()?.iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        let body = file.get("body")?;
        // What is no JSON stands there as text.
        let body = match body.get("_not_json") {
            Some(text) => text.as_str()?.to_owned(),
            None if body.is_null() => String::new(),
            None => body.to_string(),
        };
        Some(Self {
            file: String::new(),
            method: request.get("method")?.as_str()?.to_owned(),
            url: Url::parse(request.get("url")?.as_str()?).ok()?,
            response: Response {
                status: u16::try_from(file.get("status")?.as_u64()?).ok()?,
                headers: headers.collect(),
                body,
                url: String::new(),
            },
        })
    }
}

/// Whether the path of `url` ends as that of `asked`.
fn ends_like(url: &Url, asked: &Url, ids: &[&str]) -> bool {
    let steps = |url: &Url| -> Vec<String> { url.path().split('/').map(str::to_owned).collect() };
    let (there, wanted) = (steps(url), steps(asked));
    let Some(skipped) = there.len().checked_sub(wanted.len()) else { return false };
    let mut pairs = there.iter().skip(skipped).zip(&wanted);
    // The first of `wanted` is the nothing before the first slash.
    let same = |(there, wanted): (&String, &String)| {
        wanted == there
            || (!wanted.is_empty() && !there.is_empty() && ids.contains(&wanted.as_str()))
    };
    pairs.next().is_some() && pairs.all(same)
}

/// How far two queries differ.
fn difference(asked: &Url, recorded: &Url) -> usize {
    let pairs =
        |url: &Url| -> BTreeMap<String, String> { url.query_pairs().into_owned().collect() };
    let (asked, recorded) = (pairs(asked), pairs(recorded));
    let other = asked.iter().filter(|(name, value)| recorded.get(*name) != Some(value)).count();
    let missing = asked.keys().filter(|name| !recorded.contains_key(*name)).count();
    let more = recorded.keys().filter(|name| !asked.contains_key(*name)).count();
    other + missing + 2 * more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_like_another_but_for_its_ids() {
        let url = |path: &str| Url::parse(&format!("https://x.test{path}")).unwrap();
        let like = |there, asked| ends_like(&url(there), &url(asked), &["7"]);
        assert!(like("/wp-json/wp/v2/posts", "/posts"));
        assert!(like("/id/1/like", "/id/7/like"));
        assert!(!like("/id/1/like", "/id/8/like"));
        assert!(!like("/posts/5", "/posts"));
        assert!(!like("/posts", "/v2/posts"));
        assert!(like("/", "/"));
        assert!(!like("/config", "/"));
    }
}
