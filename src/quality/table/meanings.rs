//! What each figure of the report means, in a sentence.

use std::collections::BTreeMap;

/// By the figure's name in the JSON.
const MEANINGS: &[(&str, &str)] = &[
    (
        "advantage",
        "How much more of the real rows than of the holdout a guess by distance catches, at its best distance. 0: nothing; 1: it tells them all apart. Chance alone gives a little.",
    ),
    (
        "auc",
        "How often a real row is closer to the synthetic table than a row of the holdout is. 0.5: the synthetic table gives no hint who was in the real one; 1: it gives everyone away.",
    ),
    (
        "auc_by_chance",
        "With no leak at all, the AUC of tables of this size stays below this in 95 of 100 cases.",
    ),
    (
        "autocorrelation",
        "How a column goes with itself some rows later, at lags 1 to 10. Similarity: one minus half the mean difference.",
    ),
    (
        "closer_to_real",
        "Of the synthetic rows, the share that is closer to a real row than to a row of the holdout, among as many of each. 0.5: no closer to what they were made from than to strangers; near 1: they copy.",
    ),
    (
        "column_shapes",
        "Mean over the columns of how alike the two distributions are. 1: equal; 0: nothing in common.",
    ),
    (
        "contingency_similarity",
        "How alike two columns go together: one minus half the summed differences of shares over all pairs of values; numbers are cut into ten bins. 1: equal.",
    ),
    (
        "correlation_similarity",
        "One minus half the difference of the two tables' correlations. 1: equal; 0: opposite.",
    ),
    (
        "coverage",
        "Share of the real range, or of the real values, that the synthetic column reaches. Less than 1: it leaves something out.",
    ),
    (
        "distance",
        "From a row to the closest real row: the mean over the columns of the difference as a share of the column's range, or 0 or 1 for categories. 0: equal; 1: different in every column.",
    ),
    (
        "exact",
        "Synthetic rows that equal a real row in every column but identifiers. Some are expected where the columns take few values: compare with the real table's own repeats and with the holdout.",
    ),
    ("histogram_similarity", "The overlap of two histograms over 20 bins of the real range. 1: equal."),
    (
        "holdout_error",
        "The median error where the holdout answers in place of the synthetic table: what other real rows would give.",
    ),
    (
        "importance_agreement",
        "Whether both models put the columns in the same order of importance (Spearman's rank correlation). 1: the same order; −1: the reverse.",
    ),
    (
        "kept",
        "Of what training on real rows gains over the guess, the share that training on synthetic rows keeps. 1: all of it; 0: no better than the guess; below 0: worse.",
    ),
    (
        "ks_complement",
        "How alike two distributions of numbers are: one minus the largest gap between their cumulative shares (Kolmogorov and Smirnov). 1: equal.",
    ),
    ("missing", "Share of rows without a value."),
    (
        "mutual_information",
        "How much one column tells of the other, from 0 (nothing) to 1 (everything). Similarity: one minus the difference.",
    ),
    (
        "near",
        "Synthetic rows with the categories of a real row and every number within a hundredth of its column's range, exact matches among them. Compare with the real table's own and with the holdout.",
    ),
    (
        "new_combinations",
        "Share of rows whose categories are all known, but never occur together in the real table. Some are expected of any new rows: compare with the holdout.",
    ),
    ("pair_trends", "Mean over the pairs of columns of how alike they go together. 1: equal."),
    (
        "query_errors",
        "100 random counts and means (\"how many rows have colour red and a price from 3 to 7\"): how far the synthetic table's answer is from the real one, as a share of it. 0: no error.",
    ),
    (
        "rows_with_new_values",
        "Share of synthetic rows with a value, a range or a gap that the real table does not have.",
    ),
    (
        "scores",
        "R²: the share of the target's variance that is predicted, 1 at best. MAE, RMSE: mean error in the target's unit. Accuracy: share of right answers. Macro F1: mean over the classes, rare ones counting as much.",
    ),
    (
        "tv_complement",
        "How alike two distributions of categories are: one minus half the summed differences of their shares (total variation). 1: equal.",
    ),
];

/// All of them.
pub(super) fn meanings() -> BTreeMap<&'static str, &'static str> {
    MEANINGS.iter().copied().collect()
}
