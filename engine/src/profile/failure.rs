//! What can go wrong between asking a backend and reading its answer.

use std::fmt;

use serde_json::Value;

use crate::json;

/// Why there is no answer. The app turns it into a sentence in the reader's language with a way on;
/// the developer reads the cause in the console.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Nothing came back: no network, no server, or the browser forbade it (CORS, mixed content).
    Unreachable,
    /// The server took longer than the source allows.
    TimedOut,
    /// The reader has left; nobody is to be told.
    Aborted,
    /// 401 or 403: not for this reader.
    Forbidden,
    /// 404 or 410: there is no such thing.
    NotFound,
    /// 401, 403, 404 or 410 that is no JSON, as a backend would say it: a page, or nothing. Perhaps a proxy or the
    /// login page of a café's network has said so, therefore it withdraws nothing.
    Unvouched {
        /// The HTTP status.
        status: u16,
    },
    /// 429 or 503 with `Retry-After`: again in so many seconds.
    Busy {
        /// Seconds; 0 if the server does not say.
        retry_after: u32,
    },
    /// The server refused what was sent and said why (RFC 9457 `type`, `detail`, `field`).
    Refused(Box<Refused>),
    /// The server wants something answered first (RFC 9457 `type` ending in `challenge`).
    Challenged {
        /// The member `challenge` of the problem, as JSON: an object with a `kind`.
        challenge: String,
    },
    /// The server has what was sent already: for whoever sends again after an unknown outcome, a success.
    Duplicate {
        /// The server's words.
        reason: String,
    },
    /// 5xx, or any other status that is no success.
    Broken {
        /// The HTTP status.
        status: u16,
    },
    /// The source does not offer this: its profile says nothing of it, or it has no such language.
    NotOffered,
    /// A success whose content is no JSON, or cut off, or not what was asked for.
    Unreadable {
        /// For the developer.
        cause: String,
    },
}

/// What a server says of something it does not take. In a box: a failure is handed on wherever something is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refused {
    /// What kind of problem it is, for which the app may have words of its own: the last part of
    /// `type`, e.g. `closed`.
    pub kind: Option<String>,
    /// The server's reason, in its words.
    pub reason: String,
    /// The field that is wrong, if it said so.
    pub field: Option<String>,
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(Box::new(refused))
    }
}

/// For the developer. (`Debug` would bring the tables that escape text into a first visit.)
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Unreachable => {
                f.write_str("nothing came back: no network, no server, or CORS")
            }
            Failure::TimedOut => f.write_str("no answer in time"),
            Failure::Aborted => f.write_str("given up, the reader has left"),
            Failure::Forbidden => f.write_str("401 or 403"),
            Failure::NotFound => f.write_str("404 or 410"),
            Failure::Unvouched { status } => {
                fmt::Display::fmt(status, f)?;
                f.write_str(" without JSON: perhaps not the backend's own")
            }
            Failure::NotOffered => f.write_str("the source does not offer this"),
            Failure::Busy { .. } => f.write_str("429, or 503 with Retry-After"),
            Failure::Refused(refused) => {
                f.write_str("refused: ")?;
                f.write_str(&refused.reason)
            }
            Failure::Challenged { .. } => f.write_str("a challenge is to be answered first"),
            Failure::Duplicate { reason } => {
                f.write_str("a duplicate: ")?;
                f.write_str(reason)
            }
            Failure::Broken { status } => {
                f.write_str("status ")?;
                fmt::Display::fmt(status, f)
            }
            Failure::Unreadable { cause } => f.write_str(cause),
        }
    }
}

