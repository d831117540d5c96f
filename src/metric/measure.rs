//! Measures a suite: every metric that applies, over the suite, its scenarios and its tags.

use super::classification::Labels;
use super::exclusion::Tally;
use super::seeds::{AcceptedRuns, Seeds};
use super::view::{Answer, Groups, View};
use super::weak::{WeakSpot, weak_spots};
use super::{
    Confusion, Measurement, Slice, Table, dialog, named, operations, rates, regression, repeats, robustness,
    rounds, scores,
};
use crate::expand::FamilyId;
use crate::suite::metric_names::table::{PASS_RATE, TIMEOUT_RATE};
use crate::suite::schema::TargetErrors;
use std::collections::BTreeMap;

/// What of a suite the metrics depend on.
#[derive(Clone, Copy)]
pub struct MeasureInput<'a> {
    /// The declared labels.
    pub labels: &'a [String],
    /// Ids of the scenarios, in the order of the file.
    pub scenario_ids: &'a [String],
    /// What a target error counts as.
    pub target_errors: TargetErrors,
    /// What accepted runs of a seed came to. Asked only of seeds that have variants.
    pub earlier: &'a dyn Fn(FamilyId) -> AcceptedRuns,
}

/// What is measured of a suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// All metrics.
    pub measurements: Vec<Measurement>,
    /// What was answered where what was expected: of the cases behind the metrics over labels, over the
    /// declared labels that occur. `None` where no label is declared.
    pub confusion: Option<Confusion>,
    /// Groups of cases that fail more than chance.
    pub weak: Vec<WeakSpot>,
    /// Things worth knowing of what was measured that change nothing: declared labels that do not occur,
    /// labels that occur and are not declared, how much there may be of what was not seen, and what `k` is
    /// where cases are asked more than once. Labels
    /// answered are untrusted: cut, with control characters escaped, and still to be escaped for the place
    /// they are shown in.
    pub notes: Vec<String>,
}

/// Measures the cases of a suite, in the order of the plan. Those out of the gate for a time enter nothing.
///
/// The suite's own values come first, then those of each scenario in the order of the file, then those
/// of each tag in the order of their names; within a slice in the order of
/// [`catalogue`](super::catalogue()), the scores of one label together. Scenarios without a case have no
/// values. By tag only the pass rate is measured, and by family of operators the pass rate, robustness and leaks. A
/// metric that does not apply (no labels, no numbers, no conversation, nothing timed) is absent; one that
/// applies and cannot be computed has no value and a reason.
///
/// A suite whose cases are asked several times is measured round by round. There are as many rounds as the
/// least common multiple of the numbers of repeats, and a case with `n` of them gives to round `r` its repeat
/// `r mod n`, so that each of its answers weighs the same. A value is the mean of those of the rounds that
/// have one; where none has, there is none. `n`, exclusions and reason are those of the round that rests on
/// the fewest cases: they count cases, never answers. Intervals of rates are Wilson's for `n` cases at the
/// mean rate, as though nothing were learned from asking again, and so wider than need be where answers to one
/// case differ. Percentiles of times are taken over all answers together. Metrics of
/// [`repeats`](crate::stats::repeats::pass_hat_k) are there for the cases that were asked more than once.
/// What is counted by case (the confusion matrix, weak spots, notes) is told of the answers that stand for
/// their cases.
///
/// Beside the table it takes about eight bytes a case at a time: row numbers of scenarios and of families of
/// operators, and what is being sorted.
pub fn measure_table(input: &MeasureInput<'_>, table: &Table) -> Measures {
    let labels = Labels::new(input.labels, input.target_errors);
    let first = View::of(table, Answer::OfRound(0));
    let seeds = Seeds::of(first, input.earlier, input.target_errors);
    let scenarios = Groups::of(first, input.scenario_ids.len(), |row| {
        Some(table.scenario(row)).filter(|at| *at < input.scenario_ids.len())
    });
    let mut parts = Parts { input, labels: &labels, seeds: &seeds, scenarios: &scenarios, times: Vec::new() };
    parts.times = parts.slices(first).map(|(slice, cases)| operations::times(&slice, cases)).collect();
    let by_round = (0..rounds::count(first)).map(|round| parts.of_round(table, round)).collect();
    let mut measurements = rounds::together(by_round);

    let standing = View::of(table, Answer::Representative);
    let mut notes = labels.notes(standing);
    let of_suite = measurements.iter().filter(|of| of.slice == Slice::Suite);
    notes.extend(of_suite.filter_map(named::note));
    if let Some(k) = repeats::fewest(first) {
        parts.add_repeats(&mut measurements, first, k);
        notes.push(format!(
            "k of `pass_hat_k` and `pass_at_k` is {k}, the fewest repeats of a case that is asked more than once"
        ));
    }
    Measures {
        measurements,
        confusion: (!input.labels.is_empty()).then(|| labels.confusion(standing)),
        weak: weak_spots(input, standing, &seeds),
        notes,
    }
}

