//! What makes two failures the same kind: who complains, in which scenario, of what kind of error, in which words
//! once everything is masked that changes from case to case.

use super::failure::{Complaint, ComplaintKind, Failure};
use super::outline::Outline;
use crate::expand::CaseId;
use serde::{Deserialize, Serialize};

/// Identity of a group of failures: 32 bits of blake3 over what makes its failures the same, written as 8 hex
/// digits. It depends on no other failure, and is the same in every run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(u32);

/// A text that is not 8 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the id of a group; an id has 8 hex digits")]
pub struct GroupIdError(String);

impl std::fmt::Display for GroupId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

impl std::fmt::Debug for GroupId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GroupId({self})")
    }
}

impl std::str::FromStr for GroupId {
    type Err = GroupIdError;

    fn from_str(text: &str) -> Result<Self, GroupIdError> {
        let hex = text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let number = if hex { u32::from_str_radix(text, 16).ok() } else { None };
        number.map(Self).ok_or_else(|| GroupIdError(text.to_owned()))
    }
}

impl Serialize for GroupId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GroupId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// What a complaint is of, whatever case it is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Name of the suite.
    pub suite: String,
    /// Id of the scenario.
    pub scenario: String,
    /// Who complains: see [`Complaint::judge`].
    pub judge: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: ComplaintKind,
    /// The verdict in the words of a judge that is a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// The reason with everything masked that changes from case to case. Empty for judges that are models, which
    /// give no two reasons in the same words: what these say is compared within the group.
    pub outline: String,
}

impl Fingerprint {
    /// That of a complaint of a failure, with what the complaint says of the case itself.
    pub fn of(failure: &Failure, complaint: &Complaint) -> (Self, String) {
        Self::of_complaint(&failure.suite, &failure.scenario, complaint)
    }

    /// The same where no failure was made of the answer, for a suite by its name and a scenario by its id.
    pub fn of_complaint(suite: &str, scenario: &str, complaint: &Complaint) -> (Self, String) {
        let (outline, own) = match complaint.kind {
            ComplaintKind::Model => (String::new(), complaint.reason.clone()),
            ComplaintKind::Check | ComplaintKind::Target { .. } => {
                let Outline { text, own } = Outline::of(&complaint.reason);
                (text, own)
            }
        };
        let fingerprint = Self {
            suite: suite.to_owned(),
            scenario: scenario.to_owned(),
            judge: complaint.judge.clone(),
            kind: complaint.kind,
            word: complaint.word.clone(),
            outline,
        };
        (fingerprint, own)
    }

    /// Its identity.
    pub fn id(&self) -> GroupId {
        let kind = match self.kind {
            ComplaintKind::Check => "check".to_owned(),
            ComplaintKind::Model => "model".to_owned(),
            ComplaintKind::Target { error, status } => {
                format!("target {error} {}", status.map_or_else(String::new, |status| status.to_string()))
            }
        };
        let word = self.word.as_deref().unwrap_or_default();
        let parts = [&self.suite, &self.scenario, &self.judge, &kind, word, &self.outline];
        let whole = CaseId::of(&parts.map(str::as_bytes)).as_u64();
        GroupId(u32::try_from(whole >> 32).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text() {
        let id = GroupId(0x00ab_12cd);
        assert_eq!(id.to_string(), "00ab12cd");
        assert_eq!("00ab12cd".parse::<GroupId>(), Ok(id));
        for text in ["", "ab12cd", "00AB12CD", "+0ab12cd", "00ab12cde"] {
            assert!(text.parse::<GroupId>().is_err(), "{text}");
        }
    }
}
