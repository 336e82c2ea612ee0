//! Every event carries a digest of itself and of all before it, so that a change by hand shows (T34).

use sha2::{Digest, Sha256};

use super::rows;
use crate::{
    clock::At,
    db::{AccountId, Conn, Digest32, MemberId, SubjectId},
    failure::Failure,
};

/// What an event says about persons. It stands apart so that it can be erased with them.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub actor: String,
    pub target: String,
    pub address: String,
    pub details: String,
}

/// What an event says for good.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub number: i64,
    pub at: At,
    pub event: &'static str,
    pub actor: Option<MemberId>,
    pub target: Option<SubjectId>,
    pub note_digest: Digest32,
}

/// Hashes parts that cannot run into each other.
fn hash(parts: &[&[u8]]) -> Digest32 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    Digest32(hasher.finalize().into())
}

impl Note {
    /// Salted, so that nobody can guess an erased name from it.
    pub fn digest(&self, salt: &[u8]) -> Digest32 {
        hash(&[salt, self.actor.as_bytes(), self.target.as_bytes(), self.address.as_bytes(), self.details.as_bytes()])
    }
}

impl Link {
    /// The chain after this event.
    pub fn follow(&self, before: &Digest32) -> Digest32 {
        let actor = self.actor.map_or_else(String::new, |id| id.to_string());
        let target = self.target.map_or_else(String::new, |id| id.to_string());
        hash(&[
            &before.0,
            &self.number.to_le_bytes(),
            &self.at.micros().to_le_bytes(),
            self.event.as_bytes(),
            actor.as_bytes(),
            target.as_bytes(),
            &self.note_digest.0,
        ])
    }
}

/// Where the chain of an account does not hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Break {
    /// An event was changed, added or taken away here.
    Event(i64),
    /// What an event said about persons was changed, or is missing though none of them is erased.
    Note(i64),
    /// The newest events were taken away.
    End,
}

/// Follows the chain of an account from its first event to its head; the number of events, or the first break.
pub fn verify(conn: &mut Conn, account: AccountId) -> Result<Result<i64, Break>, Failure> {
    let mut chain = rows::BEGINNING;
    let mut number = 0;
    loop {
        let batch = rows::links_after(conn, account, number)?;
        if batch.is_empty() {
            break;
        }
        for (link, said, note) in batch {
            number += 1;
            chain = link.follow(&chain);
            if link.number != number || chain != said {
                return Ok(Err(Break::Event(number)));
            }
            let is_well = match note {
                Some((salt, note)) => note.digest(&salt) == link.note_digest,
                None => rows::names_erased(conn, account, number)?,
            };
            if !is_well {
                return Ok(Err(Break::Note(number)));
            }
        }
    }
    let head = rows::head(conn, account)?;
    Ok(if head == (number, chain) { Ok(number) } else { Err(Break::End) })
}
