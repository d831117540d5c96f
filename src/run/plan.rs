//! What is to be asked: the cases of a suite, and the selection of them.

use crate::expand::{Case, CaseId, ExpandError, FamilyId, cases_of};
use crate::suite::Suite;
use std::collections::HashSet;
use std::sync::Arc;

/// The cases of a suite and those of them to be asked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The suite.
    pub suite: Arc<Suite>,
    /// Every case, in the order of the file.
    pub cases: Arc<[Case]>,
    /// Indices of the cases to be asked, ascending.
    pub selected: Vec<usize>,
    /// 16 hex digits over the ids of all cases, whatever their order: equal for equal plans.
    pub hash: String,
    /// Whether it is the plan of a shard: a part, even where it happens to hold every case.
    pub is_shard: bool,
}

/// A case, by its index in the plan, and which repeat of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Question {
    /// Index of the case among all cases of the plan.
    pub case: usize,
    /// Which repeat, from 0.
    pub repeat: u32,
}

/// Which cases to ask. All conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// The full name `suite::scenario::case`, or the input, contains one of these. Empty: any.
    pub filters: Vec<String>,
    /// The case has one of these tags. Empty: any.
    pub tags: Vec<String>,
    /// The case is one of these.
    pub ids: Option<HashSet<CaseId>>,
}

impl Selection {
    /// Whether every case is selected.
    pub fn is_everything(&self) -> bool {
        self.filters.is_empty() && self.tags.is_empty() && self.ids.is_none()
    }

    /// Whether a case is selected.
    pub fn admits(&self, suite: &Suite, case: &Case) -> bool {
        let by_filter = || {
            let name = full_name(suite, case);
            self.filters.iter().any(|filter| {
                name.contains(filter.as_str())
                    || case.input.as_str().is_some_and(|input| input.contains(filter.as_str()))
            })
        };
        self.ids.as_ref().is_none_or(|ids| ids.contains(&case.id))
            && (self.tags.is_empty() || self.tags.iter().any(|tag| case.tags.contains(tag)))
            && (self.filters.is_empty() || by_filter())
    }
}

impl Plan {
    /// The plan of a suite, with every case selected, or all that keeps its cases from being made.
    pub fn of(suite: Suite) -> Result<Self, Vec<ExpandError>> {
        let cases = cases_of(&suite)?;
        let mut ids: Vec<u64> = cases.iter().map(|case| case.id.as_u64()).collect();
        ids.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for id in ids {
            hasher.update(&id.to_be_bytes());
        }
        let hash = hasher.finalize().to_hex()[..16].to_owned();
        let selected = (0..cases.len()).collect();
        Ok(Self { suite: Arc::new(suite), cases: cases.into(), selected, hash, is_shard: false })
    }

    /// The plan with only these cases selected.
    #[must_use]
    pub fn select(mut self, selection: &Selection) -> Self {
        let (suite, cases) = (&self.suite, &self.cases);
        self.selected.retain(|&index| selection.admits(suite, &cases[index]));
        self
    }

    /// The plan of a shard: only those of the selected cases whose family belongs to it.
    #[must_use]
    pub fn part(mut self, holds: impl Fn(FamilyId) -> bool) -> Self {
        let cases = &self.cases;
        self.selected.retain(|&index| holds(cases[index].family));
        self.is_shard = true;
        self
    }

    /// Whether some cases are not selected, or might not have been.
    pub fn is_partial(&self) -> bool {
        self.is_shard || self.selected.len() < self.cases.len()
    }

    /// How often a case, by its index, is asked.
    pub fn repeats(&self, case: usize, over: Option<u32>) -> u32 {
        self.suite.repeats_of(self.cases[case].scenario, over)
    }

    /// Everything to be asked, round by round: the first repeat of every selected case, then the second of
    /// those that have one, and so on. What is done when a run ends before its time is whole rounds, and the
    /// last in parts. Of a suite that stops early it is family by family.
    pub fn questions(&self, over: Option<u32>) -> Vec<Question> {
        if self.suite.stops_early(over) {
            let cases = super::families(self).into_iter().flatten();
            return cases.map(|case| Question { case, repeat: 0 }).collect();
        }
        let repeats: Vec<(usize, u32)> =
            self.selected.iter().map(|&case| (case, self.repeats(case, over))).collect();
        let most = repeats.iter().map(|(_, repeats)| *repeats).max().unwrap_or(0);
        (0..most)
            .flat_map(|repeat| {
                repeats
                    .iter()
                    .filter(move |(_, repeats)| repeat < *repeats)
                    .map(move |&(case, _)| Question { case, repeat })
            })
            .collect()
    }

    /// The cases to be asked, in the order of the file.
    pub fn selected(&self) -> impl ExactSizeIterator<Item = &Case> {
        self.selected.iter().map(|&index| &self.cases[index])
    }
}

/// The full name of a case: `suite::scenario::case`.
pub fn full_name(suite: &Suite, case: &Case) -> String {
    format!("{}::{}::{}", suite.name, suite.scenarios[case.scenario].id, case.name)
}
