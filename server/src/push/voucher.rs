//! Who sends a message: our key, and a word signed with it for each carrier (VAPID, RFC 8292).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use haidang_engine::time::Timestamp;
use ring::{
    error::{KeyRejected, Unspecified},
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;
use url::Url;

/// Seconds for which a word is good; a day is the most.
const GOOD: i64 = 12 * 3600;

/// Our key.
pub struct Voucher(EcdsaKeyPair);

impl Voucher {
    /// A new one, as it is kept (PKCS #8).
    pub fn make() -> Result<Vec<u8>, Unspecified> {
        let made =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Ok(made?.as_ref().to_vec())
    }

    /// From what is kept.
    pub fn read(pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random).map(Self)
    }

    /// The public key, by which browsers know whose messages they asked for.
    pub fn public(&self) -> String {
        BASE64.encode(self.0.public_key().as_ref())
    }

    /// The header `Authorization` for a message to `endpoint`; `contact` is whom a carrier may write to.
    pub fn word(
        &self,
        endpoint: &Url,
        contact: Option<&str>,
        now: Timestamp,
    ) -> Result<String, Unspecified> {
        let mut claims = json!({
            "aud": endpoint.origin().ascii_serialization(),
            "exp": now.0 / 1000 + GOOD,
        });
        if let (Some(contact), Some(claims)) = (contact, claims.as_object_mut()) {
            claims.insert("sub".to_owned(), contact.into());
        }
        let head = json!({ "typ": "JWT", "alg": "ES256" });
        let [head, claims] = [head, claims].map(|part| BASE64.encode(part.to_string()));
        let said = format!("{head}.{claims}");
        let signature = self.0.sign(&SystemRandom::new(), said.as_bytes())?;
        Ok(format!("vapid t={said}.{}, k={}", BASE64.encode(signature), self.public()))
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[test]
    fn the_word_is_for_one_carrier_for_a_while_and_signed_by_the_key_it_names() {
        let voucher = Voucher::read(&Voucher::make().unwrap()).unwrap();
        let endpoint = Url::parse("https://push.example.org:8443/v1/abc").unwrap();
        let word = voucher.word(&endpoint, Some("mailto:a@example.org"), Timestamp(1000)).unwrap();
        let (token, key) = word.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        assert_eq!(key, voucher.public());
        let (said, signature) = token.rsplit_once('.').unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, BASE64.decode(key).unwrap());
        key.verify(said.as_bytes(), &BASE64.decode(signature).unwrap()).unwrap();
        let claims = BASE64.decode(said.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!(claims["aud"], "https://push.example.org:8443");
        assert_eq!(claims["exp"], 43_201);
        assert_eq!(claims["sub"], "mailto:a@example.org");
    }
}
