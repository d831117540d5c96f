//! The cases of a baseline, in columns, since a suite may have a million of them.

use super::accepted::Accepted;
use crate::expand::CaseId;
use crate::metric::{Index, Words};
use std::collections::HashMap;
use std::ops::Range;

/// The cases of a baseline by id, with what they came to in the runs that are kept.
///
/// Collected from triples of an id, the runs with the oldest first, and the label expected. Of several with
/// one id the first is kept.
#[derive(Clone, Default)]
pub struct AcceptedCases {
    /// Ascending.
    ids: Vec<CaseId>,
    /// Where the runs of each case begin.
    begins: Vec<u32>,
    outcomes: Vec<Accepted>,
    /// Indices of the words answered in each run, from 1; as long as it takes for the last that is not 0.
    labels: Vec<u32>,
    /// The numbers answered in each run, what is no number for none; as long as it takes for the last.
    numbers: Vec<f64>,
    /// By the names of metrics in ascending order what each run scores, what is no number for none; as long as it
    /// takes for the last.
    scores: Vec<(String, Vec<f64>)>,
    /// Indices of the words expected of each case, from 1; as long as it takes for the last that is not 0.
    expected: Vec<u32>,
    words: Words,
}

/// A case as accepted.
#[derive(Clone, Copy)]
pub struct AcceptedCase<'a> {
    cases: &'a AcceptedCases,
    at: usize,
}

/// What a case came to in one accepted run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AcceptedRun<'a> {
    /// The outcome.
    pub outcome: Accepted,
    /// The label answered.
    pub label: Option<&'a str>,
    /// The number answered, where one number is expected.
    pub number: Option<f64>,
}

impl AcceptedCases {
    /// The word of an index; none of 0.
    fn word(&self, index: u32) -> Option<&str> {
        Some(self.words.get(Index::new(index)?))
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there is no case.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The ids, ascending.
    pub fn ids(&self) -> &[CaseId] {
        &self.ids
    }

    /// The place of a case among all, by id.
    pub fn place(&self, id: CaseId) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// Whether there is a case of that id.
    pub fn contains(&self, id: CaseId) -> bool {
        self.place(id).is_some()
    }

    /// The case of an id.
    pub fn get(&self, id: CaseId) -> Option<AcceptedCase<'_>> {
        self.place(id).map(|at| self.at(at))
    }

    /// The case at a place.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn at(&self, at: usize) -> AcceptedCase<'_> {
        assert!(at < self.ids.len(), "there is no case {at}");
        AcceptedCase { cases: self, at }
    }

    /// All cases, in the order of their ids.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (CaseId, AcceptedCase<'_>)> + Clone {
        self.ids.iter().enumerate().map(|(at, id)| (*id, AcceptedCase { cases: self, at }))
    }

    fn range(&self, at: usize) -> Range<usize> {
        let end = self.begins.get(at + 1).map_or(self.outcomes.len(), |end| *end as usize);
        self.begins[at] as usize..end
    }

    fn run(&self, at: usize) -> AcceptedRun<'_> {
        AcceptedRun {
            outcome: self.outcomes[at],
            label: self.labels.get(at).and_then(|word| self.word(*word)),
            number: self.numbers.get(at).copied().filter(|number| !number.is_nan()),
        }
    }

    /// Adds a case behind all others.
    fn append<'r>(
        &mut self,
        id: CaseId,
        runs: impl IntoIterator<Item = AcceptedRun<'r>>,
        expected: Option<&str>,
    ) {
        let case = self.ids.len();
        self.ids.push(id);
        self.begins.push(index(self.outcomes.len()));
        for run in runs {
            let at = self.outcomes.len();
            self.outcomes.push(run.outcome);
            self.set_label(at, run.label);
            self.set_number(at, run.number);
        }
        let word = expected.map_or(0, |text| self.words.index(text).get());
        set(&mut self.expected, case, word, 0);
    }

    /// What a run scores by a metric.
    fn score(&self, metric: &str, at: usize) -> Option<f64> {
        let place = self.scores.binary_search_by(|(name, _)| name.as_str().cmp(metric)).ok()?;
        self.scores[place].1.get(at).copied().filter(|score| !score.is_nan())
    }

    fn set_score(&mut self, at: usize, metric: &str, score: Option<f64>) {
        let Some(score) = score.filter(|score| !score.is_nan()) else { return };
        let place = self.scores.binary_search_by(|(name, _)| name.as_str().cmp(metric));
        let place = place.unwrap_or_else(|place| {
            self.scores.insert(place, (metric.to_owned(), Vec::new()));
            place
        });
        set(&mut self.scores[place].1, at, score, f64::NAN);
    }

    /// Whether any case has a score.
    pub fn has_scores(&self) -> bool {
        !self.scores.is_empty()
    }

    fn set_label(&mut self, at: usize, label: Option<&str>) {
        let word = label.map_or(0, |label| self.words.index(label).get());
        set(&mut self.labels, at, word, 0);
    }

    fn set_number(&mut self, at: usize, number: Option<f64>) {
        match number.filter(|number| !number.is_nan()) {
            Some(number) => set(&mut self.numbers, at, number, f64::NAN),
            None if at < self.numbers.len() => self.numbers[at] = f64::NAN,
            None => {}
        }
    }
}