/// What is the same for all rounds.
struct Parts<'p> {
    input: &'p MeasureInput<'p>,
    labels: &'p Labels<'p>,
    seeds: &'p Seeds<'p>,
    scenarios: &'p Groups,
    /// Percentiles of times of the suite and then of each scenario: over the answers of all rounds together.
    times: Vec<Vec<Measurement>>,
}

impl Parts<'_> {
    /// Measures one answer of each case.
    fn of_round(&self, table: &Table, round: usize) -> Vec<Measurement> {
        let everything = View::of(table, Answer::OfRound(round));
        let by_scenario: Vec<Vec<Measurement>> = self
            .by_scenario(everything)
            .zip(&self.times[1..])
            .filter(|((_, cases), _)| cases.rows().next().is_some())
            .map(|((slice, cases), times)| self.of_slice(&slice, cases, times))
            .collect();
        let mut all = self.of_slice(&Slice::Suite, everything, &self.times[0]);
        if by_scenario.len() > 1 {
            let rates: Vec<Measurement> =
                by_scenario.iter().filter_map(|values| values.first().cloned()).collect();
            all.insert(1, rates::macro_pass_rate(&all[0], &rates));
        }
        all.extend(by_scenario.into_iter().flatten());
        for (tag, tally) in self.by_tag(everything) {
            all.push(tally.rate((&PASS_RATE, &Slice::Tag(tag.to_owned()))));
        }
        all.extend(self.by_operators(everything));
        all
    }

    /// Every metric that applies to a suite or a scenario; the pass rate first.
    fn of_slice(&self, slice: &Slice, cases: View<'_>, times: &[Measurement]) -> Vec<Measurement> {
        let errors = self.input.target_errors;
        let mut all = vec![rates::pass_rate(slice, cases, errors)];
        all.extend(rates::errors(slice, cases));
        all.extend(self.labels.measure(slice, cases));
        all.extend(regression::regression(slice, cases));
        all.extend(scores::scores(slice, cases));
        all.extend(robustness::robustness(slice, cases, self.seeds));
        all.extend(named::named(slice, cases));
        all.extend(dialog::turns_to_success(slice, cases, errors));
        all.extend_from_slice(times);
        all.extend(operations::tokens(slice, cases));
        all.extend(operations::cost(slice, cases));
        all
    }

    /// All cases, and then those of each scenario.
    fn slices<'v>(&'v self, cases: View<'v>) -> impl Iterator<Item = (Slice, View<'v>)> {
        std::iter::once((Slice::Suite, cases)).chain(self.by_scenario(cases))
    }

    /// The cases of each scenario.
    fn by_scenario<'v>(&'v self, cases: View<'v>) -> impl Iterator<Item = (Slice, View<'v>)> {
        let ids = self.input.scenario_ids.iter().enumerate();
        ids.map(move |(at, id)| (Slice::Scenario(id.clone()), cases.over(self.scenarios.rows(at))))
    }

    /// How the cases with each tag do, by its name; a case that names a tag twice has it once.
    fn by_tag<'t>(&self, cases: View<'t>) -> BTreeMap<&'t str, Tally> {
        let mut tags: BTreeMap<&str, Tally> = BTreeMap::new();
        for case in cases.iter().filter(|case| !case.tags.is_empty()) {
            let grade = rates::grade(case.outcome, self.input.target_errors);
            for (at, tag) in case.tags.iter().enumerate() {
                if !case.tags[..at].contains(tag) {
                    tags.entry(tag).or_default().add(grade);
                }
            }
        }
        tags
    }

    /// How the variants of each family of operators do, by its name.
    fn by_operators(&self, cases: View<'_>) -> Vec<Measurement> {
        let family = |row| cases.table().case(row).variant.map(|variant| variant.family);
        let mut names: Vec<&str> = cases.table().operators().collect();
        names.sort_unstable();
        names.dedup();
        let groups = Groups::of(cases, names.len(), |row| names.binary_search(&family(row)?).ok());
        let mut all = Vec::new();
        for (at, name) in names.iter().enumerate().filter(|(at, _)| !groups.rows(*at).is_empty()) {
            let (slice, cases) = (Slice::Operators((*name).to_owned()), cases.over(groups.rows(at)));
            all.push(rates::pass_rate(&slice, cases, self.input.target_errors));
            all.extend(robustness::robustness(&slice, cases, self.seeds));
            all.extend(named::named(&slice, cases));
        }
        all
    }

    /// Puts the metrics over repeats in their places.
    fn add_repeats(&self, all: &mut Vec<Measurement>, cases: View<'_>, k: usize) {
        for (slice, cases) in self.slices(cases) {
            let measured = repeats::repeats(&slice, cases, k, self.input.target_errors);
            let behind = all
                .iter()
                .rposition(|other| other.slice == slice && other.metric == TIMEOUT_RATE.name)
                .map_or(all.len(), |last| last + 1);
            all.splice(behind..behind, measured);
        }
    }
}
