//! The rows of the table of metrics, family by family.

use super::named::NAMED;
use super::scores::{RANKING, TEXT};
use super::{Direction, Gating, Metric, Scope, Unit};

pub(super) const METRICS: &[Metric] = &[
    PASS_RATE,
    MACRO_PASS_RATE,
    ERROR_RATE,
    TIMEOUT_RATE,
    PASS_HAT_K,
    PASS_AT_K,
    ACCURACY,
    BALANCED_ACCURACY,
    MACRO_PRECISION,
    MACRO_RECALL,
    MACRO_F1,
    MICRO_PRECISION,
    MICRO_RECALL,
    MICRO_F1,
    WEIGHTED_PRECISION,
    WEIGHTED_RECALL,
    WEIGHTED_F1,
    MCC,
    KAPPA,
    PRECISION,
    RECALL,
    F1,
    TNR,
    MAE,
    RMSE,
    R2,
    TEXT[0],
    TEXT[1],
    TEXT[2],
    TEXT[3],
    TEXT[4],
    RANKING[0],
    RANKING[1],
    RANKING[2],
    RANKING[3],
    RANKING[4],
    RANKING[5],
    RANKING[6],
    RANKING[7],
    RANKING[8],
    RANKING[9],
    RANKING[10],
    RANKING[11],
    RANKING[12],
    RANKING[13],
    RANKING[14],
    RANKING[15],
    RANKING[16],
    RANKING[17],
    RANKING[18],
    INVARIANCE_RATE,
    ROBUSTNESS_GAP,
    WORST_OF_K,
    VARIANT_BREAKS,
    VARIANT_FIXES,
    NET_FRAGILITY,
    STATED_CHANGE_ACCURACY,
    NAMED[0],
    NAMED[1],
    NAMED[2],
    NAMED[3],
    NAMED[4],
    NAMED[5],
    NAMED[6],
    NAMED[7],
    NAMED[8],
    NAMED[9],
    NAMED[10],
    KNOB_COVERAGE,
    TURNS_TO_SUCCESS,
    LATENCY_RATIO,
    LATENCY_P50,
    LATENCY_P95,
    LATENCY_P99,
    FIRST_TOKEN_P50,
    FIRST_TOKEN_P95,
    INPUT_TOKENS,
    OUTPUT_TOKENS,
    TOTAL_TOKENS,
    COST_TOTAL,
    COST_MEAN,
];

// Shares of cases.

const RATE: Metric = Metric {
    name: "",
    direction: Direction::Lower,
    unit: Unit::Share,
    range: (0.0, 1.0),
    what: "",
    gates: Gating::Cases,
    scope: Scope::Scenario,
    needs_labels: false,
};

pub(crate) const PASS_RATE: Metric = Metric {
    name: "pass_rate",
    direction: Direction::Higher,
    what: "share of the graded cases that pass; a target error fails unless the suite excludes it",
    scope: Scope::Tag,
    ..RATE
};
pub(crate) const MACRO_PASS_RATE: Metric = Metric {
    name: "macro_pass_rate",
    direction: Direction::Higher,
    what: "mean of the scenarios' pass rates, each scenario counting alike",
    gates: Gating::Floor,
    scope: Scope::Suite,
    ..RATE
};
pub(crate) const ERROR_RATE: Metric =
    Metric { name: "error_rate", what: "share of the cases asked that end in a target error", ..RATE };
pub(crate) const TIMEOUT_RATE: Metric = Metric {
    name: "timeout_rate",
    what: "share of the cases asked whose answer did not come in time",
    gates: Gating::Floor,
    ..RATE
};

// Repeats.

pub(crate) const PASS_HAT_K: Metric = Metric {
    name: "pass_hat_k",
    direction: Direction::Higher,
    what: "share of the repeated cases that are expected to pass k times of k",
    gates: Gating::Floor,
    ..RATE
};
pub(crate) const PASS_AT_K: Metric = Metric {
    name: "pass_at_k",
    what: "share of the repeated cases that are expected to pass at least once in k times",
    ..PASS_HAT_K
};

// Labels.

const LABELS: Metric =
    Metric { direction: Direction::Higher, gates: Gating::Counts, needs_labels: true, ..RATE };

const fn share(name: &'static str, what: &'static str) -> Metric {
    Metric { name, what, ..LABELS }
}

