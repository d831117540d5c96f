//! Which part of a run one of several machines does: families, so that the variants of a seed stay together.

mod balance;
mod engines;

pub use balance::{Deal, Weight};
pub use engines::{OFF, SHARDS_VARIABLE, VARIABLE, of_environment};

use crate::expand::FamilyId;
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Most shards of a run.
pub const MOST: u32 = 10_000;

/// What keeps shards apart from every other use of a family's id. Another text deals all families anew, so
/// that shards of before and after could not be merged: it never changes.
const SALT: &[u8] = b"holdline shard";

/// One of several equal parts of a run, written `2/3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Shard {
    /// Which one, from 1.
    pub index: u32,
    /// How many there are, from 1 to 10,000.
    pub of: u32,
}

/// How the families of a run are dealt to its shards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    /// By a hash of the family's id: nothing moves when a case is added.
    #[default]
    Hash,
    /// By the times accepted with the baseline, so that all shards take about as long.
    Balance,
}

/// What a run is of a larger one, as its journal and its record tell it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which part.
    #[serde(flatten)]
    pub shard: Shard,
    /// How the parts were made.
    pub split: Split,
}

/// Why there is no telling which shard is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShardError {
    /// Not of the form `2/3`.
    #[error("`{0}` is no shard: write I/N, the second of three as 2/3")]
    Form(String),
    /// Outside of what there is.
    #[error("there is no shard {index} of {of}: I counts from 1 to N, and N is at most {MOST}")]
    Range {
        /// The shard asked for.
        index: u32,
        /// How many there are.
        of: u32,
    },
    /// A variable that does not say which shard is meant.
    #[error("{variable}: {error}")]
    Variable {
        /// Its name.
        variable: &'static str,
        /// What is wrong.
        error: Box<ShardError>,
    },
    /// A variable of a CI service that is no number, or none that can be.
    #[error(
        "{variable}=`{value}` {wrong} ({engine}); `{VARIABLE}=I/N` goes before it, `{VARIABLE}={OFF}` asks everything"
    )]
    Number {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it.
        wrong: String,
        /// Whose variable it is.
        engine: &'static str,
    },
    /// A number of shards without the number of this one.
    #[error("{total} is set and {index} is not, so nothing says which shard this is ({engine})")]
    NoIndex {
        /// The variable that is set.
        total: &'static str,
        /// The one that is missing.
        index: &'static str,
        /// Whose variables they are.
        engine: &'static str,
    },
    /// Two CI services that say different things.
    #[error("{} says shard {}, and {} says shard {}; set {VARIABLE} to the one that is meant", .one.0, .one.1, .other.0, .other.1)]
    Disagree {
        /// Variable of the first, and its shard.
        one: (&'static str, Shard),
        /// The same of another.
        other: (&'static str, Shard),
    },
}

impl Shard {
    /// One of several shards.
    pub const fn new(index: u32, of: u32) -> Result<Self, ShardError> {
        if index == 0 || index > of || of > MOST {
            return Err(ShardError::Range { index, of });
        }
        Ok(Self { index, of })
    }

    /// The shards that there are.
    pub fn all(of: u32) -> impl Iterator<Item = Self> {
        (1..=of).map(move |index| Self { index, of })
    }

    /// Whether a family belongs to it by its hash.
    pub fn holds(self, family: FamilyId) -> bool {
        let mut hasher = blake3::Hasher::new();
        hasher.update(SALT).update(&family.as_u64().to_be_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        // Uneven by less than one family in 2^50.
        u64::from_be_bytes(first) % u64::from(self.of) == u64::from(self.index - 1)
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.index, self.of)
    }
}

impl FromStr for Shard {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, ShardError> {
        // `u32` would let a sign through.
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { text.parse::<u32>().ok() } else { None }
        };
        let numbers = text.split_once('/').and_then(|(index, of)| Some((number(index)?, number(of)?)));
        let (index, of) = numbers.ok_or_else(|| ShardError::Form(text.to_owned()))?;
        Self::new(index, of)
    }
}

impl Split {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hash => "hash",
            Self::Balance => "balance",
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.shard.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use proptest::prelude::*;

    fn family(n: u64) -> FamilyId {
        CaseId::of(&[&n.to_be_bytes()])
    }

    #[test]
    fn a_shard_is_written_as_its_number_and_how_many_there_are() {
        assert_eq!("2/3".parse(), Ok(Shard { index: 2, of: 3 }));
        assert_eq!(Shard { index: 2, of: 3 }.to_string(), "2/3");
        for text in ["", "2", "2/", "/3", "a/b", "+1/2", "1/2/3", " 1/2", "-1/2", "99999999999/99999999999"] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError::Form(text.into())), "{text}");
        }
        for (text, index, of) in [("0/3", 0, 3), ("4/3", 4, 3), ("1/0", 1, 0), ("1/10001", 1, 10_001)] {
            assert_eq!(text.parse::<Shard>(), Err(ShardError::Range { index, of }), "{text}");
        }
    }

    #[test]
    fn families_are_dealt_evenly() {
        for of in [2, 3, 7] {
            let expected = 7000.0 / f64::from(of);
            for shard in Shard::all(of) {
                let held = (0..7000).filter(|n| shard.holds(family(*n))).count() as f64;
                // Five standard deviations of a binomial distribution.
                let spread = 5.0 * (expected * (1.0 - 1.0 / f64::from(of))).sqrt();
                assert!((held - expected).abs() < spread, "{shard}: {held} of 7000");
            }
        }
    }

    /// Another deal would make shards of two versions of Holdline not merge, or worse.
    #[test]
    fn the_deal_is_the_same_for_ever() {
        let of = |family: &str| -> Vec<u32> {
            let family: FamilyId = family.parse().unwrap();
            [2, 3, 7].map(|of| Shard::all(of).find(|shard| shard.holds(family)).unwrap().index).to_vec()
        };
        assert_eq!(of("0000000000000000"), PINNED[0]);
        assert_eq!(of("0123456789abcdef"), PINNED[1]);
        assert_eq!(of("ffffffffffffffff"), PINNED[2]);
    }

    /// By the reference implementation of BLAKE3 over the salt and the eight bytes of the id, its first eight bytes modulo 2, 3 and 7, and 1
    /// more.
    const PINNED: [[u32; 3]; 3] = [[2, 3, 1], [1, 3, 4], [2, 2, 6]];

    proptest! {
        #[test]
        fn every_family_is_in_exactly_one_shard(families in prop::collection::vec(any::<u64>(), 0..50), of in 1..=50_u32) {
            for n in families {
                prop_assert_eq!(Shard::all(of).filter(|shard| shard.holds(family(n))).count(), 1);
            }
        }
    }
}
