//! Who the portal says a reader is: a JWT (RFC 7519), signed with Ed25519 (RFC 8037) or RS256, meant for us
//! and not expired. Of all it says, the name and the badge are used, and the name alone is kept.

use std::path::Path;

use anyhow::{Context, ensure};
use haidang_engine::{model::Badge, time::Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;

/// Seconds that two clocks may differ.
const SKEW: i64 = 60;

/// Whom to believe.
pub struct Sso {
    keys: Vec<(Algorithm, DecodingKey)>,
    audience: String,
}

/// Who a reader is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// To sign with.
    pub name: String,
    /// What they are to the portal.
    pub badge: Badge,
}

#[derive(Deserialize)]
struct Claims {
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    name: String,
    #[serde(default)]
    badge: Option<Badge>,
}

impl Sso {
    /// Reads the keys.
    pub fn open(file: &Path, audience: &str) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let begin = "-----BEGIN";
        let blocks = text.split(begin).skip(1).map(|block| [begin, block].concat());
        let keys = blocks.map(|block| key(&block)).collect::<anyhow::Result<Vec<_>>>();
        let keys = keys.with_context(|| file.display().to_string())?;
        ensure!(!keys.is_empty(), "{}: there is no key", file.display());
        Ok(Self { keys, audience: audience.to_owned() })
    }

    /// Who shows this `jwt` at `now`; the error says what is wrong with it.
    pub fn person(&self, jwt: &str, now: Timestamp) -> Result<Person, String> {
        let header = decode_header(jwt).map_err(|error| error.to_string())?;
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "aud"]);
        // Below, by our own clock.
        validation.validate_exp = false;
        let mut wrong = "no key for its algorithm".to_owned();
        for (_, key) in self.keys.iter().filter(|(algorithm, _)| *algorithm == header.alg) {
            match decode::<Claims>(jwt, key, &validation) {
                Ok(token) => return person(token.claims, now),
                Err(error) => wrong = error.to_string(),
            }
        }
        Err(wrong)
    }
}

fn person(claims: Claims, now: Timestamp) -> Result<Person, String> {
    let seconds = now.0.div_euclid(1000);
    if seconds > claims.exp.saturating_add(SKEW) {
        return Err("it has expired".to_owned());
    }
    if claims.nbf.is_some_and(|nbf| seconds < nbf.saturating_sub(SKEW)) {
        return Err("it is not valid yet".to_owned());
    }
    Ok(Person { name: claims.name, badge: claims.badge.unwrap_or_default() })
}

fn key(pem: &str) -> anyhow::Result<(Algorithm, DecodingKey)> {
    if let Ok(key) = DecodingKey::from_ed_pem(pem.as_bytes()) {
        return Ok((Algorithm::EdDSA, key));
    }
    let key = DecodingKey::from_rsa_pem(pem.as_bytes());
    key.map(|key| (Algorithm::RS256, key)).context("expected a public key, Ed25519 or RSA, in PEM")
}
