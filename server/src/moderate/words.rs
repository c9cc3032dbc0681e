//! What the pages say, in five languages; a locale that lacks one fails the tests, and the start.

use std::sync::Arc;

use anyhow::Context;
use axum::http::{HeaderMap, header};
use haidang_engine::lang::{Lang, best};
use serde::Deserialize;

/// Code, its own name, and the file.
const LOCALES: [(&str, &str, &str); 5] = [
    ("vi", "Tiếng Việt", include_str!("../../locales/vi.json")),
    ("en", "English", include_str!("../../locales/en.json")),
    ("zh", "中文", include_str!("../../locales/zh.json")),
    ("ja", "日本語", include_str!("../../locales/ja.json")),
    ("ko", "한국어", include_str!("../../locales/ko.json")),
];

macro_rules! words {
    ($($key:ident,)+) => {
        /// The sentences of one language, by the keys of its file.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Words { $(pub $key: String,)+ }
    };
}

words! {
    title,
    sign_in,
    sign_out,
    name,
    password,
    sign_in_failed,
    wait,
    languages,
    sections_of_this,
    held,
    reported,
    recent,
    threads,
    log,
    nothing,
    done,
    gone,
    not_allowed,
    stale,
    why_needed,
    by,
    under,
    written,
    email,
    state,
    published,
    waiting,
    rejected,
    deleted,
    cause,
    cause_trap,
    cause_fast,
    cause_words,
    cause_links,
    cause_reports,
    cause_edited,
    cause_rule,
    reports,
    report_spam,
    report_abuse,
    report_false,
    report_private,
    report_other,
    why,
    why_hint,
    approve,
    reject,
    delete,
    pin,
    unpin,
    feature,
    unfeature,
    open,
    closed_now,
    close_after,
    save,
    by_section,
    by_article,
    when,
    who,
    what,
    r#where,
    what_open,
    what_close,
    what_sign_in,
    what_moderator,
    what_editor,
    what_retire,
    older,
    find,
    show,
}

/// One language.
pub struct Locale {
    /// Its code.
    pub lang: Lang,
    /// What it is called in itself.
    pub name: &'static str,
    /// What it says.
    pub words: Words,
}

/// All languages.
pub struct Locales {
    all: Vec<Arc<Locale>>,
    first: Arc<Locale>,
}

impl Locales {
    /// Reads them.
    pub fn new() -> anyhow::Result<Self> {
        let read = |(code, name, json): (&str, &'static str, &str)| {
            let lang = Lang::parse(code).context("a language")?;
            let words =
                serde_json::from_str(json).with_context(|| format!("locales/{code}.json"))?;
            Ok(Arc::new(Locale { lang, name, words }))
        };
        let all = LOCALES.into_iter().map(read).collect::<anyhow::Result<Vec<_>>>()?;
        let first = Arc::clone(all.first().context("a language")?);
        Ok(Self { all, first })
    }

    /// Every one.
    pub fn all(&self) -> &[Arc<Locale>] {
        &self.all
    }

    /// The one chosen, else the best of those a browser accepts, else the portal's own.
    pub fn choose(
        &self,
        chosen: Option<&str>,
        headers: &HeaderMap,
        default: &Lang,
    ) -> &Arc<Locale> {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let wanted: Vec<Lang> = chosen
            .into_iter()
            .filter_map(Lang::parse)
            .chain(accepted.map(accepted_languages).unwrap_or_default())
            .chain([default.clone()])
            .collect();
        best(&wanted, &self.all, |locale| &locale.lang).unwrap_or(&self.first)
    }
}

/// The languages of an `Accept-Language`, the best first.
fn accepted_languages(header: &str) -> Vec<Lang> {
    let one = |part: &str| {
        let (code, weight) = part.split_once(';').unwrap_or((part, "q=1"));
        let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
        Some((weight, Lang::parse(code.trim())?))
    };
    let mut languages: Vec<_> = header.split(',').filter_map(one).collect();
    languages.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    languages.into_iter().map(|(_, lang)| lang).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn every_language_has_every_sentence_with_the_same_places_in_it() {
        let locales = Locales::new().unwrap();
        assert_eq!(locales.all().len(), 5);
        for locale in locales.all() {
            assert!(locale.words.by.contains("{name}"), "{}", locale.name);
        }
        for (code, _, json) in LOCALES {
            let words: std::collections::BTreeMap<String, String> =
                serde_json::from_str(json).unwrap();
            assert!(words.values().all(|word| !word.trim().is_empty()), "{code}");
        }
    }

    #[test]
    fn a_link_goes_before_the_browser_and_that_before_the_portal() {
        let locales = Locales::new().unwrap();
        let vi = Lang::parse("vi").unwrap();
        let mut headers = HeaderMap::new();
        let chosen = |chosen, headers: &HeaderMap| {
            locales.choose(chosen, headers, &vi).lang.as_str().to_owned()
        };
        assert_eq!(chosen(None, &headers), "vi");
        let accepted = HeaderValue::from_static("de, en;q=0.3, ja;q=0.9");
        headers.insert(header::ACCEPT_LANGUAGE, accepted);
        assert_eq!(chosen(None, &headers), "ja");
        assert_eq!(chosen(Some("ko"), &headers), "ko");
        assert_eq!(chosen(Some("?"), &headers), "ja");
    }
}
