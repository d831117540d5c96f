//! `[[quarantine]]`: what is out of the gate for a time, by whom and why.

use crate::suite::quantity::Date;
use serde::{Deserialize, Serialize};

/// A scenario or a case that is asked and shown, and kept out of the gate until a day that is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct QuarantineSpec {
    /// Id of the scenario that is out of the gate. Either `scenario` or `case` is given.
    pub scenario: Option<String>,
    /// Id of the case that is out of the gate: its 16 hex digits, as `holdline list` and every report
    /// show them.
    pub case: Option<String>,
    /// Who sees to it that it comes back.
    pub owner: String,
    /// Why it is out.
    pub reason: String,
    /// The last day on which it is out, as in `2026-12-31`, counted in UTC. From the next day on it gates
    /// again.
    pub until: Date,
}
