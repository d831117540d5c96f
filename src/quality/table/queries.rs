//! What questions to the synthetic table are worth: random counts and means, asked of both tables.

use super::data::{Cells, Column, Data};
use super::figure::Figure;
use super::kind::Kind;
use super::report::Queries;
use super::shape::quantile;
use super::stream::Stream;

/// Questions asked.
const ASKED: usize = 100;
/// Conditions of a question at most.
const CONDITIONS: usize = 3;
/// Real rows that a question is about at least; another is drawn in place of one about fewer.
const MIN_ROWS: usize = 10;
/// Draws for one question.
const DRAWS: usize = 20;

/// A condition on a column.
#[derive(Debug, Clone, Copy)]
enum Condition {
    Is(f64),
    Between(f64, f64),
}

impl Condition {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::Is(wanted) => value == wanted,
            Self::Between(low, high) => value >= low && value <= high,
        }
    }
}

struct Query<'a> {
    conditions: Vec<(&'a Column, Condition)>,
    /// The column of the mean; a count without.
    mean_of: Option<&'a Column>,
}

/// One of the tables.
type Of = fn(&Column) -> &Cells;

/// Asks.
pub(super) fn queries(data: &Data) -> Queries {
    let columns: Vec<&Column> = data.used().collect();
    let mut stream = Stream::new("queries");
    let (mut counts, mut means, mut held) = (Vec::new(), Vec::new(), Vec::new());
    for at in 0..ASKED {
        let Some((query, truth)) = draw(&columns, data.real, at % 2 == 1, &mut stream) else { continue };
        let error = |of: Of, rows| query.error(&truth, &query.answer(of, rows), data.real, rows);
        let errors = if query.mean_of.is_some() { &mut means } else { &mut counts };
        errors.push(error(|column| &column.synth, data.synth));
        if data.has_holdout {
            held.push(error(|column| &column.holdout, data.holdout));
        }
    }
    let mut all: Vec<f64> = counts.iter().chain(&means).copied().collect();
    let of = |errors: &mut Vec<f64>, share, reason: &'static str| {
        errors.sort_unstable_by(f64::total_cmp);
        if errors.is_empty() { Figure::none(reason) } else { quantile(errors, share) }
    };
    let few = "the real table has too few rows for a random question";
    let holdout = if data.has_holdout { few } else { "there is no holdout (--holdout)" };
    Queries {
        asked: all.len(),
        median_error: of(&mut all, 0.5, few),
        p90_error: of(&mut all, 0.9, few),
        count_error: of(&mut counts, 0.5, few),
        mean_error: of(
            &mut means,
            0.5,
            "there is no column of numbers to take a mean of, or there are too few rows",
        ),
        holdout_error: of(&mut held, 0.5, holdout),
    }
}

/// What a table answers.
struct Answer {
    rows: usize,
    /// Mean and standard deviation of the values there are.
    mean: Option<(f64, f64)>,
}

/// A question that some real rows answer, with their answer.
fn draw<'a>(
    columns: &[&'a Column],
    rows: usize,
    is_mean: bool,
    stream: &mut Stream,
) -> Option<(Query<'a>, Answer)> {
    let numbers: Vec<&Column> =
        columns.iter().copied().filter(|column| column.kind == Kind::Number).collect();
    if columns.is_empty() || (is_mean && numbers.is_empty()) {
        return None;
    }
    (0..DRAWS).find_map(|_| {
        let mean_of = is_mean.then(|| numbers[stream.below(numbers.len())]);
        let wanted = (1 + stream.below(CONDITIONS)).min(columns.len());
        let conditions = stream
            .sample(columns.len(), wanted)
            .into_iter()
            .filter_map(|at| Some((columns[at], condition(columns[at], rows, stream)?)))
            .collect();
        let query = Query { conditions, mean_of };
        let answer = query.answer(|column| &column.real, rows);
        let answered = answer.rows >= MIN_ROWS && (mean_of.is_none() || answer.mean.is_some());
        (answered && !query.conditions.is_empty()).then_some((query, answer))
    })
}

/// A condition that a random real row meets.
fn condition(column: &Column, rows: usize, stream: &mut Stream) -> Option<Condition> {
    let mut value = || Some(column.real.values[stream.below(rows)]).filter(|value| !value.is_nan());
    let first = value()?;
    if column.kind.is_categorical() {
        return Some(Condition::Is(first));
    }
    let second = value()?;
    Some(Condition::Between(first.min(second), first.max(second)))
}

impl Query<'_> {
    fn answer(&self, of: Of, rows: usize) -> Answer {
        let meets =
            |row: &usize| self.conditions.iter().all(|(column, is)| is.holds(of(column).values[*row]));
        let found: Vec<usize> = (0..rows).filter(meets).collect();
        let mean = self.mean_of.and_then(|column| {
            let values: Vec<f64> =
                found.iter().map(|row| of(column).values[*row]).filter(|value| !value.is_nan()).collect();
            let mean = super::shape::mean(&values).value?;
            Some((mean, super::shape::deviation(&values).value.unwrap_or(0.0)))
        });
        Answer { rows: found.len(), mean }
    }

    /// How far an answer is from the real one, as a share of it. Counts are compared as shares of their
    /// tables. A mean is measured by its own size or by the spread of what it is of, whichever is more,
    /// so that one about 0 is not all error. No answer is an error of 1.
    fn error(&self, truth: &Answer, answer: &Answer, real: usize, rows: usize) -> f64 {
        if self.mean_of.is_some() {
            let (Some((truth, spread)), Some((mean, _))) = (truth.mean, answer.mean) else { return 1.0 };
            let size = truth.abs().max(spread);
            return if mean == truth { 0.0 } else { ((mean - truth).abs() / size).min(f64::MAX) };
        }
        let truth = truth.rows as f64 / real as f64;
        (answer.rows as f64 / rows as f64 - truth).abs() / truth
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::table::data::tests::data;

    #[test]
    fn errors_by_hand() {
        let data = data("n,c\n1,x\n2,x\n3,y\n4,y\n", "n,c\n1,x\n5,x\n2,x\n9,x\n");
        let [n, c] = &data.columns[..] else { panic!("two columns") };
        let x = vec![(c, Condition::Is(0.0))];
        let count = Query { conditions: x.clone(), mean_of: None };
        let ask = |query: &Query| {
            let truth = query.answer(|column| &column.real, 4);
            query.error(&truth, &query.answer(|column| &column.synth, 4), 4, 4)
        };
        // 2 of 4 against 4 of 4.
        assert_eq!(ask(&count), 1.0);
        // 1.5 against 4.25.
        assert!((ask(&Query { conditions: x, mean_of: Some(n) }) - 2.75 / 1.5).abs() < 1e-12);
        let y = vec![(n, Condition::Between(3.0, 4.0))];
        assert_eq!(ask(&Query { conditions: y, mean_of: Some(n) }), 1.0, "no row of SYNTH answers");
    }

    #[test]
    fn a_table_answers_itself_without_error() {
        let text = format!("n,c\n{}", "1,x\n2,y\n3,x\n,y\n".repeat(20));
        let found = queries(&data(&text, &text));
        assert_eq!(
            (found.asked, found.median_error.value, found.p90_error.value),
            (100, Some(0.0), Some(0.0))
        );
        assert!(found.holdout_error.reason.is_some());
        assert_eq!(queries(&data("n\n1\n2\n", "n\n1\n")).asked, 0, "too few rows");
    }
}
