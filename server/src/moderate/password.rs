//! Secrets: passwords as Argon2id hashes, and what nobody can guess.

use anyhow::{Context, anyhow};
use argon2::{
    Argon2, PasswordHash, PasswordHasher, PasswordVerifier,
    password_hash::{Salt, SaltString},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// A password to store.
pub fn hash(password: &str) -> anyhow::Result<String> {
    let salt: [u8; 16] = random()?;
    let salt = SaltString::encode_b64(&salt).map_err(|error| anyhow!("{error}"))?;
    let hash = Argon2::default().hash_password(password.as_bytes(), Salt::from(&salt));
    hash.map(|hash| hash.to_string()).map_err(|error| anyhow!("{error}"))
}

/// Whether `password` is what was hashed. Without a hash it takes as long, so that nobody learns which
/// names there are.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let Ok(hash) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    let is_right = Argon2::default().verify_password(password.as_bytes(), &hash).is_ok();
    is_right && stored.is_some()
}

/// Something to sign in or to recognise a form with: 32 random bytes.
pub fn secret() -> anyhow::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<32>()?))
}

/// A password that can be typed: 15 random bytes.
pub fn password() -> anyhow::Result<String> {
    Ok(BASE64_URL_SAFE_NO_PAD.encode(random::<15>()?))
}

fn random<const N: usize>() -> anyhow::Result<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("{error}")).context("random numbers")?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_fits_its_hash() {
        let stored = hash("ngọn hải đăng").unwrap();
        assert!(stored.starts_with("$argon2id$") && verify("ngọn hải đăng", Some(&stored)));
        assert!(!verify("ngon hai dang", Some(&stored)));
        assert!(!verify("", None) && !verify("x", Some("x")));
        assert_ne!(hash("a").unwrap(), hash("a").unwrap());
        assert_ne!(secret().unwrap(), secret().unwrap());
    }
}
