//! What the types of portal.json do not say: that names are well-formed and none is used twice, and that
//! whatever is named is there. An error names the field.

use super::{NavigationItem, Portal, origin::Origin};

/// The pages an item of the navigation may lead to.
const PAGES: &[&str] = &["documents", "press", "search"];
/// The pages the start-up script may ask for.
const EARLY: &[&str] = &["front", "article", "any"];

impl Portal {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.version != 1 {
            return wrong("version", "expected 1", &self.version.to_string());
        }
        well_formed("id", &self.id)?;
        if !is_zone(&self.timezone) {
            return wrong("timezone", "expected an IANA name, e.g. Asia/Tokyo", &self.timezone);
        }
        self.check_languages()?;
        self.check_sources()?;
        for (index, item) in self.navigation.iter().enumerate() {
            check_item(&format!("navigation[{index}]"), item)?;
        }
        if let Some(comments) = &self.comments {
            one_of("comments.scope", comments.scope.as_deref(), &["work", "version"])?;
            one_of("comments.key", comments.key.as_deref(), &["id", "slug", "url", "path"])?;
            let declared: Vec<&str> =
                self.sources.iter().map(|source| source.id.as_str()).collect();
            one_of("comments.source", comments.source.as_deref(), &declared)?;
        }
        one_of("canonical", self.canonical.as_deref(), &["portal", "source"])?;
        for (index, early) in self.early.iter().enumerate() {
            one_of(&format!("early[{index}].page"), Some(&early.page), EARLY)?;
        }
        origins("embeds", &self.embeds)
    }

    fn check_languages(&self) -> Result<(), String> {
        if self.languages.is_empty() {
            return wrong("languages", "expected at least one language", "none");
        }
        let codes: Vec<&str> =
            self.languages.iter().map(|language| language.code.as_str()).collect();
        distinct("languages", "code", &codes)?;
        one_of("default", Some(self.default.as_str()), &codes)
    }

    fn check_sources(&self) -> Result<(), String> {
        if self.sources.is_empty() {
            return wrong("sources", "expected at least one source", "none");
        }
        for (index, source) in self.sources.iter().enumerate() {
            well_formed(&format!("sources[{index}].id"), &source.id)?;
            origins(&format!("sources[{index}].media"), &source.media)?;
        }
        let ids: Vec<&str> = self.sources.iter().map(|source| source.id.as_str()).collect();
        distinct("sources", "id", &ids)
    }
}

fn wrong(field: &str, expected: &str, found: &str) -> Result<(), String> {
    Err(format!("portal.{field}: {expected}, found {found}"))
}

/// A name that stands in addresses and in the browser's storage.
fn well_formed(field: &str, name: &str) -> Result<(), String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !name.is_empty() && name.bytes().all(plain) {
        return Ok(());
    }
    wrong(field, "expected letters, digits and \"-\"", &format!("\"{name}\""))
}

/// Whether `zone` is shaped like a name of the time zone database: `UTC`, `Asia/Ho_Chi_Minh`.
fn is_zone(zone: &str) -> bool {
    zone.split('/').all(|part| {
        let letters =
            part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+-".contains(&byte));
        letters && part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
    })
}

fn one_of(field: &str, value: Option<&str>, known: &[&str]) -> Result<(), String> {
    match value {
        Some(value) if !known.contains(&value) => {
            let expected = format!("expected one of {}", known.join(", "));
            wrong(field, &expected, &format!("\"{value}\""))
        }
        _ => Ok(()),
    }
}

fn distinct(list: &str, member: &str, names: &[&str]) -> Result<(), String> {
    for (index, name) in names.iter().enumerate() {
        if names.iter().take(index).any(|before| before == name) {
            let field = format!("{list}[{index}].{member}");
            return wrong(&field, "expected a name of its own", &format!("\"{name}\" again"));
        }
    }
    Ok(())
}

fn check_item(field: &str, item: &NavigationItem) -> Result<(), String> {
    let given = [&item.section, &item.page, &item.href].iter().filter(|to| to.is_some()).count();
    if given != 1 {
        return wrong(field, "expected one of section, page, href", &given.to_string());
    }
    one_of(&format!("{field}.page"), item.page.as_deref(), PAGES)
}

