//! Languages and how they match: BCP 47 tags, with the little of CLDR's likely subtags a portal needs.

use std::{borrow::Cow, fmt};

use crate::read::{Node, Read, ReadError};

/// A language as the portal and its backends name it, e.g. `vi`, `zh`, `zh-Hant`.
///
/// Kept as given but for case; what goes into `lang` and `hreflang` is the `tag` of portal.json.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Lang(Cow<'static, str>);

/// Longer tags are none: bytes (<https://www.rfc-editor.org/rfc/rfc5646#section-4.4.1>).
const MAX_LENGTH: usize = 35;

impl Lang {
    /// English: what a tool speaks that has been told nothing.
    pub const ENGLISH: Self = Self(Cow::Borrowed("en"));

    /// A language, if `code` is shaped like a BCP 47 tag: letters and digits in parts of at most 8.
    pub fn parse(code: &str) -> Option<Self> {
        if code.len() > MAX_LENGTH {
            return None;
        }
        let shaped = code.split(['-', '_']).enumerate().all(|(index, part)| {
            let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
            let length = if index == 0 { 2..=3 } else { 1..=8 };
            length.contains(&part.len())
                && (letters || index > 0)
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let (first, rest) = code.split_once(['-', '_']).unwrap_or((code, ""));
        shaped.then(|| {
            let mut tag = first.to_ascii_lowercase();
            if !rest.is_empty() {
                tag.push('-');
                tag.push_str(&rest.replace('_', "-"));
            }
            Self(Cow::Owned(tag))
        })
    }

    /// The code, e.g. `zh-Hant`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary subtag, e.g. `zh`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or_default()
    }

    /// The script, given or likely (CLDR): only Chinese is written in two here.
    pub(crate) fn script(&self) -> &str {
        let given = self.0.split('-').skip(1).find(|part| part.len() == 4);
        let traditional = ["TW", "HK", "MO"];
        given.unwrap_or_else(|| match self.primary() {
            "zh" if self
                .0
                .split('-')
                .any(|part| traditional.iter().any(|region| part.eq_ignore_ascii_case(region))) =>
            {
                "Hant"
            }
            "zh" => "Hans",
            _ => "",
        })
    }

    /// How well a reader of `self` is served by `offered`: 3 the same, 2 the same script of the same
    /// language, 1 the same language, 0 not at all.
    pub fn affinity(&self, offered: &Lang) -> u8 {
        if self.0.eq_ignore_ascii_case(&offered.0) {
            3
        } else if self.primary() != offered.primary() {
            0
        } else if self.script().eq_ignore_ascii_case(offered.script()) {
            2
        } else {
            1
        }
    }
}

/// Not determined: <https://www.rfc-editor.org/rfc/rfc5646#section-4.1>.
impl Default for Lang {
    fn default() -> Self {
        Self(Cow::Borrowed("und"))
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The best of `offered` for somebody who wants `wanted`, in order of preference.
pub fn best<'a, T>(wanted: &[Lang], offered: &'a [T], lang: impl Fn(&T) -> &Lang) -> Option<&'a T> {
    wanted.iter().find_map(|want| {
        // The first of equals: `max_by_key` would take the last.
        offered
            .iter()
            .rev()
            .map(|item| (want.affinity(lang(item)), item))
            .filter(|(affinity, _)| *affinity > 0)
            .max_by_key(|(affinity, _)| *affinity)
            .map(|(_, item)| item)
    })
}

impl Read for Lang {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let Some(code) = node.opt::<String>()? else {
            let asked = node.lang().cloned();
            return asked.ok_or_else(|| node.error("a language (BCP 47)"));
        };
        Self::parse(&code).ok_or_else(|| node.error("a language (BCP 47)"))
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod wire {
    use super::Lang;

    impl serde::Serialize for Lang {
        fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
            out.serialize_str(&self.0)
        }
    }

    impl<'de> serde::Deserialize<'de> for Lang {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            let code = <String as serde::Deserialize>::deserialize(from)?;
            Self::parse(&code).ok_or_else(|| serde::de::Error::custom("not a language (BCP 47)"))
        }
    }

    impl schemars::JsonSchema for Lang {
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Lang".into()
        }

        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!({
                "type": "string",
                "description": "A language (BCP 47)",
                "pattern": "^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*$"
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn langs(codes: &[&str]) -> Vec<Lang> {
        codes.iter().map(|code| Lang::parse(code).unwrap()).collect()
    }

    fn choose(wanted: &[&str], offered: &[&str]) -> Option<String> {
        let offered = langs(offered);
        best(&langs(wanted), &offered, |lang| lang).map(Lang::to_string)
    }

    #[test]
    fn a_reader_from_taiwan_gets_traditional_script_if_there_is_one() {
        assert_eq!(choose(&["zh-TW"], &["zh", "zh-Hant"]).as_deref(), Some("zh-Hant"));
        assert_eq!(choose(&["zh-TW"], &["vi", "zh"]).as_deref(), Some("zh"));
        assert_eq!(choose(&["zh-CN"], &["zh-Hant", "zh"]).as_deref(), Some("zh"));
    }

    #[test]
    fn the_first_wanted_language_wins() {
        assert_eq!(choose(&["ja", "en-GB"], &["vi", "en"]).as_deref(), Some("en"));
        assert_eq!(choose(&["fr"], &["vi", "en"]), None);
    }

    #[test]
    fn only_tags_are_languages() {
        let endless = ["vi", &"-x".repeat(17)].concat();
        for code in ["", "v", "vi/..", "vi\u{0}", "12", "toolonglang", "vi-", &endless] {
            assert_eq!(Lang::parse(code), None, "{code}");
        }
        assert!(Lang::parse("zh-cmn-Hans-CN-variant1-x-privatee").is_some());
        assert_eq!(Lang::parse("ZH_hant").unwrap().as_str(), "zh-hant");
    }
}
