//! Which addresses of an untrusted body pass, and as what.
//!
//! Browsers read addresses by the URL Standard, which strips and ignores much (`java\nscript:`,
//! `\\host`, a leading U+0001). So an address is first put as a browser would read it, and passes
//! only if it then begins with one of a few schemes or cannot have a scheme at all.

use percent_encoding::percent_decode_str;

use crate::{
    model::ImageSize,
    read::{resolve, scheme_and_rest},
};

/// Where a link in a body leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Href {
    /// Anywhere: `http`, `https`, `mailto` or `tel`.
    External(String),
    /// As seen from the portal's own base, for its source has no address of its own; never leads off
    /// its host.
    Relative(String),
    /// The `id` of a block or anchor of the same body.
    Anchor(String),
    /// The id of a document in the register of the same source.
    Document(String),
    /// The id of an article of the same source.
    Article(String),
}

impl Href {
    /// The address or id.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Href::External(to)
            | Href::Relative(to)
            | Href::Anchor(to)
            | Href::Document(to)
            | Href::Article(to) => to,
        }
    }
}

/// What every `id` out of a body begins with, so that none is an `id` of the page.
pub const ID_PREFIX: &str = "body-";

/// Longer addresses are refused: bytes.
pub(super) const MAX_LENGTH: usize = 4096;

/// Renditions of a picture; more are left away.
const MAX_SIZES: usize = 50;

/// An address of a link, seen from `base`; `None` if it does not pass.
pub fn href(raw: &str, base: &str) -> Option<Href> {
    let address = Address::read(raw)?;
    match address.scheme.as_deref() {
        Some("http" | "https") => address.web().map(Href::External),
        Some(scheme @ ("mailto" | "tel")) if !address.rest.is_empty() => {
            Some(Href::External([scheme, ":", &address.rest].concat()))
        }
        Some(_) => None,
        None => match address.rest.strip_prefix('#') {
            Some("") => None,
            Some(id) => Some(Href::Anchor(anchor(&percent_decode_str(id).decode_utf8_lossy())?)),
            None if address.is_network_path() => address.web().map(Href::External),
            None => Some(match resolve(base, &address.rest) {
                url if scheme_and_rest(base).is_some() => Href::External(url),
                url => Href::Relative(url),
            }),
        },
    }
}

/// The `id` in our page of what has the `id` or `name` `raw` in the body.
pub fn anchor(raw: &str) -> Option<String> {
    let fits = !raw.is_empty()
        && raw.len() <= 200
        && !raw.contains(|c: char| c.is_whitespace() || c.is_control());
    fits.then(|| [ID_PREFIX, raw].concat())
}

/// An address to load a picture, film or file from, seen from `base`; `None` if it does not pass.
pub fn resource(raw: &str, base: &str) -> Option<String> {
    let address = Address::read(raw)?;
    match address.scheme.as_deref() {
        Some("http" | "https") => address.web(),
        Some(_) => None,
        None if address.is_network_path() => address.web(),
        None => (!address.rest.starts_with('#')).then(|| resolve(base, &address.rest)),
    }
}

/// The host of an address that [`resource`] let pass; `None` if it is relative.
pub fn host(url: &str) -> Option<&str> {
    let (_, rest) = scheme_and_rest(url)?;
    rest.split(['/', '?', '#']).next()
}

/// The renditions of a `srcset` that are told apart by width, ascending; seen from `base`.
pub fn srcset(raw: &str, base: &str) -> Vec<ImageSize> {
    let mut sizes = Vec::new();
    let mut rest = raw;
    // An address may hold commas: it ends at a space, the description after it at a comma.
    while sizes.len() < MAX_SIZES
        && let Some((address, after)) =
            rest.trim_start_matches([',', ' ', '\n', '\t']).split_once(' ')
    {
        let (description, next) = after.split_once(',').unwrap_or((after, ""));
        rest = next;
        let width = description.trim().strip_suffix('w').and_then(|width| width.parse().ok());
        if let (Some(url), Some(width)) = (resource(address, base), width) {
            let place = sizes.partition_point(|size: &ImageSize| size.width <= width);
            sizes.insert(place, ImageSize { url, width });
        }
    }
    sizes
}

/// An address as a browser reads it.
struct Address {
    /// In small letters.
    scheme: Option<String>,
    /// What follows the scheme, or all.
    rest: String,
}

impl Address {
    fn read(raw: &str) -> Option<Self> {
        // URL Standard, basic URL parser: ends are stripped, then tabs and newlines anywhere.
        let text: String = raw
            .trim_matches(|c: char| c <= ' ')
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .collect();
        if text.is_empty() || text.len() > MAX_LENGTH || text.contains(char::is_control) {
            return None;
        }
        match text.split_once([':', '/', '\\', '?', '#']) {
            // A colon here ends a scheme or, to be sure, nothing that passes.
            Some((scheme, rest)) if text.as_bytes().get(scheme.len()) == Some(&b':') => {
                let scheme = Some(scheme.to_ascii_lowercase());
                Some(Self { scheme, rest: slashes(rest) })
            }
            _ => Some(Self { scheme: None, rest: slashes(&text) }),
        }
    }

    /// Whether it names a host without a scheme.
    fn is_network_path(&self) -> bool {
        self.rest.starts_with("//")
    }

