//! A backend as portal.json names it: where it is, by which profile it is read, how it is asked.

use serde_json::Value;

use super::{
    Capabilities,
    declare::{Named, config},
};
use crate::{
    lang::{Lang, best},
    read::{Node, Read, ReadError},
};

config! {
    /// A backend.
    #[derive(Default)]
    Source {
        /// Names it in addresses: letters, digits, `-`.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("pattern" = "^[A-Za-z0-9-]+$")))]
        req id: String,
        /// The base of its API, absolute or relative to the portal's base.
        req base: String,
        /// What it is called where several are shown together.
        or name: super::Localized,
        /// Milliseconds to wait for an answer; 10,000 if absent.
        opt timeout: Option<u32>,
        /// How it is read: the name of a profile of `profiles/`, the address of a profile's file, or a
        /// profile itself. Absent is the native API.
        opt profile: Option<Value>,
        /// What the profile asks to be told, by name; see `params` of the profile.
        or params: Named<Value>,
        /// What identifies the portal to the backend.
        opt auth: Option<Auth>,
        /// The languages it has and how it names them; absent is those of the portal, by their codes.
        opt languages: Option<Served>,
        /// The portal's section ids, each with the source's own: `{"news": "12"}`.
        or sections: Named<String>,
        /// The portal's tag ids, each with the source's own.
        or tags: Named<String>,
        /// Origins its pictures, sound and films may come from beside its own, e.g.
        /// `https://media.example.org`.
        list media: Vec<String>,
        /// Where its own pages are, if not at the root of `base`'s host: links to them become ours.
        opt site: Option<String>,
        /// What stands behind `base` where that is a proxy of the portal's: the backend's own base, with which
        /// addresses in its answers begin.
        opt behind: Option<String>,
        /// What it offers: all of the native API until its profile has said otherwise.
        #[cfg_attr(not(target_arch = "wasm32"), schemars(skip))]
        own offers: Capabilities,
    }
}

config! {
    /// What identifies the portal to a backend. **Every reader can read it**: only what is public by
    /// design belongs here, such as the key of a read-only content API. What must stay secret belongs
    /// into the server's proxy.
    #[derive(Default)]
    Auth {
        /// Sent as this header, e.g. `Authorization`, with the value of `value`.
        opt header: Option<String>,
        /// Sent as this parameter of the query, e.g. `key`, with the value of `value`.
        opt query: Option<String>,
        /// The token or key. Public: see above.
        opt value: Option<String>,
        /// The reader's own session at the backend is used: its cookies are sent along, which needs the
        /// portal on the same site or a backend that allows it (CORS with credentials).
        or cookies: bool,
        /// With `cookies`: the cookie whose value is sent back as the header `csrf_header`.
        opt csrf_cookie: Option<String>,
        /// With `csrf_cookie`: e.g. `X-CSRFToken`.
        opt csrf_header: Option<String>,
    }
}

config! {
    /// The languages of a source. Where a language is put — a parameter, a piece of the path, a field of
    /// the query — is in the profile's templates, as `{lang}`.
    #[derive(Default)]
    Served {
        /// The portal's codes of those it has. One alone means that everything it has is in it.
        list codes: Vec<Lang>,
        /// The portal's codes, each with the source's own: `{"zh": "zh-hans"}`.
        or names: Named<String>,
        /// The portal's codes, each with a base of its own: `{"en": "https://en.example.org/api"}`.
        or bases: Named<String>,
        /// The backend cannot be asked for a language: items in another one are left out here.
        or filter: bool,
    }
}

impl Source {
    /// The base to ask in `lang`, without a slash at its end.
    pub fn base_in(&self, lang: &Lang) -> &str {
        let own = self.languages.as_ref().and_then(|served| served.bases.get(lang.as_str()));
        own.unwrap_or(&self.base).trim_end_matches('/')
    }

    /// The language to ask for when a reader wants `lang`; `None` if the source has none like it.
    pub fn serves(&self, lang: &Lang) -> Option<Lang> {
        match &self.languages {
            Some(served) if !served.codes.is_empty() => {
                best(std::slice::from_ref(lang), &served.codes, |code| code).cloned()
            }
            _ => Some(lang.clone()),
        }
    }

