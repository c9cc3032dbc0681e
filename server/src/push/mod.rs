//! Emergency notices to readers who asked for them, also while no page of the portal is open (Web Push, RFC 8030).
//!
//! Only on a portal that says whom carriers may write to (`--push-contact`), and only to browsers that have
//! subscribed. A carrier (the maker of the browser) learns when a message goes to which browser, and not what it says: [`seal`].
//! [`voucher`] tells it that the message is ours.

mod seal;
mod voucher;

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use haidang_engine::{
    lang::Lang,
    model::Key,
    route::{Page, Route},
    time::Timestamp,
};
use serde_json::json;
use tokio::task::JoinSet;
use url::Url;

pub use seal::Reader;
use seal::{MOST, seal};
use voucher::Voucher;

use crate::{
    outbound::{Limits, Outbound, Sent},
    store::{Store, notices::Bulletin, push::Subscription},
    texts::Wanted,
};

/// Messages on their way at a time.
const AT_ONCE: usize = 16;
/// Seconds for which a carrier keeps a message for a browser that is off, if the notice has no end.
const DAY: i64 = 86_400;

/// Tells those who have subscribed.
pub struct Push {
    voucher: Voucher,
    contact: String,
}

/// What became of the messages of a notice.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Carriers took so many.
    pub taken: usize,
    /// So many browsers have unsubscribed; they are forgotten.
    pub gone: usize,
    /// So many were not taken.
    pub failed: usize,
}

impl Push {
    /// With the portal's key, which is made the first time; `None` without anybody whom carriers may write to.
    pub async fn open(store: &Store, contact: Option<&str>) -> anyhow::Result<Option<Self>> {
        let Some(contact) = contact else { return Ok(None) };
        anyhow::ensure!(
            contact.starts_with("mailto:") || contact.starts_with("https:"),
            "--push-contact: expected mailto: or https:, found {contact}"
        );
        let made = Voucher::make().ok().context("no key for Web Push can be made")?;
        let kept = store.push_key(&made).await?;
        let voucher = Voucher::read(&kept).context("the key for Web Push cannot be read")?;
        Ok(Some(Self { voucher, contact: contact.to_owned() }))
    }

    /// The public key, by which browsers subscribe.
    pub fn key(&self) -> String {
        self.voucher.public()
    }

    /// Sends a notice to everybody who has subscribed, in their language.
    pub async fn tell(
        &self,
        store: &Store,
        outbound: &Arc<Outbound>,
        notice: &Bulletin,
        now: Timestamp,
    ) -> anyhow::Result<Told> {
        let mut waiting = store.subscriptions().await?.into_iter();
        let mut sending = JoinSet::new();
        let mut told = Told::default();
        loop {
            while sending.len() < AT_ONCE
                && let Some(to) = waiting.next()
            {
                match self.message(&to, notice, now) {
                    Ok(sent) => {
                        let outbound = Arc::clone(outbound);
                        sending.spawn(async move {
                            let limits = Limits { bytes: 64 * 1024, time: Duration::from_secs(20) };
                            (to.endpoint, outbound.send(sent, limits, |_| false).await)
                        });
                    }
                    Err(error) => {
                        tracing::warn!(endpoint = to.endpoint, %error, "push");
                        told.failed += 1;
                    }
                }
            }
            let Some(done) = sending.join_next().await else { return Ok(told) };
            let (endpoint, answer) = done?;
            match answer.map(|answer| answer.status) {
                Ok(status) if status.is_success() => told.taken += 1,
                Ok(StatusCode::NOT_FOUND | StatusCode::GONE) => {
                    store.unsubscribe(&endpoint).await?;
                    told.gone += 1;
                }
                Ok(status) => {
                    tracing::warn!(endpoint, %status, "push");
                    told.failed += 1;
                }
                Err(error) => {
                    tracing::warn!(endpoint, %error, "push");
                    told.failed += 1;
                }
            }
        }
    }

    fn message(
        &self,
        to: &Subscription,
        notice: &Bulletin,
        now: Timestamp,
    ) -> anyhow::Result<Sent> {
        let url = Url::parse(&to.endpoint)?;
        let refused = "the browser's key is none";
        let body = seal(&to.reader, &words(notice, &to.lang)).ok().context(refused)?;
        let word =
            self.voucher.word(&url, Some(&self.contact), now).ok().context("no signature")?;
        let left = notice.expires.map_or(DAY, |expires| (expires.0 - now.0) / 1000);
        let headers = HeaderMap::from_iter([
            (header::AUTHORIZATION, HeaderValue::try_from(word)?),
            (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
            (header::CONTENT_ENCODING, HeaderValue::from_static("aes128gcm")),
            (HeaderName::from_static("ttl"), HeaderValue::from(left.max(0))),
            (HeaderName::from_static("urgency"), HeaderValue::from_static("high")),
        ]);
        Ok(Sent { method: Method::POST, url, headers, body })
    }
}

/// What the service worker is told: the notice in a language, and where it leads below the portal's base.
fn words(notice: &Bulletin, lang: &Lang) -> Vec<u8> {
    let wanted = Wanted(vec![lang.clone()]);
    let title = notice.titles.pick(&wanted);
    let said = title.map_or(lang, |(said, _)| said);
    let page = match &notice.article {
        Some(id) => Page::Article { key: Key::of(id), slug: String::new() },
        None => Page::Front,
    };
    let mut text = notice.texts.text(&wanted);
    loop {
        let message = json!({
            "id": notice.id,
            "title": title.map_or("", |(_, title)| title),
            "text": text,
            "lang": said,
            "issued": notice.issued.0,
            "url": Route { lang: lang.clone(), page: page.clone() }.href(),
        });
        let message = message.to_string().into_bytes();
        if message.len() <= MOST || text.is_empty() {
            return message;
        }
        // The rest is on the page.
        let half = text.chars().count() / 2;
        text = text.chars().take(half).collect();
    }
}