    /// An address of the web with a host and without a name or password before it, which only
    /// serve to deceive.
    fn web(&self) -> Option<String> {
        let rest = self.rest.strip_prefix("//")?.trim_start_matches('/');
        let host = rest.split(['/', '?', '#']).next()?;
        let scheme = self.scheme.as_deref().unwrap_or("https");
        let passes = !host.is_empty() && !host.contains(['@', ' ', '<', '>', '"']);
        passes.then(|| [scheme, "://", rest].concat())
    }
}

/// Before a query, browsers take `\` for `/` in addresses of the web.
fn slashes(rest: &str) -> String {
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (path, query) = rest.split_at(end);
    [&path.replace('\\', "/"), query].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn external(raw: &str) -> Option<String> {
        match href(raw, "") {
            Some(Href::External(url)) => Some(url),
            _ => None,
        }
    }

    #[test]
    fn addresses_of_the_web_mail_and_telephone_pass() {
        for url in ["https://example.org/a?b=c#d", "mailto:a@example.org", "tel:+842253000112"] {
            assert_eq!(external(url).as_deref(), Some(url));
        }
        assert_eq!(external(" HTTP:\\\\Example.org\\a ").as_deref(), Some("http://Example.org/a"));
        assert_eq!(external("//example.org/a").as_deref(), Some("https://example.org/a"));
        assert_eq!(external("/\\example.org").as_deref(), Some("https://example.org"));
    }

    #[test]
    fn addresses_that_run_or_deceive_do_not_pass() {
        for url in [
            "javascript:alert(1)",
            " \u{1}JaVa\nScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "java\u{0}script:alert(1)",
            "\u{a0}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "blob:https://example.org/1",
            "file:///etc/passwd",
            "https:example.org",
            "https://",
            "https://portal.example@evil.example/",
            "javascript&colon;x:y",
            "",
            "#",
        ] {
            assert_eq!(href(url, "https://x.test"), None, "{url:?}");
        }
    }

    #[test]
    fn relative_addresses_stay_on_their_host() {
        assert_eq!(href("../a b?c:d", ""), Some(Href::Relative("../a b?c:d".into())));
        assert_eq!(href("/a:b", ""), Some(Href::Relative("/a:b".into())));
        for base in ["", "api", "https://x.test"] {
            assert_eq!(href("#fn1", base), Some(Href::Anchor("body-fn1".into())));
            assert_eq!(href("#ph%E1%BB%A5", base), Some(Href::Anchor("body-phụ".into())));
        }
    }

    #[test]
    fn relative_addresses_are_seen_from_the_base_of_the_source() {
        let url = |url: &str| Some(Href::External(url.into()));
        assert_eq!(href("/tin", "https://x.test/api"), url("https://x.test/tin"));
        assert_eq!(href("tin", "https://x.test/api/"), url("https://x.test/api/tin"));
        // Browsers read a backslash as a slash (URL Standard, "special authority slashes state").
        assert_eq!(href("\\y.test", "https://x.test"), url("https://x.test/y.test"));
        assert_eq!(href("\\\\y.test", "https://x.test"), url("https://y.test"));
        assert_eq!(href("tin", "api/v1"), Some(Href::Relative("api/v1/tin".into())));
        assert_eq!(
            resource("/a.jpg", "https://x.test/api").as_deref(),
            Some("https://x.test/a.jpg")
        );
        assert_eq!(resource("a.jpg", "api/v1").as_deref(), Some("api/v1/a.jpg"));
        let found = srcset("/a.jpg 480w, https://y.test/b.jpg 960w", "https://x.test");
        let found: Vec<_> = found.iter().map(|size| size.url.as_str()).collect();
        assert_eq!(found, ["https://x.test/a.jpg", "https://y.test/b.jpg"]);
    }

    #[test]
    fn pictures_come_from_the_web_only() {
        assert_eq!(resource("a.jpg", "").as_deref(), Some("a.jpg"));
        assert_eq!(resource("data:image/png;base64,AA", ""), None);
        assert_eq!(resource("mailto:a@example.org", ""), None);
        assert_eq!(host("https://www.example.org:8080/a"), Some("www.example.org:8080"));
    }

    #[test]
    fn renditions_are_told_apart_by_width() {
        let found = srcset("/b,1.jpg 960w, javascript:x 5w,\n /a.jpg 480w, /c.jpg 2x, /d.jpg", "");
        let found: Vec<_> = found.iter().map(|size| (size.url.as_str(), size.width)).collect();
        assert_eq!(found, [("/a.jpg", 480), ("/b,1.jpg", 960)]);
    }

    proptest! {
        #[test]
        fn nothing_passes_with_another_scheme(
            scheme in "[\u{0}- ]{0,2}(java[\t\n\r]?script|data|vbscript|[a-z+.-]{1,9})", rest in "\\PC{0,9}"
        ) {
            if let Some(url) = external(&[scheme.as_str(), ":", &rest].concat()) {
                let known = ["http://", "https://", "mailto:", "tel:"];
                prop_assert!(known.iter().any(|known| url.starts_with(known)), "{}", url);
            }
        }

        #[test]
        fn relative_addresses_never_hold_a_scheme(raw in "[\u{0}-\u{ff}]{0,12}") {
            if let Some(Href::Relative(url)) = href(&raw, "") {
                let first = url.split(['/', '?', '#']).next().unwrap_or_default();
                prop_assert!(!first.contains(':') && !url.starts_with("//"), "{}", url);
            }
        }
    }
}