impl<'a> AcceptedCase<'a> {
    /// What it came to in up to [`KEPT_RUNS`](super::KEPT_RUNS) accepted runs, newest last. Each repeat of a
    /// run is one.
    pub fn runs(
        self,
    ) -> impl ExactSizeIterator<Item = AcceptedRun<'a>> + DoubleEndedIterator + Clone + use<'a> {
        self.cases.range(self.at).map(move |at| self.cases.run(at))
    }

    /// The label expected.
    pub fn expected(self) -> Option<&'a str> {
        self.cases.expected.get(self.at).and_then(|word| self.cases.word(*word))
    }

    /// The outcome in the run accepted last.
    pub fn latest(self) -> Accepted {
        self.outcomes().next_back().unwrap_or(Accepted::Ungraded)
    }

    /// The label answered in the run accepted last.
    pub fn label(self) -> Option<&'a str> {
        self.runs().next_back()?.label
    }

    /// The number answered in the run accepted last, where one number is expected.
    pub fn number(self) -> Option<f64> {
        self.runs().next_back()?.number
    }

    /// What each of its runs scores by a metric, newest last.
    pub fn scores(self, metric: &str) -> impl ExactSizeIterator<Item = Option<f64>> + use<'a, '_> {
        self.cases.range(self.at).map(move |at| self.cases.score(metric, at))
    }

    /// The names of the metrics that any of its runs scores by, ascending.
    pub fn scored(self) -> impl Iterator<Item = &'a str> + use<'a> {
        let names = self.cases.scores.iter().map(|(name, _)| name.as_str());
        names.filter(move |name| self.scores(name).any(|score| score.is_some()))
    }

    /// The outcomes of its runs, newest last.
    pub fn outcomes(self) -> impl ExactSizeIterator<Item = Accepted> + DoubleEndedIterator + Clone + use<'a> {
        self.cases.outcomes[self.cases.range(self.at)].iter().copied()
    }
}

impl PartialEq for AcceptedCase<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.expected() == other.expected()
            && self.runs().eq(other.runs())
            && self.scored().eq(other.scored())
            && self.scored().all(|metric| self.scores(metric).eq(other.scores(metric)))
    }
}

impl std::fmt::Debug for AcceptedCase<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let runs: Vec<AcceptedRun<'_>> = self.runs().collect();
        f.debug_struct("AcceptedCase").field("runs", &runs).field("expected", &self.expected()).finish()
    }
}