const fn coefficient(name: &'static str, what: &'static str) -> Metric {
    Metric { name, what, unit: Unit::Coefficient, ..LABELS }
}

const fn correlation(name: &'static str, what: &'static str) -> Metric {
    Metric { range: (-1.0, 1.0), gates: Gating::Floor, ..coefficient(name, what) }
}

const fn per_label(metric: Metric) -> Metric {
    Metric { scope: Scope::Label, ..metric }
}

pub(crate) const ACCURACY: Metric =
    Metric { gates: Gating::Cases, ..share("accuracy", "share of the cases that got the label expected") };
pub(crate) const BALANCED_ACCURACY: Metric =
    share("balanced_accuracy", "mean recall over the labels that are expected");
pub(crate) const MACRO_PRECISION: Metric =
    share("macro_precision", "mean precision over the labels that occur");
pub(crate) const MACRO_RECALL: Metric = share("macro_recall", "mean recall over the labels that occur");
pub(crate) const MACRO_F1: Metric = coefficient("macro_f1", "mean F1 over the labels that occur");
pub(crate) const MICRO_PRECISION: Metric =
    share("micro_precision", "share of the answers with a label that are right");
pub(crate) const MICRO_RECALL: Metric =
    share("micro_recall", "recall of all labels together; the same as accuracy");
pub(crate) const MICRO_F1: Metric = coefficient("micro_f1", "F1 of all labels together");
pub(crate) const WEIGHTED_PRECISION: Metric =
    share("weighted_precision", "precision by label, weighted by the cases that expect it");
pub(crate) const WEIGHTED_RECALL: Metric =
    share("weighted_recall", "recall by label, weighted by the cases that expect it");
pub(crate) const WEIGHTED_F1: Metric =
    coefficient("weighted_f1", "F1 by label, weighted by the cases that expect it");
pub(crate) const MCC: Metric = correlation("mcc", "Matthews' correlation of labels expected and answered");
pub(crate) const KAPPA: Metric = correlation("kappa", "Cohen's kappa of labels expected and answered");
pub(crate) const PRECISION: Metric =
    per_label(share("precision", "share of the answers with this label that are right"));
pub(crate) const RECALL: Metric =
    per_label(share("recall", "share of the cases expecting this label that got it (true positive rate)"));
pub(crate) const F1: Metric =
    per_label(coefficient("f1", "harmonic mean of precision and recall of this label"));
pub(crate) const TNR: Metric = per_label(share(
    "tnr",
    "share of the cases expecting another label that did not get this one (true negative rate)",
));

// Numbers.

const DISTANCE: Metric =
    Metric { unit: Unit::Number, range: (0.0, f64::MAX), gates: Gating::Distances, ..RATE };

pub(crate) const MAE: Metric = Metric {
    name: "mae",
    what: "mean absolute error: mean distance of the number answered from the number expected",
    ..DISTANCE
};
pub(crate) const RMSE: Metric = Metric {
    name: "rmse",
    what: "root mean squared error: like `mae`, with large errors weighing more",
    ..DISTANCE
};
pub(crate) const R2: Metric = Metric {
    name: "r2",
    direction: Direction::Higher,
    unit: Unit::Coefficient,
    range: (f64::MIN, 1.0),
    what: "share of the variance of the numbers expected that the answers explain; \
           0 is as good as always answering the mean",
    ..DISTANCE
};

// Answers beside references.

pub(super) const SCORE: Metric =
    Metric { direction: Direction::Higher, unit: Unit::Coefficient, gates: Gating::Scores, ..RATE };

// Variants beside their seeds.

const ROBUSTNESS: Metric =
    Metric { direction: Direction::Higher, gates: Gating::Families, scope: Scope::Operators, ..RATE };

