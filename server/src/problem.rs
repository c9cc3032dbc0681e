//! Errors as RFC 9457 problem documents, with the field that is wrong.

use std::fmt;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use schemars::JsonSchema;
use serde::Serialize;

/// Why a request was not carried out, in words for the developer who sent it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Problem {
    /// What kind of problem, the same for every occurrence: `urn:haidang:problem:` and `bad-request`,
    /// `not-found`, `closed`, `invalid`, `busy`, `gone`, `not-yours`, `too-late`, `challenge`, `identity`, `backend`,
    /// `internal`, or `status-` and the status.
    #[serde(rename = "type")]
    #[schemars(rename = "type")]
    kind: String,
    /// The kind in a few words.
    title: &'static str,
    /// The HTTP status, repeated.
    status: u16,
    /// What is wrong with this request.
    detail: String,
    /// The query parameter or the member of the body that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Of the kind `challenge`: what is to be answered first.
    #[serde(skip_serializing_if = "Option::is_none")]
    challenge: Option<Box<Challenge>>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// What is to be answered before a comment is taken, with its member `challenge`.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Challenge {
    /// `question`.
    kind: &'static str,
    /// What is asked, in the language of who writes.
    question: String,
}

/// What API handlers return.
pub type Result<T> = std::result::Result<T, Problem>;

impl Problem {
    fn new(status: StatusCode, kind: &str, title: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:haidang:problem:{kind}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            field: None,
            challenge: None,
            retry_after: None,
        }
    }

    /// A query parameter or the form of the request is wrong (400).
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "bad-request",
            "The request cannot be understood",
            detail,
        )
    }

    /// What was sent is understood but cannot be accepted (422).
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        Self::new(status, "invalid", "What was sent cannot be accepted", detail).on(field)
    }

    /// There is no such thing (404).
    pub fn not_found(what: &str) -> Self {
        let detail = format!("There is no {what} here");
        Self::new(StatusCode::NOT_FOUND, "not-found", "Not found", detail)
    }

    /// The thread takes no new comments (409): whoever asks, so it is no matter of permission.
    pub fn closed() -> Self {
        let detail = "This thread takes no new comments";
        Self::new(StatusCode::CONFLICT, "closed", "Comments are closed", detail)
    }

    /// The comment has been taken away (410).
    pub fn gone() -> Self {
        let detail = "This comment has been taken away";
        Self::new(StatusCode::GONE, "gone", "The comment is gone", detail)
    }

    /// Somebody else wrote it (403).
    pub fn not_yours() -> Self {
        let detail = "Only who wrote a comment may change it";
        Self::new(StatusCode::FORBIDDEN, "not-yours", "Not your comment", detail)
    }

    /// The time in which a comment may be changed is over (403).
    pub fn too_late() -> Self {
        let detail = "The time in which this comment could be changed is over";
        Self::new(StatusCode::FORBIDDEN, "too-late", "Too late", detail)
    }

    /// Only who is known to the portal may do this (401); says what is wrong with what was shown.
    pub fn identity(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "identity", "Please sign in", detail)
    }

    /// A question is to be answered first (403).
    pub fn challenge(question: String) -> Self {
        let detail = "Please answer the question, and send it again with the answer";
        let challenge = Some(Box::new(Challenge { kind: "question", question }));
        let title = "A question first";
        Self { challenge, ..Self::new(StatusCode::FORBIDDEN, "challenge", title, detail) }
    }

    /// Too many requests from one client (429); `seconds` until the next may come.
    pub fn busy(seconds: u64) -> Self {
        let detail = format!("Too many comments at once, please wait {seconds} seconds");
        let status = StatusCode::TOO_MANY_REQUESTS;
        Self {
            retry_after: Some(seconds),
            ..Self::new(status, "busy", "Too many requests", detail)
        }
    }

    /// A backend behind the proxy gave no answer that can be passed on (502, 504).
    pub fn backend(status: StatusCode, why: impl fmt::Display) -> Self {
        Self::new(status, "backend", "The backend gave no answer", format!("The backend: {why}"))
    }

    /// What a bare status says, for answers that other layers gave without words.
    pub fn of_status(status: StatusCode) -> Self {
        let title = status.canonical_reason().unwrap_or("Error");
        let detail = match status {
            StatusCode::METHOD_NOT_ALLOWED => "This address does not take that method",
            StatusCode::PAYLOAD_TOO_LARGE => "The body is larger than the server takes",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "The body must be sent as application/json",
            StatusCode::SERVICE_UNAVAILABLE => "The server took too long, please try again",
            _ => title,
        };
        let kind = format!("status-{}", status.as_u16());
        let retry_after = (status == StatusCode::SERVICE_UNAVAILABLE).then_some(5);
        Self { retry_after, ..Self::new(status, &kind, title, detail) }
    }

    /// The same problem, about `field`; its text begins with it.
    pub fn on(self, field: &str) -> Self {
        if matches!(field, "" | ".") {
            return self;
        }
        let detail = format!("{field}: {}", self.detail);
        Self { field: Some(field.to_owned()), detail, ..self }
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// A failing database is ours to look at; the client learns only that it failed.
impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if is_busy(&error) {
            tracing::warn!(%error, "database");
            return Self::of_status(StatusCode::SERVICE_UNAVAILABLE);
        }
        tracing::error!(%error, "database");
        let detail = "The server could not read or write its database";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Internal error", detail)
    }
}

/// Whether others kept the database for too long, so that the same works a moment later.
fn is_busy(error: &sqlx::Error) -> bool {
    // SQLITE_BUSY and SQLITE_LOCKED are the low byte of what they are extended to:
    // https://www.sqlite.org/rescode.html#extrc
    let is_taken = |code: &str| code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6));
    match error {
        sqlx::Error::PoolTimedOut => true,
        sqlx::Error::Database(error) => error.code().is_some_and(|code| is_taken(&code)),
        _ => false,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let json = serde_json::to_vec(&self).unwrap_or_default();
        let problem = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status(), [(header::CONTENT_TYPE, problem)], json).into_response();
        if self.status() == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// Marks an answer that goes out with the words it came with.
#[derive(Clone)]
pub struct AsItCame;

/// Gives words to failures that another layer answered without any (wrong method, timeout …).
pub async fn explain(response: Response) -> Response {
    if response.extensions().get::<AsItCame>().is_some() {
        return response;
    }
    let status = response.status();
    let kind = response.headers().get(header::CONTENT_TYPE);
    let explained = kind.is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    if explained || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let allow = response.headers().get(header::ALLOW).cloned();
    let mut response = Problem::of_status(status).into_response();
    if let Some(allow) = allow {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sqlx::{ConnectOptions, Executor, sqlite::SqliteConnectOptions};

    use super::*;

    #[tokio::test]
    async fn a_database_that_others_keep_is_to_be_asked_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("busy.db"))
            .create_if_missing(true)
            .busy_timeout(Duration::ZERO);
        let mut one = options.connect().await.expect("a connection");
        let mut other = options.connect().await.expect("another");
        one.execute("CREATE TABLE t (x); BEGIN EXCLUSIVE").await.expect("kept");
        let error = other.execute("INSERT INTO t VALUES (1)").await.expect_err("it is kept");
        let problem = Problem::from(error);
        assert_eq!(problem.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(problem.into_response().headers()[header::RETRY_AFTER], "5");
        one.execute("ROLLBACK").await.expect("given up");
        let error = other.execute("INSERT INTO u VALUES (1)").await.expect_err("no such table");
        assert_eq!(Problem::from(error).status(), StatusCode::INTERNAL_SERVER_ERROR);
    }
}
