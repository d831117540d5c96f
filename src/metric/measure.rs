//! Measures a suite: every metric that applies, over the suite, its scenarios and its tags.

use super::classification::Labels;
use super::robustness::Seeds;
use super::{
    Confusion, Measurement, Observation, Slice, dialog, operations, rates, regression, repeats, robustness,
    rounds,
};
use crate::expand::CaseId;
use crate::suite::metric_names::table::TIMEOUT_RATE;
use crate::suite::schema::TargetErrors;
use std::collections::{BTreeMap, HashMap};

/// What of a suite the metrics depend on.
#[derive(Debug, Clone, Copy)]
pub struct MeasureInput<'a> {
    /// The declared labels.
    pub labels: &'a [String],
    /// Ids of the scenarios, in the order of the file.
    pub scenario_ids: &'a [String],
    /// What a target error counts as.
    pub target_errors: TargetErrors,
    /// Whether each case passed in the runs that were accepted, oldest first, where it was graded.
    pub earlier: &'a HashMap<CaseId, Vec<bool>>,
}

/// Measures the observations of a suite, given in the order of the plan.
///
/// The suite's own values come first, then those of each scenario in the order of the file, then those
/// of each tag in the order of their names; within a slice in the order of
/// [`catalogue`](super::catalogue()), the scores of one label together. Scenarios without a case have no
/// values. By tag only the pass rate is measured, and by family of operators the pass rate and robustness. A metric that does not apply (no labels, no
/// numbers, no conversation, nothing timed) is absent; one that applies and cannot be computed has no value and a
/// reason.
pub fn measure(input: &MeasureInput<'_>, observations: &[Observation<'_>]) -> Vec<Measurement> {
    let everything: Vec<&Observation<'_>> = observations.iter().collect();
    of_round(input, &everything)
}