impl PartialEq for AcceptedCases {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl std::fmt::Debug for AcceptedCases {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<'r, R: IntoIterator<Item = AcceptedRun<'r>>, E: AsRef<str>> FromIterator<(CaseId, R, Option<E>)>
    for AcceptedCases
{
    fn from_iter<I: IntoIterator<Item = (CaseId, R, Option<E>)>>(cases: I) -> Self {
        let mut builder = Builder::default();
        for (id, runs, expected) in cases {
            builder.push(id, runs, expected.as_ref().map(AsRef::as_ref));
        }
        builder.finish()
    }
}

/// Cases that come one after the other: most often in the order of their ids, which costs nothing more.
#[derive(Default)]
pub(super) struct Builder {
    /// In the order in which they came.
    cases: AcceptedCases,
    /// The places of all cases, once one came out of order.
    places: Option<HashMap<CaseId, u32>>,
}

impl Builder {
    /// Adds a case; false where its id is there already.
    pub fn push<'r>(
        &mut self,
        id: CaseId,
        runs: impl IntoIterator<Item = AcceptedRun<'r>>,
        expected: Option<&str>,
    ) -> bool {
        let in_order = self.places.is_none() && self.cases.ids.last().is_none_or(|last| *last < id);
        if !in_order {
            let ids = &self.cases.ids;
            let places = self.places.get_or_insert_with(|| ids.iter().copied().zip(0..).collect());
            if places.contains_key(&id) {
                return false;
            }
            places.insert(id, index(self.cases.ids.len()));
        }
        self.cases.append(id, runs, expected);
        true
    }

    /// The number of the case of an id, in the order in which they came.
    pub fn place(&self, id: CaseId) -> Option<usize> {
        match &self.places {
            // Lines about a case follow it.
            _ if self.cases.ids.last() == Some(&id) => Some(self.cases.ids.len() - 1),
            Some(places) => places.get(&id).map(|at| *at as usize),
            None => self.cases.place(id),
        }
    }

    /// Number of cases.
    pub fn len(&self) -> usize {
        self.cases.len()
    }

    /// How many runs a case has.
    pub fn runs(&self, case: usize) -> usize {
        self.cases.range(case).len()
    }

    /// Sets the label of a case in a run.
    pub fn set_label(&mut self, case: usize, run: usize, label: Option<&str>) {
        let at = self.cases.range(case).start + run;
        self.cases.set_label(at, label);
    }

    /// Sets the number of a case in a run.
    pub fn set_number(&mut self, case: usize, run: usize, number: Option<f64>) {
        let at = self.cases.range(case).start + run;
        self.cases.set_number(at, number);
    }

    /// Sets what a case scores by a metric in a run.
    pub fn set_score(&mut self, case: usize, run: usize, metric: &str, score: Option<f64>) {
        let at = self.cases.range(case).start + run;
        self.cases.set_score(at, metric, score);
    }

    /// The cases, by id.
    pub fn finish(self) -> AcceptedCases {
        let mut cases = self.cases;
        if self.places.is_some() {
            let mut order: Vec<usize> = (0..cases.len()).collect();
            order.sort_unstable_by_key(|at| cases.ids[*at]);
            let mut sorted = AcceptedCases::default();
            for at in order {
                let case = cases.at(at);
                let first = sorted.outcomes.len();
                sorted.append(cases.ids[at], case.runs(), case.expected());
                for metric in case.scored() {
                    for (run, score) in case.scores(metric).enumerate() {
                        sorted.set_score(first + run, metric, score);
                    }
                }
            }
            cases = sorted;
        }
        let AcceptedCases { ids, begins, outcomes, labels, numbers, scores, expected, words: _ } = &mut cases;
        ids.shrink_to_fit();
        begins.shrink_to_fit();
        outcomes.shrink_to_fit();
        labels.shrink_to_fit();
        numbers.shrink_to_fit();
        for (_, scores) in scores {
            scores.shrink_to_fit();
        }
        expected.shrink_to_fit();
        cases
    }
}

/// Puts a value in its place, behind as many empty ones as it takes.
fn set<T: Copy + PartialEq>(column: &mut Vec<T>, at: usize, value: T, empty: T) {
    if at >= column.len() {
        if value == empty {
            return;
        }
        column.resize(at + 1, empty);
    }
    column[at] = value;
}

fn index(at: usize) -> u32 {
    u32::try_from(at).expect("fewer than four thousand million")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> CaseId {
        name.parse().unwrap()
    }

    const LOW: &str = "0000000000000001";
    const MIDDLE: &str = "00000000000000aa";
    const HIGH: &str = "ffffffffffffffff";

    const fn run(outcome: Accepted, label: Option<&str>, number: Option<f64>) -> AcceptedRun<'_> {
        AcceptedRun { outcome, label, number }
    }

