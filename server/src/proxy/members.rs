//! By which members of a query or a body a backend takes a request for another one than it is.
//!
//! Many frameworks let `_method` go before the method of the request, and WordPress `rest_route` before its path:
//! then neither methods nor the base would hold. Nobody who may ask needs either.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, header};
use serde::de::IgnoredAny;
use url::form_urlencoded;

const FORBIDDEN: [&str; 2] = ["_method", "rest_route"];

/// Whether a query, or the body of a form, names another method or address.
pub fn query_leads_elsewhere(query: &[u8]) -> bool {
    // Some take `;` for `&`.
    let mut members = query.split(|byte| matches!(byte, b'&' | b';'));
    members.any(|member| form_urlencoded::parse(member).any(|(name, _)| is_forbidden(&name)))
}

/// Whether a body names another method or address.
pub fn body_leads_elsewhere(headers: &HeaderMap, body: &[u8]) -> bool {
    let is_form = kinds(headers).any(|kind| kind == "application/x-www-form-urlencoded");
    let json: Option<BTreeMap<String, IgnoredAny>> = serde_json::from_slice(body).ok();
    is_form && query_leads_elsewhere(body)
        || json.is_some_and(|members| members.keys().any(|name| is_forbidden(name)))
}

/// Whether a body has parts, which are not looked into here; the app sends none such.
pub fn has_parts(headers: &HeaderMap) -> bool {
    kinds(headers).any(|kind| kind.starts_with("multipart/"))
}

/// Of what type a body is said to be, without parameters, read no stricter than backends do.
fn kinds(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let said = headers.get_all(header::CONTENT_TYPE).iter().map(|kind| kind.as_bytes());
    said.map(|kind| {
        let kind = kind.split(|byte| b";, ".contains(byte)).next().unwrap_or_default();
        String::from_utf8_lossy(kind).to_ascii_lowercase()
    })
}

/// Names are read as PHP reads them: without spaces before, up to a NUL, with `_` for what variables cannot have.
fn is_forbidden(name: &str) -> bool {
    let name = name.trim_start_matches(' ').split('\0').next().unwrap_or_default();
    let name = name.replace([' ', '.', '['], "_");
    FORBIDDEN.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden))
}
