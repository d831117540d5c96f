//! The report as data: what `--json` prints, and what the page is made from.

use super::figure::Figure;
use super::kind::Kind;
use serde::Serialize;
use std::collections::BTreeMap;

/// Format of the JSON; raised with any change that a reader could stumble over.
pub const FORMAT: u32 = 1;

/// A synthetic table measured against a real one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`FORMAT`].
    pub format: u32,
    /// The four questions, answered in words.
    pub answers: Vec<Answer>,
    /// What a reader must know to read the figures rightly.
    pub notes: Vec<String>,
    /// The real table.
    pub real: Input,
    /// The synthetic table.
    pub synth: Input,
    /// Real rows that the synthetic table was not made from.
    pub holdout: Option<Input>,
    /// Where the headers differ.
    pub headers: Headers,
    /// How close.
    pub fidelity: Fidelity,
    /// How useful.
    pub utility: Utility,
    /// What leaked.
    pub privacy: Privacy,
    /// What was never in the source.
    pub novelty: Novelty,
    /// What each figure means, by its name.
    pub meanings: BTreeMap<&'static str, &'static str>,
}

/// One of the four questions with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The question.
    pub question: &'static str,
    /// The answer, a sentence or two an entry.
    pub answer: Vec<String>,
}

/// A table that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Input {
    /// The file.
    pub file: String,
    /// Its rows, without the header.
    pub rows: usize,
    /// Its columns.
    pub columns: usize,
}

/// Columns that are not in every table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Headers {
    /// In the real table alone.
    pub only_in_real: Vec<String>,
    /// In the synthetic table alone.
    pub only_in_synth: Vec<String>,
    /// In both, but not in the holdout.
    pub not_in_holdout: Vec<String>,
}

/// A figure of the real table, of the synthetic one, and how alike they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Compared {
    /// In the real table.
    pub real: Figure,
    /// In the synthetic table.
    pub synth: Figure,
    /// From 0 to 1; 1 means equal.
    pub similarity: Figure,
}

/// How close the synthetic table is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fidelity {
    /// Mean over the columns of `ks_complement` or `tv_complement`.
    pub column_shapes: Figure,
    /// Mean over the pairs of Pearson's similarity, or of `contingency_similarity` where a column of
    /// the pair is of categories.
    pub pair_trends: Figure,
    /// Column by column.
    pub columns: Vec<ColumnFigures>,
    /// Pair by pair.
    pub pairs: Vec<PairFigures>,
    /// Pairs beyond the limit on work, which were not compared.
    pub pairs_left_out: usize,
    /// Row after row, where the rows have an order.
    pub series: Series,
}

/// A column of both tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ColumnFigures {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// The column in the real table.
    pub real: Summary,
    /// The column in the synthetic table.
    pub synth: Summary,
    /// For numbers, dates and times.
    pub ks_complement: Figure,
    /// For booleans and categories.
    pub tv_complement: Figure,
    /// For numbers, dates and times.
    pub histogram_similarity: Figure,
    /// Share of the real range or of the real values that the synthetic column reaches.
    pub coverage: Figure,
}

impl ColumnFigures {
    /// The one figure of the column's shape: `ks_complement` or `tv_complement`.
    pub fn shape(&self) -> &Figure {
        if self.kind.is_numeric() { &self.ks_complement } else { &self.tv_complement }
    }
}

/// A column of one table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Share of rows without a value.
    pub missing: Figure,
    /// Different values.
    pub distinct: usize,
    /// Mean.
    pub mean: Figure,
    /// Median.
    pub median: Figure,
    /// Standard deviation.
    pub spread: Figure,
    /// Lowest value.
    pub lowest: Figure,
    /// Highest value.
    pub highest: Figure,
}

/// Two columns of both tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PairFigures {
    /// Their names.
    pub columns: [String; 2],
    /// Pearson's correlation, of two columns with an order.
    pub pearson: Compared,
    /// Spearman's, likewise.
    pub spearman: Compared,
    /// Of any two columns; numbers are cut into ten bins.
    pub contingency_similarity: Figure,
    /// Normalised mutual information, likewise.
    pub mutual_information: Compared,
}

/// How rows follow on one another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// The column that orders the rows.
    pub ordered_by: Option<String>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The columns of numbers, in that order.
    pub columns: Vec<SeriesFigures>,
}

/// A column as a series.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesFigures {
    /// Its name.
    pub name: String,
    /// Autocorrelations of the real table at lags 1, 2, ….
    pub real: Vec<f64>,
    /// Those of the synthetic table.
    pub synth: Vec<f64>,
    /// One minus half their mean absolute difference.
    pub similarity: Figure,
}

/// How useful the synthetic table is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Utility {
    /// What training on it is worth.
    pub training: Training,
    /// What questions to it are worth.
    pub queries: Queries,
}

/// Models trained on synthetic rows against models trained on real ones, tested on the same real rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Training {
    /// The column that is predicted.
    pub target: Option<String>,
    /// `regression` or `classification`, by the target's kind.
    pub task: Option<&'static str>,
    /// Why nothing was trained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where the rows of the test come from.
    pub tested_on: String,
    /// Real rows that were trained on.
    pub real_rows: usize,
    /// Synthetic rows that were trained on.
    pub synth_rows: usize,
    /// Rows of the test.
    pub test_rows: usize,
    /// A guess that knows the target alone: its mean, or its most frequent value, in the real rows.
    pub guess: Scores,
    /// The models.
    pub models: Vec<ModelFigures>,
}

