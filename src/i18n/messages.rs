//! The words of the interface. `locales/*.json` are the source; `build.rs` makes a constant of each key.

use haidang_engine::{
    json::{self, SyntaxError},
    lang::Lang,
};
use serde_json::Value;

/// Names a message. There is one constant in [`msg`] for every key of `locales/en.json`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Msg(u16);

/// Every message, named for its key: `comments.post` is [`msg::COMMENTS_POST`].
pub mod msg {
    use super::Msg;
    include!(concat!(env!("OUT_DIR"), "/messages.rs"));
}

/// A locale: a text, or its plural forms by CLDR category, for each [`Msg`].
pub struct Messages {
    lang: Lang,
    texts: Vec<Text>,
}

enum Text {
    One(String),
    Plural(Vec<(String, String)>),
}

impl Messages {
    /// Reads a locale file. A message it lacks is taken from the words built in, if they have it, else
    /// empty: a portal's own language may lag behind.
    pub fn parse(lang: Lang, json: &str) -> Result<Self, SyntaxError> {
        let Value::Object(mut file) = json::parse(json)? else {
            return Err(SyntaxError::NO_OBJECT);
        };
        let texts = msg::KEYS.split(' ').map(|key| match file.get_mut(key).map(Value::take) {
            Some(Value::String(text)) => Text::One(text),
            Some(Value::Object(forms)) => Text::Plural(
                forms
                    .into_iter()
                    .filter_map(|(category, form)| Some((category, form.as_str()?.to_owned())))
                    .collect(),
            ),
            _ => Text::One(boot_text(&lang, key).to_owned()),
        });
        let texts = texts.collect();
        Ok(Self { lang, texts })
    }

    /// Only the words built in, to say that the others did not come: in English, if there are none in `lang`.
    pub fn boot(lang: Lang) -> Self {
        let is_known = msg::BOOT.iter().any(|(name, _)| *name == lang.primary());
        let lang = if is_known { lang } else { Lang::ENGLISH };
        let texts = msg::KEYS.split(' ').map(|key| Text::One(boot_text(&lang, key).to_owned()));
        let texts = texts.collect();
        Self { lang, texts }
    }

    /// The language they are in.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// A message.
    pub fn text(&self, msg: Msg) -> &str {
        self.plural(msg, "other")
    }

    /// A message in the form of a plural category.
    pub fn plural(&self, msg: Msg, category: &str) -> &str {
        let form = |name: &str| match self.texts.get(usize::from(msg.0)) {
            Some(Text::One(text)) => Some(text.as_str()),
            Some(Text::Plural(forms)) => {
                forms.iter().find(|(category, _)| category == name).map(|(_, form)| form.as_str())
            }
            None => None,
        };
        form(category).or_else(|| form("other")).unwrap_or_default()
    }
}

/// No words: for a view outside any app.
impl Default for Messages {
    fn default() -> Self {
        Self { lang: Lang::ENGLISH, texts: Vec::new() }
    }
}

fn boot_text(lang: &Lang, key: &str) -> &'static str {
    let table = |code: &str| msg::BOOT.iter().find(|(name, _)| *name == code);
    let texts = table(lang.primary()).or_else(|| table("en"));
    texts
        .and_then(|(_, texts)| texts.iter().find(|(name, _)| *name == key))
        .map(|(_, text)| *text)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_a_locale_lacks_is_empty_and_a_boot_one_built_in() {
        let lang = Lang::parse("fr").unwrap();
        let messages = Messages::parse(lang, r#"{"nav.search": "Recherche"}"#).unwrap();
        assert_eq!(messages.text(msg::NAV_SEARCH), "Recherche");
        assert_eq!(messages.text(msg::NAV_HOME), "");
        assert!(!messages.text(msg::BOOT_FAILED).is_empty());
    }

    #[test]
    fn what_is_built_in_says_which_language_it_is_in() {
        assert_eq!(Messages::boot(Lang::parse("fr-CA").unwrap()).lang().as_str(), "en");
        assert_eq!(Messages::boot(Lang::parse("ja").unwrap()).lang().as_str(), "ja");
    }

    #[test]
    fn plurals_fall_back_to_other() {
        let lang = Lang::parse("vi").unwrap();
        let messages =
            Messages::parse(lang, r#"{"comments.count": {"other": "{n} bình luận"}}"#).unwrap();
        assert_eq!(messages.plural(msg::COMMENTS_COUNT, "one"), "{n} bình luận");
    }
}
