//! A message that only one browser can read (RFC 8291, over RFC 8188): whoever carries it sees its length.

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    error::Unspecified,
    hkdf::{HKDF_SHA256, KeyType, Salt},
    rand::{SecureRandom, SystemRandom},
};

/// Bytes of the one record that a message is; carriers take no more.
const RECORD: u32 = 4096;
/// Bytes of a message at most, so that it fits with all that is added.
pub const MOST: usize = 3000;
/// Bytes of an uncompressed point of P-256.
const POINT: u8 = 65;

/// What a browser has told of itself when it subscribed.
#[derive(Debug, Clone)]
pub struct Reader {
    /// Its public key, an uncompressed point of P-256.
    pub key: Vec<u8>,
    /// Its secret.
    pub auth: Vec<u8>,
}

/// Seals a message for a reader.
pub fn seal(reader: &Reader, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let random = SystemRandom::new();
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = private.compute_public_key()?.as_ref().to_vec();
    let mut salt = [0; 16];
    random.fill(&mut salt)?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, &reader.key);
    agree_ephemeral(private, &theirs, |shared| seal_with(reader, shared, &public, salt, message))?
}

/// Seals with everything that chance chooses.
fn seal_with(
    reader: &Reader,
    shared: &[u8],
    public: &[u8],
    salt: [u8; 16],
    message: &[u8],
) -> Result<Vec<u8>, Unspecified> {
    let info = [b"WebPush: info\0", reader.key.as_slice(), public];
    let secret: [u8; 32] = derive(&reader.auth, shared, &info)?;
    let key: [u8; 16] = derive(&salt, &secret, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = derive(&salt, &secret, &[b"Content-Encoding: nonce\0"])?;

    let mut sealed = message.to_vec();
    // The last record ends with 2.
    sealed.push(2);
    LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?).seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::empty(),
        &mut sealed,
    )?;
    Ok([&salt[..], &RECORD.to_be_bytes(), &[POINT], public, &sealed].concat())
}

/// HKDF with SHA-256 (RFC 5869).
fn derive<const N: usize>(
    salt: &[u8],
    secret: &[u8],
    info: &[&[u8]],
) -> Result<[u8; N], Unspecified> {
    let mut out = [0; N];
    Salt::new(HKDF_SHA256, salt).extract(secret).expand(info, Length(N))?.fill(&mut out)?;
    Ok(out)
}

/// So many bytes.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_standards_example_comes_out_as_it_says() {
        let reader = Reader {
            key: bytes(
                "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            ),
            auth: bytes("BTBZMqHH6r4Tts7J_aSIgg"),
        };
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let public = bytes(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        );
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let message = b"When I grow up, I want to be a watermelon";
        let sealed = seal_with(&reader, &shared, &public, salt, message).unwrap();
        assert_eq!(
            BASE64.encode(sealed),
            "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6T\
             lzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
        );
    }

    #[test]
    fn what_is_sealed_twice_looks_different_and_a_key_that_is_none_is_refused() {
        let private = EphemeralPrivateKey::generate(&ECDH_P256, &SystemRandom::new()).unwrap();
        let key = private.compute_public_key().unwrap().as_ref().to_vec();
        let reader = Reader { key, auth: vec![7; 16] };
        assert_ne!(seal(&reader, b"storm").unwrap(), seal(&reader, b"storm").unwrap());
        let nobody = Reader { key: vec![4; 65], auth: vec![7; 16] };
        assert!(seal(&nobody, b"storm").is_err());
    }
}