/// One model, trained twice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelFigures {
    /// `linear` or `tree`.
    pub model: &'static str,
    /// Trained on real rows.
    pub trained_on_real: Scores,
    /// Trained on synthetic rows.
    pub trained_on_synth: Scores,
    /// Share of what training on real rows gains over the guess that training on synthetic rows keeps.
    pub kept: Figure,
    /// Rank agreement (Spearman) of the columns' importance in the two models.
    pub importance_agreement: Figure,
    /// The columns by importance in the model of real rows, as shares.
    pub importance_real: Vec<Importance>,
    /// The same in the model of synthetic rows.
    pub importance_synth: Vec<Importance>,
}

/// What a column contributes to a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Importance {
    /// The column.
    pub column: String,
    /// Its share, of 1 over all columns.
    pub share: f64,
}

/// How well a model predicts the rows of the test.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scores {
    /// R², of regression.
    pub r2: Figure,
    /// Mean absolute error, of regression.
    pub mae: Figure,
    /// Root of the mean squared error, of regression.
    pub rmse: Figure,
    /// Share of right answers, of classification.
    pub accuracy: Figure,
    /// Mean F1 over the classes, of classification.
    pub macro_f1: Figure,
}

/// Random counts and means asked of both tables.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queries {
    /// How many were asked.
    pub asked: usize,
    /// Median relative error over all of them.
    pub median_error: Figure,
    /// The error that nine of ten stay within.
    pub p90_error: Figure,
    /// Median over the counts.
    pub count_error: Figure,
    /// Median over the means.
    pub mean_error: Figure,
    /// Median where the holdout answers them in place of the synthetic table.
    pub holdout_error: Figure,
}

/// What leaked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Privacy {
    /// Columns that matches and distances are over.
    pub columns: Vec<String>,
    /// Columns that are not, as identifiers or without values.
    pub left_out: Vec<String>,
    /// Rows that are equal to a real row.
    pub exact: Matches,
    /// Rows that are equal to a real row, or nearly so.
    pub near: Matches,
    /// Distances to the closest real row.
    pub distance: Distances,
    /// Columns in which the holdout differs from the real table by more than chance explains. Where there
    /// are any, figures with the holdout may tell that difference in place of a leak.
    pub holdout_unlike: Vec<String>,
    /// Of the synthetic rows, the share closer to a real row than to a row of the holdout.
    pub closer_to_real: Figure,
    /// What a stranger with the synthetic table could tell of who was in the real one.
    pub membership: Membership,
    /// Values of identifiers that come back.
    pub identifiers: Vec<Repeated>,
}

/// Synthetic rows that match a real one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Matches {
    /// Synthetic rows looked up.
    pub of: usize,
    /// How many of them match.
    pub rows: usize,
    /// Their share.
    pub share: Figure,
    /// Share of real rows that match another real row: what the data's own repeats give.
    pub real_share: Figure,
    /// Share of holdout rows that match a real row: what chance gives.
    pub holdout_share: Figure,
    /// Places in the synthetic table, from 1 without the header, of the first that match.
    pub examples: Vec<usize>,
}

/// Distances from rows to the closest real row, from 0 (equal) to 1 (different in every column).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Distances {
    /// Median over the synthetic rows.
    pub median: Figure,
    /// The distance that one of twenty synthetic rows stays within.
    pub p5: Figure,
    /// Median over the real rows, each to the closest other one.
    pub real_median: Figure,
    /// Median over the rows of the holdout.
    pub holdout_median: Figure,
}

/// A guess whether a row was in the real table, by its distance to the closest synthetic row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Membership {
    /// Probability that a real row is closer than one of the holdout; 0.5 is a coin.
    pub auc: Figure,
    /// The AUC that chance alone stays below in 95 of 100 tables like these.
    pub auc_by_chance: Figure,
    /// Largest difference of the shares of real and holdout rows within any one distance.
    pub advantage: Figure,
}

/// An identifier's values in the synthetic table that the real one has.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeated {
    /// The column.
    pub column: String,
    /// Synthetic rows whose value is one of the real table's.
    pub rows: usize,
    /// Their share of the rows with a value.
    pub share: Figure,
}

/// What was never in the source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Novelty {
    /// Share of synthetic rows with a value, a range or a gap that the real table does not have.
    pub rows_with_new_values: Figure,
    /// The columns where there are such.
    pub columns: Vec<NewInColumn>,
    /// Pairs of known categories that never occur together in the real table, the most frequent first.
    pub pairs: Vec<NewPair>,
    /// Pairs of columns beyond the limit on work, which were not looked through.
    pub pairs_left_out: usize,
    /// Share of synthetic rows whose categories, all known, never occur together in the real table.
    pub new_combinations: Figure,
    /// The same of the rows of the holdout: what chance gives.
    pub holdout_new_combinations: Figure,
}

/// What a column of the synthetic table has and the real one does not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NewInColumn {
    /// The column.
    pub column: String,
    /// What it holds.
    pub kind: Kind,
    /// Values that the real table does not have, where those of the column are one of a set.
    pub new_values: usize,
    /// Rows with one of them.
    pub new_rows: usize,
    /// The most frequent of them.
    pub examples: Vec<String>,
    /// Rows below the lowest real value.
    pub below: usize,
    /// Rows above the highest real value.
    pub above: usize,
    /// Cells that are none of the column's kind.
    pub unfit: usize,
    /// Some of them.
    pub unfit_examples: Vec<String>,
    /// Rows without a value, where the real column is never without one.
    pub missing: usize,
}

/// Two categories that never occur together in the real table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewPair {
    /// The columns.
    pub columns: [String; 2],
    /// The values.
    pub values: [String; 2],
    /// Synthetic rows with both.
    pub rows: usize,
}
