//! Hashing passwords with Argon2id: bounded to the cores, with a short queue (T2).

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use argon2::{Algorithm, Argon2, Block, Params, Version, password_hash::phc::PasswordHash};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;

use super::passwords::Password;
use crate::failure::Failure;

/// Hashes and checks passwords on the blocking threads, one a core.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    memory: Arc<Memory>,
}

/// How many may wait for a turn; more are told to come back (T2).
const QUEUE: usize = 32;

/// The working memory of hashes, kept between them: 19 MiB given back and asked for again, hash by hash, would stay with
/// the allocator's threads.
#[derive(Default)]
struct Memory {
    idle: Mutex<Vec<Vec<Block>>>,
    used: AtomicUsize,
}

/// More than any allocator keeps for itself, so that what is dropped goes back to the system.
const LARGE: usize = 40 * 1024;

impl Memory {
    fn with<T>(&self, blocks: usize, work: impl FnOnce(&mut [Block]) -> T) -> T {
        self.used.fetch_add(1, Ordering::Relaxed);
        let kept = self.idle.lock().ok().and_then(|mut idle| idle.pop());
        let mut memory = kept.unwrap_or_else(|| Vec::with_capacity(blocks.max(LARGE)));
        memory.resize(blocks, Block::default());
        let result = work(&mut memory);
        if let Ok(mut idle) = self.idle.lock() {
            idle.push(memory);
        }
        result
    }
}

impl Hasher {
    /// A hasher of this cost: memory in KiB, and passes.
    ///
    /// # Errors
    /// A sentence when Argon2 does not take the cost.
    pub fn new((memory, passes): (u32, u32)) -> Result<Self, String> {
        let params = Params::new(memory, passes, 1, None).map_err(|e| format!("ROLLCALL_PASSWORD_COST: {e}."))?;
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Ok(Hasher { params, turns: Arc::new(Semaphore::new(cores)), waiting: Arc::default(), memory: Arc::default() })
    }

    fn compute(&self, params: Params, password: &Password, salt: &[u8], out: &mut [u8]) -> Result<(), Failure> {
        let blocks = params.block_count();
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let done = self.memory.with(blocks, |memory| argon.hash_password_into_with_memory(password.reveal(), salt, out, memory));
        done.map_err(|e| Failure::internal(e.to_string()))
    }

    /// Hashes on this thread, for commands.
    ///
    /// # Errors
    /// When Argon2 does not take the password.
    pub fn hash_now(&self, password: &Password) -> Result<String, Failure> {
        let (salt, mut out) = (crate::keys::random::<16>(), [0; Params::DEFAULT_OUTPUT_LEN]);
        self.compute(self.params.clone(), password, &salt, &mut out)?;
        let (salt, out) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(out));
        let (memory, passes, lanes) = (self.params.m_cost(), self.params.t_cost(), self.params.p_cost());
        Ok(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${out}"))
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
                hasher.hash_now(&password)?;
            }
            Ok(hashes.iter().map(|hash| hasher.fits(&password, hash)).collect())
        })
        .await?
    }

    fn fits(&self, password: &Password, hash: &str) -> bool {
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let (Some(salt), Some(right), Ok(params)) = (&hash.salt, &hash.hash, Params::try_from(&hash)) else { return false };
        if hash.algorithm != Algorithm::Argon2id.ident() || hash.version != Some(Version::V0x13.into()) {
            return false;
        }
        let mut out = vec![0; right.as_bytes().len()];
        self.compute(params, password, salt.as_ref(), &mut out).is_ok() && out.ct_eq(right.as_bytes()).into()
    }

    /// Was this hash made more cheaply than today's setting asks (T2)?
    pub fn is_outdated(&self, hash: &str) -> bool {
        let made = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        made.is_none_or(|made| made.m_cost() < self.params.m_cost() || made.t_cost() < self.params.t_cost())
    }

    /// Gives the working memory back when nobody has needed it since the last call.
    pub fn rest(&self) {
        if self.memory.used.swap(0, Ordering::Relaxed) == 0
            && let Ok(mut idle) = self.memory.idle.lock()
        {
            idle.clear();
        }
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
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

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

    #[test]
    fn t2_hashes_are_what_other_programs_make_and_read() {
        let hasher = Hasher::new((19_456, 2)).unwrap();
        let theirs = Argon2::default().hash_password_with_salt(b"correct horse", b"sixteen bytes ok").unwrap().to_string();
        assert!(hasher.fits(&Password::typed("correct horse"), &theirs));
        let ours = PasswordHash::new(&hasher.hash_now(&Password::typed("correct horse")).unwrap()).unwrap();
        assert!(Argon2::default().verify_password(b"correct horse", &ours).is_ok());
        assert!(Argon2::default().verify_password(b"correct hors", &ours).is_err());
        for broken in ["", "$argon2id$", "$argon2i$v=19$m=19456,t=2,p=1$c2l4dGVlbg$c2l4dGVlbg", "plain"] {
            assert!(!hasher.fits(&Password::typed("correct horse"), broken), "{broken}");
        }
    }
}