    #[test]
    fn cases_come_out_by_id_whatever_their_order() {
        let high = [run(Accepted::Pass, None, None), run(Accepted::Fail, Some("a"), Some(0.5))];
        let low = [run(Accepted::Error, Some("b"), None)];
        let all = [
            (id(HIGH), high.to_vec(), Some("x")),
            (id(LOW), low.to_vec(), None),
            (id(MIDDLE), Vec::new(), Some("a")),
            (id(LOW), high.to_vec(), None),
        ];
        let cases: AcceptedCases = all.into_iter().collect();
        assert_eq!(cases.ids(), [id(LOW), id(MIDDLE), id(HIGH)]);
        let of = |name: &str| cases.get(id(name)).unwrap();
        assert!(of(HIGH).runs().eq(high) && of(LOW).runs().eq(low) && of(MIDDLE).runs().len() == 0);
        assert_eq!((of(HIGH).expected(), of(LOW).expected()), (Some("x"), None));
        assert_eq!((of(HIGH).label(), of(HIGH).number()), (Some("a"), Some(0.5)));
        assert_eq!((of(HIGH).latest(), of(MIDDLE).latest()), (Accepted::Fail, Accepted::Ungraded));
        assert_eq!((cases.get(id("0000000000000002")), cases.contains(id(LOW))), (None, true));
        let again: AcceptedCases = cases.iter().map(|(id, of)| (id, of.runs(), of.expected())).collect();
        assert_eq!(again, cases);
    }

    #[test]
    fn a_case_out_of_order_is_found_and_not_taken_twice() {
        let pass = || [run(Accepted::Pass, None, None)];
        let mut builder = Builder::default();
        assert!(builder.push(id(MIDDLE), pass(), None) && builder.push(id(HIGH), pass(), None));
        assert!(!builder.push(id(HIGH), pass(), None));
        assert!(builder.push(id(LOW), pass(), None) && !builder.push(id(MIDDLE), pass(), None));
        builder.set_label(builder.place(id(MIDDLE)).unwrap(), 0, Some("late"));
        builder.set_number(builder.place(id(LOW)).unwrap(), 0, Some(3.0));
        let cases = builder.finish();
        assert_eq!(cases.get(id(MIDDLE)).unwrap().label(), Some("late"));
        assert_eq!(cases.get(id(LOW)).unwrap().number(), Some(3.0));
        assert_eq!(cases.get(id(HIGH)).unwrap().number(), None);
    }

    #[test]
    fn a_column_without_values_takes_no_memory() {
        let many = (0..1000_u32).map(|at| (CaseId::of(&[&at.to_le_bytes()]), Accepted::Pass));
        let cases: AcceptedCases =
            many.map(|(id, outcome)| (id, [run(outcome, None, None)], None::<&str>)).collect();
        let columns = [cases.labels.capacity(), cases.numbers.capacity(), cases.expected.capacity()];
        assert_eq!((cases.len(), columns), (1000, [0; 3]));
    }
}
