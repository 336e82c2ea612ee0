//! The files an account has sent or looked at.

use super::{Upload, rows};
use crate::{
    db::{AccountId, BulkInviteId, Conn},
    failure::Failure,
    web::listing::PAGE_SIZE,
};

/// A file on the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The file with its counts.
    pub upload: Upload,
    /// Who uploaded it.
    pub who: String,
}

/// A page of the list.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Its files, newest first.
    pub files: Vec<Listed>,
    /// The file behind which the next page begins, when there is one.
    pub next: Option<BulkInviteId>,
}

/// The files behind `before`, newest first.
pub fn history(conn: &mut Conn, account: AccountId, before: Option<BulkInviteId>) -> Result<Shown, Failure> {
    let mut found = rows::list(conn, account, before, PAGE_SIZE as i64 + 1)?;
    let more = found.len() > PAGE_SIZE;
    found.truncate(PAGE_SIZE);
    let next = found.last().filter(|_| more).map(|(upload, _)| upload.id);
    Ok(Shown { files: found.into_iter().map(|(upload, who)| Listed { upload, who }).collect(), next })
}
