//! The shards of a run put together: what all of them were told, as if one machine had asked it all.

mod error;
mod locate;
mod told;

pub use error::MergeError;

use crate::expand::CaseId;
use crate::report::JudgedBy;
use crate::report::escape::terminal_line;
use crate::run::{
    Header, Journal, JournalError, LineReader, Part, Past, Plan, Question, Shard, SuiteHeader, full_name,
};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use told::Told;

/// Every shard of one run, each complete and fit for the others.
#[derive(Debug)]
pub struct Shards {
    /// In their order.
    shards: Vec<Found>,
}

/// A shard that was found.
#[derive(Debug)]
struct Found {
    folder: PathBuf,
    part: Part,
    header: Header,
    told: Told,
}

/// The answers of all shards, on the disk.
#[derive(Debug)]
pub(super) struct Answers {
    journals: Vec<Journal>,
    /// Where each stands, by the place of its suite, case and repeat: the place of the journal and the place in
    /// it.
    found: HashMap<(usize, CaseId, u32), (usize, u64)>,
}

impl Shards {
    /// The shards in these folders: all there are of one run, and each as it was written.
    pub fn read(folders: &[PathBuf]) -> Result<Self, MergeError> {
        let mut shards: BTreeMap<u32, Found> = BTreeMap::new();
        for folder in folders {
            let found = Found::read(&locate::run_of(folder)?)?;
            if let Some(one) = shards.values().next() {
                let (path, with) = (found.folder.clone(), one.folder.clone());
                if found.part.shard.of != one.part.shard.of {
                    return Err(MergeError::OtherDivision { path, one: found.part, with, other: one.part });
                }
                if found.part.split != one.part.split {
                    return Err(MergeError::OtherSplit { path, one: found.part, with, other: one.part });
                }
            }
            if let Some(one) = shards.get(&found.part.shard.index) {
                let (first, second) = (one.folder.clone(), found.folder);
                return Err(MergeError::Twice { shard: one.part.shard, first, second });
            }
            shards.insert(found.part.shard.index, found);
        }
        let shards: Vec<Found> = shards.into_values().collect();
        let of = shards.first().map_or(0, |found| found.part.shard.of);
        let is_there = |shard: &Shard| shards.iter().any(|found| found.part.shard == *shard);
        let missing: Vec<Shard> = Shard::all(of).filter(|shard| !is_there(shard)).collect();
        if !missing.is_empty() {
            return Err(MergeError::Missing { missing, of });
        }
        let shards = Self { shards };
        shards.fit()?;
        Ok(shards)
    }

    /// Names of the suites that the shards asked, in their order.
    pub fn suites(&self) -> Vec<String> {
        let first = self.shards.first();
        first.into_iter().flat_map(|found| &found.header.suites).map(|suite| suite.name.clone()).collect()
    }

    /// Whether all were made from the same files in the same way.
    fn fit(&self) -> Result<(), MergeError> {
        let Some((first, others)) = self.shards.split_first() else { return Ok(()) };
        for found in others {
            let then = format!("shard {}", first.part);
            found.compare(&first.header.suites, &then)?;
            if found.told.version != first.told.version {
                return Err(found.differs(format!(
                    "Holdline {} made it, and {} made {then}",
                    terminal_line(&found.told.version),
                    terminal_line(&first.told.version)
                )));
            }
        }
        Ok(())
    }

