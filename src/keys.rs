//! Everything secret that the program itself makes: the instance secret and what is derived from it.

use std::{
    fmt,
    io::{Read, Write},
    path::Path,
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

use crate::db::Digest32;

/// Bytes from the operating system's random source.
///
/// # Panics
/// When the operating system has none to give, which nothing can make good.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A secret that opens one thing once: 256 random bits, of which only the digest is stored (R6).
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Token(String);

impl Token {
    /// A new token.
    pub fn fresh() -> Self {
        Token(URL_SAFE_NO_PAD.encode(random::<32>()))
    }
    /// The token in a path; `None` when it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        fits.then(|| Token(text.to_owned()))
    }
    /// What the database keeps of it.
    pub fn digest(&self) -> Digest32 {
        digest(self.0.as_bytes())
    }
    /// The text for a link.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256.
pub fn digest(bytes: &[u8]) -> Digest32 {
    Digest32(Sha256::digest(bytes).into())
}

/// The keys of this instance, all derived from one secret of 32 bytes.
pub struct Keys {
    secret: [u8; 32],
    sealing: XChaCha20Poly1305,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    /// Keys derived from `secret`.
    pub fn new(secret: [u8; 32]) -> Self {
        let sealing = XChaCha20Poly1305::new(&mac(&secret, &[b"seal"]).0.into());
        Keys { secret, sealing }
    }

    /// The secret in `folder/secret.key`, made there (mode 0600) when it does not exist yet (T20).
    ///
    /// # Errors
    /// A sentence when the folder or file cannot be used.
    pub fn open(folder: &Path) -> Result<Self, String> {
        let path = folder.join("secret.key");
        let cannot =
            |what: &str, e: std::io::Error| format!("{} cannot be {what} ({e}): check ROLLCALL_DATA and the folder's rights.", path.display());
        if !path.exists() {
            // Whole or not at all: a start that is killed here, or another at the same moment, must find no half secret.
            let fresh = folder.join(format!("secret.key.{}", std::process::id()));
            let written = write_private(&fresh, URL_SAFE_NO_PAD.encode(random::<32>()).as_bytes());
            let linked = written.and_then(|()| match std::fs::hard_link(&fresh, &path) {
                Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
                _ => std::fs::File::open(folder).and_then(|folder| folder.sync_all()),
            });
            // What is left of a failed try is of no use to anybody.
            let _ = std::fs::remove_file(&fresh);
            linked.map_err(|e| cannot("made", e))?;
        }
        let mut text = String::new();
        std::fs::File::open(&path).and_then(|mut file| file.read_to_string(&mut text)).map_err(|e| cannot("read", e))?;
        Self::parse(&text).map_err(|e| format!("{}: {e}", path.display()))
    }

    /// Keys from the text form of the secret: 43 characters of URL-safe base64.
    ///
    /// # Errors
    /// A sentence when the text is no such secret.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = URL_SAFE_NO_PAD.decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        bytes.map(Self::new).ok_or_else(|| {
            "the instance secret must be 32 bytes in URL-safe base64 (43 characters); make one with: head -c32 /dev/urandom | basenc --base64url | tr -d =".into()
        })
    }

    /// The key under which session cookies are signed.
    pub fn cookies(&self) -> actix_web::cookie::Key {
        actix_web::cookie::Key::derive_from(&mac(&self.secret, &[b"cookie"]).0)
    }

    /// A keyed digest of `parts`, for what must be recognised but not read (T4).
    pub fn fingerprint(&self, parts: &[&[u8]]) -> Digest32 {
        mac(&mac(&self.secret, &[b"fingerprint"]).0, parts)
    }

    /// Encrypts `plain`; `about` must be said again to open it, so a sealed column cannot be moved to another row.
    pub fn seal(&self, about: &str, plain: &[u8]) -> Vec<u8> {
        let nonce = random::<24>();
        let mut sealed = nonce.to_vec();
        let body = self.sealing.encrypt(&nonce.into(), Payload { msg: plain, aad: about.as_bytes() });
        sealed.extend(body.unwrap_or_default());
        sealed
    }

    /// Opens what [`Keys::seal`] made; `None` when it was made with another secret, about something else, or damaged.
    pub fn unseal(&self, about: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, body) = sealed.split_first_chunk::<24>()?;
        self.sealing.decrypt(&(*nonce).into(), Payload { msg: body, aad: about.as_bytes() }).ok()
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// HMAC-SHA-256 over parts that cannot run into each other.
fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Digest32 {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    for part in parts {
        mac.update(&(part.len() as u64).to_le_bytes());
        mac.update(part);
    }
    Digest32(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_where_it_belongs() {
        let keys = Keys::new([7; 32]);
        let sealed = keys.seal("mail 1", b"the link");
        assert_eq!(keys.unseal("mail 1", &sealed).as_deref(), Some(&b"the link"[..]));
        assert_eq!(keys.unseal("mail 2", &sealed), None);
        assert_eq!(Keys::new([8; 32]).unseal("mail 1", &sealed), None);
        assert_eq!(keys.unseal("mail 1", b"short"), None);
    }

    #[test]
    fn t20_the_secret_is_made_once_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let first = Keys::open(folder.path()).unwrap().secret;
        assert_eq!(Keys::open(folder.path()).unwrap().secret, first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("secret.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn r6_a_token_has_256_bits_and_shows_none_of_them() {
        let token = Token::fresh();
        assert_eq!(Token::parse(token.reveal()), Some(token.clone()));
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert_ne!(Token::fresh(), token);
        for bad in ["", "x", &"a".repeat(42), &"a".repeat(44), &"é".repeat(21)] {
            assert_eq!(Token::parse(bad), None);
        }
    }
}
