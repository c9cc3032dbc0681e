//! A first portal.json for what was found, and what is left to fill in.

use haidang_engine::lang::Lang;
use serde_json::{Map, Value, json};
use url::Url;

use super::marks::Found;

/// The profile that has no articles.
const COMMENTS_ALONE: &str = "isso";

/// What stands for a key that only its owner has.
const KEY: &str = "your-content-api-key";

/// A portal.json, its keys in the order one reads them.
pub fn portal(found: &[Found], url: &Url, lang: &Lang) -> String {
    let host = url.host_str().unwrap_or("portal");
    let name = found.iter().find_map(|found| found.name.as_deref()).unwrap_or(host);
    let zone = found.iter().find_map(|found| found.timezone.as_deref()).unwrap_or("UTC");
    let sources: Vec<_> = found.iter().map(|found| source(found, lang)).collect();
    let mut members = vec![
        ("$schema", json!("portal.schema.json")),
        ("version", json!(1)),
        ("id", json!(id(host))),
        ("name", json!({ lang.as_str(): name })),
        ("timezone", json!(zone)),
        ("languages", json!([{ "code": lang.as_str(), "name": autonym(lang) }])),
        ("default", json!(lang.as_str())),
        ("sources", sources.into()),
    ];
    members.extend(comments(found).map(|comments| ("comments", comments)));
    let member =
        |(key, value): (&str, Value)| format!("\"{key}\": {value:#}").replace('\n', "\n  ");
    let members: Vec<_> = members.into_iter().map(member).collect();
    format!("{{\n  {}\n}}", members.join(",\n  "))
}

/// Where comments live, if that needs to be said.
fn comments(found: &[Found]) -> Option<Value> {
    let talk = found.iter().find(|found| found.profile == COMMENTS_ALONE);
    match talk.filter(|_| found.len() > 1) {
        // Its threads belong to the pages of the site it was found on.
        Some(talk) => Some(json!({ "source": talk.profile, "key": "path" })),
        // Its threads are of one post.
        None if found.iter().any(|found| found.profile == "ghost") => {
            Some(json!({ "scope": "version" }))
        }
        None => None,
    }
}

fn source(found: &Found, lang: &Lang) -> Value {
    let mut source = Map::new();
    source.insert("id".to_owned(), found.profile.into());
    source.insert("base".to_owned(), found.base.as_str().into());
    source.insert("profile".to_owned(), found.profile.into());
    match found.profile {
        "ghost" => drop(source.insert("auth".to_owned(), json!({ "query": "key", "value": KEY }))),
        // In one language its paths have none.
        "drupal" => drop(source.insert("params".to_owned(), json!({ "prefix": "" }))),
        _ => {}
    }
    if found.profile != COMMENTS_ALONE {
        source.insert("languages".to_owned(), json!({ "codes": [lang.as_str()] }));
    }
    source.into()
}

/// What is left to do, a sentence each.
pub fn left(found: &[Found], lang: &Lang) -> Vec<String> {
    let mut left = Vec::new();
    for one in found {
        let profile = one.profile;
        if !one.is_open {
            left.push(format!(
                "{profile} does not say that pages of other origins may read it (CORS): let it, or ask it \
                 through the server's proxy"
            ));
        }
        match profile {
            "ghost" => left.push(format!(
                "auth.value: in place of {KEY}, the Content API key of Ghost (Settings, Integrations). It is \
                 public by design"
            )),
            "wordpress" => left.push(
                "params.email: an address to sign comments with, if the site demands one; languages: all that \
                 the site has, if Polylang or WPML tells them"
                    .to_owned(),
            ),
            "drupal" => left.push(
                "languages: all that the site has; then params.prefix goes, or says how its paths name them"
                    .to_owned(),
            ),
            "realworld" => left.push(
                "auth: `header` \"Authorization\" and `value` \"Token …\" of an account, if readers shall comment"
                    .to_owned(),
            ),
            "isso" => left.push(
                "comments.key: `path` finds threads by the path of an article's page; if they go by something \
                 else, params.page makes it of a thread's key"
                    .to_owned(),
            ),
            _ => {}
        }
    }
    if found.iter().all(|found| found.profile == COMMENTS_ALONE) {
        left.push("sources: one with articles, before that of the comments".to_owned());
    }
    if found.iter().all(|found| found.timezone.is_none()) {
        left.push("timezone: the portal's, an IANA name".to_owned());
    }
    if autonym(lang) == lang.as_str() {
        left.push(format!(
            "languages: the name of {lang} in {lang}, and a file locales/{lang}.json"
        ));
    }
    left.push("name, description, navigation, legal: see docs/portal.md".to_owned());
    left
}

/// Letters, digits and `-`, of a host's name.
fn id(host: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let id: String = host.trim_start_matches("www.").chars().map(plain).collect();
    let id = id.trim_matches('-');
    if id.is_empty() { "portal".to_owned() } else { id.to_owned() }
}

/// The language's own name for itself, for those that have a locale here; else the code.
fn autonym(lang: &Lang) -> &str {
    match lang.as_str() {
        "vi" => "Tiếng Việt",
        "en" => "English",
        "zh" => "中文",
        "ja" => "日本語",
        "ko" => "한국어",
        code => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_is_named_by_its_host() {
        assert_eq!(id("www.example.org"), "example-org");
        assert_eq!(id("[::1]"), "1");
        assert_eq!(id("..."), "portal");
    }
}
