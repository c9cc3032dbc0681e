//! portal.json: everything a portal changes without a rebuild.

mod check;
mod origin;

use super::{declare::config, source::Source};
use crate::{
    json,
    lang::{Lang, best},
    read::{Node, Read, ReadError, read},
};

/// A text per language, e.g. `{"vi": "Tin tức", "en": "News"}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localized(Vec<(Lang, String)>);

impl Localized {
    /// The text in `lang`, else in the first of `fallback` there is, else any.
    pub fn get(&self, lang: &Lang, fallback: &[Lang]) -> &str {
        let wanted = [std::slice::from_ref(lang), fallback].concat();
        let found = best(&wanted, &self.0, |(lang, _)| lang).or(self.0.first());
        found.map(|(_, text)| text.as_str()).unwrap_or_default()
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Read for Localized {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let table = node.table::<String>()?;
        let known = table.into_iter().filter_map(|(code, text)| {
            let lang = Lang::parse(&code);
            if lang.is_none() {
                node.note(&format!("\"{code}\" is not a language (BCP 47)"));
            }
            Some((lang?, text))
        });
        Ok(Self(known.collect()))
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl schemars::JsonSchema for Localized {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Localized".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "A text per language (BCP 47)",
            "additionalProperties": { "type": "string" }
        })
    }
}

config! {
    /// A language of the portal and its edition.
    Language {
        /// As in addresses, e.g. `zh`.
        req code: Lang,
        /// For `lang` and `hreflang`, e.g. `zh-Hans`; the code if absent.
        opt tag: Option<String>,
        /// In the language itself, e.g. `中文`.
        req name: String,
    }
}

impl Language {
    /// What goes into `lang` and `hreflang`.
    pub fn tag(&self) -> &str {
        self.tag.as_deref().unwrap_or(self.code.as_str())
    }
}

config! {
    /// An item of the navigation: exactly one of `section`, `page`, `href`.
    NavigationItem {
        /// What it is called.
        req name: Localized,
        /// A section's id.
        opt section: Option<String>,
        /// `documents`, `press` or `search`.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("enum" = ["documents", "press", "search", null])))]
        opt page: Option<String>,
        /// Any address.
        opt href: Option<String>,
        /// The editions that show it; absent is all.
        list languages: Vec<Lang>,
    }
}

config! {
    /// Where comments live.
    #[derive(Default)]
    Comments {
        /// A source's id; absent is the article's own.
        opt source: Option<String>,
        /// `work`: one thread for all versions (the default). `version`: one each.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("enum" = ["work", "version", null])))]
        opt scope: Option<String>,
        /// What a thread is found by where comments live somewhere else than articles: `id` (the default; see
        /// `scope`), `slug`, `url` (the article's address at its source, else here) or `path` (of that).
        opt key: Option<String>,
        /// The rules of the house, said before a reader writes for the first time.
        or rules: Localized,
        /// What becomes of what a reader writes, said there too.
        or privacy: Localized,
        /// Whether to ask for an e-mail address, which may stay empty.
        or email: bool,
        /// Seconds between looking for new comments where a backend does not tell of them itself; 30 if absent.
        opt poll: Option<u32>,
    }
}

/// What the portal offers; all on unless switched off.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema), schemars(default))]
pub struct Features {
    /// Comments under articles.
    pub comments: bool,
    /// The search box and page.
    pub search: bool,
    /// The register of documents.
    pub documents: bool,
    /// The press office.
    pub press: bool,
    /// Notices on every page.
    pub notices: bool,
}

impl Default for Features {
    fn default() -> Self {
        Self { comments: true, search: true, documents: true, press: true, notices: true }
    }
}

impl Read for Features {
    fn read(node: Node<'_>) -> Result<Self, ReadError> {
        let object = node.object()?;
        object.warn_unknown(&["comments", "search", "documents", "press", "notices"]);
        let on = |key| object.all_or_none(object.strict_field(key)).unwrap_or(true);
        Ok(Self {
            comments: on("comments"),
            search: on("search"),
            documents: on("documents"),
            press: on("press"),
            notices: on("notices"),
        })
    }
}

config! {
    /// Colours and own style.
    #[derive(Default)]
    Theme {
        /// The accent on light paper, `#rrggbb`.
        opt accent: Option<String>,
        /// The accent on dark paper, `#rrggbb`.
        opt accent_dark: Option<String>,
        /// An own stylesheet, loaded after ours.
        opt stylesheet: Option<String>,
        /// The portal's mark, an image; absent is the lighthouse.
        opt logo: Option<String>,
    }
}

config! {
    /// What the law asks a portal to print.
    Legal {
        /// The agency responsible.
        or agency: Localized,
        /// Its address.
        or address: Localized,
        /// The licence it is published under.
        or licence: Localized,
        /// Who answers for the content, by office.
        or editor: Localized,
        /// How to reach it.
        or contact: Localized,
        /// Address of the privacy notice.
        opt privacy: Option<String>,
        /// Address of the terms of use.
        opt terms: Option<String>,
        /// Address of the accessibility statement.
        opt accessibility: Option<String>,
    }
}

config! {
    /// A request the start-up script sends before the app runs.
    Early {
        /// The page it is for: `front`, `article` or `any`.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("enum" = ["front", "article", "any"])))]
        req page: String,
        /// Its address, exactly as the app will ask: `{lang}` and `{id}` stand for the route's.
        req get: String,
    }
}