/// Measures a suite whose cases were asked several times: what every answer of each case came to, in the
/// order of its repeats, for the cases in the order of the plan.
///
/// The suite is measured round by round. There are as many rounds as the least common multiple of the
/// numbers of repeats, and a case with `n` of them gives to round `r` its repeat `r mod n`, so that each of
/// its answers weighs the same. A value is the mean of those of the rounds that have one; where none has,
/// there is none. `n`, exclusions and reason are those of the round that rests on the fewest cases: they
/// count cases, never answers. Intervals of rates are Wilson's for `n` cases at the mean rate, as though
/// nothing were learned from asking again, and so wider than need be where answers to one case differ.
/// Percentiles of times are taken over all answers together. Metrics of [`repeats`](crate::stats::repeats::pass_hat_k) are
/// there for the cases that were asked more than once.
///
/// With one answer a case this is [`measure`].
pub fn measure_repeated(input: &MeasureInput<'_>, cases: &[Vec<Observation<'_>>]) -> Vec<Measurement> {
    let by_round: Vec<Vec<Measurement>> =
        rounds::of(cases).map(|everything| of_round(input, &everything)).collect();
    let mut all = rounds::together(by_round);
    let Some(k) = repeats::fewest(cases) else { return all };

    let pooled = rounds::pooled(cases);
    let pooled: Vec<&Observation<'_>> = pooled.iter().collect();
    let mut times = operations::times(&Slice::Suite, &pooled);
    for (slice, cases) in by_scenario(input, &pooled) {
        times.extend(operations::times(&slice, &cases));
    }
    for time in times {
        if let Some(of_rounds) =
            all.iter_mut().find(|other| other.metric == time.metric && other.slice == time.slice)
        {
            *of_rounds = time;
        }
    }

    let mut slices: Vec<(Slice, Vec<&[Observation<'_>]>)> =
        vec![(Slice::Suite, cases.iter().map(Vec::as_slice).collect())];
    for (at, id) in input.scenario_ids.iter().enumerate() {
        let of_scenario = |case: &&[Observation<'_>]| case.first().is_some_and(|first| first.scenario == at);
        let cases = cases.iter().map(Vec::as_slice).filter(of_scenario).collect();
        slices.push((Slice::Scenario(id.clone()), cases));
    }
    for (slice, cases) in slices {
        let measured = repeats::repeats(&slice, &cases, k, input.target_errors);
        let behind = all
            .iter()
            .rposition(|other| other.slice == slice && other.metric == TIMEOUT_RATE.name)
            .map_or(all.len(), |last| last + 1);
        all.splice(behind..behind, measured);
    }
    all
}

/// Measures one answer of each case.
fn of_round(input: &MeasureInput<'_>, everything: &[&Observation<'_>]) -> Vec<Measurement> {
    let labels = Labels::new(input.labels, input.target_errors);
    let scenarios: Vec<(Slice, Vec<&Observation<'_>>)> = by_scenario(input, everything);

    let seeds = Seeds::of(everything.iter().copied(), input.earlier, input.target_errors);
    let by_scenario: Vec<Vec<Measurement>> =
        scenarios.iter().map(|(slice, cases)| of_slice(input, &labels, &seeds, slice, cases)).collect();
    let mut all = of_slice(input, &labels, &seeds, &Slice::Suite, everything);
    if scenarios.len() > 1 {
        let rates: Vec<Measurement> =
            by_scenario.iter().filter_map(|values| values.first().cloned()).collect();
        all.insert(1, rates::macro_pass_rate(&all[0], &rates));
    }
    all.extend(by_scenario.into_iter().flatten());
    for (tag, cases) in by_tag(everything) {
        all.push(rates::pass_rate(&Slice::Tag(tag.to_owned()), &cases, input.target_errors));
    }
    for (family, cases) in by_operators(everything) {
        let slice = Slice::Operators(family.to_owned());
        all.push(rates::pass_rate(&slice, &cases, input.target_errors));
        all.extend(robustness::robustness(&slice, &cases, &seeds));
    }
    all
}

/// The confusion matrix behind the classification metrics of a suite: the same cases, over the declared
/// labels that occur. Without declared labels it is empty.
pub fn confusion(input: &MeasureInput<'_>, observations: &[Observation<'_>]) -> Confusion {
    let everything: Vec<&Observation<'_>> = observations.iter().collect();
    Labels::new(input.labels, input.target_errors).confusion(&everything)
}

/// Things worth knowing of what was measured that change nothing: declared labels that do not occur, and
/// labels that occur and are not declared. Labels answered are untrusted: cut, with control characters
/// escaped, and still to be escaped for the place they are shown in.
pub fn notes(input: &MeasureInput<'_>, observations: &[Observation<'_>]) -> Vec<String> {
    let everything: Vec<&Observation<'_>> = observations.iter().collect();
    Labels::new(input.labels, input.target_errors).notes(&everything)
}

/// Every metric that applies to a suite or a scenario; the pass rate first.
fn of_slice(
    input: &MeasureInput<'_>,
    labels: &Labels<'_>,
    seeds: &Seeds<'_>,
    slice: &Slice,
    cases: &[&Observation<'_>],
) -> Vec<Measurement> {
    let mut all = vec![rates::pass_rate(slice, cases, input.target_errors)];
    all.extend(rates::errors(slice, cases));
    all.extend(labels.measure(slice, cases));
    all.extend(regression::regression(slice, cases));
    all.extend(robustness::robustness(slice, cases, seeds));
    all.extend(dialog::turns_to_success(slice, cases, input.target_errors));
    all.extend(operations::operations(slice, cases));
    all
}

/// The cases of each scenario that has any.
fn by_scenario<'o, 'a>(
    input: &MeasureInput<'_>,
    observations: &[&'o Observation<'a>],
) -> Vec<(Slice, Vec<&'o Observation<'a>>)> {
    let mut scenarios: Vec<(Slice, Vec<&Observation<'a>>)> =
        input.scenario_ids.iter().map(|id| (Slice::Scenario(id.clone()), Vec::new())).collect();
    for case in observations {
        if let Some((_, cases)) = scenarios.get_mut(case.scenario) {
            cases.push(case);
        }
    }
    scenarios.retain(|(_, cases)| !cases.is_empty());
    scenarios
}

/// The cases with each tag, by its name; a case that names a tag twice has it once.
fn by_tag<'o, 'a>(observations: &[&'o Observation<'a>]) -> BTreeMap<&'a str, Vec<&'o Observation<'a>>> {
    let mut tags: BTreeMap<&str, Vec<&Observation<'a>>> = BTreeMap::new();
    for case in observations {
        for (at, tag) in case.tags.iter().enumerate() {
            if !case.tags[..at].contains(tag) {
                tags.entry(tag).or_default().push(case);
            }
        }
    }
    tags
}

/// The variants of each family of operators, by its name.
fn by_operators<'o, 'a>(observations: &[&'o Observation<'a>]) -> BTreeMap<&'a str, Vec<&'o Observation<'a>>> {
    let mut families: BTreeMap<&str, Vec<&Observation<'a>>> = BTreeMap::new();
    for case in observations {
        if let Some(variant) = case.variant {
            families.entry(variant.family).or_default().push(case);
        }
    }
    families
}
