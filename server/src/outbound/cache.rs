//! Answers of backends, kept in memory as long as their `Cache-Control` allows (RFC 9111), renewed by their
//! `ETag` or `Last-Modified`, and bounded: what was not asked for the longest goes first.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::{Received, Sent};

/// Bytes of all answers together, with what they are found by.
const MOST: usize = 32 * 1024 * 1024;
/// Bytes of one: a few large ones would drive out all others.
const LARGEST: usize = MOST / 8;
/// Bytes that an answer takes beside what it says.
const BESIDE: usize = 512;
/// Bytes that a header takes beside what it says.
const BESIDE_HEADER: usize = 64;

/// What answers may differ by that still find each other.
const VARIES: [HeaderName; 2] = [header::ACCEPT, header::ACCEPT_LANGUAGE];
/// What never differs in what is sent from here.
const SAME: &[&str] = &["accept-encoding", "cookie", "origin", "user-agent"];

/// Answers by what was asked.
#[derive(Default)]
pub struct Cache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    all: HashMap<Vec<u8>, Entry>,
    bytes: usize,
    /// Counts what is asked.
    turn: u64,
    /// Counts how often everything has expired.
    expired: u64,
}

struct Entry {
    kept: Kept,
    asked: u64,
    size: usize,
}

/// An answer that is kept.
#[derive(Clone)]
struct Kept {
    received: Received,
    until: Instant,
}

/// What answers are found by: the address, and all that was said beside it.
fn key(sent: &Sent) -> Vec<u8> {
    let mut said: Vec<_> = sent.headers.iter().collect();
    said.sort_by_key(|(name, _)| name.as_str());
    let mut key = sent.url.as_str().as_bytes().to_vec();
    for (name, value) in said {
        for part in [b"\n", name.as_str().as_bytes(), b":", value.as_bytes()] {
            key.extend_from_slice(part);
        }
    }
    key
}

/// Bytes that an answer takes when it is kept.
fn size(key: &[u8], received: &Received) -> usize {
    let headers = received.headers.iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + BESIDE_HEADER);
    let url = received.url.as_str().len();
    BESIDE + key.len() + url + headers.sum::<usize>() + received.body.len()
}

impl Cache {
    /// What is kept and may be given without asking.
    pub fn fresh(&self, sent: &Sent, now: Instant) -> Option<Received> {
        self.get(&key(sent)).filter(|kept| now < kept.until).map(|kept| kept.received)
    }

    /// Asks by `send` whether what is kept has changed, or for what is not kept.
    pub async fn renew<E, F: Future<Output = Result<Received, E>>>(
        &self,
        mut sent: Sent,
        send: impl FnOnce(Sent) -> F,
    ) -> Result<Received, E> {
        let key = key(&sent);
        let kept = self.get(&key);
        let expired = self.entries().expired;
        if let Some((name, tag)) = kept.as_ref().and_then(Kept::validator) {
            sent.headers.insert(name, tag);
        }
        let received = send(sent).await?;
        let received = match kept {
            Some(kept) if received.status == StatusCode::NOT_MODIFIED => kept.renewed(received),
            _ => received,
        };
        self.keep(key, &received, Instant::now());
        if self.entries().expired != expired {
            // It may have been answered before what has changed since.
            self.expire();
        }
        Ok(received)
    }

    /// Something has changed: whatever is kept is given no more until it was asked whether it has.
    pub fn expire(&self) {
        let now = Instant::now();
        let mut entries = self.entries();
        entries.expired += 1;
        entries.all.values_mut().for_each(|entry| entry.kept.until = now);
    }

    /// What is kept, fresh or not.
    fn get(&self, key: &[u8]) -> Option<Kept> {
        let mut entries = self.entries();
        entries.turn += 1;
        let turn = entries.turn;
        let entry = entries.all.get_mut(key)?;
        entry.asked = turn;
        Some(entry.kept.clone())
    }

    /// Keeps an answer if the backend allows it; what was there before goes.
    fn keep(&self, key: Vec<u8>, received: &Received, now: Instant) {
        let mut entries = self.entries();
        entries.forget(&key);
        let Some(fresh) = lifetime(received) else { return };
        let size = size(&key, received);
        if size > LARGEST {
            return;
        }
        while entries.bytes + size > MOST {
            let oldest = entries.all.iter().min_by_key(|(_, entry)| entry.asked);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            entries.forget(&oldest);
        }
        entries.turn += 1;
        entries.bytes += size;
        let kept = Kept { received: received.clone(), until: now + fresh };
        let entry = Entry { kept, asked: entries.turn, size };
        entries.all.insert(key, entry);
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn forget(&mut self, key: &[u8]) {
        if let Some(entry) = self.all.remove(key) {
            self.bytes -= entry.size;
        }
    }
}

impl Kept {
    /// What to ask with whether it has changed.
    fn validator(&self) -> Option<(HeaderName, HeaderValue)> {
        let headers = &self.received.headers;
        let tag = headers.get(header::ETAG).map(|tag| (header::IF_NONE_MATCH, tag.clone()));
        let modified =
            || Some((header::IF_MODIFIED_SINCE, headers.get(header::LAST_MODIFIED)?.clone()));
        tag.or_else(modified)
    }

