//! The Content-Security-Policy of a site: what its pages may load, and nothing else.
//!
//! No `unsafe-inline`, no `unsafe-eval`: scripts and styles within index.html are named by their digest,
//! and whom the pages may ask is read from portal.json.

use std::collections::BTreeSet;

use base64::{Engine, prelude::BASE64_STANDARD};
use haidang_engine::profile::{Portal, Source};
use html5ever::{Attribute, ParseOpts, local_name, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

/// The policy for pages with the markup `html` of the portal `portal`; without a portal that can be
/// read, pages may ask only where they come from.
pub fn policy(html: &str, portal: Option<&Portal>) -> String {
    let sources = || portal.map(|portal| &portal.sources).into_iter().flatten();
    let theme = portal.map(|portal| &portal.theme);
    let stylesheet = theme.and_then(|theme| theme.stylesheet.as_deref());
    let logo = theme.and_then(|theme| theme.logo.as_deref());
    let embeds = portal.map(|portal| &portal.embeds).into_iter().flatten();
    let bases = origins(sources().map(|source| source.base.as_str()));
    let asked = &bases | &origins(sources().flat_map(beside));
    let shown = sources().flat_map(|source| source.media.iter().chain(&source.site));
    let media = &asked | &origins(shown.map(String::as_str));
    let images = &media | &origins(logo);
    let frames = &bases | &origins(embeds.map(String::as_str));
    let Inline { scripts, styles } = inline(html);
    let directives = [
        "default-src 'self'".to_owned(),
        format!("script-src 'self' 'wasm-unsafe-eval'{scripts}"),
        format!("style-src 'self'{styles}{}", list(&origins(stylesheet))),
        format!("img-src 'self'{}", list(&images)),
        format!("media-src 'self'{}", list(&media)),
        // The service worker asks for pictures as for anything else.
        format!("connect-src 'self'{}", list(&images)),
        format!("frame-src 'self'{}", list(&frames)),
        "worker-src 'self'".to_owned(),
        "manifest-src 'self'".to_owned(),
        "object-src 'none'".to_owned(),
        "base-uri 'self'".to_owned(),
        "form-action 'self'".to_owned(),
        "frame-ancestors 'self'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types haidang".to_owned(),
    ];
    directives.join("; ")
}

/// What else a source is asked at: its profile's file, the bases of its languages, what the profile is told.
fn beside(source: &Source) -> impl Iterator<Item = &str> {
    let profile = source.profile.as_ref().and_then(Value::as_str);
    let bases = source.languages.iter().flat_map(|served| &served.bases.0);
    let params = source.params.0.iter().filter_map(|(_, value)| value.as_str());
    profile.into_iter().chain(bases.map(|(_, base)| base.as_str())).chain(params)
}

/// The origins of those addresses that are absolute.
fn origins<'a>(addresses: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let parsed = addresses.into_iter().filter_map(|address| Url::parse(address).ok());
    parsed.filter(|url| url.has_host()).map(|url| url.origin().ascii_serialization()).collect()
}

fn list(origins: &BTreeSet<String>) -> String {
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

/// What stands within a page, as a policy lists it: by the digest of each.
#[derive(Default)]
struct Inline {
    /// Those that run; blocks of data do not.
    scripts: String,
    styles: String,
}

fn inline(html: &str) -> Inline {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    let mut found = Inline::default();
    collect(&dom.document, &mut found);
    found
}

fn collect(node: &Handle, found: &mut Inline) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        if name.local == local_name!("script") && runs(&attrs.borrow()) {
            found.scripts += &digest(node);
        }
        if name.local == local_name!("style") {
            found.styles += &digest(node);
        }
    }
    for child in node.children.borrow().iter() {
        collect(child, found);
    }
}

/// Whether a script with these attributes stands within the page and is no block of data.
fn runs(attributes: &[Attribute]) -> bool {
    let value = |name: &str| {
        let attribute = attributes.iter().find(|attribute| &*attribute.name.local == name);
        attribute.map(|attribute| attribute.value.to_ascii_lowercase())
    };
    let kind = value("type").unwrap_or_default();
    let is_code = matches!(kind.as_str(), "" | "module" | "text/javascript" | "importmap");
    is_code && value("src").is_none()
}

fn digest(node: &Handle) -> String {
    format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text(node))))
}

