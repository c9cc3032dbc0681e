//! Where the portal is on the web.

use axum::http::{HeaderMap, header};
use url::Url;

use crate::app::App;

/// The address of the portal, as whoever asks has it.
pub fn home(app: &App, headers: &HeaderMap) -> Option<Url> {
    let proxied = headers.get("x-forwarded-proto").and_then(|scheme| scheme.to_str().ok());
    let scheme = match proxied {
        Some("https") => "https",
        _ if app.secure_cookies => "https",
        _ => "http",
    };
    Url::parse(&format!("{scheme}://{}{}", host(headers)?, app.site.base())).ok()
}

/// The host that whoever asks has named.
pub fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}
