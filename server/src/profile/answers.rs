//! Where answers come from: the backend itself, or what was recorded of one.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use haidang_engine::profile::{Request, Response};
use url::Url;

use super::recorded::Recordings;
use crate::outbound::{Limits, Outbound, Received, Sent};

/// Who answers.
pub enum Answers {
    /// The backend.
    Live(Outbound),
    /// What it once said.
    Recorded(Recordings),
}

/// An answer, and how one came to it.
pub struct Answered {
    /// What came back.
    pub response: Response,
    /// In a few words, for people.
    pub how: String,
}

impl Answers {
    /// Whether what is asked reaches anybody.
    pub fn are_live(&self) -> bool {
        matches!(self, Answers::Live(_))
    }

    /// The answer to a request; `None` if nothing like it was recorded. `path` is the endpoint's, `ids` are
    /// those pieces of the address that name something.
    pub async fn to(
        &self,
        request: &Request,
        path: &str,
        ids: &[&str],
    ) -> Result<Option<Answered>, String> {
        match self {
            Answers::Live(outbound) => {
                let received = send(outbound, request).await?;
                let how = if received.url.as_str() == request.url {
                    String::new()
                } else {
                    format!(", from {}", received.url)
                };
                Ok(Some(Answered { response: response(received), how }))
            }
            Answers::Recorded(recordings) => {
                let found = recordings.like(request, path, ids);
                Ok(found.map(|found| Answered {
                    response: found.response.clone(),
                    how: format!(", from {} ({})", found.file, found.url),
                }))
            }
        }
    }
}

async fn send(outbound: &Outbound, request: &Request) -> Result<Received, String> {
    let url = Url::parse(&request.url).map_err(|error| format!("{}: {error}", request.url))?;
    let method = Method::from_bytes(request.method.as_str().as_bytes());
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if request.body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    for (name, value) in &request.headers {
        let wrong = || format!("the header {name}: \"{value}\" cannot be sent");
        let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong())?, value);
    }
    let sent = Sent {
        method: method.map_err(|error| error.to_string())?,
        url,
        headers,
        body: request.body.clone().unwrap_or_default().into_bytes(),
    };
    // A browser would follow anywhere.
    outbound.send(sent, Limits::default(), |_| true).await.map_err(|trouble| trouble.to_string())
}

/// As the engine takes it.
pub fn response(received: Received) -> Response {
    let headers = received.headers.iter().map(|(name, value)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    Response {
        status: received.status.as_u16(),
        headers: headers.collect(),
        body: String::from_utf8_lossy(&received.body).into_owned(),
        url: received.url.to_string(),
    }
}
