//! What may be asked: a file of JSON, for each source its base and what else is allowed.
//!
//! ```json
//! { "cms": { "base": "https://cms.example.org/api", "methods": ["GET", "POST"],
//!            "secret": { "header": "Authorization", "env": "CMS_TOKEN" } } }
//! ```

use std::{collections::BTreeMap, env, fs, path::Path, time::Duration};

use anyhow::{Context, bail, ensure};
use axum::http::{HeaderName, HeaderValue, Method};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use url::Url;

use crate::outbound::Limits;

/// What may be asked of one source.
#[derive(Debug)]
pub struct Rule {
    /// Everything is below it.
    pub base: Url,
    /// `GET` alone unless said otherwise.
    pub methods: Vec<Method>,
    /// Headers of the reader that go through beside what every backend needs.
    pub pass: Vec<HeaderName>,
    /// A header that is added, and what no reader learns.
    pub secret: Option<(HeaderName, HeaderValue)>,
    /// Whether the base may be an address that is not of the public internet.
    pub private: bool,
    max_bytes: usize,
    timeout: u64,
}

/// As it is written in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    base: Url,
    #[serde(default = "only_get")]
    methods: Vec<String>,
    #[serde(default)]
    pass: Vec<String>,
    secret: Option<Secret>,
    #[serde(default)]
    private: bool,
    max_bytes: Option<usize>,
    timeout: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Secret {
    header: String,
    env: String,
}

fn only_get() -> Vec<String> {
    vec!["GET".to_owned()]
}

/// Reads the file; the error names the place.
pub fn read(file: &Path) -> anyhow::Result<BTreeMap<String, Rule>> {
    parse(&fs::read_to_string(file)?)
}

fn parse(text: &str) -> anyhow::Result<BTreeMap<String, Rule>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let all: BTreeMap<String, Written> = serde_path_to_error::deserialize(&mut json)?;
    let rules = all.into_iter().map(|(id, written)| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        ensure!(
            !id.is_empty() && id.bytes().all(plain),
            "\"{id}\": expected letters, digits and \"-\""
        );
        let rule = Rule::new(written).with_context(|| id.clone())?;
        Ok((id, rule))
    });
    rules.collect()
}

impl Rule {
    fn new(written: Written) -> anyhow::Result<Self> {
        let Written { mut base, methods, pass, secret, private, max_bytes, timeout } = written;
        let plain = matches!(base.scheme(), "http" | "https")
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        ensure!(plain, "base: expected http:// or https://, a host and a path, found {base}");
        base.set_path(&format!("{}/", base.path().trim_end_matches('/')));
        let known = ["GET", "POST", "PUT", "DELETE"];
        for method in &methods {
            ensure!(
                known.contains(&method.as_str()),
                "methods: expected some of {}, found {method}",
                known.join(", ")
            );
        }
        let methods = methods.iter().map(|method| Method::from_bytes(method.as_bytes()));
        let pass = pass.iter().map(|name| HeaderName::from_bytes(name.as_bytes()));
        let limits = Limits::default();
        Ok(Self {
            base,
            methods: methods.collect::<Result<_, _>>().context("methods")?,
            pass: pass.collect::<Result<_, _>>().context("pass: expected names of headers")?,
            secret: secret.map(Secret::read).transpose()?,
            private,
            max_bytes: max_bytes.unwrap_or(limits.bytes),
            timeout: timeout.unwrap_or(limits.time.as_secs()),
        })
    }

    /// What an answer may cost.
    pub fn limits(&self) -> Limits {
        Limits { bytes: self.max_bytes, time: Duration::from_secs(self.timeout) }
    }

    /// Whether requests may be sent with this method.
    pub fn allows(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }

    /// Whether answers may differ from reader to reader.
    pub fn passes_credentials(&self) -> bool {
        self.pass.iter().any(|name| matches!(name.as_str(), "cookie" | "authorization"))
    }

    /// Whether an address is below the base.
    pub fn holds(&self, url: &Url) -> bool {
        let bare = self.base.path().trim_end_matches('/');
        url.origin() == self.base.origin()
            && url.username().is_empty()
            && url.password().is_none()
            && (url.path().starts_with(self.base.path()) || url.path() == bare)
    }

