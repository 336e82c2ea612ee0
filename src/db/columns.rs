//! Rust types of columns: ids, words, instants, digests.

use std::{fmt, str::FromStr};

use diesel::{
    backend::Backend,
    deserialize::{self, FromSql},
    serialize::{self, Output, ToSql},
    sql_types::{BigInt, Binary, Text},
};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::{
    billing::{Day, Money},
    clock::At,
};

/// Columns that are one whole number and nothing else. Diesel wants a reference that lives as long as the value.
macro_rules! numbers {
    ($($name:ty: $to:ident, $from:path;)+) => {$(
        impl<DB: Backend> ToSql<BigInt, DB> for $name
        where
            i64: ToSql<BigInt, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.$to().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<BigInt, DB> for $name
        where
            i64: FromSql<BigInt, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                i64::from_sql(raw).map($from)
            }
        }
    )+};
}

numbers! {
    At: as_micros_ref, At::from_micros;
    Day: as_number_ref, Day::from_number;
    Money: as_cents_ref, Money::from_cents;
}

/// Declares an id: a ULID kept as 26 characters, one Rust type a table.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = Text)]
        pub struct $name([u8; 26]);

        impl $name {
            /// A new id that sorts by `now`, then by chance.
            pub fn fresh(now: At) -> Self {
                $name(fresh_ulid(now))
            }
            /// The 26 characters.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl FromStr for $name {
            type Err = MalformedId;
            fn from_str(text: &str) -> Result<Self, MalformedId> {
                parse_ulid(text).map($name)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<DB: Backend> ToSql<Text, DB> for $name
        where
            DB: 'static,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB: Backend> FromSql<Text, DB> for $name
        where
            String: FromSql<Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(raw)?.parse()?)
            }
        }
    )+};
}

ids! {
    /// An account: one customer.
    AccountId,
    /// A member of an account.
    MemberId,
    /// One invitation of a member.
    InvitationId,
    /// A session as its owner sees it; the cookie carries another key.
    SessionId,
    /// A link that was mailed to prove an address.
    MailedLinkId,
    /// A mail in the outbox.
    MailId,
    /// One hold of the outbox: the fencing token of T27.
    LeaseId,
    /// An event of the audit log.
    EventId,
    /// A user group.
    GroupId,
    /// A telephone number of an account.
    NumberId,
    /// A file of numbers that was uploaded.
    NumberImportId,
    /// A file of people to invite.
    BulkInviteId,
    /// An invoice.
    InvoiceId,
    /// Whatever an event of the audit log is about.
    SubjectId,
}

macro_rules! subjects {
    ($($name:ident),+) => {$(
        impl From<$name> for SubjectId {
            fn from(id: $name) -> Self {
                SubjectId(id.0)
            }
        }
    )+};
}
subjects!(MemberId, GroupId, NumberId, BulkInviteId, InvoiceId);

/// The text is no ULID.
#[derive(Debug, thiserror::Error)]
#[error("malformed id")]
pub struct MalformedId;

fn fresh_ulid(now: At) -> [u8; 26] {
    let millis = u64::try_from(now.micros() / 1000).unwrap_or(0);
    let mut text = [0; 26];
    Ulid::from_parts(millis, u128::from_le_bytes(crate::keys::random())).array_to_str(&mut text);
    text
}

fn parse_ulid(text: &str) -> Result<[u8; 26], MalformedId> {
    let bytes: [u8; 26] = text.as_bytes().try_into().map_err(|_| MalformedId)?;
    let canonical = |b: &u8| b.is_ascii_digit() || (b.is_ascii_uppercase() && !b"ILOU".contains(b));
    if bytes.iter().all(canonical) { Ok(bytes) } else { Err(MalformedId) }
}

/// Declares an enum that is one lower-case word in the database, in forms and in files.
#[macro_export]
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        #[derive(diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
        #[diesel(sql_type = diesel::sql_types::Text)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            /// Every value, in the order of the documents.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word that stands for it in the database, in forms and in files.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
            /// The value that `word` stands for.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }

        impl<DB: diesel::backend::Backend> diesel::serialize::ToSql<diesel::sql_types::Text, DB> for $name
        where
            str: diesel::serialize::ToSql<diesel::sql_types::Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut diesel::serialize::Output<'b, '_, DB>) -> diesel::serialize::Result {
                self.word().to_sql(out)
            }
        }

        impl<DB: diesel::backend::Backend> diesel::deserialize::FromSql<diesel::sql_types::Text, DB> for $name
        where
            String: diesel::deserialize::FromSql<diesel::sql_types::Text, DB>,
        {
            fn from_sql(raw: DB::RawValue<'_>) -> diesel::deserialize::Result<Self> {
                let word = String::from_sql(raw)?;
                Self::from_word(&word).ok_or_else(|| format!(concat!("unknown ", stringify!($name), " {:?}"), word).into())
            }
        }
    };
}

/// A SHA-256 digest: how tokens and session keys are kept (R6, T5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = Binary)]
pub struct Digest32(pub [u8; 32]);

impl<DB: Backend> ToSql<Binary, DB> for Digest32
where
    [u8]: ToSql<Binary, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.as_slice().to_sql(out)
    }
}

impl<DB: Backend> FromSql<Binary, DB> for Digest32
where
    Vec<u8>: FromSql<Binary, DB>,
{
    fn from_sql(raw: DB::RawValue<'_>) -> deserialize::Result<Self> {
        let bytes = Vec::<u8>::from_sql(raw)?;
        Ok(Digest32(bytes.try_into().map_err(|_| "a digest has 32 bytes")?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_comes_back_as_it_went() {
        let id = MemberId::fresh(At::from_micros(1_800_000_000_000_000));
        assert_eq!(id.as_str().parse::<MemberId>().unwrap(), id);
    }

    #[test]
    fn malformed_ids_are_refused() {
        for bad in ["", "1", "01ARZ3NDEKTSV4RRFFQ69G5FA", "01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "01ARZ3NDEKTSV4RRFFQ69G5F''"] {
            assert!(bad.parse::<MemberId>().is_err(), "{bad}");
        }
    }
}