    /// The language everything of this source is in, if that is said.
    pub fn only_language(&self) -> Option<&Lang> {
        match self.languages.as_ref().map(|served| served.codes.as_slice()) {
            Some([only]) => Some(only),
            _ => None,
        }
    }

    /// What the source calls `lang`.
    pub fn name_of<'a>(&'a self, lang: &'a Lang) -> &'a str {
        let name = self.languages.as_ref().and_then(|served| served.names.get(lang.as_str()));
        name.map_or(lang.as_str(), String::as_str)
    }

    /// The portal's code for what the source calls a language.
    pub fn code_of<'a>(&'a self, name: &'a str) -> &'a str {
        let names = self.languages.as_ref().map(|served| served.names.0.as_slice());
        let known =
            names.unwrap_or_default().iter().find(|(_, own)| own.eq_ignore_ascii_case(name));
        known.map_or(name, |(code, _)| code)
    }

    /// Whether items in another language than the one asked for are to be left out.
    pub fn filters_language(&self) -> bool {
        self.languages.as_ref().is_some_and(|served| served.filter)
    }

    /// What relative addresses in its answers are resolved against.
    pub fn pages(&self) -> &str {
        if self.profile.is_some() { self.site() } else { &self.base }
    }

    /// Where the source's own pages are.
    pub fn site(&self) -> &str {
        // An API below the portal has no site of its own, what is behind a proxy has.
        let base = self.behind.as_deref().unwrap_or(&self.base);
        let of_base = || crate::read::origin(base).unwrap_or_default();
        self.site.as_deref().unwrap_or_else(of_base).trim_end_matches('/')
    }
}

/// The source's own id for the portal's, or the other way round.
pub(super) fn translate<'a>(table: &'a Named<String>, id: &'a str, to_own: bool) -> &'a str {
    let found = table.0.iter().find(|(ours, own)| id == if to_own { ours } else { own });
    found.map_or(id, |(ours, own)| if to_own { own } else { ours })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::read;
    use serde_json::json;

    fn source(more: Value) -> Source {
        let mut all = json!({ "id": "s", "base": "https://x.test/api/" });
        all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        read::<Source>(&all, "source", "").0.unwrap()
    }

    fn lang(code: &str) -> Lang {
        Lang::parse(code).unwrap()
    }

    #[test]
    fn a_source_without_options_is_asked_in_the_portals_words() {
        let plain = source(json!({}));
        assert_eq!(plain.base_in(&lang("vi")), "https://x.test/api");
        assert_eq!(plain.serves(&lang("ko")), Some(lang("ko")));
        assert_eq!(plain.name_of(&lang("zh")), "zh");
        assert_eq!(plain.site(), "https://x.test");
        assert_eq!(plain.only_language(), None);
    }

    #[test]
    fn languages_have_names_and_bases_of_their_own() {
        let own = source(json!({ "languages": {
            "codes": ["vi", "zh"], "names": { "zh": "zh-hans" }, "bases": { "zh": "https://zh.x.test/" },
        }}));
        assert_eq!(own.base_in(&lang("zh")), "https://zh.x.test");
        assert_eq!(own.name_of(&lang("zh")), "zh-hans");
        assert_eq!(own.code_of("ZH-Hans"), "zh");
        assert_eq!(own.serves(&lang("zh-TW")), Some(lang("zh")));
        assert_eq!(own.serves(&lang("en")), None);
    }

    #[test]
    fn what_is_behind_a_proxy_has_its_own_pages() {
        let proxied = source(json!({ "base": "proxy/city", "behind": "https://city.test/api" }));
        assert_eq!(proxied.base_in(&lang("vi")), "proxy/city");
        assert_eq!(proxied.site(), "https://city.test");
    }

    #[test]
    fn sections_are_translated_both_ways() {
        let own = source(json!({ "sections": { "news": "12" } }));
        assert_eq!(translate(&own.sections, "news", true), "12");
        assert_eq!(translate(&own.sections, "12", false), "news");
        assert_eq!(translate(&own.sections, "sport", true), "sport");
    }
}
