//! Some cases of a table with one answer of each: what a metric is taken over.

use super::{AnswerFacts, Observation, Table};
use crate::judge::Outcome;

/// Cases of a table, in the order of the plan, each with one of its answers. A case without an answer, or out
/// of the gate for a time, is not among them.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'t> {
    table: &'t Table,
    rows: Rows<'t>,
    answer: Answer,
}

/// Which of the answers to a case is looked at.
#[derive(Debug, Clone, Copy)]
pub(super) enum Answer {
    /// That of a round: a case with `n` answers gives its answer number `round mod n`.
    OfRound(usize),
    /// The one that stands for its case.
    Representative,
}

#[derive(Debug, Clone, Copy)]
enum Rows<'t> {
    All(usize),
    These(&'t [u32]),
}

impl<'t> View<'t> {
    /// All cases.
    pub fn of(table: &'t Table, answer: Answer) -> Self {
        Self { table, rows: Rows::All(table.len()), answer }
    }

    /// The cases of these rows of the table.
    pub const fn over(self, rows: &'t [u32]) -> Self {
        Self { rows: Rows::These(rows), ..self }
    }

    /// The table that it is a view of.
    pub const fn table(&self) -> &'t Table {
        self.table
    }

    /// The rows of its cases.
    pub fn rows(self) -> impl Iterator<Item = usize> + Clone + use<'t> {
        let count = match self.rows {
            Rows::All(count) => count,
            Rows::These(rows) => rows.len(),
        };
        let row = move |at: usize| match self.rows {
            Rows::All(_) => at,
            Rows::These(rows) => rows[at] as usize,
        };
        let enters = move |row: &usize| self.table.repeats(*row) > 0 && !self.table.is_quarantined(*row);
        (0..count).map(row).filter(enters)
    }

    /// What the metrics see of its cases.
    pub fn iter(self) -> impl Iterator<Item = Observation<'t>> + Clone + use<'t> {
        self.rows().map(move |row| self.observe(row))
    }

    /// What the metrics see of the case of a row.
    pub fn observe(self, row: usize) -> Observation<'t> {
        self.table.observation(row, self.repeat(row))
    }

    /// What came of asking the case of a row.
    pub fn answer(self, row: usize) -> AnswerFacts<'t> {
        self.table.answer(row, self.repeat(row))
    }

    /// What its cases came to.
    pub fn outcomes(self) -> impl Iterator<Item = Outcome> + Clone + use<'t> {
        self.rows().map(move |row| self.outcome(row))
    }

    /// What the case of a row came to.
    pub fn outcome(self, row: usize) -> Outcome {
        self.table.outcome_of(row, self.repeat(row))
    }

    fn repeat(self, row: usize) -> usize {
        match self.answer {
            Answer::OfRound(round) => round % self.table.repeats(row).max(1),
            Answer::Representative => self.table.representative(row),
        }
    }
}

/// Rows of a table in groups, within each in their order: four bytes for each row that is in one.
#[derive(Debug)]
pub(super) struct Groups {
    rows: Vec<u32>,
    /// Where each group begins, and where the last ends.
    begins: Vec<usize>,
}

impl Groups {
    /// The cases of a view in `count` groups. `group` says which one a row is in, if any.
    pub fn of(cases: View<'_>, count: usize, group: impl Fn(usize) -> Option<usize>) -> Self {
        let mut begins = vec![0; count + 1];
        for at in cases.rows().filter_map(&group) {
            begins[at + 1] += 1;
        }
        for at in 0..count {
            begins[at + 1] += begins[at];
        }
        let mut rows = vec![0; begins[count]];
        let mut next = begins.clone();
        for row in cases.rows() {
            if let Some(at) = group(row) {
                rows[next[at]] = u32::try_from(row).expect("a table has fewer rows");
                next[at] += 1;
            }
        }
        Self { rows, begins }
    }

    /// The rows of a group.
    pub fn rows(&self, group: usize) -> &[u32] {
        &self.rows[self.begins[group]..self.begins[group + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::observation::tests::observation;

    #[test]
    fn rounds_go_through_the_answers_of_each_case() {
        use Outcome::{Fail, Pass, TargetError};
        let case = |outcomes: &[Outcome]| -> Vec<Observation<'static>> {
            outcomes.iter().map(|outcome| Observation { outcome: *outcome, ..observation() }).collect()
        };
        let mut table = Table::of(&[case(&[Fail, Pass, Pass]), case(&[TargetError]), case(&[Pass])]);
        table.set_quarantined(2, true);
        let seen = |answer| View::of(&table, answer).outcomes().collect::<Vec<_>>();
        assert_eq!(seen(Answer::OfRound(0)), [Fail, TargetError]);
        assert_eq!(seen(Answer::OfRound(4)), [Pass, TargetError]);
        assert_eq!(seen(Answer::Representative), [Pass, TargetError]);
    }

    #[test]
    fn groups_keep_the_order_of_the_rows() {
        let one = |scenario| [Observation { scenario, ..observation() }];
        let table = Table::of([one(1), one(0), one(7), one(1)]);
        let all = View::of(&table, Answer::OfRound(0));
        let groups = Groups::of(all, 3, |row| Some(table.case(row).scenario).filter(|at| *at < 3));
        assert_eq!([0, 1, 2].map(|at| groups.rows(at).to_vec()), [vec![1], vec![0, 3], vec![]]);
        assert_eq!(all.over(groups.rows(1)).iter().map(|case| case.scenario).collect::<Vec<_>>(), [1, 1]);
    }
}