pub(crate) const INVARIANCE_RATE: Metric = Metric {
    name: "invariance_rate",
    what: "share of the variants that promise the same and pass, of those whose seed passes",
    ..ROBUSTNESS
};
pub(crate) const ROBUSTNESS_GAP: Metric = Metric {
    name: "robustness_gap",
    direction: Direction::Lower,
    unit: Unit::Coefficient,
    range: (-1.0, 1.0),
    what: "pass rate of the seeds less that of their variants that promise the same, each seed counting alike",
    ..ROBUSTNESS
};
pub(crate) const WORST_OF_K: Metric = Metric {
    name: "worst_of_k",
    what: "share of the seeds that pass together with all their variants that promise the same",
    ..ROBUSTNESS
};
pub(crate) const VARIANT_BREAKS: Metric = Metric {
    name: "variant_breaks",
    direction: Direction::Lower,
    what: "share of the variants that promise the same and fail though their seed passes",
    gates: Gating::Floor,
    ..ROBUSTNESS
};
pub(crate) const VARIANT_FIXES: Metric = Metric {
    name: "variant_fixes",
    direction: Direction::Neither,
    what: "share of the variants that promise the same and pass though their seed fails",
    gates: Gating::Shown,
    ..ROBUSTNESS
};
pub(crate) const NET_FRAGILITY: Metric = Metric {
    name: "net_fragility",
    direction: Direction::Lower,
    unit: Unit::Coefficient,
    range: (-1.0, 1.0),
    what: "share of variants that come out otherwise than their seed, less the share of plain repeats of a seed that do",
    gates: Gating::Floor,
    ..ROBUSTNESS
};
pub(crate) const STATED_CHANGE_ACCURACY: Metric = Metric {
    name: "stated_change_accuracy",
    what: "share of the variants whose meaning was changed that pass by what the suite states of them",
    gates: Gating::Cases,
    ..ROBUSTNESS
};
pub(crate) const KNOB_COVERAGE: Metric = Metric {
    name: "knob_coverage",
    what: "share of the combinations of knob values that a template is to cover and that were asked",
    gates: Gating::Floor,
    scope: Scope::Scenario,
    ..ROBUSTNESS
};

// Entries of `expect` that say what they measure.

pub(super) const NAMED_SHARE: Metric =
    Metric { direction: Direction::Higher, gates: Gating::Entries, ..RATE };

// Conversations.

pub(crate) const TURNS_TO_SUCCESS: Metric = Metric {
    name: "turns_to_success",
    unit: Unit::Count,
    range: (0.0, f64::MAX),
    what: "mean turns until a conversation succeeds; one that fails counts the most its script allows",
    gates: Gating::Floor,
    ..RATE
};

// What answering takes.

const LATENCY: Metric =
    Metric { unit: Unit::Milliseconds, range: (0.0, f64::MAX), gates: Gating::Floor, ..RATE };

pub(crate) const LATENCY_RATIO: Metric = Metric {
    name: "latency_ratio",
    what: "geometric mean over cases of the time of all its requests, as a ratio to the time accepted with \
           the baseline on an equal host; answers from a cache have no time",
    unit: Unit::Ratio,
    gates: Gating::Times,
    ..LATENCY
};
pub(crate) const LATENCY_P50: Metric =
    Metric { name: "latency_p50", what: "median time of a request, without our queue", ..LATENCY };
pub(crate) const LATENCY_P95: Metric =
    Metric { name: "latency_p95", what: "time that 95 % of the requests take at most", ..LATENCY };
pub(crate) const LATENCY_P99: Metric =
    Metric { name: "latency_p99", what: "time that 99 % of the requests take at most", ..LATENCY };
pub(crate) const FIRST_TOKEN_P50: Metric =
    Metric { name: "first_token_p50", what: "median time to the first token of a stream", ..LATENCY };
pub(crate) const FIRST_TOKEN_P95: Metric =
    Metric { name: "first_token_p95", what: "time in which 95 % of the streams begin", ..LATENCY };

const TOKENS: Metric =
    Metric { direction: Direction::Neither, unit: Unit::Count, gates: Gating::Shown, ..LATENCY };

pub(crate) const INPUT_TOKENS: Metric =
    Metric { name: "input_tokens", what: "tokens read, all cases together", ..TOKENS };
pub(crate) const OUTPUT_TOKENS: Metric =
    Metric { name: "output_tokens", what: "tokens written, all cases together", ..TOKENS };
pub(crate) const TOTAL_TOKENS: Metric =
    Metric { name: "total_tokens", what: "tokens read and written, all cases together", ..TOKENS };

const COST: Metric = Metric { unit: Unit::Money, ..LATENCY };

pub(crate) const COST_TOTAL: Metric =
    Metric { name: "cost_total", what: "cost of all cases together", ..COST };
pub(crate) const COST_MEAN: Metric = Metric { name: "cost_mean", what: "mean cost of a case", ..COST };