fn text(node: &Handle) -> String {
    let children = node.children.borrow();
    let texts = children.iter().filter_map(|child| match &child.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A portal with these sources, and more after them.
    fn portal(sources: &str) -> Portal {
        let json = format!(
            r#"{{"version": 1, "id": "p", "name": {{"vi": "C"}}, "timezone": "Asia/Ho_Chi_Minh",
            "languages": [{{"code": "vi", "name": "V"}}], "default": "vi", "sources": {sources}}}"#
        );
        Portal::parse(&json).0.unwrap()
    }

    #[test]
    fn inline_scripts_run_by_their_digest_and_data_does_not_need_one() {
        let html = "<script>alert(1)</script><script src=a.js></script>
            <script type=\"application/json\">{}</script>";
        // The digest of `alert(1)`, from `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`.
        let digest = "'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='";
        let policy = policy(html, None);
        let scripts = format!("script-src 'self' 'wasm-unsafe-eval' {digest}; ");
        assert!(policy.contains(&scripts), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains(" 'unsafe-eval'"));
    }

    #[test]
    fn a_style_within_the_page_is_named_by_its_digest() {
        // `printf 'p{margin:0}' | openssl dgst -sha256 -binary | base64`
        let digest = "'sha256-QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='";
        let policy = policy("<title>a</title><style>p{margin:0}</style>", None);
        assert!(policy.contains(&format!("style-src 'self' {digest}; ")), "{policy}");
    }

    #[test]
    fn pages_may_ask_the_sources_of_the_portal() {
        let portal = portal(
            r#"[{"id": "city", "base": "api/v1"}, {"id": "cms", "base": "https://cms.example.org:8443/wp-json"}]"#,
        );
        let policy = policy("", Some(&portal));
        assert!(policy.contains("connect-src 'self' https://cms.example.org:8443; "), "{policy}");
        assert!(policy.contains("style-src 'self'; "), "{policy}");
    }

    #[test]
    fn pictures_come_from_where_the_portal_says_and_the_worker_may_ask_for_them() {
        let portal = portal(
            r#"[{"id": "cms", "base": "https://cms.example.org/api",
            "media": ["https://cdn.example.org", "https://films.example.org:8443/"]}],
            "theme": {"logo": "https://mark.example.org/m.svg"},
            "embeds": ["https://player.example.org"]"#,
        );
        let policy = policy("", Some(&portal));
        let media =
            "https://cdn.example.org https://cms.example.org https://films.example.org:8443";
        for directive in [
            format!("connect-src 'self' {media} https://mark.example.org; "),
            format!("img-src 'self' {media} https://mark.example.org; "),
            format!("media-src 'self' {media}; "),
            "frame-src 'self' https://cms.example.org https://player.example.org; ".to_owned(),
        ] {
            assert!(policy.contains(&directive), "{directive} in {policy}");
        }
    }

    #[test]
    fn pages_may_ask_whatever_a_profile_needs() {
        let portal = portal(
            r#"[{"id": "cms", "base": "https://cms.example.org/api", "site": "https://www.example.org",
            "profile": "https://web.example.org/cms.json", "params": {"beside": "https://talk.example.org/v1"},
            "languages": {"bases": {"en": "https://en.example.org/api"}}}]"#,
        );
        let policy = policy("", Some(&portal));
        let asked = "https://cms.example.org https://en.example.org https://talk.example.org \
                     https://web.example.org https://www.example.org";
        for directive in ["connect-src", "img-src"] {
            assert!(policy.contains(&format!("{directive} 'self' {asked}; ")), "{policy}");
        }
        assert!(policy.contains("frame-src 'self' https://cms.example.org; "), "{policy}");
    }

    #[test]
    fn a_frame_may_load_exactly_if_the_portal_allows_it() {
        let portal = portal(
            r#"[{"id": "cms", "base": "https://cms.example.org:8443/api"}],
            "embeds": ["https://Player.example.org", "http://maps.example.org:80/"]"#,
        );
        let policy = policy("", Some(&portal));
        let frames = policy.split("; ").find(|part| part.starts_with("frame-src ")).unwrap();
        for url in [
            "https://player.example.org:443/v",
            "http://maps.example.org/",
            "https://cms.example.org:8443/x",
            "https://cms.example.org/x",
            "https://evil.test\\@player.example.org/",
            "https://player.example.org@evil.test/",
        ] {
            let origin = Url::parse(url).unwrap().origin().ascii_serialization();
            let is_listed = frames.split(' ').any(|listed| listed == origin);
            assert_eq!(portal.allows_embed(url), is_listed, "{url}");
        }
    }
}
