//! What is to be asked: the cases of a suite, and the selection of them.

use super::cases::{Cases, CasesWriter};
use super::folder;
use crate::expand::{Case, CaseId, ExpandError, Expansion, FamilyId};
use crate::suite::Suite;
use std::collections::HashSet;
use std::io;
use std::sync::Arc;

/// The cases of a suite and those of them to be asked.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The suite.
    pub suite: Arc<Suite>,
    /// Every case, in the order of the file.
    pub cases: Arc<Cases>,
    /// Indices of the cases to be asked, ascending.
    pub selected: Arc<[u32]>,
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

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// Cases cannot be made; all that keeps them from it.
    Cases(Vec<ExpandError>),
    /// Cases cannot be put aside.
    Io(io::Error),
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

    /// Whether nothing but ids decides.
    fn is_by_id(&self) -> bool {
        self.filters.is_empty() && self.tags.is_empty()
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
    pub fn of(suite: Suite) -> Result<Self, PlanError> {
        Self::seen(suite, &mut |_| {})
    }

    /// The same; `each` sees every case as it is made.
    pub fn seen(suite: Suite, each: &mut dyn FnMut(&Case)) -> Result<Self, PlanError> {
        let mut writer = CasesWriter::new(suite.root.join(folder::HOME));
        let made = Expansion::new(&suite).and_then(|expansion| {
            expansion.visit(&mut |case| {
                each(&case);
                writer.push(&case);
            })
        });
        made.map_err(PlanError::Cases)?;
        Self::planned(Arc::new(suite), writer).map_err(PlanError::Io)
    }

    fn planned(suite: Arc<Suite>, writer: CasesWriter) -> io::Result<Self> {
        let cases = writer.finish()?;
        let mut ids: Vec<u64> = cases.ids().map(CaseId::as_u64).collect();
        ids.sort_unstable();
        let mut hasher = blake3::Hasher::new();
        for id in ids {
            hasher.update(&id.to_be_bytes());
        }
        let hash = hasher.finalize().to_hex()[..16].to_owned();
        let selected = (0..index(cases.len())).collect();
        Ok(Self { suite, cases: Arc::new(cases), selected, hash, is_shard: false })
    }

    /// A plan of cases that are made already, all of them selected. None may be in it twice.
    pub fn of_cases(suite: Arc<Suite>, cases: &[Case]) -> io::Result<Self> {
        let mut writer = CasesWriter::new(suite.root.join(folder::HOME));
        for case in cases {
            writer.push(case);
        }
        Self::planned(suite, writer)
    }

    /// The plan with only these cases selected.
    pub fn select(mut self, selection: &Selection) -> io::Result<Self> {
        let mut kept = Vec::new();
        let mut reader = self.cases.reader();
        for &index in &*self.selected {
            // What the ids alone decide need not be read.
            let known = selection.ids.as_ref().is_none_or(|ids| ids.contains(&self.cases.id(index as usize)));
            if known && (selection.is_by_id() || selection.admits(&self.suite, &reader.get(index as usize)?))
            {
                kept.push(index);
            }
        }
        self.selected = kept.into();
        Ok(self)
    }

    /// The plan of a shard: only those of the selected cases whose family belongs to it.
    #[must_use]
    pub fn part(mut self, holds: impl Fn(FamilyId) -> bool) -> Self {
        let cases = &self.cases;
        self.selected =
            self.selected.iter().copied().filter(|index| holds(cases.family(*index as usize))).collect();
        self.is_shard = true;
        self
    }

    /// Whether some cases are not selected, or might not have been.
    pub fn is_partial(&self) -> bool {
        self.is_shard || self.selected.len() < self.cases.len()
    }

    /// How often a case, by its index, is asked.
    pub fn repeats(&self, case: usize, over: Option<u32>) -> u32 {
        self.suite.repeats_of(self.cases.scenario(case), over)
    }

    /// How many answers are to come.
    pub fn answers(&self, over: Option<u32>) -> usize {
        self.selected.iter().map(|&case| self.repeats(case as usize, over) as usize).sum()
    }

    /// Everything to be asked, round by round: the first repeat of every selected case, then the second of
    /// those that have one, and so on; in each round the cases that may take most turns first, since they
    /// take longest. What is done when a run ends before its time is whole rounds, and the last in parts. Of
    /// a suite that stops early it is family by family.
    pub fn questions(&self, over: Option<u32>) -> Box<dyn Iterator<Item = Question> + Send> {
        if self.suite.stops_early(over) {
            let cases = super::families(self).into_iter().flatten();
            return Box::new(cases.map(|case| Question { case, repeat: 0 }));
        }
        let order = self.longest_first();
        let (suite, cases) = (self.suite.clone(), self.cases.clone());
        let scenarios = 0..suite.scenarios.len();
        let most = scenarios.map(|scenario| suite.repeats_of(scenario, over)).max().unwrap_or(0);
        Box::new((0..most).flat_map(move |repeat| {
            let (order, suite, cases) = (order.clone(), suite.clone(), cases.clone());
            (0..order.len()).filter_map(move |at| {
                let case = order[at] as usize;
                let asked = repeat < suite.repeats_of(cases.scenario(case), over);
                asked.then_some(Question { case, repeat })
            })
        }))
    }

    fn longest_first(&self) -> Arc<[u32]> {
        let turns: Vec<u32> =
            self.suite.scenarios.iter().map(|scenario| scenario.spec.most_turns()).collect();
        if turns.windows(2).all(|two| two[0] == two[1]) {
            return self.selected.clone();
        }
        let mut order = self.selected.to_vec();
        order.sort_by_key(|case| std::cmp::Reverse(turns[self.cases.scenario(*case as usize)]));
        order.into()
    }
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("fewer cases than four thousand million")
}

/// The full name of a case: `suite::scenario::case`.
pub fn full_name(suite: &Suite, case: &Case) -> String {
    format!("{}::{}::{}", suite.name, suite.scenarios[case.scenario].id, case.name)
}