    /// All answers of the shards, checked against what is asked here: `now` are the headers of `plans`, and
    /// `judged_by` says how each suite is judged.
    pub(super) fn answers(
        &self,
        plans: &[Plan],
        now: &[SuiteHeader],
        judged_by: impl Fn(&Plan) -> JudgedBy,
        over: Option<u32>,
    ) -> Result<Answers, MergeError> {
        let mut answers = Answers { journals: Vec::new(), found: HashMap::new() };
        let mut asked_by: HashMap<(usize, CaseId), Shard> = HashMap::new();
        for (at, found) in self.shards.iter().enumerate() {
            found.compare(now, "this folder")?;
            for (plan, told) in plans.iter().zip(&found.told.suites) {
                let here = judged_by(plan);
                if told.name == plan.suite.name && told.judged_by.as_ref().is_some_and(|of| *of != here) {
                    return Err(found.differs(format!("suite `{}` was judged in another way", told.name)));
                }
            }
            let shard = found.part.shard;
            let past = Past::read(&found.folder)?;
            // Every header names the same suites in the same order.
            for (&(suite, case, repeat), &line) in &past.known {
                let one = *asked_by.entry((suite, case)).or_insert(shard);
                if one != shard {
                    let (suite, case) = (past.header.suites[suite].name.clone(), case.to_string());
                    return Err(MergeError::Overlap { suite, case, one, other: shard });
                }
                answers.found.insert((suite, case, repeat), (at, line));
            }
            answers.journals.push(Journal::open(&past)?);
        }
        let mut wanted = 0;
        for (suite, plan) in plans.iter().enumerate() {
            wanted += plan.answers(over);
            let is_missing = |question: &Question| {
                !answers.found.contains_key(&(suite, plan.cases.id(question.case), question.repeat))
            };
            let mut without = plan.questions(over).filter(is_missing);
            if let Some(first) = without.next() {
                let case = plan.cases.reader().get(first.case).map(|case| full_name(&plan.suite, &case));
                return Err(MergeError::Uncovered {
                    suite: plan.suite.name.clone(),
                    answers: 1 + without.count(),
                    case: case.unwrap_or_else(|_| plan.cases.id(first.case).to_string()),
                });
            }
        }
        match answers.found.len() - wanted {
            0 => Ok(answers),
            more => Err(MergeError::Foreign { answers: more }),
        }
    }
}

impl Answers {
    /// Writes the answers into the journal of the run that they become, in the order of the plans, and says
    /// where they stand there.
    pub fn keep(
        &self,
        journal: &Journal,
        plans: &[Plan],
        header: Header,
        over: Option<u32>,
    ) -> Result<Past, JournalError> {
        let mut lines: Vec<LineReader<'_>> = self.journals.iter().map(Journal::reader).collect();
        let mut known = HashMap::with_capacity(self.found.len());
        for (suite, plan) in plans.iter().enumerate() {
            for question in plan.questions(over) {
                let key = (suite, plan.cases.id(question.case), question.repeat);
                if let Some(&(shard, line)) = self.found.get(&key) {
                    known.insert(key, journal.keep(&plan.suite.name, &lines[shard].graded(line)?)?);
                }
            }
        }
        Ok(Past::of(journal, header, known))
    }
}

impl Found {
    fn read(folder: &Path) -> Result<Self, MergeError> {
        let Past { path, header, done, damaged, .. } = Past::read(folder)?;
        let run = || folder.to_owned();
        let part = header.shard.filter(|part| Shard::new(part.shard.index, part.shard.of).is_ok());
        let part = part.ok_or_else(|| MergeError::NoShard { path: run() })?;
        let shard = part.shard;
        if !damaged.is_empty() {
            return Err(MergeError::Damaged { path, shard, lines: damaged });
        }
        let incomplete = |why: String| MergeError::Incomplete { path: run(), shard, why };
        if !done {
            return Err(incomplete("its journal does not come to an end".into()));
        }
        let told = Told::read(folder, shard)?;
        if let Some(problem) = told.problem() {
            return Err(incomplete(terminal_line(problem)));
        }
        Ok(Self { folder: run(), part, header, told })
    }

    fn differs(&self, what: String) -> MergeError {
        MergeError::Differs { path: self.folder.clone(), shard: self.part.shard, what }
    }

    /// Whether it asked the same as `other` does, which is told as `who`.
    fn compare(&self, other: &[SuiteHeader], who: &str) -> Result<(), MergeError> {
        let names = |suites: &[SuiteHeader]| {
            let names: Vec<String> =
                suites.iter().map(|suite| format!("`{}`", terminal_line(&suite.name))).collect();
            if names.is_empty() { "no suite".to_owned() } else { names.join(", ") }
        };
        let own = &self.header.suites;
        if !own.iter().map(|suite| &suite.name).eq(other.iter().map(|suite| &suite.name)) {
            return Err(self.differs(format!(
                "it is about {}, and {who} about {}",
                names(own),
                names(other)
            )));
        }
        for (own, other) in own.iter().zip(other) {
            let what = if own.fingerprint != other.fingerprint {
                "another fingerprint than in {who}: its file or its data differ"
            } else if own.params != other.params {
                "other parameters than in {who}: give the same `--set`"
            } else if own.plan != other.plan {
                "another plan than in {who}: its cases differ"
            } else if own.repeats != other.repeats {
                "other repeats than in {who}: give the same `--repeats`"
            } else {
                continue;
            };
            let name = terminal_line(&own.name);
            return Err(self.differs(format!("suite `{name}` has {}", what.replace("{who}", who))));
        }
        Ok(())
    }
}
