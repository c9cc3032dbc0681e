//! A text in several languages, and which of them a reader gets.

use std::collections::BTreeMap;

use haidang_engine::lang::{Lang, best};
use serde::{Deserialize, Serialize};

/// A text per language, stored and read as `{"vi": "…", "en": "…"}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<Lang, String>);

/// The languages a reader gets, best first: the one asked for, then the portal's fallback.
#[derive(Debug, Clone)]
pub struct Wanted(pub Vec<Lang>);

impl Texts {
    /// The text to show and its language: the best of those wanted, else any there is.
    pub fn pick(&self, wanted: &Wanted) -> Option<(&Lang, &str)> {
        let offered: Vec<_> = self.0.iter().collect();
        let found = best(&wanted.0, &offered, |(lang, _)| lang).or(offered.first());
        found.map(|(lang, text)| (*lang, text.as_str()))
    }

    /// The text to show; empty if there is none at all.
    pub fn text(&self, wanted: &Wanted) -> String {
        self.opt(wanted).unwrap_or_default()
    }

    /// The text to show, if there is any.
    pub fn opt(&self, wanted: &Wanted) -> Option<String> {
        self.pick(wanted).map(|(_, text)| text.to_owned())
    }

    /// Every text, whatever its language.
    pub fn all(&self) -> String {
        self.0.values().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_of_what_is_shown_is_said() {
        let lang = |code: &str| Lang::parse(code).unwrap();
        let texts: Texts = serde_json::from_str(r#"{"en": "Port", "vi": "Cảng"}"#).unwrap();
        let wanted = |codes: &[&str]| Wanted(codes.iter().map(|code| lang(code)).collect());
        assert_eq!(texts.pick(&wanted(&["ja", "vi"])), Some((&lang("vi"), "Cảng")));
        assert_eq!(texts.pick(&wanted(&["ko"])), Some((&lang("en"), "Port")));
        assert_eq!(Texts::default().pick(&wanted(&["vi"])), None);
    }
}