impl Failure {
    /// Whether the same request may succeed if simply sent again.
    pub fn is_transient(&self) -> bool {
        match self {
            Failure::Unreachable | Failure::TimedOut | Failure::Busy { .. } => true,
            Failure::Broken { status } => matches!(status, 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// Whether it says nothing of what was asked for, so that what is kept of it may be shown: it may succeed
    /// later, or something else has answered, e.g. the login page of a café's network.
    pub fn is_away(&self) -> bool {
        let is_somebody_else =
            matches!(self, Failure::Unreadable { .. } | Failure::Unvouched { status: 404.. });
        is_somebody_else || self.is_transient()
    }

    /// Whether the backend itself says that what was asked for is not, or no longer, for this reader: what is kept
    /// of it must not say otherwise.
    pub fn is_withdrawal(&self) -> bool {
        matches!(self, Failure::NotFound | Failure::Forbidden)
    }
}

/// What a response says: its JSON, or the failure it stands for.
///
/// `retry_after` is the header of that name in seconds; `body` the whole text.
pub fn classify(status: u16, retry_after: Option<u32>, body: &str) -> Result<Value, Failure> {
    let json = json::parse(body);
    let html = || Failure::Unreadable { cause: "HTML where JSON should be".to_owned() };
    let is_html = body.trim_start().starts_with('<');
    match status {
        204 => Ok(Value::Null),
        200..300 if is_html => Err(html()),
        200..300 => json.map_err(|error| Failure::Unreadable { cause: error.to_string() }),
        401 | 403 | 404 | 410 if !json.as_ref().is_ok_and(says_why) => Err(match json {
            Err(_) => Failure::Unvouched { status },
            Ok(_) if status < 404 => Failure::Forbidden,
            Ok(_) => Failure::NotFound,
        }),
        429 => Err(Failure::Busy { retry_after: retry_after.unwrap_or_default() }),
        503 if retry_after.is_some() => {
            Err(Failure::Busy { retry_after: retry_after.unwrap_or_default() })
        }
        400..500 => {
            let text = |key| {
                let member = json.as_ref().ok().and_then(|problem| problem.get(key));
                member.and_then(Value::as_str).map(str::to_owned)
            };
            let kind = text("type").as_deref().and_then(last_part);
            let challenge = json.as_ref().ok().and_then(|problem| problem.get("challenge"));
            if let (Some("challenge"), Some(challenge)) = (kind.as_deref(), challenge) {
                return Err(Failure::Challenged { challenge: json::written(challenge) });
            }
            match text("detail").or_else(|| text("title")).or_else(|| kind.clone()) {
                Some(reason) => Err(Failure::from(Refused { kind, reason, field: text("field") })),
                None => Err(Failure::Broken { status }),
            }
        }
        _ => Err(Failure::Broken { status }),
    }
}

/// Whether a problem says more than its status of why something written was not taken.
fn says_why(problem: &Value) -> bool {
    let kind = problem.get("type").and_then(Value::as_str).and_then(last_part);
    let kinds = ["closed", "gone", "too-late", "not-yours", "identity", "challenge"];
    kind.is_some_and(|kind| kinds.contains(&kind.as_str()))
}

/// The last part of a problem's type, which names it: `closed` of `urn:example:problem:closed`.
/// `about:blank` says no more than the status.
fn last_part(kind: &str) -> Option<String> {
    let named = kind.trim_end_matches('/').rsplit([':', '/', '#']).next();
    named.filter(|name| !name.is_empty() && kind != "about:blank").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_must_be_json() {
        assert!(classify(200, None, "{\"a\":1}").is_ok());
        assert_eq!(
            classify(200, None, " <!doctype html>"),
            Err(Failure::Unreadable { cause: "HTML where JSON should be".into() })
        );
        let cut = classify(200, None, "{\"items\": [{\"title\": \"Ha");
        assert!(matches!(cut, Err(Failure::Unreadable { cause }) if cause.contains("line 1")));
    }

    #[test]
    fn a_page_in_the_place_of_an_answer_says_nothing_of_what_was_asked_for() {
        let failure = classify(200, None, "\n<!doctype html><title>Welcome</title>");
        assert!(matches!(failure, Err(Failure::Unreadable { .. })));
    }

    #[test]
    fn only_what_the_backend_itself_says_withdraws_anything() {
        for status in [401, 403, 404, 410] {
            for body in ["<!doctype html><h1>Wi-Fi</h1>", "404 page not found", ""] {
                let failure = classify(status, None, body).unwrap_err();
                assert_eq!(failure, Failure::Unvouched { status }, "{body}");
                assert!(!failure.is_withdrawal());
                // What is forbidden is said to be, whoever says it.
                assert_eq!(failure.is_away(), status >= 404, "{status}");
            }
            for body in ["{}", r#"{"type": "urn:x:not-found"}"#, r#""no""#] {
                assert!(classify(status, None, body).unwrap_err().is_withdrawal(), "{body}");
            }
        }
    }

    #[test]
    fn statuses_say_what_to_do_next() {
        assert_eq!(classify(404, None, "{}"), Err(Failure::NotFound));
        assert_eq!(classify(401, None, "{}"), Err(Failure::Forbidden));
        assert_eq!(classify(429, Some(7), ""), Err(Failure::Busy { retry_after: 7 }));
        assert_eq!(classify(500, None, "<h1>"), Err(Failure::Broken { status: 500 }));
        assert!(Failure::Broken { status: 502 }.is_transient());
        assert!(!Failure::NotFound.is_transient());
    }

    #[test]
    fn what_is_written_is_refused_with_a_reason_whatever_the_status() {
        for (status, kind) in [(410, "gone"), (403, "not-yours"), (401, "identity")] {
            let body = serde_json::json!({ "type": format!("urn:x:{kind}"), "title": "No" });
            let failure = classify(status, None, &body.to_string()).unwrap_err();
            assert!(
                matches!(failure, Failure::Refused(refused) if refused.kind.as_deref() == Some(kind))
            );
        }
        let body = r#"{"type": "urn:x:not-found", "title": "No"}"#;
        assert_eq!(classify(404, None, body), Err(Failure::NotFound));
        assert_eq!(classify(204, None, ""), Ok(Value::Null));
    }

    #[test]
    fn a_challenge_comes_as_the_backend_sets_it() {
        let body = r#"{"type": "urn:x:challenge", "challenge": {"kind": "question"}}"#;
        let challenge = r#"{"kind":"question"}"#.to_owned();
        assert_eq!(classify(403, None, body), Err(Failure::Challenged { challenge }));
    }

    #[test]
    fn a_problem_document_gives_its_reason() {
        let body = r#"{"title": "Invalid", "detail": "Too long", "field": "text"}"#;
        assert_eq!(
            classify(422, None, body),
            Err(Failure::from(Refused {
                kind: None,
                reason: "Too long".into(),
                field: Some("text".into())
            }))
        );
    }

    #[test]
    fn the_kind_of_a_problem_is_the_last_part_of_its_type() {
        for (name, kind) in [
            ("urn:haidang:problem:closed", Some("closed")),
            ("https://example.org/problems/out-of-credit", Some("out-of-credit")),
            ("https://example.org/problems#late/", Some("late")),
            ("about:blank", None),
            ("", None),
        ] {
            let body = serde_json::json!({ "type": name, "title": "No" }).to_string();
            let failure = classify(409, None, &body);
            let expected = Failure::from(Refused {
                kind: kind.map(str::to_owned),
                reason: "No".into(),
                field: None,
            });
            assert_eq!(failure, Err(expected), "{name}");
        }
        let wordless = classify(409, None, r#"{"type": "urn:haidang:problem:closed"}"#);
        assert!(matches!(wordless, Err(Failure::Refused(refused)) if refused.reason == "closed"));
    }
}
