//! From whom something comes: scheme, host and port of an address (RFC 6454).

use super::Portal;
use crate::read::scheme_and_rest;

/// An origin, as it is compared: in small letters, without a port that goes without saying. Letters beyond ASCII are
/// compared as they stand: a host that has them is written in small letters, or as its `xn--` form.
#[derive(PartialEq, Eq)]
pub(super) struct Origin(String);

impl Origin {
    /// The origin of an absolute address of the web; one without a scheme is taken for https.
    /// `None` if it is relative, no address of the web, or shaped to look like somebody else's.
    pub(super) fn of(url: &str) -> Option<Self> {
        let (scheme, rest) = match url.strip_prefix("//") {
            Some(rest) => ("https", rest),
            None => scheme_and_rest(url)?,
        };
        let scheme = scheme.to_ascii_lowercase();
        let usual = match scheme.as_str() {
            "https" => ":443",
            "http" => ":80",
            _ => return None,
        };
        // Browsers read `\` as `/`.
        let authority = rest.split(['/', '?', '#', '\\']).next()?.to_ascii_lowercase();
        let authority = authority.strip_suffix(usual).unwrap_or(&authority);
        // Letters of all scripts without their tables: what is no letter beyond ASCII lies together.
        let plain = |c: char| match c {
            '\u{80}'..='\u{BF}' | '\u{2000}'..='\u{2BFF}' | '\u{3000}'..='\u{3004}' => false,
            '\u{E000}'..='\u{F8FF}' | '\u{FE00}'..='\u{FF0F}' => false,
            _ => !c.is_ascii() || c.is_ascii_alphanumeric() || "-._:[]".contains(c),
        };
        let is_host = !authority.is_empty() && authority.chars().all(plain);
        is_host.then(|| Self([scheme.as_str(), "://", authority].concat()))
    }

    /// Whether `url` says no more than this.
    pub(super) fn is_all_of(&self, url: &str) -> bool {
        let url = url.strip_suffix('/').unwrap_or(url);
        scheme_and_rest(url).is_some_and(|(_, rest)| !rest.contains(['/', '?', '#', '\\']))
    }
}

impl Portal {
    /// Whether a page from `url` may be shown within an article: it is the portal's own (a relative
    /// address), a source's, or of one of `embeds`. The policy (CSP) forbids the browser all others,
    /// so a link is what there is to offer.
    pub fn allows_embed(&self, url: &str) -> bool {
        let is_relative = !url.starts_with("//") && !url.contains(':');
        let bases = self.sources.iter().map(|source| &source.base);
        let mut allowed = self.embeds.iter().chain(bases).filter_map(|known| Origin::of(known));
        is_relative || Origin::of(url).is_some_and(|origin| allowed.any(|known| known == origin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_named_origins_are_shown_within_an_article() {
        let json = r#"{
            "version": 1, "id": "p", "name": {"vi": "Cổng"}, "timezone": "Asia/Ho_Chi_Minh",
            "languages": [{"code": "vi", "name": "Tiếng Việt"}], "default": "vi",
            "sources": [{"id": "city", "base": "api/v1"}, {"id": "cms", "base": "https://cms.example.org:8443/api"}],
            "embeds": ["https://Player.example.org", "http://maps.example.org:80/", "https://phát.example.org"]
        }"#;
        let portal = Portal::parse(json).0.unwrap();
        for url in [
            "https://player.example.org/v/1?autoplay=0",
            "HTTPS://PLAYER.EXAMPLE.ORG",
            "//player.example.org/v/1",
            "https://player.example.org:443/",
            "http://maps.example.org/#12",
            "https://cms.example.org:8443/embed/7",
            "https://phát.example.org/1",
            "media/panorama.html",
            "/media/panorama.html",
        ] {
            assert!(portal.allows_embed(url), "{url}");
        }
        for url in [
            "http://player.example.org/v/1",
            "https://player.example.org:444/",
            "https://player.example.org.evil.test/",
            "https://evil.test/https://player.example.org",
            "https://player.example.org\u{200b}/",
            "https://player.example.org\u{a0}/",
            "https://player.example.org／evil.test/",
            "https://evil.test\\@player.example.org/",
            "https://player.example.org@evil.test/",
            "https://cms.example.org/",
            "data:text/html,x",
            "javascript:alert(1)",
        ] {
            assert!(!portal.allows_embed(url), "{url}");
        }
    }
}
