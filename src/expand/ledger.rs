//! What became of a suite's inputs: how many cases were asked for, made and rejected, and why.

use super::case::Case;
use super::covering::Coverage;
use super::reason::Reason;
use crate::suite::schema::Origin;
use std::collections::BTreeMap;

/// The ledger of a suite.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// By scenario, in the order of the file.
    pub scenarios: Vec<ScenarioLedger>,
}

/// The ledger of a scenario.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ScenarioLedger {
    /// Cases by where they come from, those made by operators included.
    pub origins: BTreeMap<Origin, usize>,
    /// The rows of its template, where it has one.
    pub template: Option<TemplateLedger>,
    /// Every entry of `expand`, in the order of the file.
    pub entries: Vec<EntryLedger>,
    /// Combines every case of the scenario, whatever their order.
    pub digest: Digest,
}

/// What became of the rows of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemplateLedger {
    /// Rows that cover what is to be covered.
    pub requested: usize,
    /// Rows that became cases.
    pub delivered: usize,
    /// Rows that were good and left out by `total`.
    pub over_budget: usize,
    /// Of those delivered, rows that ask what another asks and were kept for a combination of their own.
    pub flagged: usize,
    /// Inputs made of rows that did not become cases at first, by reason; with several templates another
    /// one may have made a case of the row.
    pub rejected: BTreeMap<Reason, usize>,
    /// What the cases cover.
    pub coverage: Coverage,
}

impl TemplateLedger {
    /// Combinations covered and to be covered, over all strengths.
    pub fn covered(&self) -> (usize, usize) {
        let scopes = &self.coverage.scopes;
        scopes.iter().fold((0, 0), |(covered, of), scope| (covered + scope.covered, of + scope.required))
    }
}

/// What became of an entry of `expand`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryLedger {
    /// What the entry is called.
    pub name: String,
    /// Variants asked for: so many for each seed.
    pub requested: usize,
    /// Variants that became cases.
    pub delivered: usize,
    /// Variants that were good and left out by `total`.
    pub over_budget: usize,
    /// By operator, or by chain.
    pub operators: BTreeMap<String, OperatorLedger>,
}

/// What became of what an operator made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OperatorLedger {
    /// Variants that became cases.
    pub delivered: usize,
    /// Candidates that did not, by reason.
    pub rejected: BTreeMap<Reason, usize>,
}

impl EntryLedger {
    /// Takes back a variant that was delivered and is left out by a budget. The chain of an entry with
    /// several links is counted under the entry's name.
    pub(super) fn leave_out(&mut self, operators: &str) {
        self.delivered -= 1;
        self.over_budget += 1;
        let name = if self.operators.contains_key(operators) { operators } else { self.name.as_str() };
        if let Some(line) = self.operators.get_mut(name) {
            line.delivered -= 1;
        }
    }
}

impl ScenarioLedger {
    /// Counts a case.
    pub(super) fn count(&mut self, case: &Case) {
        *self.origins.entry(case.provenance.origin).or_default() += 1;
        self.digest.add(case);
    }

    /// Cases of the scenario.
    pub fn cases(&self) -> usize {
        self.origins.values().sum()
    }

    /// Candidates rejected, by reason.
    pub fn rejected(&self) -> BTreeMap<Reason, usize> {
        let mut all = self.template.as_ref().map(|template| template.rejected.clone()).unwrap_or_default();
        for (reason, count) in self
            .entries
            .iter()
            .flat_map(|entry| entry.operators.values())
            .flat_map(|operator| &operator.rejected)
        {
            *all.entry(*reason).or_default() += count;
        }
        all
    }
}

impl Ledger {
    /// Cases of the suite.
    pub fn cases(&self) -> usize {
        self.scenarios.iter().map(ScenarioLedger::cases).sum()
    }
}

/// A hash over cases in any order: the sum of 128 bits of blake3 over each. It moves when any case's
/// identity, input or expectation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(u128);

impl Digest {
    fn add(&mut self, case: &Case) {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&case.id.as_u64().to_be_bytes());
        match case.input.as_str() {
            Some(text) => hasher.update(text.as_bytes()),
            None => hasher.update(case.input.to_string().as_bytes()),
        };
        let mut first = [0; 16];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        self.0 = self.0.wrapping_add(u128::from_be_bytes(first));
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0 >> 64)
    }
}
