//! Passwords: what is accepted (T3), and hashing that is bounded to the cores (T2).

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::{failure::Failure, web::listing::fold};

/// A password that was accepted as strong enough.
#[derive(Clone)]
pub struct Password(String);

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Most characters of a password (T3).
const MOST: usize = 256;

/// The hint under a new password.
pub fn hint(least: usize) -> String {
    format!("At least {least} characters. A few unrelated words are strong and easy to remember.")
}

impl Password {
    /// Accepts a new password. `about` is what it must not contain: name, address, company (T3).
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str, least: usize, about: &[&str]) -> Result<Self, String> {
        let length = text.chars().count();
        if length < least {
            return Err(format!("Use at least {least} characters."));
        }
        if length > MOST {
            return Err(format!("Use at most {MOST} characters."));
        }
        let folded = fold(text);
        let words = about.iter().flat_map(|known| fold(known).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>());
        let words: Vec<String> = words.filter(|word| word.chars().count() >= 4).collect();
        if words.iter().any(|word| folded.contains(word)) || about.iter().any(|known| !known.trim().is_empty() && folded == fold(known)) {
            return Err("Leave your name, address and company out of the password.".into());
        }
        let inputs: Vec<&str> = words.iter().map(String::as_str).collect();
        // Its time grows with the length, and what is strong after 100 characters stays so.
        let measured: String = text.chars().take(100).collect();
        if zxcvbn::zxcvbn(&measured, &inputs).score() < zxcvbn::Score::Three {
            return Err("This password is easy to guess. Use more words, or ones that do not belong together.".into());
        }
        Ok(Password(text.to_owned()))
    }

    /// A password as typed at sign-in: nothing is asked of it.
    pub fn typed(text: &str) -> Self {
        Password(text.chars().take(MOST + 1).collect())
    }
}

/// Hashes and checks passwords on the blocking threads, one a core, with a short queue.
#[derive(Clone)]
pub struct Hasher {
    argon: Argon2<'static>,
    params: Params,
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    dummy: Arc<str>,
}

/// How many may wait for a turn; more are told to come back (T2).
const QUEUE: usize = 32;

impl Hasher {
    /// A hasher of this cost: memory in KiB, and passes.
    ///
    /// # Errors
    /// A sentence when Argon2 does not take the cost.
    pub fn new((memory, passes): (u32, u32)) -> Result<Self, String> {
        let params = Params::new(memory, passes, 1, None).map_err(|e| format!("ROLLCALL_PASSWORD_COST: {e}."))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let mut hasher = Hasher { argon, params, turns: Arc::new(Semaphore::new(cores)), waiting: Arc::default(), dummy: "".into() };
        hasher.dummy = hasher.hash_now(&Password("no password hashes to this".into())).map_err(|e| e.to_string())?.into();
        Ok(hasher)
    }

    /// Hashes on this thread, for commands.
    ///
    /// # Errors
    /// When Argon2 has no memory.
    pub fn hash_now(&self, password: &Password) -> Result<String, Failure> {
        let salt = crate::keys::random::<16>();
        let hash = self.argon.hash_password_with_salt(password.0.as_bytes(), &salt).map_err(|e| Failure::internal(e.to_string()))?;
        Ok(hash.to_string())
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// Busy, when the queue is full.
    pub async fn hash(&self, password: &Password) -> Result<String, Failure> {
        let (hasher, password) = (self.clone(), password.clone());
        self.in_turn(move || hasher.hash_now(&password)).await?
    }

    /// Does the password fit one of these hashes? Which ones. Does the work of one hash where there is none, so that
    /// unknown and wrong take the same time (T2).
    ///
    /// # Errors
    /// Busy, when the queue is full.
    pub async fn fitting(&self, password: &Password, hashes: Vec<String>) -> Result<Vec<bool>, Failure> {
        let (hasher, password) = (self.clone(), password.clone());
        self.in_turn(move || {
            if hashes.is_empty() {
                hasher.fits(&password, &hasher.dummy);
            }
            hashes.iter().map(|hash| hasher.fits(&password, hash)).collect()
        })
        .await
    }

    fn fits(&self, password: &Password, hash: &str) -> bool {
        PasswordHash::new(hash).is_ok_and(|hash| self.argon.verify_password(password.0.as_bytes(), &hash).is_ok())
    }

    /// Was this hash made more cheaply than today's setting asks (T2)?
    pub fn is_outdated(&self, hash: &str) -> bool {
        let made = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        made.is_none_or(|made| made.m_cost() < self.params.m_cost() || made.t_cost() < self.params.t_cost())
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
        if self.waiting.fetch_add(1, Ordering::SeqCst) >= QUEUE + self.turns.available_permits() {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
            return Err(Failure::Busy);
        }
        let waiting = Waiting(self.waiting.clone());
        let turn = self.turns.clone().acquire_owned().await.map_err(Failure::internal)?;
        drop(waiting);
        let done = actix_web::web::block(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(Failure::internal)
    }
}

/// Counts down even when the client goes away while waiting.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t3_length_strength_and_what_it_is_about() {
        let about = ["Ada Okafor", "ada@acme.test", "Acme Phone"];
        assert!(Password::parse("correct horse battery staple", 12, &about).is_ok());
        assert!(Password::parse("пароль из четырёх слов", 12, &about).is_ok());
        for (text, needle) in [
            ("short", "at least 12"),
            (&"x1Y-".repeat(65), "at most 256"),
            ("aaaaaaaaaaaaaaaa", "easy to guess"),
            ("password123456", "easy to guess"),
            ("xk7 OKAFOR zq9 vu3", "Leave your name"),
            ("ada@acme.test", "Leave your name"),
        ] {
            let error = Password::parse(text, 12, &about).unwrap_err();
            assert!(error.contains(needle), "{text}: {error}");
        }
    }

    #[test]
    fn t2_a_cheaper_hash_is_outdated() {
        let cheap = Hasher::new((19_456, 2)).unwrap();
        let dear = Hasher::new((20_480, 2)).unwrap();
        let hash = cheap.hash_now(&Password::typed("x")).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(!cheap.is_outdated(&hash));
        assert!(dear.is_outdated(&hash));
        assert!(dear.fits(&Password::typed("x"), &hash));
        assert!(!dear.fits(&Password::typed("y"), &hash));
    }
}