fn origins(field: &str, list: &[String]) -> Result<(), String> {
    for (index, text) in list.iter().enumerate() {
        if !Origin::of(text).is_some_and(|origin| origin.is_all_of(text)) {
            let expected = "expected an origin, e.g. https://media.example.org";
            return wrong(&format!("{field}[{index}]"), expected, &format!("\"{text}\""));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What is said of a portal after `change`.
    fn said(change: impl FnOnce(&mut Value)) -> Option<String> {
        let mut portal = json!({
            "version": 1, "id": "p", "name": { "vi": "Cổng" }, "timezone": "Asia/Ho_Chi_Minh",
            "languages": [{ "code": "vi", "name": "Tiếng Việt" }, { "code": "en", "name": "English" }],
            "default": "vi",
            "navigation": [{ "name": { "vi": "Tin" }, "section": "news" }],
            "sources": [{ "id": "city", "base": "api/v1" }, { "id": "cms", "base": "https://cms.example.org" }],
        });
        change(&mut portal);
        Portal::parse(&portal.to_string()).0.err()
    }

    #[test]
    fn a_portal_that_makes_sense_passes() {
        assert_eq!(said(|_| {}), None);
        let more = |portal: &mut Value| {
            portal["comments"] = json!({ "source": "cms", "scope": "version" });
            portal["canonical"] = json!("source");
            portal["early"] = json!([{ "page": "any", "get": "api/v1/notices" }]);
            portal["embeds"] = json!(["https://player.example.org", "http://localhost:8080/"]);
            portal["sources"][1]["media"] = json!(["https://cdn.example.org:8443"]);
            portal["timezone"] = json!("Etc/GMT+7");
        };
        assert_eq!(said(more), None);
    }

    #[test]
    fn what_makes_no_sense_names_the_field_and_what_was_expected() {
        let cases: &[(&str, Value, &str)] = &[
            ("version", json!(2), "portal.version: expected 1, found 2"),
            ("id", json!("a:b"), "portal.id: expected letters, digits and \"-\", found \"a:b\""),
            ("id", json!(""), "portal.id: expected letters, digits and \"-\", found \"\""),
            (
                "timezone",
                json!("Hà Nội"),
                "portal.timezone: expected an IANA name, e.g. Asia/Tokyo, found Hà Nội",
            ),
            ("default", json!("fr"), "portal.default: expected one of vi, en, found \"fr\""),
            (
                "languages",
                json!([{ "code": "vi", "name": "V" }, { "code": "vi", "name": "V" }]),
                "portal.languages[1].code: expected a name of its own, found \"vi\" again",
            ),
            (
                "sources",
                json!([{ "id": "a", "base": "x" }, { "id": "a", "base": "y" }]),
                "portal.sources[1].id: expected a name of its own, found \"a\" again",
            ),
            (
                "sources",
                json!([{ "id": "a~b", "base": "x" }]),
                "portal.sources[0].id: expected letters, digits and \"-\", found \"a~b\"",
            ),
            (
                "sources",
                json!([{ "id": "a", "base": "x", "media": ["cdn.example.org"] }]),
                "portal.sources[0].media[0]: expected an origin, e.g. https://media.example.org, \
                 found \"cdn.example.org\"",
            ),
            (
                "embeds",
                json!(["https://player.example.org", "https://player.example.org/v"]),
                "portal.embeds[1]: expected an origin, e.g. https://media.example.org, \
                 found \"https://player.example.org/v\"",
            ),
            (
                "comments",
                json!({ "scope": "thread" }),
                "portal.comments.scope: expected one of work, version, found \"thread\"",
            ),
            (
                "comments",
                json!({ "source": "forum" }),
                "portal.comments.source: expected one of city, cms, found \"forum\"",
            ),
            (
                "canonical",
                json!("both"),
                "portal.canonical: expected one of portal, source, found \"both\"",
            ),
            (
                "early",
                json!([{ "page": "home", "get": "x" }]),
                "portal.early[0].page: expected one of front, article, any, found \"home\"",
            ),
        ];
        for (key, value, expected) in cases {
            let error = said(|portal| portal[*key] = value.clone());
            assert_eq!(error.as_deref(), Some(*expected), "{key}");
        }
    }

    #[test]
    fn an_item_of_the_navigation_leads_to_exactly_one_place_that_exists() {
        let item = |to: Value| {
            said(move |portal| {
                let item = &mut portal["navigation"][0];
                *item = to;
                item["name"] = json!({ "vi": "Tin" });
            })
        };
        for page in PAGES {
            assert_eq!(item(json!({ "page": page })), None);
        }
        assert_eq!(item(json!({ "href": "https://example.org" })), None);
        assert_eq!(
            item(json!({ "page": "presss" })).unwrap(),
            "portal.navigation[0].page: expected one of documents, press, search, found \"presss\""
        );
        assert_eq!(
            item(json!({})).unwrap(),
            "portal.navigation[0]: expected one of section, page, href, found 0"
        );
        assert_eq!(
            item(json!({ "page": "press", "section": "news" })).unwrap(),
            "portal.navigation[0]: expected one of section, page, href, found 2"
        );
    }
}
