//! Who is asking, and how often they may.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, HeaderName, request::Parts},
};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use crate::app::App;

/// Who is asking, as far as limits go: an address, or a network of one household in IPv6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Client(IpAddr);

impl From<IpAddr> for Client {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => {
                let network = address.to_bits() & !u128::from(u64::MAX);
                Self(IpAddr::V6(Ipv6Addr::from_bits(network)))
            }
            address => Self(address),
        }
    }
}

/// As the proxy in front says if there is one, else who is connected.
impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let named = app.client_header.as_ref().and_then(|name| named(&parts.headers, name));
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        Ok(named.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)).into())
    }
}

/// Who spoke to the proxy: the last one of the last line; what stands before it anybody can write.
fn named(headers: &HeaderMap, name: &HeaderName) -> Option<IpAddr> {
    let last = headers.get_all(name).iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// What is limited, each by itself.
pub struct Limits {
    /// Comments posted, changed and taken away.
    pub writing: Limiter,
    /// Votes and reports.
    pub marking: Limiter,
    /// Passwords tried.
    pub signing_in: Limiter,
}

/// How often a client may do something.
pub struct Limiter(Option<DefaultKeyedRateLimiter<Client>>);

impl Limiter {
    /// So many a minute, at once or spread; 0 is any number.
    pub fn per_minute(count: u32) -> Self {
        Self(NonZeroU32::new(count).map(|count| RateLimiter::keyed(Quota::per_minute(count))))
    }

    /// Counts one more; the error is the seconds to wait.
    pub fn admit(&self, client: Client) -> Result<(), u64> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        limiter.retain_recent();
        limiter.check_key(&client).map_err(|not_until| {
            not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        address.parse::<IpAddr>().unwrap().into()
    }

    #[test]
    fn a_household_is_one_client_whatever_address_it_takes() {
        assert_eq!(client("2001:db8:1:2::1"), client("2001:db8:1:2:ffff::9"));
        assert_ne!(client("2001:db8:1:2::1"), client("2001:db8:1:3::1"));
        assert_eq!(client("::ffff:192.0.2.1"), client("192.0.2.1"));
        assert_ne!(client("192.0.2.1"), client("192.0.2.2"));
    }

    #[test]
    fn whom_the_proxy_names_comes_last_in_a_line_or_in_one_of_its_own() {
        let name = HeaderName::from_static("x-forwarded-for");
        for lines in [
            &["192.0.2.7"][..],
            &["192.0.2.1, 192.0.2.7"],
            &["192.0.2.1", "192.0.2.7"],
            &["192.0.2.1, 192.0.2.2", "192.0.2.3, 192.0.2.7"],
        ] {
            let lines = lines.iter().map(|line| (name.clone(), line.parse().unwrap()));
            let headers: HeaderMap = lines.collect();
            assert_eq!(named(&headers, &name), "192.0.2.7".parse().ok(), "{headers:?}");
        }
        assert_eq!(named(&HeaderMap::new(), &name), None);
    }

    #[test]
    fn one_client_too_many_does_not_stop_another() {
        let limiter = Limiter::per_minute(2);
        let (one, other) = (client("192.0.2.1"), client("192.0.2.2"));
        assert!(limiter.admit(one).is_ok() && limiter.admit(one).is_ok());
        assert!(limiter.admit(one).is_err_and(|seconds| (1..=60).contains(&seconds)));
        assert!(limiter.admit(other).is_ok());
    }
}
