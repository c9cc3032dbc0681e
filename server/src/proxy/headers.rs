//! Which headers go through.

use axum::http::{HeaderMap, HeaderName};

/// Of one connection, not of the message (RFC 9110, section 7.6.1).
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// What a backend must know to answer, and whose comment it is. Whatever else a client sends stays here: some
/// headers tell who the reader is, by others backends take a request for another one.
const GOING: &[&str] =
    &["accept", "accept-language", "author-token", "content-type", "idempotency-key"];

/// What a backend may not say in the portal's name; `etag` and sizes are made anew of what goes out.
const KEPT_OUT: &[&str] = &[
    "alt-svc",
    "clear-site-data",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "content-security-policy-report-only",
    "etag",
    "host",
    "nel",
    "permissions-policy",
    "refresh",
    "report-to",
    "reporting-endpoints",
    "server",
    "service-worker-allowed",
    "set-cookie",
    "sourcemap",
    "strict-transport-security",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
    "x-powered-by",
];

/// Of the headers of a request those that go to the backend; `pass` names some that else would not.
pub fn outgoing(headers: &HeaderMap, pass: &[HeaderName]) -> HeaderMap {
    through(headers, |name| GOING.contains(&name.as_str()) || pass.contains(name))
}

/// Of the headers of an answer those that go to the reader.
pub fn incoming(headers: &HeaderMap, pass: &[HeaderName]) -> HeaderMap {
    let is_kept = |name: &HeaderName| {
        let name = name.as_str();
        KEPT_OUT.contains(&name)
            || ["access-control-", "cross-origin-"].iter().any(|start| name.starts_with(start))
    };
    // Whose cookies are passed may set them.
    let sets_cookies =
        |name: &HeaderName| name == "set-cookie" && pass.iter().any(|name| name == "cookie");
    through(headers, |name| sets_cookies(name) || !is_kept(name))
}

fn through(headers: &HeaderMap, goes: impl Fn(&HeaderName) -> bool) -> HeaderMap {
    let connection = headers.get_all("connection").iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> = connection
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let is_of_connection = |name: &HeaderName| {
        HOP_BY_HOP.contains(&name.as_str()) || named.iter().any(|named| named == name.as_str())
    };
    let kept = headers.iter().filter(|(name, _)| goes(name) && !is_of_connection(name));
    let mut all = HeaderMap::new();
    for (name, value) in kept {
        all.append(name.clone(), value.clone());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_nobody_needs_and_what_is_of_the_connection_stays_here() {
        let asked = map(&[
            ("accept", "application/json"),
            ("cookie", "a=b"),
            ("authorization", "x"),
            ("host", "x"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("idempotency-key", "7"),
            ("x-client", "portal"),
            ("x-http-method-override", "DELETE"),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-for", "1.2.3.4"),
            ("te", "trailers"),
        ]);
        assert_eq!(names(&outgoing(&asked, &[])), ["accept", "idempotency-key"]);
        let cookie = HeaderName::from_static("cookie");
        assert_eq!(names(&outgoing(&asked, &[cookie])), ["accept", "cookie", "idempotency-key"]);
    }

    #[test]
    fn a_backend_says_nothing_in_the_portals_name() {
        let answered = map(&[
            ("content-type", "application/json"),
            ("x-wp-total", "7"),
            ("set-cookie", "a=b"),
            ("transfer-encoding", "chunked"),
            ("access-control-allow-origin", "*"),
            ("host", "10.0.0.7:8101"),
            ("link", "<x>"),
            ("strict-transport-security", "max-age=1"),
            ("clear-site-data", "*"),
        ]);
        assert_eq!(names(&incoming(&answered, &[])), ["content-type", "link", "x-wp-total"]);
        let cookie = HeaderName::from_static("cookie");
        assert!(incoming(&answered, &[cookie]).contains_key("set-cookie"));
    }
}