    /// It, with what an answer that it has not changed says.
    fn renewed(mut self, unchanged: Received) -> Received {
        for (name, value) in &unchanged.headers {
            if name != header::CONTENT_LENGTH {
                self.received.headers.insert(name.clone(), value.clone());
            }
        }
        self.received
    }
}

/// How long an answer is fresh; `None` if it must not be kept or would be of no use.
fn lifetime(received: &Received) -> Option<Duration> {
    let headers = &received.headers;
    let vary = list(headers, &header::VARY);
    let known = |name: &String| {
        SAME.contains(&name.as_str()) || VARIES.iter().any(|known| known.as_str() == name)
    };
    if received.status != StatusCode::OK
        || headers.contains_key(header::SET_COOKIE)
        || !vary.iter().all(known)
    {
        return None;
    }
    let said = list(headers, &header::CACHE_CONTROL);
    let has =
        |name: &str| said.iter().any(|one| one == name || one.starts_with(&format!("{name}=")));
    if has("no-store") || has("private") {
        return None;
    }
    let seconds = |name: &str| {
        let value = said.iter().find_map(|one| one.strip_prefix(name)?.strip_prefix('='));
        value?.trim_matches('"').parse::<u64>().ok()
    };
    let age = list(headers, &header::AGE).first().and_then(|age| age.parse().ok()).unwrap_or(0);
    let fresh = seconds("s-maxage").or_else(|| seconds("max-age")).unwrap_or(0);
    let fresh = if has("no-cache") { 0 } else { fresh.saturating_sub(age) };
    let renews = headers.contains_key(header::ETAG) || headers.contains_key(header::LAST_MODIFIED);
    // A year is as good as for ever, and no clock runs over.
    (fresh > 0 || renews).then(|| Duration::from_secs(fresh.min(365 * 24 * 3600)))
}

/// The members of a header that is a list, in lower case.
fn list(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let members = values.flat_map(|value| value.split(','));
    members.map(|one| one.trim().to_ascii_lowercase()).filter(|one| !one.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::Method;

    use super::*;

    fn answer(headers: &[(&'static str, &'static str)], size: usize) -> Received {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        Received {
            status: StatusCode::OK,
            headers: headers.collect(),
            body: vec![b'x'; size],
            url: "https://x.test/".parse().unwrap(),
        }
    }

    #[test]
    fn answers_are_kept_as_long_as_the_backend_allows() {
        let seconds = |headers: &[(&'static str, &'static str)]| {
            lifetime(&answer(headers, 1)).map(|fresh| fresh.as_secs())
        };
        assert_eq!(seconds(&[("cache-control", "public, max-age=60")]), Some(60));
        assert_eq!(
            seconds(&[("cache-control", "max-age=60, s-maxage=\"90\""), ("age", "30")]),
            Some(60)
        );
        assert_eq!(
            seconds(&[("cache-control", "max-age=60"), ("vary", "Origin, Accept")]),
            Some(60)
        );
        assert_eq!(
            seconds(&[("cache-control", "no-cache, max-age=60"), ("etag", "\"a\"")]),
            Some(0)
        );
        assert_eq!(seconds(&[("etag", "\"a\"")]), Some(0));
        for never in [
            &[][..],
            &[("cache-control", "max-age=0")],
            &[("cache-control", "max-age=60, no-store")],
            &[("cache-control", "private=\"x\", max-age=60")],
            &[("cache-control", "max-age=60"), ("set-cookie", "a=b")],
            &[("cache-control", "max-age=60"), ("vary", "*")],
            &[("cache-control", "max-age=60"), ("vary", "X-Desk")],
        ] {
            assert_eq!(seconds(never), None, "{never:?}");
        }
    }

    #[tokio::test]
    async fn what_was_on_its_way_when_all_expired_is_asked_for_again() {
        let cache = Cache::default();
        let sent = || Sent {
            method: Method::GET,
            url: "https://x.test/".parse().unwrap(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        let fresh = || async { Ok::<_, ()>(answer(&[("cache-control", "max-age=60")], 1)) };
        cache.renew(sent(), |_| fresh()).await.unwrap();
        assert!(cache.fresh(&sent(), Instant::now()).is_some());
        let late = |_| async {
            cache.expire();
            fresh().await
        };
        cache.renew(sent(), late).await.unwrap();
        assert!(cache.fresh(&sent(), Instant::now()).is_none());
    }

    #[test]
    fn all_that_is_kept_of_an_answer_counts() {
        let (cache, now) = (Cache::default(), Instant::now());
        let long = "x".repeat(10_000);
        for index in 0..2 * MOST / long.len() {
            let mut empty = answer(&[("cache-control", "max-age=60")], 0);
            empty.headers.insert("x-long", long.parse().unwrap());
            cache.keep(index.to_string().into(), &empty, now);
        }
        let kept = cache.entries().all.len();
        assert!(kept < MOST / long.len(), "{kept}");
        let mut entries = cache.entries();
        let keys: Vec<_> = entries.all.keys().cloned().collect();
        keys.iter().for_each(|key| entries.forget(key));
        assert_eq!(entries.bytes, 0);
    }

    #[test]
    fn what_was_not_asked_for_the_longest_goes_first() {
        let (cache, now) = (Cache::default(), Instant::now());
        let headers = [("cache-control", "max-age=60")];
        let beside = size(b"0", &answer(&headers, 0));
        let large = answer(&headers, LARGEST - beside);
        let keep = |key: &[u8]| cache.keep(key.to_vec(), &large, now);
        (b'0'..b'8').for_each(|key| keep(&[key]));
        assert!(cache.get(b"0").is_some());
        keep(b"9");
        let is_kept = |key: &[u8]| cache.get(key).is_some();
        assert!(is_kept(b"0") && !is_kept(b"1") && is_kept(b"9"));
        cache.keep(b"8".to_vec(), &answer(&headers, LARGEST - beside + 1), now);
        assert!(!is_kept(b"8"), "too large for it");
        assert_eq!(cache.entries().bytes, MOST);
    }
}