config! {
    /// A portal.
    Portal {
        /// Of this format: 1.
        req version: u32,
        /// Names what is kept in the browser: letters, digits, `-`.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("pattern" = "^[A-Za-z0-9-]+$")))]
        req id: String,
        /// The portal's name.
        req name: Localized,
        /// One sentence about it.
        or description: Localized,
        /// IANA name; dates are shown in it.
        req timezone: String,
        /// At least one.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("minItems" = 1)))]
        some languages: Vec<Language>,
        /// The language of a reader who has none of them.
        req default: Lang,
        /// For content that a reader's language lacks.
        list fallback: Vec<Lang>,
        /// The edition's main navigation.
        list navigation: Vec<NavigationItem>,
        /// At least one; the first one's ids need no prefix in addresses.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("minItems" = 1)))]
        some sources: Vec<Source>,
        /// Where comments live.
        opt comments: Option<Comments>,
        /// On or off.
        or features: Features,
        /// Colours and own style.
        or theme: Theme,
        /// What the law asks to print.
        opt legal: Option<Legal>,
        /// Whose address search engines shall keep: `portal` (the default) or `source`.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("enum" = ["portal", "source", null])))]
        opt canonical: Option<String>,
        /// Origins whose pages may be shown within an article, once the reader asks for it, e.g.
        /// `https://player.example.org`.
        list embeds: Vec<String>,
        /// Sent before the app runs.
        list early: Vec<Early>,
    }
}

impl Portal {
    /// Reads portal.json; beside it come warnings. The error names the field.
    pub fn parse(json: &str) -> (Result<Self, String>, Vec<String>) {
        let value = match json::parse(json) {
            Ok(value) => value,
            Err(error) => return (Err(format!("portal.json: {error}")), Vec::new()),
        };
        let (portal, notes) = read::<Self>(&value, "portal", "");
        let portal = portal.map_err(|error| error.to_string());
        (portal.and_then(|portal| portal.check().map(|()| portal)), notes)
    }

    /// The language of a code, if the portal has it.
    pub fn language(&self, code: &Lang) -> Option<&Language> {
        self.languages.iter().find(|language| language.code == *code)
    }

    /// The source of a key: empty names the first.
    pub fn source(&self, id: &str) -> Option<&Source> {
        self.sources
            .iter()
            .find(|source| source.id == id)
            .or_else(|| self.sources.first().filter(|_| id.is_empty()))
    }

    /// The codes of the portal's languages.
    pub fn codes(&self) -> Vec<Lang> {
        self.languages.iter().map(|language| language.code.clone()).collect()
    }

    /// The best language for a reader who `wants` these, in order of preference.
    pub fn best_language(&self, wants: &[Lang]) -> Lang {
        best(wants, &self.languages, |language| &language.code)
            .map_or(&self.default, |language| &language.code)
            .clone()
    }

    /// The languages to try for content, best first: what is asked, what else the reader reads, the
    /// portal's fallback; none twice.
    pub fn preference(&self, lang: &Lang, reads: &[Lang]) -> Vec<Lang> {
        let mut order = vec![lang.clone()];
        for next in reads.iter().chain(&self.fallback) {
            if !order.contains(next) {
                order.push(next.clone());
            }
        }
        order
    }
}

/// The JSON Schema of portal.json (2020-12), for editors and for the web team's own checks.
#[cfg(not(target_arch = "wasm32"))]
impl Portal {
    /// See [`Portal`].
    pub fn schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALLEST: &str = r#"{
        "version": 1, "id": "p", "name": {"vi": "Cổng"}, "timezone": "Asia/Ho_Chi_Minh",
        "languages": [{"code": "vi", "name": "Tiếng Việt"}], "default": "vi",
        "sources": [{"id": "city", "base": "api/v1"}]
    }"#;

    fn parse(json: &str) -> (Result<Portal, String>, Vec<String>) {
        Portal::parse(json)
    }

    #[test]
    fn the_smallest_portal_offers_everything() {
        let (portal, notes) = parse(SMALLEST);
        let portal = portal.unwrap();
        assert_eq!(portal.features, Features::default());
        assert_eq!(portal.source("").unwrap().id, "city");
        assert!(notes.is_empty(), "{notes:?}");
    }

    #[test]
    fn an_unknown_key_warns_with_the_nearest() {
        let (portal, notes) =
            parse(&SMALLEST.replace("\"timezone\"", "\"timzone\": 1, \"timezone\""));
        assert!(portal.is_ok());
        assert_eq!(notes, ["portal: unknown key \"timzone\", did you mean \"timezone\"?"]);
    }

    #[test]
    fn what_is_wrong_names_the_field() {
        let error = |json: String| parse(&json).0.unwrap_err();
        assert_eq!(
            error(SMALLEST.replace(
                "\"sources\": [{\"id\": \"city\", \"base\": \"api/v1\"}]",
                "\"sources\": []"
            )),
            "portal.sources: expected at least one source, found none"
        );
        assert_eq!(
            error(SMALLEST.replace("\"api/v1\"", "7")),
            "portal.sources[0].base: expected text, found a number"
        );
        assert_eq!(
            error(
                SMALLEST.replace(
                    "\"id\": \"p\"",
                    "\"features\": {\"comments\": \"no\"}, \"id\": \"p\""
                )
            ),
            "portal.features.comments: expected true or false, found text"
        );
        assert!(error(SMALLEST.replace('}', "")).starts_with("portal.json: "));
    }
}