    /// The address of a path below the base; the error says why it leads elsewhere.
    pub fn url(&self, path: &str, query: Option<&str>) -> Result<Url, String> {
        let steps: Vec<&str> = path.split('/').collect();
        for (index, step) in steps.iter().enumerate() {
            let is_last = index + 1 == steps.len();
            if step.is_empty() && !is_last {
                return Err("the path has an empty step".to_owned());
            }
            // What a backend may read as more than one step, or as one back.
            let decoded = percent_decode_str(step).decode_utf8_lossy();
            let odd = |c: char| c.is_control() || c == '\\';
            // Some read what stands behind `;` as a parameter of the step.
            let is_dots = |step: &str| matches!(step.split(';').next(), Some("." | ".."));
            if decoded.chars().any(odd) || decoded.split('/').any(is_dots) {
                return Err("the path leads elsewhere".to_owned());
            }
        }
        let mut url = self.base.clone();
        let path = format!("{}{path}", self.base.path());
        // Without anything below it the base is asked as it was written, without the slash.
        url.set_path(if steps == [""] { path.trim_end_matches('/') } else { &path });
        url.set_query(query);
        match self.holds(&url) {
            true => Ok(url),
            false => Err("the path leads elsewhere".to_owned()),
        }
    }
}

impl Secret {
    fn read(self) -> anyhow::Result<(HeaderName, HeaderValue)> {
        let Self { header, env } = self;
        let name = HeaderName::from_bytes(header.as_bytes()).context("secret.header")?;
        let Ok(value) = env::var(&env) else { bail!("secret.env: the variable {env} is not set") };
        let mut value = HeaderValue::try_from(value).context("secret.env")?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(base: &str) -> Rule {
        let file = serde_json::json!({ "a": { "base": base } }).to_string();
        parse(&file).unwrap().remove("a").unwrap()
    }

    #[test]
    fn paths_stay_below_the_base() {
        let rule = rule("https://x.test/api/v1/");
        let url = |path: &str| rule.url(path, Some("a=%2F..")).map(|url| url.to_string());
        assert_eq!(url("posts/7").unwrap(), "https://x.test/api/v1/posts/7?a=%2F..");
        assert_eq!(url("").unwrap(), "https://x.test/api/v1?a=%2F..");
        assert_eq!(url("posts/").unwrap(), "https://x.test/api/v1/posts/?a=%2F..");
        assert_eq!(url("a%2Fb").unwrap(), "https://x.test/api/v1/a%2Fb?a=%2F..");
        for path in [
            "..",
            "../x",
            "a/../../x",
            "%2e%2e/x",
            ".%2E/x",
            "a/%2E%2E",
            "a%2F..%2Fb",
            "a%5c..%5cb",
            "a\\..\\b",
            "/",
            "//y.test/x",
            "a//b",
            "./a",
            "..;x/b",
            "a/.;x",
            "%2e%2e%3Bx/b",
            "a%00b",
            "%0d%0aa",
        ] {
            assert!(url(path).is_err(), "{path}");
        }
        assert_eq!(url("https:").unwrap(), "https://x.test/api/v1/https:?a=%2F..");
    }

    #[test]
    fn only_what_is_below_the_base_is_held() {
        let rule = rule("https://x.test/api");
        let holds = |url: &str| rule.holds(&url.parse().unwrap());
        assert!(holds("https://x.test/api/a") && holds("https://x.test:443/api"));
        for url in [
            "http://x.test/api/a",
            "https://y.test/api/a",
            "https://x.test:8443/api/a",
            "https://x.test/apis",
            "https://x.test/",
            "https://x.test/api/../b",
            "https://u@x.test/api/a",
        ] {
            assert!(!holds(url), "{url}");
        }
    }

    #[test]
    fn what_is_wrong_in_the_file_is_named() {
        let error = |file: &str| format!("{:#}", parse(file).unwrap_err());
        assert!(
            error(r#"{"a": {"base": "https://x.test", "method": []}}"#)
                .contains("unknown field `method`")
        );
        assert!(error(r#"{"a": {"base": "/api"}}"#).starts_with("a.base: "));
        assert!(error(r#"{"a": {"base": "ftp://x.test"}}"#).starts_with("a: base: expected http"));
        assert!(
            error(r#"{"a": {"base": "https://x.test", "methods": ["HEAD"]}}"#)
                .contains("methods: expected")
        );
        assert!(
            error(r#"{"a/b": {"base": "https://x.test"}}"#).contains("\"a/b\": expected letters")
        );
        let secret = r#"{"a": {"base": "https://x.test", "secret": {"header": "X", "env": "HAIDANG_NO_SUCH"}}}"#;
        assert!(error(secret).contains("HAIDANG_NO_SUCH is not set"));
    }
}
