//! Why a candidate did not become a case: a stable code for every reason.

use serde::{Deserialize, Serialize};

/// Why a candidate was rejected, in the order in which it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The operator found nothing to do in this text.
    NoSite,
    /// The input is no text.
    NotText,
    /// The suite names no canary, and the variant is about one.
    NoCanary,
    /// Not an input of the right shape: empty, too long, or with control characters.
    Schema,
    /// The same text as before.
    NoOp,
    /// A protected span was changed.
    Protected,
    /// More was changed than the edit budget allows.
    EditBudget,
    /// Another number of negations, modals or quantifiers.
    Meaning,
    /// Not in the language of the seed.
    Language,
    /// Personal data outside the ranges reserved for examples.
    PersonalData,
    /// Something that looks like a secret.
    Secret,
    /// It says the same few words over and over.
    Collapse,
    /// The same text as another variant of the seed, or as the seed of another.
    Duplicate,
    /// Nearly the same text as another case of its kind.
    NearDuplicate,
    /// A passage that it rests on is not in its document.
    Ungrounded,
    /// Not about what its scenario is about.
    OutOfScope,
    /// A score below its threshold, or a principle broken.
    LowScore,
    /// The user's program did not confirm it.
    Unverified,
    /// Solutions of it do not agree on one answer.
    Disagreed,
    /// A person rejected it before.
    Human,
}

impl Reason {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoSite => "no_site",
            Self::NotText => "not_text",
            Self::NoCanary => "no_canary",
            Self::Schema => "schema",
            Self::NoOp => "no_op",
            Self::Protected => "protected",
            Self::EditBudget => "edit_budget",
            Self::Meaning => "meaning",
            Self::Language => "language",
            Self::PersonalData => "personal_data",
            Self::Secret => "secret",
            Self::Duplicate => "duplicate",
            Self::NearDuplicate => "near_duplicate",
            Self::Collapse => "collapse",
            Self::Ungrounded => "ungrounded",
            Self::OutOfScope => "out_of_scope",
            Self::LowScore => "low_score",
            Self::Unverified => "unverified",
            Self::Disagreed => "disagreed",
            Self::Human => "human",
        }
    }
}
