//! Tells another service of each comment that is held.
//!
//! The body is JSON; `X-Haidang-Signature: sha256=…` is its HMAC (RFC 2104) in hexadecimal. What is not
//! taken is sent again, later and later; the queue at `/moderate` is what counts.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use url::Url;

use crate::{
    config::Threads,
    outbound::{Limits, Outbound, Sent},
};

/// Seconds to wait before each time after the first.
const AGAIN: [u64; 4] = [1, 15, 120, 900];

/// Where held comments are told.
pub struct Webhook {
    url: Url,
    secret: Option<String>,
    outbound: Outbound,
}

/// What is told.
#[derive(Debug, Serialize)]
pub struct Held {
    /// `held`.
    pub event: &'static str,
    /// The work it is about.
    pub article: String,
    /// The comment's id.
    pub comment: String,
}

impl Webhook {
    /// The webhook of a configuration.
    pub fn new(config: &Threads) -> anyhow::Result<Option<Arc<Self>>> {
        let Some(url) = config.webhook.clone() else { return Ok(None) };
        let outbound = Outbound::new(config.webhook_private)?;
        Ok(Some(Arc::new(Self { url, secret: config.webhook_secret.clone(), outbound })))
    }

    /// Tells it, on its own time.
    pub fn tell(self: &Arc<Self>, held: &Held) {
        let (hook, body) = (Arc::clone(self), serde_json::to_vec(held).unwrap_or_default());
        tokio::spawn(async move {
            let mut waits = AGAIN.into_iter();
            while let Err(error) = hook.send(&body).await {
                tracing::warn!(%error, "webhook");
                let Some(seconds) = waits.next() else { return };
                tokio::time::sleep(Duration::from_secs(seconds)).await;
            }
        });
    }

    async fn send(&self, body: &[u8]) -> anyhow::Result<()> {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(secret) = &self.secret {
            let value = HeaderValue::try_from(signature(secret, body)?)?;
            headers.insert(HeaderName::from_static("x-haidang-signature"), value);
        }
        let sent =
            Sent { method: Method::POST, url: self.url.clone(), headers, body: body.to_vec() };
        let answer = self.outbound.send(sent, Limits::default(), |_| false).await;
        let answer = answer.map_err(|trouble| anyhow::anyhow!("{trouble}"))?;
        anyhow::ensure!(answer.status.is_success(), "it answered {}", answer.status);
        Ok(())
    }
}

/// `sha256=` and the HMAC of `body`.
fn signature(secret: &str, body: &[u8]) -> anyhow::Result<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).context("the secret")?;
    mac.update(body);
    let hex: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("sha256={hex}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // RFC 4231, test case 2.
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?").unwrap(),
            "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
