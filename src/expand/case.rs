//! A case and its identity.

use super::edit::Edit;
use super::operator::Promise;
use crate::suite::schema::{Expect, MustPass, Origin};
use crate::suite::variants::Pedigree;
use crate::suite::{Place, Row};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::sync::Arc;

/// Identity of a case: 64 bits of blake3 over what defines it, written as 16 hex digits.
///
/// It never depends on the case's place in a file, so that inserting a case renames nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CaseId(u64);

/// The identity of a seed, shared by all its variants.
pub type FamilyId = CaseId;

/// A text that is not 16 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a case id; an id has 16 hex digits")]
pub struct CaseIdError(String);

impl CaseId {
    /// The identity of what `parts` define. Every part is hashed with its length, so that no two
    /// different lists of parts read the same.
    pub fn of(parts: &[&[u8]]) -> Self {
        // In one piece: parts are many and short.
        let mut whole = Vec::with_capacity(parts.iter().map(|part| part.len() + 8).sum());
        for part in parts {
            whole.extend_from_slice(&(part.len() as u64).to_le_bytes());
            whole.extend_from_slice(part);
        }
        let mut first = [0; 8];
        first.copy_from_slice(&blake3::hash(&whole).as_bytes()[..8]);
        Self(u64::from_be_bytes(first))
    }

    /// The id as a number, for hashing and drawing.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl std::fmt::Display for CaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl std::fmt::Debug for CaseId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "CaseId({self})")
    }
}

impl std::str::FromStr for CaseId {
    type Err = CaseIdError;

    fn from_str(text: &str) -> Result<Self, CaseIdError> {
        let hex = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = if hex { u64::from_str_radix(text, 16).ok() } else { None };
        number.map(Self).ok_or_else(|| CaseIdError(text.to_owned()))
    }
}

impl Serialize for CaseId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CaseId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Where a case comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Who said or wrote the input.
    pub origin: Origin,
    /// Where the seed stands.
    pub place: Place,
    /// How it was made from another case; `None` for a seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lineage: Option<Box<Lineage>>,
    /// Who wrote and who reviewed it; `None` for what the suite itself says, and for what follows from that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pedigree: Option<Box<Pedigree>>,
}

impl Provenance {
    /// Whether people wrote, said or reviewed it, so that no budget leaves it out.
    pub const fn is_of_people(&self) -> bool {
        self.pedigree.is_some() || !matches!(self.origin, Origin::Operator | Origin::Template)
    }
}

/// How a variant was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lineage {
    /// The case it is a variant of.
    pub parent: CaseId,
    /// The family of operators, or those of a chain joined by `+`.
    pub family: String,
    /// The operators, in the order in which they worked.
    pub chain: Vec<Applied>,
    /// Its number among the variants that the chain makes of this parent, from 0.
    pub ordinal: u64,
    /// What it promises.
    pub promise: Promise,
}

impl Lineage {
    /// The operators, joined by `+`.
    pub fn operators(&self) -> String {
        self.chain.iter().map(|applied| applied.op.as_str()).collect::<Vec<_>>().join("+")
    }
}

/// What an operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Its name.
    pub op: String,
    /// Its version.
    pub version: u32,
    /// What it changed, in bytes of the text that it was given and of the one that it made.
    pub edits: Vec<Edit>,
}

/// One thing asked of the application, with what must hold of its answer.
#[derive(Debug, Clone)]
pub struct Case {
    /// Identity.
    pub id: CaseId,
    /// The seed this is a variant of; a seed's own id for the seed itself.
    pub family: FamilyId,
    /// Index of its scenario in the suite.
    pub scenario: usize,
    /// Readable name, unique in its scenario; holds no `::`, no control characters and no result.
    pub name: String,
    /// The row's own id, where it has one.
    pub row_id: Option<String>,
    /// What the application is asked first.
    pub input: Value,
    /// What the user says next, one after the other, in place of the conversation of its scenario. Mostly none.
    pub turns: Vec<String>,
    /// The columns of its row, for templates.
    pub row: Row,
    /// The values of its template's knobs, for templates.
    pub knobs: Row,
    /// What must hold of the answer, filled in.
    pub expect: Arc<[Expect]>,
    /// The one label expected, where there is exactly one: the truth of the classification metrics.
    pub truth: Option<String>,
    /// Words to select and to group by.
    pub tags: Vec<String>,
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// Where the case comes from.
    pub provenance: Provenance,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = CaseId::of(&[b"suite", b"scenario"]);
        assert_eq!(id.to_string().parse::<CaseId>(), Ok(id));
        for text in ["", "12", "zzzzzzzzzzzzzzzz", "+123456789abcdef", "0123456789ABCDEF"] {
            assert!(text.parse::<CaseId>().is_err(), "{text}");
        }
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(CaseId::of(&[b"ab", b"c"]), CaseId::of(&[b"a", b"bc"]));
        assert_ne!(CaseId::of(&[b"a"]), CaseId::of(&[b"a", b""]));
    }
}
